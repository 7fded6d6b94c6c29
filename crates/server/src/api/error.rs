//! Errors on the wire: `{"detail", "code"}`, or sentences by field.

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value, json};
use televisit_domain::access::Denied;
use televisit_storage as storage;
use utoipa::ToSchema;

use crate::service::{Error, InputError};

/// The body of an error that is not about a field.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ErrorOut {
    /// A sentence that names the thing and what to do.
    pub detail: String,
    /// A stable word for programs.
    pub code: String,
}

/// Sentences by field: `{"visit": ["This field is required."]}`.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"visit": ["This field is required."]}))]
pub struct FieldErrorsOut(pub std::collections::BTreeMap<String, Vec<String>>);

/// What a handler answers when it cannot do what was asked.
#[derive(Debug)]
pub struct ApiError(pub Error);

impl<E: Into<Error>> From<E> for ApiError {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

/// The cause of a 500, for the log; the middleware that knows the request id writes both down and fills the body.
#[derive(Clone, Debug)]
pub struct InternalCause(pub String);

/// An error body.
pub fn answer(status: StatusCode, code: &str, detail: &str) -> Response {
    (status, Json(json!({ "detail": detail, "code": code }))).into_response()
}

/// A 500 whose cause only the log learns.
pub fn internal(cause: impl Into<String>) -> Response {
    let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
    response
        .extensions_mut()
        .insert(InternalCause(cause.into()));
    response
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        match self.0 {
            Error::Unauthenticated { code, detail } => {
                let mut response = answer(StatusCode::UNAUTHORIZED, code, &detail);
                response.headers_mut().insert(
                    header::WWW_AUTHENTICATE,
                    header::HeaderValue::from_static("Bearer"),
                );
                response
            }
            Error::Denied(Denied::Role) => answer(
                StatusCode::FORBIDDEN,
                "permission_denied",
                "Your role may not do this.",
            ),
            Error::Denied(Denied::Scope) | Error::NotFound(_) => not_found(),
            Error::Missing { code, detail } => answer(StatusCode::NOT_FOUND, code, &detail),
            Error::Invalid(fields) | Error::Input(InputError::Fields(fields)) => {
                (StatusCode::BAD_REQUEST, Json(fields.into_map())).into_response()
            }
            Error::Input(input) => {
                let (status, code) = match &input {
                    InputError::Malformed(_) | InputError::Fields(_) => {
                        (StatusCode::BAD_REQUEST, "parse_error")
                    }
                    InputError::TooLarge { .. } => {
                        (StatusCode::PAYLOAD_TOO_LARGE, "body_too_large")
                    }
                    InputError::WrongType => {
                        (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type")
                    }
                    InputError::TooSlow { .. } => (StatusCode::REQUEST_TIMEOUT, "body_too_slow"),
                };
                answer(status, code, &input.to_string())
            }
            Error::Conflict {
                code,
                detail,
                extra,
            } => {
                let mut body = Map::new();
                body.insert("detail".into(), Value::from(detail));
                body.insert("code".into(), Value::from(code));
                body.extend(
                    extra
                        .into_iter()
                        .map(|(name, value)| (name.to_owned(), Value::from(value))),
                );
                (StatusCode::CONFLICT, Json(Value::Object(body))).into_response()
            }
            Error::TooMany {
                retry_after,
                detail,
            } => {
                let mut response =
                    answer(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", &detail);
                response.headers_mut().insert(
                    header::RETRY_AFTER,
                    header::HeaderValue::from(retry_after.max(1)),
                );
                response
            }
            Error::Unavailable { code, detail } => {
                answer(StatusCode::SERVICE_UNAVAILABLE, code, &detail)
            }
            Error::Storage(storage::Error::Unavailable(cause)) => {
                tracing::error!(cause, "the database is not available");
                answer(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "database_unavailable",
                    "The database is not available. Nothing was changed; try again in a moment.",
                )
            }
            Error::Storage(error) => internal(error.to_string()),
            Error::Internal(cause) => internal(cause),
        }
    }
}

fn not_found() -> Response {
    answer(StatusCode::NOT_FOUND, "not_found", "Not found.")
}
