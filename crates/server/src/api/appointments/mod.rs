//! `/api/v1/appointments/`. One call a file, but for the four that only move the status.

mod appointment;
mod create;
mod list;
mod retrieve;
mod steps;
mod update;

pub use appointment::AppointmentOut;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

/// Every call about appointments.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list_appointments, create::create_appointment))
        .routes(routes!(
            retrieve::get_appointment,
            update::update_appointment
        ))
        .routes(routes!(steps::confirm_appointment))
        .routes(routes!(steps::complete_appointment))
        .routes(routes!(steps::cancel_appointment))
        .routes(routes!(steps::miss_appointment))
}
