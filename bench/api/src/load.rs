//! A closed loop: each connection sends its next request when it has read the answer to the one before.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use serde::Serialize;
use tokio::task::JoinSet;

use crate::http::Connection;

/// What one measurement gave. Times in microseconds.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Figures {
    /// Answers.
    pub requests: usize,
    /// Answers a second.
    pub per_second: f64,
    /// Half of the answers came within this time.
    pub p50: u64,
    /// 99 of 100 came within this time.
    pub p99: u64,
    /// CPU time of the server for one answer.
    pub cpu: f64,
}

/// The monotonic clock.
#[expect(
    clippy::disallowed_methods,
    reason = "a benchmark is about real time and nothing else"
)]
pub fn now() -> Instant {
    Instant::now()
}

/// Sends every request once over `connections` kept connections and gives back the answers in the order of the
/// requests, with the wall time of the whole and each request's own.
pub async fn send_all(
    port: u16,
    connections: usize,
    requests: Vec<Vec<u8>>,
    expected: u16,
) -> Result<(Vec<Vec<u8>>, Duration, Vec<Duration>)> {
    let requests = Arc::new(requests);
    let next = Arc::new(AtomicUsize::new(0));
    let mut workers = JoinSet::new();
    let mut open = Vec::new();
    for _ in 0..connections {
        open.push(Connection::open(port).await?);
    }
    let began = now();
    for mut connection in open {
        let (requests, next) = (Arc::clone(&requests), Arc::clone(&next));
        workers.spawn(async move {
            let mut done = Vec::new();
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let Some(request) = requests.get(index) else {
                    return Ok(done);
                };
                let sent = now();
                let answer = connection.send(request).await?;
                let took = sent.elapsed();
                if answer.status != expected {
                    bail!(
                        "{} instead of {expected} for {}: {}",
                        answer.status,
                        String::from_utf8_lossy(request)
                            .lines()
                            .next()
                            .unwrap_or_default(),
                        String::from_utf8_lossy(&answer.body)
                    );
                }
                done.push((index, took, answer.body));
            }
        });
    }
    let mut all = Vec::with_capacity(requests.len());
    while let Some(worker) = workers.join_next().await {
        all.extend(worker??);
    }
    let wall = began.elapsed();
    all.sort_unstable_by_key(|(index, _, _)| *index);
    let times = all.iter().map(|(_, took, _)| *took).collect();
    Ok((
        all.into_iter().map(|(_, _, body)| body).collect(),
        wall,
        times,
    ))
}

/// Sums up.
#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
pub fn figures(wall: Duration, mut times: Vec<Duration>, cpu: Duration) -> Figures {
    times.sort_unstable();
    let micros = |of_hundred: usize| {
        times
            .get((times.len() * of_hundred / 100).min(times.len().saturating_sub(1)))
            .map_or(0, |time| {
                u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
            })
    };
    Figures {
        requests: times.len(),
        per_second: times.len() as f64 / wall.as_secs_f64(),
        p50: micros(50),
        p99: micros(99),
        cpu: cpu.as_secs_f64() * 1e6 / times.len().max(1) as f64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_taken_from_the_sorted_times() {
        let times = (1..=100).rev().map(Duration::from_millis).collect();
        let sum = figures(Duration::from_secs(2), times, Duration::from_millis(50));
        assert_eq!((sum.requests, sum.p50, sum.p99), (100, 51_000, 100_000));
        assert!((sum.per_second - 50.0).abs() < 1e-9);
        assert!((sum.cpu - 500.0).abs() < 1e-9);
    }
}
