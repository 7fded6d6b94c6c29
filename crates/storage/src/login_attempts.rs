//! Counts of failed sign-ins per account and per address.
//!
//! An attempt is counted before the password is looked at and given back when it was right. Counted afterwards, many
//! guesses sent at once would all pass the same count.

use chrono::{DateTime, Utc};

use crate::{Conn, Result, Tx, on};

/// Counts one attempt of a subject, unless it already has `limit` of them in its window. A window that began at or
/// before `window_floor` is over and a new one begins. Answers whether the attempt may go on.
pub async fn take(
    tx: &mut Tx,
    subject: &str,
    limit: i64,
    window_floor: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<bool> {
    let taken: Option<i64> = on!(tx, |c| {
        sqlx::query_scalar(
        "INSERT INTO login_attempt (subject, window_start, failures) VALUES ($1, $4, 1)
         ON CONFLICT (subject) DO UPDATE SET
             failures = CASE WHEN login_attempt.window_start <= $3 THEN 1 ELSE login_attempt.failures + 1 END,
             window_start = CASE WHEN login_attempt.window_start <= $3 THEN $4 ELSE login_attempt.window_start END
         WHERE login_attempt.failures < $2 OR login_attempt.window_start <= $3
         RETURNING failures",
    )
    .bind(subject)
    .bind(limit)
    .bind(window_floor)
    .bind(now)
    .fetch_optional(c)
    .await?
    });
    Ok(taken.is_some())
}

/// When the present window of a subject began.
pub async fn window_start(conn: &mut Conn, subject: &str) -> Result<Option<DateTime<Utc>>> {
    Ok(on!(conn, |c| sqlx::query_scalar(
        "SELECT window_start FROM login_attempt WHERE subject = $1"
    )
    .bind(subject)
    .fetch_optional(c)
    .await?))
}

/// Gives one attempt back that turned out right.
pub async fn give_back(tx: &mut Tx, subject: &str) -> Result<()> {
    on!(tx, |c| {
        sqlx::query(
            "UPDATE login_attempt SET failures = failures - 1 WHERE subject = $1 AND failures > 0",
        )
        .bind(subject)
        .execute(c)
        .await?;
    });
    Ok(())
}

/// Forgets every failure of a subject.
pub async fn clear(tx: &mut Tx, subject: &str) -> Result<()> {
    on!(tx, |c| {
        sqlx::query("DELETE FROM login_attempt WHERE subject = $1")
            .bind(subject)
            .execute(c)
            .await?;
    });
    Ok(())
}

/// Removes windows that began at or before `window_floor`; how many.
pub async fn forget(tx: &mut Tx, window_floor: DateTime<Utc>) -> Result<u64> {
    Ok(on!(tx, |c| sqlx::query(
        "DELETE FROM login_attempt WHERE window_start <= $1"
    )
    .bind(window_floor)
    .execute(c)
    .await?
    .rows_affected()))
}
