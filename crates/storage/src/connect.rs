//! Opening a database, its connections and its transactions.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{
    Connection as _, PgConnection, PgPool, Postgres, Sqlite, SqliteConnection, SqlitePool,
    Transaction,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{Error, Result};

static SQLITE_MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES_MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("migrations/postgres");

/// How long a request waits for a connection before it is told that the database is not available.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);

/// Which database is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// A file beside the server.
    Sqlite,
    /// A PostgreSQL server.
    Postgres,
}

/// An open database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Db(Pools);

#[derive(Clone, Debug)]
enum Pools {
    /// `writer` lets one transaction of this process in at a time: waiting in line is fair, SQLite's own retrying on a
    /// busy file is not.
    Sqlite {
        pool: SqlitePool,
        writer: Arc<Semaphore>,
        path: Option<PathBuf>,
    },
    Postgres {
        pool: PgPool,
    },
}

/// A connection for reading.
#[derive(Debug)]
pub struct Conn(Held);

#[derive(Debug)]
enum Held {
    Sqlite(PoolConnection<Sqlite>),
    SqliteTx(Transaction<'static, Sqlite>, OwnedSemaphorePermit),
    Postgres(PoolConnection<Postgres>),
    PostgresTx(Transaction<'static, Postgres>),
}

/// A transaction: what is written in it is kept on [`Tx::commit`], and gone when it is dropped before.
#[derive(Debug)]
pub struct Tx(Conn);

/// The driver's own connection, for the `on!` macro.
pub(crate) enum Raw<'a> {
    Sqlite(&'a mut SqliteConnection),
    Postgres(&'a mut PgConnection),
}

impl Db {
    /// Opens the database of a URL: `sqlite://PATH` (created when missing; `sqlite::memory:` is not supported, because
    /// every connection would see a database of its own) or `postgres://...`.
    pub async fn open(url: &str) -> Result<Self> {
        if let Some(path) = url.strip_prefix("sqlite://") {
            return Self::open_sqlite(PathBuf::from(path)).await;
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let options: PgConnectOptions =
                url.parse().map_err(|_| Error::Url("not a PostgreSQL address; write it like postgres://user:password@host:5432/name".into()))?;
            let pool = PgPoolOptions::new()
                .max_connections(20)
                .acquire_timeout(ACQUIRE_TIMEOUT)
                .connect_with(options)
                .await?;
            return Ok(Self(Pools::Postgres { pool }));
        }
        Err(Error::Url(
            "the address must begin with sqlite:// or postgres://".into(),
        ))
    }

    async fn open_sqlite(path: PathBuf) -> Result<Self> {
        // FULL: an acknowledged visit is on the disk. In WAL mode NORMAL syncs only at checkpoints.
        let options = SqliteConnectOptions::new()
            .filename(&path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5));
        // On a full disk SQLite ends the transaction by itself, the rollback that follows fails, and the driver goes on
        // counting a transaction that is not there: such a connection could never begin another one.
        let pool = SqlitePoolOptions::new()
            .after_release(|conn, _| Box::pin(async move { Ok(!conn.is_in_transaction()) }))
            .max_connections(8)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .connect_with(options)
            .await?;
        Ok(Self(Pools::Sqlite {
            pool,
            writer: Arc::new(Semaphore::new(1)),
            path: Some(path),
        }))
    }

    /// Brings the schema up to date.
    pub async fn migrate(&self) -> Result<()> {
        match &self.0 {
            Pools::Sqlite { pool, .. } => SQLITE_MIGRATIONS.run(pool).await?,
            Pools::Postgres { pool } => POSTGRES_MIGRATIONS.run(pool).await?,
        }
        Ok(())
    }

    /// Which database this is.
    pub fn engine(&self) -> Engine {
        match &self.0 {
            Pools::Sqlite { .. } => Engine::Sqlite,
            Pools::Postgres { .. } => Engine::Postgres,
        }
    }

    /// The file of an SQLite database.
    pub fn path(&self) -> Option<&std::path::Path> {
        match &self.0 {
            Pools::Sqlite { path, .. } => path.as_deref(),
            Pools::Postgres { .. } => None,
        }
    }

    /// A connection for reading. Each statement sees the newest committed state.
    pub async fn read(&self) -> Result<Conn> {
        Ok(Conn(match &self.0 {
            Pools::Sqlite { pool, .. } => Held::Sqlite(pool.acquire().await?),
            Pools::Postgres { pool } => Held::Postgres(pool.acquire().await?),
        }))
    }

    /// Begins a transaction for writing. On SQLite it takes the write lock at once: an upgrade from reading to writing
    /// cannot wait and would fail under load.
    pub async fn begin(&self) -> Result<Tx> {
        Ok(Tx(Conn(match &self.0 {
            Pools::Sqlite { pool, writer, .. } => {
                let permit = tokio::time::timeout(ACQUIRE_TIMEOUT, writer.clone().acquire_owned())
                    .await
                    .map_err(|_| {
                        Error::Unavailable("waited too long for the database's write lock".into())
                    })?
                    .map_err(|_| Error::Unavailable("the database is being closed".into()))?;
                Held::SqliteTx(pool.begin_with("BEGIN IMMEDIATE").await?, permit)
            }
            Pools::Postgres { pool } => Held::PostgresTx(pool.begin().await?),
        })))
    }

    /// Closes every connection; on SQLite this also folds the write-ahead log into the file.
    pub async fn close(&self) {
        match &self.0 {
            Pools::Sqlite { pool, .. } => pool.close().await,
            Pools::Postgres { pool } => pool.close().await,
        }
    }
}

impl Conn {
    pub(crate) fn raw(&mut self) -> Raw<'_> {
        match &mut self.0 {
            Held::Sqlite(conn) => Raw::Sqlite(conn),
            Held::SqliteTx(tx, _) => Raw::Sqlite(tx),
            Held::Postgres(conn) => Raw::Postgres(conn),
            Held::PostgresTx(tx) => Raw::Postgres(tx),
        }
    }
}

impl Tx {
    /// Keeps what was written. When this returns, it is on the disk.
    pub async fn commit(self) -> Result<()> {
        match self.0.0 {
            Held::SqliteTx(tx, permit) => {
                tx.commit().await?;
                drop(permit);
            }
            Held::PostgresTx(tx) => tx.commit().await?,
            Held::Sqlite(_) | Held::Postgres(_) => {}
        }
        Ok(())
    }
}

impl std::ops::Deref for Tx {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.0
    }
}

impl std::ops::DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.0
    }
}
