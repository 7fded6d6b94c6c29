//! The network outside of this machine: the way there, and what is wrong with it.
//!
//! Everything that leaves the house goes through a client made here, so that its way (which proxy, from which
//! variable) is known, and a failure can be told in words that the person who runs the installation can act on.

pub mod client;
pub mod diagnose;
pub mod exempt;
pub mod proxy;
pub mod target;
