//! Who is here: what the call's connections tell of people coming and going.

use televisit_domain::access::{Action, Caller, Role};
use televisit_domain::ids::{SessionId, UserId};
use televisit_domain::session::{ConnectionQuality, SessionStatus};
use televisit_storage::audit::{self, NewEntry};
use televisit_storage::participants::{self, Person};
use televisit_storage::sessions::Session;
use televisit_storage::{Tx, session_events, users};

use super::names::display_name;
use super::people::hold_live;
use super::{load, publish};
use crate::app::App;
use crate::service::Error;

/// Somebody who was let in.
#[derive(Clone, Debug)]
pub struct Seat {
    /// The number of his seat; the same whenever he comes back.
    pub participant: i64,
    /// The account.
    pub user: UserId,
    /// Its role.
    pub role: Role,
    /// What the others see.
    pub display_name: String,
    /// Where the session stands.
    pub status: SessionStatus,
    /// The room.
    pub room_name: String,
    /// The doctor of the session, who is told of people that wait.
    pub doctor: UserId,
}

/// Lets somebody in, or back in, and writes it down. Refused as every use case is: an account that is disabled or does
/// not belong to the session, a session that is over.
pub async fn joined(
    app: &App,
    id: SessionId,
    user: UserId,
    device_type: &str,
    browser: &str,
) -> Result<Seat, Error> {
    let (session, account) = admissible(app, id, user).await?;
    let name = match account.role {
        Role::Patient => televisit_domain::record::full_name(
            &session.patient_first_name,
            &session.patient_middle_name,
            &session.patient_last_name,
        ),
        role => display_name(role, &account.full_name()),
    };
    let person = Person {
        user,
        display_name: &name,
        role: account.role,
    };
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    hold_live(&mut tx, &session).await?;
    let was_here = participants::is_present(&mut tx, id, user).await?;
    let participant = participants::join(
        &mut tx,
        id,
        person,
        &short(device_type),
        &short(browser),
        now,
    )
    .await?;
    if !was_here {
        session_events::add(&mut tx, id, "joined", Some(user), "", now).await?;
    }
    audit::append(&mut tx, &[row(app, "session.join", id, user)]).await?;
    tx.commit().await?;
    publish(app, &session);
    Ok(Seat {
        participant,
        user,
        role: account.role,
        display_name: name,
        status: session.status,
        room_name: session.room_name,
        doctor: session.doctor_id,
    })
}

/// Notes that somebody is gone. Whoever was not here changes nothing.
pub async fn left(app: &App, id: SessionId, user: UserId) -> Result<(), Error> {
    let mut tx = app.db.begin().await?;
    if !note_left(app, &mut tx, id, user).await? {
        return Ok(());
    }
    audit::append(&mut tx, &[row(app, "session.leave", id, user)]).await?;
    tx.commit().await?;
    tell(app, id).await
}

/// Notes how well somebody is connected.
pub async fn quality(
    app: &App,
    id: SessionId,
    user: UserId,
    level: ConnectionQuality,
) -> Result<(), Error> {
    let mut tx = app.db.begin().await?;
    if !participants::set_quality(&mut tx, id, user, level).await? {
        return Ok(());
    }
    tx.commit().await?;
    tell(app, id).await
}

/// At the start of the server nobody is connected: whoever was here when it stopped has left.
pub async fn clear(app: &App) -> Result<(), Error> {
    let mut tx = app.db.begin().await?;
    participants::leave_everywhere(&mut tx, app.clock.now()).await?;
    Ok(tx.commit().await?)
}

/// Notes in the caller's transaction that somebody left; tells whether he was here.
pub(super) async fn note_left(
    app: &App,
    tx: &mut Tx,
    id: SessionId,
    user: UserId,
) -> Result<bool, Error> {
    let now = app.clock.now();
    let was_here = participants::leave(tx, id, user, now).await?;
    if was_here {
        session_events::add(tx, id, "left", Some(user), "", now).await?;
    }
    Ok(was_here)
}

async fn admissible(
    app: &App,
    id: SessionId,
    user: UserId,
) -> Result<(Session, users::User), Error> {
    let mut conn = app.db.read().await?;
    let account = users::find(&mut conn, user)
        .await?
        .filter(|account| account.is_active)
        .ok_or(Error::NotFound("The account"))?;
    let caller = Caller {
        user,
        role: account.role,
        patient: account.patient(),
    };
    let session = load(&mut conn, &caller, Action::JoinSession, id).await?;
    if !session.status.is_joinable() {
        return Err(Error::conflict(
            "invalid_state",
            format!("Cannot join a session with status {}.", session.status),
        ));
    }
    Ok((session, account))
}

async fn tell(app: &App, id: SessionId) -> Result<(), Error> {
    let found = televisit_storage::sessions::by_id(&mut app.db.read().await?, id).await?;
    if let Some(session) = found {
        publish(app, &session);
    }
    Ok(())
}

fn row(app: &App, action: &'static str, id: SessionId, user: UserId) -> NewEntry {
    NewEntry {
        at: app.clock.now(),
        actor: Some(user),
        action,
        entity: "session",
        entity_id: Some(id.0),
        detail: String::new(),
        address: String::new(),
    }
}

/// At most 80 characters, as the protocol says.
fn short(text: &str) -> String {
    text.chars().filter(|c| *c != '\0').take(80).collect()
}
