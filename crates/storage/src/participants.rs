//! People of a session besides what the session itself says: who was invited, who came, who is here.

use chrono::{DateTime, Utc};
use sqlx::QueryBuilder;
use televisit_domain::access::Role;
use televisit_domain::ids::{SessionId, UserId};
use televisit_domain::session::ConnectionQuality;

use crate::{Conn, Result, Tx, on};

/// A seat in a session. Its number stays the same over reconnects.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Participant {
    /// Its number.
    pub id: i64,
    /// The session.
    #[sqlx(try_from = "i64")]
    pub session_id: SessionId,
    /// The account.
    #[sqlx(try_from = "i64")]
    pub user_id: UserId,
    /// The account's user name.
    pub user_name: String,
    /// What the others see.
    pub display_name: String,
    /// The account's role when it was invited or came.
    #[sqlx(try_from = "String")]
    pub user_role: Role,
    /// When it was invited; none for doctor and patient of the session, and when the invitation was taken back.
    pub invited_at: Option<DateTime<Utc>>,
    /// When it first came.
    pub joined_at: Option<DateTime<Utc>>,
    /// When it last left; none while it is here.
    pub left_at: Option<DateTime<Utc>>,
    /// Whether it is here now.
    pub is_present: bool,
    /// How well it is connected.
    #[sqlx(try_from = "String")]
    pub connection_quality: ConnectionQuality,
    /// `desktop`, `mobile` or `tablet`.
    pub device_type: String,
    /// The browser's short name.
    pub browser: String,
}

/// Who takes a seat.
#[derive(Clone, Copy, Debug)]
pub struct Person<'a> {
    /// The account.
    pub user: UserId,
    /// What the others see.
    pub display_name: &'a str,
    /// Its role.
    pub role: Role,
}

/// Those who were invited or came, of several sessions, in the order of their seats.
pub async fn of_sessions(conn: &mut Conn, sessions: &[SessionId]) -> Result<Vec<Participant>> {
    if sessions.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on!(conn, |c| {
        let mut query = QueryBuilder::new(
            "SELECT t.id, t.session_id, t.user_id, u.username AS user_name, t.display_name, t.user_role, t.invited_at,
                    t.joined_at, t.left_at, t.is_present, t.connection_quality, t.device_type, t.browser
               FROM participant t JOIN user_account u ON u.id = t.user_id
              WHERE (t.invited_at IS NOT NULL OR t.joined_at IS NOT NULL) AND t.session_id IN (",
        );
        let mut ids = query.separated(", ");
        for id in crate::few_lengths(sessions) {
            ids.push_bind(id.0);
        }
        query.push(") ORDER BY t.id");
        query.build_query_as().fetch_all(c).await?
    }))
}

/// The accounts invited into a session.
pub async fn invited(conn: &mut Conn, session: SessionId) -> Result<Vec<UserId>> {
    let ids: Vec<i64> = on!(conn, |c| {
        sqlx::query_scalar("SELECT user_id FROM participant WHERE session_id = $1 AND invited_at IS NOT NULL ORDER BY id")
            .bind(session.0)
            .fetch_all(c)
            .await?
    });
    Ok(ids.into_iter().map(UserId).collect())
}

/// Whether an account is in a session now.
pub async fn is_present(conn: &mut Conn, session: SessionId, user: UserId) -> Result<bool> {
    let seats: i64 = on!(conn, |c| {
        sqlx::query_scalar(
            "SELECT COUNT(*) FROM participant WHERE session_id = $1 AND user_id = $2 AND is_present",
        )
        .bind(session.0)
        .bind(user.0)
        .fetch_one(c)
        .await?
    });
    Ok(seats > 0)
}

/// Invites an account. Invited again, it keeps its seat and the time of the first invitation.
pub async fn invite(
    tx: &mut Tx,
    session: SessionId,
    person: Person<'_>,
    by: UserId,
    now: DateTime<Utc>,
) -> Result<()> {
    on!(tx, |c| {
        sqlx::query(
            "INSERT INTO participant (session_id, user_id, display_name, user_role, invited_by, invited_at)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (session_id, user_id) DO UPDATE
                SET invited_by = COALESCE(participant.invited_by, excluded.invited_by),
                    invited_at = COALESCE(participant.invited_at, excluded.invited_at)",
        )
        .bind(session.0)
        .bind(person.user.0)
        .bind(person.display_name)
        .bind(person.role.as_str())
        .bind(by.0)
        .bind(now)
        .execute(c)
        .await?;
    });
    Ok(())
}

/// Takes an invitation back, told by the answer. The seat stays, so that who was there stays known.
pub async fn uninvite(tx: &mut Tx, session: SessionId, user: UserId) -> Result<bool> {
    let done = on!(tx, |c| {
        sqlx::query(
            "UPDATE participant SET invited_at = NULL, invited_by = NULL
              WHERE session_id = $1 AND user_id = $2 AND invited_at IS NOT NULL",
        )
        .bind(session.0)
        .bind(user.0)
        .execute(c)
        .await?
        .rows_affected()
    });
    Ok(done == 1)
}

/// Notes that somebody came, or came back, and gives the number of the seat.
pub async fn join(
    tx: &mut Tx,
    session: SessionId,
    person: Person<'_>,
    device_type: &str,
    browser: &str,
    now: DateTime<Utc>,
) -> Result<i64> {
    Ok(on!(tx, |c| {
        sqlx::query_scalar(
            "INSERT INTO participant (session_id, user_id, display_name, user_role, joined_at, is_present, device_type,
                    browser)
             VALUES ($1, $2, $3, $4, $5, TRUE, $6, $7)
             ON CONFLICT (session_id, user_id) DO UPDATE
                SET display_name = excluded.display_name, user_role = excluded.user_role,
                    joined_at = COALESCE(participant.joined_at, excluded.joined_at), left_at = NULL, is_present = TRUE,
                    connection_quality = 'good', device_type = excluded.device_type, browser = excluded.browser
             RETURNING id",
        )
        .bind(session.0)
        .bind(person.user.0)
        .bind(person.display_name)
        .bind(person.role.as_str())
        .bind(now)
        .bind(device_type)
        .bind(browser)
        .fetch_one(c)
        .await?
    }))
}

/// Notes that somebody left; the answer tells whether he was here.
pub async fn leave(
    tx: &mut Tx,
    session: SessionId,
    user: UserId,
    now: DateTime<Utc>,
) -> Result<bool> {
    let done = on!(tx, |c| {
        sqlx::query(
            "UPDATE participant SET is_present = FALSE, left_at = $3
              WHERE session_id = $1 AND user_id = $2 AND is_present",
        )
        .bind(session.0)
        .bind(user.0)
        .bind(now)
        .execute(c)
        .await?
        .rows_affected()
    });
    Ok(done == 1)
}

/// Notes that everybody has left a session: it is over.
pub async fn leave_all(tx: &mut Tx, session: SessionId, now: DateTime<Utc>) -> Result<()> {
    on!(tx, |c| {
        sqlx::query(
            "UPDATE participant SET is_present = FALSE, left_at = $2 WHERE session_id = $1 AND is_present",
        )
        .bind(session.0)
        .bind(now)
        .execute(c)
        .await?;
    });
    Ok(())
}

/// Notes that nobody is here any more, in any session: at the start of the server no connection is open.
pub async fn leave_everywhere(tx: &mut Tx, now: DateTime<Utc>) -> Result<u64> {
    Ok(on!(tx, |c| {
        sqlx::query("UPDATE participant SET is_present = FALSE, left_at = $1 WHERE is_present")
            .bind(now)
            .execute(c)
            .await?
            .rows_affected()
    }))
}

/// Writes how well somebody is connected; the answer tells whether that changed.
pub async fn set_quality(
    tx: &mut Tx,
    session: SessionId,
    user: UserId,
    quality: ConnectionQuality,
) -> Result<bool> {
    let done = on!(tx, |c| {
        sqlx::query(
            "UPDATE participant SET connection_quality = $3
              WHERE session_id = $1 AND user_id = $2 AND connection_quality <> $3",
        )
        .bind(session.0)
        .bind(user.0)
        .bind(quality.as_str())
        .execute(c)
        .await?
        .rows_affected()
    });
    Ok(done == 1)
}
