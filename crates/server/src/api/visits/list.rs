//! `GET visits/`.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use serde::Deserialize;
use televisit_domain::billing::PaymentStatus;
use televisit_domain::record::VisitStatus;
use utoipa::IntoParams;

use super::VisitOut;
use crate::api::error::ApiError;
use crate::api::extract::Query;
use crate::api::page::{PageIn, PageOut};
use crate::api::refusals::RefusedList;
use crate::app::App;
use crate::service::Context;
use crate::service::visits::{self, VisitQuery};

/// Which visits are wanted.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct VisitListIn {
    /// Of this patient.
    patient: Option<i64>,
    /// `OPEN` or `CLOSED`.
    #[param(value_type = Option<String>)]
    status: Option<VisitStatus>,
    /// `UNPAID`, `PARTIALLY_PAID`, `PAID` or `SETTLED`.
    #[param(value_type = Option<String>)]
    payment_status: Option<PaymentStatus>,
    /// Assigned to this doctor.
    doctor: Option<i64>,
    /// A part of the patient's name or of the complaint, or the patient's number.
    search: Option<String>,
}

/// List visits
///
/// Newest first. A patient sees his own.
#[utoipa::path(
    get, path = "/api/v1/visits/", tag = "visits", params(VisitListIn, PageIn),
    responses((status = 200, description = "A page of visits.", body = PageOut<VisitOut>), RefusedList)
)]
pub async fn list_visits(
    State(app): State<App>,
    uri: Uri,
    ctx: Context,
    Query(wanted): Query<VisitListIn>,
    Query(page): Query<PageIn>,
) -> Result<Json<PageOut<VisitOut>>, ApiError> {
    let window = page.window()?;
    let query = VisitQuery {
        patient: wanted.patient,
        status: wanted.status,
        payment_status: wanted.payment_status,
        doctor: wanted.doctor,
        search: wanted.search,
    };
    let (count, rows) = visits::list(&app, &ctx, query, window.limit, window.offset).await?;
    let rows = rows
        .into_iter()
        .map(|row| VisitOut::new(&app, row))
        .collect();
    Ok(Json(PageOut::new(&uri, window, count, rows)))
}
