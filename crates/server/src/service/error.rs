//! Why a use case did not do what was asked, in words for the person who must act.

use std::collections::BTreeMap;

use televisit_domain::access::Denied;
use televisit_domain::session::IllegalTransition;
use televisit_storage as storage;

use super::InputError;

/// Sentences by field. The name is the field's on the wire.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldErrors(BTreeMap<String, Vec<String>>);

impl FieldErrors {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a sentence about a field.
    pub fn add(&mut self, field: impl Into<String>, sentence: impl Into<String>) {
        self.0
            .entry(field.into())
            .or_default()
            .push(sentence.into());
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `Ok` when nothing is wrong, so that a use case can collect everything and then stop with `?`.
    pub fn check(self) -> Result<(), Error> {
        if self.is_empty() {
            Ok(())
        } else {
            Err(Error::Invalid(self))
        }
    }

    /// The fields and their sentences.
    pub fn into_map(self) -> BTreeMap<String, Vec<String>> {
        self.0
    }
}

/// An error of a use case.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No or bad credentials.
    #[error("{detail}")]
    Unauthenticated {
        /// A stable word.
        code: &'static str,
        /// What to do.
        detail: String,
    },
    /// Not permitted, or told as if it did not exist.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// It is not there.
    #[error("{0} was not found.")]
    NotFound(&'static str),
    /// It is not there, and a stable word says what is missing.
    #[error("{detail}")]
    Missing {
        /// A stable word.
        code: &'static str,
        /// What is missing.
        detail: String,
    },
    /// Some fields are wrong.
    #[error("some fields are wrong")]
    Invalid(FieldErrors),
    /// The body cannot be read at all.
    #[error(transparent)]
    Input(InputError),
    /// The state of things does not allow it.
    #[error("{detail}")]
    Conflict {
        /// A stable word.
        code: &'static str,
        /// Which state, and what would do.
        detail: String,
        /// More for the client, beside `detail` and `code`.
        extra: BTreeMap<&'static str, i64>,
    },
    /// Asked too often.
    #[error("{detail}")]
    TooMany {
        /// Seconds until it may be tried again.
        retry_after: i64,
        /// What happened.
        detail: String,
    },
    /// Something that this depends on cannot be used now.
    #[error("{detail}")]
    Unavailable {
        /// A stable word.
        code: &'static str,
        /// What, and what to do.
        detail: String,
    },
    /// The database.
    #[error(transparent)]
    Storage(#[from] storage::Error),
    /// A bug: the caller learns only a request id, the log the rest.
    #[error("{0}")]
    Internal(String),
}

impl Error {
    /// One field is wrong.
    pub fn field(field: &str, sentence: impl Into<String>) -> Self {
        let mut errors = FieldErrors::new();
        errors.add(field, sentence);
        Self::Invalid(errors)
    }

    /// A state conflict.
    pub fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Self::Conflict {
            code,
            detail: detail.into(),
            extra: BTreeMap::new(),
        }
    }

    /// Something is out of order for now.
    pub fn unavailable(detail: impl Into<String>) -> Self {
        Self::Unavailable {
            code: "unavailable",
            detail: detail.into(),
        }
    }
}

impl From<IllegalTransition> for Error {
    fn from(illegal: IllegalTransition) -> Self {
        Self::conflict("invalid_state", illegal.to_string())
    }
}

impl From<InputError> for Error {
    fn from(error: InputError) -> Self {
        match error {
            InputError::Fields(fields) => Self::Invalid(fields),
            other => Self::Input(other),
        }
    }
}
