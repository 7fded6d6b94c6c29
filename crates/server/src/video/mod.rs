//! Who carries pictures and voices. A provider is one file here, one arm where the product is put together, and one
//! file in `web/src/call/`.
//!
//! Providers know names of rooms and nothing else: no database, no patients. Everything they do is the effect of a
//! job or of a connection, after the commit that asked for it, and can be repeated.

pub mod embedded;
pub mod twilio;

use futures_util::future::BoxFuture;
use televisit_domain::ids::SessionId;
use televisit_domain::session::VideoProviderName;

/// A session's room at its provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Room {
    /// The session that the room is for.
    pub session: SessionId,
    /// The room's unguessable name, chosen by us. Rooms are made and found by it.
    pub name: String,
}

/// Why a provider did not do what was asked. The text holds no secret and nothing about a patient.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VideoError {
    /// It may work later.
    #[error("the video provider is not available: {0}")]
    Unavailable(String),
    /// It will not work without somebody changing a setting.
    #[error("the video provider refused: {0}")]
    Refused(String),
}

/// A service that carries video rooms.
pub trait VideoProvider: Send + Sync + std::fmt::Debug {
    /// Its name on the wire.
    fn name(&self) -> VideoProviderName;

    /// Makes sure that the room exists and answers the provider's own id of it. Called again for the same name, it
    /// finds the same room.
    fn ensure_room<'a>(&'a self, room: &'a Room) -> BoxFuture<'a, Result<String, VideoError>>;

    /// Puts everybody out and closes the room. A room that is closed or was never made is no error.
    fn close_room<'a>(&'a self, room: &'a Room) -> BoxFuture<'a, Result<(), VideoError>>;
}
