//! `POST appointments/{id}/confirm/` and the other three that move an appointment's status.

use axum::Json;
use axum::extract::State;
use televisit_domain::ids::AppointmentId;
use televisit_domain::record::AppointmentStep;

use super::AppointmentOut;
use crate::api::error::ApiError;
use crate::api::extract::Id;
use crate::api::refusals::RefusedChange;
use crate::app::App;
use crate::service::{Context, appointments};

type Answer = Result<Json<AppointmentOut>, ApiError>;

async fn advance(app: &App, ctx: &Context, id: i64, step: AppointmentStep) -> Answer {
    let row = appointments::advance(app, ctx, AppointmentId(id), step).await?;
    Ok(Json(row.into()))
}

/// Confirm an appointment
///
/// From SCHEDULED: reception, administrators and its own doctor.
#[utoipa::path(
    post, path = "/api/v1/appointments/{id}/confirm/", tag = "appointments", params(("id" = i64, Path)),
    responses((status = 200, description = "The appointment.", body = AppointmentOut), RefusedChange)
)]
pub async fn confirm_appointment(State(app): State<App>, ctx: Context, Id(id): Id) -> Answer {
    advance(&app, &ctx, id, AppointmentStep::Confirm).await
}

/// Complete an appointment
///
/// From SCHEDULED or CONFIRMED: its own doctor and administrators.
#[utoipa::path(
    post, path = "/api/v1/appointments/{id}/complete/", tag = "appointments", params(("id" = i64, Path)),
    responses((status = 200, description = "The appointment.", body = AppointmentOut), RefusedChange)
)]
pub async fn complete_appointment(State(app): State<App>, ctx: Context, Id(id): Id) -> Answer {
    advance(&app, &ctx, id, AppointmentStep::Complete).await
}

/// Cancel an appointment
///
/// From SCHEDULED or CONFIRMED: reception, administrators and its own doctor.
#[utoipa::path(
    post, path = "/api/v1/appointments/{id}/cancel/", tag = "appointments", params(("id" = i64, Path)),
    responses((status = 200, description = "The appointment.", body = AppointmentOut), RefusedChange)
)]
pub async fn cancel_appointment(State(app): State<App>, ctx: Context, Id(id): Id) -> Answer {
    advance(&app, &ctx, id, AppointmentStep::Cancel).await
}

/// Say that the patient did not come
///
/// From SCHEDULED or CONFIRMED: reception, administrators and its own doctor.
#[utoipa::path(
    post, path = "/api/v1/appointments/{id}/no-show/", tag = "appointments", params(("id" = i64, Path)),
    responses((status = 200, description = "The appointment.", body = AppointmentOut), RefusedChange)
)]
pub async fn miss_appointment(State(app): State<App>, ctx: Context, Id(id): Id) -> Answer {
    advance(&app, &ctx, id, AppointmentStep::Miss).await
}
