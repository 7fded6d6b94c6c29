//! `/api/v1/users/`: accounts, for administrators.

mod create;
mod get;
mod list;
mod set_password;
mod update;

use chrono::{DateTime, Utc};
use serde::Serialize;
use televisit_domain::access::Role;
use televisit_storage::users::User;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

/// The routes of this area.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list_users, create::create_user))
        .routes(routes!(get::get_user, update::update_user))
        .routes(routes!(set_password::set_user_password))
}

/// An account.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UserOut {
    id: i64,
    username: String,
    email: String,
    first_name: String,
    last_name: String,
    full_name: String,
    /// `ADMIN`, `DOCTOR`, `NURSE`, `RECEPTIONIST` or `PATIENT`.
    #[schema(value_type = String, example = "DOCTOR")]
    role: Role,
    specialization: String,
    is_active: bool,
    /// The patient record of a patient's account.
    patient: Option<i64>,
    date_joined: DateTime<Utc>,
}

impl From<User> for UserOut {
    fn from(user: User) -> Self {
        Self {
            id: user.id.0,
            full_name: user.full_name(),
            username: user.username,
            email: user.email,
            first_name: user.first_name,
            last_name: user.last_name,
            role: user.role,
            specialization: user.specialization,
            is_active: user.is_active,
            patient: user.patient_id,
            date_joined: user.date_joined,
        }
    }
}
