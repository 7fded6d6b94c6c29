//! A person's seat in a room: what the caller said about him, and his link if he has one.

use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use crate::api::{ConnectionState, MediaState, PeerEvent, PeerId, Slot, Source, Tile};
use crate::link::Link;

/// A tile assumed for each video until the client tells its own.
const DEFAULT_TILE: (u32, u32) = (640, 360);

/// How long media goes on for a seat without an owner, whose client is connecting again.
const OWNERLESS: Duration = Duration::from_mins(1);

/// A seat.
#[derive(Debug)]
pub(crate) struct Peer {
    pub id: PeerId,
    pub admitted: bool,
    pub media: MediaState,
    view: Option<Vec<Tile>>,
    pub link: Option<Link>,
    events: mpsc::Sender<PeerEvent>,
    /// The events were not read: the seat is given up.
    pub overflowed: bool,
    ownerless_since: Option<Instant>,
    told_slots: Vec<Slot>,
    told_need: (usize, usize),
}

impl Peer {
    pub(crate) fn new(id: PeerId, admitted: bool, events: mpsc::Sender<PeerEvent>) -> Self {
        let media = MediaState::default();
        Self {
            id,
            admitted,
            media,
            view: None,
            link: None,
            events,
            overflowed: false,
            ownerless_since: None,
            told_slots: Vec::new(),
            told_need: (0, 0),
        }
    }

    /// Tells the owner. Never waits: an owner that does not read loses the seat. One that is gone may come back.
    pub(crate) fn tell(&mut self, event: PeerEvent) {
        if let Err(mpsc::error::TrySendError::Full(_)) = self.events.try_send(event) {
            self.overflowed = true;
        }
    }

    /// Whether the seat is to be given up: its owner does not read, or went away and neither came back nor gave it up.
    pub(crate) fn is_forsaken(&mut self, now: Instant) -> bool {
        if !self.events.is_closed() {
            self.ownerless_since = None;
            return self.overflowed;
        }
        let since = *self.ownerless_since.get_or_insert(now);
        self.overflowed || now.saturating_duration_since(since) >= OWNERLESS
    }

    /// A new owner of the same seat (a client that connected again). The old one is told that it is
    /// over, the new one how things stand.
    pub(crate) fn hand_over(&mut self, events: mpsc::Sender<PeerEvent>) {
        // Nobody may be reading the old events any more.
        let _ = self.events.try_send(PeerEvent::Closed);
        self.events = events;
        self.overflowed = false;
        self.told_need = (0, 0);
        self.tell(PeerEvent::Connection(self.connection()));
        let slots = self.told_slots.clone();
        self.tell(PeerEvent::Slots(slots));
        if let Some(level) = self.link.as_ref().map(|l| l.quality.level()) {
            self.tell(PeerEvent::Quality(level));
        }
    }

    /// The state of the media path.
    pub(crate) fn connection(&self) -> ConnectionState {
        self.link
            .as_ref()
            .map_or(ConnectionState::Connecting, |l| l.state)
    }

    /// Changes the state of the media path and tells it.
    pub(crate) fn set_connection(&mut self, state: ConnectionState) {
        if let Some(link) = &mut self.link
            && link.state != state
        {
            link.state = state;
            self.tell(PeerEvent::Connection(state));
        }
    }

    /// Replaces the tiles on the person's screen.
    pub(crate) fn set_view(&mut self, mut tiles: Vec<Tile>) {
        tiles.truncate(64);
        self.view = Some(tiles);
    }

    /// Size of the tile that shows this video; `None` when it is not on the screen.
    pub(crate) fn tile(&self, peer: PeerId, source: Source) -> Option<(u32, u32)> {
        match &self.view {
            None => Some(DEFAULT_TILE),
            Some(tiles) => tiles
                .iter()
                .filter(|t| {
                    t.participant == peer && t.source == source && t.width > 0 && t.height > 0
                })
                .map(|t| (t.width, t.height))
                .max(),
        }
    }

    /// Whether others may receive from this seat: admitted, with media that was connected once.
    pub(crate) fn sends(&self) -> bool {
        self.admitted && self.connection() != ConnectionState::Connecting
    }

    /// Whether this seat may receive from others.
    pub(crate) fn receives(&self) -> bool {
        self.admitted && self.link.is_some()
    }

    /// Tells the owner what its slots carry and how many it should have, if that changed.
    pub(crate) fn tell_slots(&mut self, need: (usize, usize)) {
        let Some(link) = &self.link else { return };
        let slots: Vec<Slot> = link
            .slots
            .iter()
            .filter_map(|s| {
                s.track.map(|t| Slot {
                    mid: s.name.clone(),
                    participant: t.peer,
                    source: t.source,
                })
            })
            .collect();
        let open = |video: bool| {
            link.slots
                .iter()
                .filter(|s| s.open && s.video == video)
                .count()
        };
        let short = need.0 > open(false) || need.1 > open(true);
        if slots != self.told_slots {
            self.told_slots.clone_from(&slots);
            self.tell(PeerEvent::Slots(slots));
        }
        if short && need != self.told_need {
            self.told_need = need;
            self.tell(PeerEvent::NeedSlots {
                audio: need.0,
                video: need.1,
            });
        } else if !short {
            self.told_need = (0, 0);
        }
    }
}
