//! The API through its own router, without a socket: one file an area.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod conventions;
mod support;
