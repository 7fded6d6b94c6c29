//! `POST /api/v1/auth/login/`.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::answers::Judged;
use crate::api::error::{ApiError, ErrorOut};
use crate::api::extract::PeerAddress;
use crate::api::users::UserOut;
use crate::app::App;
use crate::service::Input;
use crate::service::sign_in::{self, Credentials};

/// Who signs in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LoginIn {
    /// Username or e-mail address.
    #[schema(required, nullable = false, example = "doctor")]
    username: Option<String>,
    /// The password.
    #[schema(required, nullable = false, example = "televisit-demo")]
    password: Option<String>,
}

/// What a signed-in client holds.
#[derive(Serialize, ToSchema)]
pub struct LoginOut {
    /// Goes into `Authorization: Bearer` of every request; lives 15 minutes.
    access: String,
    /// Buys the next pair, once, within 7 days.
    refresh: String,
    /// Who signed in.
    user: UserOut,
}

/// Sign in
///
/// After 10 failures an account, and after 50 an address, is refused for the rest of 15 minutes.
#[utoipa::path(
    post,
    path = "/login/",
    operation_id = "login",
    tag = "auth",
    security(()),
    request_body = LoginIn,
    responses(
        (status = 200, description = "Signed in.", body = LoginOut),
        Judged,
        (status = 401, description = "No active account has this name and password.", body = ErrorOut),
        (status = 429, description = "Too many failures; `Retry-After` says how many seconds to wait.", body = ErrorOut),
    ),
)]
pub async fn login(
    State(app): State<App>,
    PeerAddress(address): PeerAddress,
    input: Input<LoginIn>,
) -> Result<Json<LoginOut>, ApiError> {
    let credentials = input.map(|sent| Credentials {
        username: sent.username,
        password: sent.password,
    });
    let (pair, user) = sign_in::sign_in(&app, address, credentials).await?;
    Ok(Json(LoginOut {
        access: pair.access,
        refresh: pair.refresh,
        user: user.into(),
    }))
}
