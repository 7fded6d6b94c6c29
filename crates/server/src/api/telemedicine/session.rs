//! The session object.

use chrono::{DateTime, Utc};
use serde::Serialize;
use televisit_domain::record::full_name;
use televisit_domain::session::{SessionStatus, duration_minutes};
use televisit_storage::participants::Participant;
use utoipa::ToSchema;

use crate::api::billing::ChargeOut;
use crate::service::sessions::{View, doctor_display_name, person_name};

/// A telemedicine session. All keys, always: `""` for an empty text, `null` for an absent time, number or relation.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SessionOut {
    id: i64,
    /// The visit it belongs to.
    visit: i64,
    appointment: Option<i64>,
    /// `embedded`, `twilio` or `livekit`.
    #[schema(example = "embedded")]
    provider: &'static str,
    /// Why it is not the provider that the settings name.
    provider_fallback_reason: String,
    room_sid: String,
    room_name: String,
    /// `SCHEDULED`, `IN_PROGRESS`, `COMPLETED`, `CANCELLED` or `FAILED`.
    #[schema(example = "SCHEDULED")]
    status: &'static str,
    doctor: i64,
    doctor_name: String,
    /// With the title, as patients know the doctor.
    #[schema(example = "Dr Amina Wanjiru")]
    doctor_display_name: String,
    patient: i64,
    patient_name: String,
    scheduled_start: DateTime<Utc>,
    actual_start: Option<DateTime<Utc>>,
    actual_end: Option<DateTime<Utc>>,
    duration_seconds: Option<i64>,
    /// Rounded to the nearest.
    duration_minutes: Option<i64>,
    recording_enabled: bool,
    /// `""` while nothing was recorded.
    recording_status: &'static str,
    /// `""` while there is nothing to play.
    recording_url: String,
    /// For the doctor and the patient of the session; `""` for others.
    notes: String,
    /// `""`, `PENDING`, `PROCESSING`, `COMPLETED`, `NO_SPEECH`, `UNAVAILABLE` or `FAILED`.
    transcription_status: &'static str,
    transcription_error: String,
    /// For the doctor and the patient of the session; `""` for others.
    transcription_text: String,
    transcription_requested_at: Option<DateTime<Utc>>,
    transcription_completed_at: Option<DateTime<Utc>>,
    /// Why the session was cancelled or failed.
    error_message: String,
    created_by: i64,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    /// Whether the visit is being held now: the status is `IN_PROGRESS`.
    is_active: bool,
    /// What it was billed as.
    billing: Option<ChargeOut>,
    participants: Vec<ParticipantOut>,
}

/// Somebody who was invited or came. Doctor and patient of the session appear when they have come.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ParticipantOut {
    /// The seat; the same number in the call's protocol.
    id: i64,
    /// The account.
    user: i64,
    user_name: String,
    /// `ADMIN`, `DOCTOR`, `NURSE`, `RECEPTIONIST` or `PATIENT`.
    #[schema(example = "PATIENT")]
    user_role: &'static str,
    display_name: String,
    /// When the person first came.
    joined_at: Option<DateTime<Utc>>,
    /// When the person last left; null while here.
    left_at: Option<DateTime<Utc>>,
    is_present: bool,
    /// `good`, `fair` or `poor`.
    #[schema(example = "good")]
    connection_quality: &'static str,
    device_type: String,
    browser: String,
}

impl From<View> for SessionOut {
    fn from(view: View) -> Self {
        let s = view.session;
        let doctor_name = person_name(
            &s.doctor_first_name,
            &s.doctor_last_name,
            &s.doctor_username,
        );
        Self {
            id: s.id.0,
            visit: s.visit_id.0,
            appointment: s.appointment_id,
            provider: s.provider.as_str(),
            provider_fallback_reason: s.provider_fallback_reason,
            room_sid: s.room_sid,
            room_name: s.room_name,
            status: s.status.as_str(),
            doctor: s.doctor_id.0,
            doctor_display_name: doctor_display_name(&doctor_name),
            doctor_name,
            patient: s.patient_id.0,
            patient_name: full_name(
                &s.patient_first_name,
                &s.patient_middle_name,
                &s.patient_last_name,
            ),
            scheduled_start: s.scheduled_start,
            actual_start: s.actual_start,
            actual_end: s.actual_end,
            duration_seconds: s.duration_seconds,
            duration_minutes: s.duration_seconds.map(duration_minutes),
            recording_enabled: s.recording_enabled,
            recording_status: s.recording_status.as_str(),
            recording_url: String::new(),
            notes: s.notes,
            transcription_status: s.transcription_status.as_str(),
            transcription_error: s.transcription_error,
            transcription_text: s.transcription_text,
            transcription_requested_at: s.transcription_requested_at,
            transcription_completed_at: s.transcription_completed_at,
            error_message: s.error_message,
            created_by: s.created_by.0,
            created_at: s.created_at,
            updated_at: s.updated_at,
            is_active: s.status == SessionStatus::InProgress,
            billing: view.billing.map(ChargeOut::from),
            participants: view
                .participants
                .into_iter()
                .map(ParticipantOut::from)
                .collect(),
        }
    }
}

impl From<Participant> for ParticipantOut {
    fn from(p: Participant) -> Self {
        Self {
            id: p.id,
            user: p.user_id.0,
            user_name: p.user_name,
            user_role: p.user_role.as_str(),
            display_name: p.display_name,
            joined_at: p.joined_at,
            left_at: p.left_at,
            is_present: p.is_present,
            connection_quality: p.connection_quality.as_str(),
            device_type: p.device_type,
            browser: p.browser,
        }
    }
}
