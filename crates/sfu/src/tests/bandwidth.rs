//! Loss, layers, tight links.

use std::time::Duration;

use super::client::{Camera, Client};
use super::world::World;
use crate::api::{Level, PeerEvent, PeerId, Source, Tile};

const SECOND: Duration = Duration::from_secs(1);

fn tile(peer: u64, height: u32) -> Tile {
    Tile {
        participant: PeerId(peer),
        source: Source::Camera,
        width: height * 16 / 9,
        height,
    }
}

/// A doctor who sends three layers, and somebody who watches.
fn layered() -> World {
    let mut w = World::new();
    let doctor = Client::new(w.now, 1, Camera::simulcast());
    w.enter(doctor);
    let watcher = Client::new(
        w.now,
        2,
        Camera {
            layers: vec![(None, 360, 1)],
            on: true,
        },
    );
    w.enter(watcher);
    w
}

/// Checks that a receiver's stream is one stream: unique numbers, and timestamps and picture ids that rise
/// with them.
fn is_one_stream(w: &World, at: usize, peer: u64) {
    let mut got = w.clients[at].received(peer, Source::Camera).to_vec();
    got.sort_by_key(|g| g.seq);
    assert!(got.len() > 20);
    for pair in got.windows(2) {
        let [a, b] = pair else { continue };
        assert!(b.seq > a.seq, "number {} came twice", a.seq);
        assert!(
            b.timestamp.wrapping_sub(a.timestamp) < 1 << 31,
            "a timestamp fell back"
        );
        let (a_id, b_id) = (a.picture_id.unwrap(), b.picture_id.unwrap());
        let step = b_id.wrapping_sub(a_id) & 0x7fff;
        assert!(step < 200, "picture id went from {a_id} to {b_id}");
        // Where the first packet of a layer was lost on the way, the receiver asks for it again.
        if a.layer != b.layer && b.seq == a.seq + 1 {
            assert!(b.key_frame, "a layer changed without a key frame");
            assert_eq!(step, 1);
        }
    }
}

fn layer_now(w: &World, at: usize, peer: u64) -> Option<u8> {
    w.clients[at]
        .received(peer, Source::Camera)
        .last()
        .map(|g| g.layer)
}

#[test]
fn the_tile_decides_the_layer_and_the_stream_stays_one() {
    let mut w = layered();
    for (height, layer) in [(720, 2), (150, 0), (300, 1), (700, 2)] {
        w.view(1, vec![tile(1, height)]);
        w.run(6 * SECOND);
        assert_eq!(layer_now(&w, 1, 1), Some(layer), "tile of {height}");
    }
    is_one_stream(&w, 1, 1);
}

#[test]
fn a_video_that_is_not_on_the_screen_is_not_sent_but_its_sound_is() {
    let mut w = layered();
    w.run(2 * SECOND);
    w.view(1, vec![]);
    w.run(Duration::from_millis(100));
    let since = w.now;
    w.run(2 * SECOND);
    assert_eq!(w.clients[1].count_since(since, 1, Source::Camera), 0);
    assert!(w.clients[1].count_since(since, 1, Source::Microphone) > 95);
    w.view(1, vec![tile(1, 150)]);
    w.run_until(SECOND, |w| {
        w.clients[1].count_since(since, 1, Source::Camera) > 3
    });
    is_one_stream(&w, 1, 1);
}

#[test]
fn a_tight_link_gets_a_smaller_layer_and_a_wide_one_the_large_layer_again() {
    let mut w = layered();
    w.view(1, vec![tile(1, 720)]);
    w.run(8 * SECOND);
    assert_eq!(
        layer_now(&w, 1, 1),
        Some(2),
        "a free link takes the large layer"
    );
    w.down[1].rate = Some(500_000);
    w.run(10 * SECOND);
    assert!(
        layer_now(&w, 1, 1) < Some(2),
        "500 kbit/s cannot take 1.4 Mbit/s"
    );
    let since = w.now;
    w.run(4 * SECOND);
    assert!(
        w.clients[1].count_since(since, 1, Source::Microphone) > 180,
        "sound must come through a tight link"
    );
    assert!(
        w.clients[1].count_since(since, 1, Source::Camera) > 60,
        "and a picture"
    );
    w.down[1].rate = None;
    w.run_until(40 * SECOND, |w| layer_now(w, 1, 1) == Some(2));
    is_one_stream(&w, 1, 1);
}

#[test]
fn a_sender_without_layers_is_told_to_slow_down_for_a_weak_receiver() {
    let mut w = World::new();
    let sender = Client::new(
        w.now,
        1,
        Camera {
            layers: vec![(None, 720, 5)],
            on: true,
        },
    );
    w.enter(sender);
    let weak = Client::new(
        w.now,
        2,
        Camera {
            layers: vec![(None, 360, 1)],
            on: true,
        },
    );
    w.enter(weak);
    w.run(4 * SECOND);
    w.down[1].rate = Some(600_000);
    w.run_until(15 * SECOND, |w| {
        w.clients[0].remb.is_some_and(|bits| bits < 1_000_000)
    });
    w.down[1].rate = None;
    // The sender obeys.
    w.clients[0].camera.layers[0].2 = 2;
    w.run_until(60 * SECOND, |w| {
        w.clients[0].remb.is_some_and(|bits| bits > 10_000_000)
    });
}

#[test]
fn five_percent_loss_each_way_is_repaired() {
    let mut w = World::new();
    for id in [1, 2] {
        let client = Client::new(w.now, id, Camera::plain());
        w.enter(client);
    }
    w.run(2 * SECOND);
    for at in 0..2 {
        w.up[at].loss = 50;
        w.down[at].loss = 50;
    }
    let since = w.now;
    w.run(10 * SECOND);
    for line in w.up.iter_mut().chain(&mut w.down) {
        line.loss = 0;
    }
    w.run(SECOND);
    for c in &w.clients {
        let got = c.received(3 - c.id.0, Source::Camera);
        let mut seqs: Vec<u64> = got
            .iter()
            .filter(|g| g.at >= since)
            .map(|g| g.seq)
            .collect();
        seqs.sort_unstable();
        seqs.dedup();
        let span = usize::try_from(seqs[seqs.len() - 1] - seqs[0] + 1).unwrap();
        let missing = span - seqs.len();
        assert!(
            missing * 200 < span,
            "{missing} of {span} video packets stayed lost"
        );
    }
    assert!(
        w.clients[0]
            .seen
            .iter()
            .any(|e| matches!(e, PeerEvent::Quality(Level::Fair | Level::Poor))),
        "the loss is told"
    );
}

#[test]
fn packets_that_overtake_each_other_keep_their_numbers() {
    let mut w = layered();
    w.up[0].jitter = Duration::from_millis(15);
    w.down[1].jitter = Duration::from_millis(15);
    for height in [720, 150, 720] {
        w.view(1, vec![tile(1, height)]);
        w.run(6 * SECOND);
    }
    is_one_stream(&w, 1, 1);
}

#[test]
fn a_key_frame_asked_again_and_again_reaches_the_sender_at_most_twice_a_second() {
    let mut w = World::new();
    for id in [1, 2] {
        let client = Client::new(w.now, id, Camera::plain());
        w.enter(client);
    }
    w.run(3 * SECOND);
    let before = w.clients[0].key_frames_asked;
    for _ in 0..60 {
        let mid = w.clients[1]
            .slots
            .iter()
            .find(|s| s.source == Source::Camera)
            .unwrap()
            .mid
            .clone();
        let mid = str0m::media::Mid::from(mid.as_str());
        let client = &mut w.clients[1];
        client
            .rtc
            .direct_api()
            .stream_rx_by_mid(mid, None)
            .unwrap()
            .request_keyframe(str0m::media::KeyframeRequestKind::Pli);
        w.run(Duration::from_millis(50));
    }
    let asked = w.clients[0].key_frames_asked - before;
    assert!((1..=7).contains(&asked), "asked {asked} times in 3 s");
}
