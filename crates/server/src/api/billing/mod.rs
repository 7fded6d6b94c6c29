//! `/api/v1/billing/` and `/api/v1/visits/{id}/billing/`.

mod catalog_create;
mod catalog_list;
mod catalog_retrieve;
mod catalog_update;
mod charges;
mod payments;
mod pending_queue;
mod service;
mod summary;

pub use charges::ChargeOut;
pub use payments::{PaymentIn, PaymentOut};
pub use service::ServiceOut;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

/// Every call about the catalog and about bills.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(
            catalog_list::list_services,
            catalog_create::create_service
        ))
        .routes(routes!(
            catalog_retrieve::get_service,
            catalog_update::update_service
        ))
        .routes(routes!(charges::list_charges, charges::create_charge))
        .routes(routes!(payments::list_payments, payments::create_payment))
        .routes(routes!(summary::get_bill_summary))
        .routes(routes!(pending_queue::list_pending_bills))
}
