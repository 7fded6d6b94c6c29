//! A session with everything its wire object holds.

use std::collections::HashMap;

use televisit_domain::access::{self, Action, Caller};
use televisit_domain::ids::SessionId;
use televisit_storage::charges::{self, ChargeRow};
use televisit_storage::participants::{self, Participant};
use televisit_storage::sessions::Session;
use televisit_storage::{Conn, Result};

/// A session as a caller may see it: without notes and transcript when they are not for him.
#[derive(Clone, Debug)]
pub struct View {
    /// The session.
    pub session: Session,
    /// Who was invited or came.
    pub participants: Vec<Participant>,
    /// What it was billed as.
    pub billing: Option<ChargeRow>,
}

/// Completes sessions with what belongs to them, in the same order: two statements, however many sessions.
pub(super) async fn complete(
    conn: &mut Conn,
    caller: &Caller,
    sessions: Vec<Session>,
) -> Result<Vec<View>> {
    let ids: Vec<SessionId> = sessions.iter().map(|session| session.id).collect();
    let mut people: HashMap<SessionId, Vec<Participant>> = HashMap::new();
    for participant in participants::of_sessions(conn, &ids).await? {
        people
            .entry(participant.session_id)
            .or_default()
            .push(participant);
    }
    let mut bills: HashMap<i64, ChargeRow> = HashMap::new();
    for charge in charges::of_sessions(conn, &ids).await? {
        if let Some(session) = charge.session_id {
            bills.entry(session).or_insert(charge);
        }
    }
    Ok(sessions
        .into_iter()
        .map(|mut session| {
            hide(caller, &mut session);
            View {
                participants: people.remove(&session.id).unwrap_or_default(),
                billing: bills.remove(&session.id.0),
                session,
            }
        })
        .collect())
}

/// Completes one session.
pub(super) async fn complete_one(
    conn: &mut Conn,
    caller: &Caller,
    mut session: Session,
) -> Result<View> {
    hide(caller, &mut session);
    Ok(View {
        participants: participants::of_sessions(conn, &[session.id]).await?,
        billing: charges::of_session(conn, session.id).await?,
        session,
    })
}

/// Takes away what is for the doctor and the patient of the session only.
fn hide(caller: &Caller, session: &mut Session) {
    if access::may(caller, Action::ReadSessionNotes, &super::subject(session)).is_err() {
        session.notes.clear();
        session.transcription_text.clear();
    }
}
