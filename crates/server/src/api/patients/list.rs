//! `GET /api/v1/patients/`.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use serde::Deserialize;
use utoipa::IntoParams;

use super::PatientOut;
use crate::api::answers::{Guarded, Judged};
use crate::api::error::ApiError;
use crate::api::extract::Query;
use crate::api::page::{PageIn, PageOut};
use crate::app::App;
use crate::service::{Context, patients};

/// Which records.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PatientsIn {
    /// Part of the name, phone number, e-mail address or national id, or the patient number.
    search: Option<String>,
    /// Only active, or only archived ones.
    is_active: Option<bool>,
    /// From 1; default 1.
    page: Option<i64>,
    /// Rows on a page, 1 to 200; default 50.
    page_size: Option<i64>,
}

/// List patient records
///
/// A patient gets his own record only.
#[utoipa::path(
    get,
    path = "/patients/",
    operation_id = "list_patients",
    tag = "patients",
    params(PatientsIn),
    responses(
        (status = 200, description = "A page of records by name.", body = PageOut<PatientOut>),
        Guarded,
        Judged,
    ),
)]
pub async fn list_patients(
    State(app): State<App>,
    ctx: Context,
    uri: Uri,
    query: Query<PatientsIn>,
) -> Result<Json<PageOut<PatientOut>>, ApiError> {
    let Query(asked) = query;
    let page = PageIn {
        page: asked.page,
        page_size: asked.page_size,
    };
    let window = page.window()?;
    let (rows, count) = patients::list(
        &app,
        &ctx,
        asked.search,
        asked.is_active,
        window.limit,
        window.offset,
    )
    .await?;
    let today = patients::today(&app);
    let rows = rows
        .into_iter()
        .map(|patient| PatientOut::new(patient, today))
        .collect();
    Ok(Json(PageOut::new(&uri, window, count, rows)))
}
