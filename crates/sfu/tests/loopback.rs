//! The whole media server over real sockets of the loopback interface: UDP, ICE-TCP, and its shutdown.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::time::{Duration, Instant};

use str0m::change::SdpAnswer;
use str0m::format::Codec;
use str0m::media::{Direction, MediaKind, Mid};
use str0m::net::{Protocol, Receive, TcpType};
use str0m::rtp::RtpWrite;
use str0m::{Candidate, Event, Input, Output, Rtc};
use televisit_sfu::{
    ConnectionState, PeerEvent, PeerEvents, PeerId, RoomId, Sfu, SfuConfig, SfuError,
};

#[expect(clippy::disallowed_methods, reason = "real sockets live in real time")]
fn clock() -> Instant {
    Instant::now()
}

enum Way {
    Udp(UdpSocket),
    Tcp(TcpStream, Vec<u8>),
}

/// A client that sends sound and counts what it gets.
struct Client {
    rtc: Rtc,
    way: Way,
    addr: SocketAddr,
    microphone: Mid,
    received: usize,
    connected: bool,
    sent: u64,
    next: Instant,
}

impl Client {
    async fn join(sfu: &Sfu, room: RoomId, peer: PeerId, tcp: bool) -> (Self, PeerEvents) {
        let server: SocketAddr = ([127, 0, 0, 1], sfu.media_port()).into();
        let now = clock();
        let mut rtc = Rtc::builder()
            .set_rtp_mode(true)
            .clear_codecs()
            .enable_opus(true, false)
            .enable_vp8(true)
            .build(now);
        let (way, addr) = if tcp {
            let stream = TcpStream::connect(server).unwrap();
            stream.set_nodelay(true).unwrap();
            stream
                .set_read_timeout(Some(Duration::from_millis(2)))
                .unwrap();
            let addr = stream.local_addr().unwrap();
            rtc.add_local_candidate(
                Candidate::builder()
                    .tcp()
                    .host(addr)
                    .tcptype(TcpType::Active)
                    .build()
                    .unwrap(),
            );
            (Way::Tcp(stream, Vec::new()), addr)
        } else {
            let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
            socket
                .set_read_timeout(Some(Duration::from_millis(2)))
                .unwrap();
            let addr = socket.local_addr().unwrap();
            rtc.add_local_candidate(Candidate::host(addr, "udp").unwrap());
            (Way::Udp(socket), addr)
        };
        let mut api = rtc.sdp_api();
        let lines = [
            MediaKind::Audio,
            MediaKind::Video,
            MediaKind::Video,
            MediaKind::Audio,
        ];
        let sending = lines.map(|kind| api.add_media(kind, Direction::SendOnly, None, None, None));
        for kind in [MediaKind::Audio, MediaKind::Video] {
            api.add_media(kind, Direction::RecvOnly, None, None, None);
        }
        let (offer, pending) = api.apply().unwrap();
        let events = sfu.join(room, peer, true).await.unwrap();
        let answer = sfu
            .offer(room, peer, "pc", &offer.to_sdp_string())
            .await
            .unwrap();
        rtc.sdp_api()
            .accept_answer(pending, SdpAnswer::from_sdp_string(&answer).unwrap())
            .unwrap();
        let client = Self {
            rtc,
            way,
            addr,
            microphone: sending[0],
            received: 0,
            connected: false,
            sent: 3000,
            next: now,
        };
        (client, events)
    }

    fn protocol(&self) -> Protocol {
        match self.way {
            Way::Udp(_) => Protocol::Udp,
            Way::Tcp(..) => Protocol::Tcp,
        }
    }

    /// Runs one short turn.
    fn turn(&mut self, server: SocketAddr) {
        let now = clock();
        if self.connected && now >= self.next {
            self.next = now + Duration::from_millis(20);
            self.sent += 1;
            let pt = self
                .rtc
                .codec_config()
                .find(|p| p.spec().codec == Codec::Opus)
                .unwrap()
                .pt();
            let time = u32::try_from(self.sent * 960).unwrap();
            let write = RtpWrite::new(pt, self.sent.into(), time, now, vec![7; 80]);
            self.rtc
                .direct_api()
                .stream_tx_by_mid(self.microphone, None)
                .unwrap()
                .write_rtp(write);
        }
        self.rtc.handle_input(Input::Timeout(now)).unwrap();
        self.drain();
        for packet in self.read() {
            let Ok(receive) = Receive::new(self.protocol(), server, self.addr, &packet) else {
                continue;
            };
            self.rtc
                .handle_input(Input::Receive(clock(), receive))
                .unwrap();
            self.drain();
        }
    }

    fn read(&mut self) -> Vec<Vec<u8>> {
        let mut buffer = [0; 4096];
        match &mut self.way {
            Way::Udp(socket) => socket
                .recv(&mut buffer)
                .map(|n| vec![buffer[..n].to_vec()])
                .unwrap_or_default(),
            Way::Tcp(stream, pending) => {
                if let Ok(n) = stream.read(&mut buffer) {
                    pending.extend_from_slice(&buffer[..n]);
                }
                let mut packets = Vec::new();
                while pending.len() >= 2 {
                    let length = usize::from(u16::from_be_bytes([pending[0], pending[1]]));
                    if pending.len() < 2 + length {
                        break;
                    }
                    packets.push(pending[2..2 + length].to_vec());
                    pending.drain(..2 + length);
                }
                packets
            }
        }
    }

    fn drain(&mut self) {
        loop {
            match self.rtc.poll_output().unwrap() {
                Output::Timeout(_) => return,
                Output::Transmit(t) => match &mut self.way {
                    Way::Udp(socket) => {
                        socket.send_to(&t.contents, t.destination).unwrap();
                    }
                    Way::Tcp(stream, _) => {
                        let length = u16::try_from(t.contents.len()).unwrap();
                        stream.write_all(&length.to_be_bytes()).unwrap();
                        stream.write_all(&t.contents).unwrap();
                    }
                },
                Output::Event(Event::Connected) => self.connected = true,
                Output::Event(Event::RtpPacket(_)) => self.received += 1,
                Output::Event(_) => {}
            }
        }
    }
}

fn run(server: SocketAddr, clients: &mut [Client], mut done: impl FnMut(&[Client]) -> bool) {
    let end = clock() + Duration::from_secs(20);
    while !done(clients) {
        assert!(
            clock() < end,
            "not done in time: {:?}",
            clients
                .iter()
                .map(|c| (c.connected, c.received))
                .collect::<Vec<_>>()
        );
        for client in clients.iter_mut() {
            client.turn(server);
        }
    }
}

fn config() -> SfuConfig {
    SfuConfig {
        shards: 2,
        ..SfuConfig::default()
    }
}

async fn talk(tcp: [bool; 2]) {
    let sfu = Sfu::start(config()).unwrap();
    let server: SocketAddr = ([127, 0, 0, 1], sfu.media_port()).into();
    // Two rooms, so that both media threads have one.
    for room in [RoomId(4), RoomId(5)] {
        let (first, mut events) = Client::join(&sfu, room, PeerId(1), tcp[0]).await;
        let (second, _events) = Client::join(&sfu, room, PeerId(2), tcp[1]).await;
        let mut clients = vec![first, second];
        run(server, &mut clients, |c| c.iter().all(|c| c.received >= 20));
        let mut seen = Vec::new();
        while let Ok(event) = events.try_recv() {
            seen.push(event);
        }
        assert!(seen.contains(&PeerEvent::Connection(ConnectionState::Connected)));
        assert!(
            seen.iter()
                .any(|e| matches!(e, PeerEvent::Slots(slots) if slots.len() == 2))
        );
        let stats = sfu.stats().await.unwrap();
        assert!(stats.forwarded >= 40);
        assert_eq!(stats.connected, 2);
        sfu.close_room(room).unwrap();
    }
    sfu.shutdown().await;
}

#[tokio::test]
async fn two_people_talk_over_udp() {
    Box::pin(talk([false, false])).await;
}

#[tokio::test]
async fn two_people_talk_when_one_network_lets_only_tcp_through() {
    Box::pin(talk([true, false])).await;
}

#[tokio::test]
async fn two_people_talk_over_tcp() {
    Box::pin(talk([true, true])).await;
}

#[tokio::test]
async fn after_shutdown_every_call_says_unavailable_and_the_port_is_free() {
    let sfu = Sfu::start(config()).unwrap();
    let port = sfu.media_port();
    sfu.join(RoomId(1), PeerId(1), true).await.unwrap();
    sfu.shutdown().await;
    assert_eq!(
        sfu.join(RoomId(1), PeerId(2), true).await.err(),
        Some(SfuError::Unavailable)
    );
    assert_eq!(sfu.stats().await.err(), Some(SfuError::Unavailable));
    UdpSocket::bind(("127.0.0.1", port)).unwrap();
}

#[tokio::test]
async fn a_port_in_use_is_named_in_the_error() {
    let taken = UdpSocket::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let error = Sfu::start(SfuConfig {
        media_port: port,
        ..SfuConfig::default()
    })
    .unwrap_err();
    assert!(
        error.to_string().contains(&format!("127.0.0.1:{port}")),
        "{error}"
    );
}

#[tokio::test]
async fn garbage_on_both_ports_harms_nobody() {
    let sfu = Sfu::start(config()).unwrap();
    let server: SocketAddr = ([127, 0, 0, 1], sfu.media_port()).into();
    let noise = UdpSocket::bind("127.0.0.1:0").unwrap();
    for size in 0..500usize {
        noise
            .send_to(&vec![u8::try_from(size % 256).unwrap(); size], server)
            .unwrap();
    }
    let mut http = TcpStream::connect(server).unwrap();
    http.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
    http.set_read_timeout(Some(Duration::from_secs(10)))
        .unwrap();
    // The server hangs up on what is no media: an end, or a reset where it had not read all.
    assert!(matches!(http.read(&mut [0; 8]), Ok(0) | Err(_)));
    let (first, _a) = Client::join(&sfu, RoomId(1), PeerId(1), false).await;
    let (second, _b) = Client::join(&sfu, RoomId(1), PeerId(2), false).await;
    let mut clients = vec![first, second];
    run(server, &mut clients, |c| c.iter().all(|c| c.received >= 10));
    assert!(sfu.stats().await.unwrap().dropped_in >= 400);
    sfu.shutdown().await;
}
