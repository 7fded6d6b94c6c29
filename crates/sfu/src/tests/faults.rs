//! Dead peers, cut networks, garbage, floods, and a fault in the code of one room.

use std::time::Duration;

use proptest::prelude::*;
use tokio::sync::{mpsc, oneshot};

use super::client::{Camera, Client};
use super::world::{ROOM, World};
use crate::api::{ConnectionState, OfferError, PeerEvent, PeerId, RoomId, SfuError, Source};
use crate::shard::Command;

const SECOND: Duration = Duration::from_secs(1);

fn two() -> World {
    let mut w = World::new();
    for id in [1, 2] {
        let client = Client::new(w.now, id, Camera::plain());
        w.enter(client);
    }
    w.run(2 * SECOND);
    w
}

fn flows(w: &mut World) {
    let since = w.now;
    w.run(SECOND);
    for c in &w.clients {
        assert!(
            c.count_since(since, 3 - c.id.0, Source::Microphone) > 40,
            "sound stopped"
        );
        assert!(
            c.count_since(since, 3 - c.id.0, Source::Camera) > 40,
            "picture stopped"
        );
    }
}

#[test]
fn a_dead_peer_is_noticed_within_five_seconds() {
    let mut w = two();
    w.up[1].cut = true;
    w.down[1].cut = true;
    w.clients[1].seen.clear();
    let took = w.run_until(6 * SECOND, |w| {
        w.clients[1]
            .seen
            .contains(&PeerEvent::Connection(ConnectionState::Lost))
    });
    assert!(took <= 5 * SECOND, "{took:?}");
}

#[test]
fn a_network_cut_of_twenty_seconds_heals_by_itself_or_by_an_ice_restart() {
    let mut w = two();
    w.up[1].cut = true;
    w.down[1].cut = true;
    w.run(20 * SECOND);
    w.up[1].cut = false;
    w.down[1].cut = false;
    w.offer(1, 2, 2, true);
    let since = w.now;
    w.run_until(5 * SECOND, |w| {
        w.clients
            .iter()
            .all(|c| c.count_since(since, 3 - c.id.0, Source::Camera) > 10)
    });
    assert!(
        w.clients[1]
            .seen
            .ends_with(&[PeerEvent::Connection(ConnectionState::Connected)])
            || w.clients[1]
                .seen
                .contains(&PeerEvent::Connection(ConnectionState::Connected))
    );
    flows(&mut w);
}

#[test]
fn pictures_begin_anew_both_ways_as_soon_as_a_cut_is_over() {
    let mut w = two();
    w.up[1].cut = true;
    w.down[1].cut = true;
    w.run(20 * SECOND);
    let before: Vec<_> = w.clients.iter().map(|c| c.key_frames_asked).collect();
    w.up[1].cut = false;
    w.down[1].cut = false;
    w.offer(1, 2, 2, true);
    // The clients of these tests never ask for a key frame themselves.
    let took = w.run_until(5 * SECOND, |w| {
        std::iter::zip(&w.clients, &before).all(|(c, asked)| c.key_frames_asked > *asked)
    });
    assert!(took <= 2 * SECOND, "{took:?}");
}

#[test]
fn a_new_connection_after_a_long_cut_brings_media_back() {
    let mut w = two();
    w.up[1].cut = true;
    w.down[1].cut = true;
    w.run(100 * SECOND);
    assert!(
        w.clients[1]
            .seen
            .iter()
            .any(|e| matches!(e, PeerEvent::MediaFailed(_)))
    );
    w.up[1].cut = false;
    w.down[1].cut = false;
    let now = w.now;
    w.clients[1].new_connection(now, "pc-9");
    w.offer(1, 2, 2, false);
    w.run(2 * SECOND);
    flows(&mut w);
}

#[test]
fn an_offer_that_breaks_the_protocol_is_refused_by_name_and_changes_nothing() {
    let mut w = two();
    let bad = w.try_offer(PeerId(1), "pc-1", "v=0\r\n").unwrap_err();
    assert!(matches!(bad, OfferError::BadSdp(text) if text.contains("m-lines")));
    assert!(w.try_offer(PeerId(1), "pc-2", "garbage").is_err());
    assert_eq!(
        w.try_offer(PeerId(77), "pc-1", "v=0"),
        Err(OfferError::Sfu(SfuError::UnknownPeer))
    );
    flows(&mut w);
}

#[test]
fn packets_of_strangers_are_dropped_and_counted() {
    let mut w = two();
    let dropped = w.stats().dropped_in;
    let stranger = "203.0.113.9:9".parse().unwrap();
    for size in 0..200usize {
        assert!(!w.inject(stranger, &vec![u8::try_from(size).unwrap(); size]));
    }
    assert_eq!(w.stats().dropped_in, dropped + 200);
    flows(&mut w);
}

#[test]
fn a_flood_from_a_known_address_is_cut_off_and_the_call_goes_on() {
    let mut w = two();
    let source = w.clients[0].addr;
    let dropped = w.stats().dropped_in;
    let mut packet = vec![0x80, 96];
    packet.resize(1200, 1);
    for _ in 0..20_000 {
        w.inject(source, &packet);
    }
    assert!(w.stats().dropped_in > dropped + 10_000);
    w.run(2 * SECOND);
    flows(&mut w);
}

#[test]
fn a_fault_in_one_room_ends_no_other() {
    let mut w = two();
    let (events, mut other) = mpsc::channel(16);
    let (reply, _answer) = oneshot::channel();
    w.command(Command::Join {
        room: RoomId(2),
        peer: PeerId(9),
        admitted: true,
        events,
        reply,
    });
    w.command(Command::Panic { room: RoomId(2) });
    assert_eq!(other.try_recv(), Ok(PeerEvent::Closed));
    let stats = w.stats();
    assert_eq!((stats.room_faults, stats.rooms), (1, 1));
    flows(&mut w);
}

#[test]
fn closing_a_room_tells_everybody_and_forgets_it() {
    let mut w = two();
    w.command(Command::CloseRoom { room: ROOM });
    w.run(Duration::from_millis(100));
    for c in &w.clients {
        assert_eq!(c.seen.last(), Some(&PeerEvent::Closed));
    }
    assert_eq!(w.stats().rooms, 0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Whatever arrives from known and unknown addresses, made up or cut from real packets, the call goes on.
    #[test]
    fn no_datagram_ends_a_call(datagrams in prop::collection::vec((any::<bool>(), prop::sample::select(vec![0u8, 1, 3, 20, 22, 63, 64, 128, 129, 144, 191, 200, 255]), prop::collection::vec(any::<u8>(), 0..120)), 1..150)) {
        let mut w = two();
        let known = w.clients[0].addr;
        for (of_known, first, rest) in datagrams {
            let mut contents = vec![first];
            contents.extend(rest);
            let source = if of_known { known } else { "198.51.100.3:4".parse().unwrap() };
            w.inject(source, &contents);
        }
        w.run(SECOND / 2);
        prop_assert_eq!(w.stats().room_faults, 0);
        flows(&mut w);
    }
}
