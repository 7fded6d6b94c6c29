//! `GET /api/v1/auth/doctors/`.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::answers::Guarded;
use crate::api::error::ApiError;
use crate::app::App;
use crate::service::{Context, users};

/// A doctor, as somebody who books needs to know.
#[derive(Serialize, ToSchema)]
pub struct DoctorOut {
    id: i64,
    first_name: String,
    last_name: String,
    full_name: String,
    specialization: String,
}

/// The active doctors, by name
#[utoipa::path(
    get,
    path = "/doctors/",
    operation_id = "list_doctors",
    tag = "auth",
    responses(
        (status = 200, description = "Every active doctor.", body = Vec<DoctorOut>),
        Guarded,
    ),
)]
pub async fn list_doctors(
    State(app): State<App>,
    ctx: Context,
) -> Result<Json<Vec<DoctorOut>>, ApiError> {
    let doctors = users::doctors(&app, &ctx).await?;
    let out = doctors.into_iter().map(|doctor| DoctorOut {
        id: doctor.id.0,
        full_name: doctor.full_name(),
        first_name: doctor.first_name,
        last_name: doctor.last_name,
        specialization: doctor.specialization,
    });
    Ok(Json(out.collect()))
}
