//! The server is killed in the middle of ends: what was acknowledged is there, what was not is whole or absent.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use clap::Parser as _;
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use televisit_domain::ids::SessionId;
use televisit_domain::session::SessionStatus;
use televisit_storage::{Db, audit, charges, jobs, participants, sessions};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::clinic::Clinic;
use crate::support::{Arguments, SECRET, TestApp};

const SESSIONS: usize = 40;

/// The real binary on a folder. Killed, not asked, when it is dropped.
pub struct Server {
    pub process: Child,
    pub address: String,
}

impl Server {
    pub fn start(data: &Path) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_televisit"))
            .args(["serve", "--bind", "127.0.0.1:0", "--media-port", "0"])
            .arg("--data")
            .arg(data)
            .env("TELEVISIT_SECRET_KEY", SECRET)
            .env_remove("DATABASE_URL")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let output = process.stdout.take().unwrap();
        BufReader::new(output).read_line(&mut line).unwrap();
        let port = line.trim().rsplit(':').next().unwrap().to_owned();
        Self {
            process,
            address: format!("127.0.0.1:{port}"),
        }
    }

    /// Asks for the end of a session with its bill; the status, or nothing when the connection broke.
    async fn end(&self, session: SessionId, token: &str) -> (SessionId, Option<u16>) {
        (session, self.try_end(session, token).await.ok().flatten())
    }

    async fn try_end(&self, session: SessionId, token: &str) -> std::io::Result<Option<u16>> {
        let body = r#"{"notes": "done", "add_to_bill": true}"#;
        let mut stream = TcpStream::connect(&self.address).await?;
        let request = format!(
            "POST /api/v1/telemedicine/{session}/end/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
             Authorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        let status = answer.split(' ').nth(1).and_then(|word| word.parse().ok());
        Ok(status)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // SIGKILL: nothing is drained, nothing is flushed.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[tokio::test]
async fn a_kill_in_the_middle_of_ends_loses_nothing_and_bills_nothing_twice() {
    let data = tempfile::tempdir().unwrap();
    let (ids, token) = prepare(data.path()).await;
    let mut acknowledged: Vec<SessionId> = Vec::new();
    let mut broken = 0;
    // The server dies after so many answers, with the other requests under way; at last it may finish.
    for answers in [1, 3, 7, SESSIONS] {
        let server = Server::start(data.path());
        let open: Vec<SessionId> = ids
            .iter()
            .copied()
            .filter(|id| !acknowledged.contains(id))
            .collect();
        let mut running: FuturesUnordered<_> =
            open.iter().map(|id| server.end(*id, &token)).collect();
        let mut seen = 0;
        while seen < answers {
            let Some((id, status)) = running.next().await else {
                break;
            };
            // 409: ended before the kill, and its answer was lost.
            assert!(matches!(status, Some(200 | 409)), "{status:?}");
            acknowledged.push(id);
            seen += 1;
        }
        broken += running.len();
        drop(running);
        drop(server);
        check(data.path(), &ids, &acknowledged).await;
    }
    assert_eq!(acknowledged.len(), SESSIONS);
    assert!(broken > 0, "no request was under way when the server died");
}

/// Sessions in progress, each of a visit of its own, and a token of their doctor for the real clock.
async fn prepare(data: &Path) -> (Vec<SessionId>, String) {
    let folder = data.to_str().unwrap();
    let config = Arguments::parse_from(["televisit", "--data", folder]).config;
    let db = Db::open(&config.effective_database_url()).await.unwrap();
    db.migrate().await.unwrap();
    let app = TestApp::over(config, db.clone(), tempfile::tempdir().unwrap());
    let clinic = Clinic::over(app).await;
    let mut ids = Vec::new();
    for _ in 0..SESSIONS {
        let visit = clinic.open_visit(clinic.record).await;
        ids.push(SessionId(clinic.hold(visit).await));
    }
    let token = clinic.token_of_today(&clinic.doctor).await;
    clinic.app.app.tasks.shutdown().await;
    db.close().await;
    (ids, token)
}

/// Each session is either as it was or ended with its one charge and the job that closes its room.
async fn check(data: &Path, ids: &[SessionId], acknowledged: &[SessionId]) {
    let url = format!("sqlite://{}", data.join("televisit.db").display());
    let db = Db::open(&url).await.unwrap();
    let mut conn = db.read().await.unwrap();
    let mut ended = 0;
    for id in ids {
        let session = sessions::by_id(&mut conn, *id).await.unwrap().unwrap();
        let bills = charges::of_visit(&mut conn, session.visit_id)
            .await
            .unwrap();
        let here = participants::of_sessions(&mut conn, &[*id]).await.unwrap();
        assert!(here.iter().all(|person| !person.is_present));
        match session.status {
            SessionStatus::InProgress => {
                assert!(bills.is_empty(), "session {id} is billed but not ended");
                assert!(
                    !acknowledged.contains(id),
                    "the end of session {id} is lost"
                );
            }
            SessionStatus::Completed => {
                ended += 1;
                assert_eq!(bills.len(), 1, "charges of session {id}");
                assert_eq!(session.notes, "done");
                assert!(session.duration_seconds.is_some());
            }
            other => panic!("session {id} is {other}"),
        }
    }
    assert!(ended >= acknowledged.len());
    let rows = audit::chain(&mut conn, 0, 100_000).await.unwrap();
    let audited = rows.iter().filter(|row| row.action == "session.end");
    assert_eq!(audited.count(), ended);
    assert!(rows.iter().all(audit::Entry::is_sealed));
    jobs::figures(&mut conn).await.unwrap();
    drop(conn);
    db.close().await;
}
