//! The rooms of one media thread: finds the peer of a datagram, keeps the timers, and holds a fault of one
//! room away from the others. Sans-IO like the rooms.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::hash::BuildHasherDefault;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use str0m::Input;
use str0m::ice::StunMessage;
use str0m::net::{Protocol, Receive, Transmit};
use tokio::sync::{mpsc, oneshot};

use crate::address_hash::AddressHasher;
use crate::api::{
    ConnectionState, MediaState, OfferError, PeerEvent, PeerId, RoomId, SfuError, SfuStats, Tile,
};
use crate::driver::Names;
use crate::link::LinkConfig;
use crate::room::Room;

/// Addresses one link may be reached from: a client has a few networks, each with UDP and TCP.
const MAX_ADDRESSES: usize = 16;

/// What the caller asks of the rooms.
#[derive(Debug)]
pub(crate) enum Command {
    Join {
        room: RoomId,
        peer: PeerId,
        admitted: bool,
        events: mpsc::Sender<PeerEvent>,
        reply: oneshot::Sender<Result<(), SfuError>>,
    },
    Offer {
        room: RoomId,
        peer: PeerId,
        connection: String,
        sdp: String,
        reply: oneshot::Sender<Result<String, OfferError>>,
    },
    Connection {
        room: RoomId,
        peer: PeerId,
        reply: oneshot::Sender<Option<String>>,
    },
    Admit {
        room: RoomId,
        peer: PeerId,
        admitted: bool,
    },
    Media {
        room: RoomId,
        peer: PeerId,
        media: MediaState,
    },
    View {
        room: RoomId,
        peer: PeerId,
        tiles: Vec<Tile>,
    },
    Leave {
        room: RoomId,
        peer: PeerId,
    },
    CloseRoom {
        room: RoomId,
    },
    Stats {
        reply: oneshot::Sender<SfuStats>,
    },
    #[cfg(test)]
    Panic {
        room: RoomId,
    },
}

/// Where a link is: room, peer index, and the link's serial.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    room: RoomId,
    peer: usize,
    serial: u64,
}

/// A datagram or TCP frame as it came in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Datagram<'a> {
    pub tcp: bool,
    pub source: SocketAddr,
    pub contents: &'a [u8],
}

/// A fast map of rooms and addresses.
type Map<K, V> = HashMap<K, V, BuildHasherDefault<AddressHasher>>;

struct RoomEntry {
    room: Room,
    /// The deadline that stands in the timer heap.
    scheduled: Instant,
    /// Something came in since the last flush.
    touched: bool,
}

/// The rooms of one media thread.
pub(crate) struct Shard {
    rooms: Map<RoomId, RoomEntry>,
    by_address: Map<(bool, SocketAddr), Place>,
    by_ufrag: HashMap<String, Place>,
    /// Where the ICE names of this thread are made known, when there are several threads.
    names: Option<(usize, Names)>,
    timers: BinaryHeap<Reverse<(Instant, u64)>>,
    touched: Vec<RoomId>,
    next_serial: u64,
    config: Arc<LinkConfig>,
    max_peers: usize,
    last_sweep: Instant,
    stats: SfuStats,
    /// Figures of the sockets, as known when the last command came.
    pub(crate) traffic: Traffic,
}

/// What went through the sockets of a media thread.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Traffic {
    pub packets_in: u64,
    pub packets_out: u64,
    pub bytes_in: u64,
    pub bytes_out: u64,
    pub dropped_out: u64,
}

/// A timer that is not set.
const FAR: Duration = Duration::from_hours(24);
/// How often addresses and ICE names of links that are gone are forgotten.
const SWEEP: Duration = Duration::from_secs(2);

impl Shard {
    pub(crate) fn new(now: Instant, config: Arc<LinkConfig>, max_peers: usize) -> Self {
        Self {
            rooms: Map::default(),
            by_address: Map::default(),
            by_ufrag: HashMap::new(),
            names: None,
            timers: BinaryHeap::new(),
            touched: Vec::new(),
            next_serial: 1,
            config,
            max_peers,
            last_sweep: now,
            stats: SfuStats::default(),
            traffic: Traffic::default(),
        }
    }

    /// Makes the ICE names of this shard known as those of thread `index`.
    pub(crate) fn publish_names(mut self, index: usize, names: Names) -> Self {
        self.names = Some((index, names));
        self
    }

    /// Takes a datagram. It is for nobody when its address is unknown and it is no authentic
    /// connectivity check for one of the links. Returns whether somebody took it.
    pub(crate) fn datagram(
        &mut self,
        now: Instant,
        datagram: Datagram<'_>,
        out: &mut Vec<Transmit>,
    ) -> bool {
        let taken = self.try_datagram(now, datagram, out);
        if !taken {
            self.stats.dropped_in += 1;
        }
        taken
    }

    fn try_datagram(
        &mut self,
        now: Instant,
        datagram: Datagram<'_>,
        out: &mut Vec<Transmit>,
    ) -> bool {
        let Some(destination) = self.config.destination(datagram.source) else {
            return false;
        };
        let key = (datagram.tcp, datagram.source);
        let known = self
            .by_address
            .get(&key)
            .copied()
            .filter(|place| self.is_current(*place));
        let protocol = if datagram.tcp {
            Protocol::Tcp
        } else {
            Protocol::Udp
        };
        let Ok(receive) = Receive::new(protocol, datagram.source, destination, datagram.contents)
        else {
            return false;
        };
        if let Some(place) = known
            && !self.is_for_another(place, datagram.contents)
        {
            self.with_room(now, place.room, out, |room, out| {
                room.receive(now, place.peer, receive, out);
            });
            return true;
        }
        let Some(place) = self.place_of_check(datagram.contents) else {
            return false;
        };
        // The check must carry the password of the link, else anybody could claim an address.
        let input = Input::Receive(now, receive);
        let link = self
            .rooms
            .get(&place.room)
            .and_then(|e| e.room.peer(place.peer))
            .and_then(|p| p.link.as_ref());
        if !link.is_some_and(|l| l.serial == place.serial && l.rtc.accepts(&input)) {
            return false;
        }
        let Input::Receive(_, receive) = input else {
            return false;
        };
        if self.by_address.values().filter(|p| **p == place).count() >= MAX_ADDRESSES {
            return false;
        }
        self.by_address.insert(key, place);
        self.with_room(now, place.room, out, |room, out| {
            room.receive(now, place.peer, receive, out);
        });
        true
    }

    fn is_current(&self, place: Place) -> bool {
        self.rooms
            .get(&place.room)
            .and_then(|e| e.room.peer(place.peer))
            .and_then(|p| p.link.as_ref())
            .is_some_and(|l| l.serial == place.serial)
    }

    /// A check from a known address that names another link: the client's system used the port again.
    fn is_for_another(&self, place: Place, contents: &[u8]) -> bool {
        is_stun(contents)
            && self
                .place_of_check(contents)
                .is_some_and(|named| named != place)
    }

    fn place_of_check(&self, contents: &[u8]) -> Option<Place> {
        if !is_stun(contents) {
            return None;
        }
        let message = StunMessage::parse(contents).ok()?;
        let (ufrag, _) = message.split_username()?;
        self.by_ufrag.get(ufrag).copied()
    }

    /// Runs a part of a room. A panic in it ends that room and no other.
    fn with_room<R>(
        &mut self,
        now: Instant,
        id: RoomId,
        out: &mut Vec<Transmit>,
        run: impl FnOnce(&mut Room, &mut Vec<Transmit>) -> R,
    ) -> Option<R> {
        let entry = self.rooms.get_mut(&id)?;
        if !entry.touched {
            entry.touched = true;
            self.touched.push(id);
        }
        let kept = out.len();
        let room = &mut entry.room;
        if let Ok(result) = catch_unwind(AssertUnwindSafe(|| run(room, out))) {
            Some(result)
        } else {
            out.truncate(kept);
            self.end_faulty(now, id);
            None
        }
    }

    fn end_faulty(&mut self, now: Instant, id: RoomId) {
        tracing::error!(room = id.0, "a fault in the media code ended a room");
        self.stats.room_faults += 1;
        if let Some(mut entry) = self.rooms.remove(&id) {
            self.absorb(&mut entry.room);
            for peer in entry.room.peers.iter_mut().flatten() {
                peer.tell(PeerEvent::Closed);
                // Its str0m state is not to be trusted with a goodbye.
                peer.link = None;
            }
        }
        self.last_sweep = now.checked_sub(SWEEP).unwrap_or(now);
    }

    /// Adds a room's counters to the totals.
    fn absorb(&mut self, room: &mut Room) {
        let counters = std::mem::take(&mut room.counters);
        self.stats.forwarded += counters.forwarded;
        self.stats.keyframe_requests += counters.key_frame_requests;
        self.stats.dropped_in += counters.dropped;
    }

    /// Takes a command.
    pub(crate) fn command(&mut self, now: Instant, command: Command, out: &mut Vec<Transmit>) {
        match command {
            Command::Join {
                room,
                peer,
                admitted,
                events,
                reply,
            } => {
                let entry = self.rooms.entry(room).or_insert_with(|| RoomEntry {
                    room: Room::new(now, Arc::clone(&self.config), self.max_peers),
                    scheduled: now + FAR,
                    touched: false,
                });
                let joined = entry.room.join(peer, admitted, events);
                self.with_room(now, room, out, |_, _| ());
                // A caller that went away meanwhile shows by its events, which nobody reads.
                let _ = reply.send(joined);
            }
            Command::Offer {
                room,
                peer,
                connection,
                sdp,
                reply,
            } => {
                let answer = self.offer(now, room, peer, &connection, &sdp, out);
                let _ = reply.send(answer);
            }
            Command::Connection { room, peer, reply } => {
                let name = self.rooms.get(&room).and_then(|e| {
                    let link = e.room.peer(e.room.find(peer)?)?.link.as_ref()?;
                    link.rtc.is_alive().then(|| link.name.clone())
                });
                let _ = reply.send(name);
            }
            Command::Admit {
                room,
                peer,
                admitted,
            } => self.with_peer(now, room, peer, out, |r, i, _| r.set_admitted(i, admitted)),
            Command::Media { room, peer, media } => {
                self.with_peer(now, room, peer, out, |r, i, _| r.set_media(i, media));
            }
            Command::View { room, peer, tiles } => {
                self.with_peer(now, room, peer, out, |r, i, _| r.set_view(i, tiles));
            }
            Command::Leave { room, peer } => {
                self.with_peer(now, room, peer, out, |r, i, out| r.leave(now, i, out));
            }
            Command::CloseRoom { room } => self.close_room(now, room, out),
            Command::Stats { reply } => {
                let _ = reply.send(self.stats());
            }
            #[cfg(test)]
            Command::Panic { room } => {
                self.with_room(now, room, out, |_, _| panic!("asked for by a test"));
            }
        }
    }

    fn with_peer(
        &mut self,
        now: Instant,
        room: RoomId,
        peer: PeerId,
        out: &mut Vec<Transmit>,
        run: impl FnOnce(&mut Room, usize, &mut Vec<Transmit>),
    ) {
        self.with_room(now, room, out, |room, out| {
            if let Some(index) = room.find(peer) {
                run(room, index, out);
            }
        });
    }

    fn offer(
        &mut self,
        now: Instant,
        room: RoomId,
        peer: PeerId,
        connection: &str,
        sdp: &str,
        out: &mut Vec<Transmit>,
    ) -> Result<String, OfferError> {
        let index = self
            .rooms
            .get(&room)
            .and_then(|e| e.room.find(peer))
            .ok_or(SfuError::UnknownPeer)?;
        let serial = self.next_serial;
        self.next_serial += 1;
        let answered = self
            .with_room(now, room, out, |r, out| {
                r.offer(now, index, connection, sdp, serial, out)
            })
            .ok_or(SfuError::Unavailable)?
            .map_err(OfferError::BadSdp)?;
        let link = self
            .rooms
            .get(&room)
            .and_then(|e| e.room.peer(index))
            .and_then(|p| p.link.as_ref());
        let serial = link.ok_or(SfuError::Unavailable)?.serial;
        if let Some((index, names)) = &self.names
            && let Ok(mut names) = names.lock()
        {
            names.insert(answered.ufrag.clone(), *index);
        }
        self.by_ufrag.insert(
            answered.ufrag,
            Place {
                room,
                peer: index,
                serial,
            },
        );
        Ok(answered.sdp)
    }

    fn close_room(&mut self, now: Instant, id: RoomId, out: &mut Vec<Transmit>) {
        self.with_room(now, id, out, |room, out| {
            for index in 0..room.peers.len() {
                room.leave(now, index, out);
            }
        });
    }

    /// Closes every room.
    pub(crate) fn close_all(&mut self, now: Instant, out: &mut Vec<Transmit>) {
        let ids: Vec<RoomId> = self.rooms.keys().copied().collect();
        for id in ids {
            self.close_room(now, id, out);
        }
        self.flush(now, out);
    }

    /// Works off what came in; gives what is to be sent. To be called after each batch of inputs.
    pub(crate) fn flush(&mut self, now: Instant, out: &mut Vec<Transmit>) {
        while let Some(id) = self.touched.pop() {
            self.with_room(now, id, out, |room, out| room.flush(now, out));
            let Some(entry) = self.rooms.get_mut(&id) else {
                continue;
            };
            entry.touched = false;
            if entry.room.is_empty() {
                if let Some(mut entry) = self.rooms.remove(&id) {
                    self.absorb(&mut entry.room);
                }
                continue;
            }
            let deadline = entry.room.deadline();
            // An earlier timer that stands is kept: it fires, finds nothing due, and is set anew.
            if deadline < entry.scheduled {
                entry.scheduled = deadline;
                self.timers.push(Reverse((deadline, id.0)));
            }
        }
        if now.saturating_duration_since(self.last_sweep) >= SWEEP {
            self.sweep(now);
        }
    }

    /// Forgets addresses and ICE names of links that are gone.
    fn sweep(&mut self, now: Instant) {
        self.last_sweep = now;
        let rooms = &self.rooms;
        let current = |place: &Place| {
            let link = rooms
                .get(&place.room)
                .and_then(|e| e.room.peer(place.peer))
                .and_then(|p| p.link.as_ref());
            link.is_some_and(|l| l.serial == place.serial)
        };
        self.by_address.retain(|_, place| current(place));
        let mut names = self.names.as_ref().and_then(|(_, names)| names.lock().ok());
        self.by_ufrag.retain(|ufrag, place| {
            let keep = current(place);
            if !keep && let Some(names) = &mut names {
                names.remove(ufrag);
            }
            keep
        });
    }

    /// Lets time pass; [`Shard::flush`] must follow.
    pub(crate) fn timeout(&mut self, now: Instant, out: &mut Vec<Transmit>) {
        while let Some(Reverse((at, id))) = self.timers.peek().copied() {
            if at > now {
                break;
            }
            self.timers.pop();
            let id = RoomId(id);
            let Some(entry) = self.rooms.get_mut(&id) else {
                continue;
            };
            if entry.scheduled == at {
                entry.scheduled = now + FAR;
                self.with_room(now, id, out, |room, out| room.timeout(now, out));
            }
        }
    }

    /// When [`Shard::timeout`] is due; `None` while there is no room.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.timers.peek().map(|Reverse((at, _))| *at)
    }

    /// Present figures of this thread.
    pub(crate) fn stats(&self) -> SfuStats {
        let mut total = self.stats;
        let Traffic {
            packets_in,
            packets_out,
            bytes_in,
            bytes_out,
            dropped_out,
        } = self.traffic;
        total.packets_in = packets_in;
        total.packets_out = packets_out;
        total.bytes_in = bytes_in;
        total.bytes_out = bytes_out;
        total.dropped_out = dropped_out;
        for entry in self.rooms.values() {
            total.forwarded += entry.room.counters.forwarded;
            total.keyframe_requests += entry.room.counters.key_frame_requests;
            total.dropped_in += entry.room.counters.dropped;
            total.rooms += 1;
            for peer in entry.room.peers.iter().flatten() {
                total.peers += 1;
                total.connected += u64::from(peer.connection() == ConnectionState::Connected);
            }
        }
        total
    }
}

/// The first octet of a STUN message is 0 to 3 (RFC 7983).
fn is_stun(contents: &[u8]) -> bool {
    contents.first().is_some_and(|octet| *octet < 4)
}
