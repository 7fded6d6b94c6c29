//! The product on a real port with its media server, and clients of its signalling WebSocket.

use std::net::SocketAddr;
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use televisit::api::listen::{HEAD_TIME, listen};
use televisit::presence::{Presence, Timing};
use televisit::video::embedded::Embedded;
use televisit_domain::access::Role;
use televisit_domain::ids::{SessionId, UserId};
use televisit_sfu::{Sfu, SfuConfig};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use crate::clinic::{Clinic, Person};
use crate::support::TestApp;

/// How long a test waits for something that must come.
const PATIENCE: Duration = Duration::from_secs(20);

/// Waits that a test can sit through.
pub fn quick() -> Timing {
    Timing {
        hello: Duration::from_secs(2),
        silence: Duration::from_secs(3),
        grace: Duration::from_millis(500),
        ping: Duration::from_millis(200),
    }
}

/// A clinic that serves on a port, and a session of its doctor and patient.
pub struct Live {
    pub clinic: Clinic,
    pub session: i64,
    pub address: SocketAddr,
}

impl Live {
    /// With the waits of the protocol.
    pub async fn new() -> Self {
        Self::with_timing(Timing::default()).await
    }

    /// With other waits.
    pub async fn with_timing(timing: Timing) -> Self {
        let sfu = Sfu::start(SfuConfig::default()).unwrap();
        let test = TestApp::with_media(Embedded::new(sfu), Presence::new(timing)).await;
        test.app.start_jobs();
        let clinic = Clinic::over(test).await;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let app = clinic.app.app.clone();
        app.tasks.spawn(listen(app.clone(), listener, HEAD_TIME));
        let visit = clinic.visit;
        let answer = clinic
            .post(
                &clinic.doctor,
                "telemedicine/",
                json!({"visit": visit, "scheduled_start": "2026-02-06T18:00:00Z"}),
            )
            .await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        Self {
            session: answer.body["id"].as_i64().unwrap(),
            clinic,
            address,
        }
    }

    /// The session's own path below `/api/v1/`.
    pub fn path(&self, rest: &str) -> String {
        format!("telemedicine/{}/{rest}", self.session)
    }

    /// A call of the session, which must succeed.
    pub async fn does(&self, who: &Person, what: &str, body: Value) {
        let answer = self.clinic.post(who, &self.path(what), body).await;
        assert!(answer.status.is_success(), "{what}: {}", answer.text);
    }

    /// A room token as the API gives it.
    pub async fn token(&self, who: &Person) -> String {
        let answer = self
            .clinic
            .post(who, &self.path("generate-token/"), json!({}))
            .await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.body["token"].as_str().unwrap().to_owned()
    }

    /// A room token that the API would not give.
    pub fn forged(&self, who: &Person, role: Role) -> String {
        let app = &self.clinic.app.app;
        let (user, session) = (UserId(who.id), SessionId(self.session));
        let token = app
            .tokens
            .room(user, role, session, "room", app.clock.now());
        token.unwrap().0
    }

    /// A WebSocket on which nothing was said yet.
    pub async fn socket(&self) -> Client {
        Client::connects(&self.address.to_string()).await
    }

    /// Somebody who says hello and then nothing more.
    pub async fn freezes(&self, who: &Person) -> Frozen {
        let token = self.token(who).await;
        let mut socket = connect(&self.address.to_string()).await;
        let hello = json!({"type": "hello", "version": 1, "token": token});
        socket.send(Message::text(hello.to_string())).await.unwrap();
        Frozen(socket)
    }

    /// Somebody who said hello with a fresh token and was welcomed.
    pub async fn enters(&self, who: &Person) -> (Client, Value) {
        let token = self.token(who).await;
        let mut client = self.socket().await;
        client.hello(json!({"token": token})).await;
        let welcome = client.hears("welcome").await;
        (client, welcome)
    }
}

/// One WebSocket of a call. A task reads it and answers pings, as a browser does while its page is busy.
pub struct Client {
    out: mpsc::Sender<Message>,
    heard: mpsc::Receiver<Heard>,
    task: tokio::task::JoinHandle<()>,
}

/// What a client's task read.
enum Heard {
    Said(Value),
    Closed(Option<u16>),
}

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

async fn read(mut socket: Socket, mut out: mpsc::Receiver<Message>, heard: mpsc::Sender<Heard>) {
    loop {
        let frame = tokio::select! {
            message = out.recv() => match message {
                Some(message) => {
                    // A server that has hung up already is found by the next read.
                    let _ = socket.send(message).await;
                    continue;
                }
                None => return,
            },
            frame = socket.next() => frame,
        };
        let last = match frame {
            Some(Ok(Message::Text(text))) => {
                let message: Value = serde_json::from_str(&text).unwrap();
                if message["type"] == "ping" {
                    let _ = socket.send(Message::text(r#"{"type":"pong"}"#)).await;
                } else if heard.send(Heard::Said(message)).await.is_err() {
                    return;
                }
                continue;
            }
            Some(Ok(Message::Close(frame))) => frame.map(|frame| frame.code.into()),
            Some(Ok(_)) => continue,
            Some(Err(_)) | None => None,
        };
        let _ = heard.send(Heard::Closed(last)).await;
        return;
    }
}

async fn connect(address: &str) -> Socket {
    let url = format!("ws://{address}/api/v1/telemedicine/signal/");
    tokio_tungstenite::connect_async(url).await.unwrap().0
}

impl Client {
    /// On the WebSocket of a server.
    #[expect(
        clippy::disallowed_methods,
        reason = "the client is no part of the product; its task ends with its socket"
    )]
    pub async fn connects(address: &str) -> Self {
        let socket = connect(address).await;
        let (out, messages) = mpsc::channel(256);
        let (said, heard) = mpsc::channel(1024);
        let task = tokio::task::spawn(read(socket, messages, said));
        Self { out, heard, task }
    }

    /// Says a message.
    pub async fn says(&mut self, message: Value) {
        self.says_text(message.to_string()).await;
    }

    /// Sends a text frame.
    pub async fn says_text(&mut self, text: String) {
        let _ = self.out.send(Message::text(text)).await;
    }

    /// Says hello with these members.
    pub async fn hello(&mut self, members: Value) {
        let mut hello = json!({"type": "hello", "version": 1, "client": {"device_type": "desktop", "browser": "Test"}});
        for (name, value) in members.as_object().unwrap() {
            hello[name] = value.clone();
        }
        self.says(hello).await;
    }

    async fn listen(&mut self) -> Heard {
        tokio::time::timeout(PATIENCE, self.heard.recv())
            .await
            .unwrap()
            .unwrap_or(Heard::Closed(None))
    }

    /// The next message, pings left out; none when the connection is closed.
    pub async fn next(&mut self) -> Option<Value> {
        match self.listen().await {
            Heard::Said(message) => Some(message),
            Heard::Closed(_) => None,
        }
    }

    /// The next message of this type; others before it are passed over.
    pub async fn hears(&mut self, kind: &str) -> Value {
        let mut before = Vec::new();
        loop {
            match self.next().await {
                Some(message) if message["type"] == kind => return message,
                Some(message) => before.push(message),
                None => panic!("closed before {kind}; heard {before:?}"),
            }
        }
    }

    /// The code of the close that must come now.
    pub async fn closes(&mut self) -> Option<u16> {
        loop {
            if let Heard::Closed(code) = self.listen().await {
                return code;
            }
        }
    }

    /// Goes away without a word, as a lost network does.
    pub fn vanishes(self) {
        self.task.abort();
    }
}

/// A connection that is open and says nothing more, not even to a ping.
pub struct Frozen(#[expect(dead_code, reason = "held, so that the connection stays open")] Socket);
