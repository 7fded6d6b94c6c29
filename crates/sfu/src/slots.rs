//! Which received m-line of a client carries whose track.

use crate::api::{PeerId, Source};

/// A track of somebody else that a client should receive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Track {
    pub peer: PeerId,
    pub source: Source,
}

impl Source {
    /// All sources, in the order of the sending m-lines of an offer.
    pub(crate) const ALL: [Self; 4] = [
        Self::Microphone,
        Self::Camera,
        Self::Screen,
        Self::ScreenAudio,
    ];

    /// Position in [`Source::ALL`].
    pub(crate) fn index(self) -> usize {
        match self {
            Self::Microphone => 0,
            Self::Camera => 1,
            Self::Screen => 2,
            Self::ScreenAudio => 3,
        }
    }

    /// Whether it goes over a video m-line.
    pub(crate) fn is_video(self) -> bool {
        matches!(self, Self::Camera | Self::Screen)
    }
}

/// Puts `wanted` tracks into the slots of one kind. `slots` holds what each carries now; a track that is
/// still wanted stays where it is, so that nothing flickers. The others take free slots in the order
/// of `wanted`, whose first are the more important. A track prefers the slot that `prefer` names.
pub(crate) fn assign(
    slots: &mut [Option<Track>],
    wanted: &[Track],
    prefer: impl Fn(Track) -> Option<usize>,
) {
    for slot in slots.iter_mut() {
        if slot.is_some_and(|track| !wanted.contains(&track)) {
            *slot = None;
        }
    }
    for &track in wanted {
        if slots.contains(&Some(track)) {
            continue;
        }
        let preferred = prefer(track).filter(|&i| slots.get(i).is_some_and(Option::is_none));
        let Some(free) = preferred.or_else(|| slots.iter().position(Option::is_none)) else {
            break;
        };
        slots[free] = Some(track);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn track(peer: u64) -> Track {
        Track {
            peer: PeerId(peer),
            source: Source::Camera,
        }
    }

    #[test]
    fn a_wanted_track_keeps_its_slot_and_a_freed_slot_is_used_again() {
        let mut slots = [None; 2];
        assign(&mut slots, &[track(1), track(2)], |_| None);
        assert_eq!(slots, [Some(track(1)), Some(track(2))]);
        assign(&mut slots, &[track(3), track(2)], |_| None);
        assert_eq!(slots, [Some(track(3)), Some(track(2))]);
    }

    proptest! {
        #[test]
        fn every_track_has_one_slot_while_there_are_slots(
            rounds in prop::collection::vec(prop::collection::hash_set(0u64..12, 0..10), 1..8),
            count in 0usize..10,
        ) {
            let mut slots = vec![None; count];
            for wanted in rounds {
                let wanted: Vec<_> = wanted.into_iter().map(track).collect();
                let before = slots.clone();
                assign(&mut slots, &wanted, |t| Some(usize::try_from(t.peer.0).unwrap() % 10));
                let placed: Vec<_> = slots.iter().flatten().collect();
                prop_assert_eq!(placed.len(), wanted.len().min(count));
                for t in &placed {
                    prop_assert!(wanted.contains(t));
                    prop_assert_eq!(placed.iter().filter(|o| o == &t).count(), 1);
                }
                for (old, new) in before.iter().zip(&slots) {
                    if let Some(old) = old && wanted.contains(old) {
                        prop_assert_eq!(Some(*old), *new);
                    }
                }
            }
        }
    }
}
