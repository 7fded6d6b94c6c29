//! Rows that have served their time: spent keys of repeated requests, expired sign-ins, old failures to sign in.
//!
//! Nothing clinical and nothing of the audit log is among them.

use std::time::Duration;

use chrono::TimeDelta;
use televisit_storage::{self as storage, idempotency, login_attempts, tokens};

use crate::app::App;

/// How long a client may repeat a request with the same key and still get its first answer.
const KEYS: TimeDelta = TimeDelta::days(3);
/// How long an expired refresh token is kept, so that its late use is told from an unknown one.
const TOKENS: TimeDelta = TimeDelta::days(1);
/// How long failures to sign in are kept: longer than any window of the limits.
const FAILURES: TimeDelta = TimeDelta::days(1);
/// How often.
const EVERY: Duration = Duration::from_hours(1);

/// Sweeps at the start and then every hour, until the process is told to stop.
pub async fn keep_sweeping(app: App) {
    let stopping = app.tasks.stopping();
    loop {
        match sweep(&app).await {
            Ok(0) => {}
            Ok(rows) => tracing::info!(rows, "rows that have served their time were removed"),
            Err(error) => {
                tracing::warn!(%error, "old rows could not be removed; tried again in an hour");
            }
        }
        tokio::select! {
            () = stopping.cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

/// Removes them now and says how many there were.
pub async fn sweep(app: &App) -> storage::Result<u64> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let mut rows = idempotency::forget(&mut tx, now - KEYS).await?;
    rows += tokens::forget(&mut tx, now - TOKENS).await?;
    rows += login_attempts::forget(&mut tx, now - FAILURES).await?;
    tx.commit().await?;
    Ok(rows)
}
