//! Use cases: authorise, read, apply the rule, one transaction, tell. No HTTP type is named here.

pub mod appointments;
pub mod audit_log;
pub mod billing;
pub mod callers;
pub mod catalog;
mod contact;
pub mod demo;
pub mod entrance;
mod error;
pub mod idempotent;
mod input;
mod login_limits;
pub mod passwords;
pub mod patients;
pub mod sessions;
pub mod sign_in;
pub mod users;
pub mod visits;
mod wording;

pub use error::{Error, FieldErrors};
pub use input::{Input, InputError};

use chrono::{DateTime, Utc};
use televisit_domain::access::Caller;
use televisit_storage::audit::NewEntry;

/// Who asks, from where, and whether this is a repetition.
#[derive(Clone, Debug)]
pub struct Context {
    /// The signed-in account.
    pub caller: Caller,
    /// The peer's address, for the audit log.
    pub address: String,
    /// The client's `Idempotency-Key`, if it sent one.
    pub idempotency_key: Option<String>,
}

impl Context {
    /// An audit row of this caller.
    pub fn audit(
        &self,
        at: DateTime<Utc>,
        action: &'static str,
        entity: &'static str,
        entity_id: Option<i64>,
    ) -> NewEntry {
        NewEntry {
            at,
            actor: Some(self.caller.user),
            action,
            entity,
            entity_id,
            detail: String::new(),
            address: self.address.clone(),
        }
    }
}

/// Bytes as small hexadecimal digits.
fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}
