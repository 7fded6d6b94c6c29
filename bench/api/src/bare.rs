//! The limit: the same four calls as one statement each, with the same SQLite settings and answers of the same size, but
//! without accounts, permissions, validation, audit, idempotency, billing or events.

use std::path::Path;
use std::str::FromStr;

use anyhow::Result;
use axum::extract::{Path as UrlPath, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};

const TABLE: &str = "CREATE TABLE session (id INTEGER PRIMARY KEY AUTOINCREMENT, visit INTEGER NOT NULL, \
    room_name TEXT NOT NULL, room_sid TEXT NOT NULL, status TEXT NOT NULL, doctor INTEGER NOT NULL, \
    doctor_name TEXT NOT NULL, patient INTEGER NOT NULL, patient_name TEXT NOT NULL, scheduled_start TEXT NOT NULL, \
    actual_start TEXT, actual_end TEXT, duration_seconds INTEGER, notes TEXT NOT NULL, \
    transcription_status TEXT NOT NULL, error_message TEXT NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL) STRICT";

#[derive(Serialize, sqlx::FromRow)]
struct Session {
    id: i64,
    visit: i64,
    room_name: String,
    room_sid: String,
    status: String,
    doctor: i64,
    doctor_name: String,
    patient: i64,
    patient_name: String,
    scheduled_start: String,
    actual_start: Option<String>,
    actual_end: Option<String>,
    duration_seconds: Option<i64>,
    notes: String,
    transcription_status: String,
    error_message: String,
    created_at: String,
    updated_at: String,
    // Keys of the session object that need no column here: the answer has the size of the real one.
    #[sqlx(skip)]
    transcription_text: &'static str,
    #[sqlx(skip)]
    transcription_error: &'static str,
    #[sqlx(skip)]
    recording_url: &'static str,
    #[sqlx(skip)]
    provider_fallback_reason: &'static str,
    #[sqlx(skip)]
    billing: Option<i64>,
    #[sqlx(skip)]
    participants: [i64; 0],
}

#[derive(Deserialize)]
struct CreateIn {
    visit: i64,
    scheduled_start: String,
}

#[derive(Deserialize)]
struct EndIn {
    notes: String,
}

type Answer<T> = Result<T, StatusCode>;

fn failed(_: sqlx::Error) -> StatusCode {
    StatusCode::INTERNAL_SERVER_ERROR
}

/// Serves until killed.
pub async fn serve(data: &Path, port: u16) -> Result<()> {
    let file = format!("sqlite://{}/bare.db", data.display());
    let options = SqliteConnectOptions::from_str(&file)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(std::time::Duration::from_secs(5));
    let pool = SqlitePoolOptions::new()
        .max_connections(8)
        .connect_with(options)
        .await?;
    sqlx::query(TABLE).execute(&pool).await?;
    let app = Router::new()
        .route("/healthz", get(async || StatusCode::OK))
        .route("/sessions/", get(list).post(create))
        .route("/sessions/{id}/token/", post(token))
        .route("/sessions/{id}/end/", post(end))
        .with_state(pool);
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    axum::serve(listener, app).await?;
    Ok(())
}

async fn list(State(pool): State<SqlitePool>) -> Answer<Json<Vec<Session>>> {
    let rows = sqlx::query_as("SELECT * FROM session ORDER BY id DESC LIMIT 100")
        .fetch_all(&pool)
        .await;
    rows.map(Json).map_err(failed)
}

async fn create(
    State(pool): State<SqlitePool>,
    Json(input): Json<CreateIn>,
) -> Answer<(StatusCode, Json<Session>)> {
    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
    let row = sqlx::query_as(
        "INSERT INTO session (visit, room_name, room_sid, status, doctor, doctor_name, patient, patient_name, \
         scheduled_start, notes, transcription_status, error_message, created_at, updated_at) \
         VALUES ($1, 'visit-0123456789abcdef', 'EM0123456789abcdef', 'SCHEDULED', 1, 'Achieng Wanjiru', 1, \
         'Test Telemedicine', $2, '', '', '', $2, $2) RETURNING *",
    )
    .bind(input.visit)
    .bind(input.scheduled_start)
    .fetch_one(&mut *tx)
    .await
    .map_err(failed)?;
    tx.commit().await.map_err(failed)?;
    Ok((StatusCode::CREATED, Json(row)))
}

async fn token(
    State(pool): State<SqlitePool>,
    UrlPath(id): UrlPath<i64>,
) -> Answer<Json<serde_json::Value>> {
    let row: Option<(String, String)> = sqlx::query_as(
        "SELECT room_name, room_sid FROM session WHERE id = $1 AND status IN ('SCHEDULED', 'IN_PROGRESS')",
    )
    .bind(id)
    .fetch_optional(&pool)
    .await
    .map_err(failed)?;
    let (room_name, room_sid) = row.ok_or(StatusCode::NOT_FOUND)?;
    Ok(Json(serde_json::json!({
        "token": format!("{room_name}.{room_sid}.{id}"), "room_name": room_name, "room_sid": room_sid,
        "session_id": id, "provider": "embedded", "url": "ws://127.0.0.1/signal/", "expires_at": "2030-01-01T09:10:00Z",
    })))
}

async fn end(
    State(pool): State<SqlitePool>,
    UrlPath(id): UrlPath<i64>,
    Json(input): Json<EndIn>,
) -> Answer<Json<Session>> {
    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
    let row = sqlx::query_as(
        "UPDATE session SET status = 'COMPLETED', notes = $2, duration_seconds = 600 \
         WHERE id = $1 AND status = 'SCHEDULED' RETURNING *",
    )
    .bind(id)
    .bind(input.notes)
    .fetch_optional(&mut *tx)
    .await
    .map_err(failed)?;
    tx.commit().await.map_err(failed)?;
    row.map(Json).ok_or(StatusCode::CONFLICT)
}
