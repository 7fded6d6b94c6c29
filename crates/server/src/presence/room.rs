//! One session's room: who sits in it, and what each client has been told of the others.
//!
//! Every change goes through the same two steps: alter a seat, then [`Room::tell`] compares what each client should see
//! with what it was told and sends the difference. Nobody can be forgotten, and nothing is told twice.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use televisit_domain::access::Role;
use televisit_domain::ids::UserId;
use televisit_sfu::{ConnectionState, Level, MediaState};
use tokio_util::sync::CancellationToken;

use super::chat::Chat;
use super::message::{Admission, Code, Connection, LeftReason, Participant, ServerMessage};
use super::outbox::Outbox;
use super::{Devices, Newcomer};

/// The close code after a fatal error.
pub const POLICY: u16 = 1008;

#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts about a person, each changed on its own"
)]
pub(super) struct Seat {
    pub user: UserId,
    pub role: Role,
    pub display_name: String,
    /// The doctor of the session sees who waits.
    pub is_host: bool,
    pub since: DateTime<Utc>,
    pub admitted: bool,
    pub media: MediaState,
    pub path: ConnectionState,
    /// The WebSocket is there.
    pub line: bool,
    pub devices: Devices,
    pub level: Option<Level>,
    pub resume: String,
    pub generation: u64,
    pub replaced: CancellationToken,
    outbox: Outbox,
    /// Nothing is sent before `welcome`.
    welcomed: bool,
    /// The others learn of a person when he is welcomed, not when his seat is made; a person who comes back stays shown.
    shown: bool,
    told: BTreeMap<i64, Participant>,
}

#[derive(Debug, Default)]
pub(super) struct Room {
    pub seats: BTreeMap<i64, Seat>,
    pub chat: Chat,
    pub empty_since: Option<DateTime<Utc>>,
}

impl Seat {
    fn as_seen(&self, id: i64) -> Participant {
        let connection = match self.path {
            _ if !self.line => Connection::Lost,
            ConnectionState::Connecting => Connection::Connecting,
            ConnectionState::Connected => Connection::Connected,
            ConnectionState::Lost => Connection::Lost,
        };
        Participant {
            id,
            user: self.user,
            display_name: self.display_name.clone(),
            role: self.role,
            audio: self.media.audio,
            video: self.media.video,
            screen: self.media.screen,
            state: self.admission(),
            connection,
        }
    }

    pub fn admission(&self) -> Admission {
        if self.admitted {
            Admission::Admitted
        } else {
            Admission::Waiting
        }
    }

    fn sees(&self, other: &Self) -> bool {
        other.shown && (self.is_host || (self.admitted && other.admitted))
    }

    pub fn send(&self, message: &ServerMessage) {
        self.outbox.send(message);
    }

    pub fn is_welcomed(&self) -> bool {
        self.welcomed
    }

    /// Says why, closes the connection and ends its task.
    pub fn dismiss(&self, last_words: &ServerMessage, close_code: u16) {
        self.outbox.send(last_words);
        self.outbox.close(close_code);
        self.replaced.cancel();
    }
}

impl Room {
    /// Puts somebody on a seat. Whoever holds the seat already is the same person on an older connection: it is told so
    /// and closed, and the seat keeps its admission and what it said of itself.
    pub fn seat(
        &mut self,
        newcomer: Newcomer,
        outbox: Outbox,
        resume: String,
        generation: u64,
        now: DateTime<Utc>,
    ) -> CancellationToken {
        let replaced = CancellationToken::new();
        let before = self.seats.remove(&newcomer.participant);
        if let Some(seat) = &before {
            seat.dismiss(
                &ServerMessage::fatal(Code::TakenOver, "This person has connected elsewhere."),
                POLICY,
            );
        }
        let seat = Seat {
            user: newcomer.user,
            role: newcomer.role,
            display_name: newcomer.display_name,
            is_host: newcomer.is_host,
            since: before.as_ref().map_or(now, |seat| seat.since),
            admitted: before.as_ref().is_some_and(|seat| seat.admitted),
            media: before.as_ref().map(|seat| seat.media).unwrap_or_default(),
            path: before
                .as_ref()
                .map_or(ConnectionState::Connecting, |seat| seat.path),
            line: true,
            devices: before.as_ref().map(|seat| seat.devices).unwrap_or_default(),
            level: before.as_ref().and_then(|seat| seat.level),
            resume,
            generation,
            replaced: replaced.clone(),
            outbox,
            welcomed: false,
            shown: before.as_ref().is_some_and(|seat| seat.shown),
            told: BTreeMap::new(),
        };
        self.seats.insert(newcomer.participant, seat);
        self.empty_since = None;
        replaced
    }

    /// Whom a person sees now.
    fn visible_to(&self, viewer: i64) -> BTreeMap<i64, Participant> {
        let Some(seat) = self.seats.get(&viewer) else {
            return BTreeMap::new();
        };
        self.seats
            .iter()
            .filter(|(id, other)| **id != viewer && seat.sees(other))
            .map(|(id, other)| (*id, other.as_seen(*id)))
            .collect()
    }

    /// Opens a seat's ears: from here on its client is told of changes. `make` builds the `welcome` from those it sees.
    pub fn welcome(
        &mut self,
        id: i64,
        make: impl FnOnce(&Seat, Vec<Participant>, &Chat) -> ServerMessage,
    ) {
        let told = self.visible_to(id);
        let Some(seat) = self.seats.get(&id) else {
            return;
        };
        let message = make(seat, told.values().cloned().collect(), &self.chat);
        if let Some(seat) = self.seats.get_mut(&id) {
            seat.told = told;
            seat.welcomed = true;
            seat.shown = true;
            seat.send(&message);
        }
        self.tell(LeftReason::Left);
        for (other, level) in self.levels_for(id) {
            if let Some(seat) = self.seats.get(&id) {
                seat.send(&ServerMessage::Quality {
                    participant: other,
                    level,
                });
            }
        }
    }

    /// The measured connections of everybody a person sees, himself included.
    fn levels_for(&self, viewer: i64) -> Vec<(i64, Level)> {
        let Some(seat) = self.seats.get(&viewer) else {
            return Vec::new();
        };
        self.seats
            .iter()
            .filter(|(id, other)| **id == viewer || seat.sees(other))
            .filter_map(|(id, other)| Some((*id, other.level?)))
            .collect()
    }

    /// Tells each client what is new to it. `reason` is why somebody who is no longer visible is gone.
    pub fn tell(&mut self, reason: LeftReason) {
        let viewers: Vec<i64> = self
            .seats
            .iter()
            .filter(|(_, seat)| seat.welcomed)
            .map(|(id, _)| *id)
            .collect();
        for viewer in viewers {
            let now = self.visible_to(viewer);
            let Some(seat) = self.seats.get_mut(&viewer) else {
                continue;
            };
            for id in seat.told.keys().filter(|id| !now.contains_key(id)) {
                seat.send(&ServerMessage::Left {
                    participant: *id,
                    reason,
                });
            }
            for (id, participant) in &now {
                let participant = || participant.clone();
                match seat.told.get(id) {
                    None => seat.send(&ServerMessage::Joined {
                        participant: participant(),
                    }),
                    Some(before) if *before != now[id] => seat.send(&ServerMessage::Updated {
                        participant: participant(),
                    }),
                    Some(_) => {}
                }
            }
            seat.told = now;
        }
    }

    /// Sends a message to everybody who sees `about`, and to himself.
    pub fn send_about(&self, about: i64, message: &ServerMessage) {
        let Some(subject) = self.seats.get(&about) else {
            return;
        };
        for (id, seat) in &self.seats {
            if seat.welcomed && (*id == about || seat.sees(subject)) {
                seat.send(message);
            }
        }
    }

    /// Sends a message to everybody in the call.
    pub fn send_admitted(&self, message: &ServerMessage) {
        for seat in self
            .seats
            .values()
            .filter(|seat| seat.welcomed && seat.admitted)
        {
            seat.send(message);
        }
    }
}
