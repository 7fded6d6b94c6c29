//! Gives one outgoing stream continuous sequence numbers, timestamps and VP8 ids, whatever sources and
//! layers are switched into it.
//!
//! The receiver sees one SSRC that never restarts: after a switch the next packet has the next
//! sequence number, a timestamp as far from the last as the time that passed, and the next picture id.

use std::time::{Duration, Instant};

/// The ids of a VP8 payload descriptor that a decoder follows across packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Vp8Ids {
    /// 15 bits (or 7 bits, then `short`).
    pub picture_id: Option<u16>,
    /// The picture id has 7 bits.
    pub short: bool,
    /// Index of the last base layer frame.
    pub tl0: Option<u8>,
    /// 5 bits.
    pub key_idx: Option<u8>,
}

/// Numbers of a packet as it goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Numbers {
    /// Extended sequence number, rising over the life of the outgoing stream.
    pub seq: u64,
    /// RTP timestamp.
    pub timestamp: u32,
    /// VP8 ids; those that the packet did not have stay `None`.
    pub vp8: Vp8Ids,
}

/// Why a packet is not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// It is older than the switch to its source, or too late for any receiver.
    Late,
    /// It is so far ahead that the source must have restarted: switch to it anew.
    Jump,
}

/// State of one outgoing stream.
#[derive(Debug, Clone)]
pub(crate) struct Rewriter {
    clock_rate: u32,
    next_seq: u64,
    last: Option<Last>,
    source: Option<SourceMap>,
}

/// The newest packet sent.
#[derive(Debug, Clone, Copy)]
struct Last {
    timestamp: u32,
    at: Instant,
    picture_id: u16,
    tl0: u8,
    key_idx: u8,
}

/// How numbers of the present source become outgoing ones.
#[derive(Debug, Clone, Copy)]
struct SourceMap {
    first_in: u64,
    first_out: u64,
    timestamp_offset: u32,
    picture_offset: u16,
    tl0_offset: u8,
    key_offset: u8,
}

/// Packets this far behind the newest of the source are not sent any more: no receiver waits for them.
const MAX_LATE: u64 = 1000;
/// A source that jumps further than this has restarted; the caller switches to it anew.
const MAX_JUMP: u64 = 10_000;

impl Rewriter {
    /// `first_seq` is the number of the first packet. It should be well above 0, since a packet that
    /// arrives before the first one must not get a number below 0.
    pub(crate) fn new(clock_rate: u32, first_seq: u16) -> Self {
        Self {
            clock_rate,
            next_seq: u64::from(first_seq.max(1)),
            last: None,
            source: None,
        }
    }

    /// Whether a source is mapped.
    pub(crate) fn has_source(&self) -> bool {
        self.source.is_some()
    }

    /// Forgets the source: nothing is mapped until the next [`Rewriter::switch`].
    pub(crate) fn detach(&mut self) {
        self.source = None;
    }

    /// Makes the packet with these numbers the first of a new source.
    pub(crate) fn switch(&mut self, now: Instant, seq: u64, timestamp: u32, vp8: Vp8Ids) {
        let first_out = self.next_seq;
        let map = match self.last {
            None => SourceMap {
                first_in: seq,
                first_out,
                timestamp_offset: 0,
                picture_offset: 0,
                tl0_offset: 0,
                key_offset: 0,
            },
            Some(last) => {
                let gap = ticks(now.saturating_duration_since(last.at), self.clock_rate).max(1);
                let out_timestamp = last.timestamp.wrapping_add(gap);
                SourceMap {
                    first_in: seq,
                    first_out,
                    timestamp_offset: out_timestamp.wrapping_sub(timestamp),
                    picture_offset: last
                        .picture_id
                        .wrapping_add(1)
                        .wrapping_sub(vp8.picture_id.unwrap_or(0)),
                    tl0_offset: last.tl0.wrapping_add(1).wrapping_sub(vp8.tl0.unwrap_or(0)),
                    key_offset: last
                        .key_idx
                        .wrapping_add(1)
                        .wrapping_sub(vp8.key_idx.unwrap_or(0)),
                }
            }
        };
        self.source = Some(map);
    }

    /// Outgoing numbers of a packet of the present source.
    pub(crate) fn map(
        &mut self,
        now: Instant,
        seq: u64,
        timestamp: u32,
        vp8: Vp8Ids,
    ) -> Result<Numbers, Refused> {
        let map = self.source.ok_or(Refused::Late)?;
        let since_switch = seq.checked_sub(map.first_in).ok_or(Refused::Late)?;
        let out = map.first_out.saturating_add(since_switch);
        if out + MAX_LATE < self.next_seq {
            return Err(Refused::Late);
        }
        if out > self.next_seq + MAX_JUMP {
            return Err(Refused::Jump);
        }
        let numbers = Numbers {
            seq: out,
            timestamp: timestamp.wrapping_add(map.timestamp_offset),
            vp8: Vp8Ids {
                picture_id: vp8.picture_id.map(|id| {
                    id.wrapping_add(map.picture_offset) & if vp8.short { 0x7f } else { 0x7fff }
                }),
                short: vp8.short,
                tl0: vp8.tl0.map(|id| id.wrapping_add(map.tl0_offset)),
                key_idx: vp8.key_idx.map(|id| id.wrapping_add(map.key_offset) & 0x1f),
            },
        };
        if out >= self.next_seq {
            self.next_seq = out + 1;
            let before = self.last;
            self.last = Some(Last {
                timestamp: numbers.timestamp,
                at: now,
                picture_id: numbers
                    .vp8
                    .picture_id
                    .or(before.map(|l| l.picture_id))
                    .unwrap_or(0),
                tl0: numbers.vp8.tl0.or(before.map(|l| l.tl0)).unwrap_or(0),
                key_idx: numbers
                    .vp8
                    .key_idx
                    .or(before.map(|l| l.key_idx))
                    .unwrap_or(0),
            });
        }
        Ok(numbers)
    }
}

/// `elapsed` in ticks of `clock_rate`, at most about five minutes: beyond that no receiver minds.
fn ticks(elapsed: Duration, clock_rate: u32) -> u32 {
    let micros = elapsed.as_micros().min(300_000_000);
    u32::try_from(micros * u128::from(clock_rate) / 1_000_000).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn start() -> Instant {
        #[expect(
            clippy::disallowed_methods,
            reason = "a test needs some first instant; time then moves by hand"
        )]
        Instant::now()
    }

    fn ids(picture_id: u16) -> Vp8Ids {
        Vp8Ids {
            picture_id: Some(picture_id & 0x7fff),
            short: false,
            tl0: Some(picture_id.to_le_bytes()[0]),
            key_idx: Some(3),
        }
    }

    #[test]
    fn a_switch_continues_numbers_without_a_gap() {
        let t = start();
        let mut r = Rewriter::new(90_000, 1000);
        r.switch(t, 500, 9_000, ids(10));
        assert_eq!(r.map(t, 500, 9_000, ids(10)).unwrap().seq, 1000);
        let a = r.map(t, 501, 12_000, ids(11)).unwrap();
        let later = t + Duration::from_millis(100);
        r.switch(later, 70_000, 4_000_000_000, ids(900));
        let b = r.map(later, 70_000, 4_000_000_000, ids(900)).unwrap();
        assert_eq!(b.seq, a.seq + 1);
        assert_eq!(b.timestamp.wrapping_sub(a.timestamp), 9_000);
        assert_eq!(b.vp8.picture_id, Some(12));
        assert_eq!(b.vp8.tl0, a.vp8.tl0.map(|v| v + 1));
    }

    #[test]
    fn packets_older_than_the_switch_are_not_sent() {
        let t = start();
        let mut r = Rewriter::new(90_000, 1000);
        r.switch(t, 500, 0, Vp8Ids::default());
        assert_eq!(r.map(t, 499, 0, Vp8Ids::default()), Err(Refused::Late));
        assert!(r.map(t, 500, 0, Vp8Ids::default()).is_ok());
        assert_eq!(r.map(t, 50_000, 0, Vp8Ids::default()), Err(Refused::Jump));
    }

    #[test]
    fn a_short_picture_id_stays_short() {
        let t = start();
        let mut r = Rewriter::new(90_000, 1000);
        r.switch(t, 1, 0, ids(0x7ff0));
        r.map(t, 1, 0, ids(0x7ff0)).unwrap();
        let short = Vp8Ids {
            picture_id: Some(5),
            short: true,
            tl0: None,
            key_idx: None,
        };
        r.switch(t, 1, 0, short);
        assert!(r.map(t, 1, 0, short).unwrap().vp8.picture_id.unwrap() <= 0x7f);
    }

    #[derive(Debug, Clone)]
    enum Step {
        Next,
        Skip(u8),
        Late(u8),
        Switch {
            seq: u32,
            timestamp: u32,
            picture: u16,
            wait_ms: u16,
        },
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            6 => Just(Step::Next),
            2 => (1u8..20).prop_map(Step::Skip),
            2 => any::<u8>().prop_map(Step::Late),
            1 => (any::<u32>(), any::<u32>(), any::<u16>(), 0u16..5000)
                .prop_map(|(seq, timestamp, picture, wait_ms)| Step::Switch { seq, timestamp, picture, wait_ms }),
        ]
    }

    proptest! {
        /// New packets get rising numbers, a late packet gets a number nobody else had, and
        /// a switch continues at the very next one.
        #[test]
        fn numbers_rise_across_switches_and_never_repeat(steps in prop::collection::vec(step(), 1..200)) {
            let mut now = start();
            let mut r = Rewriter::new(90_000, 2000);
            let (mut seq, mut timestamp, mut picture) = (40_000u64, 0u32, 7u16);
            r.switch(now, seq, timestamp, ids(picture));
            let first = r.map(now, seq, timestamp, ids(picture)).unwrap();
            let mut sent = std::collections::HashSet::from([first.seq]);
            let mut newest = first;
            let mut got = std::collections::HashSet::from([seq]);
            for step in steps {
                now += Duration::from_millis(3);
                let (in_seq, switched) = match step {
                    Step::Next => { seq += 1; timestamp = timestamp.wrapping_add(270); picture = picture.wrapping_add(1); (seq, false) }
                    Step::Skip(n) => { seq += u64::from(n); timestamp = timestamp.wrapping_add(270); picture = picture.wrapping_add(1); (seq, false) }
                    Step::Late(n) => (seq.saturating_sub(u64::from(n)), false),
                    Step::Switch { seq: s, timestamp: t, picture: p, wait_ms } => {
                        now += Duration::from_millis(u64::from(wait_ms));
                        seq = u64::from(s); timestamp = t; picture = p;
                        got.clear();
                        r.switch(now, seq, timestamp, ids(picture));
                        (seq, true)
                    }
                };
                if !got.insert(in_seq) { continue; }
                let late = in_seq < seq;
                let Ok(out) = r.map(now, in_seq, timestamp, ids(picture)) else {
                    prop_assert!(late, "a new packet must go out");
                    continue;
                };
                prop_assert!(sent.insert(out.seq), "a number was used twice");
                if late { continue; }
                prop_assert!(out.seq > newest.seq);
                prop_assert!(out.timestamp.wrapping_sub(newest.timestamp) < 1 << 31);
                if switched {
                    prop_assert_eq!(out.seq, newest.seq + 1);
                    prop_assert!(out.timestamp != newest.timestamp);
                    prop_assert_eq!(out.vp8.picture_id, newest.vp8.picture_id.map(|v| (v + 1) & 0x7fff));
                    prop_assert_eq!(out.vp8.tl0, newest.vp8.tl0.map(|v| v.wrapping_add(1)));
                    prop_assert_eq!(out.vp8.key_idx, newest.vp8.key_idx.map(|v| (v + 1) & 0x1f));
                }
                newest = out;
            }
        }
    }
}
