//! How much one client may say.

use std::time::Duration;

use tokio::time::Instant;

/// A bucket that refills steadily and holds a burst.
#[derive(Debug)]
pub struct Bucket {
    /// The time one message takes to be earned back.
    each: Duration,
    burst: u32,
    /// When the bucket will be full again.
    full_at: Instant,
}

impl Bucket {
    /// A full bucket: `per_second` messages a second, `burst` at once.
    pub fn new(per_second: u32, burst: u32, now: Instant) -> Self {
        Self {
            each: Duration::from_secs(1) / per_second,
            burst,
            full_at: now,
        }
    }

    /// Takes one message out. False when the bucket is empty.
    pub fn take(&mut self, now: Instant) -> bool {
        let full_at = self.full_at.max(now) + self.each;
        if full_at - now > self.each * self.burst {
            return false;
        }
        self.full_at = full_at;
        true
    }
}

/// The limits of one connection (`docs/signalling.md`, section 2).
#[derive(Debug)]
pub struct Limits {
    /// Every message.
    pub messages: Bucket,
    /// Offers.
    pub offers: Bucket,
    /// Chat messages.
    pub chat: Bucket,
}

impl Limits {
    /// Full buckets.
    pub fn new(now: Instant) -> Self {
        Self {
            messages: Bucket::new(20, 60, now),
            offers: Bucket::new(1, 8, now),
            chat: Bucket::new(1, 10, now),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_let_through_and_then_the_steady_rate() {
        let start = Instant::now();
        let mut bucket = Bucket::new(20, 60, start);
        assert_eq!((0..100).filter(|_| bucket.take(start)).count(), 60);
        let later = start + Duration::from_secs(1);
        assert_eq!((0..100).filter(|_| bucket.take(later)).count(), 20);
        let much_later = start + Duration::from_hours(1);
        assert_eq!((0..100).filter(|_| bucket.take(much_later)).count(), 60);
    }
}
