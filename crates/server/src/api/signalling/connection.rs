//! One person's connection while he is in: the WebSocket, the media events, the session's changes and the clock.

use std::time::Duration;

use axum::extract::ws::Message;
use futures_util::StreamExt as _;
use futures_util::future::{BoxFuture, FutureExt as _};
use televisit_domain::session::{ConnectionQuality, SessionStatus};
use televisit_sfu::{ConnectionState, Level, PeerEvent};
use tokio::sync::broadcast::error::RecvError;
use tokio::time::Instant;

use super::hello::{Entered, gone};
use super::limits::Limits;
use super::wire::{self, ClientMessage, LONGEST_MESSAGE};
use super::{Incoming, RESTART, offer, too_large};
use crate::app::App;
use crate::events::Kind;
use crate::presence::message::{Code, EndReason, LeftReason, ServerMessage};
use crate::presence::outbox::Outbox;
use crate::presence::{NORMAL, POLICY, chat};
use crate::service::entrance::{self, Barred, Entrance};
use crate::service::sessions::presence as ledger;

/// Changes of a session come in bunches; it is looked at once for each.
const SETTLE: Duration = Duration::from_millis(100);
/// When the database did not answer, it is asked again so much later.
const ASK_AGAIN: Duration = Duration::from_secs(2);
/// The session is looked at so often without any news: an account may have been closed, and news of another process are
/// not heard here.
const LOOK_AGAIN: Duration = Duration::from_mins(1);
/// How often a seat that the media server dropped is taken again before the client is sent away.
const MOST_REJOINS: u32 = 5;

/// What a turn of the loop decided.
enum Turn {
    On,
    /// The WebSocket is gone; the seat is kept for a while.
    LineLost,
    /// The client was told why and is being closed; the seat is kept for a while.
    Dismissed,
    /// The seat is given up, or is somebody else's already.
    Over,
}

struct Connection {
    app: App,
    seat: Entered,
    outbox: Outbox,
    limits: Limits,
    rejoins: u32,
}

/// Runs until the person has left, another connection took his seat over, or the session is over.
pub(super) async fn run(app: App, seat: Entered, incoming: Incoming, outbox: Outbox) {
    let timing = app.presence.timing();
    let stopping = app.tasks.stopping();
    let start = Instant::now();
    // The WebSocket; none while the person is waited for.
    let mut line = Some(incoming);
    let mut heard = start;
    let mut asked = start;
    let mut check_at = start + LOOK_AGAIN;
    let mut check: Option<BoxFuture<'static, Result<Entrance, Barred>>> = None;
    let mut on = Connection {
        app,
        seat,
        outbox,
        limits: Limits::new(start),
        rejoins: 0,
    };
    let replaced = on.seat.hold.replaced.clone();
    loop {
        let patience = if line.is_some() {
            timing.silence
        } else {
            timing.grace
        };
        let turn = tokio::select! {
            // Messages before the clock: what waits unread while the server was busy is not silence.
            biased;
            () = replaced.cancelled() => Turn::Over,
            () = stopping.cancelled() => {
                on.outbox.close(RESTART);
                Turn::Over
            }
            () = on.outbox.cut().cancelled(), if line.is_some() => Turn::LineLost,
            frame = next(&mut line) => {
                heard = Instant::now();
                on.hear(frame, heard).await
            }
            event = on.seat.events.recv() => on.media_event(event).await,
            news = on.seat.news.recv() => {
                if on.concerns(&news) {
                    check_at = check_at.min(Instant::now() + SETTLE);
                }
                if matches!(news, Err(RecvError::Closed)) { Turn::Over } else { Turn::On }
            }
            result = async { match check.as_mut() { Some(check) => check.await, None => std::future::pending().await } } => {
                check = None;
                if let Err(Barred::Storage(error)) = &result {
                    tracing::warn!(%error, "a session could not be checked");
                    check_at = check_at.min(Instant::now() + ASK_AGAIN);
                    Turn::On
                } else {
                    on.obey(result).await
                }
            }
            () = tokio::time::sleep_until(check_at), if check.is_none() => {
                check_at = Instant::now() + LOOK_AGAIN;
                let (app, session, user) = (on.app.clone(), on.seat.hold.session, on.seat.entrance.caller.user);
                check = Some(async move { entrance::check(&app, session, user).await }.boxed());
                Turn::On
            }
            () = tokio::time::sleep_until(heard.max(asked) + timing.ping), if line.is_some() => {
                asked = Instant::now();
                on.outbox.send(&ServerMessage::Ping { t: None });
                Turn::On
            }
            () = tokio::time::sleep_until(heard + patience) => {
                if line.is_some() {
                    Turn::LineLost
                } else {
                    on.leave(LeftReason::Lost).await;
                    Turn::Over
                }
            }
        };
        match turn {
            Turn::On => {}
            Turn::LineLost | Turn::Dismissed => {
                // The seat's time begins now; `heard` is what it is measured from.
                heard = Instant::now();
                let last = line.take();
                if matches!(turn, Turn::LineLost) {
                    on.outbox.cut().cancel();
                } else {
                    on.app.tasks.spawn(drain(last));
                }
                on.app.presence.line_lost(&on.seat.hold);
            }
            Turn::Over => return drain(line).await,
        }
    }
}

/// What the client sends next; never, while there is no WebSocket.
async fn next(line: &mut Option<Incoming>) -> Option<Result<Message, axum::Error>> {
    match line {
        Some(incoming) => incoming.next().await,
        None => std::future::pending().await,
    }
}

/// Reads on until the client answers the close: a socket closed over unread bytes is reset, and the last words are lost.
async fn drain(line: Option<Incoming>) {
    let Some(mut incoming) = line else { return };
    let rest = async { while let Some(Ok(_)) = incoming.next().await {} };
    let _ = tokio::time::timeout(Duration::from_secs(1), rest).await;
}

impl Connection {
    async fn hear(&mut self, frame: Option<Result<Message, axum::Error>>, now: Instant) -> Turn {
        let text = match frame {
            Some(Ok(Message::Text(text))) => text,
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {
                return self
                    .within_rate(now)
                    .map_or_else(|turn| turn, |()| Turn::On);
            }
            Some(Ok(Message::Binary(_))) => {
                if let Err(turn) = self.within_rate(now) {
                    return turn;
                }
                self.refuse(Code::BadMessage, "Messages are text frames.");
                return Turn::On;
            }
            Some(Ok(Message::Close(_)) | Err(_)) | None => return Turn::LineLost,
        };
        if text.len() > LONGEST_MESSAGE {
            return self.dismiss(&too_large());
        }
        if let Err(turn) = self.within_rate(now) {
            return turn;
        }
        match wire::decode(&text) {
            Ok(message) => self.act(message, now).await,
            Err(malformed) => {
                self.outbox.send(&malformed.refusal());
                Turn::On
            }
        }
    }

    fn within_rate(&mut self, now: Instant) -> Result<(), Turn> {
        if self.limits.messages.take(now) {
            return Ok(());
        }
        Err(self.dismiss(&ServerMessage::fatal(
            Code::RateLimited,
            "At most 20 messages a second.",
        )))
    }

    /// Closes the line over something the client did. The seat stays for its reconnect.
    fn dismiss(&self, last_words: &ServerMessage) -> Turn {
        self.outbox.send(last_words);
        self.outbox.close(POLICY);
        Turn::Dismissed
    }

    fn refuse(&self, code: Code, detail: &str) {
        self.outbox.send(&ServerMessage::refusal(code, detail));
    }

    async fn act(&mut self, message: ClientMessage, now: Instant) -> Turn {
        let (room, peer) = (self.seat.room, self.seat.peer);
        let hold = &self.seat.hold;
        match message {
            ClientMessage::Hello(_) => self.refuse(Code::BadMessage, "hello was said already."),
            ClientMessage::Offer {
                id,
                connection,
                sdp,
            } => self.offer(id, &connection, &sdp, now).await,
            ClientMessage::Media(media) => {
                self.app.presence.media(hold, media);
                // A seat that the media server dropped is taken again when its event is read.
                let _ = self.seat.sfu.set_media(room, peer, media);
            }
            ClientMessage::View { tiles } => {
                let _ = self.seat.sfu.set_view(room, peer, tiles);
            }
            ClientMessage::Status(devices) => {
                if self.app.presence.devices(hold, devices) {
                    self.app.events.publish(self.seat.entrance.news());
                }
            }
            ClientMessage::Chat { text } => self.chat(&text, now),
            ClientMessage::Ping { t } => self.outbox.send(&ServerMessage::Pong { t }),
            ClientMessage::Pong {} => {}
            ClientMessage::Leave {} => {
                self.leave(LeftReason::Left).await;
                self.outbox.close(NORMAL);
                return Turn::Over;
            }
        }
        Turn::On
    }

    async fn offer(&mut self, id: i64, connection: &str, sdp: &str, now: Instant) {
        if !self.limits.offers.take(now) {
            self.outbox.send(&ServerMessage::offer_refused(
                id,
                Code::RateLimited,
                "At most one offer a second.",
            ));
            return;
        }
        if let Some(objection) = offer::objection(id, connection, sdp) {
            self.outbox.send(&objection);
            return;
        }
        let answered = self
            .seat
            .sfu
            .offer(self.seat.room, self.seat.peer, connection, sdp)
            .await;
        match answered {
            Ok(sdp) => self.outbox.send(&ServerMessage::Answer { id, sdp }),
            Err(error) => self.outbox.send(&offer::refusal(id, &error)),
        }
    }

    fn chat(&mut self, text: &str, now: Instant) {
        let text = text.trim();
        if !self.limits.chat.take(now) {
            self.refuse(Code::RateLimited, "At most one chat message a second.");
        } else if text.is_empty() {
            self.refuse(Code::ChatEmpty, "The message has no text.");
        } else if text.chars().count() > chat::LONGEST {
            self.refuse(Code::ChatTooLong, "A message may have 2,000 characters.");
        } else if self
            .app
            .presence
            .say(&self.seat.hold, text.to_owned(), self.app.clock.now())
            .is_err()
        {
            self.refuse(Code::Waiting, "Chat begins when the visit does.");
        }
    }

    async fn media_event(&mut self, event: Option<PeerEvent>) -> Turn {
        match event {
            Some(PeerEvent::Connection(path)) => self.app.presence.path(&self.seat.hold, path),
            Some(PeerEvent::Slots(slots)) => self.outbox.send(&ServerMessage::Slots { slots }),
            Some(PeerEvent::NeedSlots { audio, video }) => {
                self.outbox.send(&ServerMessage::NeedSlots { audio, video });
            }
            Some(PeerEvent::Quality(level)) => self.quality(level),
            Some(PeerEvent::MediaFailed(why)) => {
                self.app
                    .presence
                    .path(&self.seat.hold, ConnectionState::Connecting);
                self.refuse(Code::MediaFailed, &why);
            }
            Some(PeerEvent::Closed) | None => return self.rejoin().await,
        }
        Turn::On
    }

    fn quality(&self, level: Level) {
        if !self.app.presence.quality(&self.seat.hold, level) {
            return;
        }
        let quality = match level {
            Level::Good => ConnectionQuality::Good,
            Level::Fair => ConnectionQuality::Fair,
            Level::Poor => ConnectionQuality::Poor,
        };
        let app = self.app.clone();
        let (session, user) = (self.seat.hold.session, self.seat.entrance.caller.user);
        // Beside the call: a slow disk must not hold its messages up.
        self.app.tasks.spawn(async move {
            if let Err(error) = ledger::quality(&app, session, user, quality).await {
                tracing::warn!(%error, "the quality of a connection could not be written");
            }
        });
    }

    /// Takes the media seat again. The media server dropped it: a fault in its room, events that were not read, or a
    /// join of an older connection of this person that was late.
    async fn rejoin(&mut self) -> Turn {
        let hold = &self.seat.hold;
        if hold.replaced.is_cancelled() {
            return Turn::Over;
        }
        self.rejoins += 1;
        let joined = if self.rejoins > MOST_REJOINS {
            None
        } else {
            self.seat
                .sfu
                .join(
                    self.seat.room,
                    self.seat.peer,
                    self.app.presence.is_admitted(hold),
                )
                .await
                .ok()
        };
        let Some(events) = joined else {
            let message = ServerMessage::fatal(
                Code::Unavailable,
                "The media server cannot take anybody now.",
            );
            self.outbox.send(&message);
            self.outbox.close(POLICY);
            self.leave(LeftReason::Lost).await;
            return Turn::Over;
        };
        self.seat.events = events;
        if self
            .seat
            .sfu
            .connection(self.seat.room, self.seat.peer)
            .await
            .is_none()
        {
            self.app
                .presence
                .path(&self.seat.hold, ConnectionState::Connecting);
            self.refuse(
                Code::MediaFailed,
                "The media server dropped this connection.",
            );
        }
        Turn::On
    }

    fn concerns(&self, news: &Result<crate::events::Event, RecvError>) -> bool {
        match news {
            Ok(event) => event.kind == Kind::Session && event.id == self.seat.hold.session.0,
            Err(RecvError::Lagged(_)) => true,
            Err(RecvError::Closed) => false,
        }
    }

    /// Does what the session's present state asks for.
    async fn obey(&mut self, result: Result<Entrance, Barred>) -> Turn {
        let hold = self.seat.hold.clone();
        match result {
            Ok(entrance) if entrance.status == SessionStatus::InProgress => {
                if !self.app.presence.is_admitted(&hold)
                    && self
                        .seat
                        .sfu
                        .set_admitted(self.seat.room, self.seat.peer, true)
                        .is_ok()
                    && self.app.presence.admit(&hold)
                {
                    self.app.events.publish(self.seat.entrance.news());
                }
                Turn::On
            }
            Ok(_) | Err(Barred::Storage(_)) => Turn::On,
            Err(Barred::Over(status)) => {
                if let Some(reason) = EndReason::of(status) {
                    self.app.presence.close(hold.session, reason);
                }
                let _ = self.seat.sfu.leave(self.seat.room, self.seat.peer);
                Turn::Over
            }
            Err(Barred::NotAllowed) => {
                self.app.presence.remove(
                    &hold,
                    Code::Removed,
                    "You are no longer a person of this session.",
                    self.app.clock.now(),
                );
                let _ = self.seat.sfu.leave(self.seat.room, self.seat.peer);
                self.written_off().await;
                Turn::Over
            }
        }
    }

    /// Gives the seat up, unless a newer connection has it.
    async fn leave(&self, reason: LeftReason) {
        let now = self.app.clock.now();
        if self.app.presence.leave(&self.seat.hold, reason, now) {
            let _ = self.seat.sfu.leave(self.seat.room, self.seat.peer);
            self.written_off().await;
        }
    }

    async fn written_off(&self) {
        gone(
            &self.app,
            self.seat.hold.session,
            self.seat.entrance.caller.user,
        )
        .await;
        self.app.events.publish(self.seat.entrance.news());
    }
}
