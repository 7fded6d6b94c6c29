//! `GET appointments/{id}/`.

use axum::Json;
use axum::extract::State;
use televisit_domain::ids::AppointmentId;

use super::AppointmentOut;
use crate::api::error::ApiError;
use crate::api::extract::Id;
use crate::api::refusals::RefusedRead;
use crate::app::App;
use crate::service::{Context, appointments};

/// Read an appointment
#[utoipa::path(
    get, path = "/api/v1/appointments/{id}/", tag = "appointments", params(("id" = i64, Path)),
    responses((status = 200, description = "The appointment.", body = AppointmentOut), RefusedRead)
)]
pub async fn get_appointment(
    State(app): State<App>,
    ctx: Context,
    Id(id): Id,
) -> Result<Json<AppointmentOut>, ApiError> {
    let row = appointments::retrieve(&app, &ctx, AppointmentId(id)).await?;
    Ok(Json(row.into()))
}
