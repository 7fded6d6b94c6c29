//! `POST telemedicine/{id}/start/`.

use axum::Json;
use axum::extract::State;
use televisit_domain::ids::SessionId;

use super::SessionOut;
use crate::api::error::{ApiError, ErrorOut};
use crate::api::extract::Id;
use crate::api::refusals::RefusedRead;
use crate::app::App;
use crate::service::{Context, sessions};

/// Start a session
///
/// By its doctor, once: everybody who waits is let in. Of parallel calls one succeeds, the others get 409.
#[utoipa::path(
    post, path = "/api/v1/telemedicine/{id}/start/", tag = "telemedicine", params(("id" = i64, Path)),
    responses(
        (status = 200, description = "The session, IN_PROGRESS.", body = SessionOut),
        RefusedRead,
        (status = 409, description = "`invalid_state`: it is not SCHEDULED.", body = ErrorOut),
    )
)]
pub async fn start_session(
    State(app): State<App>,
    ctx: Context,
    Id(id): Id,
) -> Result<Json<SessionOut>, ApiError> {
    let view = sessions::start(&app, &ctx, SessionId(id)).await?;
    Ok(Json(view.into()))
}
