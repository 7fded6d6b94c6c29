//! What happened in a session.

use chrono::{DateTime, Utc};
use televisit_domain::access::{self, Action};
use televisit_domain::ids::SessionId;
use televisit_storage::session_events;

use super::{audit, load, person_name};
use crate::app::App;
use crate::service::{Context, Error};

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// When.
    pub at: DateTime<Utc>,
    /// What, in one word.
    pub kind: String,
    /// Who did it; empty for the system.
    pub actor_name: String,
    /// A few words more.
    pub detail: String,
}

/// What happened in a session, oldest first.
pub async fn timeline(app: &App, ctx: &Context, id: SessionId) -> Result<Vec<Moment>, Error> {
    access::may_ever(&ctx.caller, Action::ReadTimeline)?;
    let mut conn = app.db.read().await?;
    load(&mut conn, &ctx.caller, Action::ReadTimeline, id).await?;
    let events = session_events::of_session(&mut conn, id).await?;
    drop(conn);
    app.audit_read(vec![audit(app, ctx, "session.timeline", id)])
        .await?;
    Ok(events
        .into_iter()
        .map(|event| Moment {
            at: event.at,
            kind: event.kind,
            actor_name: event
                .actor_username
                .map(|username| {
                    person_name(
                        &event.actor_first_name.unwrap_or_default(),
                        &event.actor_last_name.unwrap_or_default(),
                        &username,
                    )
                })
                .unwrap_or_default(),
            detail: event.detail,
        })
        .collect())
}
