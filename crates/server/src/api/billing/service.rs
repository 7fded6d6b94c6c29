//! A line of the service catalog on the wire.

use chrono::{DateTime, Utc};
use serde::Serialize;
use televisit_domain::billing::Money;
use televisit_storage::services::ServiceRow;
use utoipa::ToSchema;

/// What can be charged.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ServiceOut {
    /// Its number.
    pub id: i64,
    /// Its unique code.
    #[schema(example = "TELEMED-001")]
    pub service_code: String,
    /// Its name on bills.
    pub name: String,
    /// The department it belongs to.
    #[schema(example = "CONSULTATION")]
    pub department: String,
    /// How it is ordered.
    #[schema(example = "OTHER")]
    pub workflow_type: String,
    /// The price of one.
    #[schema(value_type = String, example = "1000.00")]
    pub amount: Money,
    /// The currency of the price.
    #[schema(example = "KES")]
    pub currency: String,
    /// More words.
    pub description: String,
    /// Whether it may be charged.
    pub is_active: bool,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl From<ServiceRow> for ServiceOut {
    fn from(row: ServiceRow) -> Self {
        Self {
            id: row.id.0,
            amount: row.amount(),
            service_code: row.service_code,
            name: row.name,
            department: row.department,
            workflow_type: row.workflow_type,
            currency: row.currency,
            description: row.description,
            is_active: row.is_active,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}
