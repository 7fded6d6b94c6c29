//! One slot's stream: which layer of the bound track goes out, and when it may change.

use std::time::Instant;

use str0m::media::Pt;

use crate::codec::Payload;
use crate::rewrite::{Numbers, Refused, Rewriter};

/// Forwarding state of one receiving m-line of a client.
#[derive(Debug)]
pub(crate) struct Forward {
    video: bool,
    rewriter: Rewriter,
    current: Option<usize>,
    target: Option<usize>,
    /// Payload type at the sender and its match at this receiver; `None` when it has no such codec.
    pub(crate) payload_type: Option<(Pt, Option<Pt>)>,
}

impl Forward {
    pub(crate) fn new(video: bool, first_seq: u16) -> Self {
        let clock_rate = if video { 90_000 } else { 48_000 };
        Self {
            video,
            rewriter: Rewriter::new(clock_rate, first_seq),
            current: None,
            target: None,
            payload_type: None,
        }
    }

    /// Another track is bound, or the bound one started anew: wait for its first packet, of a video for
    /// its first key frame.
    pub(crate) fn restart(&mut self) {
        self.current = None;
        self.payload_type = None;
        self.rewriter.detach();
    }

    /// Chooses the layer to send. The present one goes on until a key frame of the new one comes; `None`
    /// stops at once.
    pub(crate) fn aim(&mut self, layer: Option<usize>) {
        self.target = layer;
        if layer.is_none() {
            self.current = None;
        }
    }

    /// The layer sent now.
    pub(crate) fn current(&self) -> Option<usize> {
        self.current
    }

    /// The layer chosen.
    pub(crate) fn target(&self) -> Option<usize> {
        self.target
    }

    /// The layer whose key frame is waited for.
    pub(crate) fn awaited(&self) -> Option<usize> {
        self.target
            .filter(|_| self.video && self.target != self.current)
    }

    /// Numbers for a packet of `layer`, or `None` when it does not go out here. `in_order` says that
    /// no newer packet of the layer came before: a key frame whose rest has already passed is no place
    /// to switch.
    pub(crate) fn accept(
        &mut self,
        now: Instant,
        layer: usize,
        seq: u64,
        timestamp: u32,
        payload: &Payload,
        in_order: bool,
    ) -> Option<Numbers> {
        let may_start = in_order && (payload.key_frame || !self.video);
        if self.target == Some(layer)
            && (self.current != self.target || !self.rewriter.has_source())
            && may_start
        {
            self.current = self.target;
            self.rewriter.switch(now, seq, timestamp, payload.vp8);
        }
        if self.current != Some(layer) {
            return None;
        }
        match self.rewriter.map(now, seq, timestamp, payload.vp8) {
            Ok(numbers) => Some(numbers),
            Err(Refused::Late) => None,
            Err(Refused::Jump) => {
                self.restart();
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start() -> Instant {
        #[expect(
            clippy::disallowed_methods,
            reason = "a test needs some first instant; time then moves by hand"
        )]
        Instant::now()
    }

    const KEY: Payload = Payload {
        key_frame: true,
        height: None,
        vp8: crate::rewrite::Vp8Ids {
            picture_id: None,
            short: false,
            tl0: None,
            key_idx: None,
        },
        descriptor: None,
    };

    #[test]
    fn a_layer_changes_only_at_a_key_frame() {
        let now = start();
        let mut f = Forward::new(true, 1000);
        f.aim(Some(0));
        assert!(f.accept(now, 0, 5, 0, &Payload::default(), true).is_none());
        assert_eq!(f.awaited(), Some(0));
        let a = f.accept(now, 0, 6, 0, &KEY, true).unwrap();
        f.aim(Some(1));
        assert!(
            f.accept(now, 1, 900, 0, &Payload::default(), true)
                .is_none()
        );
        let b = f.accept(now, 0, 7, 0, &Payload::default(), true).unwrap();
        assert_eq!(b.seq, a.seq + 1);
        let c = f.accept(now, 1, 901, 0, &KEY, true).unwrap();
        assert_eq!(c.seq, b.seq + 1);
        assert!(f.accept(now, 0, 8, 0, &Payload::default(), true).is_none());
        assert_eq!(f.awaited(), None);
    }

    #[test]
    fn a_key_frame_that_came_late_is_no_place_to_switch() {
        let t = start();
        let mut f = Forward::new(true, 1000);
        f.aim(Some(0));
        assert!(f.accept(t, 0, 6, 0, &KEY, false).is_none());
    }

    #[test]
    fn sound_starts_with_any_packet_and_survives_a_restart_of_the_sender() {
        let t = start();
        let mut f = Forward::new(false, 1000);
        f.aim(Some(0));
        let a = f
            .accept(t, 0, 60_000, 0, &Payload::default(), true)
            .unwrap();
        assert!(
            f.accept(t, 0, 900_000, 0, &Payload::default(), true)
                .is_none()
        );
        let b = f
            .accept(t, 0, 900_001, 0, &Payload::default(), true)
            .unwrap();
        assert_eq!(b.seq, a.seq + 1);
    }

    #[test]
    fn a_paused_slot_sends_nothing() {
        let t = start();
        let mut f = Forward::new(true, 1000);
        f.aim(Some(0));
        f.accept(t, 0, 6, 0, &KEY, true).unwrap();
        f.aim(None);
        assert!(f.accept(t, 0, 7, 0, &KEY, true).is_none());
    }
}
