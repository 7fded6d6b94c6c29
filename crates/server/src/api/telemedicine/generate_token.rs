//! `POST telemedicine/{id}/generate-token/`.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::Serialize;
use televisit_domain::ids::SessionId;
use utoipa::ToSchema;

use crate::api::error::{ApiError, ErrorOut};
use crate::api::extract::Id;
use crate::api::origin::Origin;
use crate::api::refusals::RefusedRead;
use crate::app::App;
use crate::service::sessions::{self, RoomToken};
use crate::service::{Context, Input};

/// The right to enter a room, with what is needed to use it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RoomTokenOut {
    /// Send it in the first message on the WebSocket, never in an address.
    token: String,
    room_name: String,
    room_sid: String,
    session_id: i64,
    provider: &'static str,
    /// The WebSocket of the call.
    #[schema(example = "wss://clinic.example/api/v1/telemedicine/signal/")]
    url: String,
    expires_at: DateTime<Utc>,
}

impl RoomTokenOut {
    pub(super) fn new(token: RoomToken, origin: &Origin) -> Self {
        Self {
            token: token.token,
            room_name: token.room_name,
            room_sid: token.room_sid,
            session_id: token.session.0,
            provider: token.provider.as_str(),
            url: origin.socket("/api/v1/telemedicine/signal/"),
            expires_at: token.expires_at,
        }
    }
}

/// Get a room token
///
/// For the doctor, the patient and those who were invited, while the session is SCHEDULED (they wait in its lobby) or
/// IN_PROGRESS. It lives ten minutes.
#[utoipa::path(
    post, path = "/api/v1/telemedicine/{id}/generate-token/", tag = "telemedicine", params(("id" = i64, Path)),
    responses(
        (status = 200, description = "The token.", body = RoomTokenOut),
        RefusedRead,
        (status = 409, description = "The session is over.", body = ErrorOut),
    )
)]
pub async fn create_room_token(
    State(app): State<App>,
    ctx: Context,
    Id(id): Id,
    origin: Origin,
    _body: Input<serde_json::Value>,
) -> Result<Json<RoomTokenOut>, ApiError> {
    let token = sessions::room_token(&app, &ctx, SessionId(id)).await?;
    Ok(Json(RoomTokenOut::new(token, &origin)))
}
