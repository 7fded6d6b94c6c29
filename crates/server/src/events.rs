//! News for open pages: what changed, never how.

use televisit_domain::ids::{PatientId, UserId};
use tokio::sync::broadcast;

/// What kind of thing changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A telemedicine session or who is present in it.
    Session,
    /// A visit, its charges or payments.
    Visit,
    /// A patient record.
    Patient,
    /// An appointment.
    Appointment,
}

impl Kind {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Visit => "visit",
            Self::Patient => "patient",
            Self::Appointment => "appointment",
        }
    }
}

/// One piece of news, with the people whose business it is besides the staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What kind of thing changed.
    pub kind: Kind,
    /// Which one.
    pub id: i64,
    /// Its doctor.
    pub doctor: Option<UserId>,
    /// Its patient.
    pub patient: Option<PatientId>,
}

/// Hands news to every open page of this process. A page that falls behind is told to load everything again.
#[derive(Clone, Debug)]
pub struct Events(broadcast::Sender<Event>);

impl Default for Events {
    fn default() -> Self {
        Self(broadcast::channel(1024).0)
    }
}

impl Events {
    /// Tells everybody; nobody listening is no error. Call it after the commit.
    pub fn publish(&self, event: Event) {
        let _ = self.0.send(event);
    }

    /// All news from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.0.subscribe()
    }
}
