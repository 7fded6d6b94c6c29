//! The API through its own router, without a socket: one file an area.

mod conventions;
mod support;
