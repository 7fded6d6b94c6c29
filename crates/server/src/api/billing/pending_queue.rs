//! `GET billing/pending-queue/`.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use serde::{Deserialize, Serialize};
use televisit_domain::billing::Money;
use utoipa::{IntoParams, ToSchema};

use crate::api::error::ApiError;
use crate::api::extract::Query;
use crate::api::page::{PageIn, PageOut};
use crate::api::refusals::RefusedList;
use crate::api::visits::VisitOut;
use crate::app::App;
use crate::service::Context;
use crate::service::billing::{self, QueueQuery};

/// Which visits are wanted.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct QueueIn {
    /// A part of the patient's name or of the complaint, or the patient's number.
    search: Option<String>,
}

/// A visit that owes something.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PendingOut {
    /// The visit.
    #[serde(flatten)]
    pub visit: VisitOut,
    /// All its charges.
    #[schema(value_type = String, example = "1500.00")]
    pub total_charges: Money,
    /// All its payments.
    #[schema(value_type = String, example = "500.00")]
    pub total_payments: Money,
}

/// List what is still to be collected
///
/// Visits with an outstanding balance, oldest first, closed ones too: reception and administrators.
#[utoipa::path(
    get, path = "/api/v1/billing/pending-queue/", tag = "billing", params(QueueIn, PageIn),
    responses((status = 200, description = "A page of visits.", body = PageOut<PendingOut>), RefusedList)
)]
pub async fn list_pending_bills(
    State(app): State<App>,
    uri: Uri,
    ctx: Context,
    Query(wanted): Query<QueueIn>,
    Query(page): Query<PageIn>,
) -> Result<Json<PageOut<PendingOut>>, ApiError> {
    let window = page.window()?;
    let query = QueueQuery {
        search: wanted.search,
    };
    let (count, rows) =
        billing::pending_queue(&app, &ctx, query, window.limit, window.offset).await?;
    let rows = rows
        .into_iter()
        .map(|row| {
            let ledger = row.ledger();
            PendingOut {
                visit: VisitOut::new(&app, row),
                total_charges: ledger.charges,
                total_payments: ledger.payments,
            }
        })
        .collect();
    Ok(Json(PageOut::new(&uri, window, count, rows)))
}
