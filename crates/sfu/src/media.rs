//! The path of a packet through a room: datagram in, RTP to each receiver, datagrams out.

use std::time::{Duration, Instant};

use str0m::bwe::BweKind;
use str0m::format::PayloadParams;
use str0m::net::{Receive, Transmit};
use str0m::rtp::{ExtensionValues, RtpPacket, RtpWrite};
use str0m::stats::PeerStats;
use str0m::{Event, Input, Output};

use crate::api::{ConnectionState, PeerEvent, Source};
use crate::codec::{self, Payload};
use crate::quality::Measure;
use crate::room::Room;

/// Outputs of one link taken in one poll; a healthy one gives far fewer.
const MAX_OUTPUTS: usize = 2000;

impl Room {
    /// Takes a datagram of a peer.
    pub(crate) fn receive(
        &mut self,
        now: Instant,
        index: usize,
        datagram: Receive<'_>,
        out: &mut Vec<Transmit>,
    ) {
        let Some(link) = self.link_mut(index) else {
            return;
        };
        if !link.heard(now) {
            self.counters.dropped += 1;
            return;
        }
        let revived = link.state == ConnectionState::Lost;
        // An error here is a malformed or forged packet: it must not end the call.
        if link
            .rtc
            .handle_input(Input::Receive(now, datagram))
            .is_err()
        {
            self.counters.dropped += 1;
        }
        if revived {
            if let Some(peer) = self.peer_mut(index) {
                peer.set_connection(ConnectionState::Connected);
            }
            self.begin_pictures_anew(now, index);
        }
        self.drain(now, index, out);
    }

    /// Brings a link to `now` and takes all it has to say.
    pub(crate) fn poll_link(&mut self, now: Instant, index: usize, out: &mut Vec<Transmit>) {
        let Some(link) = self.link_mut(index) else {
            return;
        };
        if link.rtc.handle_input(Input::Timeout(now)).is_err() {
            self.fail_link(index, "the media connection failed");
            return;
        }
        self.drain(now, index, out);
    }

    fn drain(&mut self, now: Instant, index: usize, out: &mut Vec<Transmit>) {
        for _ in 0..MAX_OUTPUTS {
            let Some(link) = self.link_mut(index) else {
                return;
            };
            match link.rtc.poll_output() {
                Ok(Output::Timeout(at)) => {
                    link.deadline = at;
                    if !link.rtc.is_alive() {
                        self.fail_link(index, "the media connection was closed");
                    }
                    return;
                }
                Ok(Output::Transmit(transmit)) => out.push(transmit),
                Ok(Output::Event(event)) => self.on_event(now, index, event),
                Err(_) => {
                    self.fail_link(index, "the media connection failed");
                    return;
                }
            }
        }
        // More than a healthy link gives at once: the rest comes with the next timeout.
        if let Some(link) = self.link_mut(index) {
            link.deadline = now + Duration::from_millis(1);
        }
    }

    fn on_event(&mut self, now: Instant, index: usize, event: Event) {
        match event {
            Event::RtpPacket(packet) => self.forward(now, index, &packet),
            Event::Connected => {
                if let Some(peer) = self.peer_mut(index) {
                    peer.set_connection(ConnectionState::Connected);
                }
                self.slots_stale = true;
            }
            Event::KeyframeRequest(request) => {
                let slot = self
                    .link_mut(index)
                    .and_then(|l| l.slots.iter().find(|s| s.mid == request.mid));
                if let Some((track, layer)) =
                    slot.and_then(|s| Some((s.track?, s.forward.current()?)))
                    && let Some(from) = self.find(track.peer)
                {
                    self.request_key_frame(now, from, track.source, layer);
                }
            }
            Event::EgressBitrateEstimate(BweKind::Twcc {
                estimate,
                can_probe,
            }) => {
                let bits = can_probe.then_some(estimate.as_u64());
                if self
                    .link_mut(index)
                    .is_some_and(|link| link.take_estimate(bits))
                {
                    self.layers_stale |= 1 << index;
                }
            }
            Event::PeerStats(stats) => self.on_stats(index, &stats),
            // DTLS closed by the other side; the link ends when str0m has said goodbye.
            _ => {}
        }
    }

    fn on_stats(&mut self, index: usize, stats: &PeerStats) {
        let Some(peer) = self.peer_mut(index) else {
            return;
        };
        let Some(link) = &mut peer.link else { return };
        link.note_way(stats.egress_loss_fraction.unwrap_or_default(), stats.rtt);
        let measure = Measure {
            loss_in: stats.ingress_loss_fraction.unwrap_or_default(),
            loss_out: stats.egress_loss_fraction.unwrap_or_default(),
            rtt: stats.rtt,
            limited: link.limited,
            estimate: link.estimate,
        };
        if let Some(level) = link.quality.update(measure) {
            peer.tell(PeerEvent::Quality(level));
        }
    }

    /// Asks for key frames both ways of a link that was cut. Whoever missed the middle of a picture cannot show what
    /// follows, and a browser waits for seconds before it says so.
    fn begin_pictures_anew(&mut self, now: Instant, index: usize) {
        let Some(id) = self.peer_mut(index).map(|peer| peer.id) else {
            return;
        };
        let mut wanted = Vec::new();
        for (at, peer) in self.peers.iter().enumerate() {
            let slots = peer.as_ref().and_then(|peer| peer.link.as_ref());
            for slot in slots.into_iter().flat_map(|link| &link.slots) {
                if slot.video
                    && let Some(track) = slot.track
                    && (at == index || track.peer == id)
                    && let Some(layer) = slot.forward.current()
                    && let Some(from) = self.find(track.peer)
                {
                    wanted.push((from, track.source, layer));
                }
            }
        }
        for (from, source, layer) in wanted {
            self.request_key_frame(now, from, source, layer);
            // Once more in a moment: the first question may still go down the dead path.
            if let Some(link) = self.link_mut(from)
                && let Some(layer) = link.sent[source.index()].layers.get_mut(layer)
            {
                layer.key_frame_wanted = true;
            }
        }
    }

    /// Asks a sender for a key frame, at most as often as he may be asked.
    pub(crate) fn request_key_frame(
        &mut self,
        now: Instant,
        from: usize,
        source: Source,
        layer: usize,
    ) {
        if let Some(link) = self.link_mut(from)
            && link.request_key_frame(now, source.index(), layer)
        {
            self.counters.key_frame_requests += 1;
            self.mark_dirty(from);
        }
    }

    /// Sends a received packet to everybody who gets its track and layer.
    fn forward(&mut self, now: Instant, from: usize, packet: &RtpPacket) {
        let Some(peer) = self.peer_mut(from) else {
            return;
        };
        let admitted = peer.admitted;
        let Some(link) = &mut peer.link else { return };
        let Some((source, layer, fresh)) = link.identify(packet) else {
            return;
        };
        let seq = *packet.seq_no;
        let (in_order, woke) = link.count(now, source, layer, seq, packet.payload.len());
        let pt = packet.header.payload_type;
        let Some(params) = link.rtc.codec_config().find(|p| p.pt() == pt).copied() else {
            return;
        };
        let payload = codec::inspect(params.spec().codec, &packet.payload);
        if let Some(height) = payload.height {
            link.sent[source].layers[layer].info.height = u32::from(height);
        }
        let receivers = std::mem::take(&mut link.sent[source].receivers);
        if admitted {
            for &(to, slot) in &receivers {
                let went = self.send(
                    now,
                    to,
                    slot,
                    (layer, fresh, in_order),
                    packet,
                    &payload,
                    &params,
                );
                if went {
                    self.counters.forwarded += 1;
                    self.mark_dirty(to);
                }
            }
        }
        if woke {
            for &(to, _) in &receivers {
                self.layers_stale |= 1 << to;
            }
        }
        if let Some(link) = self.link_mut(from) {
            link.sent[source].receivers = receivers;
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "one packet on its way; a struct for one call would only move the list"
    )]
    fn send(
        &mut self,
        now: Instant,
        to: usize,
        slot: usize,
        (layer, fresh, in_order): (usize, bool, bool),
        packet: &RtpPacket,
        payload: &Payload,
        params: &PayloadParams,
    ) -> bool {
        let Some(link) = self.link_mut(to) else {
            return false;
        };
        if link.state == ConnectionState::Connecting {
            return false;
        }
        let Some(slot) = link.slots.get_mut(slot) else {
            return false;
        };
        if fresh && slot.forward.current() == Some(layer) {
            slot.forward.restart();
        }
        let Some(numbers) = slot.forward.accept(
            now,
            layer,
            *packet.seq_no,
            packet.header.timestamp,
            payload,
            in_order,
        ) else {
            return false;
        };
        let pt = match slot.forward.payload_type {
            Some((source, pt)) if source == params.pt() => pt,
            _ => {
                let pt = link
                    .rtc
                    .codec_config()
                    .match_params(*params)
                    .map(PayloadParams::pt);
                slot.forward.payload_type = Some((params.pt(), pt));
                pt
            }
        };
        let Some(pt) = pt else { return false };
        let mut write = RtpWrite::new(
            pt,
            numbers.seq.into(),
            numbers.timestamp,
            packet.timestamp,
            packet.payload.clone(),
        )
        .marker(packet.header.marker)
        .nackable(slot.video)
        .ext_vals(forwarded_extensions(&packet.header.ext_vals));
        if let Some(descriptor) = &payload.descriptor {
            let mut patch = descriptor.patch();
            if let Some(id) = numbers.vp8.picture_id {
                patch = patch.picture_id(id);
            }
            if let Some(id) = numbers.vp8.tl0 {
                patch = patch.tl0_pic_idx(id);
            }
            if let Some(id) = numbers.vp8.key_idx {
                patch = patch.key_idx(id);
            }
            if let Ok(patch) = patch.build() {
                write = write.vp8_patch(patch);
            }
        }
        let ssrc = slot.ssrc;
        match link.rtc.direct_api().stream_tx(&ssrc) {
            Some(stream) => {
                stream.write_rtp(write);
                true
            }
            None => false,
        }
    }
}

/// What of the sender's header extensions means something to a receiver: the rest belongs to the hop.
fn forwarded_extensions(from: &ExtensionValues) -> ExtensionValues {
    ExtensionValues {
        audio_level: from.audio_level,
        voice_activity: from.voice_activity,
        video_orientation: from.video_orientation,
        ..ExtensionValues::default()
    }
}
