//! The audit chain: who read or wrote what, each row sealed with the hash of the one before.

use aws_lc_rs::digest;
use chrono::{DateTime, SecondsFormat, Utc};
use televisit_domain::ids::UserId;

use crate::{Conn, Result, Tx, on};

/// What is to be written down.
#[derive(Clone, Debug)]
pub struct NewEntry {
    /// When, by the product's clock.
    pub at: DateTime<Utc>,
    /// Who; nobody for the system itself and for failed sign-ins.
    pub actor: Option<UserId>,
    /// What was done, like `session.end`.
    pub action: &'static str,
    /// To what kind of thing, like `session`.
    pub entity: &'static str,
    /// To which one; none for lists.
    pub entity_id: Option<i64>,
    /// A few words without names or clinical content.
    pub detail: String,
    /// Where the request came from.
    pub address: String,
}

/// A row of the chain.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Entry {
    /// Its place in the chain, from 1 without gaps.
    pub id: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub actor_id: Option<i64>,
    /// What.
    pub action: String,
    /// To what kind of thing.
    pub entity: String,
    /// To which one.
    pub entity_id: Option<i64>,
    /// A few words.
    pub detail: String,
    /// From where.
    pub address: String,
    /// The hash of the row before; empty in the first.
    pub previous_hash: String,
    /// The hash of this row's fields and of `previous_hash`.
    pub hash: String,
}

/// Appends rows to the chain within the caller's transaction. The head row is locked until the commit, so that the
/// chain has one order on both engines; call this last, just before the commit.
pub async fn append(tx: &mut Tx, entries: &[NewEntry]) -> Result<()> {
    if entries.is_empty() {
        return Ok(());
    }
    let (mut id, mut previous): (i64, String) = on!(tx, |c| {
        sqlx::query_as(
            "UPDATE audit_head SET last_id = last_id WHERE one = 1 RETURNING last_id, last_hash",
        )
        .fetch_one(c)
        .await?
    });
    for entry in entries {
        id += 1;
        let actor = entry.actor.map(|user| user.0);
        let hash = seal(
            id,
            entry.at,
            actor,
            entry.action,
            entry.entity,
            entry.entity_id,
            &entry.detail,
            &entry.address,
            &previous,
        );
        on!(tx, |c| {
            sqlx::query(
                "INSERT INTO audit (id, at, actor_id, action, entity, entity_id, detail, address, previous_hash, hash)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            )
            .bind(id)
            .bind(entry.at)
            .bind(actor)
            .bind(entry.action)
            .bind(entry.entity)
            .bind(entry.entity_id)
            .bind(&entry.detail)
            .bind(&entry.address)
            .bind(&previous)
            .bind(&hash)
            .execute(c)
            .await?;
        });
        previous = hash;
    }
    on!(tx, |c| {
        sqlx::query("UPDATE audit_head SET last_id = $1, last_hash = $2 WHERE one = 1")
            .bind(id)
            .bind(&previous)
            .execute(c)
            .await?;
    });
    Ok(())
}

/// Up to `limit` rows after `after`, in chain order.
pub async fn chain(conn: &mut Conn, after: i64, limit: i64) -> Result<Vec<Entry>> {
    Ok(on!(conn, |c| {
        sqlx::query_as(
            "SELECT id, at, actor_id, action, entity, entity_id, detail, address, previous_hash, hash
               FROM audit WHERE id > $1 ORDER BY id LIMIT $2",
        )
        .bind(after)
        .bind(limit)
        .fetch_all(c)
        .await?
    }))
}

/// The id and hash of the newest row: 0 and the empty text while there is none.
pub async fn head(conn: &mut Conn) -> Result<(i64, String)> {
    Ok(on!(conn, |c| sqlx::query_as(
        "SELECT last_id, last_hash FROM audit_head WHERE one = 1"
    )
    .fetch_one(c)
    .await?))
}

impl Entry {
    /// Whether the row's hash is that of its fields.
    pub fn is_sealed(&self) -> bool {
        self.hash
            == seal(
                self.id,
                self.at,
                self.actor_id,
                &self.action,
                &self.entity,
                self.entity_id,
                &self.detail,
                &self.address,
                &self.previous_hash,
            )
    }
}

/// SHA-256 in hex over the fields, each with its length before it so that no two rows read the same.
#[expect(
    clippy::too_many_arguments,
    reason = "the fields of one row, hashed in one place"
)]
fn seal(
    id: i64,
    at: DateTime<Utc>,
    actor: Option<i64>,
    action: &str,
    entity: &str,
    entity_id: Option<i64>,
    detail: &str,
    address: &str,
    previous: &str,
) -> String {
    let number = |value: Option<i64>| value.map(|v| v.to_string()).unwrap_or_default();
    let mut context = digest::Context::new(&digest::SHA256);
    let at = at.to_rfc3339_opts(SecondsFormat::Micros, true);
    for field in [
        &id.to_string(),
        &at,
        &number(actor),
        action,
        entity,
        &number(entity_id),
        detail,
        address,
        previous,
    ] {
        context.update(&(field.len() as u64).to_be_bytes());
        context.update(field.as_bytes());
    }
    context
        .finish()
        .as_ref()
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            use std::fmt::Write as _;
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}
