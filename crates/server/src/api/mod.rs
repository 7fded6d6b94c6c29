//! HTTP in, HTTP out. No SQL and no business rule.

pub mod docs;
pub mod error;
pub mod extract;
pub mod health;
pub mod middleware;
pub mod openapi;
pub mod page;
pub mod router;
