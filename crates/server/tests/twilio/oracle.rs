//! Judged by somebody else: Twilio's own Python client, and Twilio's own OpenAPI description through Prism.
//!
//! `TWILIO_ORACLE_PYTHON` names a Python that has the package `twilio`; `PRISM` the command of `@stoplight/prism-cli`.
//! `make test` sets both up. Without them these tests are left out loudly, and fail when `CI=true`.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use televisit::outside::client;
use televisit::outside::proxy::Proxies;
use televisit::video::twilio::callback::is_signed;
use televisit::video::twilio::rest::{NewRoom, Rest};
use televisit::video::twilio::{rooms, token};

use crate::double::Double;
use crate::rest::good;

fn tool(variable: &str) -> Option<String> {
    let found = std::env::var(variable).ok();
    if found.is_none() {
        assert!(
            std::env::var("CI").as_deref() != Ok("true"),
            "{variable} is not set, and with CI=true no judge may be left out"
        );
        eprintln!("NOT JUDGED: set {variable}");
    }
    found
}

fn python(arguments: &[&str], input: &str) -> Option<String> {
    let python = tool("TWILIO_ORACLE_PYTHON")?;
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/twilio/oracle.py");
    let mut child = Command::new(python)
        .arg(script)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "the judge itself failed");
    Some(String::from_utf8(output.stdout).unwrap())
}

#[derive(Deserialize)]
struct Signed {
    token: String,
    url: String,
    pairs: Vec<(String, String)>,
    signature: String,
}

#[test]
fn ten_thousand_signatures_of_twilios_client_verify_and_none_does_after_a_change() {
    let Some(lines) = python(&["signatures", "10000"], "") else {
        return;
    };
    let mut count = 0;
    for line in lines.lines() {
        let mut signed: Signed = serde_json::from_str(line).unwrap();
        assert!(
            is_signed(&signed.token, &signed.url, &signed.pairs, &signed.signature),
            "{line}"
        );
        match signed.pairs.last_mut() {
            Some((_, value)) => value.push('x'),
            None => signed.url.push('x'),
        }
        assert!(
            !is_signed(&signed.token, &signed.url, &signed.pairs, &signed.signature),
            "{line}"
        );
        count += 1;
    }
    assert_eq!(count, 10_000);
}

#[test]
fn our_token_is_the_one_that_twilios_client_makes() {
    let now = "2026-02-06T18:00:00Z".parse().unwrap();
    let room = format!("RM{}", "0".repeat(32));
    let (token, _) = token::access_token(&good(), None, "user-7", &room, "x", now).unwrap();
    let input = serde_json::json!({"token": token, "identity": "user-7", "room": room}).to_string();
    let Some(wrong) = python(&["token"], &input) else {
        return;
    };
    assert_eq!(wrong.trim(), "[]");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_double_is_a_server_that_twilios_client_accepts() {
    let address = Double::default().serve().await;
    let base = format!("http://{address}");
    let judged = tokio::task::spawn_blocking(move || python(&["client", &base], ""))
        .await
        .unwrap();
    let Some(wrong) = judged else { return };
    assert_eq!(wrong.trim(), "[]");
}

/// Prism in front of the double: it refuses requests and answers that Twilio's description does not allow.
struct Prism(Child, String);

impl Drop for Prism {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn prism(upstream: &str) -> Option<Prism> {
    let command = tool("PRISM")?;
    let description = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/twilio/twilio_video_v1.json"
    );
    let port = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    };
    let mut child = Command::new(command)
        .args([
            "proxy",
            "-h",
            "127.0.0.1",
            "-p",
            &port.to_string(),
            "--errors",
            description,
            upstream,
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let ready = lines
        .by_ref()
        .take(200)
        .any(|line| line.is_ok_and(|line| line.contains("listening")));
    assert!(ready, "Prism did not start");
    // What it says from now on must be read, or it stops when the pipe is full.
    std::thread::spawn(move || lines.for_each(drop));
    Some(Prism(child, format!("http://127.0.0.1:{port}")))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_request_of_ours_and_answer_of_the_double_keeps_twilios_description() {
    let double = Double::default();
    let address = double.serve().await;
    let judge = tokio::task::spawn_blocking(move || prism(&format!("http://{address}")))
        .await
        .unwrap();
    let Some(judge) = judge else { return };
    let client = client::build(&Arc::new(Proxies::default()), Duration::from_secs(20)).unwrap();
    let rest = Rest::new(client, judge.1.clone(), good());
    let new = NewRoom {
        unique_name: "tm-judged",
        status_callback: Some("https://visits.example.org/api/v1/hooks/twilio/"),
        record: true,
    };
    let room = rooms::ensure(&rest, &new).await.unwrap();
    double.connect(&room.sid, "user-7");
    double.record(&room.sid, "audio", "processing");
    assert_eq!(rest.room("tm-judged").await.unwrap().sid, room.sid);
    assert_eq!(rest.rooms_in_progress().await.unwrap().len(), 1);
    assert_eq!(
        rest.participants(&room.sid).await.unwrap()[0].identity,
        "user-7"
    );
    assert_eq!(
        rest.remove_participant(&room.sid, "user-7")
            .await
            .unwrap()
            .status,
        "disconnected"
    );
    assert_eq!(
        rest.recordings(&room.sid).await.unwrap()[0].status,
        "processing"
    );
    rooms::close(&rest, &room.sid).await.unwrap();
    rest.ping().await.unwrap();

    // The judge itself must be able to say no.
    double.set_status(&room.sid, "finished");
    assert!(
        rest.room(&room.sid).await.is_err(),
        "Prism let a status pass that Twilio does not have"
    );
}
