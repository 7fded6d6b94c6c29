//! `POST telemedicine/{id}/end/`.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use televisit_domain::ids::SessionId;
use utoipa::ToSchema;

use super::SessionOut;
use crate::api::error::ApiError;
use crate::api::extract::Id;
use crate::api::refusals::RefusedChange;
use crate::app::App;
use crate::service::sessions::{self, EndInput, Ended};
use crate::service::{Context, Input};

/// How the visit ends.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndIn {
    /// The doctor's notes. Absent or empty leaves what was noted before.
    pub notes: Option<String>,
    /// Whether to add the telemedicine service to the visit's bill. `add_billing` is understood too.
    #[serde(default, alias = "add_billing")]
    pub add_to_bill: bool,
}

impl From<EndIn> for EndInput {
    fn from(body: EndIn) -> Self {
        Self {
            notes: body.notes,
            add_to_bill: body.add_to_bill,
        }
    }
}

/// The session after its end, with what became of the bill.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EndedOut {
    #[serde(flatten)]
    session: SessionOut,
    /// Whether this call added the charge.
    billing_added: bool,
    /// Why not; absent when it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    billing_reason: Option<String>,
}

impl From<Ended> for EndedOut {
    fn from(ended: Ended) -> Self {
        Self {
            session: ended.view.into(),
            billing_added: ended.not_billed.is_none(),
            billing_reason: ended.not_billed,
        }
    }
}

/// End a session
///
/// By its doctor. Status, notes, the charge if asked for and the closing of the room are one step: all of it or
/// nothing. A session is charged at most once, whatever is repeated; repeating the call with the same
/// `Idempotency-Key` repeats its answer.
#[utoipa::path(
    post, path = "/api/v1/telemedicine/{id}/end/", tag = "telemedicine", request_body = EndIn,
    params(("id" = i64, Path), ("Idempotency-Key" = Option<String>, Header, description = "Repeating a request with its key repeats its answer.")),
    responses((status = 200, description = "The session, COMPLETED.", body = EndedOut), RefusedChange)
)]
pub async fn end_session(
    State(app): State<App>,
    ctx: Context,
    Id(id): Id,
    input: Input<EndIn>,
) -> Result<Json<EndedOut>, ApiError> {
    let ended = sessions::end(&app, &ctx, SessionId(id), input.map(EndInput::from)).await?;
    Ok(Json(ended.into()))
}
