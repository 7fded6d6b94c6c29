//! `/api/v1/visits/`. One call a file; bills are in [`super::billing`].

mod close;
mod create;
mod list;
mod retrieve;
mod update;
mod visit;

pub use visit::VisitOut;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

/// Every call about visits but their bills.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list_visits, create::create_visit))
        .routes(routes!(retrieve::get_visit, update::update_visit))
        .routes(routes!(close::close_visit))
}
