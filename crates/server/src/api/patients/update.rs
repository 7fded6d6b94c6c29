//! `PATCH /api/v1/patients/{id}/`.

use axum::Json;
use axum::extract::State;
use televisit_domain::ids::PatientId;

use super::PatientOut;
use super::patient_in::PatientIn;
use crate::api::answers::{Guarded, Judged, OfOne};
use crate::api::error::ApiError;
use crate::api::extract::Id;
use crate::app::App;
use crate::service::{Context, Input, patients};

/// Change a patient record
///
/// What is not sent stays.
#[utoipa::path(
    patch,
    path = "/patients/{id}/",
    operation_id = "update_patient",
    tag = "patients",
    params(("id" = i64, Path, description = "The record.")),
    request_body = PatientIn,
    responses(
        (status = 200, description = "The record as it is now.", body = PatientOut),
        Judged,
        Guarded,
        OfOne,
    ),
)]
pub async fn update_patient(
    State(app): State<App>,
    ctx: Context,
    Id(id): Id,
    input: Input<PatientIn>,
) -> Result<Json<PatientOut>, ApiError> {
    let patient = patients::update(&app, &ctx, PatientId(id), input.map(Into::into)).await?;
    Ok(Json(PatientOut::new(patient, patients::today(&app))))
}
