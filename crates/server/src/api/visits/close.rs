//! `POST visits/{id}/close/`.

use axum::Json;
use axum::extract::State;
use televisit_domain::ids::VisitId;

use super::VisitOut;
use crate::api::error::ApiError;
use crate::api::extract::Id;
use crate::api::refusals::RefusedChange;
use crate::app::App;
use crate::service::{Context, visits};

/// Close a visit
///
/// 409 `session_live` while a session of the visit can still be held, with its number in `session`; 409 `visit_closed`
/// when it is closed already. What is outstanding can be paid afterwards.
#[utoipa::path(
    post, path = "/api/v1/visits/{id}/close/", tag = "visits", params(("id" = i64, Path)),
    responses((status = 200, description = "The visit.", body = VisitOut), RefusedChange)
)]
pub async fn close_visit(
    State(app): State<App>,
    ctx: Context,
    Id(id): Id,
) -> Result<Json<VisitOut>, ApiError> {
    let row = visits::close(&app, &ctx, VisitId(id)).await?;
    Ok(Json(VisitOut::new(&app, row)))
}
