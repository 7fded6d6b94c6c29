//! What clients say on a call's WebSocket (`docs/signalling.md`, section 3).

use serde::Deserialize;
use serde_json::{Number, Value};
use televisit_sfu::{MediaState, Tile};

use crate::presence::Devices;
use crate::presence::message::{Code, ServerMessage};

/// The longest message, in bytes.
pub const LONGEST_MESSAGE: usize = 256 * 1024;
/// The most tiles of a `view`.
const MOST_TILES: usize = 32;

/// One message of a client. Unknown members are ignored.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClientMessage {
    /// Who comes.
    Hello(Hello),
    /// An SDP offer.
    Offer {
        /// Comes back in the answer.
        id: i64,
        /// Names the client's `RTCPeerConnection`.
        #[serde(default)]
        connection: String,
        /// The offer.
        sdp: String,
    },
    /// What the person sends now.
    Media(MediaState),
    /// The video tiles on the screen.
    View {
        /// All of them.
        tiles: Vec<Tile>,
    },
    /// For the waiting room and the board.
    Status(Devices),
    /// To everybody in the call.
    Chat {
        /// What is said.
        text: String,
    },
    /// Is anybody there?
    Ping {
        /// Comes back in the `pong`.
        #[serde(default)]
        t: Option<Number>,
    },
    /// An answer to the server's `ping`.
    Pong {},
    /// The person leaves.
    Leave {},
}

/// The first message.
#[derive(Clone, Deserialize)]
pub struct Hello {
    /// The protocol's version that the client speaks.
    pub version: u32,
    /// A room token.
    #[serde(default)]
    pub token: Option<String>,
    /// The secret of an earlier `welcome`.
    #[serde(default)]
    pub resume: Option<String>,
    /// What the person sits at.
    #[serde(default)]
    pub client: ClientInfo,
}

/// What a person sits at.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct ClientInfo {
    /// `desktop`, `mobile` or `tablet`.
    #[serde(default)]
    pub device_type: String,
    /// A short name.
    #[serde(default)]
    pub browser: String,
}

impl std::fmt::Debug for Hello {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hello")
            .field("version", &self.version)
            .field("client", &self.client)
            .finish_non_exhaustive()
    }
}

/// What is wrong with a message, by code, with a sentence for a developer. The sentence repeats nothing of the message
/// but names of members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// `bad_message` or `unknown_type`.
    pub code: Code,
    /// What is wrong.
    pub detail: String,
}

impl Malformed {
    fn new(detail: impl Into<String>) -> Self {
        Self {
            code: Code::BadMessage,
            detail: detail.into(),
        }
    }

    /// The answer to it when the call can go on.
    pub fn refusal(self) -> ServerMessage {
        ServerMessage::refusal(self.code, self.detail)
    }
}

const KNOWN: [&str; 9] = [
    "hello", "offer", "media", "view", "status", "chat", "ping", "pong", "leave",
];

/// Reads one text frame.
pub fn decode(text: &str) -> Result<ClientMessage, Malformed> {
    let value: Value =
        serde_json::from_str(text).map_err(|_| Malformed::new("The message is not JSON."))?;
    let Some(kind) = value.get("type").and_then(Value::as_str) else {
        return Err(Malformed::new("The member type is missing or is no text."));
    };
    let Some(kind) = KNOWN.into_iter().find(|known| *known == kind) else {
        return Err(Malformed {
            code: Code::UnknownType,
            detail: "The server does not know a message of this type.".into(),
        });
    };
    let message: ClientMessage = serde_json::from_value(value)
        .map_err(|error| Malformed::new(format!("{kind}: {}", without_values(&error))))?;
    if let ClientMessage::View { tiles } = &message
        && tiles.len() > MOST_TILES
    {
        return Err(Malformed::new("view: at most 32 tiles."));
    }
    Ok(message)
}

/// serde's sentence names the member that is missing or wrong, and quotes what it found there; the quotation is cut
/// off, because it may be anything a client sent.
fn without_values(error: &serde_json::Error) -> String {
    let text = error.to_string();
    if text.starts_with("missing field") {
        return text.chars().take(80).collect();
    }
    match text.split_once("expected") {
        Some((_, expected)) => format!(
            "a member is wrong; expected{}",
            expected.chars().take(80).collect::<String>()
        ),
        None => "a member is wrong".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_of_the_protocol_is_read() {
        let messages = [
            r#"{"type":"hello","version":1,"token":"t","client":{"device_type":"desktop","browser":"Chrome"}}"#,
            r#"{"type":"hello","version":1,"resume":"r"}"#,
            r#"{"type":"offer","id":3,"connection":"abcdefgh","sdp":"v=0"}"#,
            r#"{"type":"media","audio":true,"video":false,"screen":false}"#,
            r#"{"type":"view","tiles":[{"participant":4,"source":"camera","width":640,"height":360}]}"#,
            r#"{"type":"status","camera":"ok","microphone":"silent","network":"good"}"#,
            r#"{"type":"chat","text":"hello"}"#,
            r#"{"type":"ping","t":1.5}"#,
            r#"{"type":"pong"}"#,
            r#"{"type":"leave","whatever":1}"#,
        ];
        for text in messages {
            assert!(decode(text).is_ok(), "{text}: {:?}", decode(text));
        }
    }

    #[test]
    fn a_wrong_message_is_named_and_not_repeated() {
        let code = |text| decode(text).unwrap_err().code;
        assert_eq!(code("nonsense"), Code::BadMessage);
        assert_eq!(code("[]"), Code::BadMessage);
        assert_eq!(code(r#"{"type":"dance"}"#), Code::UnknownType);
        let wrong = decode(r#"{"type":"offer","id":"secret-words","sdp":""}"#).unwrap_err();
        assert_eq!(wrong.code, Code::BadMessage);
        assert!(wrong.detail.contains("offer"), "{}", wrong.detail);
        assert!(!wrong.detail.contains("secret-words"), "{}", wrong.detail);
        let missing = decode(r#"{"type":"chat"}"#).unwrap_err();
        assert!(missing.detail.contains("`text`"), "{}", missing.detail);
    }

    #[test]
    fn more_than_32_tiles_are_refused() {
        let tile = r#"{"participant":4,"source":"camera","width":64,"height":36}"#;
        let view = |n| format!(r#"{{"type":"view","tiles":[{}]}}"#, vec![tile; n].join(","));
        assert!(decode(&view(32)).is_ok());
        assert!(decode(&view(33)).is_err());
    }
}
