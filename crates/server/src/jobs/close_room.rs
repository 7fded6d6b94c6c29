//! Closes the room of a session that is over.

use televisit_domain::ids::SessionId;
use televisit_storage::sessions;

use super::JobError;
use crate::app::App;
use crate::presence::message::EndReason;
use crate::video::{Room, VideoError};

/// Tells everybody who is still connected, then closes the room at its provider. A session that is not over is left
/// alone: a job may be older than what it finds.
pub(super) async fn run(app: &App, session: SessionId, room_name: String) -> Result<(), JobError> {
    let row = sessions::by_id(&mut app.db.read().await?, session)
        .await?
        .ok_or_else(|| JobError::Never(format!("session {session} does not exist")))?;
    let Some(reason) = EndReason::of(row.status) else {
        return Err(JobError::Never(format!(
            "session {session} is {}",
            row.status
        )));
    };
    app.presence.close(session, reason);
    let Some(provider) = app.video_provider(row.provider) else {
        return Err(JobError::Later(format!(
            "the video provider {} is not set up",
            row.provider
        )));
    };
    let room = Room {
        session,
        name: room_name,
    };
    provider
        .close_room(&room)
        .await
        .map_err(|error| match error {
            VideoError::Unavailable(_) => JobError::Later(error.to_string()),
            VideoError::Refused(_) => JobError::Never(error.to_string()),
        })
}
