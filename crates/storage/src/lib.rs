//! The only crate that knows SQL: one text for SQLite and PostgreSQL.
//!
//! Reads take a [`Conn`], writes take a [`Tx`]; a [`Tx`] serves where a [`Conn`] is asked for, so that a use case can
//! read what it has just written. Times come from outside ([`televisit_domain::clock::Clock`]); no statement asks the
//! database for one.

mod connect;
mod error;
mod like;

pub mod appointments;
pub mod audit;
pub mod audit_list;
pub mod backup;
pub mod board;
pub mod callers;
pub mod charges;
pub mod idempotency;
pub mod jobs;
pub mod login_attempts;
pub mod participants;
pub mod patients;
pub mod payments;
pub mod services;
pub mod session_events;
pub mod sessions;
pub mod settings;
pub mod tokens;
pub mod users;
pub mod visits;

pub use connect::{Conn, Db, Engine, Tx};
pub use error::Error;

/// What every function here answers with.
pub type Result<T> = std::result::Result<T, Error>;

/// Runs one body on the connection of whichever engine is in use; `$c` is bound to `&mut SqliteConnection` or
/// `&mut PgConnection`. The body is compiled twice, so keep it to one statement.
macro_rules! on {
    ($conn:expr, |$c:ident| $body:expr) => {
        match $conn.raw() {
            $crate::connect::Raw::Sqlite($c) => $body,
            $crate::connect::Raw::Postgres($c) => $body,
        }
    };
}
pub(crate) use on;

/// The items, with the last repeated until their number is a power of two: a list of any length in an `IN (...)` then
/// makes only a few different statements, which stay prepared.
pub(crate) fn few_lengths<T: Copy>(items: &[T]) -> impl Iterator<Item = T> {
    let padding = items.len().next_power_of_two() - items.len();
    let last = items.last().copied();
    items
        .iter()
        .copied()
        .chain(last.into_iter().cycle().take(padding))
}
