//! `POST /api/v1/auth/logout/`.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::api::error::{ApiError, ErrorOut};
use crate::api::extract::{PeerAddress, bearer};
use crate::app::App;
use crate::service::{Input, sign_in};

/// The sign-in to be ended, when it is not that of the access token.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LogoutIn {
    /// A refresh token of the sign-in. Not needed beside a good access token.
    refresh: Option<String>,
}

/// Sign out
///
/// Ends the sign-in of the access token, and that of the refresh token if one is sent: all their tokens are dead at
/// once. Either token will do, so that a client whose access token has expired can sign out too.
#[utoipa::path(
    post,
    path = "/logout/",
    operation_id = "logout",
    tag = "auth",
    request_body = Option<LogoutIn>,
    responses(
        (status = 204, description = "Signed out."),
        (status = 401, description = "Neither a good access token nor a refresh token was sent.", body = ErrorOut),
    ),
)]
pub async fn logout(
    State(app): State<App>,
    PeerAddress(address): PeerAddress,
    headers: HeaderMap,
    input: Input<LogoutIn>,
) -> Result<StatusCode, ApiError> {
    let access = bearer(&headers).ok();
    sign_in::sign_out(&app, address, access, input.map(|sent| sent.refresh)).await?;
    Ok(StatusCode::NO_CONTENT)
}
