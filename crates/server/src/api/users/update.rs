//! `PATCH /api/v1/users/{id}/`.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use televisit_domain::access::Role;
use televisit_domain::ids::{PatientId, UserId};
use utoipa::ToSchema;

use super::UserOut;
use crate::api::answers::{Guarded, Judged, OfOne};
use crate::api::error::ApiError;
use crate::api::extract::Id;
use crate::api::partial::{Fixed, given};
use crate::app::App;
use crate::service::users::{self, UserEdit};
use crate::service::{Context, Input};

/// What is to be changed; what is not sent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserChangeIn {
    email: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    /// `ADMIN`, `DOCTOR`, `NURSE`, `RECEPTIONIST` or `PATIENT`.
    #[schema(value_type = Option<String>)]
    role: Option<Role>,
    specialization: Option<String>,
    /// `false` disables the account and ends all its sign-ins.
    is_active: Option<bool>,
    /// The patient record; exactly a patient's account has one.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i64>)]
    #[expect(
        clippy::option_option,
        reason = "not sent, sent as null, sent as a number"
    )]
    patient: Option<Option<i64>>,
    #[serde(default, rename = "id")]
    #[schema(ignore)]
    _id: Fixed,
    #[serde(default, rename = "username")]
    #[schema(ignore)]
    _username: Fixed,
    #[serde(default, rename = "full_name")]
    #[schema(ignore)]
    _full_name: Fixed,
    #[serde(default, rename = "date_joined")]
    #[schema(ignore)]
    _date_joined: Fixed,
}

/// Change an account
///
/// Nobody can disable himself or take the administrator's role from himself.
#[utoipa::path(
    patch,
    path = "/users/{id}/",
    operation_id = "update_user",
    tag = "users",
    params(("id" = i64, Path, description = "The account.")),
    request_body = UserChangeIn,
    responses(
        (status = 200, description = "The account as it is now.", body = UserOut),
        Judged,
        Guarded,
        OfOne,
    ),
)]
pub async fn update_user(
    State(app): State<App>,
    ctx: Context,
    Id(id): Id,
    input: Input<UserChangeIn>,
) -> Result<Json<UserOut>, ApiError> {
    let edit = input.map(|sent| UserEdit {
        email: sent.email,
        first_name: sent.first_name,
        last_name: sent.last_name,
        role: sent.role,
        specialization: sent.specialization,
        is_active: sent.is_active,
        patient: sent.patient.map(|patient| patient.map(PatientId)),
    });
    Ok(Json(
        users::update(&app, &ctx, UserId(id), edit).await?.into(),
    ))
}
