//! `GET /healthz`: whether this process can serve.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use televisit_storage::audit;

use super::error::answer;
use crate::app::App;

/// 200 when the database answers, 503 when it does not.
pub async fn healthz(State(app): State<App>) -> Response {
    let ready = async { audit::head(&mut app.db.read().await?).await }.await;
    match ready {
        Ok(_) => answer(StatusCode::OK, "ok", "Ready."),
        Err(_) => answer(
            StatusCode::SERVICE_UNAVAILABLE,
            "database_unavailable",
            "The database does not answer.",
        ),
    }
}
