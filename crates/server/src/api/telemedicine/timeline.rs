//! `GET telemedicine/{id}/timeline/`.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::Serialize;
use televisit_domain::ids::SessionId;
use utoipa::ToSchema;

use crate::api::error::ApiError;
use crate::api::extract::Id;
use crate::api::refusals::RefusedRead;
use crate::app::App;
use crate::service::{Context, sessions};

/// One thing that happened.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MomentOut {
    at: DateTime<Utc>,
    /// `created`, `started`, `joined`, `left`, `ended`, `cancelled`, `failed`, `billed`, `notes_saved` or `invited`.
    #[schema(example = "started")]
    kind: String,
    /// `""` for the system.
    actor_name: String,
    detail: String,
}

/// What happened in a session
///
/// Oldest first.
#[utoipa::path(
    get, path = "/api/v1/telemedicine/{id}/timeline/", tag = "telemedicine", params(("id" = i64, Path)),
    responses((status = 200, description = "What happened.", body = [MomentOut]), RefusedRead)
)]
pub async fn get_session_timeline(
    State(app): State<App>,
    ctx: Context,
    Id(id): Id,
) -> Result<Json<Vec<MomentOut>>, ApiError> {
    let moments = sessions::timeline(&app, &ctx, SessionId(id)).await?;
    let moments = moments
        .into_iter()
        .map(|moment| MomentOut {
            at: moment.at,
            kind: moment.kind,
            actor_name: moment.actor_name,
            detail: moment.detail,
        })
        .collect();
    Ok(Json(moments))
}
