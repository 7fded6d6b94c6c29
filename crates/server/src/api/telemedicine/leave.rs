//! `POST telemedicine/{id}/leave/`.

use axum::Json;
use axum::extract::State;
use televisit_domain::ids::SessionId;

use super::SessionOut;
use crate::api::error::ApiError;
use crate::api::extract::Id;
use crate::api::refusals::RefusedRead;
use crate::app::App;
use crate::service::{Context, sessions};

/// Leave a session
///
/// The caller goes, the session goes on. Leaving twice changes nothing.
#[utoipa::path(
    post, path = "/api/v1/telemedicine/{id}/leave/", tag = "telemedicine", params(("id" = i64, Path)),
    responses((status = 200, description = "The session.", body = SessionOut), RefusedRead)
)]
pub async fn leave_session(
    State(app): State<App>,
    ctx: Context,
    Id(id): Id,
) -> Result<Json<SessionOut>, ApiError> {
    let view = sessions::leave(&app, &ctx, SessionId(id)).await?;
    Ok(Json(view.into()))
}
