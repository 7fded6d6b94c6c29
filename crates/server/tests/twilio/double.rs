//! A stand-in for Twilio's video API: it keeps rooms, participants and recordings as Twilio does, checks credentials,
//! and fails on demand in the ways that Twilio and networks fail.
//!
//! It is itself checked: against Twilio's own OpenAPI description (`scripts/twilio-conformance`) and by Twilio's own
//! Python client.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// A way to fail. Each applies to one request, in the order in which they were set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Does what was asked and then cuts the connection without an answer.
    DropAnswer,
    /// Answers after this long.
    Delay(Duration),
    /// Too many requests, with `Retry-After`.
    TooMany,
    /// Down for maintenance.
    Down,
    /// Answers with something that is no JSON.
    NotJson,
    /// Answers with a redirect to another host.
    Redirect,
    /// Out of rooms.
    Quota,
}

/// A room as Twilio keeps it.
#[derive(Clone, Debug)]
pub struct DoubleRoom {
    pub sid: String,
    pub unique_name: String,
    pub status: String,
    pub callback: Option<String>,
    pub recorded: bool,
    pub participants: Vec<(String, String, String)>,
    pub recordings: Vec<(String, String, String)>,
}

#[derive(Debug, Default)]
struct Inner {
    rooms: Vec<DoubleRoom>,
    faults: VecDeque<Fault>,
    dead: bool,
    requests: Vec<String>,
    counter: u64,
    base: String,
}

/// The double: shared by its server and the test that runs it.
#[derive(Clone, Debug, Default)]
pub struct Double(Arc<Mutex<Inner>>);

/// The account and key that the double accepts.
pub const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";
/// The account's token.
pub const AUTH_TOKEN: &str = "fedcba9876543210fedcba9876543210";
/// The API key.
pub const KEY: &str = "SK0123456789abcdef0123456789abcdef";
/// Its secret.
pub const SECRET: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUV";

impl Double {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Fails the next request like this.
    pub fn fail_next(&self, fault: Fault) {
        self.inner().faults.push_back(fault);
    }

    /// Whether every request is answered 503 from now on.
    pub fn set_dead(&self, dead: bool) {
        self.inner().dead = dead;
    }

    /// Every room there ever was.
    pub fn rooms(&self) -> Vec<DoubleRoom> {
        self.inner().rooms.clone()
    }

    /// Method and path of every request so far.
    pub fn requests(&self) -> Vec<String> {
        self.inner().requests.clone()
    }

    /// Somebody connects to a room with the SDK.
    pub fn connect(&self, room_sid: &str, identity: &str) {
        let mut inner = self.inner();
        let sid = inner.sid("PA");
        if let Some(room) = inner.rooms.iter_mut().find(|room| room.sid == room_sid) {
            room.participants
                .push((sid, identity.to_owned(), "connected".to_owned()));
        }
    }

    /// A room reaches a status, of Twilio's or not.
    pub fn set_status(&self, room_sid: &str, status: &str) {
        if let Some(room) = self
            .inner()
            .rooms
            .iter_mut()
            .find(|room| room.sid == room_sid)
        {
            status.clone_into(&mut room.status);
        }
    }

    /// A recording of a room reaches a status.
    pub fn record(&self, room_sid: &str, kind: &str, status: &str) {
        let mut inner = self.inner();
        let sid = inner.sid("RT");
        if let Some(room) = inner.rooms.iter_mut().find(|room| room.sid == room_sid) {
            room.recordings
                .push((sid, kind.to_owned(), status.to_owned()));
        }
    }

    /// Serves on a free loopback port until the test's runtime ends.
    pub async fn serve(&self) -> SocketAddr {
        self.serve_on("127.0.0.1:0").await
    }

    /// Serves on an address.
    pub async fn serve_on(&self, address: &str) -> SocketAddr {
        let listener = tokio::net::TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        self.inner().base = format!("http://{address}");
        let router = self.router();
        #[expect(
            clippy::disallowed_methods,
            reason = "ends with the test's own runtime"
        )]
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        address
    }

    fn router(&self) -> Router {
        Router::new()
            .route("/v1/Rooms", get(list_rooms).post(create_room))
            .route("/v1/Rooms/{room}", get(fetch_room).post(update_room))
            .route("/v1/Rooms/{room}/Participants", get(list_participants))
            .route(
                "/v1/Rooms/{room}/Participants/{who}",
                post(update_participant),
            )
            .route("/v1/Rooms/{room}/Recordings", get(list_recordings))
            .route("/v1/Recordings/{recording}/Media", get(media))
            .layer(from_fn_with_state(self.clone(), gate))
            .with_state(self.clone())
    }
}

impl Inner {
    fn sid(&mut self, prefix: &str) -> String {
        self.counter += 1;
        format!("{prefix}{:032x}", self.counter)
    }
}

/// Credentials and faults, before and after the handler.
async fn gate(State(double): State<Double>, request: Request, next: Next) -> Response {
    let (fault, dead) = {
        let mut inner = double.inner();
        inner
            .requests
            .push(format!("{} {}", request.method(), request.uri().path()));
        (inner.faults.pop_front(), inner.dead)
    };
    if dead {
        return trouble(
            StatusCode::SERVICE_UNAVAILABLE,
            20503,
            "Service is unavailable",
        );
    }
    if !is_authorised(request.headers()) {
        return trouble(StatusCode::UNAUTHORIZED, 20003, "Authenticate");
    }
    match fault {
        Some(Fault::Delay(time)) => tokio::time::sleep(time).await,
        Some(Fault::TooMany) => {
            let mut answer = trouble(StatusCode::TOO_MANY_REQUESTS, 20429, "Too Many Requests");
            answer
                .headers_mut()
                .insert(header::RETRY_AFTER, header::HeaderValue::from_static("1"));
            return answer;
        }
        Some(Fault::Down) => {
            return trouble(
                StatusCode::SERVICE_UNAVAILABLE,
                20503,
                "Service is unavailable",
            );
        }
        Some(Fault::NotJson) => {
            return (
                StatusCode::OK,
                "<html>Welcome to the hotel's network</html>",
            )
                .into_response();
        }
        Some(Fault::Redirect) => {
            return (
                StatusCode::FOUND,
                [(header::LOCATION, "http://elsewhere.invalid/v1/Rooms")],
            )
                .into_response();
        }
        Some(Fault::Quota) => {
            return trouble(
                StatusCode::BAD_REQUEST,
                53119,
                "Maximum number of concurrent rooms reached",
            );
        }
        Some(Fault::DropAnswer) | None => {}
    }
    let answer = next.run(request).await;
    if fault == Some(Fault::DropAnswer) {
        // A body that fails before its first byte makes the server close the connection.
        let broken =
            futures_util::stream::once(async { Err::<Vec<u8>, _>(std::io::Error::other("cut")) });
        return Response::new(Body::from_stream(broken));
    }
    answer
}

fn is_authorised(headers: &HeaderMap) -> bool {
    let Some(sent) = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
    else {
        return false;
    };
    [(KEY, SECRET), (ACCOUNT, AUTH_TOKEN)]
        .iter()
        .any(|(user, password)| {
            sent == format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
        })
}

fn trouble(status: StatusCode, code: i64, message: &str) -> Response {
    let body = json!({
        "code": code, "message": message, "status": status.as_u16(),
        "more_info": format!("https://www.twilio.com/docs/errors/{code}"),
    });
    (status, Json(body)).into_response()
}

fn missing(what: &str) -> Response {
    trouble(
        StatusCode::NOT_FOUND,
        20404,
        &format!("The requested resource {what} was not found"),
    )
}

fn form(body: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(body.as_bytes())
        .into_owned()
        .collect()
}

fn value<'a>(form: &'a [(String, String)], name: &str) -> Option<&'a str> {
    form.iter()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.as_str())
}

const NOW: &str = "2026-02-06T18:00:00Z";

fn room_json(room: &DoubleRoom) -> Value {
    let over = room.status != "in-progress";
    json!({
        "sid": room.sid, "status": room.status, "unique_name": room.unique_name, "account_sid": ACCOUNT,
        "date_created": NOW, "date_updated": NOW, "end_time": over.then_some(NOW), "duration": over.then_some(60),
        "enable_turn": true, "type": "group", "status_callback": room.callback, "status_callback_method": "POST",
        "max_participants": 50, "max_participant_duration": 14400, "max_concurrent_published_tracks": 170,
        "record_participants_on_connect": room.recorded, "video_codecs": ["VP8"], "media_region": "us1",
        "audio_only": false, "empty_room_timeout": 30, "unused_room_timeout": 60, "large_room": false,
        "url": format!("https://video.twilio.com/v1/Rooms/{}", room.sid),
        "links": {
            "participants": format!("https://video.twilio.com/v1/Rooms/{}/Participants", room.sid),
            "recordings": format!("https://video.twilio.com/v1/Rooms/{}/Recordings", room.sid),
            "recording_rules": format!("https://video.twilio.com/v1/Rooms/{}/RecordingRules", room.sid),
        },
    })
}

fn page(key: &str, rows: &[Value], url: &str) -> Response {
    let mut body = json!({
        "meta": { "key": key, "page": 0, "page_size": 100, "first_page_url": url, "next_page_url": null, "previous_page_url": null, "url": url },
    });
    body[key] = json!(rows);
    Json(body).into_response()
}

async fn create_room(State(double): State<Double>, body: String) -> Response {
    let form = form(&body);
    let mut inner = double.inner();
    let sid = inner.sid("RM");
    let unique_name = value(&form, "UniqueName").unwrap_or(&sid).to_owned();
    if inner
        .rooms
        .iter()
        .any(|room| room.unique_name == unique_name && room.status == "in-progress")
    {
        return trouble(StatusCode::BAD_REQUEST, 53113, "Room exists");
    }
    let room = DoubleRoom {
        sid,
        unique_name,
        status: "in-progress".into(),
        callback: value(&form, "StatusCallback").map(str::to_owned),
        recorded: value(&form, "RecordParticipantsOnConnect") == Some("true"),
        participants: Vec::new(),
        recordings: Vec::new(),
    };
    let answer = room_json(&room);
    inner.rooms.push(room);
    (StatusCode::CREATED, Json(answer)).into_response()
}

async fn list_rooms(
    State(double): State<Double>,
    Query(query): Query<Vec<(String, String)>>,
) -> Response {
    let inner = double.inner();
    let status = value(&query, "Status").unwrap_or("in-progress");
    let name = value(&query, "UniqueName");
    let rows: Vec<Value> = inner
        .rooms
        .iter()
        .filter(|room| room.status == status && name.is_none_or(|name| room.unique_name == name))
        .map(room_json)
        .collect();
    page("rooms", &rows, &format!("{}/v1/Rooms", inner.base))
}

/// By SID always, by name only while it is in progress.
fn find<'a>(inner: &'a mut Inner, room: &str) -> Option<&'a mut DoubleRoom> {
    inner
        .rooms
        .iter_mut()
        .find(|kept| kept.sid == room || (kept.unique_name == room && kept.status == "in-progress"))
}

async fn fetch_room(State(double): State<Double>, Path(room): Path<String>) -> Response {
    find(&mut double.inner(), &room).map_or_else(
        || missing(&format!("/Rooms/{room}")),
        |room| Json(room_json(room)).into_response(),
    )
}

async fn update_room(
    State(double): State<Double>,
    Path(room): Path<String>,
    body: String,
) -> Response {
    let mut inner = double.inner();
    let Some(kept) = find(&mut inner, &room) else {
        return missing(&format!("/Rooms/{room}"));
    };
    if value(&form(&body), "Status") != Some("completed") {
        return trouble(StatusCode::BAD_REQUEST, 20001, "Status must be completed");
    }
    if kept.status != "in-progress" {
        return trouble(StatusCode::BAD_REQUEST, 53118, "Room completed");
    }
    kept.status = "completed".into();
    for participant in &mut kept.participants {
        participant.2 = "disconnected".into();
    }
    (StatusCode::ACCEPTED, Json(room_json(kept))).into_response()
}

fn participant_json(
    room: &DoubleRoom,
    (sid, identity, status): &(String, String, String),
) -> Value {
    let over = status == "disconnected";
    let url = format!(
        "https://video.twilio.com/v1/Rooms/{}/Participants/{sid}",
        room.sid
    );
    json!({
        "sid": sid, "room_sid": room.sid, "account_sid": ACCOUNT, "status": status, "identity": identity,
        "date_created": NOW, "date_updated": NOW, "start_time": NOW, "end_time": over.then_some(NOW),
        "duration": over.then_some(60), "url": url,
        "links": {
            "published_tracks": format!("{url}/PublishedTracks"), "subscribed_tracks": format!("{url}/SubscribedTracks"),
            "subscribe_rules": format!("{url}/SubscribeRules"), "anonymize": format!("{url}/Anonymize"),
        },
    })
}

async fn list_participants(State(double): State<Double>, Path(room): Path<String>) -> Response {
    let mut inner = double.inner();
    let base = inner.base.clone();
    let Some(room) = find(&mut inner, &room) else {
        return missing(&format!("/Rooms/{room}"));
    };
    let rows: Vec<Value> = room
        .participants
        .iter()
        .map(|participant| participant_json(room, participant))
        .collect();
    page(
        "participants",
        &rows,
        &format!("{base}/v1/Rooms/{}/Participants", room.sid),
    )
}

async fn update_participant(
    State(double): State<Double>,
    Path((room, who)): Path<(String, String)>,
    body: String,
) -> Response {
    let mut inner = double.inner();
    let Some(room) = find(&mut inner, &room) else {
        return missing(&format!("/Rooms/{room}"));
    };
    if value(&form(&body), "Status") != Some("disconnected") {
        return trouble(
            StatusCode::BAD_REQUEST,
            20001,
            "Status must be disconnected",
        );
    }
    let Some(at) = room
        .participants
        .iter()
        .rposition(|(sid, identity, _)| *sid == who || *identity == who)
    else {
        return missing(&format!("/Participants/{who}"));
    };
    room.participants[at].2 = "disconnected".into();
    (
        StatusCode::ACCEPTED,
        Json(participant_json(room, &room.participants[at])),
    )
        .into_response()
}

async fn list_recordings(State(double): State<Double>, Path(room): Path<String>) -> Response {
    let mut inner = double.inner();
    let base = inner.base.clone();
    let Some(room) = find(&mut inner, &room) else {
        return missing(&format!("/Rooms/{room}"));
    };
    let rows: Vec<Value> = room
        .recordings
        .iter()
        .map(|(sid, kind, status)| {
            let url = format!("https://video.twilio.com/v1/Rooms/{}/Recordings/{sid}", room.sid);
            json!({
                "sid": sid, "room_sid": room.sid, "account_sid": ACCOUNT, "status": status, "type": kind,
                "date_created": NOW, "source_sid": format!("MT{}", &sid[2..]), "size": 1024, "duration": 60,
                "container_format": if kind == "audio" { "mka" } else { "mkv" },
                "codec": if kind == "audio" { "OPUS" } else { "VP8" },
                "grouping_sids": { "room_sid": room.sid, "participant_sid": "PA00000000000000000000000000000001" },
                "track_name": kind, "offset": 100, "media_external_location": null, "url": url,
                "links": { "media": format!("{url}/Media") },
            })
        })
        .collect();
    page(
        "recordings",
        &rows,
        &format!("{base}/v1/Rooms/{}/Recordings", room.sid),
    )
}

async fn media(State(double): State<Double>, Path(recording): Path<String>) -> Response {
    let inner = double.inner();
    let there = inner
        .rooms
        .iter()
        .any(|room| room.recordings.iter().any(|(sid, ..)| *sid == recording));
    if !there {
        return missing(&format!("/Recordings/{recording}"));
    }
    let location = format!("https://media.invalid/{recording}?signature=theirs");
    (
        StatusCode::FOUND,
        [(header::LOCATION, location.clone())],
        Json(json!({ "redirect_to": location })),
    )
        .into_response()
}
