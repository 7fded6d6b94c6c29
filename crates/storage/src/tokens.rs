//! Sign-ins and the refresh tokens that descend from them.
//!
//! The row of the sign-in is the lock: exchanging a token and ending a sign-in both begin by writing to it, so that no
//! token is born into a sign-in that has ended.

use chrono::{DateTime, Utc};
use televisit_domain::ids::UserId;

use crate::{Conn, Result, Tx, on};

/// A refresh token to be kept.
#[derive(Clone, Debug)]
pub struct NewToken<'a> {
    /// The sign-in it belongs to.
    pub family: &'a str,
    /// SHA-256 of the token, in hex.
    pub hash: &'a str,
    /// When it was made.
    pub issued_at: DateTime<Utc>,
    /// From when on it is worth nothing.
    pub expires_at: DateTime<Utc>,
}

/// Begins a sign-in of an account, if the account is active and its password hash is still the one that was checked.
/// A password changed in between begins nothing.
pub async fn begin(
    tx: &mut Tx,
    user: UserId,
    checked_hash: &str,
    family: &str,
    now: DateTime<Utc>,
) -> Result<bool> {
    let held = on!(tx, |c| sqlx::query(
        "UPDATE user_account SET updated_at = updated_at
          WHERE id = $1 AND is_active AND password_hash = $2",
    )
    .bind(user.0)
    .bind(checked_hash)
    .execute(c)
    .await?
    .rows_affected());
    if held == 0 {
        return Ok(false);
    }
    on!(tx, |c| {
        sqlx::query("INSERT INTO sign_in (family, user_id, signed_in_at) VALUES ($1, $2, $3)")
            .bind(family)
            .bind(user.0)
            .bind(now)
            .execute(c)
            .await?;
    });
    Ok(true)
}

/// Keeps a token.
pub async fn insert(tx: &mut Tx, token: &NewToken<'_>) -> Result<()> {
    on!(tx, |c| {
        sqlx::query(
            "INSERT INTO refresh_token (family, token_hash, issued_at, expires_at) VALUES ($1, $2, $3, $4)",
        )
        .bind(token.family)
        .bind(token.hash)
        .bind(token.issued_at)
        .bind(token.expires_at)
        .execute(c)
        .await?;
    });
    Ok(())
}

/// The sign-in a token belongs to, whatever became of either.
pub async fn family_of(conn: &mut Conn, hash: &str) -> Result<Option<(String, UserId)>> {
    let found: Option<(String, i64)> = on!(conn, |c| sqlx::query_as(
        "SELECT s.family, s.user_id FROM refresh_token t JOIN sign_in s ON s.family = t.family
          WHERE t.token_hash = $1",
    )
    .bind(hash)
    .fetch_optional(c)
    .await?);
    Ok(found.map(|(family, user)| (family, UserId(user))))
}

/// Takes the lock of a sign-in; false when it has ended.
pub async fn hold(tx: &mut Tx, family: &str) -> Result<bool> {
    Ok(on!(tx, |c| sqlx::query(
        "UPDATE sign_in SET ended_at = ended_at WHERE family = $1 AND ended_at IS NULL"
    )
    .bind(family)
    .execute(c)
    .await?
    .rows_affected())
        == 1)
}

/// Spends a token: true for exactly one of many callers, and only before it expires.
pub async fn spend(tx: &mut Tx, hash: &str, now: DateTime<Utc>) -> Result<bool> {
    Ok(on!(tx, |c| sqlx::query(
        "UPDATE refresh_token SET used_at = $2
          WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2",
    )
    .bind(hash)
    .bind(now)
    .execute(c)
    .await?
    .rows_affected())
        == 1)
}

/// Whether a token was spent before; false for one that only expired.
pub async fn is_spent(conn: &mut Conn, hash: &str) -> Result<bool> {
    let used: Option<i64> = on!(conn, |c| sqlx::query_scalar(
        "SELECT id FROM refresh_token WHERE token_hash = $1 AND used_at IS NOT NULL"
    )
    .bind(hash)
    .fetch_optional(c)
    .await?);
    Ok(used.is_some())
}

/// Whether a sign-in still stands.
pub async fn stands(conn: &mut Conn, family: &str) -> Result<bool> {
    let found: Option<String> = on!(conn, |c| sqlx::query_scalar(
        "SELECT family FROM sign_in WHERE family = $1 AND ended_at IS NULL"
    )
    .bind(family)
    .fetch_optional(c)
    .await?);
    Ok(found.is_some())
}

/// Ends a sign-in and with it its tokens; false when it had ended before.
pub async fn end(tx: &mut Tx, family: &str, now: DateTime<Utc>) -> Result<bool> {
    Ok(on!(tx, |c| sqlx::query(
        "UPDATE sign_in SET ended_at = $2 WHERE family = $1 AND ended_at IS NULL"
    )
    .bind(family)
    .bind(now)
    .execute(c)
    .await?
    .rows_affected())
        == 1)
}

/// Ends every sign-in of an account; how many.
pub async fn end_all(tx: &mut Tx, user: UserId, now: DateTime<Utc>) -> Result<u64> {
    Ok(on!(tx, |c| sqlx::query(
        "UPDATE sign_in SET ended_at = $2 WHERE user_id = $1 AND ended_at IS NULL"
    )
    .bind(user.0)
    .bind(now)
    .execute(c)
    .await?
    .rows_affected()))
}

/// Removes tokens that expired before `before`, and sign-ins that began before it and have no token left; how many
/// tokens. `before` lies a token's lifetime in the past, so that the reuse of a spent one is still recognised.
pub async fn forget(tx: &mut Tx, before: DateTime<Utc>) -> Result<u64> {
    let gone = on!(tx, |c| sqlx::query(
        "DELETE FROM refresh_token WHERE expires_at < $1"
    )
    .bind(before)
    .execute(c)
    .await?
    .rows_affected());
    on!(tx, |c| {
        sqlx::query(
            "DELETE FROM sign_in WHERE signed_in_at < $1
                AND NOT EXISTS (SELECT 1 FROM refresh_token t WHERE t.family = sign_in.family)",
        )
        .bind(before)
        .execute(c)
        .await?;
    });
    Ok(gone)
}
