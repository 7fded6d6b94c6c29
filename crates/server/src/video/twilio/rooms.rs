//! Rooms by our own key: made once whatever is repeated, closed once whatever is repeated.

use super::rest::{Error, NewRoom, Rest, Room, code};

/// The room of this name: found or made. A room that exists is adopted; when the answer was lost, Twilio is asked
/// before anything is tried again, so that no second room is made.
pub async fn ensure(rest: &Rest, new: &NewRoom<'_>) -> Result<Room, Error> {
    match rest.create_room(new).await {
        Err(error) if error.code() == Some(code::ROOM_EXISTS) => rest.room(new.unique_name).await,
        Err(Error::OutcomeUnknown(cause)) => match rest.room(new.unique_name).await {
            Ok(room) => Ok(room),
            // Not made: the first error is the true one.
            Err(error) if error.code() == Some(code::NOT_FOUND) => {
                Err(Error::OutcomeUnknown(cause))
            }
            Err(error) => Err(error),
        },
        other => other,
    }
}

/// Ends the room of this SID or name and puts everybody out. A room that is over or never was is as good as ended.
pub async fn close(rest: &Rest, sid_or_name: &str) -> Result<(), Error> {
    let sid = match rest.room(sid_or_name).await {
        Ok(room) if room.status == "in-progress" => room.sid,
        Ok(_) => return Ok(()),
        Err(error) if error.code() == Some(code::NOT_FOUND) => return Ok(()),
        Err(error) => return Err(error),
    };
    match rest.complete_room(&sid).await {
        Ok(_) => Ok(()),
        Err(error) if matches!(error.code(), Some(code::ROOM_COMPLETED | code::NOT_FOUND)) => {
            Ok(())
        }
        Err(error) => Err(error),
    }
}
