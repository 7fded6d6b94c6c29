//! Somebody goes; the visit goes on.

use televisit_domain::access::{self, Action};
use televisit_domain::ids::SessionId;
use televisit_storage::audit;

use super::view::complete_one;
use super::{View, load, presence, publish};
use crate::app::App;
use crate::service::{Context, Error};

/// Notes that the caller has left. Leaving twice, or without having come, changes nothing.
pub async fn leave(app: &App, ctx: &Context, id: SessionId) -> Result<View, Error> {
    access::may_ever(&ctx.caller, Action::JoinSession)?;
    let session = load(
        &mut app.db.read().await?,
        &ctx.caller,
        Action::JoinSession,
        id,
    )
    .await?;
    let mut tx = app.db.begin().await?;
    let left = presence::note_left(app, &mut tx, id, ctx.caller.user).await?;
    let view = complete_one(&mut tx, &ctx.caller, session).await?;
    audit::append(&mut tx, &[super::audit(app, ctx, "session.leave", id)]).await?;
    tx.commit().await?;
    if left {
        publish(app, &view.session);
    }
    Ok(view)
}
