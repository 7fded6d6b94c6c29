//! The embedded video rooms: a selective forwarding unit on str0m.
//!
//! This crate knows rooms, peers, SDP and packets. It knows nothing of patients, sessions, SQL or
//! HTTP: the caller authenticates people, decides who is admitted, and carries SDP over its own
//! signalling (`docs/signalling.md`).
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use televisit_sfu::{PeerEvent, PeerId, RoomId, Sfu, SfuConfig};
//!
//! let sfu = Sfu::start(SfuConfig::default())?;
//! let (room, peer) = (RoomId(12), PeerId(41));
//! let mut events = sfu.join(room, peer, true).await?;
//! let answer = sfu.offer(room, peer, "pc-1", "v=0 ...").await?;
//! while let Some(event) = events.recv().await {
//!     if let PeerEvent::Slots(slots) = event { /* tell the client */ }
//! }
//! # Ok(()) }
//! ```
//!
//! The room code (`room`, `peer`, `forward`, `layers`) is sans-IO: it takes `now` and datagrams and
//! gives datagrams and events, and is tested in virtual time without a socket. `driver` is the only
//! part with sockets, threads and the real clock.

mod address_hash;
mod aim;
mod api;
mod codec;
mod config;
mod driver;
mod forward;
mod framing;
mod layers;
mod link;
mod media;
mod peer;
mod quality;
mod rewrite;
mod room;
mod sdp;
mod shard;
mod slots;

#[cfg(test)]
mod tests;

pub use api::{
    ConnectionState, Level, MediaState, OfferError, PeerEvent, PeerEvents, PeerId, RoomId, Sfu,
    SfuError, SfuStats, Slot, Source, StartError, Tile,
};
pub use config::SfuConfig;
