//! What the server calls: [`Sfu`] and the types that cross the border to the media threads.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, oneshot};

use crate::config::SfuConfig;
use crate::driver::{self, Handle};
use crate::shard::Command;

/// Events that may wait for the owner of a peer.
const EVENTS: usize = 256;

/// A room, named by the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RoomId(pub u64);

/// A person's seat in a room, named by the caller. It stays the same over reconnects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PeerId(pub u64);

/// What a sent track is, spelled as in the signalling protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The person's voice.
    Microphone,
    /// The person's picture.
    Camera,
    /// A shared screen.
    Screen,
    /// The sound of the shared screen.
    ScreenAudio,
}

/// One receiving m-line of a client and the track it carries now.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Slot {
    /// `a=mid` of the m-line in the client's offer.
    pub mid: String,
    /// Whose track.
    pub participant: PeerId,
    /// Which track of that person.
    pub source: Source,
}

/// A video tile on somebody's screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tile {
    /// Whose video.
    pub participant: PeerId,
    /// [`Source::Camera`] or [`Source::Screen`]; others are ignored.
    pub source: Source,
    /// Width in physical pixels.
    pub width: u32,
    /// Height in physical pixels.
    pub height: u32,
}

/// What a person says he sends now.
#[expect(
    clippy::struct_excessive_bools,
    reason = "four switches of the protocol, each by itself"
)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct MediaState {
    /// The microphone is on.
    pub audio: bool,
    /// The camera is on.
    pub video: bool,
    /// A screen is shared. Others get a slot for it only while this is true.
    #[serde(default)]
    pub screen: bool,
    /// The shared screen has sound.
    #[serde(default)]
    pub screen_audio: bool,
}

/// Quality of a person's connection, in both directions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Nothing to remark.
    Good,
    /// Losses or a tight link that a person may notice.
    Fair,
    /// Speech or picture suffer.
    Poor,
}

/// State of a peer's media path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionState {
    /// No media path yet.
    Connecting,
    /// Media can flow.
    Connected,
    /// Nothing heard for four seconds. Becomes `Connected` again by the first packet.
    Lost,
}

/// What the media server tells the owner of a peer. Each event is about that peer itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PeerEvent {
    /// The media path changed.
    Connection(ConnectionState),
    /// What the peer's receiving m-lines carry; the whole list.
    Slots(Vec<Slot>),
    /// The peer should offer this many receiving m-lines of each kind in total.
    NeedSlots {
        /// Receiving audio m-lines.
        audio: usize,
        /// Receiving video m-lines.
        video: usize,
    },
    /// The quality of this peer's connection changed.
    Quality(Level),
    /// The peer's `RTCPeerConnection` was dropped (it closed or failed). The seat is still there: a new
    /// offer makes a new one.
    MediaFailed(String),
    /// Last event: the peer is out of the room (left, replaced by a new `join`, the room closed,
    /// or its events were not read).
    Closed,
}

/// Events of one peer. Holds 256; a peer whose owner does not read them is removed from its room, so
/// that a slow reader never holds up a media thread. When they are dropped, media goes on for a minute, in
/// which another [`Sfu::join`] may take the seat over.
pub type PeerEvents = mpsc::Receiver<PeerEvent>;

/// Why [`Sfu::start`] failed.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A socket could not be bound.
    #[error("cannot bind media address {addr}: {source}")]
    Bind {
        /// The address asked for.
        addr: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// No address can be told to browsers.
    #[error("no media address to advertise; set one")]
    NoAddress,
    /// An address cannot be a candidate (unspecified or multicast).
    #[error("{0} cannot be advertised as a media address")]
    BadAddress(std::net::IpAddr),
    /// A thread could not be started, or the certificate could not be made.
    #[error("cannot start the media server: {0}")]
    System(String),
}

/// Why a call on [`Sfu`] failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SfuError {
    /// The room holds as many people as it may.
    #[error("the room is full")]
    RoomFull,
    /// The peer is not in this room.
    #[error("no such peer in this room")]
    UnknownPeer,
    /// The media server is stopping, or too busy to take the command.
    #[error("the media server is not available")]
    Unavailable,
}

/// Why an offer was not answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OfferError {
    /// As [`SfuError`].
    #[error(transparent)]
    Sfu(#[from] SfuError),
    /// The SDP cannot be used; the text says why and holds no address or key.
    #[error("the offer cannot be used: {0}")]
    BadSdp(String),
}

/// Counters since the start, and what there is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct SfuStats {
    /// Rooms with at least one peer.
    pub rooms: u64,
    /// Peers in all rooms.
    pub peers: u64,
    /// Peers whose media path is up.
    pub connected: u64,
    /// Datagrams and TCP frames received.
    pub packets_in: u64,
    /// Datagrams and TCP frames sent.
    pub packets_out: u64,
    /// Bytes received (payload of UDP or of a TCP frame).
    pub bytes_in: u64,
    /// Bytes sent (payload of UDP or of a TCP frame).
    pub bytes_out: u64,
    /// RTP packets forwarded, once for each receiver.
    pub forwarded: u64,
    /// Received packets that belonged to nobody, or were malformed or over a limit.
    pub dropped_in: u64,
    /// Packets that the sockets did not take.
    pub dropped_out: u64,
    /// Key frames asked from senders.
    pub keyframe_requests: u64,
    /// Rooms ended by a fault inside the media code.
    pub room_faults: u64,
}

impl SfuStats {
    fn add(&mut self, other: &Self) {
        self.rooms += other.rooms;
        self.peers += other.peers;
        self.connected += other.connected;
        self.packets_in += other.packets_in;
        self.packets_out += other.packets_out;
        self.bytes_in += other.bytes_in;
        self.bytes_out += other.bytes_out;
        self.forwarded += other.forwarded;
        self.dropped_in += other.dropped_in;
        self.dropped_out += other.dropped_out;
        self.keyframe_requests += other.keyframe_requests;
        self.room_faults += other.room_faults;
    }
}

/// A running media server. Clones share it; dropping the last one stops it.
#[derive(Debug, Clone)]
pub struct Sfu {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    port: u16,
    threads: Vec<Handle>,
    /// Reads for the threads, when they are several.
    reader: Option<Handle>,
    strangers: Arc<AtomicU64>,
    ends: Mutex<Ends>,
}

/// What ends when the threads do: those with rooms, and the reader.
type Ends = (Vec<oneshot::Receiver<()>>, Option<oneshot::Receiver<()>>);

impl Drop for Inner {
    fn drop(&mut self) {
        for thread in self.threads.iter().chain(&self.reader) {
            thread.stop();
        }
    }
}

impl Sfu {
    /// Binds the sockets and starts the media threads.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "settings are given away; callers have no use for them after"
    )]
    pub fn start(config: SfuConfig) -> Result<Self, StartError> {
        let (port, threads) = driver::start(&config)?;
        let (handles, ends) = threads.rooms.into_iter().unzip();
        let (reader, reader_end) = threads.reader.unzip();
        Ok(Self {
            inner: Arc::new(Inner {
                port,
                threads: handles,
                reader,
                strangers: threads.strangers,
                ends: Mutex::new((ends, reader_end)),
            }),
        })
    }

    /// The UDP and TCP port in use.
    pub fn media_port(&self) -> u16 {
        self.inner.port
    }

    /// Gives `peer` a seat in `room`, which is made when it does not exist. While not `admitted` the
    /// peer may connect its media, but nothing flows to or from it.
    ///
    /// A peer that is there already keeps its media and admission; its earlier [`PeerEvents`] end with
    /// [`PeerEvent::Closed`], and the new ones begin with the present state ([`PeerEvent::Connection`] and
    /// [`PeerEvent::Slots`]).
    pub async fn join(
        &self,
        room: RoomId,
        peer: PeerId,
        admitted: bool,
    ) -> Result<PeerEvents, SfuError> {
        let (events, receiver) = mpsc::channel(EVENTS);
        let (reply, answer) = oneshot::channel();
        self.ask(
            room,
            Command::Join {
                room,
                peer,
                admitted,
                events,
                reply,
            },
        )
        .await?;
        answer.await.map_err(|_| SfuError::Unavailable)??;
        Ok(receiver)
    }

    /// Answers a client's SDP offer. `connection` names the client's `RTCPeerConnection`: the same name
    /// renegotiates or restarts ICE, another one replaces the media of this peer.
    pub async fn offer(
        &self,
        room: RoomId,
        peer: PeerId,
        connection: &str,
        sdp: &str,
    ) -> Result<String, OfferError> {
        let (reply, answer) = oneshot::channel();
        let (connection, sdp) = (connection.to_owned(), sdp.to_owned());
        self.ask(
            room,
            Command::Offer {
                room,
                peer,
                connection,
                sdp,
                reply,
            },
        )
        .await?;
        answer.await.map_err(|_| SfuError::Unavailable)?
    }

    /// The `connection` name of the `RTCPeerConnection` held for this peer, if there is one that still lives.
    pub async fn connection(&self, room: RoomId, peer: PeerId) -> Option<String> {
        let (reply, answer) = oneshot::channel();
        self.ask(room, Command::Connection { room, peer, reply })
            .await
            .ok()?;
        answer.await.ok().flatten()
    }

    /// Admits a peer, or puts it back into waiting.
    pub fn set_admitted(&self, room: RoomId, peer: PeerId, admitted: bool) -> Result<(), SfuError> {
        self.tell(
            room,
            Command::Admit {
                room,
                peer,
                admitted,
            },
        )
    }

    /// Takes what the person says he sends. Decides about slots for screens.
    pub fn set_media(&self, room: RoomId, peer: PeerId, media: MediaState) -> Result<(), SfuError> {
        self.tell(room, Command::Media { room, peer, media })
    }

    /// Takes the video tiles on the person's screen; replaces the list before.
    pub fn set_view(&self, room: RoomId, peer: PeerId, tiles: Vec<Tile>) -> Result<(), SfuError> {
        self.tell(room, Command::View { room, peer, tiles })
    }

    /// Takes the peer out of the room. Unknown ones are ignored.
    pub fn leave(&self, room: RoomId, peer: PeerId) -> Result<(), SfuError> {
        self.tell(room, Command::Leave { room, peer })
    }

    /// Takes everybody out of the room and forgets it. Unknown ones are ignored.
    pub fn close_room(&self, room: RoomId) -> Result<(), SfuError> {
        self.tell(room, Command::CloseRoom { room })
    }

    /// Present figures, summed over the media threads.
    pub async fn stats(&self) -> Result<SfuStats, SfuError> {
        let mut total = SfuStats {
            dropped_in: self.inner.strangers.load(Ordering::Relaxed),
            ..SfuStats::default()
        };
        for thread in &self.inner.threads {
            let (reply, answer) = oneshot::channel();
            ask(thread, Command::Stats { reply }).await?;
            total.add(&answer.await.map_err(|_| SfuError::Unavailable)?);
        }
        Ok(total)
    }

    /// Tells all peers goodbye and stops the media threads. Later calls answer
    /// [`SfuError::Unavailable`].
    pub async fn shutdown(&self) {
        for thread in &self.inner.threads {
            thread.stop();
        }
        let (ends, reader_end) = match self.inner.ends.lock() {
            Ok(mut ends) => std::mem::take(&mut *ends),
            Err(_) => return,
        };
        // An error of an end means that the thread is gone, which is what is waited for.
        for end in ends {
            let _ = end.await;
        }
        // Last, since goodbyes over TCP go through it.
        if let (Some(reader), Some(end)) = (&self.inner.reader, reader_end) {
            reader.stop();
            let _ = end.await;
        }
    }

    fn thread(&self, room: RoomId) -> Result<&Handle, SfuError> {
        let count = self.inner.threads.len() as u64;
        let index = usize::try_from(room.0.checked_rem(count).unwrap_or(0)).unwrap_or(0);
        self.inner.threads.get(index).ok_or(SfuError::Unavailable)
    }

    async fn ask(&self, room: RoomId, command: Command) -> Result<(), SfuError> {
        ask(self.thread(room)?, command).await
    }

    fn tell(&self, room: RoomId, command: Command) -> Result<(), SfuError> {
        let thread = self.thread(room)?;
        thread
            .commands
            .try_send(command)
            .map_err(|_| SfuError::Unavailable)?;
        thread.wake();
        Ok(())
    }
}

async fn ask(thread: &Handle, command: Command) -> Result<(), SfuError> {
    thread
        .commands
        .send(command)
        .await
        .map_err(|_| SfuError::Unavailable)?;
    thread.wake();
    Ok(())
}
