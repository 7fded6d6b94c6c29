//! `GET /api/v1/users/{id}/`.

use axum::Json;
use axum::extract::State;
use televisit_domain::ids::UserId;

use super::UserOut;
use crate::api::answers::{Guarded, OfOne};
use crate::api::error::ApiError;
use crate::api::extract::Id;
use crate::app::App;
use crate::service::{Context, users};

/// One account
#[utoipa::path(
    get,
    path = "/users/{id}/",
    operation_id = "get_user",
    tag = "users",
    params(("id" = i64, Path, description = "The account.")),
    responses(
        (status = 200, description = "The account.", body = UserOut),
        Guarded,
        OfOne,
    ),
)]
pub async fn get_user(
    State(app): State<App>,
    ctx: Context,
    Id(id): Id,
) -> Result<Json<UserOut>, ApiError> {
    Ok(Json(users::get(&app, &ctx, UserId(id)).await?.into()))
}
