//! The doctor starts the visit.

use televisit_domain::access::{self, Action};
use televisit_domain::ids::SessionId;
use televisit_domain::session::{SessionEvent, transition};
use televisit_storage::sessions::{self, Change};
use televisit_storage::{audit, session_events};

use super::view::complete_one;
use super::{View, load, moved_meanwhile, publish};
use crate::app::App;
use crate::service::{Context, Error};

/// Moves the session to IN_PROGRESS. Of many parallel calls exactly one does it, the others are told that it is done.
pub async fn start(app: &App, ctx: &Context, id: SessionId) -> Result<View, Error> {
    access::may_ever(&ctx.caller, Action::StartSession)?;
    let session = load(
        &mut app.db.read().await?,
        &ctx.caller,
        Action::StartSession,
        id,
    )
    .await?;
    let to = transition(session.status, SessionEvent::Start)?;

    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let change = Change {
        actual_start: Some(now),
        ..Change::default()
    };
    if !sessions::transition(&mut tx, id, session.status, to, &change, now).await? {
        return Err(moved_meanwhile(&mut tx, id, SessionEvent::Start).await?);
    }
    session_events::add(&mut tx, id, "started", Some(ctx.caller.user), "", now).await?;
    let started = load(&mut tx, &ctx.caller, Action::StartSession, id).await?;
    let view = complete_one(&mut tx, &ctx.caller, started).await?;
    audit::append(&mut tx, &[super::audit(app, ctx, "session.start", id)]).await?;
    tx.commit().await?;
    publish(app, &view.session);
    Ok(view)
}
