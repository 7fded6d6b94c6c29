//! `PATCH billing/service-catalog/{id}/`.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use televisit_domain::billing::Money;
use televisit_domain::ids::ServiceId;
use utoipa::ToSchema;

use super::ServiceOut;
use crate::api::error::ApiError;
use crate::api::extract::Id;
use crate::api::partial::Fixed;
use crate::api::refusals::RefusedChange;
use crate::app::App;
use crate::service::catalog::{self, ServiceChange};
use crate::service::{Context, Input};

/// What may be changed of a line. A field that is not sent stays as it is.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(
    dead_code,
    reason = "the fixed fields are only there to be refused by name"
)]
pub struct ServiceChangeIn {
    /// Its name on bills, at most 200 characters.
    name: Option<String>,
    /// Like `CONSULTATION`.
    department: Option<String>,
    /// Like `OTHER`.
    workflow_type: Option<String>,
    /// The price of one for charges to come.
    #[schema(value_type = Option<String>, example = "1000.00")]
    amount: Option<Money>,
    /// More words, at most 2000 characters.
    description: Option<String>,
    /// Whether it may be charged.
    is_active: Option<bool>,
    #[serde(default)]
    #[schema(ignore)]
    id: Fixed,
    #[serde(default)]
    #[schema(ignore)]
    service_code: Fixed,
    #[serde(default)]
    #[schema(ignore)]
    currency: Fixed,
    #[serde(default)]
    #[schema(ignore)]
    created_at: Fixed,
    #[serde(default)]
    #[schema(ignore)]
    updated_at: Fixed,
}

impl From<ServiceChangeIn> for ServiceChange {
    fn from(body: ServiceChangeIn) -> Self {
        Self {
            name: body.name,
            department: body.department,
            workflow_type: body.workflow_type,
            amount: body.amount,
            description: body.description,
            is_active: body.is_active,
        }
    }
}

/// Change a line of the service catalog
///
/// Charges that were made keep their price.
#[utoipa::path(
    patch, path = "/api/v1/billing/service-catalog/{id}/", tag = "billing", request_body = ServiceChangeIn,
    params(("id" = i64, Path)),
    responses((status = 200, description = "The line.", body = ServiceOut), RefusedChange)
)]
pub async fn update_service(
    State(app): State<App>,
    ctx: Context,
    Id(id): Id,
    input: Input<ServiceChangeIn>,
) -> Result<Json<ServiceOut>, ApiError> {
    let row = catalog::update(&app, &ctx, ServiceId(id), input.map(Into::into)).await?;
    Ok(Json(row.into()))
}
