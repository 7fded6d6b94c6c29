//! The measured calls against the bare handlers, in the same order and number as against the real server.

use anyhow::Result;
use serde_json::json;
use tokio::process::Command;

use crate::Run;
use crate::clinic::{ids, timed};
use crate::http::request;
use crate::load::Figures;
use crate::process::{Server, free_port};

/// Measures list, create, token and end.
pub async fn measure(run: &Run, connections: usize) -> Result<Vec<(&'static str, Figures)>> {
    let data = tempfile::tempdir()?;
    let port = free_port()?;
    let mut command = Command::new(std::env::current_exe()?);
    command
        .arg("bare")
        .arg("--data")
        .arg(data.path())
        .arg("--port")
        .arg(port.to_string());
    let server = Server::start(command, port, "/healthz").await?;

    let creates = (0..run.sessions)
        .map(|visit| {
            let body =
                json!({"visit": visit, "scheduled_start": "2030-01-01T09:00:00Z"}).to_string();
            request("POST", "/sessions/", None, Some(&body))
        })
        .collect();
    let (create, sessions) = timed(&server, connections, creates, 201).await?;
    let sessions = ids(&sessions)?;
    let list = vec![request("GET", "/sessions/", None, None); run.reads];
    let (list, _) = timed(&server, connections, list, 200).await?;
    let of = |session: &i64, call: &str, body: Option<&str>| {
        request("POST", &format!("/sessions/{session}/{call}/"), None, body)
    };
    let tokens = sessions
        .iter()
        .cycle()
        .take(run.reads)
        .map(|session| of(session, "token", None))
        .collect();
    let (token, _) = timed(&server, connections, tokens, 200).await?;
    let body = json!({"notes": "Rest and fluids."}).to_string();
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
