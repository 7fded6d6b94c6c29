//! `GET /api/v1/patients/{id}/`.

use axum::Json;
use axum::extract::State;
use televisit_domain::ids::PatientId;

use super::PatientOut;
use crate::api::answers::{Guarded, OfOne};
use crate::api::error::ApiError;
use crate::api::extract::Id;
use crate::app::App;
use crate::service::{Context, patients};

/// One patient record
#[utoipa::path(
    get,
    path = "/patients/{id}/",
    operation_id = "get_patient",
    tag = "patients",
    params(("id" = i64, Path, description = "The record.")),
    responses(
        (status = 200, description = "The record.", body = PatientOut),
        Guarded,
        OfOne,
    ),
)]
pub async fn get_patient(
    State(app): State<App>,
    ctx: Context,
    Id(id): Id,
) -> Result<Json<PatientOut>, ApiError> {
    let patient = patients::get(&app, &ctx, PatientId(id)).await?;
    Ok(Json(PatientOut::new(patient, patients::today(&app))))
}
