//! The status of an answer to a request that may come twice.

use axum::http::StatusCode;

use crate::service::idempotent::Made;

impl<T> Made<T> {
    /// 201 for what was made, also when the request is repeated; 200 for what was there before.
    pub fn status(&self) -> StatusCode {
        if self.is_new {
            StatusCode::CREATED
        } else {
            StatusCode::OK
        }
    }
}
