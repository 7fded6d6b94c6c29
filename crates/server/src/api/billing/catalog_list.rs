//! `GET billing/service-catalog/`.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use serde::Deserialize;
use utoipa::IntoParams;

use super::ServiceOut;
use crate::api::error::ApiError;
use crate::api::extract::Query;
use crate::api::page::{PageIn, PageOut};
use crate::api::refusals::RefusedList;
use crate::app::App;
use crate::service::Context;
use crate::service::catalog::{self, CatalogQuery};

/// Which lines are wanted.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CatalogListIn {
    /// A part of the code, the name or the department.
    search: Option<String>,
    /// Only those that may, or may not, be charged.
    is_active: Option<bool>,
}

/// List the service catalog
#[utoipa::path(
    get, path = "/api/v1/billing/service-catalog/", tag = "billing", params(CatalogListIn, PageIn),
    responses((status = 200, description = "A page of the catalog by code.", body = PageOut<ServiceOut>), RefusedList)
)]
pub async fn list_services(
    State(app): State<App>,
    uri: Uri,
    ctx: Context,
    Query(wanted): Query<CatalogListIn>,
    Query(page): Query<PageIn>,
) -> Result<Json<PageOut<ServiceOut>>, ApiError> {
    let window = page.window()?;
    let query = CatalogQuery {
        search: wanted.search,
        is_active: wanted.is_active,
    };
    let (count, rows) = catalog::list(&app, &ctx, query, window.limit, window.offset).await?;
    let rows = rows.into_iter().map(Into::into).collect();
    Ok(Json(PageOut::new(&uri, window, count, rows)))
}
