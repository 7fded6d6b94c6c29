//! The refusals that many calls share, for the description.

use utoipa::IntoResponses;

use super::error::{ErrorOut, FieldErrorsOut};

/// Of every call that reads one thing.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "only described, never made")]
pub enum RefusedRead {
    /// No access token, or not a good one.
    #[response(status = 401)]
    Unauthenticated(#[to_schema] ErrorOut),
    /// Your role may not do this to anything.
    #[response(status = 403)]
    Role(#[to_schema] ErrorOut),
    /// There is no such thing for you.
    #[response(status = 404)]
    NotFound(#[to_schema] ErrorOut),
}

/// Of every call that reads a list.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "only described, never made")]
pub enum RefusedList {
    /// Some values of the query are wrong.
    #[response(status = 400)]
    Wrong(#[to_schema] FieldErrorsOut),
    /// No access token, or not a good one.
    #[response(status = 401)]
    Unauthenticated(#[to_schema] ErrorOut),
    /// Your role may not do this.
    #[response(status = 403)]
    Role(#[to_schema] ErrorOut),
}

/// Of every call that makes something new.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "only described, never made")]
pub enum RefusedCreate {
    /// Some fields are wrong.
    #[response(status = 400)]
    Wrong(#[to_schema] FieldErrorsOut),
    /// No access token, or not a good one.
    #[response(status = 401)]
    Unauthenticated(#[to_schema] ErrorOut),
    /// Your role may not do this.
    #[response(status = 403)]
    Role(#[to_schema] ErrorOut),
    /// `idempotency_conflict`: the `Idempotency-Key` was used for another request.
    #[response(status = 409)]
    Conflict(#[to_schema] ErrorOut),
}

/// Of every call that changes one thing or adds to it.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "only described, never made")]
pub enum RefusedChange {
    /// Some fields are wrong.
    #[response(status = 400)]
    Wrong(#[to_schema] FieldErrorsOut),
    /// No access token, or not a good one.
    #[response(status = 401)]
    Unauthenticated(#[to_schema] ErrorOut),
    /// Your role may not do this to anything.
    #[response(status = 403)]
    Role(#[to_schema] ErrorOut),
    /// There is no such thing for you.
    #[response(status = 404)]
    NotFound(#[to_schema] ErrorOut),
    /// The state of the thing does not allow it; the sentence names the state.
    #[response(status = 409)]
    Conflict(#[to_schema] ErrorOut),
}
