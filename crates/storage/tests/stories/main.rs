//! What the storage promises, told on both engines.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on fails")]

mod support;

mod appointments;
mod audit;
mod backup;
mod bills;
mod idempotency;
mod jobs;
mod login_attempts;
mod participants;
mod patients;
mod services;
mod sessions;
mod settings;
mod tokens;
mod users;
mod visits;
