//! Telemedicine sessions. None is ever deleted, and a status changes only by [`transition`].

use chrono::{DateTime, Utc};
use sqlx::QueryBuilder;
use televisit_domain::access::Scope;
use televisit_domain::ids::{AppointmentId, PatientId, SessionId, UserId, VisitId};
use televisit_domain::session::{
    RecordingStatus, SessionStatus, TranscriptionStatus, VideoProviderName,
};

use crate::{Conn, Result, Tx, on};

/// A session with the names of its doctor and patient.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Session {
    /// Its number.
    #[sqlx(try_from = "i64")]
    pub id: SessionId,
    /// The visit it belongs to.
    #[sqlx(try_from = "i64")]
    pub visit_id: VisitId,
    /// The appointment it was made for.
    pub appointment_id: Option<i64>,
    /// The visit's patient.
    #[sqlx(try_from = "i64")]
    pub patient_id: PatientId,
    /// The doctor who holds it.
    #[sqlx(try_from = "i64")]
    pub doctor_id: UserId,
    /// What carries pictures and voices.
    #[sqlx(try_from = "String")]
    pub provider: VideoProviderName,
    /// Why it is not the provider that the clinic chose; empty when it is.
    pub provider_fallback_reason: String,
    /// The provider's number of the room.
    pub room_sid: String,
    /// The room's unguessable name.
    pub room_name: String,
    /// Where it stands.
    #[sqlx(try_from = "String")]
    pub status: SessionStatus,
    /// When it is to begin.
    pub scheduled_start: DateTime<Utc>,
    /// When the doctor started it.
    pub actual_start: Option<DateTime<Utc>>,
    /// When the visit ended or failed.
    pub actual_end: Option<DateTime<Utc>>,
    /// Seconds between the two.
    pub duration_seconds: Option<i64>,
    /// Whether it is to be recorded.
    pub recording_enabled: bool,
    /// Where the recording stands.
    #[sqlx(try_from = "String")]
    pub recording_status: RecordingStatus,
    /// The doctor's notes.
    pub notes: String,
    /// When the notes became a signed record; they cannot be changed after that.
    pub signed_at: Option<DateTime<Utc>>,
    /// Where the transcript stands.
    #[sqlx(try_from = "String")]
    pub transcription_status: TranscriptionStatus,
    /// Why there is no transcript.
    pub transcription_error: String,
    /// The transcript as plain text.
    pub transcription_text: String,
    /// When a transcript was last asked for.
    pub transcription_requested_at: Option<DateTime<Utc>>,
    /// When the transcript was done.
    pub transcription_completed_at: Option<DateTime<Utc>>,
    /// Why the session was cancelled or failed.
    pub error_message: String,
    /// Who created it.
    #[sqlx(try_from = "i64")]
    pub created_by: UserId,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// The doctor's first name.
    pub doctor_first_name: String,
    /// The doctor's last name.
    pub doctor_last_name: String,
    /// The doctor's user name, shown when he has no other.
    pub doctor_username: String,
    /// The patient's first name.
    pub patient_first_name: String,
    /// The patient's middle name.
    pub patient_middle_name: String,
    /// The patient's last name.
    pub patient_last_name: String,
}

/// One SQL text that reads [`Session`]s: with `$more` columns (each after a comma) and `$tail` after the joins.
macro_rules! select_session {
    ($tail:literal) => {
        $crate::sessions::select_session!("", $tail)
    };
    ($more:literal, $tail:literal) => {
        concat!(
            "SELECT s.id, s.visit_id, s.appointment_id, s.patient_id, s.doctor_id, s.provider,
                    s.provider_fallback_reason, s.room_sid, s.room_name, s.status, s.scheduled_start, s.actual_start,
                    s.actual_end, s.duration_seconds, s.recording_enabled, s.recording_status, s.notes, s.signed_at,
                    s.transcription_status, s.transcription_error, s.transcription_text,
                    s.transcription_requested_at, s.transcription_completed_at, s.error_message, s.created_by,
                    s.created_at, s.updated_at,
                    d.first_name AS doctor_first_name, d.last_name AS doctor_last_name,
                    d.username AS doctor_username,
                    p.first_name AS patient_first_name, p.middle_name AS patient_middle_name,
                    p.last_name AS patient_last_name",
            $more,
            " FROM telemedicine_session s
               JOIN user_account d ON d.id = s.doctor_id
               JOIN patient p ON p.id = s.patient_id ",
            $tail
        )
    };
}
pub(crate) use select_session;

/// A session to be created; it begins as SCHEDULED.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// The visit.
    pub visit: VisitId,
    /// The appointment, if it is for one.
    pub appointment: Option<AppointmentId>,
    /// The visit's patient.
    pub patient: PatientId,
    /// Who holds it.
    pub doctor: UserId,
    /// What carries it.
    pub provider: VideoProviderName,
    /// Why not the chosen provider.
    pub provider_fallback_reason: String,
    /// The provider's number of the room.
    pub room_sid: String,
    /// The room's name.
    pub room_name: String,
    /// When it is to begin.
    pub scheduled_start: DateTime<Utc>,
    /// Whether it is to be recorded.
    pub recording_enabled: bool,
    /// First notes.
    pub notes: String,
    /// Who creates it.
    pub created_by: UserId,
    /// Now.
    pub at: DateTime<Utc>,
}

/// What a change of status writes beside the status. `None` leaves the column as it is.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// When the visit began.
    pub actual_start: Option<DateTime<Utc>>,
    /// When it came to its end.
    pub actual_end: Option<DateTime<Utc>>,
    /// How long it took.
    pub duration_seconds: Option<i64>,
    /// The doctor's notes.
    pub notes: Option<String>,
    /// Why it was cancelled or failed.
    pub error_message: Option<String>,
}

/// Which sessions a list holds.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of this visit.
    pub visit: Option<VisitId>,
    /// Of this doctor.
    pub doctor: Option<UserId>,
    /// Of this patient.
    pub patient: Option<PatientId>,
    /// In this status.
    pub status: Option<SessionStatus>,
    /// To begin at or after.
    pub from: Option<DateTime<Utc>>,
    /// To begin before.
    pub until: Option<DateTime<Utc>>,
    /// Created before this one: where the page before ended.
    pub below: Option<SessionId>,
}

/// The name of the unique index that lets a visit have one session that can still be held.
pub const ONE_LIVE_SESSION: &str = "session_live_visit";

/// Creates a session as SCHEDULED. [`ONE_LIVE_SESSION`] is the conflict when the visit has one already.
pub async fn create(tx: &mut Tx, new: &NewSession) -> Result<SessionId> {
    let id: i64 = on!(tx, |c| {
        sqlx::query_scalar(
            "INSERT INTO telemedicine_session (visit_id, appointment_id, patient_id, doctor_id, provider,
                    provider_fallback_reason, room_sid, room_name, status, scheduled_start, recording_enabled, notes,
                    created_by, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'SCHEDULED', $9, $10, $11, $12, $13, $13) RETURNING id",
        )
        .bind(new.visit.0)
        .bind(new.appointment.map(|id| id.0))
        .bind(new.patient.0)
        .bind(new.doctor.0)
        .bind(new.provider.as_str())
        .bind(&new.provider_fallback_reason)
        .bind(&new.room_sid)
        .bind(&new.room_name)
        .bind(new.scheduled_start)
        .bind(new.recording_enabled)
        .bind(&new.notes)
        .bind(new.created_by.0)
        .bind(new.at)
        .fetch_one(c)
        .await?
    });
    Ok(SessionId(id))
}

/// The session with this number.
pub async fn by_id(conn: &mut Conn, id: SessionId) -> Result<Option<Session>> {
    Ok(on!(conn, |c| {
        sqlx::query_as(select_session!("WHERE s.id = $1"))
            .bind(id.0)
            .fetch_optional(c)
            .await?
    }))
}

/// The session of a visit that can still be held.
pub async fn live_of_visit(conn: &mut Conn, visit: VisitId) -> Result<Option<SessionId>> {
    let id: Option<i64> = on!(conn, |c| {
        sqlx::query_scalar(
            "SELECT id FROM telemedicine_session WHERE visit_id = $1 AND status IN ('SCHEDULED', 'IN_PROGRESS')",
        )
        .bind(visit.0)
        .fetch_optional(c)
        .await?
    });
    Ok(id.map(SessionId))
}

/// Up to `limit` sessions within the scope, newest first.
pub async fn list(
    conn: &mut Conn,
    scope: Scope,
    filter: &Filter,
    limit: i64,
) -> Result<Vec<Session>> {
    Ok(on!(conn, |c| {
        let mut query = QueryBuilder::new(select_session!("WHERE 1 = 1"));
        narrow(&mut query, scope, filter);
        query.push(" ORDER BY s.id DESC LIMIT ").push_bind(limit);
        query.build_query_as().fetch_all(c).await?
    }))
}

/// Adds the conditions of scope and filter.
fn narrow<DB>(query: &mut QueryBuilder<DB>, scope: Scope, filter: &Filter)
where
    DB: sqlx::Database,
    for<'a> i64: sqlx::Encode<'a, DB> + sqlx::Type<DB>,
    for<'a> &'a str: sqlx::Encode<'a, DB> + sqlx::Type<DB>,
    for<'a> DateTime<Utc>: sqlx::Encode<'a, DB> + sqlx::Type<DB>,
{
    const INVITED: &str = "EXISTS (SELECT 1 FROM participant i WHERE i.session_id = s.id AND i.invited_at IS NOT NULL AND i.user_id = ";
    match scope {
        Scope::All => {}
        Scope::Doctor(doctor) => {
            query.push(" AND (s.doctor_id = ").push_bind(doctor.0);
            query.push(" OR ").push(INVITED).push_bind(doctor.0);
            query.push("))");
        }
        Scope::Patient(patient) => {
            query.push(" AND s.patient_id = ").push_bind(patient.0);
        }
        Scope::Invited(user) => {
            query.push(" AND ").push(INVITED).push_bind(user.0);
            query.push(")");
        }
        Scope::Nothing => {
            query.push(" AND 1 = 0");
        }
    }
    if let Some(visit) = filter.visit {
        query.push(" AND s.visit_id = ").push_bind(visit.0);
    }
    if let Some(doctor) = filter.doctor {
        query.push(" AND s.doctor_id = ").push_bind(doctor.0);
    }
    if let Some(patient) = filter.patient {
        query.push(" AND s.patient_id = ").push_bind(patient.0);
    }
    if let Some(status) = filter.status {
        query.push(" AND s.status = ").push_bind(status.as_str());
    }
    if let Some(from) = filter.from {
        query.push(" AND s.scheduled_start >= ").push_bind(from);
    }
    if let Some(until) = filter.until {
        query.push(" AND s.scheduled_start < ").push_bind(until);
    }
    if let Some(below) = filter.below {
        query.push(" AND s.id < ").push_bind(below.0);
    }
}

/// THE change of a status: done only when the status is still `from`, told by the answer. What may follow what is
/// decided by [`televisit_domain::session::transition`].
pub async fn transition(
    tx: &mut Tx,
    id: SessionId,
    from: SessionStatus,
    to: SessionStatus,
    change: &Change,
    now: DateTime<Utc>,
) -> Result<bool> {
    let done = on!(tx, |c| {
        sqlx::query(
            "UPDATE telemedicine_session
                SET status = $3, actual_start = COALESCE($4, actual_start), actual_end = COALESCE($5, actual_end),
                    duration_seconds = COALESCE($6, duration_seconds), notes = COALESCE($7, notes),
                    error_message = COALESCE($8, error_message), updated_at = $9
              WHERE id = $1 AND status = $2",
        )
        .bind(id.0)
        .bind(from.as_str())
        .bind(to.as_str())
        .bind(change.actual_start)
        .bind(change.actual_end)
        .bind(change.duration_seconds)
        .bind(change.notes.as_deref())
        .bind(change.error_message.as_deref())
        .bind(now)
        .execute(c)
        .await?
        .rows_affected()
    });
    Ok(done == 1)
}

/// Writes the notes unless the record is signed, told by the answer.
pub async fn set_notes(
    tx: &mut Tx,
    id: SessionId,
    notes: &str,
    now: DateTime<Utc>,
) -> Result<bool> {
    let done = on!(tx, |c| {
        sqlx::query(
            "UPDATE telemedicine_session SET notes = $2, updated_at = $3 WHERE id = $1 AND signed_at IS NULL",
        )
        .bind(id.0)
        .bind(notes)
        .bind(now)
        .execute(c)
        .await?
        .rows_affected()
    });
    Ok(done == 1)
}

/// Moves a session that has not begun, or changes whether it is to be recorded; `None` leaves as it is. The answer
/// tells whether it was still SCHEDULED.
pub async fn plan(
    tx: &mut Tx,
    id: SessionId,
    scheduled_start: Option<DateTime<Utc>>,
    recording_enabled: Option<bool>,
    now: DateTime<Utc>,
) -> Result<bool> {
    let done = on!(tx, |c| {
        sqlx::query(
            "UPDATE telemedicine_session
                SET scheduled_start = COALESCE($2, scheduled_start),
                    recording_enabled = COALESCE($3, recording_enabled), updated_at = $4
              WHERE id = $1 AND status = 'SCHEDULED'",
        )
        .bind(id.0)
        .bind(scheduled_start)
        .bind(recording_enabled)
        .bind(now)
        .execute(c)
        .await?
        .rows_affected()
    });
    Ok(done == 1)
}

/// Holds the session's row until the end of the transaction and tells its status, so that it cannot end meanwhile.
pub async fn hold(tx: &mut Tx, id: SessionId) -> Result<Option<SessionStatus>> {
    let status: Option<String> = on!(tx, |c| {
        sqlx::query_scalar(
            "UPDATE telemedicine_session SET updated_at = updated_at WHERE id = $1 RETURNING status",
        )
        .bind(id.0)
        .fetch_optional(c)
        .await?
    });
    // The column's CHECK knows the same words.
    Ok(status.and_then(|word| word.parse().ok()))
}
