//! `POST appointments/`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::AppointmentOut;
use crate::api::error::ApiError;
use crate::api::instant::Instant;
use crate::api::refusals::RefusedCreate;
use crate::app::App;
use crate::service::appointments::{self, AppointmentInput};
use crate::service::{Context, Input};

/// An appointment to be booked.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AppointmentIn {
    /// With whom.
    patient: i64,
    /// Whose time; a doctor books his own and need not say so.
    doctor: Option<i64>,
    /// When it begins; without an offset it is read as UTC.
    #[schema(value_type = String, format = DateTime, example = "2026-02-06T18:00:00Z")]
    appointment_date: Instant,
    /// How long, 5 to 480; 30 when it is not sent.
    duration_minutes: Option<i64>,
    /// What for, at most 500 characters.
    #[serde(default)]
    reason: String,
    /// What else is to be known, at most 2000 characters.
    #[serde(default)]
    notes: String,
}

impl From<AppointmentIn> for AppointmentInput {
    fn from(body: AppointmentIn) -> Self {
        Self {
            patient: body.patient,
            doctor: body.doctor,
            date: body.appointment_date.0,
            duration_minutes: body.duration_minutes,
            reason: body.reason,
            notes: body.notes,
        }
    }
}

/// Book an appointment
#[utoipa::path(
    post, path = "/api/v1/appointments/", tag = "appointments", request_body = AppointmentIn,
    params(("Idempotency-Key" = Option<String>, Header, description = "Repeating a request with its key repeats its answer.")),
    responses((status = 201, description = "The appointment.", body = AppointmentOut), RefusedCreate)
)]
pub async fn create_appointment(
    State(app): State<App>,
    ctx: Context,
    input: Input<AppointmentIn>,
) -> Result<(StatusCode, Json<AppointmentOut>), ApiError> {
    let made = appointments::create(&app, &ctx, input.map(Into::into)).await?;
    Ok((made.status(), Json(made.record.into())))
}
