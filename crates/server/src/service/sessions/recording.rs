//! Recordings and transcripts. This version makes neither, and says so.

use televisit_domain::access::{self, Action};
use televisit_domain::ids::SessionId;
use televisit_domain::session::{RecordingStatus, SessionStatus};
use televisit_storage::sessions::Session;

use super::{View, audit, load};
use crate::app::App;
use crate::service::{Context, Error};

/// The recording of a session: there is none.
pub async fn recording(app: &App, ctx: &Context, id: SessionId) -> Error {
    match find(app, ctx, id, Action::ReadRecording, "session.recording").await {
        Ok(_) => Error::Missing {
            code: "no_recording",
            detail: format!("Session {id} was not recorded."),
        },
        Err(error) => error,
    }
}

/// The transcript of a session: there is none.
pub async fn transcript(app: &App, ctx: &Context, id: SessionId) -> Error {
    match find(app, ctx, id, Action::ReadTranscript, "session.transcript").await {
        Ok(_) => Error::Missing {
            code: "no_transcript",
            detail: format!("Session {id} has no transcript."),
        },
        Err(error) => error,
    }
}

/// Asks for a transcript. It needs a session that is over, a recording of it, and something that transcribes.
pub async fn request_transcription(app: &App, ctx: &Context, id: SessionId) -> Result<View, Error> {
    let session = find(
        app,
        ctx,
        id,
        Action::RequestTranscription,
        "session.request_transcription",
    )
    .await?;
    if session.status != SessionStatus::Completed {
        return Err(Error::conflict(
            "invalid_state",
            format!(
                "Cannot transcribe a session with status {}. End it first.",
                session.status
            ),
        ));
    }
    if session.recording_status != RecordingStatus::Available {
        return Err(Error::conflict(
            "no_recording",
            format!("Session {id} was not recorded, so there is nothing to transcribe."),
        ));
    }
    Err(Error::conflict(
        "transcription_unavailable",
        "This installation cannot transcribe.",
    ))
}

async fn find(
    app: &App,
    ctx: &Context,
    id: SessionId,
    action: Action,
    word: &'static str,
) -> Result<Session, Error> {
    access::may_ever(&ctx.caller, action)?;
    let session = load(&mut app.db.read().await?, &ctx.caller, action, id).await?;
    app.audit_read(vec![audit(app, ctx, word, id)]).await?;
    Ok(session)
}
