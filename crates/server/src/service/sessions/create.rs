//! A session is made for a visit.

use chrono::{DateTime, Utc};
use televisit_domain::access::{self, Action, Role};
use televisit_domain::ids::{AppointmentId, SessionId, UserId, VisitId};
use televisit_domain::instant::parse_instant;
use televisit_domain::record::VisitStatus;
use televisit_domain::session::VideoProviderName;
use televisit_storage::sessions::{self, NewSession, ONE_LIVE_SESSION, Session};
use televisit_storage::visits::{self, VisitRow};
use televisit_storage::{Conn, appointments, audit, session_events, users};

use super::view::complete_one;
use super::{NOTES_LIMIT, View, load, publish};
use crate::app::App;
use crate::service::{Context, Error, FieldErrors, Input, idempotent, wording};

/// A session to be made.
#[derive(Clone, Debug, Default)]
pub struct NewSessionInput {
    /// The OPEN visit it is for.
    pub visit: i64,
    /// Who holds it. A doctor makes sessions for himself; others name a doctor, or leave it to the visit's own.
    pub doctor: Option<i64>,
    /// When sent, it must be the visit's patient.
    pub patient: Option<i64>,
    /// When it is to begin; without an offset it is read as UTC.
    pub scheduled_start: String,
    /// An appointment of the same patient.
    pub appointment: Option<i64>,
    /// Whether it is to be recorded; each person is asked for consent in the call.
    pub recording_enabled: Option<bool>,
    /// First notes.
    pub notes: Option<String>,
}

/// A session to be made for an appointment, as older clients ask for it.
#[derive(Clone, Debug, Default)]
pub struct FromAppointmentInput {
    /// The appointment; a visit must have been opened for it.
    pub appointment_id: i64,
    /// Whether it is to be recorded.
    pub recording_enabled: Option<bool>,
}

/// What was found to be right.
struct Plan {
    visit: VisitRow,
    doctor: UserId,
    appointment: Option<AppointmentId>,
    scheduled_start: DateTime<Utc>,
    recording_enabled: bool,
    notes: String,
}

/// Makes a session for an open visit. A visit has at most one that can still be held.
pub async fn create(
    app: &App,
    ctx: &Context,
    input: Input<NewSessionInput>,
) -> Result<View, Error> {
    access::may_ever(&ctx.caller, Action::CreateSession)?;
    let hash = input.hash().to_owned();
    let plan = judge(&mut app.db.read().await?, ctx, &input.get()?).await?;
    carry_out(app, ctx, plan, "POST telemedicine/", &hash).await
}

/// Makes a session for the visit of an appointment, at its time and with its doctor.
pub async fn create_from_appointment(
    app: &App,
    ctx: &Context,
    input: Input<FromAppointmentInput>,
) -> Result<View, Error> {
    const FIELD: &str = "appointment_id";
    access::may_ever(&ctx.caller, Action::CreateSession)?;
    let hash = input.hash().to_owned();
    let input = input.get()?;
    let mut conn = app.db.read().await?;
    let appointment = appointments::find(&mut conn, AppointmentId(input.appointment_id))
        .await?
        .ok_or_else(|| Error::field(FIELD, "There is no appointment with this number."))?;
    let visit = appointment
        .visit_id
        .ok_or_else(|| Error::field(FIELD, "No visit has been opened for this appointment yet."))?;
    let full = NewSessionInput {
        visit,
        doctor: Some(appointment.doctor_id.0),
        patient: None,
        scheduled_start: appointment.appointment_date.to_rfc3339(),
        appointment: Some(input.appointment_id),
        recording_enabled: input.recording_enabled,
        notes: None,
    };
    let plan = judge(&mut conn, ctx, &full).await?;
    drop(conn);
    carry_out(app, ctx, plan, "POST telemedicine/create-session/", &hash).await
}

/// Judges everything that was sent, so that one answer names all that is wrong.
async fn judge(conn: &mut Conn, ctx: &Context, input: &NewSessionInput) -> Result<Plan, Error> {
    let mut wrong = FieldErrors::new();
    let visit = visits::find(conn, VisitId(input.visit)).await?;
    match &visit {
        None => wrong.add("visit", "There is no visit with this number."),
        Some(visit) if visit.status != VisitStatus::Open => {
            wrong.add("visit", closed(visit.id));
        }
        Some(visit) if input.patient.is_some_and(|id| id != visit.patient_id.0) => {
            wrong.add("patient", "This is not the patient of the visit.");
        }
        Some(_) => {}
    }
    let doctor = match doctor(conn, ctx, input, visit.as_ref()).await? {
        Ok(doctor) => Some(doctor),
        Err(sentence) => {
            wrong.add("doctor", sentence);
            None
        }
    };
    if let (Some(id), Some(visit)) = (input.appointment, &visit) {
        match appointments::find(conn, AppointmentId(id)).await? {
            None => wrong.add("appointment", "There is no appointment with this number."),
            Some(found) if found.patient_id != visit.patient_id => {
                wrong.add(
                    "appointment",
                    "This appointment is of another patient than the visit.",
                );
            }
            Some(_) => {}
        }
    }
    let start = parse_instant(&input.scheduled_start);
    if let Err(error) = start {
        wrong.add("scheduled_start", error.to_string());
    }
    let notes = input.notes.clone().unwrap_or_default();
    wording::text(&mut wrong, "notes", &notes, NOTES_LIMIT);
    match (visit, doctor, start) {
        (Some(visit), Some(doctor), Ok(scheduled_start)) if wrong.is_empty() => Ok(Plan {
            appointment: input
                .appointment
                .or(visit.appointment_id)
                .map(AppointmentId),
            visit,
            doctor,
            scheduled_start,
            recording_enabled: input.recording_enabled.unwrap_or(false),
            notes,
        }),
        _ => Err(Error::Invalid(wrong)),
    }
}

/// Who is to hold the session, or what is wrong with who was named.
async fn doctor(
    conn: &mut Conn,
    ctx: &Context,
    input: &NewSessionInput,
    visit: Option<&VisitRow>,
) -> Result<Result<UserId, &'static str>, Error> {
    if ctx.caller.role == Role::Doctor {
        return Ok(match input.doctor {
            Some(id) if id != ctx.caller.user.0 => Err("A doctor makes sessions for himself only."),
            _ => Ok(ctx.caller.user),
        });
    }
    let assigned = visit.and_then(|visit| visit.assigned_doctor_id);
    let Some(id) = input.doctor.or(assigned).map(UserId) else {
        return Ok(Err(
            "This field is required: the visit has no doctor of its own.",
        ));
    };
    Ok(match users::find(conn, id).await? {
        Some(user) if user.role == Role::Doctor && user.is_active => Ok(id),
        Some(user) if user.role == Role::Doctor => Err("This doctor's account is disabled."),
        Some(_) | None => Err("There is no doctor with this number."),
    })
}

async fn carry_out(
    app: &App,
    ctx: &Context,
    plan: Plan,
    route: &'static str,
    hash: &str,
) -> Result<View, Error> {
    let (provider, provider_fallback_reason) = provider(app)?;
    let room_name = room_name()?;
    let now = app.clock.now();
    let visit = plan.visit.id;
    let mut tx = app.db.begin().await?;
    if let Some(spent) = idempotent::begin(&mut tx, ctx, route, hash, now).await? {
        let id = SessionId(spent.resource_id);
        let session = load(&mut tx, &ctx.caller, Action::CreateSession, id).await?;
        return Ok(complete_one(&mut tx, &ctx.caller, session).await?);
    }
    if visits::lock(&mut tx, visit, now).await? != Some(VisitStatus::Open) {
        return Err(Error::field("visit", closed(visit)));
    }
    if let Some(live) = sessions::live_of_visit(&mut tx, visit).await? {
        return Err(session_exists(visit, live));
    }
    let new = NewSession {
        visit,
        appointment: plan.appointment,
        patient: plan.visit.patient_id,
        doctor: plan.doctor,
        provider,
        provider_fallback_reason,
        room_sid: format!("EM{room_name}"),
        room_name,
        scheduled_start: plan.scheduled_start,
        recording_enabled: plan.recording_enabled,
        notes: plan.notes,
        created_by: ctx.caller.user,
        at: now,
    };
    let id = match sessions::create(&mut tx, &new).await {
        Ok(id) => id,
        // The lock on the visit makes this impossible; the index is what makes it certain.
        Err(error) if error.is_conflict_on(ONE_LIVE_SESSION) => {
            drop(tx);
            let live = sessions::live_of_visit(&mut app.db.read().await?, visit).await?;
            return Err(session_exists(visit, live.unwrap_or(SessionId(0))));
        }
        Err(error) => return Err(error.into()),
    };
    session_events::add(&mut tx, id, "created", Some(ctx.caller.user), "", now).await?;
    let session: Session = load(&mut tx, &ctx.caller, Action::CreateSession, id).await?;
    let view = complete_one(&mut tx, &ctx.caller, session).await?;
    idempotent::settle(&mut tx, ctx, id.0, true, "").await?;
    audit::append(&mut tx, &[super::audit(app, ctx, "session.create", id)]).await?;
    tx.commit().await?;
    publish(app, &view.session);
    Ok(view)
}

fn closed(visit: VisitId) -> String {
    format!("Visit {visit} is closed. Open a new visit for another session.")
}

fn session_exists(visit: VisitId, live: SessionId) -> Error {
    Error::Conflict {
        code: "session_exists",
        detail: format!(
            "Visit {visit} already has session {live}, which has not ended. End or cancel it first."
        ),
        extra: std::collections::BTreeMap::from([("session", live.0)]),
    }
}

/// What carries the session, and why it is not what the settings name. The embedded media server is the only provider
/// of this version, and it needs no call before somebody joins.
fn provider(app: &App) -> Result<(VideoProviderName, String), Error> {
    let wanted = app.config.video_provider;
    if wanted == VideoProviderName::Embedded {
        return Ok((wanted, String::new()));
    }
    if app.config.video_fallback == "none" {
        return Err(Error::Unavailable {
            code: "provider_unavailable",
            detail: format!(
                "The video provider {wanted} is not available in this version, and TELEMEDICINE_VIDEO_FALLBACK is none."
            ),
        });
    }
    let reason = format!("The video provider {wanted} is not available in this version.");
    Ok((VideoProviderName::Embedded, reason))
}

/// 32 hexadecimal digits that nobody can guess.
fn room_name() -> Result<String, Error> {
    use std::fmt::Write as _;
    let mut bytes = [0; 16];
    aws_lc_rs::rand::fill(&mut bytes)
        .map_err(|_| Error::Internal("the system gave no random numbers".into()))?;
    Ok(bytes.iter().fold(String::new(), |mut name, byte| {
        let _ = write!(name, "{byte:02x}");
        name
    }))
}
