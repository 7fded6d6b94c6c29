//! The measured calls against the real server with the demonstration clinic in a new SQLite file.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tokio::process::Command;

use crate::Run;
use crate::http::{Connection, request};
use crate::load::{Figures, figures, send_all};
use crate::process::{Server, free_port};

/// Measures list, create, token and end, in this order of the report.
pub async fn measure(run: &Run, connections: usize) -> Result<Vec<(&'static str, Figures)>> {
    let data = tempfile::tempdir()?;
    let port = free_port()?;
    let mut command = Command::new(&run.server);
    command
        .args(["serve", "--demo"])
        .current_dir(data.path())
        .env("TELEVISIT_BIND", format!("127.0.0.1:{port}"))
        .env("TELEVISIT_DATA", data.path().join("data"))
        .env("TELEVISIT_MEDIA_PORT", "0")
        .env("TELEVISIT_MEDIA_ADDRESS", "127.0.0.1")
        .env("TELEVISIT_LOG", "error");
    let server = Server::start(command, port, "/healthz").await?;

    let doctor = login(port, "doctor").await?;
    let reception = login(port, "receptionist").await?;
    let patient = first_patient(port, &reception).await?;

    // One open visit for each session, since a visit may have only one running at a time.
    let visit =
        json!({"patient": patient, "visit_type": "CONSULTATION", "chief_complaint": "Cough"})
            .to_string();
    let new_visits =
        vec![request("POST", "/api/v1/visits/", Some(&reception), Some(&visit)); run.sessions];
    let (visits, _, _) = send_all(port, 8, new_visits, 201).await?;
    let creates = ids(&visits)?
        .into_iter()
        .map(|visit| {
            let body =
                json!({"visit": visit, "scheduled_start": "2030-01-01T09:00:00Z"}).to_string();
            request("POST", "/api/v1/telemedicine/", Some(&doctor), Some(&body))
        })
        .collect();
    let (create, sessions) = timed(&server, connections, creates, 201).await?;
    let sessions = ids(&sessions)?;

    let list = request(
        "GET",
        "/api/v1/telemedicine/?limit=100",
        Some(&doctor),
        None,
    );
    let (list, _) = timed(&server, connections, vec![list; run.reads], 200).await?;

    let of = |session: &i64, call: &str, body: Option<&str>| {
        request(
            "POST",
            &format!("/api/v1/telemedicine/{session}/{call}/"),
            Some(&doctor),
            body,
        )
    };
    let tokens = sessions
        .iter()
        .cycle()
        .take(run.reads)
        .map(|session| of(session, "generate-token", None))
        .collect();
    let (token, _) = timed(&server, connections, tokens, 200).await?;

    let starts = sessions
        .iter()
        .map(|session| of(session, "start", None))
        .collect();
    send_all(port, 8, starts, 200).await?;
    let body = json!({"notes": "Rest and fluids.", "add_to_bill": true}).to_string();
    let ends = sessions
        .iter()
        .map(|session| of(session, "end", Some(&body)))
        .collect();
    let (end, _) = timed(&server, connections, ends, 200).await?;

    server.stop().await?;
    Ok(vec![
        ("list", list),
        ("create", create),
        ("token", token),
        ("end", end),
    ])
}

/// Sends all requests and reads the server's CPU time around them.
pub async fn timed(
    server: &Server,
    connections: usize,
    requests: Vec<Vec<u8>>,
    expected: u16,
) -> Result<(Figures, Vec<Vec<u8>>)> {
    let before = server.cpu()?;
    let (answers, wall, times) = send_all(server.port, connections, requests, expected).await?;
    let cpu = server.cpu()?.saturating_sub(before);
    Ok((figures(wall, times, cpu), answers))
}

async fn login(port: u16, username: &str) -> Result<String> {
    let body = json!({"username": username, "password": "televisit-demo"}).to_string();
    let answer = Connection::open(port)
        .await?
        .send(&request("POST", "/api/v1/auth/login/", None, Some(&body)))
        .await?;
    let body: Value = serde_json::from_slice(&answer.body)?;
    Ok(body["access"]
        .as_str()
        .with_context(|| format!("no token for {username}: {body}"))?
        .to_owned())
}

async fn first_patient(port: u16, token: &str) -> Result<i64> {
    let answer = Connection::open(port)
        .await?
        .send(&request("GET", "/api/v1/patients/", Some(token), None))
        .await?;
    let body: Value = serde_json::from_slice(&answer.body)?;
    body["results"][0]["id"].as_i64().context("no patient")
}

/// The ids of created things.
pub fn ids(bodies: &[Vec<u8>]) -> Result<Vec<i64>> {
    bodies
        .iter()
        .map(|body| {
            serde_json::from_slice::<Value>(body)?["id"]
                .as_i64()
                .context("an answer without id")
        })
        .collect()
}
