//! A room: its seats, what the caller does with them, and time.
//!
//! Sans-IO: `now` and datagrams come in, datagrams and events go out. [`Room::flush`] must follow a batch
//! of inputs; it gives what is to be sent.

use std::sync::Arc;
use std::time::{Duration, Instant};

use str0m::Input;
use str0m::net::Transmit;
use tokio::sync::mpsc;

use crate::api::{ConnectionState, MediaState, PeerEvent, PeerId, SfuError, Tile};
use crate::link::{Answered, Link, LinkConfig};
use crate::peer::Peer;
use crate::sdp;

/// How often a room looks after bitrates, silent peers and limits.
const TICK: Duration = Duration::from_millis(500);
/// A link that was silent this long is dropped; a client that comes back makes a new one.
const DROP_SILENT: Duration = Duration::from_secs(90);
/// Rounds in which peers may give each other work before the rest waits for the next flush.
const FLUSH_ROUNDS: usize = 8;

/// Counters of one room, added up by the shard.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Counters {
    pub forwarded: u64,
    pub key_frame_requests: u64,
    pub dropped: u64,
}

/// A room.
#[derive(Debug)]
pub(crate) struct Room {
    pub(crate) peers: Vec<Option<Peer>>,
    pub(crate) counters: Counters,
    /// Peers, by bit, whose link was given something and must be polled.
    pub(crate) dirty: u64,
    /// Who receives what must be worked out anew.
    pub(crate) slots_stale: bool,
    /// Layers must be chosen anew, by bit of the receiving peer.
    pub(crate) layers_stale: u64,
    config: Arc<LinkConfig>,
    max_peers: usize,
    last_tick: Instant,
}

impl Room {
    pub(crate) fn new(now: Instant, config: Arc<LinkConfig>, max_peers: usize) -> Self {
        let max_peers = max_peers.clamp(1, 64);
        Self {
            peers: Vec::new(),
            counters: Counters::default(),
            dirty: 0,
            slots_stale: false,
            layers_stale: 0,
            config,
            max_peers,
            last_tick: now,
        }
    }

    /// Index of a peer; it stays until he leaves.
    pub(crate) fn find(&self, id: PeerId) -> Option<usize> {
        self.peers
            .iter()
            .position(|p| p.as_ref().is_some_and(|p| p.id == id))
    }

    /// Whether nobody is here.
    pub(crate) fn is_empty(&self) -> bool {
        self.peers.iter().all(Option::is_none)
    }

    /// The peer at an index.
    pub(crate) fn peer(&self, index: usize) -> Option<&Peer> {
        self.peers.get(index).and_then(Option::as_ref)
    }

    pub(crate) fn peer_mut(&mut self, index: usize) -> Option<&mut Peer> {
        self.peers.get_mut(index).and_then(Option::as_mut)
    }

    pub(crate) fn link_mut(&mut self, index: usize) -> Option<&mut Link> {
        self.peer_mut(index).and_then(|p| p.link.as_mut())
    }

    /// Takes a seat, or hands an existing one to a new owner.
    pub(crate) fn join(
        &mut self,
        id: PeerId,
        admitted: bool,
        events: mpsc::Sender<PeerEvent>,
    ) -> Result<(), SfuError> {
        if let Some(index) = self.find(id) {
            if let Some(peer) = self.peer_mut(index) {
                peer.hand_over(events);
                // A wish for more slots is told to the new owner too.
                self.slots_stale = true;
                let Some(peer) = self.peer_mut(index) else {
                    return Ok(());
                };
                if admitted && !peer.admitted {
                    self.set_admitted(index, true);
                }
            }
            return Ok(());
        }
        if self.peers.iter().flatten().count() >= self.max_peers {
            return Err(SfuError::RoomFull);
        }
        let peer = Some(Peer::new(id, admitted, events));
        match self.peers.iter().position(Option::is_none) {
            Some(free) => self.peers[free] = peer,
            None => self.peers.push(peer),
        }
        Ok(())
    }

    /// Answers an offer. A new `connection` name replaces the link; `serial` is used for it.
    pub(crate) fn offer(
        &mut self,
        now: Instant,
        index: usize,
        connection: &str,
        sdp: &str,
        serial: u64,
        out: &mut Vec<Transmit>,
    ) -> Result<Answered, String> {
        let offer = sdp::read_offer(sdp)?;
        let config = Arc::clone(&self.config);
        let peer = self.peer_mut(index).ok_or("the peer is gone")?;
        let same = peer
            .link
            .as_ref()
            .is_some_and(|l| l.name == connection && l.rtc.is_alive());
        let answered = if same && let Some(link) = &mut peer.link {
            link.answer(&offer, sdp)?
        } else {
            // The new link is made before the old one goes: an offer that cannot be used changes nothing.
            let mut link = Link::new(now, connection, serial, &config)?;
            let answered = link.answer(&offer, sdp)?;
            let was = peer.connection();
            self.drop_link(now, index, out);
            if let Some(peer) = self.peer_mut(index) {
                peer.link = Some(link);
                if was != ConnectionState::Connecting {
                    peer.tell(PeerEvent::Connection(ConnectionState::Connecting));
                }
            }
            answered
        };
        self.slots_stale = true;
        self.mark_dirty(index);
        Ok(answered)
    }

    /// Lets media flow to and from a peer, or stops it.
    pub(crate) fn set_admitted(&mut self, index: usize, admitted: bool) {
        if let Some(peer) = self.peer_mut(index)
            && peer.admitted != admitted
        {
            peer.admitted = admitted;
            self.slots_stale = true;
        }
    }

    /// Takes what a person says he sends.
    pub(crate) fn set_media(&mut self, index: usize, media: MediaState) {
        if let Some(peer) = self.peer_mut(index) {
            peer.media = media;
            self.slots_stale = true;
        }
    }

    /// Takes the tiles on a person's screen.
    pub(crate) fn set_view(&mut self, index: usize, tiles: Vec<Tile>) {
        let now = self.last_tick;
        if let Some(peer) = self.peer_mut(index) {
            peer.set_view(tiles);
            if let Some(link) = &mut peer.link {
                // A change of layout is no sign of a tight link.
                link.may_raise_at = link.may_raise_at.min(now);
            }
            self.layers_stale |= 1 << index;
        }
    }

    /// Gives up a seat.
    pub(crate) fn leave(&mut self, now: Instant, index: usize, out: &mut Vec<Transmit>) {
        self.drop_link(now, index, out);
        if let Some(slot) = self.peers.get_mut(index)
            && let Some(mut peer) = slot.take()
        {
            peer.tell(PeerEvent::Closed);
            self.slots_stale = true;
        }
    }

    /// Says goodbye on a link and forgets it.
    fn drop_link(&mut self, now: Instant, index: usize, out: &mut Vec<Transmit>) {
        let Some(mut link) = self.peer_mut(index).and_then(|p| p.link.take()) else {
            return;
        };
        self.slots_stale = true;
        if link.rtc.handle_input(Input::Timeout(now)).is_ok() && link.rtc.close().is_ok() {
            // A goodbye is a handful of packets.
            for _ in 0..16 {
                match link.rtc.poll_output() {
                    Ok(str0m::Output::Transmit(t)) => out.push(t),
                    Ok(str0m::Output::Event(_)) => {}
                    Ok(str0m::Output::Timeout(_)) | Err(_) => break,
                }
            }
        }
    }

    /// Drops a link that failed and tells its owner why.
    pub(crate) fn fail_link(&mut self, index: usize, why: &str) {
        if let Some(peer) = self.peer_mut(index)
            && peer.link.take().is_some()
        {
            peer.tell(PeerEvent::Connection(ConnectionState::Lost));
            peer.tell(PeerEvent::MediaFailed(why.to_owned()));
            self.slots_stale = true;
        }
    }

    pub(crate) fn mark_dirty(&mut self, index: usize) {
        self.dirty |= 1 << index;
    }

    /// The next moment at which [`Room::timeout`] must be called.
    pub(crate) fn deadline(&self) -> Instant {
        let tick = self.last_tick + TICK;
        self.peers
            .iter()
            .flatten()
            .filter_map(|p| p.link.as_ref())
            .map(|l| l.deadline)
            .fold(tick, Instant::min)
    }

    /// Lets time pass.
    pub(crate) fn timeout(&mut self, now: Instant, out: &mut Vec<Transmit>) {
        for index in 0..self.peers.len() {
            if self.link_mut(index).is_some_and(|l| l.deadline <= now) {
                self.mark_dirty(index);
            }
        }
        if now >= self.last_tick + TICK {
            self.tick(now, out);
        }
    }

    fn tick(&mut self, now: Instant, out: &mut Vec<Transmit>) {
        let elapsed = now.saturating_duration_since(self.last_tick);
        self.last_tick = now;
        for index in 0..self.peers.len() {
            let Some(peer) = self.peer_mut(index) else {
                continue;
            };
            if peer.is_forsaken(now) {
                self.leave(now, index, out);
                continue;
            }
            let Some(link) = &mut peer.link else { continue };
            if link.measure(now, elapsed) {
                self.layers_stale = u64::MAX;
            }
            let Some(peer) = self.peer_mut(index) else {
                continue;
            };
            let Some(link) = &mut peer.link else { continue };
            link.watch_congestion(now);
            let asked = link.request_waiting_key_frames(now);
            let (silent, gone) = (link.is_silent(now), link.quiet_for(now) >= DROP_SILENT);
            if asked > 0 {
                self.counters.key_frame_requests += asked;
                self.mark_dirty(index);
            }
            if gone {
                self.fail_link(index, "nothing was heard on the media path for 90 seconds");
            } else if silent
                && let Some(peer) = self.peer_mut(index)
                && peer.connection() == ConnectionState::Connected
            {
                peer.set_connection(ConnectionState::Lost);
            }
        }
        self.layers_stale = u64::MAX;
        self.limit_senders();
    }

    /// Works off everything that inputs and time left to do; gives what is to be sent.
    pub(crate) fn flush(&mut self, now: Instant, out: &mut Vec<Transmit>) {
        for _ in 0..FLUSH_ROUNDS {
            if self.slots_stale {
                self.slots_stale = false;
                self.assign_slots(now);
            }
            if self.layers_stale != 0 {
                self.choose_layers(now);
            }
            if self.dirty == 0 {
                return;
            }
            let dirty = std::mem::take(&mut self.dirty);
            for index in (0..self.peers.len()).filter(|i| dirty & 1 << i != 0) {
                self.poll_link(now, index, out);
            }
        }
    }
}
