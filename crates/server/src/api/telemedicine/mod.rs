//! `/api/v1/telemedicine/`: sessions. One call a file.

mod board;
mod cancel;
mod create;
mod end;
mod generate_token;
mod leave;
mod list;
mod older;
mod participants;
mod recording;
mod retrieve;
mod session;
mod start;
mod timeline;
mod update;

pub use session::{ParticipantOut, SessionOut};

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

/// Every call about sessions but the call's own WebSocket.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list_sessions, create::create_session))
        .routes(routes!(retrieve::get_session, update::update_session))
        .routes(routes!(generate_token::create_room_token))
        .routes(routes!(start::start_session))
        .routes(routes!(end::end_session))
        .routes(routes!(cancel::cancel_session))
        .routes(routes!(leave::leave_session))
        .routes(routes!(participants::invite_participant))
        .routes(routes!(participants::uninvite_participant))
        .routes(routes!(recording::request_transcription))
        .routes(routes!(recording::get_recording))
        .routes(routes!(recording::get_transcript))
        .routes(routes!(timeline::get_session_timeline))
        .routes(routes!(board::get_board))
        .routes(routes!(older::create_token_by_body))
        .routes(routes!(older::join_session))
        .routes(routes!(older::create_session_from_appointment))
}
