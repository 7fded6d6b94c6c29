//! The API through its own router, without a socket: one file an area.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "../../../storage/tests/stories/support.rs"]
mod databases;

mod accounts;
mod appointments;
mod bills;
mod clinic;
mod conventions;
mod demonstration;
mod events;
mod faults;
mod forged_tokens;
mod jobs;
mod live;
mod login_limits;
mod media;
mod pages;
mod patients;
mod permissions;
mod restart;
mod session_kill;
mod session_lists;
mod session_people;
mod session_races;
mod session_statements;
mod sessions;
mod sign_in;
mod signalling;
mod support;
mod sweep;
mod visits;
