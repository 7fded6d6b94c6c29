//! HTTP in, HTTP out. No SQL and no business rule.

pub mod appointments;
pub mod billing;
pub mod docs;
pub mod error;
pub mod events;
pub mod extract;
pub mod health;
mod instant;
mod made;
pub mod middleware;
pub mod openapi;
pub mod page;
mod partial;
mod refusals;
pub mod router;
pub mod visits;
