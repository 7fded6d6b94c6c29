//! A browser stand-in: a full-ICE str0m client that sends VP8-shaped video, Opus-shaped sound, and writes
//! down what it receives.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use str0m::change::{SdpAnswer, SdpPendingOffer};
use str0m::format::Codec;
use str0m::media::{Direction, MediaKind, Mid, Rid, Simulcast, SimulcastLayer};
use str0m::net::{Protocol, Receive, Transmit};
use str0m::rtp::{ExtensionValues, RtpWrite, Vp8Descriptor};
use str0m::{Candidate, Event, Input, Output, Rtc};

use crate::api::{PeerEvent, PeerEvents, PeerId, Slot, Source};

/// What the client sends on its camera.
#[derive(Debug, Clone)]
pub(super) struct Camera {
    /// Layers, smallest first: name, height, packets a frame of 1,000 octets.
    pub layers: Vec<(Option<&'static str>, u16, usize)>,
    pub on: bool,
}

impl Camera {
    pub(super) fn plain() -> Self {
        Self {
            layers: vec![(None, 720, 2)],
            on: true,
        }
    }

    /// About 240, 480 and 1,440 kbit/s.
    pub(super) fn simulcast() -> Self {
        Self {
            layers: vec![
                (Some("q"), 180, 1),
                (Some("h"), 360, 2),
                (Some("f"), 720, 6),
            ],
            on: true,
        }
    }
}

/// A received packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Got {
    pub at: Instant,
    pub seq: u64,
    pub timestamp: u32,
    pub picture_id: Option<u16>,
    pub key_frame: bool,
    /// Who sent it and on which layer, as written into the payload.
    pub from: u8,
    pub layer: u8,
}

struct LayerState {
    seq: u64,
    timestamp: u32,
    picture_id: u16,
    key_frame_wanted: bool,
}

pub(super) struct Client {
    pub id: PeerId,
    pub rtc: Rtc,
    pub addr: SocketAddr,
    pub protocol: Protocol,
    pub events: Option<PeerEvents>,
    pub seen: Vec<PeerEvent>,
    pub slots: Vec<Slot>,
    pub camera: Camera,
    pub screen_on: bool,
    pub microphone_on: bool,
    pub got: HashMap<Mid, Vec<Got>>,
    pub connection: String,
    pub key_frames_asked: usize,
    /// The lowest limit that the server told for the camera.
    pub remb: Option<u64>,
    pub deadline: Instant,
    mids: Vec<Mid>,
    /// Receiving lines: true for video.
    slots_kind: HashMap<Mid, bool>,
    layers: Vec<LayerState>,
    screen: LayerState,
    sound: (u64, u32),
    next_frame: Instant,
    next_sound: Instant,
    pub connected: bool,
}

fn layer_state(seed: u64) -> LayerState {
    LayerState {
        // Below 65,536: a stream begins in the first round of its numbers.
        seq: 20_000 + seed % 40 * 1_000,
        timestamp: 90_000 * u32::try_from(seed).unwrap(),
        picture_id: 0x7f00,
        key_frame_wanted: true,
    }
}

impl Client {
    pub(super) fn new(now: Instant, id: u64, camera: Camera) -> Self {
        let addr: SocketAddr = format!("10.0.0.{id}:{}", 5000 + id).parse().unwrap();
        let layers = (0..camera.layers.len())
            .map(|l| layer_state(id * 7 + l as u64))
            .collect();
        let mut client = Self {
            id: PeerId(id),
            rtc: Rtc::new(now),
            addr,
            protocol: Protocol::Udp,
            events: None,
            seen: Vec::new(),
            slots: Vec::new(),
            camera,
            screen_on: false,
            microphone_on: true,
            got: HashMap::new(),
            connection: String::new(),
            key_frames_asked: 0,
            remb: None,
            deadline: now,
            mids: Vec::new(),
            slots_kind: HashMap::new(),
            layers,
            screen: layer_state(id + 90),
            sound: (3_000, 0),
            next_frame: now,
            next_sound: now,
            connected: false,
        };
        client.new_connection(now, "pc-1");
        client
    }

    /// A new `RTCPeerConnection`.
    pub(super) fn new_connection(&mut self, now: Instant, name: &str) {
        self.rtc = Rtc::builder()
            .set_rtp_mode(true)
            .clear_codecs()
            .enable_opus(true, false)
            .enable_vp8(true)
            .enable_h264(true)
            .build(now);
        self.connection = name.to_owned();
        self.connected = false;
        self.mids.clear();
        self.slots_kind.clear();
        self.got.clear();
        self.use_address(self.addr);
        for layer in &mut self.layers {
            layer.key_frame_wanted = true;
        }
    }

    pub(super) fn use_address(&mut self, addr: SocketAddr) {
        self.addr = addr;
        let candidate = match self.protocol {
            Protocol::Udp => Candidate::host(addr, "udp").unwrap(),
            _ => Candidate::builder()
                .tcp()
                .host(addr)
                .tcptype(str0m::net::TcpType::Active)
                .build()
                .unwrap(),
        };
        self.rtc.add_local_candidate(candidate);
    }

    /// An offer with so many receiving lines of each kind in all.
    pub(super) fn offer(
        &mut self,
        audio: usize,
        video: usize,
        restart: bool,
    ) -> (String, SdpPendingOffer) {
        let mut api = self.rtc.sdp_api();
        if self.mids.is_empty() {
            let simulcast = self.camera.layers[0].0.map(|_| {
                let mut simulcast = Simulcast::new();
                for (name, _, _) in &self.camera.layers {
                    simulcast.add_send_layer(SimulcastLayer::new(name.unwrap()));
                }
                simulcast
            });
            for (kind, simulcast) in [
                (MediaKind::Audio, None),
                (MediaKind::Video, simulcast),
                (MediaKind::Video, None),
                (MediaKind::Audio, None),
            ] {
                self.mids
                    .push(api.add_media(kind, Direction::SendOnly, None, None, simulcast));
            }
        }
        let (mut have_audio, mut have_video) = (0, 0);
        for mid in &self.mids[4..] {
            if self.slots_kind.get(mid) == Some(&true) {
                have_video += 1;
            } else {
                have_audio += 1;
            }
        }
        while have_audio < audio || have_video < video {
            if have_audio < audio {
                let mid = api.add_media(MediaKind::Audio, Direction::RecvOnly, None, None, None);
                self.mids.push(mid);
                self.slots_kind.insert(mid, false);
                have_audio += 1;
            }
            if have_video < video {
                let mid = api.add_media(MediaKind::Video, Direction::RecvOnly, None, None, None);
                self.mids.push(mid);
                self.slots_kind.insert(mid, true);
                have_video += 1;
            }
        }
        if restart {
            api.ice_restart(true);
        }
        let (offer, pending) = api.apply().unwrap();
        (offer.to_sdp_string(), pending)
    }

    pub(super) fn accept(&mut self, pending: SdpPendingOffer, answer: &str) {
        let answer = SdpAnswer::from_sdp_string(answer).unwrap();
        self.rtc.sdp_api().accept_answer(pending, answer).unwrap();
    }

    /// Reads the server's events.
    pub(super) fn read_events(&mut self) {
        let Some(events) = &mut self.events else {
            return;
        };
        while let Ok(event) = events.try_recv() {
            if let PeerEvent::Slots(slots) = &event {
                self.slots.clone_from(slots);
            }
            self.seen.push(event);
        }
    }

    /// What came of somebody's track in the slot that carries it now.
    pub(super) fn received(&self, peer: u64, source: Source) -> &[Got] {
        let slot = self
            .slots
            .iter()
            .find(|s| s.participant == PeerId(peer) && s.source == source);
        slot.and_then(|s| self.got.get(&Mid::from(s.mid.as_str())))
            .map_or(&[], Vec::as_slice)
    }

    /// How many packets of a track came since a moment, sent by that person.
    pub(super) fn count_since(&self, since: Instant, peer: u64, source: Source) -> usize {
        self.received(peer, source)
            .iter()
            .filter(|g| g.at >= since && u64::from(g.from) == peer)
            .count()
    }

    pub(super) fn datagram(&mut self, now: Instant, from: SocketAddr, contents: &[u8]) {
        let Ok(receive) = Receive::new(self.protocol, from, self.addr, contents) else {
            return;
        };
        self.rtc.handle_input(Input::Receive(now, receive)).unwrap();
    }

    /// Lets time pass: sends media that is due, and gives datagrams.
    pub(super) fn run(&mut self, now: Instant, out: &mut Vec<Transmit>) {
        if self.connected {
            self.send_media(now);
        }
        self.rtc.handle_input(Input::Timeout(now)).unwrap();
        loop {
            match self.rtc.poll_output().unwrap() {
                Output::Timeout(at) => {
                    self.deadline = at;
                    return;
                }
                Output::Transmit(t) => out.push(t),
                Output::Event(event) => self.on_event(now, event),
            }
        }
    }

    fn on_event(&mut self, now: Instant, event: Event) {
        match event {
            Event::Connected => self.connected = true,
            Event::KeyframeRequest(request) => {
                self.key_frames_asked += 1;
                if request.mid == self.mids[2] {
                    self.screen.key_frame_wanted = true;
                }
                for (layer, state) in self.camera.layers.iter().zip(&mut self.layers) {
                    if request.mid == self.mids[1] && request.rid == layer.0.map(Rid::from) {
                        state.key_frame_wanted = true;
                    }
                }
            }
            Event::EgressBitrateEstimate(str0m::bwe::BweKind::Remb { estimate, .. }) => {
                self.remb = Some(estimate.as_u64());
            }
            Event::RtpPacket(packet) => {
                let mid = self.mid_of(&packet);
                let video = self.slots_kind.get(&mid).copied().unwrap_or(false);
                let descriptor = video
                    .then(|| Vp8Descriptor::parse(&packet.payload).ok())
                    .flatten();
                let tag = if video { 14 } else { 0 };
                let got = Got {
                    at: now,
                    seq: *packet.seq_no,
                    timestamp: packet.header.timestamp,
                    picture_id: descriptor.and_then(|d| d.picture_id()),
                    key_frame: descriptor.is_some_and(|d| d.starts_keyframe(&packet.payload)),
                    from: packet.payload[tag],
                    layer: packet.payload[tag + 1],
                };
                self.got.entry(mid).or_default().push(got);
            }
            _ => {}
        }
    }

    fn mid_of(&mut self, packet: &str0m::rtp::RtpPacket) -> Mid {
        self.rtc
            .direct_api()
            .stream_rx(&packet.header.ssrc)
            .unwrap()
            .mid()
    }

    fn send_media(&mut self, now: Instant) {
        if now >= self.next_sound {
            self.next_sound = now + Duration::from_millis(20);
            if self.microphone_on {
                self.sound.0 += 1;
                self.sound.1 = self.sound.1.wrapping_add(960);
                let mut payload = vec![u8::try_from(self.id.0).unwrap(), 0];
                payload.resize(80, 7);
                let (seq, timestamp) = self.sound;
                self.write(0, None, Codec::Opus, seq, timestamp, false, payload);
            }
        }
        if now >= self.next_frame {
            self.next_frame = now + Duration::from_millis(33);
            if self.camera.on {
                for at in 0..self.layers.len() {
                    let (name, height, packets) = self.camera.layers[at];
                    let mut state = std::mem::replace(&mut self.layers[at], layer_state(0));
                    self.send_frame(
                        1,
                        name,
                        height,
                        packets,
                        u8::try_from(at).unwrap(),
                        &mut state,
                    );
                    self.layers[at] = state;
                }
            }
            if self.screen_on {
                let mut state = std::mem::replace(&mut self.screen, layer_state(0));
                self.send_frame(2, None, 1080, 3, 0, &mut state);
                self.screen = state;
            }
        }
    }

    fn send_frame(
        &mut self,
        line: usize,
        name: Option<&str>,
        height: u16,
        packets: usize,
        layer: u8,
        state: &mut LayerState,
    ) {
        let key = std::mem::take(&mut state.key_frame_wanted);
        state.timestamp = state.timestamp.wrapping_add(2970);
        state.picture_id = state.picture_id.wrapping_add(1) & 0x7fff;
        for at in 0..packets {
            state.seq += 1;
            let first = if at == 0 { 0x90 } else { 0x80 };
            let mut payload = vec![
                first,
                0x80,
                0x80 | (state.picture_id >> 8) as u8,
                (state.picture_id & 0xff) as u8,
            ];
            let [h0, h1] = height.to_le_bytes();
            payload.extend_from_slice(&[u8::from(!key), 0, 0, 0x9d, 0x01, 0x2a, 0, 5, h0, h1]);
            payload.extend_from_slice(&[u8::try_from(self.id.0).unwrap(), layer]);
            payload.resize(1000, 9);
            self.write(
                line,
                name.map(Rid::from),
                Codec::Vp8,
                state.seq,
                state.timestamp,
                at + 1 == packets,
                payload,
            );
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the fields of a packet")]
    fn write(
        &mut self,
        line: usize,
        rid: Option<Rid>,
        codec: Codec,
        seq: u64,
        timestamp: u32,
        marker: bool,
        payload: Vec<u8>,
    ) {
        let mid = self.mids[line];
        let pt = self
            .rtc
            .codec_config()
            .find(|p| p.spec().codec == codec)
            .unwrap()
            .pt();
        let now = self.next_frame;
        let write = RtpWrite::new(pt, seq.into(), timestamp, now, payload)
            .marker(marker)
            .nackable(codec == Codec::Vp8)
            .ext_vals(ExtensionValues::default());
        if let Some(stream) = self.rtc.direct_api().stream_tx_by_mid(mid, rid) {
            stream.write_rtp(write);
        }
    }
}
