//! Voices through the whole server: WebSocket, waiting room, media server, real sockets.

use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use serde_json::json;
use str0m::change::SdpAnswer;
use str0m::format::Codec;
use str0m::media::{Direction, MediaKind, Mid};
use str0m::net::{Protocol, Receive};
use str0m::rtp::RtpWrite;
use str0m::{Candidate, Event, Input, Output, Rtc};

use crate::clinic::Person;
use crate::live::{Client, Live};

#[expect(clippy::disallowed_methods, reason = "real sockets live in real time")]
fn clock() -> Instant {
    Instant::now()
}

/// Somebody who sends sound and counts the packets he gets.
struct Caller {
    line: Client,
    rtc: Box<Rtc>,
    socket: UdpSocket,
    microphone: Mid,
    connected: bool,
    received: usize,
    sent: u64,
    next: Instant,
}

impl Caller {
    async fn enters(live: &Live, who: &Person) -> Self {
        let (mut line, _) = live.enters(who).await;
        let now = clock();
        let mut rtc = Rtc::builder()
            .set_rtp_mode(true)
            .clear_codecs()
            .enable_opus(true, false)
            .enable_vp8(true)
            .build(now);
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket
            .set_read_timeout(Some(Duration::from_millis(2)))
            .unwrap();
        let own = socket.local_addr().unwrap();
        rtc.add_local_candidate(Candidate::host(own, "udp").unwrap());
        let mut api = rtc.sdp_api();
        let mut sending = Vec::new();
        for kind in [
            MediaKind::Audio,
            MediaKind::Video,
            MediaKind::Video,
            MediaKind::Audio,
        ] {
            sending.push(api.add_media(kind, Direction::SendOnly, None, None, None));
        }
        for kind in [MediaKind::Audio, MediaKind::Video] {
            api.add_media(kind, Direction::RecvOnly, None, None, None);
        }
        let (offer, pending) = api.apply().unwrap();
        line.says(json!({
            "type": "offer", "id": 7, "connection": format!("pc-of-{:04}", who.id), "sdp": offer.to_sdp_string(),
        }))
        .await;
        let answer = line.hears("answer").await;
        assert_eq!(answer["id"], 7);
        let answer = SdpAnswer::from_sdp_string(answer["sdp"].as_str().unwrap()).unwrap();
        rtc.sdp_api().accept_answer(pending, answer).unwrap();
        Self {
            line,
            rtc: Box::new(rtc),
            socket,
            microphone: sending[0],
            connected: false,
            received: 0,
            sent: 3000,
            next: now,
        }
    }

    /// Runs one short turn.
    fn turn(&mut self, server: SocketAddr) {
        let now = clock();
        if self.connected && now >= self.next {
            self.next = now + Duration::from_millis(20);
            self.sent += 1;
            let opus = self
                .rtc
                .codec_config()
                .find(|p| p.spec().codec == Codec::Opus);
            let pt = opus.unwrap().pt();
            let time = u32::try_from(self.sent * 960).unwrap();
            let packet = RtpWrite::new(pt, self.sent.into(), time, now, vec![7; 80]);
            self.rtc
                .direct_api()
                .stream_tx_by_mid(self.microphone, None)
                .unwrap()
                .write_rtp(packet);
        }
        self.rtc.handle_input(Input::Timeout(now)).unwrap();
        self.drain();
        let mut buffer = [0; 4096];
        if let Ok(length) = self.socket.recv(&mut buffer) {
            let own = self.socket.local_addr().unwrap();
            if let Ok(receive) = Receive::new(Protocol::Udp, server, own, &buffer[..length]) {
                self.rtc
                    .handle_input(Input::Receive(clock(), receive))
                    .unwrap();
                self.drain();
            }
        }
    }

    fn drain(&mut self) {
        loop {
            match self.rtc.poll_output().unwrap() {
                Output::Timeout(_) => return,
                Output::Transmit(packet) => {
                    self.socket
                        .send_to(&packet.contents, packet.destination)
                        .unwrap();
                }
                Output::Event(Event::Connected) => self.connected = true,
                Output::Event(Event::RtpPacket(_)) => self.received += 1,
                Output::Event(_) => {}
            }
        }
    }
}

/// Lets the media of both run until something is so.
fn run(live: &Live, callers: &mut [Caller; 2], mut done: impl FnMut(&[Caller; 2]) -> bool) {
    let sfu = live.clinic.app.app.video.sfu().unwrap();
    let server = SocketAddr::from(([127, 0, 0, 1], sfu.media_port()));
    let end = clock() + Duration::from_secs(20);
    tokio::task::block_in_place(|| {
        while !done(callers) {
            assert!(
                clock() < end,
                "{:?}",
                callers.each_ref().map(|c| (c.connected, c.received))
            );
            for caller in callers.iter_mut() {
                caller.turn(server);
            }
        }
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_people_hear_each_other_from_the_start_of_the_visit_to_its_end_and_not_before() {
    let live = Live::new().await;
    let (doctor, patient) = (&live.clinic.doctor, &live.clinic.patient);
    let mut callers = [
        Caller::enters(&live, doctor).await,
        Caller::enters(&live, patient).await,
    ];
    run(&live, &mut callers, |c| c.iter().all(|c| c.connected));
    let spoken = callers[0].sent + 20;
    run(&live, &mut callers, |c| c[0].sent >= spoken);
    assert_eq!(
        callers.each_ref().map(|c| c.received),
        [0, 0],
        "heard while waiting"
    );

    live.does(doctor, "start/", json!({})).await;
    run(&live, &mut callers, |c| c.iter().all(|c| c.received >= 20));
    let other = callers[1].line.hears("slots").await;
    assert!(!other["slots"].as_array().unwrap().is_empty(), "{other}");

    // The WebSocket is lost and comes back; the voices go on without a new offer.
    let token = live.token(patient).await;
    let mut back = live.socket().await;
    back.hello(json!({"token": token})).await;
    let welcome = back.hears("welcome").await;
    assert_eq!(welcome["connection"], format!("pc-of-{:04}", patient.id));
    let heard = callers.each_ref().map(|c| c.received + 20);
    run(&live, &mut callers, |c| {
        c[0].received >= heard[0] && c[1].received >= heard[1]
    });

    live.does(doctor, "end/", json!({"add_to_bill": false}))
        .await;
    assert_eq!(back.hears("ended").await["reason"], "completed");
    assert_eq!(callers[0].line.hears("ended").await["reason"], "completed");
    let sfu = live.clinic.app.app.video.sfu().unwrap();
    let mut stats = sfu.stats().await.unwrap();
    for _ in 0..200 {
        if stats.rooms == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
        stats = sfu.stats().await.unwrap();
    }
    assert_eq!((stats.rooms, stats.peers), (0, 0));
}
