//! `GET appointments/`.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use serde::Deserialize;
use televisit_domain::record::AppointmentStatus;
use utoipa::IntoParams;

use super::AppointmentOut;
use crate::api::error::ApiError;
use crate::api::extract::Query;
use crate::api::instant::Instant;
use crate::api::page::{PageIn, PageOut};
use crate::api::refusals::RefusedList;
use crate::app::App;
use crate::service::Context;
use crate::service::appointments::{self, AppointmentQuery};

/// Which appointments are wanted.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AppointmentListIn {
    /// With this patient.
    patient: Option<i64>,
    /// Of this doctor.
    doctor: Option<i64>,
    /// Beginning at this time or later.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Instant>,
    /// Beginning before this time.
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<Instant>,
    /// In this status.
    #[param(value_type = Option<String>)]
    status: Option<AppointmentStatus>,
}

/// List appointments
///
/// Latest first. A patient sees his own.
#[utoipa::path(
    get, path = "/api/v1/appointments/", tag = "appointments", params(AppointmentListIn, PageIn),
    responses((status = 200, description = "A page of appointments.", body = PageOut<AppointmentOut>), RefusedList)
)]
pub async fn list_appointments(
    State(app): State<App>,
    uri: Uri,
    ctx: Context,
    Query(wanted): Query<AppointmentListIn>,
    Query(page): Query<PageIn>,
) -> Result<Json<PageOut<AppointmentOut>>, ApiError> {
    let window = page.window()?;
    let query = AppointmentQuery {
        patient: wanted.patient,
        doctor: wanted.doctor,
        from: wanted.from.map(|from| from.0),
        to: wanted.to.map(|to| to.0),
        status: wanted.status,
    };
    let (count, rows) = appointments::list(&app, &ctx, query, window.limit, window.offset).await?;
    let rows = rows.into_iter().map(Into::into).collect();
    Ok(Json(PageOut::new(&uri, window, count, rows)))
}
