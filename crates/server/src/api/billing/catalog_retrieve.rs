//! `GET billing/service-catalog/{id}/`.

use axum::Json;
use axum::extract::State;
use televisit_domain::ids::ServiceId;

use super::ServiceOut;
use crate::api::error::ApiError;
use crate::api::extract::Id;
use crate::api::refusals::RefusedRead;
use crate::app::App;
use crate::service::{Context, catalog};

/// Read a line of the service catalog
#[utoipa::path(
    get, path = "/api/v1/billing/service-catalog/{id}/", tag = "billing", params(("id" = i64, Path)),
    responses((status = 200, description = "The line.", body = ServiceOut), RefusedRead)
)]
pub async fn get_service(
    State(app): State<App>,
    ctx: Context,
    Id(id): Id,
) -> Result<Json<ServiceOut>, ApiError> {
    let row = catalog::retrieve(&app, &ctx, ServiceId(id)).await?;
    Ok(Json(row.into()))
}
