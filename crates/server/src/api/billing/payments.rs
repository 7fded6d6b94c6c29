//! `GET` and `POST visits/{id}/billing/payments/`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use televisit_domain::billing::{Money, PaymentMethod};
use televisit_domain::ids::VisitId;
use televisit_storage::payments::PaymentRow;
use utoipa::ToSchema;

use crate::api::error::ApiError;
use crate::api::extract::Id;
use crate::api::refusals::{RefusedChange, RefusedRead};
use crate::app::App;
use crate::service::billing::{self, PaymentInput};
use crate::service::{Context, Input};

/// A payment towards a visit's bill.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PaymentOut {
    /// Its number.
    pub id: i64,
    /// The visit.
    pub visit: i64,
    /// How much.
    #[schema(value_type = String, example = "1000.00")]
    pub amount: Money,
    /// The currency.
    #[schema(example = "KES")]
    pub currency: String,
    /// `CASH`, `CARD`, `MOBILE_MONEY`, `TRANSFER` or `INSURANCE`.
    #[schema(value_type = String, example = "CASH")]
    pub payment_method: PaymentMethod,
    /// The number that the bank or wallet gave it; empty for none.
    pub transaction_reference: String,
    /// Who took it.
    pub received_by: i64,
    /// His name.
    pub received_by_name: String,
    /// When.
    pub created_at: DateTime<Utc>,
}

impl From<PaymentRow> for PaymentOut {
    fn from(row: PaymentRow) -> Self {
        Self {
            id: row.id.0,
            visit: row.visit_id.0,
            amount: Money::from_minor(row.amount_minor),
            received_by_name: row.received_by_name(),
            currency: row.currency,
            payment_method: row.payment_method,
            transaction_reference: row.transaction_reference,
            received_by: row.received_by.0,
            created_at: row.created_at,
        }
    }
}

/// A payment to be written down.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PaymentIn {
    /// How much, at most the outstanding balance.
    #[schema(value_type = String, example = "1000.00")]
    amount: Money,
    /// `CASH`, `CARD`, `MOBILE_MONEY`, `TRANSFER` or `INSURANCE`.
    #[schema(value_type = String, example = "MOBILE_MONEY")]
    payment_method: PaymentMethod,
    /// The number that the bank or wallet gave it, at most 100 characters. The same number, method and amount on a visit
    /// is the same payment and answers 200 with the first one.
    #[serde(default)]
    transaction_reference: String,
    /// The currency of the bill; no other is taken.
    currency: Option<String>,
    /// Says that an equal payment of the last minute was another one.
    #[serde(default)]
    confirm_duplicate: bool,
}

impl From<PaymentIn> for PaymentInput {
    fn from(body: PaymentIn) -> Self {
        Self {
            amount: body.amount,
            payment_method: body.payment_method,
            transaction_reference: body.transaction_reference,
            currency: body.currency,
            confirm_duplicate: body.confirm_duplicate,
        }
    }
}

/// List the payments of a visit
#[utoipa::path(
    get, path = "/api/v1/visits/{id}/billing/payments/", tag = "billing", params(("id" = i64, Path)),
    responses((status = 200, description = "The payments, oldest first.", body = Vec<PaymentOut>), RefusedRead)
)]
pub async fn list_payments(
    State(app): State<App>,
    ctx: Context,
    Id(id): Id,
) -> Result<Json<Vec<PaymentOut>>, ApiError> {
    let rows = billing::payments(&app, &ctx, VisitId(id)).await?;
    Ok(Json(rows.into_iter().map(Into::into).collect()))
}

/// Take a payment
///
/// Reception. More than the outstanding balance is 400 on `amount`. A payment without reference that the same person took
/// in the same way and amount within a minute is 409 `duplicate_payment` with its number in `payment`, unless an
/// `Idempotency-Key` or `confirm_duplicate` says that it is another one.
#[utoipa::path(
    post, path = "/api/v1/visits/{id}/billing/payments/", tag = "billing", request_body = PaymentIn,
    params(("id" = i64, Path), ("Idempotency-Key" = Option<String>, Header, description = "Repeating a request with its key repeats its answer.")),
    responses(
        (status = 201, description = "The payment.", body = PaymentOut),
        (status = 200, description = "This payment was written down before.", body = PaymentOut),
        RefusedChange
    )
)]
pub async fn create_payment(
    State(app): State<App>,
    ctx: Context,
    Id(id): Id,
    input: Input<PaymentIn>,
) -> Result<(StatusCode, Json<PaymentOut>), ApiError> {
    let made = billing::take_payment(&app, &ctx, VisitId(id), input.map(Into::into)).await?;
    Ok((made.status(), Json(made.record.into())))
}
