//! The product in a test: a database of its own, a clock that stands still, and requests without a socket.

use std::net::{IpAddr, SocketAddr};

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use chrono::{DateTime, Utc};
use clap::Parser;
use http_body_util::BodyExt as _;
use serde_json::Value;
use televisit::app::App;
use televisit::config::Config;
use televisit::presence::Presence;
use televisit::tokens::Tokens;
use televisit::video::embedded::Embedded;
use televisit_domain::clock::Clock;
use televisit_storage::Db;
use tower::ServiceExt as _;

/// A running product with nothing in it.
pub struct TestApp {
    pub app: App,
    pub clock: Clock,
    router: Router,
    _data: tempfile::TempDir,
}

/// An answer, read whole.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
    pub text: String,
}

/// The settings of a test, read as from the command line.
#[derive(Parser)]
pub struct Arguments {
    #[command(flatten)]
    pub config: Config,
}

/// What signs the tokens of tests.
pub const SECRET: &str = "a secret of at least thirty-two bytes";

/// The moment at which every test begins: the seed's visit.
pub fn start() -> DateTime<Utc> {
    "2026-02-06T18:00:00Z".parse().unwrap()
}

impl TestApp {
    /// On SQLite in a folder of its own.
    pub async fn new() -> Self {
        Self::with_arguments(&[]).await
    }

    /// On SQLite, with settings as on the command line.
    pub async fn with_arguments(arguments: &[&str]) -> Self {
        let data = tempfile::tempdir().unwrap();
        let folder = data.path().to_str().unwrap().to_owned();
        let all = [
            "televisit",
            "--data",
            &folder,
            "--time-zone",
            "Africa/Nairobi",
        ];
        let config = Arguments::parse_from(all.iter().chain(arguments)).config;
        let db = Db::open(&config.effective_database_url()).await.unwrap();
        db.migrate().await.unwrap();
        Self::over(config, db, data)
    }

    /// On SQLite, with a media server.
    pub async fn with_media(video: Embedded, presence: Presence) -> Self {
        let data = tempfile::tempdir().unwrap();
        let folder = data.path().to_str().unwrap().to_owned();
        let config = Arguments::parse_from(["televisit", "--data", &folder]).config;
        let db = Db::open(&config.effective_database_url()).await.unwrap();
        db.migrate().await.unwrap();
        Self::assembled(config, db, data, video, presence)
    }

    /// On a database that is already open and migrated.
    pub fn over(config: Config, db: Db, data: tempfile::TempDir) -> Self {
        let (video, presence) = (Embedded::without_media(), Presence::default());
        Self::assembled(config, db, data, video, presence)
    }

    fn assembled(
        config: Config,
        db: Db,
        data: tempfile::TempDir,
        video: Embedded,
        presence: Presence,
    ) -> Self {
        let clock = Clock::manual(start());
        let tokens = Tokens::new(SECRET.as_bytes());
        let app = App::with_media(config, db, clock.clone(), tokens, video, presence);
        let router = televisit::api::router::router(app.clone());
        Self {
            app,
            clock,
            router,
            _data: data,
        }
    }

    /// Any request.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        self.send_from([127, 0, 0, 1], request).await
    }

    /// Any request, from another machine.
    pub async fn send_from(
        &self,
        address: impl Into<IpAddr>,
        mut request: Request<Body>,
    ) -> Answer {
        let peer = SocketAddr::new(address.into(), 40000);
        request.extensions_mut().insert(ConnectInfo(peer));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer {
            status,
            headers,
            body: serde_json::from_str(&text).unwrap_or(Value::Null),
            text,
        }
    }

    /// The status of any request; its body is not read, for it may never end.
    pub async fn status(&self, mut request: Request<Body>) -> StatusCode {
        let peer = SocketAddr::from(([127, 0, 0, 1], 40000));
        request.extensions_mut().insert(ConnectInfo(peer));
        self.router.clone().oneshot(request).await.unwrap().status()
    }

    /// A request with an access token (or none, when it is empty) and a JSON body (or none, when it is null).
    pub async fn call(&self, method: Method, path: &str, token: &str, body: Value) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if !token.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let body = if body.is_null() {
            Body::empty()
        } else {
            request = request.header(header::CONTENT_TYPE, "application/json");
            Body::from(body.to_string())
        };
        self.send(request.body(body).unwrap()).await
    }

    /// `GET`.
    pub async fn get(&self, path: &str, token: &str) -> Answer {
        self.call(Method::GET, path, token, Value::Null).await
    }

    /// `POST`.
    pub async fn post(&self, path: &str, token: &str, body: Value) -> Answer {
        self.call(Method::POST, path, token, body).await
    }

    /// `POST` with an `Idempotency-Key`.
    pub async fn post_once(&self, path: &str, token: &str, key: &str, body: Value) -> Answer {
        let request = Request::post(path)
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", key);
        self.send(request.body(Body::from(body.to_string())).unwrap())
            .await
    }
}
