//! Appointments.

use chrono::{DateTime, Utc};
use televisit_domain::ids::{AppointmentId, PatientId, UserId};
use televisit_domain::record::{AppointmentStatus, person_name};

use crate::{Conn, Result, Tx, on};

/// An appointment with the names of its people and the visit made from it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct AppointmentRow {
    /// Its number.
    #[sqlx(try_from = "i64")]
    pub id: AppointmentId,
    /// With whom.
    #[sqlx(try_from = "i64")]
    pub patient_id: PatientId,
    /// The patient's first name.
    pub patient_first_name: String,
    /// The patient's middle name.
    pub patient_middle_name: String,
    /// The patient's last name.
    pub patient_last_name: String,
    /// Whose time.
    #[sqlx(try_from = "i64")]
    pub doctor_id: UserId,
    /// The doctor's first name.
    pub doctor_first_name: String,
    /// The doctor's last name.
    pub doctor_last_name: String,
    /// The doctor's account name.
    pub doctor_username: String,
    /// The visit that was made from it.
    pub visit_id: Option<i64>,
    /// When it begins.
    pub appointment_date: DateTime<Utc>,
    /// How long it is planned to be.
    pub duration_minutes: i64,
    /// Where it stands.
    #[sqlx(try_from = "String")]
    pub status: AppointmentStatus,
    /// What for.
    pub reason: String,
    /// What else is to be known.
    pub notes: String,
    /// When it was booked.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl AppointmentRow {
    /// The doctor's name.
    pub fn doctor_name(&self) -> String {
        person_name(
            &self.doctor_first_name,
            &self.doctor_last_name,
            &self.doctor_username,
        )
    }
}

/// An appointment to be booked.
#[derive(Clone, Debug)]
pub struct NewAppointment {
    /// With whom.
    pub patient: PatientId,
    /// Whose time.
    pub doctor: UserId,
    /// When it begins.
    pub date: DateTime<Utc>,
    /// How long it is planned to be, 5 to 480 minutes.
    pub duration_minutes: i64,
    /// What for.
    pub reason: String,
    /// What else is to be known.
    pub notes: String,
    /// Who books it.
    pub by: UserId,
    /// When it is booked.
    pub at: DateTime<Utc>,
}

/// Which appointments are wanted; what is `None` does not matter.
#[derive(Clone, Debug, Default)]
pub struct AppointmentFilter {
    /// With this patient.
    pub patient: Option<PatientId>,
    /// Of this doctor.
    pub doctor: Option<UserId>,
    /// Beginning at this instant or later.
    pub from: Option<DateTime<Utc>>,
    /// Beginning before this instant.
    pub to: Option<DateTime<Utc>>,
    /// In this status.
    pub status: Option<AppointmentStatus>,
}

macro_rules! appointments {
    ($($rest:expr),+) => {
        concat!(
            "SELECT a.id, a.patient_id, p.first_name AS patient_first_name, p.middle_name AS patient_middle_name,
                    p.last_name AS patient_last_name, a.doctor_id, d.first_name AS doctor_first_name,
                    d.last_name AS doctor_last_name, d.username AS doctor_username,
                    (SELECT v.id FROM visit v WHERE v.appointment_id = a.id) AS visit_id,
                    a.appointment_date, a.duration_minutes, a.status, a.reason, a.notes, a.created_at, a.updated_at
               FROM appointment a
               JOIN patient p ON p.id = a.patient_id
               JOIN user_account d ON d.id = a.doctor_id ",
            $($rest),+
        )
    };
}

/// The filter: `$1` to `$5` are patient, doctor, from, to, status.
macro_rules! wanted {
    () => {
        "WHERE ($1 IS NULL OR a.patient_id = $1) AND ($2 IS NULL OR a.doctor_id = $2)
           AND ($3 IS NULL OR a.appointment_date >= $3) AND ($4 IS NULL OR a.appointment_date < $4)
           AND ($5 IS NULL OR a.status = $5) "
    };
}

const LIST: &str = appointments!(
    wanted!(),
    "ORDER BY a.appointment_date DESC, a.id DESC LIMIT $6 OFFSET $7"
);
const COUNT: &str = concat!("SELECT COUNT(*) FROM appointment a ", wanted!());

/// Books an appointment.
pub async fn insert(tx: &mut Tx, new: &NewAppointment) -> Result<AppointmentId> {
    let id: i64 = on!(tx, |c| {
        sqlx::query_scalar(
            "INSERT INTO appointment (patient_id, doctor_id, appointment_date, duration_minutes, status, reason, notes, created_by, created_at, updated_at)
             VALUES ($1, $2, $3, $4, 'SCHEDULED', $5, $6, $7, $8, $8) RETURNING id",
        )
        .bind(new.patient.0)
        .bind(new.doctor.0)
        .bind(new.date)
        .bind(new.duration_minutes)
        .bind(&new.reason)
        .bind(&new.notes)
        .bind(new.by.0)
        .bind(new.at)
        .fetch_one(c)
        .await?
    });
    Ok(AppointmentId(id))
}

/// The appointment with this number.
pub async fn find(conn: &mut Conn, id: AppointmentId) -> Result<Option<AppointmentRow>> {
    Ok(on!(conn, |c| sqlx::query_as(appointments!(
        "WHERE a.id = $1"
    ))
    .bind(id.0)
    .fetch_optional(c)
    .await?))
}

/// The compare-and-set of an appointment's status; `false` when it is no longer `from`.
pub async fn transition(
    tx: &mut Tx,
    id: AppointmentId,
    from: AppointmentStatus,
    to: AppointmentStatus,
    now: DateTime<Utc>,
) -> Result<bool> {
    Ok(on!(tx, |c| {
        sqlx::query(
            "UPDATE appointment SET status = $3, updated_at = $4 WHERE id = $1 AND status = $2",
        )
        .bind(id.0)
        .bind(from.as_str())
        .bind(to.as_str())
        .bind(now)
        .execute(c)
        .await?
        .rows_affected()
    }) == 1)
}

/// Writes what may be changed of an appointment that is still to come; `false` when it is not or not there.
pub async fn update(
    tx: &mut Tx,
    id: AppointmentId,
    date: DateTime<Utc>,
    duration_minutes: i64,
    reason: &str,
    notes: &str,
    now: DateTime<Utc>,
) -> Result<bool> {
    Ok(on!(tx, |c| {
        sqlx::query(
            "UPDATE appointment SET appointment_date = $2, duration_minutes = $3, reason = $4, notes = $5, updated_at = $6
              WHERE id = $1 AND status IN ('SCHEDULED', 'CONFIRMED')",
        )
        .bind(id.0)
        .bind(date)
        .bind(duration_minutes)
        .bind(reason)
        .bind(notes)
        .bind(now)
        .execute(c)
        .await?
        .rows_affected()
    }) == 1)
}

/// One page of appointments, latest first.
pub async fn list(
    conn: &mut Conn,
    filter: &AppointmentFilter,
    limit: i64,
    offset: i64,
) -> Result<Vec<AppointmentRow>> {
    Ok(on!(conn, |c| {
        sqlx::query_as(LIST)
            .bind(filter.patient.map(|p| p.0))
            .bind(filter.doctor.map(|d| d.0))
            .bind(filter.from)
            .bind(filter.to)
            .bind(filter.status.map(AppointmentStatus::as_str))
            .bind(limit)
            .bind(offset)
            .fetch_all(c)
            .await?
    }))
}

/// How many appointments [`list`] has in all its pages.
pub async fn count(conn: &mut Conn, filter: &AppointmentFilter) -> Result<i64> {
    Ok(on!(conn, |c| {
        sqlx::query_scalar(COUNT)
            .bind(filter.patient.map(|p| p.0))
            .bind(filter.doctor.map(|d| d.0))
            .bind(filter.from)
            .bind(filter.to)
            .bind(filter.status.map(AppointmentStatus::as_str))
            .fetch_one(c)
            .await?
    }))
}

/// Holds the appointment's row until the end of the transaction, so that what is then read of it stays true.
pub async fn lock(tx: &mut Tx, id: AppointmentId, now: DateTime<Utc>) -> Result<()> {
    on!(tx, |c| {
        sqlx::query("UPDATE appointment SET updated_at = $2 WHERE id = $1")
            .bind(id.0)
            .bind(now)
            .execute(c)
            .await?;
    });
    Ok(())
}
