//! An appointment on the wire.

use chrono::{DateTime, Utc};
use serde::Serialize;
use televisit_domain::record::{AppointmentStatus, full_name};
use televisit_storage::appointments::AppointmentRow;
use utoipa::ToSchema;

/// An appointment.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AppointmentOut {
    /// Its number.
    pub id: i64,
    /// The patient record.
    pub patient: i64,
    /// The patient's name.
    pub patient_name: String,
    /// The doctor's account.
    pub doctor: i64,
    /// The doctor's name.
    pub doctor_name: String,
    /// The visit that was made from it.
    pub visit: Option<i64>,
    /// When it begins.
    pub appointment_date: DateTime<Utc>,
    /// How long it is planned to be.
    pub duration_minutes: i64,
    /// `SCHEDULED`, `CONFIRMED`, `COMPLETED`, `CANCELLED` or `NO_SHOW`.
    #[schema(value_type = String, example = "SCHEDULED")]
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

impl From<AppointmentRow> for AppointmentOut {
    fn from(row: AppointmentRow) -> Self {
        Self {
            id: row.id.0,
            patient: row.patient_id.0,
            patient_name: full_name(
                &row.patient_first_name,
                &row.patient_middle_name,
                &row.patient_last_name,
            ),
            doctor: row.doctor_id.0,
            doctor_name: row.doctor_name(),
            visit: row.visit_id,
            appointment_date: row.appointment_date,
            duration_minutes: row.duration_minutes,
            status: row.status,
            reason: row.reason,
            notes: row.notes,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}
