//! What the storage promises, told on both engines.

mod support;

mod audit;
mod idempotency;
mod login_attempts;
mod patients;
mod settings;
mod tokens;
mod users;
