//! The whole URL space in one list.

use axum::Router;
use axum::middleware::{from_fn, map_request, map_response};
use axum::response::Response;
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::OpenApi as _;
use utoipa_axum::router::OpenApiRouter;

use super::{docs, health, middleware, openapi};
use crate::app::App;
use crate::web::{self, SecurityHeaders};

/// Every call of the API, with its description. Areas stand in the order of the wire contract.
pub fn api() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(openapi::Document::openapi())
        .merge(super::visits::router())
        .merge(super::appointments::router())
        .merge(super::billing::router())
        .nest("/api/v1", super::signalling::router())
        .nest("/api/v1", super::events::router())
        .nest("/api/v1", super::info::router())
        .nest("/api/v1/auth", super::auth::router())
        .nest("/api/v1", super::patients::router())
        .nest("/api/v1", super::users::router())
        .nest("/api/v1", super::audit::router())
        .merge(super::telemedicine::router())
}

/// The server: the API, its description, the health check and (by [`super::super::web`], when it is built in) the UI.
pub fn router(app: App) -> Router {
    let (api, _) = api().split_for_parts();
    let security = SecurityHeaders::new(app.config.public_url.as_deref());
    let inner = api
        .route("/api/v1/openapi.json", get(docs::openapi_json))
        .route("/api/docs/", get(docs::page))
        .route("/api/docs/docs.css", get(docs::style))
        .route("/healthz", get(health::healthz))
        .route("/api/", axum::routing::any(middleware::unknown))
        .route("/api/{*unknown}", axum::routing::any(middleware::unknown))
        .method_not_allowed_fallback(middleware::wrong_method)
        .layer(from_fn(middleware::no_store))
        .fallback(web::serve)
        .layer(CatchPanicLayer::custom(middleware::panicked))
        .layer(from_fn(middleware::trace))
        .layer(map_response(move |mut response: Response| {
            security.put_on(&mut response);
            std::future::ready(response)
        }))
        .with_state(app);
    // Outside of the router, so that the path is complete before a route is chosen.
    Router::new()
        .fallback_service(inner)
        .layer(map_request(|request| async { middleware::slash(request) }))
}
