//! The life of a telemedicine session: THE state machine.
//!
//! ```text
//! SCHEDULED -> IN_PROGRESS -> COMPLETED
//! SCHEDULED -> CANCELLED
//! SCHEDULED | IN_PROGRESS -> FAILED
//! ```

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::text::word_enum;

word_enum! {
    /// Where a session stands. The last three are final.
    pub enum SessionStatus {
        /// Created; people may wait in its lobby.
        Scheduled = "SCHEDULED",
        /// The doctor has started it; people are admitted to the room.
        InProgress = "IN_PROGRESS",
        /// Ended by the doctor.
        Completed = "COMPLETED",
        /// Called off before it began.
        Cancelled = "CANCELLED",
        /// Could not be held.
        Failed = "FAILED",
    }
}

impl SessionStatus {
    /// Whether nothing can change the status any more.
    pub fn is_final(self) -> bool {
        match self {
            Self::Scheduled | Self::InProgress => false,
            Self::Completed | Self::Cancelled | Self::Failed => true,
        }
    }

    /// Whether people may be given a token for the room.
    pub fn is_joinable(self) -> bool {
        !self.is_final()
    }
}

/// What moves a session from one status to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SessionEvent {
    /// The doctor starts the visit.
    Start,
    /// The doctor ends the visit.
    End,
    /// Doctor or reception calls it off.
    Cancel,
    /// It cannot be held.
    Fail,
}

impl SessionEvent {
    /// All events, for tests that walk every pair.
    pub const ALL: [Self; 4] = [Self::Start, Self::End, Self::Cancel, Self::Fail];

    /// The verb for a sentence: "Cannot *end* session ...".
    pub fn verb(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::End => "end",
            Self::Cancel => "cancel",
            Self::Fail => "fail",
        }
    }
}

/// A step that the state machine does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Cannot {} a session with status {from}.", .event.verb())]
pub struct IllegalTransition {
    /// The status the session has.
    pub from: SessionStatus,
    /// What was asked.
    pub event: SessionEvent,
}

/// The status after `event`, or why there is none. Every change of a status goes through here and then through one
/// compare-and-set in storage.
pub fn transition(
    from: SessionStatus,
    event: SessionEvent,
) -> Result<SessionStatus, IllegalTransition> {
    use SessionEvent as E;
    use SessionStatus as S;
    match (from, event) {
        (S::Scheduled, E::Start) => Ok(S::InProgress),
        (S::InProgress, E::End) => Ok(S::Completed),
        (S::Scheduled, E::Cancel) => Ok(S::Cancelled),
        (S::Scheduled | S::InProgress, E::Fail) => Ok(S::Failed),
        (S::Completed | S::Cancelled | S::Failed, _)
        | (S::Scheduled, E::End)
        | (S::InProgress, E::Start | E::Cancel) => Err(IllegalTransition { from, event }),
    }
}

/// The length of a visit in whole seconds, never negative: a clock set back must not make a negative bill.
pub fn duration_seconds(start: DateTime<Utc>, end: DateTime<Utc>) -> i64 {
    (end - start).num_seconds().max(0)
}

/// The length in whole minutes, rounded to the nearest, as it is shown beside the seconds.
pub fn duration_minutes(seconds: i64) -> i64 {
    (seconds + 30) / 60
}

word_enum! {
    /// Which service carries the pictures and voices.
    pub enum VideoProviderName {
        /// The media server inside this binary.
        Embedded = "embedded",
        /// Twilio Video.
        Twilio = "twilio",
        /// A LiveKit server.
        Livekit = "livekit",
    }
}

word_enum! {
    /// Where a transcript stands. The empty word means that none was ever asked for.
    pub enum TranscriptionStatus {
        /// Never asked for.
        None = "",
        /// Waits for a worker.
        Pending = "PENDING",
        /// Being made.
        Processing = "PROCESSING",
        /// Done.
        Completed = "COMPLETED",
        /// Done; nobody spoke.
        NoSpeech = "NO_SPEECH",
        /// Cannot be made here now; may be asked for again.
        Unavailable = "UNAVAILABLE",
        /// Went wrong; may be asked for again.
        Failed = "FAILED",
    }
}

word_enum! {
    /// Where a recording stands. The empty word means that nothing was recorded.
    pub enum RecordingStatus {
        /// Nothing was recorded.
        None = "",
        /// Being recorded now.
        Recording = "RECORDING",
        /// The call is over and the file is being finished.
        Processing = "PROCESSING",
        /// Can be played.
        Available = "AVAILABLE",
        /// Lost, with the reason in the session's `error_message`.
        Failed = "FAILED",
        /// Erased by the retention rules.
        Deleted = "DELETED",
    }
}

word_enum! {
    /// How well a participant is connected, in words that people read.
    pub enum ConnectionQuality {
        /// No trouble.
        Good = "good",
        /// Noticeable trouble.
        Fair = "fair",
        /// Hard to follow.
        Poor = "poor",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_state_machine_has_exactly_five_steps() {
        let mut steps = Vec::new();
        for &from in SessionStatus::ALL {
            for event in SessionEvent::ALL {
                if let Ok(to) = transition(from, event) {
                    steps.push(format!("{from} {} {to}", event.verb()));
                }
            }
        }
        assert_eq!(
            steps,
            [
                "SCHEDULED start IN_PROGRESS",
                "SCHEDULED cancel CANCELLED",
                "SCHEDULED fail FAILED",
                "IN_PROGRESS end COMPLETED",
                "IN_PROGRESS fail FAILED",
            ]
        );
    }

    #[test]
    fn a_refused_step_names_the_status_and_the_verb() {
        let refused = transition(SessionStatus::Completed, SessionEvent::End).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "Cannot end a session with status COMPLETED."
        );
    }

    #[test]
    fn a_clock_set_back_makes_no_negative_duration() {
        let start = DateTime::<Utc>::UNIX_EPOCH;
        assert_eq!(
            duration_seconds(start, start - chrono::TimeDelta::seconds(5)),
            0
        );
        assert_eq!(duration_minutes(89), 1);
        assert_eq!(duration_minutes(90), 2);
    }

    proptest! {
        #[test]
        fn no_sequence_of_events_leaves_a_final_state(events in proptest::collection::vec(0..4usize, 0..12)) {
            let mut status = SessionStatus::Scheduled;
            let mut final_at = None;
            for event in events {
                if let Ok(next) = transition(status, SessionEvent::ALL[event]) {
                    prop_assert!(final_at.is_none(), "left {:?}", final_at);
                    status = next;
                }
                if status.is_final() {
                    final_at = Some(status);
                }
            }
        }
    }
}
