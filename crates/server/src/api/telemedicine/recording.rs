//! Recording and transcript. This version makes neither: the calls are there and say so.

use std::convert::Infallible;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use televisit_domain::ids::SessionId;
use utoipa::IntoParams;

use super::SessionOut;
use crate::api::error::{ApiError, ErrorOut};
use crate::api::extract::{Id, Query};
use crate::api::refusals::RefusedRead;
use crate::app::App;
use crate::service::{Context, sessions};

/// Ask for a transcript
///
/// By the doctor of the session, when it is COMPLETED and was recorded. Nothing is recorded in this version, so the
/// answer is 409 with the reason.
#[utoipa::path(
    post, path = "/api/v1/telemedicine/{id}/request-transcription/", tag = "telemedicine", params(("id" = i64, Path)),
    responses(
        (status = 202, description = "The session, its transcript PENDING.", body = SessionOut),
        RefusedRead,
        (status = 409, description = "`invalid_state`, `no_recording` or `transcription_unavailable`.", body = ErrorOut),
    )
)]
pub async fn request_transcription(
    State(app): State<App>,
    ctx: Context,
    Id(id): Id,
) -> Result<(StatusCode, Json<SessionOut>), ApiError> {
    let view = sessions::request_transcription(&app, &ctx, SessionId(id)).await?;
    Ok((StatusCode::ACCEPTED, Json(view.into())))
}

/// Get the recording
///
/// For the doctor and the patient of the session and for admins. Nothing is recorded in this version: 404 `no_recording`.
#[utoipa::path(
    get, path = "/api/v1/telemedicine/{id}/recording/", tag = "telemedicine", params(("id" = i64, Path)),
    responses(RefusedRead)
)]
pub async fn get_recording(
    State(app): State<App>,
    ctx: Context,
    Id(id): Id,
) -> Result<Infallible, ApiError> {
    Err(sessions::recording(&app, &ctx, SessionId(id)).await.into())
}

/// The form of a transcript.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Format {
    Json,
    Vtt,
    Srt,
    Txt,
}

/// Which form is asked for.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TranscriptIn {
    /// `json` (default), `vtt`, `srt` or `txt`.
    #[param(value_type = Option<String>)]
    #[expect(dead_code, reason = "judged now, used when there are transcripts")]
    format: Option<Format>,
}

/// Get the transcript
///
/// For the doctor and the patient of the session. Nothing is transcribed in this version: 404 `no_transcript`.
#[utoipa::path(
    get, path = "/api/v1/telemedicine/{id}/transcript/", tag = "telemedicine",
    params(("id" = i64, Path), TranscriptIn),
    responses(RefusedRead)
)]
pub async fn get_transcript(
    State(app): State<App>,
    ctx: Context,
    Id(id): Id,
    _format: Query<TranscriptIn>,
) -> Result<Infallible, ApiError> {
    Err(sessions::transcript(&app, &ctx, SessionId(id)).await.into())
}
