//! The media server inside this binary (`crates/sfu`).

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use televisit_domain::ids::SessionId;
use televisit_domain::session::VideoProviderName;
use televisit_sfu::{RoomId, Sfu, SfuError};

use super::{Room, VideoError, VideoProvider};

/// Rooms on our own media server. They are made by whoever enters first, so that a call goes on after a restart of the
/// server, and nothing is to be made beforehand.
#[derive(Clone, Debug)]
pub struct Embedded {
    sfu: Option<Sfu>,
}

impl Embedded {
    /// On a running media server.
    pub fn new(sfu: Sfu) -> Self {
        Self { sfu: Some(sfu) }
    }

    /// Without one: for commands that hold no calls. Nobody can enter a room.
    pub fn without_media() -> Self {
        Self { sfu: None }
    }

    /// The media server, if it runs in this process.
    pub fn sfu(&self) -> Option<&Sfu> {
        self.sfu.as_ref()
    }
}

/// The media server's number for a session's room.
pub fn room_id(session: SessionId) -> RoomId {
    RoomId(session.0.unsigned_abs())
}

impl VideoProvider for Embedded {
    fn name(&self) -> VideoProviderName {
        VideoProviderName::Embedded
    }

    fn ensure_room<'a>(&'a self, room: &'a Room) -> BoxFuture<'a, Result<String, VideoError>> {
        async move { Ok(format!("EM{}", room.name)) }.boxed()
    }

    fn close_room<'a>(&'a self, room: &'a Room) -> BoxFuture<'a, Result<(), VideoError>> {
        async move {
            let Some(sfu) = &self.sfu else { return Ok(()) };
            match sfu.close_room(room_id(room.session)) {
                Ok(()) | Err(SfuError::UnknownPeer | SfuError::RoomFull) => Ok(()),
                Err(error @ SfuError::Unavailable) => {
                    Err(VideoError::Unavailable(error.to_string()))
                }
            }
        }
        .boxed()
    }
}
