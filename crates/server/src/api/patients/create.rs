//! `POST /api/v1/patients/`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;

use super::PatientOut;
use super::patient_in::PatientIn;
use crate::api::answers::{Contended, Guarded, Judged};
use crate::api::error::ApiError;
use crate::app::App;
use crate::service::{Context, Input, patients};

/// Register a patient
#[utoipa::path(
    post,
    path = "/patients/",
    operation_id = "create_patient",
    tag = "patients",
    request_body = PatientIn,
    responses(
        (status = 201, description = "The record.", body = PatientOut),
        Judged,
        Guarded,
        Contended,
    ),
)]
pub async fn create_patient(
    State(app): State<App>,
    ctx: Context,
    input: Input<PatientIn>,
) -> Result<(StatusCode, Json<PatientOut>), ApiError> {
    let made = patients::create(&app, &ctx, input.map(Into::into)).await?;
    let out = PatientOut::new(made.record, patients::today(&app));
    Ok((StatusCode::CREATED, Json(out)))
}
