//! Visits: from the patient at the desk to the closed file.

mod create;
mod list;
mod update;

pub use create::{VisitInput, WaiverInput, create};
pub use list::{VisitQuery, list};
pub use update::{VisitChange, close, update};

use televisit_domain::access::{self, Action, Denied, Role, Subject};
use televisit_domain::ids::{UserId, VisitId};
use televisit_storage::visits::{self, VisitRow};
use televisit_storage::{Conn, users};

use super::{Context, Error, FieldErrors};
use crate::app::App;
use crate::events::{Event, Kind};

/// One visit.
pub async fn retrieve(app: &App, ctx: &Context, id: VisitId) -> Result<VisitRow, Error> {
    access::may_ever(&ctx.caller, Action::ReadVisit)?;
    let visit = load(&mut app.db.read().await?, ctx, Action::ReadVisit, id).await?;
    app.audit_read(vec![ctx.audit(
        app.clock.now(),
        "visit.read",
        "visit",
        Some(id.0),
    )])
    .await?;
    Ok(visit)
}

/// The visit, when it is there and the caller may do this to it.
pub(super) async fn load(
    conn: &mut Conn,
    ctx: &Context,
    action: Action,
    id: VisitId,
) -> Result<VisitRow, Error> {
    access::may_ever(&ctx.caller, action)?;
    let visit = find(conn, id).await?;
    let subject = Subject {
        doctor: visit.assigned_doctor_id.map(UserId),
        patient: Some(visit.patient_id),
        invited: Vec::new(),
    };
    access::may(&ctx.caller, action, &subject)?;
    Ok(visit)
}

/// The visit, whoever asks.
pub(super) async fn find(conn: &mut Conn, id: VisitId) -> Result<VisitRow, Error> {
    visits::find(conn, id)
        .await?
        .ok_or(Error::Denied(Denied::Scope))
}

/// Tells open pages that a visit or its bill changed.
pub(super) fn publish(app: &App, visit: &VisitRow) {
    app.events.publish(Event {
        kind: Kind::Visit,
        id: visit.id.0,
        doctor: visit.assigned_doctor_id.map(UserId),
        patient: Some(visit.patient_id),
    });
}

/// Whether the account can hold visits; what is wrong is added to `wrong` under `field`.
pub(super) async fn check_doctor(
    conn: &mut Conn,
    wrong: &mut FieldErrors,
    field: &str,
    doctor: i64,
) -> Result<(), Error> {
    let fits = users::find(conn, UserId(doctor))
        .await?
        .is_some_and(|user| user.role == Role::Doctor && user.is_active);
    if !fits {
        wrong.add(field, format!("User {doctor} is not an active doctor."));
    }
    Ok(())
}
