//! `GET /api/v1/info/`: what a page must know before anybody signs in.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::ApiError;
use crate::app::App;
use crate::service::demo;

/// The routes of this area.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_info))
}

/// The installation.
#[derive(Serialize, ToSchema)]
pub struct InfoOut {
    name: &'static str,
    version: &'static str,
    clinic_name: String,
    /// The clinic's zone by its IANA name.
    #[schema(example = "Africa/Nairobi")]
    time_zone: &'static str,
    #[schema(example = "KES")]
    currency: String,
    /// Code of the catalog's service that a session is billed as.
    #[schema(example = "TELEMED-001")]
    billing_service_code: String,
    /// Whether everything here is made up, and the passwords are known to everybody.
    demo: bool,
    recording_available: bool,
    transcription_available: bool,
    #[schema(example = "embedded")]
    video_provider: &'static str,
}

/// About this installation
#[utoipa::path(
    get,
    path = "/info/",
    operation_id = "get_info",
    tag = "info",
    security(()),
    responses((status = 200, description = "What a page must know before anybody signs in.", body = InfoOut)),
)]
pub async fn get_info(State(app): State<App>) -> Result<Json<InfoOut>, ApiError> {
    Ok(Json(InfoOut {
        name: "televisit",
        version: env!("CARGO_PKG_VERSION"),
        clinic_name: app.config.clinic_name.clone(),
        time_zone: app.config.effective_time_zone().name(),
        currency: app.config.currency.clone(),
        billing_service_code: app.config.billing_service_code.clone(),
        demo: demo::is_demo(&app).await?,
        recording_available: false,
        transcription_available: false,
        video_provider: app.config.video_provider.as_str(),
    }))
}
