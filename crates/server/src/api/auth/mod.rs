//! `/api/v1/auth/`: signing in and out.

mod doctors;
mod login;
mod logout;
mod me;
mod refresh;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

/// The routes of this area.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(login::login))
        .routes(routes!(refresh::refresh_token))
        .routes(routes!(logout::logout))
        .routes(routes!(me::get_me))
        .routes(routes!(doctors::list_doctors))
}
