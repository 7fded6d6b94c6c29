//! Who may be in a session's room right now. Asked when somebody comes, and again whenever the session changes.

use televisit_domain::access::{self, Action, Caller, Subject};
use televisit_domain::ids::{PatientId, SessionId, UserId};
use televisit_domain::session::{SessionStatus, VideoProviderName};
use televisit_storage::{self as storage, callers, participants, sessions};

use crate::app::App;
use crate::events::{Event, Kind};

/// A session that somebody may enter.
#[derive(Clone, Debug)]
pub struct Entrance {
    /// The session.
    pub session: SessionId,
    /// Its room's name.
    pub room_name: String,
    /// SCHEDULED: people wait. IN_PROGRESS: people are admitted.
    pub status: SessionStatus,
    /// The doctor of the session.
    pub doctor: UserId,
    /// The patient of the session.
    pub patient: PatientId,
    /// Who enters.
    pub caller: Caller,
}

/// Why somebody may not.
#[derive(Debug, thiserror::Error)]
pub enum Barred {
    /// The session does not list him, or his account is closed.
    #[error("not a person of this session")]
    NotAllowed,
    /// The session has this final status.
    #[error("the session is {0}")]
    Over(SessionStatus),
    /// The database did not answer.
    #[error(transparent)]
    Storage(#[from] storage::Error),
}

/// Asks the database.
pub async fn check(app: &App, session: SessionId, user: UserId) -> Result<Entrance, Barred> {
    let mut conn = app.db.read().await?;
    // The sign-in does not matter here: a room token stands for itself, for ten minutes.
    let account = callers::caller(&mut conn, user.0, "")
        .await?
        .filter(|account| account.is_active)
        .ok_or(Barred::NotAllowed)?;
    let caller = Caller {
        user,
        role: account.role,
        patient: account.patient_id.map(PatientId),
    };
    let row = sessions::by_id(&mut conn, session)
        .await?
        .ok_or(Barred::NotAllowed)?;
    let subject = Subject {
        doctor: Some(row.doctor_id),
        patient: Some(row.patient_id),
        invited: participants::invited(&mut conn, session).await?,
    };
    access::may(&caller, Action::JoinSession, &subject).map_err(|_| Barred::NotAllowed)?;
    if row.provider != VideoProviderName::Embedded {
        return Err(Barred::NotAllowed);
    }
    if row.status.is_final() {
        return Err(Barred::Over(row.status));
    }
    Ok(Entrance {
        session,
        room_name: row.room_name,
        status: row.status,
        doctor: row.doctor_id,
        patient: row.patient_id,
        caller,
    })
}

impl Entrance {
    /// The news that somebody's presence in this session changed.
    pub fn news(&self) -> Event {
        Event {
            kind: Kind::Session,
            id: self.session.0,
            doctor: Some(self.doctor),
            patient: Some(self.patient),
        }
    }
}

/// Whether somebody was invited into a session: the one thing about a session's people that its news does not say.
pub async fn is_invited(app: &App, session: SessionId, user: UserId) -> storage::Result<bool> {
    let invited = participants::invited(&mut app.db.read().await?, session).await?;
    Ok(invited.contains(&user))
}
