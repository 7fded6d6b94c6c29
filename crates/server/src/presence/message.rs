//! What the server says on a call's WebSocket (`docs/signalling.md`, sections 4 and 5).

use axum::extract::ws::Utf8Bytes;
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Number;
use televisit_domain::access::Role;
use televisit_domain::ids::{SessionId, UserId};
use televisit_domain::session::SessionStatus;
use televisit_sfu::{Level, Slot};

/// The protocol's version.
pub const VERSION: u32 = 1;

/// One message of the server.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[expect(missing_docs, reason = "docs/signalling.md describes each member")]
pub enum ServerMessage {
    Welcome(Box<Welcome>),
    Admitted,
    Answer {
        id: i64,
        sdp: String,
    },
    Slots {
        slots: Vec<Slot>,
    },
    NeedSlots {
        audio: usize,
        video: usize,
    },
    Joined {
        participant: Participant,
    },
    Updated {
        participant: Participant,
    },
    Left {
        participant: i64,
        reason: LeftReason,
    },
    Chat(ChatLine),
    Quality {
        participant: i64,
        level: Level,
    },
    Ended {
        reason: EndReason,
    },
    Ping {
        #[serde(skip_serializing_if = "Option::is_none")]
        t: Option<Number>,
    },
    Pong {
        #[serde(skip_serializing_if = "Option::is_none")]
        t: Option<Number>,
    },
    Error(ErrorMessage),
}

/// The first message after a good `hello`.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "docs/signalling.md describes each member")]
pub struct Welcome {
    pub version: u32,
    pub participant: i64,
    pub resume: String,
    pub state: Admission,
    pub session: SessionLine,
    pub participants: Vec<Participant>,
    pub chat: Vec<ChatLine>,
    pub connection: Option<String>,
    pub ping_interval_ms: u64,
    pub ice_servers: [(); 0],
}

/// The session as `welcome` names it.
#[derive(Clone, Copy, Debug, Serialize)]
#[expect(missing_docs, reason = "docs/signalling.md describes each member")]
pub struct SessionLine {
    pub id: SessionId,
    pub status: SessionStatus,
}

/// Whether a person waits or is in the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Admission {
    /// In the waiting room.
    Waiting,
    /// In the call.
    Admitted,
}

/// A person's connection, as the others see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Connection {
    /// Here, without media yet.
    Connecting,
    /// Media can flow.
    Connected,
    /// Not heard of for some seconds.
    Lost,
}

/// A person as the others see him.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "docs/signalling.md describes each member")]
pub struct Participant {
    pub id: i64,
    pub user: UserId,
    pub display_name: String,
    pub role: Role,
    pub audio: bool,
    pub video: bool,
    pub screen: bool,
    pub state: Admission,
    pub connection: Connection,
}

/// A chat message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "docs/signalling.md describes each member")]
pub struct ChatLine {
    pub id: u64,
    pub from: i64,
    pub text: String,
    pub at: DateTime<Utc>,
}

/// Why somebody is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LeftReason {
    /// He said so.
    Left,
    /// He did not come back in time.
    Lost,
    /// He was taken out.
    Removed,
}

/// Why the room closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// The doctor ended the visit.
    Completed,
    /// It was called off.
    Cancelled,
    /// It could not be held.
    Failed,
}

impl EndReason {
    /// The reason that a final status stands for; none for the others.
    pub fn of(status: SessionStatus) -> Option<Self> {
        match status {
            SessionStatus::Scheduled | SessionStatus::InProgress => None,
            SessionStatus::Completed => Some(Self::Completed),
            SessionStatus::Cancelled => Some(Self::Cancelled),
            SessionStatus::Failed => Some(Self::Failed),
        }
    }
}

/// What went wrong, by a stable code (section 7 of the protocol).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "docs/signalling.md describes each member")]
pub struct ErrorMessage {
    pub code: Code,
    pub detail: String,
    pub fatal: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
}

/// The protocol's error codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "docs/signalling.md describes each code")]
pub enum Code {
    HelloTimeout,
    VersionUnsupported,
    TokenInvalid,
    TokenExpired,
    NotAllowed,
    SessionOver,
    RoomFull,
    TakenOver,
    Removed,
    RateLimited,
    MessageTooLarge,
    BadMessage,
    UnknownType,
    BadSdp,
    BadConnection,
    MediaFailed,
    ChatTooLong,
    ChatEmpty,
    Waiting,
    Unavailable,
    Internal,
}

impl ServerMessage {
    /// An error after which the socket is closed.
    pub fn fatal(code: Code, detail: impl Into<String>) -> Self {
        Self::Error(ErrorMessage {
            code,
            detail: detail.into(),
            fatal: true,
            id: None,
        })
    }

    /// An error after which the call goes on.
    pub fn refusal(code: Code, detail: impl Into<String>) -> Self {
        Self::Error(ErrorMessage {
            code,
            detail: detail.into(),
            fatal: false,
            id: None,
        })
    }

    /// An error about the offer with this id.
    pub fn offer_refused(id: i64, code: Code, detail: impl Into<String>) -> Self {
        Self::Error(ErrorMessage {
            code,
            detail: detail.into(),
            fatal: false,
            id: Some(id),
        })
    }

    /// The text frame.
    pub fn encode(&self) -> Utf8Bytes {
        // Serialising these types cannot fail: no map has keys other than text.
        serde_json::to_string(self).unwrap_or_default().into()
    }
}
