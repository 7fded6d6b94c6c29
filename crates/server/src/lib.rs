//! The product: everything meets here.
//!
//! `api` (HTTP) calls `service` (use cases), which calls `storage`, `video` and `jobs`. `api` holds no SQL and no
//! business rule; `service` names no HTTP type; `video` never touches the database.

pub mod api;
pub mod app;
pub mod cli;
pub mod config;
pub mod events;
pub mod jobs;
pub mod outside;
pub mod presence;
pub mod service;
pub mod tokens;
pub mod video;
pub mod web;
