//! What a POST with an `Idempotency-Key` made. The row is written in the transaction of what it made, so that either
//! both are there or neither is.

use chrono::{DateTime, Utc};
use televisit_domain::ids::UserId;

use crate::{Conn, Result, Tx, on};

/// A key that has done its work.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Spent {
    /// Method and path it was used on.
    pub route: String,
    /// SHA-256 of the body, in hex.
    pub body_hash: String,
    /// The record that was made or changed.
    pub resource_id: i64,
    /// The HTTP status that was answered.
    pub status: i64,
    /// What of the answer cannot be read back from the record, like why nothing was billed.
    pub outcome: String,
}

/// Takes the key for this transaction; `false` when it has been spent before. While another transaction holds the same
/// key this waits for its end, so that of many parallel requests one works and the others find its result.
pub async fn claim(
    tx: &mut Tx,
    user: UserId,
    key: &str,
    route: &str,
    body_hash: &str,
    now: DateTime<Utc>,
) -> Result<bool> {
    Ok(on!(tx, |c| {
        sqlx::query(
            "INSERT INTO idempotency (user_id, idempotency_key, route, body_hash, resource_id, status, created_at)
             VALUES ($1, $2, $3, $4, 0, 0, $5) ON CONFLICT (user_id, idempotency_key) DO NOTHING",
        )
        .bind(user.0)
        .bind(key)
        .bind(route)
        .bind(body_hash)
        .bind(now)
        .execute(c)
        .await?
        .rows_affected()
    }) == 1)
}

/// Writes down what the claimed key made. Without it the row would say nothing, so every claim is settled before its
/// commit.
pub async fn settle(
    tx: &mut Tx,
    user: UserId,
    key: &str,
    resource_id: i64,
    status: i64,
    outcome: &str,
) -> Result<()> {
    on!(tx, |c| {
        sqlx::query(
            "UPDATE idempotency SET resource_id = $3, status = $4, outcome = $5
              WHERE user_id = $1 AND idempotency_key = $2",
        )
        .bind(user.0)
        .bind(key)
        .bind(resource_id)
        .bind(status)
        .bind(outcome)
        .execute(c)
        .await?;
    });
    Ok(())
}

/// What a spent key made.
pub async fn find(conn: &mut Conn, user: UserId, key: &str) -> Result<Option<Spent>> {
    Ok(on!(conn, |c| {
        sqlx::query_as(
            "SELECT route, body_hash, resource_id, status, outcome FROM idempotency
              WHERE user_id = $1 AND idempotency_key = $2",
        )
        .bind(user.0)
        .bind(key)
        .fetch_optional(c)
        .await?
    }))
}

/// Forgets the keys spent before `before`; answers how many.
pub async fn forget(tx: &mut Tx, before: DateTime<Utc>) -> Result<u64> {
    Ok(on!(tx, |c| {
        sqlx::query("DELETE FROM idempotency WHERE created_at < $1")
            .bind(before)
            .execute(c)
            .await?
            .rows_affected()
    }))
}
