//! Facts about the installation, by name.

use chrono::{DateTime, Utc};

use crate::{Conn, Result, Tx, on};

/// The value kept under a name.
pub async fn get(conn: &mut Conn, name: &str) -> Result<Option<String>> {
    Ok(on!(conn, |c| sqlx::query_scalar(
        "SELECT value FROM setting WHERE name = $1"
    )
    .bind(name)
    .fetch_optional(c)
    .await?))
}

/// Keeps a value under a name, in place of the one before.
pub async fn put(tx: &mut Tx, name: &str, value: &str, now: DateTime<Utc>) -> Result<()> {
    on!(tx, |c| {
        sqlx::query(
            "INSERT INTO setting (name, value, updated_at) VALUES ($1, $2, $3)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at",
        )
        .bind(name)
        .bind(value)
        .bind(now)
        .execute(c)
        .await?;
    });
    Ok(())
}

/// Keeps a value under a name unless there is one already, and answers the one that is kept: of many first starts
/// at once, all see the same.
pub async fn put_first(tx: &mut Tx, name: &str, value: &str, now: DateTime<Utc>) -> Result<String> {
    Ok(on!(tx, |c| sqlx::query_scalar(
        "INSERT INTO setting (name, value, updated_at) VALUES ($1, $2, $3)
         ON CONFLICT (name) DO UPDATE SET value = setting.value
         RETURNING value",
    )
    .bind(name)
    .bind(value)
    .bind(now)
    .fetch_one(c)
    .await?))
}
