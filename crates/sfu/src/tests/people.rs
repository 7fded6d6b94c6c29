//! Coming, going, waiting, and who sees whom.

use std::time::Duration;

use super::client::{Camera, Client};
use super::world::{ROOM, World};
use crate::api::{ConnectionState, PeerEvent, PeerId, SfuError, Source};
use crate::shard::Command;

const SECOND: Duration = Duration::from_secs(1);

fn two() -> World {
    let mut w = World::new();
    for id in [1, 2] {
        let client = Client::new(w.now, id, Camera::plain());
        w.enter(client);
    }
    w
}

#[test]
fn two_people_hear_and_see_each_other() {
    let mut w = two();
    let took = w.run_until(SECOND, |w| {
        w.clients
            .iter()
            .all(|c| c.received(3 - c.id.0, Source::Camera).len() > 2)
    });
    assert!(
        took < Duration::from_millis(700),
        "first media took {took:?} at 20 ms round trip"
    );
    let since = w.now;
    w.run(5 * SECOND);
    for c in &w.clients {
        let other = 3 - c.id.0;
        assert!(c.count_since(since, other, Source::Microphone) >= 245);
        assert!(c.count_since(since, other, Source::Camera) >= 290);
        assert!(
            c.received(other, Source::Camera)[0].key_frame,
            "video must begin with a key frame"
        );
        assert!(
            c.seen
                .contains(&PeerEvent::Connection(ConnectionState::Connected))
        );
    }
    assert_eq!(w.stats().connected, 2);
}

#[test]
fn the_second_to_join_sees_the_first_by_a_key_frame_asked_for_him() {
    let mut w = World::new();
    let first = Client::new(w.now, 1, Camera::plain());
    w.enter(first);
    w.run(5 * SECOND);
    let asked = w.clients[0].key_frames_asked;
    let second = Client::new(w.now, 2, Camera::plain());
    w.enter(second);
    let took = w.run_until(SECOND, |w| {
        w.clients[1].received(1, Source::Camera).len() > 2
    });
    assert!(
        took < Duration::from_millis(200),
        "the first picture took {took:?} at 20 ms round trip"
    );
    assert!(w.clients[1].received(1, Source::Camera)[0].key_frame);
    assert!(w.clients[0].key_frames_asked > asked);
}

#[test]
fn who_waits_is_connected_but_neither_sends_nor_receives_until_admitted() {
    let mut w = World::new();
    let doctor = Client::new(w.now, 1, Camera::plain());
    w.enter(doctor);
    let patient = Client::new(w.now, 2, Camera::plain());
    w.enter(patient);
    w.command(Command::Admit {
        room: ROOM,
        peer: PeerId(2),
        admitted: false,
    });
    w.run(2 * SECOND);
    assert!(w.clients[1].connected);
    assert!(w.clients[0].slots.is_empty() && w.clients[1].slots.is_empty());
    assert!(w.clients.iter().all(|c| c.got.is_empty()));
    w.command(Command::Admit {
        room: ROOM,
        peer: PeerId(2),
        admitted: true,
    });
    w.run_until(SECOND, |w| {
        w.clients
            .iter()
            .all(|c| c.received(3 - c.id.0, Source::Camera).len() > 2)
    });
}

#[test]
fn ten_people_all_receive_each_other_and_an_eleventh_is_refused() {
    let mut w = World::new();
    for id in 1..=10 {
        let client = Client::new(
            w.now,
            id,
            Camera {
                layers: vec![(None, 360, 1)],
                on: true,
            },
        );
        let at = w.enter(client);
        w.run(Duration::from_millis(50));
        w.offer(at, 9, 9, false);
    }
    w.run(4 * SECOND);
    let since = w.now;
    w.run(SECOND);
    for c in &w.clients {
        for other in (1..=10).filter(|o| *o != c.id.0) {
            assert!(
                c.count_since(since, other, Source::Camera) >= 25,
                "{} lacks {other}",
                c.id.0
            );
            assert!(
                c.count_since(since, other, Source::Microphone) >= 45,
                "{} lacks {other}",
                c.id.0
            );
        }
    }
    let eleventh = Client::new(w.now, 11, Camera::plain());
    w.clients.push(eleventh);
    w.up.push(super::world::Line::default());
    w.down.push(super::world::Line::default());
    assert_eq!(w.join(10, true), Err(SfuError::RoomFull));
}

#[test]
fn too_few_slots_are_asked_for_and_a_freed_slot_goes_to_the_next_person() {
    let mut w = World::new();
    for id in 1..=4 {
        let client = Client::new(w.now, id, Camera::plain());
        w.enter(client);
    }
    w.run(2 * SECOND);
    let first = &w.clients[0];
    assert!(
        first
            .seen
            .contains(&PeerEvent::NeedSlots { audio: 3, video: 3 })
    );
    assert_eq!(
        first
            .slots
            .iter()
            .filter(|s| s.source == Source::Camera)
            .count(),
        2
    );
    w.leave(1);
    let left = w.now;
    w.run(2 * SECOND);
    let first = &w.clients[0];
    assert!(first.slots.iter().all(|s| s.participant != PeerId(2)));
    assert_eq!(
        first
            .slots
            .iter()
            .filter(|s| s.source == Source::Camera)
            .count(),
        2
    );
    assert!(first.count_since(left, 4, Source::Camera) > 40);
    // The slot is one stream to the receiver whoever is in it.
    for got in first.got.values() {
        let mut seqs: Vec<u64> = got.iter().map(|g| g.seq).collect();
        seqs.sort_unstable();
        assert!(
            seqs.windows(2).all(|w| w[1] == w[0] + 1),
            "a slot's numbers have a gap"
        );
    }
}

#[test]
fn more_slots_by_a_new_offer_keep_what_flows() {
    let mut w = World::new();
    for id in 1..=4 {
        let client = Client::new(w.now, id, Camera::plain());
        w.enter(client);
    }
    w.run(2 * SECOND);
    w.offer(0, 3, 3, false);
    let since = w.now;
    w.run(2 * SECOND);
    for other in 2..=4 {
        assert!(
            w.clients[0].count_since(since, other, Source::Camera) > 80,
            "lacks {other}"
        );
    }
}

#[test]
fn a_shared_screen_gets_a_slot_while_it_is_shared() {
    let mut w = two();
    w.run(SECOND);
    assert!(
        w.clients[1]
            .slots
            .iter()
            .all(|s| s.source != Source::Screen)
    );
    w.media(0, true);
    w.run(SECOND);
    assert!(w.clients[1].received(1, Source::Screen).len() > 60);
    w.media(0, false);
    w.run(SECOND);
    assert!(
        w.clients[1]
            .slots
            .iter()
            .all(|s| s.source != Source::Screen)
    );
}

#[test]
fn a_reload_takes_the_seat_over_without_a_second_person() {
    let mut w = two();
    w.run(2 * SECOND);
    // The page is gone without a word; the new one joins as the same person.
    w.join(1, true).unwrap();
    let now = w.now;
    w.clients[1].new_connection(now, "pc-2");
    w.clients[1].addr = "10.0.0.2:6000".parse().unwrap();
    let addr = w.clients[1].addr;
    w.clients[1].use_address(addr);
    w.offer(1, 2, 2, false);
    let since = w.now;
    let took = w.run_until(SECOND, |w| {
        w.clients[0].count_since(since, 2, Source::Camera) > 5
            && w.clients[1].count_since(since, 1, Source::Camera) > 5
    });
    assert!(took < Duration::from_millis(900), "{took:?}");
    assert_eq!(w.stats().peers, 2);
    assert_eq!(w.clients[0].slots.len(), 2);
    // The other side's slot goes on as one stream across the reload.
    let got = w.clients[0].received(2, Source::Camera);
    assert!(
        got.windows(2).all(|p| p[1].seq > p[0].seq),
        "numbers fell back"
    );
}

#[test]
fn an_ice_restart_after_a_change_of_network_keeps_the_call() {
    let mut w = two();
    w.run(2 * SECOND);
    // The phone leaves the Wi-Fi: another address, and nothing of the old one arrives any more.
    let addr = "10.9.9.9:7000".parse().unwrap();
    w.clients[1].use_address(addr);
    w.offer(1, 2, 2, true);
    let since = w.now;
    let took = w.run_until(4 * SECOND, |w| {
        w.clients[0].count_since(since, 2, Source::Camera) > 5
            && w.clients[1].count_since(since, 1, Source::Camera) > 5
    });
    assert!(took < 2 * SECOND, "{took:?}");
    let again = w.now;
    w.run(2 * SECOND);
    assert!(w.clients[1].count_since(again, 1, Source::Camera) > 80);
    assert_eq!(w.stats().peers, 2);
}

#[test]
fn a_new_owner_of_a_seat_learns_how_things_stand_and_the_old_one_that_it_is_over() {
    let mut w = two();
    w.run(2 * SECOND);
    let mut old = w.clients[0].events.take().unwrap();
    w.join(0, true).unwrap();
    let mut last = None;
    while let Ok(event) = old.try_recv() {
        last = Some(event);
    }
    assert_eq!(last, Some(PeerEvent::Closed));
    w.clients[0].seen.clear();
    w.run(Duration::from_millis(5));
    assert_eq!(
        w.clients[0].seen[0],
        PeerEvent::Connection(ConnectionState::Connected)
    );
    assert!(matches!(&w.clients[0].seen[1], PeerEvent::Slots(slots) if slots.len() == 2));
}

#[test]
fn an_owner_who_does_not_read_loses_the_seat_and_nobody_else_is_held_up() {
    let mut w = two();
    w.run(SECOND);
    let unread = w.clients[1].events.take();
    for turn in 0..300 {
        w.media(0, turn % 2 == 0);
    }
    w.run(SECOND);
    assert_eq!(w.stats().peers, 1);
    assert!(w.clients[0].slots.is_empty());
    assert!(unread.is_some());
}

#[test]
fn media_goes_on_for_a_minute_without_an_owner_and_a_new_one_may_come() {
    let mut w = two();
    w.run(SECOND);
    w.clients[1].events = None;
    w.media(0, true);
    w.run(30 * SECOND);
    let since = w.now;
    w.join(1, true).unwrap();
    w.run(SECOND);
    assert!(w.clients[0].count_since(since, 2, Source::Microphone) > 40);
    w.clients[1].events = None;
    w.run(62 * SECOND);
    assert_eq!(w.stats().peers, 1);
}
