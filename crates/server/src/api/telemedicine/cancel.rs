//! `POST telemedicine/{id}/cancel/`.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use televisit_domain::ids::SessionId;
use utoipa::ToSchema;

use super::SessionOut;
use crate::api::error::ApiError;
use crate::api::extract::Id;
use crate::api::refusals::RefusedChange;
use crate::app::App;
use crate::service::sessions::{self, CancelInput};
use crate::service::{Context, Input};

/// Why it is called off.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelIn {
    /// In a few words, at most 500 characters; shown on the session as `error_message`.
    #[serde(default)]
    pub reason: String,
}

/// Cancel a session
///
/// While SCHEDULED, by its doctor, reception or an admin.
#[utoipa::path(
    post, path = "/api/v1/telemedicine/{id}/cancel/", tag = "telemedicine", request_body = CancelIn,
    params(("id" = i64, Path)),
    responses((status = 200, description = "The session, CANCELLED.", body = SessionOut), RefusedChange)
)]
pub async fn cancel_session(
    State(app): State<App>,
    ctx: Context,
    Id(id): Id,
    input: Input<CancelIn>,
) -> Result<Json<SessionOut>, ApiError> {
    let view = sessions::cancel(
        &app,
        &ctx,
        SessionId(id),
        input.map(|body| CancelInput {
            reason: body.reason,
        }),
    )
    .await?;
    Ok(Json(view.into()))
}
