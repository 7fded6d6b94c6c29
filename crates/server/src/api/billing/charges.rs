//! `GET` and `POST visits/{id}/billing/charges/`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use televisit_domain::billing::Money;
use televisit_domain::ids::VisitId;
use televisit_storage::charges::ChargeRow;
use utoipa::ToSchema;

use crate::api::error::ApiError;
use crate::api::extract::Id;
use crate::api::refusals::{RefusedChange, RefusedRead};
use crate::app::App;
use crate::service::billing::{self, ChargeInput};
use crate::service::{Context, Input};

/// A charge on a visit's bill.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ChargeOut {
    /// Its number.
    pub id: i64,
    /// The visit.
    pub visit: i64,
    /// The telemedicine session it is for; null for charges made by hand.
    pub session: Option<i64>,
    /// What was charged.
    #[schema(example = "TELEMED-001")]
    pub service_code: String,
    /// Its name when it was charged.
    pub description: String,
    /// How many.
    pub quantity: i64,
    /// The price of one when it was charged.
    #[schema(value_type = String, example = "1000.00")]
    pub unit_amount: Money,
    /// `quantity` times `unit_amount`.
    #[schema(value_type = String, example = "1000.00")]
    pub amount: Money,
    /// The currency of both.
    #[schema(example = "KES")]
    pub currency: String,
    /// Who charged it.
    pub created_by: i64,
    /// When.
    pub created_at: DateTime<Utc>,
}

impl From<ChargeRow> for ChargeOut {
    fn from(row: ChargeRow) -> Self {
        Self {
            id: row.id.0,
            visit: row.visit_id.0,
            session: row.session_id,
            service_code: row.service_code,
            description: row.description,
            quantity: row.quantity,
            unit_amount: Money::from_minor(row.unit_minor),
            amount: Money::from_minor(row.amount_minor),
            currency: row.currency,
            created_by: row.created_by.0,
            created_at: row.created_at,
        }
    }
}

/// A charge to be made.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChargeIn {
    /// The code of an active service of the catalog.
    #[schema(example = "TELEMED-001")]
    service_code: String,
    /// How many, 1 to 1000; 1 when it is not sent.
    quantity: Option<i64>,
}

impl From<ChargeIn> for ChargeInput {
    fn from(body: ChargeIn) -> Self {
        Self {
            service_code: body.service_code,
            quantity: body.quantity,
        }
    }
}

/// List the charges of a visit
#[utoipa::path(
    get, path = "/api/v1/visits/{id}/billing/charges/", tag = "billing", params(("id" = i64, Path)),
    responses((status = 200, description = "The charges, oldest first.", body = Vec<ChargeOut>), RefusedRead)
)]
pub async fn list_charges(
    State(app): State<App>,
    ctx: Context,
    Id(id): Id,
) -> Result<Json<Vec<ChargeOut>>, ApiError> {
    let rows = billing::charges(&app, &ctx, VisitId(id)).await?;
    Ok(Json(rows.into_iter().map(Into::into).collect()))
}

/// Charge a service to a visit
///
/// Reception and administrators, while the visit is open. A session is charged by its end.
#[utoipa::path(
    post, path = "/api/v1/visits/{id}/billing/charges/", tag = "billing", request_body = ChargeIn,
    params(("id" = i64, Path), ("Idempotency-Key" = Option<String>, Header, description = "Repeating a request with its key repeats its answer.")),
    responses((status = 201, description = "The charge.", body = ChargeOut), RefusedChange)
)]
pub async fn create_charge(
    State(app): State<App>,
    ctx: Context,
    Id(id): Id,
    input: Input<ChargeIn>,
) -> Result<(StatusCode, Json<ChargeOut>), ApiError> {
    let made = billing::add_charge(&app, &ctx, VisitId(id), input.map(Into::into)).await?;
    Ok((made.status(), Json(made.record.into())))
}
