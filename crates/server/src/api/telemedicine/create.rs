//! `POST telemedicine/`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::SessionOut;
use crate::api::error::{ApiError, ErrorOut};
use crate::api::refusals::RefusedCreate;
use crate::app::App;
use crate::service::sessions::{self, NewSessionInput};
use crate::service::{Context, Input};

/// A session to be made.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSessionIn {
    /// The OPEN visit it is for.
    pub visit: i64,
    /// Who holds it. A doctor makes sessions for himself; others name a doctor, or leave it to the visit's own.
    pub doctor: Option<i64>,
    /// When sent, it must be the visit's patient.
    pub patient: Option<i64>,
    /// When it is to begin; without an offset it is read as UTC.
    #[schema(format = DateTime, example = "2026-02-06T18:00:00Z")]
    pub scheduled_start: String,
    /// An appointment of the same patient.
    pub appointment: Option<i64>,
    /// Whether it is to be recorded; each person is asked for consent in the call.
    pub recording_enabled: Option<bool>,
    /// First notes.
    pub notes: Option<String>,
}

impl From<NewSessionIn> for NewSessionInput {
    fn from(body: NewSessionIn) -> Self {
        Self {
            visit: body.visit,
            doctor: body.doctor,
            patient: body.patient,
            scheduled_start: body.scheduled_start,
            appointment: body.appointment,
            recording_enabled: body.recording_enabled,
            notes: body.notes,
        }
    }
}

/// Make a session
///
/// A doctor makes one for himself, reception and admins for a named doctor. The visit must be OPEN and have no other
/// session that can still be held: else 409 `session_exists` with the number of that one in `session`.
#[utoipa::path(
    post, path = "/api/v1/telemedicine/", tag = "telemedicine", request_body = NewSessionIn,
    params(("Idempotency-Key" = Option<String>, Header, description = "Repeating a request with its key repeats its answer.")),
    responses(
        (status = 201, description = "The session.", body = SessionOut),
        RefusedCreate,
        (status = 409, description = "`session_exists` or `idempotency_conflict`.", body = ErrorOut),
        (status = 503, description = "The video provider of the settings is not available, and no fallback is permitted.", body = ErrorOut),
    )
)]
pub async fn create_session(
    State(app): State<App>,
    ctx: Context,
    input: Input<NewSessionIn>,
) -> Result<(StatusCode, Json<SessionOut>), ApiError> {
    let view = sessions::create(&app, &ctx, input.map(NewSessionInput::from)).await?;
    Ok((StatusCode::CREATED, Json(view.into())))
}
