//! Twilio's REST API for video, as far as rooms, participants and recordings.

use std::time::Duration;

use reqwest::{Client, Method, RequestBuilder, StatusCode, header};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::credentials::Credentials;

/// A room (`RM...`).
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct Room {
    /// Its SID: the only name that stays valid after the end.
    pub sid: String,
    /// `in-progress`, `completed` or `failed`.
    pub status: String,
    /// The name that we gave it.
    #[serde(default)]
    pub unique_name: String,
    /// Seconds; absent while it goes on.
    #[serde(default)]
    pub duration: Option<i64>,
}

/// A participant (`PA...`) of a room.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct Participant {
    /// Its SID.
    pub sid: String,
    /// The identity of the token: ours.
    #[serde(default)]
    pub identity: String,
    /// `connected`, `reconnecting` or `disconnected`.
    pub status: String,
    /// When he came.
    #[serde(default)]
    pub start_time: Option<chrono::DateTime<chrono::Utc>>,
    /// When he left.
    #[serde(default)]
    pub end_time: Option<chrono::DateTime<chrono::Utc>>,
}

/// A recording (`RT...`): one track of one person.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct Recording {
    /// Its SID.
    pub sid: String,
    /// `processing`, `completed`, `deleted` or `failed`.
    pub status: String,
    /// `audio` or `video`; written in either case.
    #[serde(default, rename = "type")]
    pub kind: String,
    /// Milliseconds on the clock that all tracks of a room share.
    #[serde(default)]
    pub offset: Option<i64>,
    /// Seconds.
    #[serde(default)]
    pub duration: Option<i64>,
    /// Bytes.
    #[serde(default)]
    pub size: Option<i64>,
}

/// Why a call did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Twilio answered with an error of its own.
    #[error("Twilio answered {status} with code {code}: {message}")]
    Api {
        /// HTTP status.
        status: u16,
        /// Twilio's code, 0 when the body had none.
        code: i64,
        /// Twilio's words.
        message: String,
        /// Seconds until it may be tried again, when it said so.
        retry_after: Option<u64>,
    },
    /// Twilio answered something that is not its API.
    #[error("the answer is not Twilio's: {0}")]
    Malformed(String),
    /// The request was sent and no answer came: it may or may not have been done. Ask before trying again.
    #[error("no answer came")]
    OutcomeUnknown(#[source] reqwest::Error),
    /// The request never arrived.
    #[error("Twilio could not be reached")]
    Unreachable(#[source] reqwest::Error),
}

impl Error {
    /// Twilio's own code, when it answered with one.
    pub fn code(&self) -> Option<i64> {
        match self {
            Self::Api { code, .. } => Some(*code),
            Self::Malformed(_) | Self::OutcomeUnknown(_) | Self::Unreachable(_) => None,
        }
    }
}

#[derive(Deserialize)]
struct ErrorBody {
    #[serde(default)]
    code: i64,
    #[serde(default)]
    message: String,
}

#[derive(Deserialize)]
struct Meta {
    #[serde(default)]
    next_page_url: Option<String>,
}

/// The codes that a caller decides by (twilio.com/docs/api/errors).
pub mod code {
    /// No such thing; for a name also: no such room in progress.
    pub const NOT_FOUND: i64 = 20404;
    /// A room of this name is in progress.
    pub const ROOM_EXISTS: i64 = 53113;
    /// The room is over.
    pub const ROOM_COMPLETED: i64 = 53118;
}

/// The REST API of one account.
#[derive(Clone, Debug)]
pub struct Rest {
    client: Client,
    base: String,
    credentials: Credentials,
}

/// What a new room is like.
#[derive(Clone, Debug)]
pub struct NewRoom<'a> {
    /// Its unique name: the key by which a repetition finds the same room.
    pub unique_name: &'a str,
    /// Where Twilio tells what happens; none when no callback can be verified.
    pub status_callback: Option<&'a str>,
    /// Whether every track is recorded from the start.
    pub record: bool,
}

impl Rest {
    /// The API at `base` (`https://video.twilio.com`), without a slash at its end.
    pub fn new(client: Client, base: String, credentials: Credentials) -> Self {
        Self {
            client,
            base,
            credentials,
        }
    }

    /// The base address.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Makes a room.
    pub async fn create_room(&self, room: &NewRoom<'_>) -> Result<Room, Error> {
        let mut form = vec![
            ("UniqueName", room.unique_name),
            ("Type", "group"),
            (
                "RecordParticipantsOnConnect",
                if room.record { "true" } else { "false" },
            ),
            // Minutes. A doctor's pause must not end the visit; an abandoned room must not stay.
            ("EmptyRoomTimeout", "30"),
            ("UnusedRoomTimeout", "60"),
        ];
        if let Some(url) = room.status_callback {
            form.push(("StatusCallback", url));
            form.push(("StatusCallbackMethod", "POST"));
        }
        self.send(self.request(Method::POST, "/v1/Rooms").form(&form))
            .await
    }

    /// The room of a SID, or of a name while it is in progress.
    pub async fn room(&self, sid_or_name: &str) -> Result<Room, Error> {
        self.send(self.request(Method::GET, &format!("/v1/Rooms/{sid_or_name}")))
            .await
    }

    /// Ends a room and puts everybody out.
    pub async fn complete_room(&self, sid: &str) -> Result<Room, Error> {
        self.send(
            self.request(Method::POST, &format!("/v1/Rooms/{sid}"))
                .form(&[("Status", "completed")]),
        )
        .await
    }

    /// Every room in progress.
    pub async fn rooms_in_progress(&self) -> Result<Vec<Room>, Error> {
        #[derive(Deserialize)]
        struct Page {
            rooms: Vec<Room>,
            meta: Meta,
        }
        self.pages("/v1/Rooms?Status=in-progress&PageSize=100", |page: Page| {
            (page.rooms, page.meta.next_page_url)
        })
        .await
    }

    /// Everybody who is or was in a room.
    pub async fn participants(&self, room_sid: &str) -> Result<Vec<Participant>, Error> {
        #[derive(Deserialize)]
        struct Page {
            participants: Vec<Participant>,
            meta: Meta,
        }
        let path = format!("/v1/Rooms/{room_sid}/Participants?PageSize=100");
        self.pages(&path, |page: Page| {
            (page.participants, page.meta.next_page_url)
        })
        .await
    }

    /// Puts a participant out. His token still opens the room until it expires.
    pub async fn remove_participant(
        &self,
        room_sid: &str,
        sid_or_identity: &str,
    ) -> Result<Participant, Error> {
        let path = format!("/v1/Rooms/{room_sid}/Participants/{sid_or_identity}");
        self.send(
            self.request(Method::POST, &path)
                .form(&[("Status", "disconnected")]),
        )
        .await
    }

    /// The recordings of a room, one a track.
    pub async fn recordings(&self, room_sid: &str) -> Result<Vec<Recording>, Error> {
        #[derive(Deserialize)]
        struct Page {
            recordings: Vec<Recording>,
            meta: Meta,
        }
        let path = format!("/v1/Rooms/{room_sid}/Recordings?PageSize=100");
        self.pages(&path, |page: Page| {
            (page.recordings, page.meta.next_page_url)
        })
        .await
    }

    /// Where a recording's media lies. The address is to be fetched without our credentials: it belongs to somebody
    /// else and carries its own.
    pub async fn media_location(&self, recording_sid: &str) -> Result<String, Error> {
        #[derive(Deserialize)]
        struct Redirect {
            redirect_to: String,
        }
        let response = self
            .request(
                Method::GET,
                &format!("/v1/Recordings/{recording_sid}/Media"),
            )
            .send()
            .await
            .map_err(failed)?;
        if let Some(location) = response
            .headers()
            .get(header::LOCATION)
            .and_then(|value| value.to_str().ok())
            && response.status().is_redirection()
        {
            return Ok(location.to_owned());
        }
        Ok(read::<Redirect>(response).await?.redirect_to)
    }

    /// One cheap call that needs good credentials. Answers Twilio's clock (the header `Date`), in seconds since 1970.
    pub async fn ping(&self) -> Result<Option<i64>, Error> {
        let response = self
            .request(Method::GET, "/v1/Rooms?PageSize=1")
            .send()
            .await
            .map_err(failed)?;
        let date = response
            .headers()
            .get(header::DATE)
            .and_then(|value| value.to_str().ok())
            .and_then(|text| chrono::DateTime::parse_from_rfc2822(text).ok())
            .map(|date| date.timestamp());
        read::<serde_json::Value>(response).await.map(|_| date)
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let credentials = &self.credentials;
        self.client
            .request(method, format!("{}{path}", self.base))
            .basic_auth(&credentials.key_sid, Some(credentials.key_secret.expose()))
    }

    async fn send<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, Error> {
        read(request.send().await.map_err(failed)?).await
    }

    /// All pages, followed by the address that each page names. That address must lead to the same host: our
    /// credentials go with it.
    async fn pages<P: DeserializeOwned, T>(
        &self,
        first: &str,
        open: impl Fn(P) -> (Vec<T>, Option<String>),
    ) -> Result<Vec<T>, Error> {
        let mut all = Vec::new();
        let mut path = first.to_owned();
        for _ in 0..100 {
            let (rows, next) = open(self.send(self.request(Method::GET, &path)).await?);
            all.extend(rows);
            let Some(next) = next else { return Ok(all) };
            next.strip_prefix(self.base.as_str())
                .filter(|rest| rest.starts_with('/'))
                .ok_or_else(|| Error::Malformed("the next page lies on another host".into()))?
                .clone_into(&mut path);
        }
        Err(Error::Malformed("more than 100 pages".into()))
    }
}

/// A failure of the transport: whether the request may have been done.
fn failed(error: reqwest::Error) -> Error {
    // `without_url`: the URL holds nothing secret today, but it has no place in a log either.
    let error = error.without_url();
    if error.is_connect() {
        Error::Unreachable(error)
    } else {
        Error::OutcomeUnknown(error)
    }
}

async fn read<T: DeserializeOwned>(response: reqwest::Response) -> Result<T, Error> {
    let status = response.status();
    let retry_after = response
        .headers()
        .get(header::RETRY_AFTER)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.parse().ok());
    let body = response
        .bytes()
        .await
        .map_err(|error| Error::OutcomeUnknown(error.without_url()))?;
    if status.is_success() {
        return serde_json::from_slice(&body).map_err(|error| Error::Malformed(error.to_string()));
    }
    let told: ErrorBody = serde_json::from_slice(&body).unwrap_or(ErrorBody {
        code: 0,
        message: String::new(),
    });
    if told.code == 0 && status == StatusCode::PROXY_AUTHENTICATION_REQUIRED {
        return Err(Error::Malformed(
            "a proxy answered instead of Twilio (407)".into(),
        ));
    }
    Err(Error::Api {
        status: status.as_u16(),
        code: told.code,
        message: told.message,
        retry_after,
    })
}

/// How long one call may take as a whole. A visit that waits for its room waits no longer.
pub const CALL_TIME: Duration = Duration::from_secs(2);
