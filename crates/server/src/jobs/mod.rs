//! Work after a commit: at least once, with an effect that can be repeated.
//!
//! A job is a variant of [`Job`] and a file here. It is enqueued in the transaction of the change that asks for it
//! ([`enqueue`]) and done by [`work`]. A failed job is tried again, later each time, and put aside when its tries are
//! used up.

mod close_room;
mod sweep;
mod worker;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use televisit_domain::ids::SessionId;
use televisit_storage::{self as storage, Tx};
use tokio::sync::Notify;

use crate::app::App;

pub use sweep::{keep_sweeping, sweep};
pub use worker::work;

/// Something to be done. Its JSON stands in the database: ids and names of rooms only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Job {
    /// Close the room of a session that is over.
    CloseRoom {
        /// The session.
        session: SessionId,
        /// The name of its room.
        room_name: String,
    },
}

impl Job {
    /// The word in the database.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::CloseRoom { .. } => "close_room",
        }
    }

    /// How often it is tried. With the worker's waits, sixteen tries span about two and a half hours.
    const fn max_attempts(&self) -> i64 {
        match self {
            Self::CloseRoom { .. } => 16,
        }
    }

    async fn run(self, app: &App) -> Result<(), JobError> {
        match self {
            Self::CloseRoom { session, room_name } => {
                close_room::run(app, session, room_name).await
            }
        }
    }
}

/// Why a job was not done. The text stands in the database and the log: no secret, nothing about a patient.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum JobError {
    /// Try again later.
    #[error("{0}")]
    Later(String),
    /// Trying again is useless.
    #[error("{0}")]
    Never(String),
}

impl From<storage::Error> for JobError {
    fn from(error: storage::Error) -> Self {
        Self::Later(error.to_string())
    }
}

/// Wakes the worker when a transaction has enqueued something; without it the worker finds the job a moment later by
/// itself.
#[derive(Clone, Debug, Default)]
pub struct JobBell(Arc<Notify>);

impl JobBell {
    /// Call it after the commit.
    pub fn ring(&self) {
        self.0.notify_one();
    }

    async fn rung(&self) {
        self.0.notified().await;
    }
}

/// Writes a job down in the transaction of the change that asks for it.
pub async fn enqueue(tx: &mut Tx, job: &Job, now: DateTime<Utc>) -> storage::Result<i64> {
    let row = storage::jobs::NewJob {
        kind: job.kind(),
        payload: serde_json::to_string(job).unwrap_or_default(),
        run_at: now,
        max_attempts: job.max_attempts(),
    };
    storage::jobs::enqueue(tx, &row, now).await
}
