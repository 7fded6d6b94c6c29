//! What happened in a session, for its timeline. Rows are only ever added.

use chrono::{DateTime, Utc};
use televisit_domain::ids::{SessionId, UserId};

use crate::{Conn, Result, Tx, on};

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Event {
    /// When.
    pub at: DateTime<Utc>,
    /// What, in one word like `started`.
    pub kind: String,
    /// The user name of who did it; none for the system.
    pub actor_username: Option<String>,
    /// His first name.
    pub actor_first_name: Option<String>,
    /// His last name.
    pub actor_last_name: Option<String>,
    /// A few words more.
    pub detail: String,
}

/// Writes down that something happened.
pub async fn add(
    tx: &mut Tx,
    session: SessionId,
    kind: &'static str,
    actor: Option<UserId>,
    detail: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    on!(tx, |c| {
        sqlx::query(
            "INSERT INTO session_event (session_id, at, kind, actor_id, detail) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(session.0)
        .bind(now)
        .bind(kind)
        .bind(actor.map(|user| user.0))
        .bind(detail)
        .execute(c)
        .await?;
    });
    Ok(())
}

/// What happened in a session, oldest first.
pub async fn of_session(conn: &mut Conn, session: SessionId) -> Result<Vec<Event>> {
    Ok(on!(conn, |c| {
        sqlx::query_as(
            "SELECT e.at, e.kind, u.username AS actor_username, u.first_name AS actor_first_name,
                    u.last_name AS actor_last_name, e.detail
               FROM session_event e LEFT JOIN user_account u ON u.id = e.actor_id
              WHERE e.session_id = $1 ORDER BY e.id",
        )
        .bind(session.0)
        .fetch_all(c)
        .await?
    }))
}

/// The kind of the newest event of a session.
pub async fn newest_kind(conn: &mut Conn, session: SessionId) -> Result<Option<String>> {
    Ok(on!(conn, |c| {
        sqlx::query_scalar(
            "SELECT kind FROM session_event WHERE session_id = $1 ORDER BY id DESC LIMIT 1",
        )
        .bind(session.0)
        .fetch_optional(c)
        .await?
    }))
}
