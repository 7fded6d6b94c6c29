//! Runs a story on both engines, each time in a fresh database with the whole schema.
//!
//! SQLite is a file in a temporary folder. PostgreSQL is a new database on the server of `TEST_POSTGRES_URL`, copied
//! from a template that is migrated once for a given set of migrations.

use std::fmt::Write as _;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::FutureExt as _;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection};
use televisit_domain::clock::Clock;
use televisit_storage::{Db, Tx};

/// The address of the server on which databases are made for tests.
const POSTGRES_VARIABLE: &str = "TEST_POSTGRES_URL";

/// Serialises the making of the template between test processes.
const TEMPLATE_LOCK: i64 = 7_355_608;

/// When every story begins: a Monday morning.
pub fn monday() -> DateTime<Utc> {
    "2026-03-02T08:00:00Z".parse().unwrap()
}

/// Tells the story on SQLite and then on PostgreSQL. Without `TEST_POSTGRES_URL` the second telling is left out with a
/// message, or fails when `CI=true`.
pub async fn for_each_engine(story: impl AsyncFn(Db, Clock)) {
    on_sqlite(&story).await;
    on_postgres(&story).await;
}

async fn on_sqlite(story: &impl AsyncFn(Db, Clock)) {
    eprintln!("on SQLite");
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("test.db").display());
    let db = Db::open(&url).await.unwrap();
    db.migrate().await.unwrap();
    story(db.clone(), Clock::manual(monday())).await;
    db.close().await;
}

async fn on_postgres(story: &impl AsyncFn(Db, Clock)) {
    let Ok(server) = std::env::var(POSTGRES_VARIABLE) else {
        assert!(
            std::env::var("CI").as_deref() != Ok("true"),
            "{POSTGRES_VARIABLE} is not set, and with CI=true no engine may be left out"
        );
        eprintln!("NOT TESTED ON POSTGRESQL: set {POSTGRES_VARIABLE}");
        return;
    };
    eprintln!("on PostgreSQL");
    let (name, url) = fresh_database(&server).await;
    let db = Db::open(&url).await.unwrap();
    let told = AssertUnwindSafe(story(db.clone(), Clock::manual(monday())))
        .catch_unwind()
        .await;
    db.close().await;
    let mut admin = administration(&server).await;
    run(&mut admin, format!("DROP DATABASE {name} WITH (FORCE)")).await;
    if let Err(failure) = told {
        std::panic::resume_unwind(failure);
    }
}

/// Makes an empty database with the whole schema on the server; its name and its address.
pub async fn fresh_database(server: &str) -> (String, String) {
    let template = template(server).await;
    let name = format!("televisit_test_{}", word());
    let mut admin = administration(server).await;
    // A copy waits up to 5 seconds by itself while somebody is still connected to the template.
    run(
        &mut admin,
        format!("CREATE DATABASE {name} TEMPLATE {template}"),
    )
    .await;
    let url = with_database(server, &name);
    (name, url)
}

/// The migrated template of the present migrations, made when it is not there yet.
async fn template(server: &str) -> String {
    // From both crates that use this file the folder has this path.
    let migrations = sqlx::migrate!("../storage/migrations/postgres");
    let mut name = String::from("televisit_template_");
    for migration in migrations.iter() {
        for byte in &migration.checksum[..6] {
            write!(name, "{byte:02x}").unwrap();
        }
    }
    name.truncate(60);

    let mut admin = administration(server).await;
    sqlx::query("SELECT pg_advisory_lock($1)")
        .bind(TEMPLATE_LOCK)
        .execute(&mut admin)
        .await
        .unwrap();
    let there: Option<i32> = sqlx::query_scalar("SELECT 1 FROM pg_database WHERE datname = $1")
        .bind(&name)
        .fetch_optional(&mut admin)
        .await
        .unwrap();
    if there.is_none() {
        // Made under another name first: a template that was only half migrated is never found.
        let draft = format!("televisit_draft_{}", word());
        run(&mut admin, format!("CREATE DATABASE {draft}")).await;
        let db = Db::open(&with_database(server, &draft)).await.unwrap();
        db.migrate().await.unwrap();
        db.close().await;
        run(
            &mut admin,
            format!("ALTER DATABASE {draft} RENAME TO {name}"),
        )
        .await;
    }
    admin.close().await.unwrap();
    name
}

/// A connection to the server's own database. PostgreSQL refuses for a moment when many tests begin at once.
async fn administration(server: &str) -> PgConnection {
    let options: PgConnectOptions = server.parse().unwrap();
    for _ in 0..50 {
        if let Ok(connection) = options.connect().await {
            return connection;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the server of {POSTGRES_VARIABLE} does not accept connections");
}

async fn run(admin: &mut PgConnection, statement: String) {
    sqlx::query(AssertSqlSafe(statement))
        .execute(admin)
        .await
        .unwrap();
}

fn with_database(server: &str, name: &str) -> String {
    let options: PgConnectOptions = server.parse().unwrap();
    options.database(name).to_url_lossy().into()
}

/// Twelve random letters and digits.
fn word() -> String {
    let mut bytes = [0_u8; 6];
    aws_lc_rs::rand::fill(&mut bytes).unwrap();
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

/// A transaction that must begin.
pub async fn begin(db: &Db) -> Tx {
    db.begin().await.unwrap()
}
