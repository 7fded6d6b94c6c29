//! Who receives what in a room: slots, layers by bandwidth and tile, and limits for senders.

use std::time::{Duration, Instant};

use str0m::bwe::Bitrate;

use crate::api::{ConnectionState, PeerId, Source};
use crate::layers::{self, Layer, Wish};
use crate::room::Room;
use crate::sdp::paired_slot;
use crate::slots::{self, Track};

/// After a layer was lowered because of the bandwidth, none is raised for so long.
const RAISE_AFTER: Duration = Duration::from_secs(4);
/// Set aside for each received voice, in bits per second.
const AUDIO_SHARE: u64 = 48_000;
/// A sender is never limited below this.
const LEAST_LIMIT: u64 = 150_000;
/// The bandwidth looked for is never less, so that a camera that comes on finds room.
const LEAST_DESIRED: u64 = 800_000;
/// Told to a sender whose limit is lifted.
const NO_LIMIT: u64 = 50_000_000;

impl Room {
    /// Works out which track each slot carries.
    pub(crate) fn assign_slots(&mut self, now: Instant) {
        let tracks = self.tracks();
        for index in 0..self.peers.len() {
            let Some(peer) = self.peer_mut(index) else {
                continue;
            };
            let id = peer.id;
            let receives = peer.receives();
            let Some(link) = &mut peer.link else { continue };
            let mut need = (0, 0);
            let mut audio_slots = Vec::new();
            for video in [false, true] {
                let mut wanted: Vec<Track> = tracks
                    .iter()
                    .copied()
                    .filter(|t| receives && t.peer != id && t.source.is_video() == video)
                    .collect();
                // When slots are short, a shared screen goes before faces, a voice before the sound of a screen.
                wanted.sort_by_key(|t| matches!(t.source, Source::Camera | Source::ScreenAudio));
                *(if video { &mut need.1 } else { &mut need.0 }) = wanted.len();
                let at: Vec<usize> = (0..link.slots.len())
                    .filter(|&s| link.slots[s].video == video && link.slots[s].open)
                    .collect();
                let mut carried: Vec<Option<Track>> =
                    at.iter().map(|&s| link.slots[s].track).collect();
                slots::assign(&mut carried, &wanted, |track| {
                    if video {
                        paired_slot(&audio_slots, track)
                    } else {
                        None
                    }
                });
                for slot in &mut link.slots {
                    if slot.video == video && !slot.open {
                        slot.track = None;
                    }
                }
                for (&slot, &track) in at.iter().zip(&carried) {
                    let slot = &mut link.slots[slot];
                    if slot.track != track {
                        slot.track = track;
                        slot.forward.restart();
                        slot.forward.aim(track.filter(|_| !video).map(|_| 0));
                    }
                }
                if !video {
                    audio_slots = carried;
                }
            }
            peer.tell_slots(need);
        }
        self.route();
        self.layers_stale = u64::MAX;
        let _ = now;
    }

    /// All tracks that can be received, in the order of the seats.
    fn tracks(&self) -> Vec<Track> {
        let mut tracks = Vec::new();
        for peer in self.peers.iter().flatten().filter(|p| p.sends()) {
            let Some(link) = &peer.link else { continue };
            for source in Source::ALL {
                let on = match source {
                    Source::Microphone | Source::Camera => true,
                    Source::Screen => peer.media.screen,
                    Source::ScreenAudio => peer.media.screen && peer.media.screen_audio,
                };
                if on && link.sent[source.index()].offered {
                    tracks.push(Track {
                        peer: peer.id,
                        source,
                    });
                }
            }
        }
        tracks
    }

    /// Writes down at each sent track who gets it, so that a packet needs no search.
    fn route(&mut self) {
        let mut routes: Vec<(PeerId, Source, usize, usize)> = Vec::new();
        for (to, peer) in self.peers.iter().enumerate() {
            let Some(link) = peer.as_ref().and_then(|p| p.link.as_ref()) else {
                continue;
            };
            for (at, slot) in link.slots.iter().enumerate() {
                if let Some(track) = slot.track {
                    routes.push((track.peer, track.source, to, at));
                }
            }
        }
        for peer in self.peers.iter_mut().flatten() {
            let Some(link) = &mut peer.link else { continue };
            for source in Source::ALL {
                let receivers = &mut link.sent[source.index()].receivers;
                receivers.clear();
                receivers.extend(
                    routes
                        .iter()
                        .filter(|r| r.0 == peer.id && r.1 == source)
                        .map(|r| (r.2, r.3)),
                );
            }
        }
    }

    /// Chooses the layer of each received video, for the receivers that need it.
    pub(crate) fn choose_layers(&mut self, now: Instant) {
        let stale = std::mem::take(&mut self.layers_stale);
        for index in (0..self.peers.len()).filter(|i| stale & 1 << i != 0) {
            self.choose_layers_of(now, index);
        }
    }

    fn choose_layers_of(&mut self, now: Instant, index: usize) {
        let Some(peer) = self.peer(index) else { return };
        // A key frame asked for now would come before this link can carry it, and the next may only be asked for
        // half a second later. The slots are worked out again when the link is connected.
        if peer.connection() == ConnectionState::Connecting {
            return;
        }
        let Some(link) = &peer.link else { return };
        let mut at: Vec<(usize, Track, Vec<Layer>)> = Vec::new();
        for (slot_index, slot) in link.slots.iter().enumerate().filter(|(_, s)| s.video) {
            let Some(track) = slot.track else { continue };
            let layers = self
                .find(track.peer)
                .and_then(|from| self.peer(from))
                .and_then(|p| p.link.as_ref())
                .map(|l| {
                    l.sent[track.source.index()]
                        .layers
                        .iter()
                        .map(|l| l.info)
                        .collect::<Vec<_>>()
                })
                .unwrap_or_default();
            if !layers.is_empty() {
                at.push((slot_index, track, layers));
            }
        }
        let wishes: Vec<Wish<'_>> = at
            .iter()
            .map(|(slot, track, layers)| {
                let tile = peer.tile(track.peer, track.source);
                Wish {
                    layers,
                    tile_height: tile.map(|(_, height)| height),
                    tile_area: tile
                        .map_or(0, |(width, height)| u64::from(width) * u64::from(height)),
                    screen: track.source == Source::Screen,
                    current: link.slots[*slot].forward.target(),
                }
            })
            .collect();
        let voices = link
            .slots
            .iter()
            .filter(|s| !s.video && s.track.is_some())
            .count() as u64;
        let budget = link
            .estimate
            .map(|bits| (bits - bits / 20).saturating_sub(voices * AUDIO_SHARE));
        let state = layers::Link {
            budget,
            congested: now < link.congested_until,
            may_raise: now >= link.may_raise_at,
        };
        let choice = layers::choose(&wishes, state);
        let sending: u64 = wishes
            .iter()
            .zip(&choice.layers)
            .filter_map(|(w, l)| l.map(|l| w.layers[l]))
            .filter(|l| l.active)
            .map(|l| l.bitrate)
            .sum();
        let lowered = wishes
            .iter()
            .zip(&choice.layers)
            .any(|(w, l)| w.tile_height.is_some() && w.current > *l);

        let mut awaited = Vec::new();
        let Some(link) = self.link_mut(index) else {
            return;
        };
        for ((slot, track, _), layer) in at.iter().zip(&choice.layers) {
            let forward = &mut link.slots[*slot].forward;
            forward.aim(*layer);
            if let Some(layer) = forward.awaited() {
                awaited.push((*track, layer));
            }
        }
        link.sending = sending + voices * AUDIO_SHARE;
        link.limited = choice.limited;
        link.estimate_used = link.estimate;
        if choice.limited && lowered {
            link.may_raise_at = now + RAISE_AFTER;
        }
        let desired = choice.ideal_bitrate + choice.ideal_bitrate / 4 + voices * AUDIO_SHARE;
        let desired = desired.max(LEAST_DESIRED);
        if link.desired.abs_diff(desired) > link.desired / 10 {
            link.desired = desired;
            link.rtc
                .bwe()
                .set_bitrate(Bitrate::ZERO, Bitrate::bps(desired));
            self.mark_dirty(index);
        }
        for (track, layer) in awaited {
            if let Some(from) = self.find(track.peer) {
                self.request_key_frame(now, from, track.source, layer);
            }
        }
    }

    /// Tells senders without layers to send no more than their weakest receiver takes.
    pub(crate) fn limit_senders(&mut self) {
        for index in 0..self.peers.len() {
            for source in [Source::Camera, Source::Screen] {
                self.limit_sender(index, source);
            }
        }
    }

    fn limit_sender(&mut self, index: usize, source: Source) {
        let Some(link) = self.peer(index).and_then(|p| p.link.as_ref()) else {
            return;
        };
        let sent = &link.sent[source.index()];
        if sent.layers.len() != 1 || (!sent.layers[0].info.active && sent.limit.is_none()) {
            return;
        }
        let bitrate = sent.layers[0].info.bitrate;
        let others: u64 = link
            .sent
            .iter()
            .flat_map(|s| &s.layers)
            .filter(|l| l.info.active)
            .map(|l| l.info.bitrate)
            .sum::<u64>()
            .saturating_sub(bitrate);
        let weakest = sent
            .receivers
            .iter()
            .filter_map(|&(to, slot)| self.room_for(to, slot, bitrate))
            .min();
        let was = sent.limit;
        let limit = match weakest {
            Some(room)
                if room < bitrate + bitrate / 20 || (was.is_some() && room < bitrate * 2) =>
            {
                Some(room.max(LEAST_LIMIT))
            }
            _ => None,
        };
        if limit.is_none() && was.is_none() {
            return;
        }
        if let Some(link) = self.link_mut(index) {
            link.sent[source.index()].limit = limit;
            link.limit_sender(source.index(), limit.map_or(NO_LIMIT, |bits| bits + others));
        }
        self.mark_dirty(index);
    }

    /// Bits per second that a receiver has for the video in one of its slots, when all the rest stays.
    fn room_for(&self, to: usize, slot: usize, bitrate: u64) -> Option<u64> {
        let link = self.peer(to)?.link.as_ref()?;
        link.slots.get(slot)?.forward.target()?;
        let estimate = link.estimate?;
        let mut used: u64 = 0;
        for slot in &link.slots {
            let (Some(track), Some(layer)) = (slot.track, slot.forward.target()) else {
                continue;
            };
            let from = self
                .find(track.peer)
                .and_then(|i| self.peer(i))
                .and_then(|p| p.link.as_ref());
            used += if slot.video {
                from.and_then(|l| l.sent[track.source.index()].layers.get(layer))
                    .filter(|l| l.info.active)
                    .map_or(0, |l| l.info.bitrate)
            } else {
                AUDIO_SHARE
            };
        }
        Some((estimate - estimate / 20).saturating_sub(used.saturating_sub(bitrate)))
    }
}
