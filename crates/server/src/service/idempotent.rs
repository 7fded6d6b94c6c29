//! Requests that may come twice: with the same `Idempotency-Key` they do their work once.
//!
//! A use case that creates or charges calls [`begin`] as the first thing in its transaction and [`settle`] as the last
//! thing before the audit rows. Parallel requests with one key wait for each other in [`begin`].

use chrono::{DateTime, Utc};
use televisit_storage::Tx;
use televisit_storage::idempotency::{self, Spent};

use super::{Context, Error};

/// What a use case made, and whether it did so now or found it made before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made<T> {
    /// The record as it is now.
    pub record: T,
    /// Whether the answer says "created"; a repetition of a creation says so again.
    pub is_new: bool,
}

/// Claims the caller's key for this transaction. `None`: there is no key or it is fresh, do the work. `Some`: the same
/// request did it before; give the transaction up and answer from the stored record.
///
/// `route` names method and path with their numbers, `hash` is that of the body. The same key on anything else is a
/// conflict, so that a client's mistake never passes for an answer.
pub async fn begin(
    tx: &mut Tx,
    ctx: &Context,
    route: &str,
    hash: &str,
    now: DateTime<Utc>,
) -> Result<Option<Spent>, Error> {
    let Some(key) = &ctx.idempotency_key else {
        return Ok(None);
    };
    if idempotency::claim(tx, ctx.caller.user, key, route, hash, now).await? {
        return Ok(None);
    }
    let spent = idempotency::find(tx, ctx.caller.user, key)
        .await?
        .ok_or_else(|| Error::Internal("an idempotency key is neither free nor spent".into()))?;
    if spent.route == route && spent.body_hash == hash {
        Ok(Some(spent))
    } else {
        Err(Error::conflict(
            "idempotency_conflict",
            "This Idempotency-Key was used for another request. Send a new key.",
        ))
    }
}

/// Writes down what the key made. `outcome` keeps what of the answer cannot be read back from the record.
pub async fn settle(
    tx: &mut Tx,
    ctx: &Context,
    resource_id: i64,
    is_new: bool,
    outcome: &str,
) -> Result<(), Error> {
    if let Some(key) = &ctx.idempotency_key {
        let status = if is_new { 201 } else { 200 };
        idempotency::settle(tx, ctx.caller.user, key, resource_id, status, outcome).await?;
    }
    Ok(())
}

impl<T> Made<T> {
    /// Made now.
    pub fn new(record: T) -> Self {
        Self {
            record,
            is_new: true,
        }
    }

    /// Found made before by a request that was answered with "created" or not.
    pub fn again(record: T, spent: &Spent) -> Self {
        Self {
            record,
            is_new: spent.status == 201,
        }
    }
}
