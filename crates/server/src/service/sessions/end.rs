//! The doctor ends the visit: status, notes, bill, and the closing of the room, all in one transaction.

use televisit_domain::access::{self, Action};
use televisit_domain::ids::SessionId;
use televisit_domain::session::{SessionEvent, duration_seconds, transition};
use televisit_storage::sessions::{self, Change};
use televisit_storage::{audit, participants, session_events, visits};

use super::view::complete_one;
use super::{NOTES_LIMIT, View, load, moved_meanwhile, publish};
use crate::app::App;
use crate::events::{Event, Kind};
use crate::jobs::{self, Job};
use crate::service::billing::{Billed, charge_session};
use crate::service::{Context, Error, FieldErrors, Input, idempotent, wording};

/// How the visit ends.
#[derive(Clone, Debug, Default)]
pub struct EndInput {
    /// The doctor's notes. Absent or empty leaves what was noted before.
    pub notes: Option<String>,
    /// Whether to add the telemedicine service to the visit's bill.
    pub add_to_bill: bool,
}

/// The session after its end.
#[derive(Clone, Debug)]
pub struct Ended {
    /// The session.
    pub view: View,
    /// Why nothing was billed; `None` when it was.
    pub not_billed: Option<String>,
}

/// Moves the session to COMPLETED and bills it if asked. Nothing outside the database is waited for: the room is closed
/// by a job.
pub async fn end(
    app: &App,
    ctx: &Context,
    id: SessionId,
    input: Input<EndInput>,
) -> Result<Ended, Error> {
    access::may_ever(&ctx.caller, Action::EndSession)?;
    let before = load(
        &mut app.db.read().await?,
        &ctx.caller,
        Action::EndSession,
        id,
    )
    .await?;
    let hash = input.hash().to_owned();
    let input = input.get()?;
    let notes = input.notes.filter(|notes| !notes.trim().is_empty());
    let mut wrong = FieldErrors::new();
    if let Some(notes) = &notes {
        wording::text(&mut wrong, "notes", notes, NOTES_LIMIT);
    }
    wrong.check()?;

    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let route = format!("POST telemedicine/{id}/end/");
    if let Some(spent) = idempotent::begin(&mut tx, ctx, &route, &hash, now).await? {
        let session = load(&mut tx, &ctx.caller, Action::EndSession, id).await?;
        return Ok(Ended {
            view: complete_one(&mut tx, &ctx.caller, session).await?,
            not_billed: Some(spent.outcome).filter(|reason| !reason.is_empty()),
        });
    }
    // The visit before the session, as everywhere: two transactions that take both never wait for each other in a ring.
    visits::lock(&mut tx, before.visit_id, now).await?;
    let session = load(&mut tx, &ctx.caller, Action::EndSession, id).await?;
    let to = transition(session.status, SessionEvent::End)?;
    let change = Change {
        actual_end: Some(now),
        duration_seconds: Some(duration_seconds(session.actual_start.unwrap_or(now), now)),
        notes: notes.clone(),
        ..Change::default()
    };
    if !sessions::transition(&mut tx, id, session.status, to, &change, now).await? {
        return Err(moved_meanwhile(&mut tx, id, SessionEvent::End).await?);
    }
    let by = ctx.caller.user;
    let not_billed = if input.add_to_bill {
        match charge_session(app, &mut tx, id, session.visit_id, by, now).await? {
            Billed::Added(charge) => {
                let detail = format!("Charge {}", charge.id);
                session_events::add(&mut tx, id, "billed", Some(by), &detail, now).await?;
                None
            }
            Billed::Already(charge) => Some(format!("Already billed: charge {}.", charge.id)),
            Billed::Not(reason) => Some(reason),
        }
    } else {
        Some("Not asked for.".to_owned())
    };
    participants::leave_all(&mut tx, id, now).await?;
    session_events::add(&mut tx, id, "ended", Some(by), "", now).await?;
    let close = Job::CloseRoom {
        session: id,
        room_name: session.room_name,
    };
    jobs::enqueue(&mut tx, &close, now).await?;
    let outcome = not_billed.as_deref().unwrap_or_default();
    idempotent::settle(&mut tx, ctx, id.0, false, outcome).await?;
    let ended = load(&mut tx, &ctx.caller, Action::EndSession, id).await?;
    let view = complete_one(&mut tx, &ctx.caller, ended).await?;
    audit::append(&mut tx, &rows(app, ctx, id, not_billed.is_none())).await?;
    tx.commit().await?;

    app.job_bell.ring();
    publish(app, &view.session);
    if not_billed.is_none() {
        app.events.publish(Event {
            kind: Kind::Visit,
            id: view.session.visit_id.0,
            doctor: Some(view.session.doctor_id),
            patient: Some(view.session.patient_id),
        });
    }
    Ok(Ended { view, not_billed })
}

fn rows(app: &App, ctx: &Context, id: SessionId, billed: bool) -> Vec<audit::NewEntry> {
    let mut rows = vec![super::audit(app, ctx, "session.end", id)];
    if billed {
        rows.push(super::audit(app, ctx, "session.bill", id));
    }
    rows
}
