//! The errors that many calls share, for their descriptions.

use utoipa::IntoResponses;

use super::error::{ErrorOut, FieldErrorsOut};

/// Of every call that needs a sign-in and a role.
#[derive(Debug, IntoResponses)]
pub enum Guarded {
    /// No or bad access token.
    #[response(status = 401)]
    Unauthenticated(ErrorOut),
    /// Not for this role.
    #[response(status = 403)]
    Forbidden(ErrorOut),
}

/// Of every call about one thing.
#[derive(Debug, IntoResponses)]
pub enum OfOne {
    /// It is not there, or not the caller's to see.
    #[response(status = 404)]
    NotFound(ErrorOut),
}

/// Of every call that judges what was sent.
#[derive(Debug, IntoResponses)]
pub enum Judged {
    /// Some values are wrong; each field with its sentences.
    #[response(status = 400)]
    Invalid(FieldErrorsOut),
}

/// Of every call that may meet another one.
#[derive(Debug, IntoResponses)]
pub enum Contended {
    /// The state of things, or the `Idempotency-Key`, does not allow it.
    #[response(status = 409)]
    Conflict(ErrorOut),
}
