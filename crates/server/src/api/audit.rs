//! `GET /api/v1/audit/`: who read or wrote what.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use televisit_domain::record;
use televisit_storage::audit_list::{AuditFilter, ListedEntry};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answers::{Guarded, Judged};
use super::error::ApiError;
use super::extract::Query;
use super::page::{PageIn, PageOut};
use crate::app::App;
use crate::service::{Context, audit_log};

/// The routes of this area.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_audit))
}

/// Which rows.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AuditIn {
    /// Only of this kind of thing, like `patient`.
    entity: Option<String>,
    /// Only of the thing with this number.
    entity_id: Option<i64>,
    /// Only by this account.
    actor: Option<i64>,
    /// From 1; default 1.
    page: Option<i64>,
    /// Rows on a page, 1 to 200; default 50.
    page_size: Option<i64>,
}

/// A row of the audit log.
#[derive(Serialize, ToSchema)]
pub struct AuditOut {
    id: i64,
    at: DateTime<Utc>,
    /// Nobody for the system itself and for failed sign-ins.
    actor: Option<i64>,
    actor_name: String,
    #[schema(example = "patient.read")]
    action: String,
    #[schema(example = "patient")]
    entity: String,
    entity_id: Option<i64>,
    detail: String,
    /// Where the request came from.
    address: String,
}

impl From<ListedEntry> for AuditOut {
    fn from(row: ListedEntry) -> Self {
        let name = record::full_name(&row.actor_first_name, "", &row.actor_last_name);
        Self {
            id: row.id,
            at: row.at,
            actor: row.actor_id,
            actor_name: if name.is_empty() {
                row.actor_username
            } else {
                name
            },
            action: row.action,
            entity: row.entity,
            entity_id: row.entity_id,
            detail: row.detail,
            address: row.address,
        }
    }
}

/// List the audit log, newest first
///
/// Rows are chained by hashes: `televisit audit verify` proves that none was changed or removed.
#[utoipa::path(
    get,
    path = "/audit/",
    operation_id = "list_audit",
    tag = "audit",
    params(AuditIn),
    responses(
        (status = 200, description = "A page of rows.", body = PageOut<AuditOut>),
        Guarded,
        Judged,
    ),
)]
pub async fn list_audit(
    State(app): State<App>,
    ctx: Context,
    uri: Uri,
    query: Query<AuditIn>,
) -> Result<Json<PageOut<AuditOut>>, ApiError> {
    let Query(asked) = query;
    let page = PageIn {
        page: asked.page,
        page_size: asked.page_size,
    };
    let window = page.window()?;
    let filter = AuditFilter {
        entity: asked.entity,
        entity_id: asked.entity_id,
        actor: asked.actor,
    };
    let (rows, count) = audit_log::list(&app, &ctx, filter, window.limit, window.offset).await?;
    let rows = rows.into_iter().map(AuditOut::from).collect();
    Ok(Json(PageOut::new(&uri, window, count, rows)))
}
