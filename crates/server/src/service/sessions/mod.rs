//! Telemedicine sessions: from their creation to their end, and what is told of them.

mod board;
mod cancel;
mod create;
mod day;
mod end;
mod leave;
mod list;
mod names;
mod people;
pub mod presence;
mod recording;
mod start;
mod timeline;
mod token;
mod update;
mod view;

pub use board::{Board, BoardQuery, BoardRow, Figures, board};
pub use cancel::{CancelInput, cancel};
pub use create::{FromAppointmentInput, NewSessionInput, create, create_from_appointment};
pub use end::{EndInput, Ended, end};
pub use leave::leave;
pub use list::{ListQuery, Page, list, retrieve};
pub use names::{doctor_display_name, person_name};
pub use people::{invite, uninvite};
pub use recording::{recording, request_transcription, transcript};
pub use start::start;
pub use timeline::{Moment, timeline};
pub use token::{RoomToken, may_join_any, room_token};
pub use update::update;
pub use view::View;

use televisit_domain::access::{self, Action, Caller, Denied, Subject};
use televisit_domain::ids::SessionId;
use televisit_domain::session::{IllegalTransition, SessionEvent};
use televisit_storage::sessions::{self, Session};
use televisit_storage::{Conn, participants};

use super::{Context, Error};
use crate::app::App;
use crate::events::{Event, Kind};

/// The most characters of notes.
const NOTES_LIMIT: usize = 50_000;

/// The session, when it is there and the caller may do this to it. Who has the role but not this session learns only
/// that there is nothing for him.
async fn load(
    conn: &mut Conn,
    caller: &Caller,
    action: Action,
    id: SessionId,
) -> Result<Session, Error> {
    access::may_ever(caller, action)?;
    let session = sessions::by_id(conn, id)
        .await?
        .ok_or(Error::Denied(Denied::Scope))?;
    permit(conn, caller, action, &session).await?;
    Ok(session)
}

/// Whether the caller may do this to the session. Invitations are read only when nothing else lets him.
async fn permit(
    conn: &mut Conn,
    caller: &Caller,
    action: Action,
    session: &Session,
) -> Result<(), Error> {
    let mut subject = subject(session);
    if access::may(caller, action, &subject).is_err() {
        subject.invited = participants::invited(conn, session.id).await?;
        access::may(caller, action, &subject)?;
    }
    Ok(())
}

/// Whose session it is, without those who were invited.
fn subject(session: &Session) -> Subject {
    Subject {
        doctor: Some(session.doctor_id),
        patient: Some(session.patient_id),
        invited: Vec::new(),
    }
}

/// After a compare-and-set that found another status: the sentence with the status that is there now.
async fn moved_meanwhile(
    conn: &mut Conn,
    id: SessionId,
    event: SessionEvent,
) -> Result<Error, Error> {
    let now = sessions::by_id(conn, id)
        .await?
        .ok_or(Error::Denied(Denied::Scope))?;
    Ok(IllegalTransition {
        from: now.status,
        event,
    }
    .into())
}

/// Tells open pages that a session changed.
fn publish(app: &App, session: &Session) {
    app.events.publish(Event {
        kind: Kind::Session,
        id: session.id.0,
        doctor: Some(session.doctor_id),
        patient: Some(session.patient_id),
    });
}

/// An audit row about a session.
fn audit(
    app: &App,
    ctx: &Context,
    action: &'static str,
    id: SessionId,
) -> televisit_storage::audit::NewEntry {
    ctx.audit(app.clock.now(), action, "session", Some(id.0))
}
