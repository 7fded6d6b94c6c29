//! `POST /api/v1/users/{id}/set-password/`.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use televisit_domain::ids::UserId;
use utoipa::ToSchema;

use crate::api::answers::{Guarded, Judged, OfOne};
use crate::api::error::ApiError;
use crate::api::extract::Id;
use crate::app::App;
use crate::service::{Context, Input, users};

/// Another password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetPasswordIn {
    /// At least 8 characters.
    #[schema(required, nullable = false)]
    password: Option<String>,
}

/// Give an account another password
///
/// Every sign-in of the account ends.
#[utoipa::path(
    post,
    path = "/users/{id}/set-password/",
    operation_id = "set_user_password",
    tag = "users",
    params(("id" = i64, Path, description = "The account.")),
    request_body = SetPasswordIn,
    responses(
        (status = 204, description = "The old password is dead."),
        Judged,
        Guarded,
        OfOne,
    ),
)]
pub async fn set_user_password(
    State(app): State<App>,
    ctx: Context,
    Id(id): Id,
    input: Input<SetPasswordIn>,
) -> Result<StatusCode, ApiError> {
    users::set_password(&app, &ctx, UserId(id), input.map(|sent| sent.password)).await?;
    Ok(StatusCode::NO_CONTENT)
}
