//! Changing and closing a visit.

use televisit_domain::access::{self, Action};
use televisit_domain::ids::{UserId, VisitId};
use televisit_domain::record::{VisitStatus, VisitType};
use televisit_storage::visits::{self, VisitRow};
use televisit_storage::{Conn, audit};

use crate::app::App;
use crate::service::{Context, Error, FieldErrors, Input, wording};

/// What may be changed of an open visit. A field that is not sent stays as it is.
#[derive(Clone, Debug, Default)]
pub struct VisitChange {
    /// Why the patient comes, in one word.
    pub visit_type: Option<VisitType>,
    /// Why, in the patient's words.
    pub chief_complaint: Option<String>,
    /// The doctor who is to hold it, or null for nobody yet.
    pub assigned_doctor: Option<Option<i64>>,
}

/// Changes an open visit.
pub async fn update(
    app: &App,
    ctx: &Context,
    id: VisitId,
    input: Input<VisitChange>,
) -> Result<VisitRow, Error> {
    access::may_ever(&ctx.caller, Action::UpdateVisit)?;
    super::load(&mut app.db.read().await?, ctx, Action::UpdateVisit, id).await?;
    let input = input.get()?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    // Held, so that what was not sent is written back as it is and not as it was.
    let status = visits::lock(&mut tx, id, now).await?;
    let before = super::find(&mut tx, id).await?;
    let mut wrong = FieldErrors::new();
    let chief_complaint = match &input.chief_complaint {
        Some(text) => wording::text(&mut wrong, "chief_complaint", text, 2000),
        None => before.chief_complaint,
    };
    if let Some(Some(doctor)) = input.assigned_doctor {
        super::check_doctor(&mut tx, &mut wrong, "assigned_doctor", doctor).await?;
    }
    wrong.check()?;
    if status != Some(VisitStatus::Open) {
        return Err(closed(id, "changed"));
    }
    visits::update(
        &mut tx,
        id,
        input.visit_type.unwrap_or(before.visit_type),
        &chief_complaint,
        input
            .assigned_doctor
            .unwrap_or(before.assigned_doctor_id)
            .map(UserId),
        now,
    )
    .await?;
    let visit = super::find(&mut tx, id).await?;
    audit::append(
        &mut tx,
        &[ctx.audit(now, "visit.update", "visit", Some(id.0))],
    )
    .await?;
    tx.commit().await?;
    super::publish(app, &visit);
    Ok(visit)
}

/// Closes an open visit. A session that can still be held keeps it open: its end may add to the bill.
pub async fn close(app: &App, ctx: &Context, id: VisitId) -> Result<VisitRow, Error> {
    access::may_ever(&ctx.caller, Action::CloseVisit)?;
    super::load(&mut app.db.read().await?, ctx, Action::CloseVisit, id).await?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    // From here to the commit nobody opens a session for the visit: that takes the same row.
    if visits::lock(&mut tx, id, now).await? != Some(VisitStatus::Open) {
        return Err(closed(id, "closed again"));
    }
    refuse_over_live_session(&mut tx, id).await?;
    if !visits::close(&mut tx, id, now).await? {
        return Err(closed(id, "closed again"));
    }
    let visit = super::find(&mut tx, id).await?;
    audit::append(
        &mut tx,
        &[ctx.audit(now, "visit.close", "visit", Some(id.0))],
    )
    .await?;
    tx.commit().await?;
    super::publish(app, &visit);
    Ok(visit)
}

async fn refuse_over_live_session(conn: &mut Conn, id: VisitId) -> Result<(), Error> {
    let Some((session, status)) = visits::live_session(conn, id).await? else {
        return Ok(());
    };
    Err(Error::Conflict {
        code: "session_live",
        detail: format!("Session {session} of visit {id} is {status}. End or cancel it first."),
        extra: std::iter::once(("session", session)).collect(),
    })
}

fn closed(id: VisitId, what: &str) -> Error {
    Error::conflict(
        "visit_closed",
        format!("Visit {id} is CLOSED and cannot be {what}."),
    )
}
