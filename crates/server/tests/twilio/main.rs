//! Twilio's side of the product against a double that keeps Twilio's contract and fails as networks do.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod double;
mod oracle;
mod rest;
