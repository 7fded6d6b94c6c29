//! `POST /api/v1/users/`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use televisit_domain::access::Role;
use televisit_domain::ids::PatientId;
use utoipa::ToSchema;

use super::UserOut;
use crate::api::answers::{Contended, Guarded, Judged};
use crate::api::error::ApiError;
use crate::app::App;
use crate::service::users::{self, UserDraft};
use crate::service::{Context, Input};

/// An account to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserIn {
    /// From 3 to 64 letters, digits, dots, hyphens, plus signs and underscores.
    #[schema(required, nullable = false)]
    username: Option<String>,
    /// At least 8 characters.
    #[schema(required, nullable = false)]
    password: Option<String>,
    /// `ADMIN`, `DOCTOR`, `NURSE`, `RECEPTIONIST` or `PATIENT`.
    #[schema(value_type = String, required, nullable = false, example = "DOCTOR")]
    role: Option<Role>,
    email: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    specialization: Option<String>,
    /// The patient record; exactly a patient's account has one.
    patient: Option<i64>,
}

/// Make an account
#[utoipa::path(
    post,
    path = "/users/",
    operation_id = "create_user",
    tag = "users",
    request_body = UserIn,
    responses(
        (status = 201, description = "The account.", body = UserOut),
        Judged,
        Guarded,
        Contended,
    ),
)]
pub async fn create_user(
    State(app): State<App>,
    ctx: Context,
    input: Input<UserIn>,
) -> Result<(StatusCode, Json<UserOut>), ApiError> {
    let draft = input.map(|sent| UserDraft {
        username: sent.username,
        password: sent.password,
        role: sent.role,
        email: sent.email,
        first_name: sent.first_name,
        last_name: sent.last_name,
        specialization: sent.specialization,
        patient: sent.patient.map(PatientId),
    });
    let made = users::create(&app, &ctx, draft).await?;
    Ok((StatusCode::CREATED, Json(made.record.into())))
}
