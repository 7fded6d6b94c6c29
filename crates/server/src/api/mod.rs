//! HTTP in, HTTP out. No SQL and no business rule.

pub mod answers;
pub mod appointments;
pub mod audit;
pub mod auth;
pub mod billing;
pub mod docs;
pub mod error;
pub mod events;
pub mod extract;
pub mod health;
pub mod info;
mod instant;
pub mod listen;
mod made;
pub mod middleware;
pub mod openapi;
pub mod origin;
pub mod page;
pub mod partial;
pub mod patients;
mod refusals;
pub mod router;
pub mod signalling;
pub mod telemedicine;
pub mod users;
pub mod visits;
