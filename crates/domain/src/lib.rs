//! The rules of the clinic, with no input or output of any kind.
//!
//! Everything here is a plain value or a function of plain values: the session's state machine, who may do what,
//! money, identifiers and the clock that others are handed. A rule that needs a database row is given the row.

pub mod access;
pub mod billing;
pub mod clock;
pub mod ids;
pub mod instant;
pub mod record;
pub mod session;
pub mod text;
