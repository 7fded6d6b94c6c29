//! Who is connected to which session right now: in memory, for this process.
//!
//! The database says who may be in a session and who has been; this says who is, what he shows, and what his
//! client has been told. All of it can be lost: after a restart the browsers come back and it fills again.

pub mod chat;
pub mod message;
pub mod outbox;
mod room;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use televisit_domain::access::Role;
use televisit_domain::ids::{SessionId, UserId};
use televisit_domain::session::SessionStatus;
use televisit_sfu::{ConnectionState, Level, MediaState};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

use self::message::{Code, EndReason, LeftReason, ServerMessage, SessionLine, VERSION, Welcome};
use self::outbox::Outbox;
pub use self::room::POLICY;
use self::room::{Room, Seat};

/// The close code after `leave` and `ended`.
pub const NORMAL: u16 = 1000;
/// The most people in one room.
pub const MOST_SEATS: usize = 10;
/// The most connections that have not said who they are.
const MOST_STRANGERS: usize = 256;
/// A room that nobody has been in for so long is forgotten, should its session never be ended.
const FORGET_AFTER: TimeDelta = TimeDelta::hours(12);

/// How long connections are waited for.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// For the first message of a new connection.
    pub hello: Duration,
    /// For any message of a client, before its connection counts as lost.
    pub silence: Duration,
    /// For somebody to come back, before his seat is given up.
    pub grace: Duration,
    /// Between two `ping`s.
    pub ping: Duration,
}

impl Default for Timing {
    /// As `docs/signalling.md` says.
    fn default() -> Self {
        Self {
            hello: Duration::from_secs(5),
            silence: Duration::from_secs(5),
            grace: Duration::from_secs(30),
            ping: Duration::from_secs(2),
        }
    }
}

/// Who is where. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Presence {
    rooms: Arc<Mutex<Rooms>>,
    timing: Timing,
    doorstep: Arc<Semaphore>,
}

impl Default for Presence {
    fn default() -> Self {
        Self::new(Timing::default())
    }
}

#[derive(Debug, Default)]
struct Rooms {
    open: HashMap<SessionId, Room>,
    /// From a `resume` secret to its seat.
    resumes: HashMap<String, (SessionId, i64)>,
    generations: u64,
}

/// Somebody who takes a seat.
#[derive(Clone, Debug)]
pub struct Newcomer {
    /// The number of the seat.
    pub participant: i64,
    /// The account.
    pub user: UserId,
    /// Its role.
    pub role: Role,
    /// What the others see.
    pub display_name: String,
    /// Whether this is the doctor of the session, who sees those who wait.
    pub is_host: bool,
}

/// One connection's hold on a seat. It says nothing any more once another connection took the seat.
#[derive(Clone, Debug)]
pub struct Hold {
    /// The session.
    pub session: SessionId,
    /// The number of the seat.
    pub participant: i64,
    /// Cancelled when the seat is somebody else's or gone.
    pub replaced: CancellationToken,
    generation: u64,
}

/// The state of a camera as its browser tells it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words of the protocol")]
pub enum Camera {
    Ok,
    Off,
    Blocked,
    #[default]
    Unknown,
}

/// The state of a microphone as its browser tells it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words of the protocol")]
pub enum Microphone {
    Ok,
    Off,
    Silent,
    Blocked,
    #[default]
    Unknown,
}

/// The state of a network as its browser tells it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words of the protocol")]
pub enum Network {
    Good,
    Fair,
    Poor,
    #[default]
    Unknown,
}

/// What a person's browser tells of his devices, for the waiting room and the board.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Devices {
    /// The camera.
    pub camera: Camera,
    /// The microphone.
    pub microphone: Microphone,
    /// The network.
    pub network: Network,
}

/// Somebody who is there, for the board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Present {
    /// The account.
    pub user: UserId,
    /// Its role.
    pub role: Role,
    /// What the others see.
    pub display_name: String,
    /// Since when he is there.
    pub since: DateTime<Utc>,
    /// Whether he was admitted, or waits.
    pub in_call: bool,
    /// What his browser tells of his devices.
    pub devices: Devices,
}

/// The room has [`MOST_SEATS`] people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("ten people are in this room")]
pub struct Full;

/// A chat message was not delivered: its sender waits, or is no longer there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("chat begins when the visit does")]
pub struct NotAdmitted;

impl Presence {
    /// With other waits than the protocol's.
    pub fn new(timing: Timing) -> Self {
        Self {
            rooms: Arc::default(),
            timing,
            doorstep: Arc::new(Semaphore::new(MOST_STRANGERS)),
        }
    }

    /// Holds a place for a connection that has not said who it is; none when too many have not.
    pub fn doorstep(&self) -> Option<OwnedSemaphorePermit> {
        self.doorstep.clone().try_acquire_owned().ok()
    }

    /// How long connections are waited for.
    pub fn timing(&self) -> Timing {
        self.timing
    }

    /// Takes a seat, or takes it over from an older connection of the same person. Nothing is sent to `outbox` before
    /// [`Presence::welcome`].
    pub fn enter(
        &self,
        session: SessionId,
        newcomer: Newcomer,
        outbox: Outbox,
        now: DateTime<Utc>,
    ) -> Result<Hold, Full> {
        let mut rooms = self.lock();
        rooms.forget_old(now);
        let participant = newcomer.participant;
        let room = rooms.open.entry(session).or_default();
        if !room.seats.contains_key(&participant) && room.seats.len() >= MOST_SEATS {
            return Err(Full);
        }
        rooms.generations += 1;
        let generation = rooms.generations;
        if let Some(old) = rooms.secret_of(session, participant) {
            rooms.resumes.remove(&old);
        }
        let resume = secret();
        rooms.resumes.insert(resume.clone(), (session, participant));
        let room = rooms.open.entry(session).or_default();
        let replaced = room.seat(newcomer, outbox, resume, generation, now);
        room.tell(LeftReason::Lost);
        Ok(Hold {
            session,
            participant,
            replaced,
            generation,
        })
    }

    /// Whose seat a `resume` secret opens.
    pub fn resume(&self, secret: &str) -> Option<(SessionId, UserId)> {
        let rooms = self.lock();
        let (session, participant) = rooms.resumes.get(secret).filter(|_| !secret.is_empty())?;
        let seat = rooms.open.get(session)?.seats.get(participant)?;
        Some((*session, seat.user))
    }

    /// Tells a client that it is in, and from now on what changes.
    pub fn welcome(
        &self,
        hold: &Hold,
        status: SessionStatus,
        connection: Option<String>,
        ping_interval_ms: u64,
    ) {
        self.with(hold, |room, id| {
            room.welcome(id, |seat, participants, chat| {
                ServerMessage::Welcome(Box::new(Welcome {
                    version: VERSION,
                    participant: id,
                    resume: seat.resume.clone(),
                    state: seat.admission(),
                    session: SessionLine {
                        id: hold.session,
                        status,
                    },
                    participants,
                    chat: if seat.admitted {
                        chat.lines().cloned().collect()
                    } else {
                        Vec::new()
                    },
                    connection,
                    ping_interval_ms,
                    ice_servers: [],
                }))
            });
        });
    }

    /// Lets somebody into the call and tells him and the others. True when he waited until now.
    pub fn admit(&self, hold: &Hold) -> bool {
        self.with(hold, |room, id| {
            let Some(seat) = room.seats.get_mut(&id).filter(|seat| !seat.admitted) else {
                return false;
            };
            seat.admitted = true;
            if seat.is_welcomed() {
                seat.send(&ServerMessage::Admitted);
                for line in room.chat.lines() {
                    seat.send(&ServerMessage::Chat(line.clone()));
                }
            }
            room.tell(LeftReason::Left);
            true
        })
        .unwrap_or(false)
    }

    /// Whether this connection's person is in the call.
    pub fn is_admitted(&self, hold: &Hold) -> bool {
        self.seat(hold, |seat| seat.admitted).unwrap_or(false)
    }

    /// Takes the state of somebody's media path.
    pub fn path(&self, hold: &Hold, path: ConnectionState) {
        self.alter(hold, |seat| seat.path = path);
    }

    /// Takes what somebody says he sends.
    pub fn media(&self, hold: &Hold, media: MediaState) {
        self.alter(hold, |seat| seat.media = media);
    }

    /// Takes what somebody's browser tells of his devices. True when that is new.
    pub fn devices(&self, hold: &Hold, devices: Devices) -> bool {
        self.with(hold, |room, id| {
            let Some(seat) = room.seats.get_mut(&id) else {
                return false;
            };
            let new = seat.devices != devices;
            seat.devices = devices;
            new
        })
        .unwrap_or(false)
    }

    /// Tells everybody of the quality of somebody's connection. True when it changed.
    pub fn quality(&self, hold: &Hold, level: Level) -> bool {
        self.with(hold, |room, id| {
            let Some(seat) = room.seats.get_mut(&id) else {
                return false;
            };
            if seat.level == Some(level) {
                return false;
            }
            seat.level = Some(level);
            room.send_about(
                id,
                &ServerMessage::Quality {
                    participant: id,
                    level,
                },
            );
            true
        })
        .unwrap_or(false)
    }

    /// Hands a chat message to everybody in the call.
    pub fn say(&self, hold: &Hold, text: String, now: DateTime<Utc>) -> Result<(), NotAdmitted> {
        self.with(hold, |room, id| {
            if !room.seats.get(&id).is_some_and(|seat| seat.admitted) {
                return Err(NotAdmitted);
            }
            let line = room.chat.add(id, text, now);
            room.send_admitted(&ServerMessage::Chat(line));
            Ok(())
        })
        .unwrap_or(Err(NotAdmitted))
    }

    /// Notes that somebody's WebSocket is gone. His seat stays for a while.
    pub fn line_lost(&self, hold: &Hold) {
        self.alter(hold, |seat| seat.line = false);
    }

    /// Gives a seat up. False when it was no longer this connection's.
    pub fn leave(&self, hold: &Hold, reason: LeftReason, now: DateTime<Utc>) -> bool {
        let mut rooms = self.lock();
        if rooms.held(hold).is_none() {
            return false;
        }
        rooms.vacate(hold.session, hold.participant, reason, now);
        true
    }

    /// Closes the room of a session that is over: everybody is told, and its chat is forgotten. A session without a
    /// room is no error.
    pub fn close(&self, session: SessionId, reason: EndReason) {
        let mut rooms = self.lock();
        let Some(room) = rooms.open.remove(&session) else {
            return;
        };
        for seat in room.seats.values() {
            rooms.resumes.remove(&seat.resume);
            seat.dismiss(&ServerMessage::Ended { reason }, NORMAL);
        }
    }

    /// Takes somebody out who may no longer be there. False when he is not.
    pub fn remove(&self, hold: &Hold, code: Code, detail: &str, now: DateTime<Utc>) -> bool {
        let mut rooms = self.lock();
        let Some(seat) = rooms.held(hold) else {
            return false;
        };
        seat.dismiss(&ServerMessage::fatal(code, detail), POLICY);
        rooms.vacate(hold.session, hold.participant, LeftReason::Removed, now);
        true
    }

    /// Who is there, in the order of their seats.
    pub fn of(&self, session: SessionId) -> Vec<Present> {
        let rooms = self.lock();
        let Some(room) = rooms.open.get(&session) else {
            return Vec::new();
        };
        room.seats
            .values()
            .map(|seat| Present {
                user: seat.user,
                role: seat.role,
                display_name: seat.display_name.clone(),
                since: seat.since,
                in_call: seat.admitted,
                devices: seat.devices,
            })
            .collect()
    }

    /// How many people are connected, in all sessions.
    pub fn count(&self) -> usize {
        self.lock().open.values().map(|room| room.seats.len()).sum()
    }

    fn lock(&self) -> MutexGuard<'_, Rooms> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with<T>(&self, hold: &Hold, act: impl FnOnce(&mut Room, i64) -> T) -> Option<T> {
        let mut rooms = self.lock();
        rooms.held(hold)?;
        let room = rooms.open.get_mut(&hold.session)?;
        Some(act(room, hold.participant))
    }

    fn seat<T>(&self, hold: &Hold, read: impl FnOnce(&Seat) -> T) -> Option<T> {
        self.lock().held(hold).map(read)
    }

    fn alter(&self, hold: &Hold, change: impl FnOnce(&mut Seat)) {
        self.with(hold, |room, id| {
            if let Some(seat) = room.seats.get_mut(&id) {
                change(seat);
            }
            room.tell(LeftReason::Left);
        });
    }
}

impl Rooms {
    /// The seat, if the hold on it is the newest.
    fn held(&self, hold: &Hold) -> Option<&Seat> {
        self.open
            .get(&hold.session)?
            .seats
            .get(&hold.participant)
            .filter(|seat| seat.generation == hold.generation)
    }

    fn secret_of(&self, session: SessionId, participant: i64) -> Option<String> {
        let seat = self.open.get(&session)?.seats.get(&participant)?;
        Some(seat.resume.clone())
    }

    fn vacate(
        &mut self,
        session: SessionId,
        participant: i64,
        reason: LeftReason,
        now: DateTime<Utc>,
    ) {
        let Some(room) = self.open.get_mut(&session) else {
            return;
        };
        if let Some(seat) = room.seats.remove(&participant) {
            self.resumes.remove(&seat.resume);
            seat.replaced.cancel();
        }
        room.tell(reason);
        if room.seats.is_empty() {
            if room.chat.is_empty() {
                self.open.remove(&session);
            } else {
                room.empty_since = Some(now);
            }
        }
    }

    fn forget_old(&mut self, now: DateTime<Utc>) {
        self.open.retain(|_, room| {
            room.empty_since
                .is_none_or(|since| now - since < FORGET_AFTER)
        });
    }
}

/// 192 random bits. Without a source of randomness the secret opens nothing.
fn secret() -> String {
    let mut bytes = [0; 24];
    match aws_lc_rs::rand::fill(&mut bytes) {
        Ok(()) => URL_SAFE_NO_PAD.encode(bytes),
        Err(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc::Receiver;

    use super::outbox::Out;
    use super::*;

    const SESSION: SessionId = SessionId(12);

    fn enter(presence: &Presence, participant: i64, role: Role) -> (Hold, Receiver<Out>) {
        let (outbox, messages) = Outbox::new();
        let newcomer = Newcomer {
            participant,
            user: UserId(100 + participant),
            role,
            display_name: format!("Person {participant}"),
            is_host: role == Role::Doctor,
        };
        let hold = presence
            .enter(SESSION, newcomer, outbox, DateTime::UNIX_EPOCH)
            .unwrap();
        presence.welcome(&hold, SessionStatus::Scheduled, None, 2000);
        (hold, messages)
    }

    fn types(messages: &mut Receiver<Out>) -> Vec<String> {
        let mut found = Vec::new();
        while let Ok(out) = messages.try_recv() {
            found.push(match out {
                Out::Text(text) => {
                    let message: serde_json::Value = serde_json::from_str(&text).unwrap();
                    message["type"].as_str().unwrap().to_owned()
                }
                Out::Close(code) => code.to_string(),
            });
        }
        found
    }

    #[test]
    fn only_the_doctor_is_told_of_people_who_wait() {
        let presence = Presence::default();
        let (_, mut doctor) = enter(&presence, 1, Role::Doctor);
        let (patient, mut at_home) = enter(&presence, 2, Role::Patient);
        let (_, mut relative) = enter(&presence, 3, Role::Patient);
        presence.media(
            &patient,
            MediaState {
                audio: true,
                ..MediaState::default()
            },
        );
        assert_eq!(
            types(&mut doctor),
            ["welcome", "joined", "joined", "updated"]
        );
        assert_eq!(types(&mut at_home), ["welcome"]);
        assert_eq!(types(&mut relative), ["welcome"]);
        assert!(presence.admit(&patient));
        assert_eq!(types(&mut at_home), ["admitted"]);
        assert_eq!(types(&mut relative), Vec::<String>::new());
    }

    #[test]
    fn what_did_not_change_is_not_told_again() {
        let presence = Presence::default();
        let (_, mut doctor) = enter(&presence, 1, Role::Doctor);
        let (patient, _at_home) = enter(&presence, 2, Role::Patient);
        types(&mut doctor);
        for _ in 0..3 {
            presence.media(
                &patient,
                MediaState {
                    video: true,
                    ..MediaState::default()
                },
            );
            presence.quality(&patient, Level::Fair);
        }
        assert_eq!(types(&mut doctor), ["updated", "quality"]);
    }

    #[test]
    fn an_eleventh_person_finds_no_seat_but_a_tenth_may_come_back() {
        let presence = Presence::default();
        let mut held: Vec<_> = (0..10).map(|n| enter(&presence, n, Role::Nurse)).collect();
        let (outbox, _messages) = Outbox::new();
        let newcomer = |participant| Newcomer {
            participant,
            user: UserId(1),
            role: Role::Nurse,
            display_name: String::new(),
            is_host: false,
        };
        let now = DateTime::UNIX_EPOCH;
        assert!(
            presence
                .enter(SESSION, newcomer(10), outbox.clone(), now)
                .is_err()
        );
        assert!(presence.enter(SESSION, newcomer(9), outbox, now).is_ok());
        let (hold, messages) = &mut held[9];
        assert_eq!(types(messages), ["welcome", "error", "1008"]);
        assert!(hold.replaced.is_cancelled());
        // The older connection has no say any more.
        assert!(!presence.leave(hold, LeftReason::Left, now));
        assert_eq!(presence.count(), 10);
    }

    #[test]
    fn the_chat_of_a_session_that_nobody_ends_is_forgotten_after_a_night() {
        let presence = Presence::default();
        let (doctor, _messages) = enter(&presence, 1, Role::Doctor);
        presence.admit(&doctor);
        let start = DateTime::UNIX_EPOCH;
        presence.say(&doctor, "hello".into(), start).unwrap();
        presence.leave(&doctor, LeftReason::Left, start);
        presence.lock().forget_old(start + TimeDelta::hours(11));
        assert_eq!(presence.lock().open.len(), 1);
        presence.lock().forget_old(start + TimeDelta::hours(13));
        assert_eq!(presence.lock().open.len(), 0);
    }
}
