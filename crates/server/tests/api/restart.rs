//! The real binary goes down in the middle of a call: killed, and asked to stop.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use clap::Parser as _;
use serde_json::{Value, json};
use televisit_domain::access::Role;
use televisit_domain::clock::Clock;
use televisit_domain::ids::{SessionId, UserId};
use televisit_storage::Db;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::clinic::Clinic;
use crate::live::Client;
use crate::session_kill::Server;
use crate::support::{Arguments, TestApp};

/// A session in progress, the room tokens of its doctor and its patient, and the doctor's access token.
struct Call {
    doctor: String,
    patient: String,
    access: String,
}

async fn prepare(data: &Path) -> Call {
    let folder = data.to_str().unwrap();
    let config = Arguments::parse_from(["televisit", "--data", folder]).config;
    let db = Db::open(&config.effective_database_url()).await.unwrap();
    db.migrate().await.unwrap();
    let app = TestApp::over(config, db.clone(), tempfile::tempdir().unwrap());
    let clinic = Clinic::over(app).await;
    let session = SessionId(clinic.hold(clinic.visit).await);
    let (tokens, now) = (&clinic.app.app.tokens, Clock::System.now());
    let room = |user: i64, role| {
        tokens
            .room(UserId(user), role, session, "room", now)
            .unwrap()
            .0
    };
    let call = Call {
        doctor: room(clinic.doctor.id, Role::Doctor),
        patient: room(clinic.patient.id, Role::Patient),
        access: clinic.token_of_today(&clinic.doctor).await,
    };
    clinic.app.app.tasks.shutdown().await;
    db.close().await;
    call
}

async fn enters(server: &Server, hello: Value) -> (Client, Value) {
    let mut client = Client::connects(&server.address).await;
    client.hello(hello).await;
    let welcome = client.hears("welcome").await;
    (client, welcome)
}

#[tokio::test]
async fn after_a_kill_in_the_middle_of_a_call_both_come_back_and_it_goes_on() {
    let data = tempfile::tempdir().unwrap();
    let call = prepare(data.path()).await;
    let server = Server::start(data.path());
    let (mut doctor, _) = enters(&server, json!({"token": call.doctor})).await;
    let (mut patient, before) = enters(&server, json!({"token": call.patient})).await;
    doctor.hears("joined").await;
    drop(server);
    assert_eq!(patient.closes().await, None);
    assert_eq!(doctor.closes().await, None);

    let server = Server::start(data.path());
    // As a browser comes back: with a secret that this server never gave, and the token it still has.
    let hello = json!({"resume": before["resume"], "token": call.patient});
    let (mut patient, again) = enters(&server, hello).await;
    assert_eq!(again["participant"], before["participant"]);
    assert_eq!(again["state"], "admitted");
    assert_eq!(again["connection"], Value::Null);
    let (mut doctor, _) = enters(&server, json!({"token": call.doctor})).await;
    patient.hears("joined").await;
    doctor
        .says(json!({"type": "chat", "text": "we go on"}))
        .await;
    assert_eq!(patient.hears("chat").await["text"], "we go on");
}

#[tokio::test]
async fn a_server_that_is_asked_to_stop_tells_everybody_and_exits_with_0() {
    let data = tempfile::tempdir().unwrap();
    let call = prepare(data.path()).await;
    let mut server = Server::start(data.path());
    let (mut doctor, _) = enters(&server, json!({"token": call.doctor})).await;
    // A page with live updates, and a WebSocket on which nothing was said yet.
    let mut page = TcpStream::connect(&server.address).await.unwrap();
    let request = format!(
        "GET /api/v1/events/ HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n\r\n",
        call.access
    );
    page.write_all(request.as_bytes()).await.unwrap();
    let mut first = [0; 12];
    page.read_exact(&mut first).await.unwrap();
    assert_eq!(&first, b"HTTP/1.1 200");
    let mut stranger = Client::connects(&server.address).await;

    let pid = server.process.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &pid])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(doctor.closes().await, Some(1012));
    assert_eq!(stranger.closes().await, Some(1012));
    let exited = tokio::task::spawn_blocking(move || server.process.wait().unwrap());
    let status = tokio::time::timeout(Duration::from_secs(20), exited).await;
    assert_eq!(status.unwrap().unwrap().code(), Some(0));
}
