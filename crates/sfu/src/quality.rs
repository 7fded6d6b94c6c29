//! A person's connection in one word, from losses, delay and bandwidth.

use std::time::Duration;

use crate::api::Level;

/// What was measured in one interval.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Measure {
    /// Share of packets lost on the way to us, before repair.
    pub loss_in: f32,
    /// Share of packets lost on the way from us.
    pub loss_out: f32,
    /// Round trip.
    pub rtt: Option<Duration>,
    /// A video is sent smaller than its tile asks for, because of the bandwidth.
    pub limited: bool,
    /// Estimated bits per second from us, when video is wanted.
    pub estimate: Option<u64>,
}

/// The level of one interval.
fn judge(measure: Measure) -> Level {
    let loss = measure.loss_in.max(measure.loss_out);
    let rtt = measure.rtt.unwrap_or_default();
    let starved = measure.limited && measure.estimate.is_some_and(|bits| bits < 150_000);
    if loss >= 0.10 || rtt >= Duration::from_millis(800) || starved {
        Level::Poor
    } else if loss >= 0.03 || rtt >= Duration::from_millis(400) || measure.limited {
        Level::Fair
    } else {
        Level::Good
    }
}

/// Follows the level over time: a change must show in several intervals before it is told, so that the word
/// does not flicker. Getting worse is told sooner than getting better.
#[derive(Debug, Clone)]
pub(crate) struct Quality {
    told: Level,
    pending: Level,
    seen: u32,
}

impl Quality {
    pub(crate) fn new() -> Self {
        Self {
            told: Level::Good,
            pending: Level::Good,
            seen: 0,
        }
    }

    /// The level told last.
    pub(crate) fn level(&self) -> Level {
        self.told
    }

    /// Takes the measure of an interval (2 s); the new level if it changed.
    pub(crate) fn update(&mut self, measure: Measure) -> Option<Level> {
        let now = judge(measure);
        if now == self.pending {
            self.seen += 1;
        } else {
            self.pending = now;
            self.seen = 1;
        }
        let needed = if rank(now) > rank(self.told) { 2 } else { 3 };
        if now == self.told || self.seen < needed {
            return None;
        }
        self.told = now;
        Some(now)
    }
}

fn rank(level: Level) -> u8 {
    match level {
        Level::Good => 0,
        Level::Fair => 1,
        Level::Poor => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loss(share: f32) -> Measure {
        Measure {
            loss_in: share,
            ..Measure::default()
        }
    }

    #[test]
    fn one_bad_interval_is_not_told_but_two_are() {
        let mut q = Quality::new();
        assert_eq!(q.update(loss(0.2)), None);
        assert_eq!(q.update(loss(0.0)), None);
        assert_eq!(q.update(loss(0.2)), None);
        assert_eq!(q.update(loss(0.2)), Some(Level::Poor));
        assert_eq!(q.level(), Level::Poor);
        assert_eq!(q.update(loss(0.0)), None);
        assert_eq!(q.update(loss(0.0)), None);
        assert_eq!(q.update(loss(0.0)), Some(Level::Good));
    }

    #[test]
    fn delay_and_a_tight_link_count_too() {
        let slow = Measure {
            rtt: Some(Duration::from_millis(500)),
            ..Measure::default()
        };
        assert_eq!(judge(slow), Level::Fair);
        assert_eq!(
            judge(Measure {
                limited: true,
                estimate: Some(400_000),
                ..Measure::default()
            }),
            Level::Fair
        );
        assert_eq!(
            judge(Measure {
                limited: true,
                estimate: Some(90_000),
                ..Measure::default()
            }),
            Level::Poor
        );
    }
}
