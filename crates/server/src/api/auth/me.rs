//! `GET /api/v1/auth/me/`.

use axum::Json;
use axum::extract::State;

use crate::api::error::{ApiError, ErrorOut};
use crate::api::users::UserOut;
use crate::app::App;
use crate::service::{Context, users};

/// The account that is signed in
#[utoipa::path(
    get,
    path = "/me/",
    operation_id = "get_me",
    tag = "auth",
    responses(
        (status = 200, description = "The caller's account.", body = UserOut),
        (status = 401, description = "No or bad access token.", body = ErrorOut),
    ),
)]
pub async fn get_me(State(app): State<App>, ctx: Context) -> Result<Json<UserOut>, ApiError> {
    Ok(Json(users::me(&app, &ctx).await?.into()))
}
