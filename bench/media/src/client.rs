//! A client: str0m in RTP mode on a UDP socket of its own.

use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::Context;
use mio::net::UdpSocket;
use str0m::change::{SdpAnswer, SdpPendingOffer};
use str0m::format::Codec;
use str0m::media::{Direction, MediaKind, Mid};
use str0m::net::{Protocol, Receive};
use str0m::rtp::{RtpWrite, Ssrc};
use str0m::{Candidate, Event, Input, Output, Rtc};

/// Payload of a video packet: four of them 30 times a second are 1 Mbit/s.
pub(crate) const VIDEO_PACKET: usize = 1042;
const PACKETS_A_FRAME: usize = 4;
const FRAME: Duration = Duration::from_nanos(33_333_333);
/// 32 kbit/s at 50 packets a second.
const SOUND_PACKET: usize = 80;
const SOUND: Duration = Duration::from_millis(20);
/// Where the time of sending stands in a payload: behind the VP8 descriptor and key frame header.
const STAMP: usize = 16;

/// What a client has counted.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub sent: u64,
    pub received: u64,
    /// Forwarding delays of video packets in nanoseconds, while they are collected.
    pub video_delays: Vec<u64>,
    pub sound_delays: Vec<u64>,
    pub first_media: Option<Instant>,
    pub first_video: Option<Instant>,
    pub connected: Option<Instant>,
}

pub(crate) struct Client {
    pub rtc: Rtc,
    pub socket: UdpSocket,
    addr: SocketAddr,
    pub deadline: Instant,
    pub counts: Counts,
    pub collect: bool,
    started: Instant,
    mids: Vec<Mid>,
    sending: bool,
    next_frame: Instant,
    next_sound: Instant,
    video: (u64, u32, u16),
    sound: (u64, u32),
    key_frame: bool,
    video_ssrc: Option<Ssrc>,
    sound_ssrc: Option<Ssrc>,
}

impl Client {
    /// `phase` spreads the clients over a frame.
    pub(crate) fn new(now: Instant, started: Instant, phase: f64) -> anyhow::Result<Self> {
        let socket = UdpSocket::bind("127.0.0.1:0".parse()?)?;
        let addr = socket.local_addr()?;
        let mut rtc = Rtc::builder()
            .set_rtp_mode(true)
            .clear_codecs()
            .enable_opus(true, false)
            .enable_vp8(true)
            .build(now);
        rtc.add_local_candidate(Candidate::host(addr, "udp")?);
        Ok(Self {
            rtc,
            socket,
            addr,
            deadline: now,
            counts: Counts::default(),
            collect: false,
            started,
            mids: Vec::new(),
            sending: false,
            next_frame: now + FRAME.mul_f64(phase),
            next_sound: now + SOUND.mul_f64(phase),
            video: (3000, 0, 0),
            sound: (3000, 0),
            key_frame: true,
            video_ssrc: None,
            sound_ssrc: None,
        })
    }

    /// The offer of the protocol: four sending lines, two slots of each kind.
    pub(crate) fn offer(&mut self) -> anyhow::Result<(String, SdpPendingOffer)> {
        let mut api = self.rtc.sdp_api();
        for kind in [
            MediaKind::Audio,
            MediaKind::Video,
            MediaKind::Video,
            MediaKind::Audio,
        ] {
            self.mids
                .push(api.add_media(kind, Direction::SendOnly, None, None, None));
        }
        for kind in [
            MediaKind::Audio,
            MediaKind::Video,
            MediaKind::Audio,
            MediaKind::Video,
        ] {
            self.mids
                .push(api.add_media(kind, Direction::RecvOnly, None, None, None));
        }
        let (offer, pending) = api.apply().context("nothing to offer")?;
        Ok((offer.to_sdp_string(), pending))
    }

    pub(crate) fn accept(&mut self, pending: SdpPendingOffer, answer: &str) -> anyhow::Result<()> {
        self.rtc
            .sdp_api()
            .accept_answer(pending, SdpAnswer::from_sdp_string(answer)?)?;
        let mut api = self.rtc.direct_api();
        self.sound_ssrc = api.stream_tx_by_mid(self.mids[0], None).map(|s| s.ssrc());
        self.video_ssrc = api.stream_tx_by_mid(self.mids[1], None).map(|s| s.ssrc());
        Ok(())
    }

    /// When [`Client::tick`] is due.
    pub(crate) fn due(&self) -> Instant {
        if self.sending {
            self.deadline.min(self.next_frame).min(self.next_sound)
        } else {
            self.deadline
        }
    }

    /// Sends what is due and serves timers.
    pub(crate) fn tick(&mut self, now: Instant) -> anyhow::Result<()> {
        if self.sending {
            self.send_media(now);
        }
        self.rtc.handle_input(Input::Timeout(now))?;
        self.drain(now)
    }

    /// Reads everything that came.
    pub(crate) fn readable(&mut self, clock: impl Fn() -> Instant) -> anyhow::Result<()> {
        let mut buffer = [0; 2048];
        loop {
            match self.socket.recv_from(&mut buffer) {
                Ok((length, source)) => {
                    let now = clock();
                    let Ok(receive) =
                        Receive::new(Protocol::Udp, source, self.addr, &buffer[..length])
                    else {
                        continue;
                    };
                    self.rtc.handle_input(Input::Receive(now, receive))?;
                    self.drain(now)?;
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn drain(&mut self, now: Instant) -> anyhow::Result<()> {
        loop {
            match self.rtc.poll_output()? {
                Output::Timeout(at) => {
                    self.deadline = at;
                    return Ok(());
                }
                Output::Transmit(t) => {
                    // A full socket is a lost packet.
                    let _ = self.socket.send_to(&t.contents, t.destination);
                }
                Output::Event(Event::Connected) => {
                    self.sending = true;
                    self.counts.connected = Some(now);
                    self.next_frame = self.next_frame.max(now);
                    self.next_sound = self.next_sound.max(now);
                }
                Output::Event(Event::KeyframeRequest(_)) => {
                    self.key_frame = true;
                    self.next_frame = now;
                }
                Output::Event(Event::RtpPacket(packet)) => self.on_packet(now, &packet.payload),
                Output::Event(_) => {}
            }
        }
    }

    fn on_packet(&mut self, now: Instant, payload: &[u8]) {
        let video = payload.len() > SOUND_PACKET;
        self.counts.received += 1;
        self.counts.first_media.get_or_insert(now);
        if video {
            self.counts.first_video.get_or_insert(now);
        }
        if self.collect
            && let Some(stamp) = payload
                .get(STAMP..STAMP + 8)
                .and_then(|s| <[u8; 8]>::try_from(s).ok())
        {
            let delay = self.nanos(now).saturating_sub(u64::from_be_bytes(stamp));
            if video {
                self.counts.video_delays.push(delay);
            } else {
                self.counts.sound_delays.push(delay);
            }
        }
    }

    fn nanos(&self, now: Instant) -> u64 {
        u64::try_from(now.saturating_duration_since(self.started).as_nanos()).unwrap_or(u64::MAX)
    }

    fn send_media(&mut self, now: Instant) {
        let stamp = self.nanos(now).to_be_bytes();
        if now >= self.next_sound {
            self.next_sound += SOUND;
            self.sound = (self.sound.0 + 1, self.sound.1.wrapping_add(960));
            let mut payload = vec![0x5a; SOUND_PACKET];
            payload[STAMP..STAMP + 8].copy_from_slice(&stamp);
            let (seq, time) = self.sound;
            self.write(self.sound_ssrc, Codec::Opus, seq, time, now, false, payload);
        }
        if now >= self.next_frame {
            self.next_frame = if self.next_frame + FRAME * 4 < now {
                now + FRAME
            } else {
                self.next_frame + FRAME
            };
            let key = std::mem::take(&mut self.key_frame);
            self.video.1 = self.video.1.wrapping_add(3000);
            self.video.2 = self.video.2.wrapping_add(1) & 0x7fff;
            for at in 0..PACKETS_A_FRAME {
                self.video.0 += 1;
                let (seq, time, picture) = self.video;
                let [high, low] = picture.to_be_bytes();
                let mut payload = vec![0x5a; VIDEO_PACKET];
                let first = if at == 0 { 0x90 } else { 0x80 };
                payload[..14].copy_from_slice(&[
                    first,
                    0x80,
                    0x80 | high,
                    low,
                    u8::from(!key),
                    0,
                    0,
                    0x9d,
                    1,
                    0x2a,
                    0x80,
                    2,
                    0x68,
                    1,
                ]);
                payload[STAMP..STAMP + 8].copy_from_slice(&stamp);
                self.write(
                    self.video_ssrc,
                    Codec::Vp8,
                    seq,
                    time,
                    now,
                    at + 1 == PACKETS_A_FRAME,
                    payload,
                );
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the fields of a packet")]
    fn write(
        &mut self,
        ssrc: Option<Ssrc>,
        codec: Codec,
        seq: u64,
        time: u32,
        now: Instant,
        marker: bool,
        payload: Vec<u8>,
    ) {
        let Some(pt) = self
            .rtc
            .codec_config()
            .find(|p| p.spec().codec == codec)
            .map(str0m::format::PayloadParams::pt)
        else {
            return;
        };
        let Some(ssrc) = ssrc else { return };
        if let Some(stream) = self.rtc.direct_api().stream_tx(&ssrc) {
            stream.write_rtp(
                RtpWrite::new(pt, seq.into(), time, now, payload)
                    .marker(marker)
                    .nackable(codec == Codec::Vp8),
            );
            self.counts.sent += 1;
        }
    }
}
