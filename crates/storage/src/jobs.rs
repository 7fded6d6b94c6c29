//! Work to be done after a commit: at least once, by whoever claims it first.
//!
//! A job is enqueued in the transaction of the change that asks for it. A claim is a lease: a worker that dies loses
//! it when the lease is over, and the next one takes the job again. [`Claimed::attempt`] is the fence: what a worker
//! says about a job counts only while nobody else has claimed it since.

use chrono::{DateTime, Utc};

use crate::{Conn, Result, Tx, on};

/// A job to be written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob {
    /// Which kind, like `close_room`.
    pub kind: &'static str,
    /// What the kind needs to know, as JSON. Ids and names of rooms only, nothing about a patient.
    pub payload: String,
    /// Not before this instant.
    pub run_at: DateTime<Utc>,
    /// After so many failed tries the job is put aside.
    pub max_attempts: i64,
}

/// A job that the caller may work on until its lease ends.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Claimed {
    /// Which job.
    pub id: i64,
    /// Which kind.
    pub kind: String,
    /// What the kind needs to know, as JSON.
    pub payload: String,
    /// Which try this is, from 1.
    pub attempt: i64,
    /// How many tries there are.
    pub max_attempts: i64,
}

/// A job that was put aside after its last try.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct DeadLetter {
    /// Which job.
    pub id: i64,
    /// Which kind.
    pub kind: String,
    /// How often it was tried.
    pub attempt: i64,
    /// Why the last try failed.
    pub last_error: String,
    /// When it was put aside.
    pub dead_at: DateTime<Utc>,
}

/// How much there is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Figures {
    /// Jobs that are waiting or being worked on.
    pub pending: i64,
    /// Jobs put aside.
    pub dead: i64,
}

/// Writes a job down; it exists when the caller's transaction is kept.
pub async fn enqueue(tx: &mut Tx, job: &NewJob, now: DateTime<Utc>) -> Result<i64> {
    Ok(on!(tx, |c| {
        sqlx::query_scalar(
            "INSERT INTO job (kind, payload, run_at, max_attempts, created_at) VALUES ($1, $2, $3, $4, $5) RETURNING id",
        )
        .bind(job.kind)
        .bind(&job.payload)
        .bind(job.run_at)
        .bind(job.max_attempts)
        .bind(now)
        .fetch_one(c)
        .await?
    }))
}

/// Takes the job that has been due for the longest time, until `lease_until`. `None`: nothing is due, or another worker
/// was faster; [`next_due`] tells the two apart.
pub async fn claim(
    tx: &mut Tx,
    now: DateTime<Utc>,
    lease_until: DateTime<Utc>,
) -> Result<Option<Claimed>> {
    // The outer conditions are the compare-and-set: PostgreSQL checks them again on the row it waited for.
    Ok(on!(tx, |c| {
        sqlx::query_as(
            "UPDATE job SET locked_until = $2, attempt = attempt + 1
              WHERE id = (SELECT id FROM job
                           WHERE dead_at IS NULL AND run_at <= $1 AND (locked_until IS NULL OR locked_until <= $1)
                           ORDER BY run_at, id LIMIT 1)
                AND dead_at IS NULL AND run_at <= $1 AND (locked_until IS NULL OR locked_until <= $1)
             RETURNING id, kind, payload, attempt, max_attempts",
        )
        .bind(now)
        .bind(lease_until)
        .fetch_optional(c)
        .await?
    }))
}

/// Takes a job that is done off the list. False when the lease was lost and somebody else claimed it since.
pub async fn finish(tx: &mut Tx, job: &Claimed) -> Result<bool> {
    let done = on!(tx, |c| {
        sqlx::query("DELETE FROM job WHERE id = $1 AND attempt = $2 AND dead_at IS NULL")
            .bind(job.id)
            .bind(job.attempt)
            .execute(c)
            .await?
            .rows_affected()
    });
    Ok(done == 1)
}

/// Gives a failed job back, to be tried again at `run_at`. False when the lease was lost.
pub async fn retry(tx: &mut Tx, job: &Claimed, run_at: DateTime<Utc>, error: &str) -> Result<bool> {
    let changed = on!(tx, |c| {
        sqlx::query(
            "UPDATE job SET locked_until = NULL, run_at = $3, last_error = $4
              WHERE id = $1 AND attempt = $2 AND dead_at IS NULL",
        )
        .bind(job.id)
        .bind(job.attempt)
        .bind(run_at)
        .bind(error)
        .execute(c)
        .await?
        .rows_affected()
    });
    Ok(changed == 1)
}

/// Puts a job aside that cannot be done; it stays to be looked at. False when the lease was lost.
pub async fn bury(tx: &mut Tx, job: &Claimed, now: DateTime<Utc>, error: &str) -> Result<bool> {
    let changed = on!(tx, |c| {
        sqlx::query(
            "UPDATE job SET locked_until = NULL, dead_at = $3, last_error = $4
              WHERE id = $1 AND attempt = $2 AND dead_at IS NULL",
        )
        .bind(job.id)
        .bind(job.attempt)
        .bind(now)
        .bind(error)
        .execute(c)
        .await?
        .rows_affected()
    });
    Ok(changed == 1)
}

/// When a job can next be claimed; `None` while there is none. An instant in the past means now.
pub async fn next_due(conn: &mut Conn) -> Result<Option<DateTime<Utc>>> {
    Ok(on!(conn, |c| {
        sqlx::query_scalar(
            "SELECT CASE WHEN locked_until IS NOT NULL AND locked_until > run_at THEN locked_until ELSE run_at END AS due
               FROM job WHERE dead_at IS NULL ORDER BY due LIMIT 1",
        )
        .fetch_optional(c)
        .await?
    }))
}

/// The newest jobs that were put aside, at most `limit`.
pub async fn dead_letters(conn: &mut Conn, limit: i64) -> Result<Vec<DeadLetter>> {
    Ok(on!(conn, |c| {
        sqlx::query_as(
            "SELECT id, kind, attempt, last_error, dead_at FROM job
              WHERE dead_at IS NOT NULL ORDER BY dead_at DESC, id DESC LIMIT $1",
        )
        .bind(limit)
        .fetch_all(c)
        .await?
    }))
}

/// How much there is to do.
pub async fn figures(conn: &mut Conn) -> Result<Figures> {
    Ok(on!(conn, |c| {
        sqlx::query_as(
            "SELECT COUNT(*) - COUNT(dead_at) AS pending, COUNT(dead_at) AS dead FROM job",
        )
        .fetch_one(c)
        .await?
    }))
}
