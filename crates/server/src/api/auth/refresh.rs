//! `POST /api/v1/auth/refresh/`.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::answers::Judged;
use crate::api::error::{ApiError, ErrorOut};
use crate::api::extract::PeerAddress;
use crate::app::App;
use crate::service::{Input, sign_in};

/// The token to be exchanged.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefreshIn {
    /// The newest refresh token of the sign-in.
    #[schema(required, nullable = false)]
    refresh: Option<String>,
}

/// A new pair.
#[derive(Serialize, ToSchema)]
pub struct RefreshOut {
    /// Lives 15 minutes.
    access: String,
    /// Buys the next pair, once, within 7 days.
    refresh: String,
}

/// Exchange a refresh token for a new pair
///
/// The token sent is dead afterwards. When it is sent again, the whole sign-in ends: somebody else holds it too.
#[utoipa::path(
    post,
    path = "/refresh/",
    operation_id = "refresh_token",
    tag = "auth",
    security(()),
    request_body = RefreshIn,
    responses(
        (status = 200, description = "A new pair.", body = RefreshOut),
        Judged,
        (status = 401, description = "The token is unknown, expired or spent, or its sign-in has ended.", body = ErrorOut),
    ),
)]
pub async fn refresh_token(
    State(app): State<App>,
    PeerAddress(address): PeerAddress,
    input: Input<RefreshIn>,
) -> Result<Json<RefreshOut>, ApiError> {
    let pair = sign_in::refresh(&app, address, input.map(|sent| sent.refresh)).await?;
    Ok(Json(RefreshOut {
        access: pair.access,
        refresh: pair.refresh,
    }))
}
