//! The right to enter a room, signed.

use chrono::{DateTime, Utc};
use televisit_domain::access::{self, Action};
use televisit_domain::ids::SessionId;
use televisit_domain::session::VideoProviderName;

use super::{audit, load};
use crate::app::App;
use crate::service::{Context, Error};

/// A room token with what is needed to use it.
#[derive(Clone)]
pub struct RoomToken {
    /// The signed token.
    pub token: String,
    /// When it expires.
    pub expires_at: DateTime<Utc>,
    /// The session.
    pub session: SessionId,
    /// The room's name.
    pub room_name: String,
    /// The provider's number of the room.
    pub room_sid: String,
    /// Who carries the call.
    pub provider: VideoProviderName,
}

/// Whether the caller's role ever joins sessions: asked before a body that names the session is looked at.
pub fn may_join_any(ctx: &Context) -> Result<(), Error> {
    Ok(access::may_ever(&ctx.caller, Action::JoinSession)?)
}

/// A token for the caller and this session's room, while people may enter it.
pub async fn room_token(app: &App, ctx: &Context, id: SessionId) -> Result<RoomToken, Error> {
    access::may_ever(&ctx.caller, Action::JoinSession)?;
    let session = load(
        &mut app.db.read().await?,
        &ctx.caller,
        Action::JoinSession,
        id,
    )
    .await?;
    if !session.status.is_joinable() {
        return Err(Error::conflict(
            "invalid_state",
            format!("Cannot join a session with status {}.", session.status),
        ));
    }
    let (token, expires_at) = app
        .tokens
        .room(
            ctx.caller.user,
            ctx.caller.role,
            id,
            &session.room_name,
            app.clock.now(),
        )
        .map_err(|_| Error::Internal("a room token could not be signed".into()))?;
    app.audit_read(vec![audit(app, ctx, "session.token", id)])
        .await?;
    Ok(RoomToken {
        token,
        expires_at,
        session: id,
        room_name: session.room_name,
        room_sid: session.room_sid,
        provider: session.provider,
    })
}
