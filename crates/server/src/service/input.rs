//! What a caller sent, judged only after it is known that he may send it.

use super::{Error, FieldErrors};

/// What is wrong with a body as a whole.
#[derive(Clone, Debug, thiserror::Error)]
pub enum InputError {
    /// Some fields are wrong.
    #[error("some fields are wrong")]
    Fields(FieldErrors),
    /// Not JSON, or not an object.
    #[error("{0}")]
    Malformed(String),
    /// More than the server reads.
    #[error("The body is larger than {limit} bytes.")]
    TooLarge {
        /// The most that is read.
        limit: usize,
    },
    /// Not `application/json`.
    #[error("Send the body as application/json.")]
    WrongType,
    /// It did not arrive in time.
    #[error("The body did not arrive within {seconds} seconds.")]
    TooSlow {
        /// How long was waited.
        seconds: u64,
    },
}

/// A body that may have been wrong. The order of checks is fixed (sign-in, role, thing, body, state), so a use case
/// takes it unjudged and asks for the value when the first three are answered.
#[derive(Clone, Debug)]
pub struct Input<T> {
    value: Result<T, InputError>,
    hash: String,
}

impl<T> Input<T> {
    /// From the edge: the value or what was wrong, with the hash of the body as it was sent.
    pub fn new(value: Result<T, InputError>, hash: String) -> Self {
        Self { value, hash }
    }

    /// The value, or the error for the client.
    pub fn get(self) -> Result<T, Error> {
        self.value.map_err(Error::from)
    }

    /// The same body in the use case's terms.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Input<U> {
        Input {
            value: self.value.map(change),
            hash: self.hash,
        }
    }

    /// The hash of the body as it was sent, for idempotency.
    pub fn hash(&self) -> &str {
        &self.hash
    }
}

impl<T> From<T> for Input<T> {
    /// From a caller inside the program.
    fn from(value: T) -> Self {
        Self {
            value: Ok(value),
            hash: String::new(),
        }
    }
}
