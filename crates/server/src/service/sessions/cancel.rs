//! Doctor or reception calls a visit off before it began.

use televisit_domain::access::{self, Action};
use televisit_domain::ids::SessionId;
use televisit_domain::session::{SessionEvent, transition};
use televisit_storage::sessions::{self, Change};
use televisit_storage::{audit, participants, session_events};

use super::view::complete_one;
use super::{View, load, moved_meanwhile, publish};
use crate::app::App;
use crate::jobs::{self, Job};
use crate::service::{Context, Error, FieldErrors, Input, wording};

/// Why it is called off.
#[derive(Clone, Debug, Default)]
pub struct CancelInput {
    /// In a few words, at most 500 characters; shown on the session as `error_message`.
    pub reason: String,
}

/// Moves the session from SCHEDULED to CANCELLED.
pub async fn cancel(
    app: &App,
    ctx: &Context,
    id: SessionId,
    input: Input<CancelInput>,
) -> Result<View, Error> {
    access::may_ever(&ctx.caller, Action::CancelSession)?;
    let session = load(
        &mut app.db.read().await?,
        &ctx.caller,
        Action::CancelSession,
        id,
    )
    .await?;
    let input = input.get()?;
    let mut wrong = FieldErrors::new();
    let reason = wording::text(&mut wrong, "reason", &input.reason, 500);
    wrong.check()?;
    let to = transition(session.status, SessionEvent::Cancel)?;

    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let change = Change {
        error_message: Some(reason.clone()),
        ..Change::default()
    };
    if !sessions::transition(&mut tx, id, session.status, to, &change, now).await? {
        return Err(moved_meanwhile(&mut tx, id, SessionEvent::Cancel).await?);
    }
    participants::leave_all(&mut tx, id, now).await?;
    session_events::add(
        &mut tx,
        id,
        "cancelled",
        Some(ctx.caller.user),
        &reason,
        now,
    )
    .await?;
    let close = Job::CloseRoom {
        session: id,
        room_name: session.room_name,
    };
    jobs::enqueue(&mut tx, &close, now).await?;
    let cancelled = load(&mut tx, &ctx.caller, Action::CancelSession, id).await?;
    let view = complete_one(&mut tx, &ctx.caller, cancelled).await?;
    audit::append(&mut tx, &[super::audit(app, ctx, "session.cancel", id)]).await?;
    tx.commit().await?;
    app.job_bell.ring();
    publish(app, &view.session);
    Ok(view)
}
