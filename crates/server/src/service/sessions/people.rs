//! Invitations: a nurse who helps, a second doctor, an interpreter of the house.

use televisit_domain::access::{self, Action, Role};
use televisit_domain::ids::{SessionId, UserId};
use televisit_storage::participants::{self, Person};
use televisit_storage::sessions::{self, Session};
use televisit_storage::{Conn, Tx, audit, session_events, users};

use super::names::display_name;
use super::view::complete_one;
use super::{View, load, publish};
use crate::app::App;
use crate::service::{Context, Error, Input};

/// Lets another member of the staff into the session. Invited twice is invited once.
pub async fn invite(
    app: &App,
    ctx: &Context,
    id: SessionId,
    guest: Input<UserId>,
) -> Result<View, Error> {
    access::may_ever(&ctx.caller, Action::InviteToSession)?;
    let mut conn = app.db.read().await?;
    let session = load(&mut conn, &ctx.caller, Action::InviteToSession, id).await?;
    let user = guest.get()?;
    let (role, name) = invitable(&mut conn, &session, user).await?;
    drop(conn);

    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    hold_live(&mut tx, &session).await?;
    let person = Person {
        user,
        display_name: &name,
        role,
    };
    participants::invite(&mut tx, id, person, ctx.caller.user, now).await?;
    session_events::add(&mut tx, id, "invited", Some(ctx.caller.user), &name, now).await?;
    let view = complete_one(&mut tx, &ctx.caller, session).await?;
    let mut row = super::audit(app, ctx, "session.invite", id);
    row.detail = format!("user {user}");
    audit::append(&mut tx, &[row]).await?;
    tx.commit().await?;
    publish(app, &view.session);
    Ok(view)
}

/// Takes an invitation back; who is in the room is put out of it.
pub async fn uninvite(app: &App, ctx: &Context, id: SessionId, user: UserId) -> Result<(), Error> {
    access::may_ever(&ctx.caller, Action::InviteToSession)?;
    let session = load(
        &mut app.db.read().await?,
        &ctx.caller,
        Action::InviteToSession,
        id,
    )
    .await?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    if !participants::uninvite(&mut tx, id, user).await? {
        return Err(Error::NotFound("The invitation"));
    }
    let gone = "Invitation taken back.";
    session_events::add(&mut tx, id, "invited", Some(ctx.caller.user), gone, now).await?;
    let mut row = super::audit(app, ctx, "session.uninvite", id);
    row.detail = format!("user {user}");
    audit::append(&mut tx, &[row]).await?;
    tx.commit().await?;
    publish(app, &session);
    Ok(())
}

/// Role and name of an account that can be invited.
async fn invitable(
    conn: &mut Conn,
    session: &Session,
    user: UserId,
) -> Result<(Role, String), Error> {
    let refused = |sentence: &str| Err(Error::field("user", sentence));
    let Some(account) = users::find(conn, user).await? else {
        return refused("There is no account with this number.");
    };
    if !account.is_active {
        return refused("This account is disabled.");
    }
    if user == session.doctor_id {
        return refused("The doctor of the session needs no invitation.");
    }
    match account.role {
        Role::Doctor | Role::Nurse | Role::Receptionist => Ok((
            account.role,
            display_name(account.role, &account.full_name()),
        )),
        Role::Admin | Role::Patient => {
            refused("Only doctors, nurses and receptionists can be invited.")
        }
    }
}

/// Keeps the session from ending until the commit, or says that it has.
pub(super) async fn hold_live(tx: &mut Tx, session: &Session) -> Result<(), Error> {
    match sessions::hold(tx, session.id).await? {
        Some(status) if status.is_joinable() => Ok(()),
        Some(status) => Err(Error::conflict(
            "invalid_state",
            format!("Cannot join a session with status {status}."),
        )),
        None => Err(Error::NotFound("The session")),
    }
}
