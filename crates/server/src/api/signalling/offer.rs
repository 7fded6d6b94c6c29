//! An offer, before the media server sees it.

use televisit_sfu::{OfferError, SfuError};

use crate::presence::message::{Code, ServerMessage};

/// The most m-lines of an offer.
const MOST_LINES: usize = 48;

/// Why an offer is not passed on, if it is not.
pub fn objection(id: i64, connection: &str, sdp: &str) -> Option<ServerMessage> {
    let well_named = (8..=64).contains(&connection.len())
        && connection
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if !well_named {
        return Some(ServerMessage::offer_refused(
            id,
            Code::BadConnection,
            "connection must be 8 to 64 characters of A-Z a-z 0-9 - _",
        ));
    }
    let lines = sdp.lines().filter(|line| line.starts_with("m=")).count();
    (lines > MOST_LINES)
        .then(|| ServerMessage::offer_refused(id, Code::BadSdp, "An offer may have 48 m-lines."))
}

/// What the client is told when the media server refused its offer.
pub fn refusal(id: i64, error: &OfferError) -> ServerMessage {
    match error {
        OfferError::BadSdp(why) => ServerMessage::offer_refused(id, Code::BadSdp, why.as_str()),
        OfferError::Sfu(SfuError::UnknownPeer | SfuError::RoomFull) => {
            ServerMessage::offer_refused(id, Code::MediaFailed, "The media seat is gone.")
        }
        OfferError::Sfu(SfuError::Unavailable) => ServerMessage::fatal(
            Code::Unavailable,
            "The media server cannot take anybody now.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_m_lines_are_limited() {
        let offer = |lines: usize| "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n".repeat(lines);
        assert!(objection(1, "pc-12345", &offer(48)).is_none());
        assert!(objection(1, "pc-12345", &offer(49)).is_some());
        assert!(objection(1, "short", &offer(1)).is_some());
        assert!(objection(1, "pc 12345", &offer(1)).is_some());
        assert!(objection(1, &"x".repeat(65), &offer(1)).is_some());
    }
}
