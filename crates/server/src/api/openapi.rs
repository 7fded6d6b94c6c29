//! The OpenAPI document: what the routes do not say themselves.

use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi};

/// The document without its paths; those come from the handlers.
#[derive(Debug, OpenApi)]
#[openapi(
    info(
        title = "televisit",
        description = "Self-hosted telemedicine. Times are UTC (RFC 3339), amounts are strings with two decimals, \
                       addresses end in a slash. Errors are `{\"detail\", \"code\"}`; wrong fields are \
                       `{\"<field>\": [\"...\"]}` with 400. POSTs that create or charge take an `Idempotency-Key`.",
        license(name = "Apache-2.0")
    ),
    servers((url = "/")),
    modifiers(&Bearer),
    security(("bearer" = []))
)]
pub struct Document;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        document
            .components
            .get_or_insert_default()
            .add_security_scheme("bearer", scheme);
    }
}

/// The document of this version, as `/api/v1/openapi.json` serves it and `docs/openapi.json` keeps it.
pub fn document() -> utoipa::openapi::OpenApi {
    super::router::api().split_for_parts().1
}
