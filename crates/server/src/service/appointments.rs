//! Appointments: a doctor's time, kept for a patient.

use chrono::{DateTime, Utc};
use televisit_domain::access::{self, Action, Denied, Role, Scope, Subject};
use televisit_domain::ids::{AppointmentId, PatientId, UserId};
use televisit_domain::record::{AppointmentStatus, AppointmentStep, appointment_after};
use televisit_storage::appointments::{self, AppointmentFilter, AppointmentRow, NewAppointment};
use televisit_storage::{Conn, audit, patients};

use super::idempotent::{self, Made};
use super::{Context, Error, FieldErrors, Input, visits, wording};
use crate::app::App;
use crate::events::{Event, Kind};

/// How long an appointment is when nobody says: half an hour.
const USUAL_MINUTES: i64 = 30;

/// An appointment to be booked.
#[derive(Clone, Debug)]
pub struct AppointmentInput {
    /// With whom.
    pub patient: i64,
    /// Whose time; a doctor books his own and need not say so.
    pub doctor: Option<i64>,
    /// When it begins.
    pub date: DateTime<Utc>,
    /// How long, 5 to 480 minutes; half an hour when it is not said.
    pub duration_minutes: Option<i64>,
    /// What for.
    pub reason: String,
    /// What else is to be known.
    pub notes: String,
}

/// What may be changed of an appointment that is still to come. `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct AppointmentChange {
    /// When it begins.
    pub date: Option<DateTime<Utc>>,
    /// How long, 5 to 480 minutes.
    pub duration_minutes: Option<i64>,
    /// What for.
    pub reason: Option<String>,
    /// What else is to be known.
    pub notes: Option<String>,
}

/// Which appointments are wanted.
#[derive(Clone, Debug, Default)]
pub struct AppointmentQuery {
    /// With this patient.
    pub patient: Option<i64>,
    /// Of this doctor.
    pub doctor: Option<i64>,
    /// Beginning at this instant or later.
    pub from: Option<DateTime<Utc>>,
    /// Beginning before this instant.
    pub to: Option<DateTime<Utc>>,
    /// In this status.
    pub status: Option<AppointmentStatus>,
}

/// One page of the appointments that the caller may see, latest first, and how many there are in all.
pub async fn list(
    app: &App,
    ctx: &Context,
    wanted: AppointmentQuery,
    limit: i64,
    offset: i64,
) -> Result<(i64, Vec<AppointmentRow>), Error> {
    let scope = access::scope(&ctx.caller, Action::ReadAppointment)?;
    let mut filter = AppointmentFilter {
        patient: wanted.patient.map(PatientId),
        doctor: wanted.doctor.map(UserId),
        from: wanted.from,
        to: wanted.to,
        status: wanted.status,
    };
    match scope {
        Scope::All => {}
        Scope::Patient(own) if filter.patient.is_none_or(|asked| asked == own) => {
            filter.patient = Some(own);
        }
        Scope::Patient(_) | Scope::Doctor(_) | Scope::Invited(_) | Scope::Nothing => {
            return Ok((0, Vec::new()));
        }
    }
    let mut conn = app.db.read().await?;
    let count = appointments::count(&mut conn, &filter).await?;
    let rows = appointments::list(&mut conn, &filter, limit, offset).await?;
    drop(conn);
    let mut entry = ctx.audit(app.clock.now(), "appointment.list", "appointment", None);
    entry.detail = format!("{} rows", rows.len());
    app.audit_read(vec![entry]).await?;
    Ok((count, rows))
}

/// One appointment.
pub async fn retrieve(
    app: &App,
    ctx: &Context,
    id: AppointmentId,
) -> Result<AppointmentRow, Error> {
    access::may_ever(&ctx.caller, Action::ReadAppointment)?;
    let row = load(&mut app.db.read().await?, ctx, Action::ReadAppointment, id).await?;
    app.audit_read(vec![entry(app, ctx, "appointment.read", id)])
        .await?;
    Ok(row)
}

/// Books an appointment.
pub async fn create(
    app: &App,
    ctx: &Context,
    input: Input<AppointmentInput>,
) -> Result<Made<AppointmentRow>, Error> {
    access::may_ever(&ctx.caller, Action::CreateAppointment)?;
    let hash = input.hash().to_owned();
    let input = input.get()?;
    let now = app.clock.now();
    let mut wrong = FieldErrors::new();
    let own = (ctx.caller.role == Role::Doctor).then_some(ctx.caller.user.0);
    let doctor = input.doctor.or(own);
    if own.is_some() && doctor != own {
        wrong.add("doctor", "A doctor books his own time only.");
    }
    let duration_minutes = minutes(&mut wrong, input.duration_minutes.unwrap_or(USUAL_MINUTES));
    let reason = wording::text(&mut wrong, "reason", &input.reason, 500);
    let notes = wording::text(&mut wrong, "notes", &input.notes, 2000);

    let mut tx = app.db.begin().await?;
    if let Some(spent) = idempotent::begin(&mut tx, ctx, "POST appointments", &hash, now).await? {
        drop(tx);
        let row = retrieve(app, ctx, AppointmentId(spent.resource_id)).await?;
        return Ok(Made::again(row, &spent));
    }
    match doctor {
        Some(doctor) => visits::check_doctor(&mut tx, &mut wrong, "doctor", doctor).await?,
        None => wrong.add("doctor", "This field is required."),
    }
    let patient = patients::find(&mut tx, PatientId(input.patient)).await?;
    if !patient.is_some_and(|patient| patient.is_active) {
        wrong.add(
            "patient",
            format!("Patient {} does not exist or is archived.", input.patient),
        );
    }
    wrong.check()?;
    let new = NewAppointment {
        patient: PatientId(input.patient),
        doctor: UserId(doctor.unwrap_or_default()),
        date: input.date,
        duration_minutes,
        reason,
        notes,
        by: ctx.caller.user,
        at: now,
    };
    let id = appointments::insert(&mut tx, &new).await?;
    idempotent::settle(&mut tx, ctx, id.0, true, "").await?;
    let row = find(&mut tx, id).await?;
    audit::append(&mut tx, &[entry(app, ctx, "appointment.create", id)]).await?;
    tx.commit().await?;
    publish(app, &row);
    Ok(Made::new(row))
}

/// Changes an appointment that is still to come.
pub async fn update(
    app: &App,
    ctx: &Context,
    id: AppointmentId,
    input: Input<AppointmentChange>,
) -> Result<AppointmentRow, Error> {
    access::may_ever(&ctx.caller, Action::UpdateAppointment)?;
    load(
        &mut app.db.read().await?,
        ctx,
        Action::UpdateAppointment,
        id,
    )
    .await?;
    let input = input.get()?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    // Held, so that what was not sent is written back as it is and not as it was.
    appointments::lock(&mut tx, id, now).await?;
    let before = find(&mut tx, id).await?;
    let mut wrong = FieldErrors::new();
    let duration = input
        .duration_minutes
        .map_or(before.duration_minutes, |given| minutes(&mut wrong, given));
    let reason = match &input.reason {
        Some(reason) => wording::text(&mut wrong, "reason", reason, 500),
        None => before.reason,
    };
    let notes = match &input.notes {
        Some(notes) => wording::text(&mut wrong, "notes", notes, 2000),
        None => before.notes,
    };
    wrong.check()?;
    let date = input.date.unwrap_or(before.appointment_date);
    if !appointments::update(&mut tx, id, date, duration, &reason, &notes, now).await? {
        return Err(Error::conflict(
            "invalid_state",
            format!(
                "Appointment {id} is {} and cannot be changed.",
                before.status
            ),
        ));
    }
    let row = find(&mut tx, id).await?;
    audit::append(&mut tx, &[entry(app, ctx, "appointment.update", id)]).await?;
    tx.commit().await?;
    publish(app, &row);
    Ok(row)
}

/// Moves an appointment one step: confirmed, completed, cancelled, or nobody came.
pub async fn advance(
    app: &App,
    ctx: &Context,
    id: AppointmentId,
    step: AppointmentStep,
) -> Result<AppointmentRow, Error> {
    let (action, what) = match step {
        AppointmentStep::Confirm => (Action::UpdateAppointment, "appointment.confirm"),
        AppointmentStep::Cancel => (Action::UpdateAppointment, "appointment.cancel"),
        AppointmentStep::Miss => (Action::UpdateAppointment, "appointment.no_show"),
        AppointmentStep::Complete => (Action::CompleteAppointment, "appointment.complete"),
    };
    access::may_ever(&ctx.caller, action)?;
    let before = load(&mut app.db.read().await?, ctx, action, id).await?;
    let refused = |status: AppointmentStatus| {
        Error::conflict(
            "invalid_state",
            format!(
                "Cannot {} an appointment with status {status}.",
                step.verb()
            ),
        )
    };
    let to = appointment_after(before.status, step).ok_or_else(|| refused(before.status))?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let moved = appointments::transition(&mut tx, id, before.status, to, now).await?;
    let row = find(&mut tx, id).await?;
    if !moved {
        return Err(refused(row.status));
    }
    audit::append(&mut tx, &[entry(app, ctx, what, id)]).await?;
    tx.commit().await?;
    publish(app, &row);
    Ok(row)
}

async fn load(
    conn: &mut Conn,
    ctx: &Context,
    action: Action,
    id: AppointmentId,
) -> Result<AppointmentRow, Error> {
    let row = find(conn, id).await?;
    let subject = Subject {
        doctor: Some(row.doctor_id),
        patient: Some(row.patient_id),
        invited: Vec::new(),
    };
    access::may(&ctx.caller, action, &subject)?;
    Ok(row)
}

async fn find(conn: &mut Conn, id: AppointmentId) -> Result<AppointmentRow, Error> {
    appointments::find(conn, id)
        .await?
        .ok_or(Error::Denied(Denied::Scope))
}

fn minutes(wrong: &mut FieldErrors, given: i64) -> i64 {
    if !(5..=480).contains(&given) {
        wrong.add("duration_minutes", "From 5 to 480.");
    }
    given
}

fn entry(
    app: &App,
    ctx: &Context,
    action: &'static str,
    id: AppointmentId,
) -> televisit_storage::audit::NewEntry {
    ctx.audit(app.clock.now(), action, "appointment", Some(id.0))
}

fn publish(app: &App, row: &AppointmentRow) {
    app.events.publish(Event {
        kind: Kind::Appointment,
        id: row.id.0,
        doctor: Some(row.doctor_id),
        patient: Some(row.patient_id),
    });
}
