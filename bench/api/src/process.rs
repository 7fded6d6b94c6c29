//! A server as a process of its own, so that its CPU time is its own.

use std::net::TcpListener;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::process::{Child, Command};

use crate::http::{Connection, request};

/// A running server, killed when dropped.
pub struct Server {
    child: Child,
    /// Its port of 127.0.0.1.
    pub port: u16,
}

/// A port that was free a moment ago.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

impl Server {
    /// Starts the command and waits until `path` answers 200.
    pub async fn start(mut command: Command, port: u16, path: &str) -> Result<Self> {
        let mut child = command
            .stdout(Stdio::null())
            .stderr(Stdio::inherit())
            .kill_on_drop(true)
            .spawn()
            .context("the server could not be started")?;
        let probe = request("GET", path, None, None);
        for _ in 0..300 {
            if let Ok(mut connection) = Connection::open(port).await
                && let Ok(answer) = connection.send(&probe).await
                && answer.status == 200
            {
                return Ok(Self { child, port });
            }
            if let Some(status) = child.try_wait()? {
                bail!("the server stopped while starting: {status}");
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        bail!("the server did not answer {path} within 30 s")
    }

    /// User and system time so far, from /proc. The kernel counts in ticks of 10 ms.
    pub fn cpu(&self) -> Result<Duration> {
        let id = self.child.id().context("the server is gone")?;
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat"))?;
        // The name in parentheses may hold spaces: fields are counted after it.
        let (_, fields) = stat.rsplit_once(')').context("/proc/PID/stat")?;
        let ticks: u64 = fields
            .split_whitespace()
            .skip(11)
            .take(2)
            .map(str::parse::<u64>)
            .sum::<Result<u64, _>>()?;
        Ok(Duration::from_millis(ticks * 10))
    }

    /// Kills it and waits until it is gone.
    pub async fn stop(mut self) -> Result<()> {
        self.child.kill().await?;
        Ok(())
    }
}
