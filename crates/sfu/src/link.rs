//! One client's `RTCPeerConnection` as we hold it: the str0m instance, what it sends and its slots.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use str0m::bwe::Bitrate;
use str0m::change::SdpOffer;
use str0m::config::{CryptoProvider, DtlsCert};
use str0m::media::{KeyframeRequestKind, Mid, Rid};
use str0m::net::TcpType;
use str0m::rtp::{RtpPacket, Ssrc};
use str0m::{Candidate, Rtc, RtcConfig};

use crate::api::{ConnectionState, Source};
use crate::forward::Forward;
use crate::layers::Layer;
use crate::quality::Quality;
use crate::sdp::{self, Direction};
use crate::slots::Track;

/// A layer counts as stopped after this long without a packet.
const LAYER_QUIET: Duration = Duration::from_millis(1500);
/// The media path of somebody who was sending counts as lost after this long without a packet.
const LOST_AFTER: Duration = Duration::from_secs(4);
/// The same for somebody who sends no media: some browsers then only show life every five seconds.
const LOST_AFTER_SILENT: Duration = Duration::from_secs(16);
/// A sender is asked for a key frame at most this often.
const KEY_FRAME_INTERVAL: Duration = Duration::from_millis(500);
/// More packets a second than any client sends: the rest is dropped.
const MAX_PACKETS_PER_SECOND: u32 = 6000;
/// Ticks of half a second after which a low estimate counts as met.
const TIGHT_TICKS: u32 = 2;
/// A round trip longer than the shortest by this much means a queue on the way.
const QUEUED: Duration = Duration::from_millis(80);
/// How long a limit that was met is believed.
const CONGESTION: Duration = Duration::from_secs(10);
/// Where the estimate of a receiver's bandwidth starts.
const FIRST_ESTIMATE: u64 = 1_500_000;

/// What all links share.
#[derive(Debug, Clone)]
pub(crate) struct LinkConfig {
    /// Addresses told to clients.
    pub candidates: Vec<SocketAddr>,
    /// The addresses are reached by TCP too.
    pub tcp: bool,
    /// One certificate for all, made at the start.
    pub certificate: DtlsCert,
    /// The crypto provider.
    pub crypto: Arc<CryptoProvider>,
    /// Estimate each receiver's bandwidth.
    pub estimate_bandwidth: bool,
}

impl LinkConfig {
    /// Makes the certificate. The text says what failed.
    pub(crate) fn new(
        candidates: Vec<SocketAddr>,
        tcp: bool,
        estimate_bandwidth: bool,
    ) -> Result<Self, String> {
        let crypto = Arc::new(str0m::crypto::from_feature_flags());
        let certificate = crypto
            .dtls_provider
            .generate_certificate()
            .ok_or("no DTLS certificate could be made")?;
        Ok(Self {
            candidates,
            tcp,
            certificate,
            crypto,
            estimate_bandwidth,
        })
    }

    /// The address to name as destination of a packet that came in over a socket of this family: str0m
    /// ignores what is not addressed to one of its candidates.
    pub(crate) fn destination(&self, source: SocketAddr) -> Option<SocketAddr> {
        self.candidates
            .iter()
            .copied()
            .find(|a| a.is_ipv4() == is_ipv4(source.ip()))
    }
}

fn is_ipv4(ip: IpAddr) -> bool {
    ip.to_canonical().is_ipv4()
}

/// A layer of a sent track.
#[derive(Debug)]
pub(crate) struct SentLayer {
    rid: Option<Rid>,
    pub info: Layer,
    bytes: u64,
    last_packet: Option<Instant>,
    highest_seq: Option<u64>,
    key_frame_asked: Option<Instant>,
    pub key_frame_wanted: bool,
}

/// A sending m-line of the client.
#[derive(Debug)]
pub(crate) struct Sent {
    pub mid: Mid,
    /// The client may send on it.
    pub offered: bool,
    pub layers: Vec<SentLayer>,
    /// Who gets it: peer index and slot index. Kept up to date by the room.
    pub receivers: Vec<(usize, usize)>,
    /// The limit told to a sender without layers, while one holds.
    pub limit: Option<u64>,
}

/// A receiving m-line of the client.
#[derive(Debug)]
pub(crate) struct Slot {
    pub mid: Mid,
    /// The name as the client wrote it.
    pub name: String,
    pub video: bool,
    /// The client still receives on it.
    pub open: bool,
    pub ssrc: Ssrc,
    pub track: Option<Track>,
    pub forward: Forward,
}

/// A connection to one client.
#[derive(Debug)]
pub(crate) struct Link {
    pub name: String,
    /// Distinguishes this link from all others of the process, so that an address learned for an
    /// earlier one is never taken for this.
    pub serial: u64,
    pub rtc: Rtc,
    pub state: ConnectionState,
    pub deadline: Instant,
    pub sent: [Sent; 4],
    pub slots: Vec<Slot>,
    streams: Vec<(Ssrc, usize, usize)>,
    heard: Instant,
    media_heard: Option<Instant>,
    second: Instant,
    packets_this_second: u32,
    /// Bits per second that the way to this client takes.
    pub estimate: Option<u64>,
    /// The estimate that layers were last chosen by.
    pub estimate_used: Option<u64>,
    pub desired: u64,
    /// Bits per second of what is sent to this client.
    pub sending: u64,
    /// Ticks in a row at which the estimate was below what is sent.
    tight_ticks: u32,
    /// The way to the client loses packets or holds them in a queue.
    suffers: bool,
    least_rtt: Option<Duration>,
    /// The estimate was met, and may still be.
    pub congested_until: Instant,
    /// No layer is raised before.
    pub may_raise_at: Instant,
    pub limited: bool,
    pub quality: Quality,
}

/// What an answer to an offer brings.
#[derive(Debug)]
pub(crate) struct Answered {
    pub sdp: String,
    /// The ICE name by which the client's first packets are known.
    pub ufrag: String,
}

impl Link {
    /// A link without media; [`Link::answer`] follows.
    pub(crate) fn new(
        now: Instant,
        name: &str,
        serial: u64,
        config: &LinkConfig,
    ) -> Result<Self, String> {
        let mut rtc_config = RtcConfig::new()
            .set_crypto_provider(Arc::clone(&config.crypto))
            .set_dtls_cert(config.certificate.clone())
            .set_ice_lite(true)
            .set_rtp_mode(true)
            .set_stats_interval(Some(Duration::from_secs(2)))
            .set_send_buffer_video(512)
            .clear_codecs()
            .enable_opus(true, false)
            .enable_vp8(true)
            .enable_h264(true);
        if config.estimate_bandwidth {
            rtc_config = rtc_config.enable_bwe(Some(Bitrate::bps(FIRST_ESTIMATE)));
        }
        let mut rtc = rtc_config.build(now);
        for &addr in &config.candidates {
            let udp = Candidate::host(addr, "udp").map_err(|e| e.to_string())?;
            rtc.add_local_candidate(udp);
            if config.tcp {
                let tcp = Candidate::builder()
                    .tcp()
                    .host(addr)
                    .tcptype(TcpType::Passive)
                    .build()
                    .map_err(|e| e.to_string())?;
                rtc.add_local_candidate(tcp);
            }
        }
        let nothing = || Sent {
            mid: Mid::from("-"),
            offered: false,
            layers: Vec::new(),
            receivers: Vec::new(),
            limit: None,
        };
        Ok(Self {
            name: name.to_owned(),
            serial,
            rtc,
            state: ConnectionState::Connecting,
            deadline: now,
            sent: [nothing(), nothing(), nothing(), nothing()],
            slots: Vec::new(),
            streams: Vec::new(),
            heard: now,
            media_heard: None,
            second: now,
            packets_this_second: 0,
            estimate: None,
            estimate_used: None,
            desired: 0,
            sending: 0,
            tight_ticks: 0,
            suffers: false,
            least_rtt: None,
            congested_until: now,
            may_raise_at: now,
            limited: false,
            quality: Quality::new(),
        })
    }

    /// Applies an offer: the first one, a renegotiation or an ICE restart.
    pub(crate) fn answer(&mut self, offer: &sdp::Offer, sdp: &str) -> Result<Answered, String> {
        if !self.slots.is_empty() || self.sent[0].mid != Mid::from("-") {
            self.check_same_lines(offer)?;
        }
        let parsed = SdpOffer::from_sdp_string(sdp)
            .map_err(|_| "it is not SDP that the media server reads".to_owned())?;
        let answer = self
            .rtc
            .sdp_api()
            .accept_offer(parsed)
            .map_err(|e| reason(&e))?
            .to_sdp_string();

        for (sent, line) in self.sent.iter_mut().zip(&offer.sending) {
            sent.mid = Mid::from(line.mid.as_str());
            sent.offered = line.direction == Direction::SendOnly;
            if sent.layers.is_empty() {
                sent.layers = sent_layers(&line.rids);
            }
        }
        for (at, line) in offer.receiving.iter().enumerate() {
            let open = line.direction == Direction::RecvOnly;
            if let Some(slot) = self.slots.get_mut(at) {
                slot.open = open;
                continue;
            }
            let mid = Mid::from(line.mid.as_str());
            let ssrc = self
                .rtc
                .direct_api()
                .stream_tx_by_mid(mid, None)
                .map_or(Ssrc::from(0), |s| s.ssrc());
            // Well above 0, so that an older packet that comes after the first has room below it.
            let first_seq = u16::try_from(4096 + *ssrc % 16_384).unwrap_or(4096);
            self.slots.push(Slot {
                mid,
                name: line.mid.clone(),
                video: line.video,
                open,
                ssrc,
                track: None,
                forward: Forward::new(line.video, first_seq),
            });
        }
        for slot in &mut self.slots {
            if let Some(stream) = self.rtc.direct_api().stream_tx_by_mid(slot.mid, None) {
                // The sender has paced its packets already; held back here they would only come late.
                stream.set_unpaced(true);
            }
            slot.forward.payload_type = None;
            if *slot.ssrc == 0
                && let Some(stream) = self.rtc.direct_api().stream_tx_by_mid(slot.mid, None)
            {
                slot.ssrc = stream.ssrc();
            }
        }
        let ufrag = self.rtc.direct_api().local_ice_credentials().ufrag;
        Ok(Answered {
            sdp: sdp::pair_streams(&answer, &self.pairs()),
            ufrag,
        })
    }

    /// str0m asks the caller to keep m-lines in place; a client that does not is told so.
    fn check_same_lines(&self, offer: &sdp::Offer) -> Result<(), String> {
        let sending = self
            .sent
            .iter()
            .zip(&offer.sending)
            .all(|(s, l)| s.mid == Mid::from(l.mid.as_str()));
        let kept = offer.receiving.len() >= self.slots.len();
        let receiving = self
            .slots
            .iter()
            .zip(&offer.receiving)
            .all(|(s, l)| s.name == l.mid && s.video == l.video);
        if sending && kept && receiving {
            Ok(())
        } else {
            Err("it moves or removes an m-line of the offer before".into())
        }
    }

    /// Slots in the order of their number within their kind: audio 0 plays with video 0.
    fn pairs(&self) -> Vec<(String, usize)> {
        let (mut audio, mut video) = (0, 0);
        let mut pairs = Vec::with_capacity(self.slots.len());
        for slot in &self.slots {
            let count = if slot.video { &mut video } else { &mut audio };
            pairs.push((slot.name.clone(), *count));
            *count += 1;
        }
        pairs
    }

    /// Notes that the client was heard. False when it sends more than it may: drop the packet.
    pub(crate) fn heard(&mut self, now: Instant) -> bool {
        self.heard = now;
        if now.saturating_duration_since(self.second) >= Duration::from_secs(1) {
            self.second = now;
            self.packets_this_second = 0;
        }
        self.packets_this_second += 1;
        self.packets_this_second <= MAX_PACKETS_PER_SECOND
    }

    /// Whether nothing was heard for so long that the client must be gone.
    pub(crate) fn is_silent(&self, now: Instant) -> bool {
        let was_sending = self.media_heard.is_some_and(|media| {
            self.heard.saturating_duration_since(media) < Duration::from_secs(2)
        });
        let limit = if was_sending {
            LOST_AFTER
        } else {
            LOST_AFTER_SILENT
        };
        now.saturating_duration_since(self.heard) >= limit
    }

    /// How long nothing was heard.
    pub(crate) fn quiet_for(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.heard)
    }

    /// Which track and layer a received packet belongs to. `fresh` is set when the sender used a new
    /// SSRC for it, so that its numbers start anew.
    pub(crate) fn identify(&mut self, packet: &RtpPacket) -> Option<(usize, usize, bool)> {
        let ssrc = packet.header.ssrc;
        if let Some(&(_, source, layer)) = self.streams.iter().find(|(s, _, _)| *s == ssrc) {
            return Some((source, layer, false));
        }
        let stream = self
            .rtc
            .direct_api()
            .stream_rx(&ssrc)
            .map(|s| (s.mid(), s.rid()))?;
        let source = self.sent.iter().position(|s| s.mid == stream.0)?;
        let sent = &mut self.sent[source];
        let layer = match stream.1 {
            None => 0,
            Some(rid) => sent.layers.iter().position(|l| l.rid == Some(rid))?,
        };
        let highest = &mut sent.layers.get_mut(layer)?.highest_seq;
        let fresh = highest.take().is_some();
        self.streams.retain(|(_, s, l)| (*s, *l) != (source, layer));
        self.streams.push((ssrc, source, layer));
        Some((source, layer, fresh))
    }

    /// Takes a new estimate of the way to this client. True when layers must be lowered for it at once; a rising
    /// estimate is looked at with the next tick.
    pub(crate) fn take_estimate(&mut self, bits: Option<u64>) -> bool {
        self.estimate = bits;
        let Some(bits) = bits else { return false };
        let used = self.estimate_used.unwrap_or(u64::MAX);
        bits < used - used / 20
    }

    /// Notes what the client tells of the way to it.
    pub(crate) fn note_way(&mut self, loss: f32, rtt: Option<Duration>) {
        let queued = rtt.is_some_and(|rtt| {
            let least = self.least_rtt.map_or(rtt, |least| least.min(rtt));
            self.least_rtt = Some(least);
            rtt > least + QUEUED
        });
        self.suffers = loss > 0.02 || queued;
    }

    /// Looks at a tick whether the link takes what is sent.
    pub(crate) fn watch_congestion(&mut self, now: Instant) {
        let tight = self
            .estimate
            .is_some_and(|bits| bits < self.sending - self.sending / 10);
        // A low estimate alone may only be one that has not been put to the test yet.
        let tight = tight && self.suffers;
        self.tight_ticks = if tight { self.tight_ticks + 1 } else { 0 };
        if self.tight_ticks >= TIGHT_TICKS {
            self.congested_until = now + CONGESTION;
        }
    }

    /// Counts a received packet. True for `in_order` when no newer one came before, and for `woke` when the
    /// layer was stopped.
    pub(crate) fn count(
        &mut self,
        now: Instant,
        source: usize,
        layer: usize,
        seq: u64,
        bytes: usize,
    ) -> (bool, bool) {
        self.media_heard = Some(now);
        let layer = &mut self.sent[source].layers[layer];
        layer.bytes += bytes as u64;
        layer.last_packet = Some(now);
        let in_order = layer.highest_seq.is_none_or(|highest| seq > highest);
        if in_order {
            layer.highest_seq = Some(seq);
        }
        let woke = !layer.info.active;
        layer.info.active = true;
        (in_order, woke)
    }

    /// Asks the client for a key frame of one layer, or remembers to when it was asked a moment ago.
    /// Returns whether it was asked.
    pub(crate) fn request_key_frame(&mut self, now: Instant, source: usize, layer: usize) -> bool {
        let sent = &mut self.sent[source];
        let Some(state) = sent.layers.get_mut(layer) else {
            return false;
        };
        let soon = state
            .key_frame_asked
            .is_some_and(|at| now.saturating_duration_since(at) < KEY_FRAME_INTERVAL);
        if soon || !state.info.active {
            state.key_frame_wanted = true;
            return false;
        }
        let (mid, rid) = (sent.mid, state.rid);
        state.key_frame_wanted = false;
        state.key_frame_asked = Some(now);
        match self.rtc.direct_api().stream_rx_by_mid(mid, rid) {
            Some(stream) => {
                stream.request_keyframe(KeyframeRequestKind::Pli);
                true
            }
            None => false,
        }
    }

    /// Asks for the key frames that had to wait. Returns how many were asked.
    pub(crate) fn request_waiting_key_frames(&mut self, now: Instant) -> u64 {
        let mut asked = 0;
        for source in [Source::Camera.index(), Source::Screen.index()] {
            for layer in 0..self.sent[source].layers.len() {
                if self.sent[source].layers[layer].key_frame_wanted
                    && self.request_key_frame(now, source, layer)
                {
                    asked += 1;
                }
            }
        }
        asked
    }

    /// Updates measured bitrates over the `elapsed` time. True when a layer stopped.
    pub(crate) fn measure(&mut self, now: Instant, elapsed: Duration) -> bool {
        let mut stopped = false;
        let millis = u64::try_from(elapsed.as_millis())
            .unwrap_or(u64::MAX)
            .max(1);
        for layer in self.sent.iter_mut().flat_map(|s| &mut s.layers) {
            let bits = layer.bytes * 8 * 1000 / millis;
            layer.bytes = 0;
            let quiet = layer
                .last_packet
                .is_none_or(|at| now.saturating_duration_since(at) > LAYER_QUIET);
            if quiet && layer.info.active {
                layer.info.active = false;
                stopped = true;
            } else if layer.info.active && bits > 0 {
                layer.info.bitrate = u64::midpoint(layer.info.bitrate, bits);
            }
        }
        stopped
    }

    /// Tells the client how much it may send in total, in bits per second.
    pub(crate) fn limit_sender(&mut self, source: usize, bits: u64) {
        let mid = self.sent[source].mid;
        if let Some(stream) = self.rtc.direct_api().stream_rx_by_mid(mid, None) {
            stream.request_remb(Bitrate::bps(bits));
        }
    }
}

/// Layers before anything is measured: a browser scales 720 lines by 4, 2 and 1.
fn sent_layers(rids: &[String]) -> Vec<SentLayer> {
    let assumed: &[(u32, u64)] = match rids.len() {
        0 | 1 => &[(720, 1_000_000)],
        2 => &[(360, 400_000), (720, 1_500_000)],
        _ => &[(180, 150_000), (360, 500_000), (720, 1_500_000)],
    };
    assumed
        .iter()
        .enumerate()
        .map(|(at, &(height, bitrate))| SentLayer {
            rid: rids.get(at).map(|rid| Rid::from(rid.as_str())),
            info: Layer {
                height,
                bitrate,
                active: false,
            },
            bytes: 0,
            last_packet: None,
            highest_seq: None,
            key_frame_asked: None,
            key_frame_wanted: false,
        })
        .collect()
}

/// What str0m did not like, without addresses or keys.
fn reason(error: &str0m::RtcError) -> String {
    match error {
        str0m::RtcError::RemoteSdp(text) => text.clone(),
        _ => "the media server refused it".into(),
    }
}
