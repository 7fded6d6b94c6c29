//! What happens to every request before and after its handler.

use std::any::Any;
use std::time::Duration;

use axum::Json;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use super::error::{InternalCause, answer, internal};

/// `/api/v1/x` is answered by the handler of `/api/v1/x/`. No redirect: a redirected POST loses its body.
pub fn slash(mut request: Request) -> Request {
    let path = request.uri().path();
    let is_file = path
        .rsplit('/')
        .next()
        .is_some_and(|last| last.contains('.'));
    if path.starts_with("/api/") && !path.ends_with('/') && !is_file {
        let with_slash = match request.uri().query() {
            Some(query) => format!("{path}/?{query}"),
            None => format!("{path}/"),
        };
        if let Ok(uri) = with_slash.parse::<Uri>() {
            *request.uri_mut() = uri;
        }
    }
    request
}

/// Gives the request an id, writes one log line, and turns the cause of a 500 into that id.
pub async fn trace(request: Request, next: Next) -> Response {
    let id = request_id();
    let method = request.method().clone();
    // The route, not the path: paths carry ids of patients' things.
    let route = request
        .extensions()
        .get::<axum::extract::MatchedPath>()
        .map_or_else(|| "-".to_owned(), |path| path.as_str().to_owned());
    let started = tokio::time::Instant::now();
    let mut response = next.run(request).await;
    let took: Duration = started.elapsed();
    if let Some(InternalCause(cause)) = response.extensions().get::<InternalCause>().cloned() {
        tracing::error!(request.id = id, %method, route, cause, "request failed");
        let body = json!({
            "detail": "Something went wrong on the server. Tell whoever runs it this request id.",
            "code": "internal",
            "request_id": id,
        });
        response = (StatusCode::INTERNAL_SERVER_ERROR, Json(body)).into_response();
    }
    let status = response.status().as_u16();
    tracing::debug!(request.id = id, %method, route, status, duration_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX), "request");
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", id);
    }
    response
}

fn request_id() -> String {
    let mut bytes = [0; 8];
    // Without random numbers the id is zeros: worth less than an answer.
    let _ = aws_lc_rs::rand::fill(&mut bytes);
    bytes
        .iter()
        .fold(String::with_capacity(16), |mut hex, byte| {
            use std::fmt::Write as _;
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

/// A panic is a 500 like any other.
#[expect(clippy::needless_pass_by_value, reason = "the layer's own signature")]
pub fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let cause = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("a panic without words");
    internal(format!("panic: {cause}"))
}

/// An address under `/api/` that is not there.
pub async fn unknown() -> Response {
    answer(
        StatusCode::NOT_FOUND,
        "not_found",
        "There is nothing at this address. The list of all calls is at /api/docs/.",
    )
}

/// A known address with a method that it does not have.
pub async fn wrong_method() -> Response {
    answer(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        "This address does not take this method. See /api/docs/.",
    )
}

/// Nothing under `/api/` may be kept by a cache: it is about patients.
pub async fn no_store(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response
        .headers_mut()
        .entry(axum::http::header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}
