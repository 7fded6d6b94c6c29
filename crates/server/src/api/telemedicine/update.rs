//! `PATCH telemedicine/{id}/`.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use televisit_domain::ids::SessionId;
use utoipa::ToSchema;

use super::SessionOut;
use crate::api::error::ApiError;
use crate::api::extract::Id;
use crate::api::refusals::RefusedChange;
use crate::app::App;
use crate::service::{Context, Input, sessions};

/// What can be changed of a session. Any other field is refused.
#[derive(ToSchema)]
#[expect(
    dead_code,
    reason = "only described: the use case reads the fields by hand"
)]
pub struct SessionChangeIn {
    /// At any time before the notes are signed.
    notes: Option<String>,
    /// While SCHEDULED.
    scheduled_start: Option<DateTime<Utc>>,
    /// While SCHEDULED.
    recording_enabled: Option<bool>,
}

/// Change a session
///
/// By its doctor. Status, doctor, patient and visit are not writable; a status moves by `start/`, `end/` and `cancel/`.
#[utoipa::path(
    patch, path = "/api/v1/telemedicine/{id}/", tag = "telemedicine", params(("id" = i64, Path)),
    request_body = SessionChangeIn,
    responses((status = 200, description = "The session.", body = SessionOut), RefusedChange)
)]
pub async fn update_session(
    State(app): State<App>,
    ctx: Context,
    Id(id): Id,
    input: Input<Map<String, Value>>,
) -> Result<Json<SessionOut>, ApiError> {
    let view = sessions::update(&app, &ctx, SessionId(id), input).await?;
    Ok(Json(view.into()))
}
