//! `GET visits/{id}/`.

use axum::Json;
use axum::extract::State;
use televisit_domain::ids::VisitId;

use super::VisitOut;
use crate::api::error::ApiError;
use crate::api::extract::Id;
use crate::api::refusals::RefusedRead;
use crate::app::App;
use crate::service::{Context, visits};

/// Read a visit
#[utoipa::path(
    get, path = "/api/v1/visits/{id}/", tag = "visits", params(("id" = i64, Path)),
    responses((status = 200, description = "The visit.", body = VisitOut), RefusedRead)
)]
pub async fn get_visit(
    State(app): State<App>,
    ctx: Context,
    Id(id): Id,
) -> Result<Json<VisitOut>, ApiError> {
    let row = visits::retrieve(&app, &ctx, VisitId(id)).await?;
    Ok(Json(VisitOut::new(&app, row)))
}
