//! The loop that does jobs.

use std::time::Duration;

use chrono::TimeDelta;
use televisit_storage::jobs::{self, Claimed};

use super::{Job, JobError};
use crate::app::App;

/// How long a worker holds a job before another one may take it.
const LEASE: TimeDelta = TimeDelta::seconds(60);
/// How long a job may take: shorter than the lease, so that its end is written before the lease is lost.
const LONGEST: Duration = Duration::from_secs(45);
/// The longest sleep: jobs of other processes ring no bell here.
const NAP: Duration = Duration::from_secs(5);

/// Does jobs until the process is told to stop. The one in hand is finished first.
pub async fn work(app: App) {
    let stopping = app.tasks.stopping();
    while !stopping.is_cancelled() {
        let nap = match step(&app).await {
            Ok(Step::Worked) => continue,
            Ok(Step::Idle(nap)) => nap,
            Err(error) => {
                tracing::warn!(%error, "the job queue cannot be read");
                NAP
            }
        };
        tokio::select! {
            () = stopping.cancelled() => {}
            () = app.job_bell.rung() => {}
            () = tokio::time::sleep(nap) => {}
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Step {
    /// A job was taken, whatever came of it.
    Worked,
    /// Nothing is due for so long.
    Idle(Duration),
}

/// Takes one job that is due and does it.
async fn step(app: &App) -> televisit_storage::Result<Step> {
    // Asked without a write lock: an idle queue must not stand in the way of the clinic's writes.
    let due = jobs::next_due(&mut app.db.read().await?).await?;
    let now = app.clock.now();
    let Some(due) = due else {
        return Ok(Step::Idle(NAP));
    };
    if due > now {
        return Ok(Step::Idle((due - now).to_std().unwrap_or(NAP).min(NAP)));
    }
    let mut tx = app.db.begin().await?;
    let claimed = jobs::claim(&mut tx, now, now + LEASE).await?;
    tx.commit().await?;
    let Some(claimed) = claimed else {
        // Another worker was faster.
        return Ok(Step::Idle(Duration::from_millis(50)));
    };
    let outcome = if claimed.attempt > claimed.max_attempts {
        // It was claimed that often and nobody lived to say what came of it.
        Err(JobError::Never("every try ended without a word".into()))
    } else {
        attempt(app, &claimed).await
    };
    settle(app, &claimed, outcome).await?;
    Ok(Step::Worked)
}

async fn attempt(app: &App, claimed: &Claimed) -> Result<(), JobError> {
    let job: Job = serde_json::from_str(&claimed.payload)
        .map_err(|error| JobError::Never(format!("the job cannot be read: {error}")))?;
    // On a task of its own, so that a panic ends one try and not the worker.
    let (done, outcome) = tokio::sync::oneshot::channel();
    let own = app.clone();
    app.tasks.spawn(async move {
        let outcome = tokio::time::timeout(LONGEST, job.run(&own)).await;
        // The worker is gone only at a forced end.
        let _ = done.send(outcome.unwrap_or_else(|_| Err(JobError::Later("took too long".into()))));
    });
    outcome.await.unwrap_or_else(|_| {
        Err(JobError::Later(
            "the job panicked; the log has the cause".into(),
        ))
    })
}

async fn settle(
    app: &App,
    claimed: &Claimed,
    outcome: Result<(), JobError>,
) -> televisit_storage::Result<()> {
    let now = app.clock.now();
    let (id, kind, attempt) = (claimed.id, claimed.kind.as_str(), claimed.attempt);
    let mut tx = app.db.begin().await?;
    let ours = match outcome {
        Ok(()) => jobs::finish(&mut tx, claimed).await?,
        Err(JobError::Later(error)) if attempt < claimed.max_attempts => {
            tracing::warn!(
                job = id,
                kind,
                attempt,
                error,
                "job failed, will be tried again"
            );
            jobs::retry(&mut tx, claimed, now + pause(attempt), &error).await?
        }
        Err(JobError::Later(error) | JobError::Never(error)) => {
            tracing::error!(job = id, kind, attempt, error, "job put aside");
            jobs::bury(&mut tx, claimed, now, &error).await?
        }
    };
    tx.commit().await?;
    if !ours {
        tracing::warn!(
            job = id,
            kind,
            attempt,
            "another worker took the job meanwhile"
        );
    }
    Ok(())
}

/// The wait after the nth try: 1 s, doubled each time, at most 30 minutes.
fn pause(attempt: i64) -> TimeDelta {
    let doublings = u32::try_from(attempt - 1).unwrap_or(0).min(20);
    TimeDelta::seconds(2_i64.saturating_pow(doublings).min(30 * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wait_is_twice_the_last_up_to_half_an_hour() {
        let waits: Vec<i64> = (1..=13).map(|n| pause(n).num_seconds()).collect();
        assert_eq!(
            waits,
            [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 1800, 1800]
        );
    }
}
