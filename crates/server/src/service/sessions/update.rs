//! The doctor changes what may be changed: notes, and the plan of a session that has not begun.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use televisit_domain::access::{self, Action};
use televisit_domain::ids::SessionId;
use televisit_domain::instant::parse_instant;
use televisit_storage::{audit, session_events, sessions};

use super::view::complete_one;
use super::{NOTES_LIMIT, View, load, publish};
use crate::app::App;
use crate::service::{Context, Error, FieldErrors, Input, wording};

/// Every other key of the session object.
const READ_ONLY: &[&str] = &[
    "id",
    "visit",
    "appointment",
    "provider",
    "provider_fallback_reason",
    "room_sid",
    "room_name",
    "status",
    "doctor",
    "doctor_name",
    "doctor_display_name",
    "patient",
    "patient_name",
    "actual_start",
    "actual_end",
    "duration_seconds",
    "duration_minutes",
    "recording_status",
    "recording_url",
    "transcription_status",
    "transcription_error",
    "transcription_text",
    "transcription_requested_at",
    "transcription_completed_at",
    "error_message",
    "created_by",
    "created_at",
    "updated_at",
    "is_active",
    "billing",
    "participants",
];

/// What is to be changed; `None` stays as it is.
#[derive(Debug, Default)]
struct Changes {
    notes: Option<String>,
    scheduled_start: Option<DateTime<Utc>>,
    recording_enabled: Option<bool>,
}

/// Changes notes at any time before they are signed, time and recording while the session is SCHEDULED.
pub async fn update(
    app: &App,
    ctx: &Context,
    id: SessionId,
    input: Input<Map<String, Value>>,
) -> Result<View, Error> {
    access::may_ever(&ctx.caller, Action::UpdateSession)?;
    let session = load(
        &mut app.db.read().await?,
        &ctx.caller,
        Action::UpdateSession,
        id,
    )
    .await?;
    let changes = read(&input.get()?)?;

    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let mut changed = Vec::new();
    if changes.scheduled_start.is_some() || changes.recording_enabled.is_some() {
        let planned = sessions::plan(
            &mut tx,
            id,
            changes.scheduled_start,
            changes.recording_enabled,
            now,
        )
        .await?;
        if !planned {
            let status = load(&mut tx, &ctx.caller, Action::UpdateSession, id)
                .await?
                .status;
            return Err(Error::conflict(
                "invalid_state",
                format!("Time and recording of a session with status {status} cannot be changed."),
            ));
        }
        if changes.scheduled_start.is_some() {
            changed.push("scheduled_start");
        }
        if changes.recording_enabled.is_some() {
            changed.push("recording_enabled");
        }
    }
    if let Some(notes) = &changes.notes
        && *notes != session.notes
    {
        if !sessions::set_notes(&mut tx, id, notes, now).await? {
            return Err(Error::conflict(
                "record_signed",
                "The notes are signed and cannot be changed.",
            ));
        }
        changed.push("notes");
        // Pages save notes while they are typed: one moment on the timeline stands for a run of them.
        if session_events::newest_kind(&mut tx, id).await?.as_deref() != Some("notes_saved") {
            session_events::add(&mut tx, id, "notes_saved", Some(ctx.caller.user), "", now).await?;
        }
    }
    let updated = load(&mut tx, &ctx.caller, Action::UpdateSession, id).await?;
    let view = complete_one(&mut tx, &ctx.caller, updated).await?;
    let mut row = super::audit(app, ctx, "session.update", id);
    row.detail = changed.join(", ");
    audit::append(&mut tx, &[row]).await?;
    tx.commit().await?;
    if !changed.is_empty() {
        publish(app, &view.session);
    }
    Ok(view)
}

/// Reads the fields by hand, because a field that cannot be changed is answered otherwise than an unknown one.
fn read(body: &Map<String, Value>) -> Result<Changes, Error> {
    let mut changes = Changes::default();
    let mut wrong = FieldErrors::new();
    for (field, value) in body {
        match (field.as_str(), value) {
            ("notes", Value::String(notes)) => {
                wording::text(&mut wrong, field, notes, NOTES_LIMIT);
                changes.notes = Some(notes.clone());
            }
            ("notes", _) => wrong.add(field, "A text is required."),
            ("scheduled_start", Value::String(text)) => match parse_instant(text) {
                Ok(start) => changes.scheduled_start = Some(start),
                Err(error) => wrong.add(field, error.to_string()),
            },
            ("scheduled_start", _) => {
                wrong.add(
                    field,
                    televisit_domain::instant::TimeError::NotATime.to_string(),
                );
            }
            ("recording_enabled", Value::Bool(enabled)) => {
                changes.recording_enabled = Some(*enabled);
            }
            ("recording_enabled", _) => wrong.add(field, "true or false is required."),
            (other, _) if READ_ONLY.contains(&other) => {
                wrong.add(field, "This field cannot be changed.");
            }
            _ => wrong.add(field, "This field is not known here."),
        }
    }
    wrong.check()?;
    Ok(changes)
}
