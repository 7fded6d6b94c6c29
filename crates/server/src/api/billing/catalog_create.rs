//! `POST billing/service-catalog/`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use televisit_domain::billing::Money;
use utoipa::ToSchema;

use super::ServiceOut;
use crate::api::error::ApiError;
use crate::api::refusals::RefusedCreate;
use crate::app::App;
use crate::service::catalog::{self, ServiceInput};
use crate::service::{Context, Input};

/// A line to be added to the catalog.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceIn {
    /// Unique: capital letters, digits and `-_.`, at most 40.
    service_code: String,
    /// Its name on bills, at most 200 characters.
    name: String,
    /// Like `CONSULTATION`.
    department: String,
    /// Like `OTHER`, which it is when it is not sent.
    workflow_type: Option<String>,
    /// The price of one, from `"0.00"`.
    #[schema(value_type = String, example = "1000.00")]
    amount: Money,
    /// The clinic's currency, which it is when it is not sent. No other is taken.
    currency: Option<String>,
    /// More words, at most 2000 characters.
    #[serde(default)]
    description: String,
    /// Whether it may be charged; true when it is not sent.
    is_active: Option<bool>,
}

impl From<ServiceIn> for ServiceInput {
    fn from(body: ServiceIn) -> Self {
        Self {
            service_code: body.service_code,
            name: body.name,
            department: body.department,
            workflow_type: body.workflow_type,
            amount: body.amount,
            currency: body.currency,
            description: body.description,
            is_active: body.is_active,
        }
    }
}

/// Add to the service catalog
#[utoipa::path(
    post, path = "/api/v1/billing/service-catalog/", tag = "billing", request_body = ServiceIn,
    params(("Idempotency-Key" = Option<String>, Header, description = "Repeating a request with its key repeats its answer.")),
    responses((status = 201, description = "The line.", body = ServiceOut), RefusedCreate)
)]
pub async fn create_service(
    State(app): State<App>,
    ctx: Context,
    input: Input<ServiceIn>,
) -> Result<(StatusCode, Json<ServiceOut>), ApiError> {
    let made = catalog::create(&app, &ctx, input.map(Into::into)).await?;
    Ok((made.status(), Json(made.record.into())))
}
