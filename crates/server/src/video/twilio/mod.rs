//! Twilio Video as the carrier of pictures and voices.

pub mod callback;
pub mod credentials;
pub mod fault;
pub mod rest;
pub mod rooms;
pub mod token;
