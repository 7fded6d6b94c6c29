//! Copies of a whole database.

use crate::connect::Raw;
use crate::{Conn, Result};

/// Writes a consistent copy of an SQLite database into a file that must not exist yet, while others read and write.
/// False on PostgreSQL, which has tools of its own.
pub async fn snapshot(conn: &mut Conn, file: &str) -> Result<bool> {
    match conn.raw() {
        Raw::Sqlite(c) => {
            sqlx::query("VACUUM INTO $1").bind(file).execute(c).await?;
            Ok(true)
        }
        Raw::Postgres(_) => Ok(false),
    }
}

/// What SQLite finds wrong with the database as a file; nothing is said of a PostgreSQL one.
pub async fn damage(conn: &mut Conn) -> Result<Vec<String>> {
    let found: Vec<String> = match conn.raw() {
        Raw::Sqlite(c) => {
            sqlx::query_scalar("PRAGMA integrity_check(20)")
                .fetch_all(c)
                .await?
        }
        Raw::Postgres(_) => Vec::new(),
    };
    Ok(found.into_iter().filter(|line| line != "ok").collect())
}
