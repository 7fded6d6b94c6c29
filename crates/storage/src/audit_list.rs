//! The audit chain as a list for people to read.

use chrono::{DateTime, Utc};

use crate::{Conn, Result, on};

/// Which rows a list shows.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    /// Only of this kind of thing.
    pub entity: Option<String>,
    /// Only of the thing with this number.
    pub entity_id: Option<i64>,
    /// Only by this account.
    pub actor: Option<i64>,
}

/// A row with the name of who acted.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ListedEntry {
    /// Its place in the chain.
    pub id: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who; nobody for the system itself and for failed sign-ins.
    pub actor_id: Option<i64>,
    /// First name of who acted.
    pub actor_first_name: String,
    /// Last name of who acted.
    pub actor_last_name: String,
    /// Username of who acted.
    pub actor_username: String,
    /// What was done.
    pub action: String,
    /// To what kind of thing.
    pub entity: String,
    /// To which one.
    pub entity_id: Option<i64>,
    /// A few words.
    pub detail: String,
    /// From where.
    pub address: String,
}

/// A page of rows, newest first.
pub async fn list(
    conn: &mut Conn,
    filter: &AuditFilter,
    limit: i64,
    offset: i64,
) -> Result<Vec<ListedEntry>> {
    Ok(on!(conn, |c| {
        sqlx::query_as(
        "SELECT a.id, a.at, a.actor_id, COALESCE(u.first_name, '') AS actor_first_name,
                COALESCE(u.last_name, '') AS actor_last_name, COALESCE(u.username, '') AS actor_username,
                a.action, a.entity, a.entity_id, a.detail, a.address
           FROM audit a LEFT JOIN user_account u ON u.id = a.actor_id
          WHERE ($1 IS NULL OR a.entity = $1)
            AND ($2 IS NULL OR a.entity_id = $2)
            AND ($3 IS NULL OR a.actor_id = $3)
          ORDER BY a.id DESC LIMIT $4 OFFSET $5",
    )
    .bind(filter.entity.as_deref())
    .bind(filter.entity_id)
    .bind(filter.actor)
    .bind(limit)
    .bind(offset)
    .fetch_all(c)
    .await?
    }))
}

/// How many rows the pages of [`list`] hold together.
pub async fn count(conn: &mut Conn, filter: &AuditFilter) -> Result<i64> {
    Ok(on!(conn, |c| sqlx::query_scalar(
        "SELECT COUNT(*) FROM audit
          WHERE ($1 IS NULL OR entity = $1)
            AND ($2 IS NULL OR entity_id = $2)
            AND ($3 IS NULL OR actor_id = $3)",
    )
    .bind(filter.entity.as_deref())
    .bind(filter.entity_id)
    .bind(filter.actor)
    .fetch_one(c)
    .await?))
}
