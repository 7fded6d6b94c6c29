//! `GET visits/{id}/billing/summary/`.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use televisit_domain::billing::{Money, PaymentStatus};
use televisit_domain::ids::VisitId;
use utoipa::ToSchema;

use crate::api::error::ApiError;
use crate::api::extract::Id;
use crate::api::refusals::RefusedRead;
use crate::app::App;
use crate::service::{Context, billing};

/// The sums of a visit's bill.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BillOut {
    /// The visit.
    pub visit: i64,
    /// All charges.
    #[schema(value_type = String, example = "1500.00")]
    pub total_charges: Money,
    /// All payments.
    #[schema(value_type = String, example = "500.00")]
    pub total_payments: Money,
    /// What was waived.
    #[schema(value_type = String, example = "0.00")]
    pub waived: Money,
    /// What is still to be collected.
    #[schema(value_type = String, example = "1000.00")]
    pub outstanding_balance: Money,
    /// The currency of the bill.
    #[schema(example = "KES")]
    pub currency: String,
    /// `UNPAID`, `PARTIALLY_PAID`, `PAID` or `SETTLED`.
    #[schema(value_type = String, example = "PARTIALLY_PAID")]
    pub payment_status: PaymentStatus,
}

/// Sum up a visit's bill
#[utoipa::path(
    get, path = "/api/v1/visits/{id}/billing/summary/", tag = "billing", params(("id" = i64, Path)),
    responses((status = 200, description = "The sums.", body = BillOut), RefusedRead)
)]
pub async fn get_bill_summary(
    State(app): State<App>,
    ctx: Context,
    Id(id): Id,
) -> Result<Json<BillOut>, ApiError> {
    let row = billing::summary(&app, &ctx, VisitId(id)).await?;
    let ledger = row.ledger();
    Ok(Json(BillOut {
        visit: row.id.0,
        total_charges: ledger.charges,
        total_payments: ledger.payments,
        waived: ledger.waived.unwrap_or_default(),
        outstanding_balance: ledger.outstanding(),
        payment_status: ledger.status(),
        currency: row.currency.unwrap_or_else(|| app.config.currency.clone()),
    }))
}
