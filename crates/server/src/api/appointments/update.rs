//! `PATCH appointments/{id}/`.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use televisit_domain::ids::AppointmentId;
use utoipa::ToSchema;

use super::AppointmentOut;
use crate::api::error::ApiError;
use crate::api::extract::Id;
use crate::api::instant::Instant;
use crate::api::partial::Fixed;
use crate::api::refusals::RefusedChange;
use crate::app::App;
use crate::service::appointments::{self, AppointmentChange};
use crate::service::{Context, Input};

/// What may be changed of an appointment that is still to come. A field that is not sent stays as it is.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(
    dead_code,
    reason = "the fixed fields are only there to be refused by name"
)]
pub struct AppointmentChangeIn {
    /// When it begins.
    #[schema(value_type = Option<String>, format = DateTime)]
    appointment_date: Option<Instant>,
    /// How long, 5 to 480.
    duration_minutes: Option<i64>,
    /// What for, at most 500 characters.
    reason: Option<String>,
    /// What else is to be known, at most 2000 characters.
    notes: Option<String>,
    #[serde(default)]
    #[schema(ignore)]
    id: Fixed,
    #[serde(default)]
    #[schema(ignore)]
    patient: Fixed,
    #[serde(default)]
    #[schema(ignore)]
    patient_name: Fixed,
    #[serde(default)]
    #[schema(ignore)]
    doctor: Fixed,
    #[serde(default)]
    #[schema(ignore)]
    doctor_name: Fixed,
    #[serde(default)]
    #[schema(ignore)]
    visit: Fixed,
    #[serde(default)]
    #[schema(ignore)]
    status: Fixed,
    #[serde(default)]
    #[schema(ignore)]
    created_at: Fixed,
    #[serde(default)]
    #[schema(ignore)]
    updated_at: Fixed,
}

impl From<AppointmentChangeIn> for AppointmentChange {
    fn from(body: AppointmentChangeIn) -> Self {
        Self {
            date: body.appointment_date.map(|date| date.0),
            duration_minutes: body.duration_minutes,
            reason: body.reason,
            notes: body.notes,
        }
    }
}

/// Change an appointment
///
/// While it is SCHEDULED or CONFIRMED: reception, administrators and its own doctor.
#[utoipa::path(
    patch, path = "/api/v1/appointments/{id}/", tag = "appointments", request_body = AppointmentChangeIn,
    params(("id" = i64, Path)),
    responses((status = 200, description = "The appointment.", body = AppointmentOut), RefusedChange)
)]
pub async fn update_appointment(
    State(app): State<App>,
    ctx: Context,
    Id(id): Id,
    input: Input<AppointmentChangeIn>,
) -> Result<Json<AppointmentOut>, ApiError> {
    let row = appointments::update(&app, &ctx, AppointmentId(id), input.map(Into::into)).await?;
    Ok(Json(row.into()))
}
