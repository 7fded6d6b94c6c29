//! Letting somebody in: token, rights, seat, media.

use televisit_domain::ids::{SessionId, UserId};
use televisit_domain::session::SessionStatus;
use televisit_sfu::{PeerEvents, PeerId, RoomId, Sfu, SfuError};

use super::wire::{ClientInfo, Hello};
use crate::app::App;
use crate::presence::message::{Code, LeftReason, ServerMessage, VERSION};
use crate::presence::outbox::Outbox;
use crate::presence::{Hold, Newcomer};
use crate::service::entrance::{self, Barred, Entrance};
use crate::service::sessions::presence as ledger;
use crate::video::embedded::room_id;

/// The longest `device_type` and `browser`, in characters.
const LONGEST_WORD: usize = 80;

/// Somebody who is in.
pub struct Entered {
    /// The connection's hold on the seat.
    pub hold: Hold,
    /// What the session was when he came in.
    pub entrance: Entrance,
    /// The media server.
    pub sfu: Sfu,
    /// The room at the media server.
    pub room: RoomId,
    /// The seat at the media server.
    pub peer: PeerId,
    /// What the media server tells of this person.
    pub events: PeerEvents,
    /// News of the session from before the last check of it.
    pub news: tokio::sync::broadcast::Receiver<crate::events::Event>,
}

/// Checks a `hello` and gives the person a seat, or says why not.
pub async fn enter(app: &App, hello: Hello, outbox: &Outbox) -> Result<Entered, ServerMessage> {
    if hello.version != VERSION {
        return Err(ServerMessage::fatal(
            Code::VersionUnsupported,
            format!("This server speaks version {VERSION}."),
        ));
    }
    let Some(sfu) = app.video.sfu().cloned() else {
        return Err(unavailable());
    };
    let (session, user) = identify(app, &hello)?;
    let entrance = entrance::check(app, session, user).await.map_err(barred)?;
    let client = trimmed(&hello.client);
    let seat = ledger::joined(app, session, user, &client.device_type, &client.browser)
        .await
        .map_err(|error| {
            tracing::error!(%error, session = session.0, user = user.0, "a join could not be written");
            ServerMessage::fatal(Code::Internal, "The server could not write that you came.")
        })?;
    let newcomer = Newcomer {
        participant: seat.participant,
        user,
        role: entrance.caller.role,
        display_name: seat.display_name,
        is_host: entrance.doctor == user,
    };
    let Ok(hold) = app
        .presence
        .enter(session, newcomer, outbox.clone(), app.clock.now())
    else {
        gone(app, session, user).await;
        return Err(room_full());
    };
    match admit(app, &sfu, &hold, user).await {
        Ok((entrance, events, news)) => {
            let (room, peer) = (room_id(session), peer_id(&hold));
            let connection = sfu.connection(room, peer).await;
            let ping = u64::try_from(app.presence.timing().ping.as_millis()).unwrap_or(2000);
            app.presence
                .welcome(&hold, entrance.status, connection, ping);
            app.events.publish(entrance.news());
            Ok(Entered {
                hold,
                entrance,
                sfu,
                room,
                peer,
                events,
                news,
            })
        }
        Err(refusal) => {
            // Only when nobody took the seat over meanwhile: then it is his.
            if app
                .presence
                .leave(&hold, LeftReason::Removed, app.clock.now())
            {
                let _ = sfu.leave(room_id(session), peer_id(&hold));
                gone(app, session, user).await;
            }
            Err(refusal)
        }
    }
}

/// The media seat, and the session's state as it is *after* the seat was taken: a start or an end that was committed
/// before is seen here, one committed later is heard as news. Neither is missed.
async fn admit(
    app: &App,
    sfu: &Sfu,
    hold: &Hold,
    user: UserId,
) -> Result<
    (
        Entrance,
        PeerEvents,
        tokio::sync::broadcast::Receiver<crate::events::Event>,
    ),
    ServerMessage,
> {
    let (room, peer) = (room_id(hold.session), peer_id(hold));
    let events = sfu
        .join(room, peer, app.presence.is_admitted(hold))
        .await
        .map_err(|error| match error {
            SfuError::RoomFull => room_full(),
            SfuError::UnknownPeer | SfuError::Unavailable => unavailable(),
        })?;
    let news = app.events.subscribe();
    let entrance = entrance::check(app, hold.session, user)
        .await
        .map_err(barred)?;
    if entrance.status == SessionStatus::InProgress {
        sfu.set_admitted(room, peer, true)
            .map_err(|_| unavailable())?;
        app.presence.admit(hold);
    }
    Ok((entrance, events, news))
}

/// Session and person of the token, or of the seat that the `resume` secret opens.
fn identify(app: &App, hello: &Hello) -> Result<(SessionId, UserId), ServerMessage> {
    let resumed = hello
        .resume
        .as_deref()
        .and_then(|secret| app.presence.resume(secret));
    let Some(token) = &hello.token else {
        return resumed.ok_or_else(|| {
            ServerMessage::fatal(
                Code::TokenInvalid,
                "The seat is no longer held; come with a room token.",
            )
        });
    };
    let now = app.clock.now();
    match app.tokens.read_room(token, now) {
        Ok((user, claims)) => Ok((claims.session, user)),
        Err(_) if resumed.is_some() => resumed.ok_or_else(unavailable),
        Err(_) if app.tokens.is_expired_room(token, now) => Err(ServerMessage::fatal(
            Code::TokenExpired,
            "The room token has expired.",
        )),
        Err(_) => Err(ServerMessage::fatal(
            Code::TokenInvalid,
            "This is not a room token of this server.",
        )),
    }
}

/// The seat's number at the media server.
pub fn peer_id(hold: &Hold) -> PeerId {
    PeerId(hold.participant.unsigned_abs())
}

/// Writes down that somebody left; a failure is logged and repaired at the next start.
pub async fn gone(app: &App, session: SessionId, user: UserId) {
    if let Err(error) = ledger::left(app, session, user).await {
        tracing::error!(%error, session = session.0, user = user.0, "a leave could not be written");
    }
}

fn barred(barred: Barred) -> ServerMessage {
    match barred {
        Barred::NotAllowed => {
            ServerMessage::fatal(Code::NotAllowed, "You are not a person of this session.")
        }
        Barred::Over(status) => {
            ServerMessage::fatal(Code::SessionOver, format!("The session is {status}."))
        }
        Barred::Storage(error) => {
            tracing::error!(%error, "the session of a room could not be read");
            ServerMessage::fatal(Code::Internal, "The server could not read the session.")
        }
    }
}

fn room_full() -> ServerMessage {
    ServerMessage::fatal(Code::RoomFull, "Ten people are in this room.")
}

fn unavailable() -> ServerMessage {
    ServerMessage::fatal(
        Code::Unavailable,
        "The media server cannot take anybody now.",
    )
}

fn trimmed(client: &ClientInfo) -> ClientInfo {
    let word = |text: &str| {
        text.chars()
            .filter(|c| !c.is_control())
            .take(LONGEST_WORD)
            .collect()
    };
    ClientInfo {
        device_type: word(&client.device_type),
        browser: word(&client.browser),
    }
}
