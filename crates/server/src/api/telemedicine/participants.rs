//! `POST telemedicine/{id}/participants/` and `DELETE telemedicine/{id}/participants/{user}/`.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use televisit_domain::ids::{SessionId, UserId};
use utoipa::ToSchema;

use super::SessionOut;
use crate::api::error::ApiError;
use crate::api::extract::Id;
use crate::api::refusals::{RefusedChange, RefusedRead};
use crate::app::App;
use crate::service::{Context, Error, Input, sessions};

/// Who is invited.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InviteIn {
    /// The account of a doctor, a nurse or a receptionist.
    pub user: i64,
}

/// Invite somebody
///
/// The doctor of the session lets a colleague in: another doctor, a nurse, a receptionist. Inviting twice is inviting once.
#[utoipa::path(
    post, path = "/api/v1/telemedicine/{id}/participants/", tag = "telemedicine", request_body = InviteIn,
    params(("id" = i64, Path)),
    responses((status = 201, description = "The session.", body = SessionOut), RefusedChange)
)]
pub async fn invite_participant(
    State(app): State<App>,
    ctx: Context,
    Id(id): Id,
    input: Input<InviteIn>,
) -> Result<(StatusCode, Json<SessionOut>), ApiError> {
    let view = sessions::invite(
        &app,
        &ctx,
        SessionId(id),
        input.map(|body| UserId(body.user)),
    )
    .await?;
    Ok((StatusCode::CREATED, Json(view.into())))
}

/// Take an invitation back
///
/// Who is in the room is put out of it.
#[utoipa::path(
    delete, path = "/api/v1/telemedicine/{id}/participants/{user}/", tag = "telemedicine",
    params(("id" = i64, Path), ("user" = i64, Path)),
    responses((status = 204, description = "The invitation is taken back."), RefusedRead)
)]
pub async fn uninvite_participant(
    State(app): State<App>,
    ctx: Context,
    path: Result<Path<(i64, i64)>, PathRejection>,
) -> Result<StatusCode, ApiError> {
    let Path((id, user)) = path.map_err(|_| Error::NotFound("It"))?;
    sessions::uninvite(&app, &ctx, SessionId(id), UserId(user)).await?;
    Ok(StatusCode::NO_CONTENT)
}
