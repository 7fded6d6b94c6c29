//! What clients of the older API call: other names for the same.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use televisit_domain::ids::SessionId;
use utoipa::ToSchema;

use super::SessionOut;
use super::generate_token::RoomTokenOut;
use crate::api::error::{ApiError, ErrorOut};
use crate::api::extract::Id;
use crate::api::origin::Origin;
use crate::api::refusals::{RefusedChange, RefusedCreate, RefusedRead};
use crate::app::App;
use crate::service::sessions::{self, FromAppointmentInput};
use crate::service::{Context, Input};

/// Which session.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenIn {
    session_id: i64,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FromAppointmentIn {
    /// The appointment; a visit must have been opened for it.
    pub appointment_id: i64,
    /// Whether it is to be recorded.
    pub recording_enabled: Option<bool>,
}

impl From<FromAppointmentIn> for FromAppointmentInput {
    fn from(body: FromAppointmentIn) -> Self {
        Self {
            appointment_id: body.appointment_id,
            recording_enabled: body.recording_enabled,
        }
    }
}

/// Where to join.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct JoinOut {
    /// The page of the call.
    #[schema(example = "https://clinic.example/telemedicine/12/call")]
    meeting_link: String,
    session_id: i64,
    /// The room token.
    access_token: String,
    room_name: String,
}

/// A new session with the page of its call.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SessionWithLinkOut {
    #[serde(flatten)]
    session: SessionOut,
    /// The page of the call.
    #[schema(example = "https://clinic.example/telemedicine/12/call")]
    meeting_link: String,
}

/// Get a room token, with the session in the body
///
/// The same as `telemedicine/{id}/generate-token/`.
#[utoipa::path(
    post, path = "/api/v1/telemedicine/token/", tag = "telemedicine, older names", request_body = TokenIn,
    responses((status = 200, description = "The token.", body = RoomTokenOut), RefusedChange)
)]
pub async fn create_token_by_body(
    State(app): State<App>,
    ctx: Context,
    origin: Origin,
    input: Input<TokenIn>,
) -> Result<Json<RoomTokenOut>, ApiError> {
    sessions::may_join_any(&ctx)?;
    let id = SessionId(input.get()?.session_id);
    let token = sessions::room_token(&app, &ctx, id).await?;
    Ok(Json(RoomTokenOut::new(token, &origin)))
}

/// Join a session
///
/// The same token as `telemedicine/{id}/generate-token/`, with the page of the call.
#[utoipa::path(
    get, path = "/api/v1/telemedicine/{id}/join/", tag = "telemedicine, older names", params(("id" = i64, Path)),
    responses(
        (status = 200, description = "Where to join.", body = JoinOut),
        RefusedRead,
        (status = 409, description = "The session is over.", body = ErrorOut),
    )
)]
pub async fn join_session(
    State(app): State<App>,
    ctx: Context,
    Id(id): Id,
    origin: Origin,
) -> Result<Json<JoinOut>, ApiError> {
    let token = sessions::room_token(&app, &ctx, SessionId(id)).await?;
    Ok(Json(JoinOut {
        meeting_link: meeting_link(&origin, token.session),
        session_id: token.session.0,
        access_token: token.token,
        room_name: token.room_name,
    }))
}

/// Make a session for an appointment
///
/// At the time of the appointment and with its doctor, for the visit that was opened for it.
#[utoipa::path(
    post, path = "/api/v1/telemedicine/create-session/", tag = "telemedicine, older names", request_body = FromAppointmentIn,
    params(("Idempotency-Key" = Option<String>, Header, description = "Repeating a request with its key repeats its answer.")),
    responses(
        (status = 201, description = "The session.", body = SessionWithLinkOut),
        RefusedCreate,
        (status = 409, description = "`session_exists` or `idempotency_conflict`.", body = ErrorOut),
    )
)]
pub async fn create_session_from_appointment(
    State(app): State<App>,
    ctx: Context,
    origin: Origin,
    input: Input<FromAppointmentIn>,
) -> Result<(StatusCode, Json<SessionWithLinkOut>), ApiError> {
    let view = sessions::create_from_appointment(&app, &ctx, input.map(FromAppointmentInput::from))
        .await?;
    let meeting_link = meeting_link(&origin, view.session.id);
    let answer = SessionWithLinkOut {
        session: view.into(),
        meeting_link,
    };
    Ok((StatusCode::CREATED, Json(answer)))
}

fn meeting_link(origin: &Origin, session: SessionId) -> String {
    origin.page(&format!("/telemedicine/{session}/call"))
}
