//! `GET telemedicine/`.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use serde::Deserialize;
use televisit_domain::session::SessionStatus;
use utoipa::IntoParams;

use super::SessionOut;
use crate::api::error::ApiError;
use crate::api::extract::Query;
use crate::api::refusals::RefusedList;
use crate::app::App;
use crate::service::sessions::{self, ListQuery};
use crate::service::{Context, Error};

/// Which sessions are asked for.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListIn {
    /// Of this visit.
    pub visit: Option<i64>,
    /// The same as `visit`.
    pub visit_id: Option<i64>,
    /// In this status.
    #[param(value_type = Option<String>, example = "SCHEDULED")]
    pub status: Option<SessionStatus>,
    /// Of this doctor.
    pub doctor: Option<i64>,
    /// Of this patient.
    pub patient: Option<i64>,
    /// To begin at or after this time, or on or after this day of the clinic's zone.
    pub from: Option<String>,
    /// To begin before this time, or on or before this day of the clinic's zone.
    pub to: Option<String>,
    /// Sessions at most, 1 to 500; default 100.
    pub limit: Option<i64>,
    /// Where the page before ended: from its `Link` header.
    pub cursor: Option<String>,
}

impl From<ListIn> for ListQuery {
    fn from(query: ListIn) -> Self {
        Self {
            visit: query.visit,
            visit_id: query.visit_id,
            status: query.status,
            doctor: query.doctor,
            patient: query.patient,
            from: query.from,
            to: query.to,
            limit: query.limit,
            cursor: query.cursor,
        }
    }
}

/// List sessions
///
/// A bare array, newest first: a doctor's own and those he was invited to, a patient's own, all for reception, nurses
/// and admins. The next page stands in the `Link` header.
#[utoipa::path(
    get, path = "/api/v1/telemedicine/", tag = "telemedicine", params(ListIn),
    responses(
        (status = 200, description = "The sessions.", body = [SessionOut], headers(("Link" = String, description = "`<...>; rel=\"next\"` while there are more."))),
        RefusedList,
    )
)]
pub async fn list_sessions(
    State(app): State<App>,
    ctx: Context,
    uri: Uri,
    Query(query): Query<ListIn>,
) -> Result<(HeaderMap, Json<Vec<SessionOut>>), ApiError> {
    let page = sessions::list(&app, &ctx, query.into()).await?;
    let mut headers = HeaderMap::new();
    if let Some(cursor) = page.next {
        let link = HeaderValue::try_from(next_link(&uri, &cursor))
            .map_err(|_| Error::Internal("a link that is no header".into()))?;
        headers.insert(header::LINK, link);
    }
    let sessions = page.sessions.into_iter().map(SessionOut::from).collect();
    Ok((headers, Json(sessions)))
}

/// The same address with another cursor.
fn next_link(uri: &Uri, cursor: &str) -> String {
    let query = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
        .into_owned()
        .filter(|(name, _)| name != "cursor")
        .chain(std::iter::once(("cursor".to_owned(), cursor.to_owned())));
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(query)
        .finish();
    format!("<{}?{query}>; rel=\"next\"", uri.path())
}
