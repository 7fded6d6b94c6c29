//! `POST /api/v1/patients/{id}/restore/`.

use axum::Json;
use axum::extract::State;
use televisit_domain::ids::PatientId;

use super::PatientOut;
use crate::api::answers::{Guarded, OfOne};
use crate::api::error::ApiError;
use crate::api::extract::Id;
use crate::app::App;
use crate::service::{Context, patients};

/// Take a patient record back from the archive
///
/// Restoring it again changes nothing.
#[utoipa::path(
    post,
    path = "/patients/{id}/restore/",
    operation_id = "restore_patient",
    tag = "patients",
    params(("id" = i64, Path, description = "The record.")),
    responses(
        (status = 200, description = "The record as it is now.", body = PatientOut),
        Guarded,
        OfOne,
    ),
)]
pub async fn restore_patient(
    State(app): State<App>,
    ctx: Context,
    Id(id): Id,
) -> Result<Json<PatientOut>, ApiError> {
    let patient = patients::set_active(&app, &ctx, PatientId(id), true).await?;
    Ok(Json(PatientOut::new(patient, patients::today(&app))))
}
