//! One run: a fresh server process, so many rooms of two, and what was measured.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command as Process, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use mio::{Events, Interest, Poll, Token};
use serde::Serialize;

use crate::client::Client;
use crate::clock;
use crate::proc;
use crate::server::{Answer, Command, Figures};

/// Settings of a run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run {
    pub rooms: usize,
    pub measure: Duration,
    pub coalesce_us: u32,
    pub estimate: bool,
    pub pin: bool,
}

/// What a run gave.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Outcome {
    pub rooms: usize,
    /// Server CPU for one forwarded packet, in microseconds.
    pub us_per_packet: f64,
    /// Server CPU of one core, in percent.
    pub cpu_percent: f64,
    pub idle_rss_mb: f64,
    pub rss_per_room_mb: f64,
    pub join_connected_ms: Percentiles,
    pub join_media_ms: Percentiles,
    pub join_video_ms: Percentiles,
    pub video_delay_ms: Percentiles,
    pub sound_delay_ms: Percentiles,
    pub delivered_percent: f64,
    pub packets_per_second: f64,
    pub load: f64,
}

/// Middle and tail.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub(crate) struct Percentiles {
    pub p50: f64,
    pub p99: f64,
}

impl Percentiles {
    fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        let at = |percent: usize| {
            values
                .get((values.len() * percent / 100).min(values.len().saturating_sub(1)))
                .copied()
                .unwrap_or(f64::NAN)
        };
        Self {
            p50: at(50),
            p99: at(99),
        }
    }
}

/// The command for a role of this program, on a core of its own if asked.
pub(crate) fn own_process(pin: Option<u8>) -> anyhow::Result<Process> {
    let program = std::env::current_exe()?;
    Ok(match pin {
        Some(core) => {
            let mut command = Process::new("taskset");
            command.arg("-c").arg(core.to_string()).arg(program);
            command
        }
        None => Process::new(program),
    })
}

struct Server {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Server {
    fn start(run: &Run) -> anyhow::Result<Self> {
        let mut child = own_process(run.pin.then_some(0))?
            .arg("serve")
            .arg(run.coalesce_us.to_string())
            .arg(run.estimate.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("the server process cannot be started")?;
        let input = child.stdin.take().context("no input of the server")?;
        let output = BufReader::new(child.stdout.take().context("no output of the server")?);
        let mut server = Self {
            child,
            input,
            output,
        };
        match server.read()? {
            Answer::Ready => Ok(server),
            other => bail!("the server is not ready: {other:?}"),
        }
    }

    fn write(&mut self, command: &Command) -> anyhow::Result<()> {
        serde_json::to_writer(&mut self.input, command)?;
        self.input.write_all(b"\n")?;
        self.input.flush()?;
        Ok(())
    }

    fn read(&mut self) -> anyhow::Result<Answer> {
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        Ok(serde_json::from_str(&line)?)
    }

    fn ask(&mut self, command: &Command) -> anyhow::Result<Answer> {
        self.write(command)?;
        self.read()
    }

    fn figures(&mut self) -> anyhow::Result<Figures> {
        match self.ask(&Command::Stats)? {
            Answer::Stats(figures) => Ok(figures),
            other => bail!("no figures: {other:?}"),
        }
    }

    fn stop(mut self) -> anyhow::Result<()> {
        self.write(&Command::Quit)?;
        self.child.wait()?;
        Ok(())
    }
}

struct Crowd {
    poll: Poll,
    events: Events,
    clients: Vec<Client>,
}

impl Crowd {
    /// Runs the clients for a while, or until `done`.
    fn run(
        &mut self,
        most: Duration,
        mut done: impl FnMut(&[Client]) -> bool,
    ) -> anyhow::Result<bool> {
        let end = clock() + most;
        loop {
            let now = clock();
            if done(&self.clients) {
                return Ok(true);
            }
            if now >= end {
                return Ok(false);
            }
            let due = self
                .clients
                .iter()
                .map(Client::due)
                .min()
                .unwrap_or(end)
                .min(end);
            self.poll
                .poll(&mut self.events, Some(due.saturating_duration_since(now)))?;
            for event in &self.events {
                self.clients[event.token().0].readable(clock)?;
            }
            let now = clock();
            for client in &mut self.clients {
                if client.due() <= now {
                    client.tick(now)?;
                }
            }
        }
    }

    fn join(
        &mut self,
        server: &mut Server,
        room: u64,
        started: Instant,
        phase: f64,
    ) -> anyhow::Result<Instant> {
        let index = self.clients.len();
        let mut client = Client::new(clock(), started, phase)?;
        self.poll
            .registry()
            .register(&mut client.socket, Token(index), Interest::READABLE)?;
        let (sdp, pending) = client.offer()?;
        let peer = index as u64;
        let asked = clock();
        match server.ask(&Command::Join { room, peer })? {
            Answer::Joined => {}
            other => bail!("not joined: {other:?}"),
        }
        match server.ask(&Command::Offer { room, peer, sdp })? {
            Answer::Sdp(answer) => client.accept(pending, &answer)?,
            other => bail!("no answer: {other:?}"),
        }
        self.clients.push(client);
        Ok(asked)
    }
}

fn millis(from: Instant, to: Option<Instant>) -> f64 {
    to.map_or(f64::INFINITY, |to| {
        to.saturating_duration_since(from).as_secs_f64() * 1000.0
    })
}

#[expect(clippy::cast_precision_loss, reason = "figures for people")]
pub(crate) fn run(run: &Run) -> anyhow::Result<Outcome> {
    let mut server = Server::start(run)?;
    let pid = server.child.id();
    std::thread::sleep(Duration::from_millis(300));
    let idle = proc::rss(pid)?;
    let started = clock();
    let mut crowd = Crowd {
        poll: Poll::new()?,
        events: Events::with_capacity(1024),
        clients: Vec::new(),
    };
    let (mut connected, mut media, mut video) = (Vec::new(), Vec::new(), Vec::new());
    for room in 0..run.rooms {
        let phase = room as f64 / run.rooms as f64;
        crowd.join(&mut server, room as u64, started, phase)?;
        let first = crowd.clients.len() - 1;
        if !crowd.run(Duration::from_secs(10), |c| {
            c[first].counts.connected.is_some()
        })? {
            bail!("the first person of room {room} did not connect");
        }
        // The first person is in the call already when the second comes.
        crowd.run(Duration::from_millis(60), |_| false)?;
        let asked = crowd.join(&mut server, room as u64, started, (phase + 0.5) % 1.0)?;
        let second = first + 1;
        if !crowd.run(Duration::from_secs(10), |c| {
            c[second].counts.first_video.is_some()
        })? {
            bail!("the second person of room {room} got no video");
        }
        let counts = &crowd.clients[second].counts;
        connected.push(millis(asked, counts.connected));
        media.push(millis(asked, counts.first_media));
        video.push(millis(asked, counts.first_video));
    }
    crowd.run(Duration::from_secs(3), |_| false)?;

    for client in &mut crowd.clients {
        client.collect = true;
    }
    let totals = |crowd: &Crowd| {
        crowd.clients.iter().fold((0, 0), |(s, r), c| {
            (s + c.counts.sent, r + c.counts.received)
        })
    };
    let (before, sums, cpu, began) = (
        server.figures()?,
        totals(&crowd),
        proc::cpu_ns(pid)?,
        clock(),
    );
    crowd.run(run.measure, |_| false)?;
    let elapsed = clock().saturating_duration_since(began).as_secs_f64();
    let cpu = (proc::cpu_ns(pid)? - cpu) as f64;
    let (after, sums_after) = (server.figures()?, totals(&crowd));
    let memory = proc::rss(pid)?;
    let forwarded = (after.forwarded - before.forwarded) as f64;
    let collect = |pick: fn(&Client) -> &Vec<u64>| {
        Percentiles::of(
            crowd
                .clients
                .iter()
                .flat_map(pick)
                .map(|ns| *ns as f64 / 1e6)
                .collect(),
        )
    };
    let outcome = Outcome {
        rooms: run.rooms,
        us_per_packet: cpu / 1000.0 / forwarded,
        cpu_percent: cpu / 1e7 / elapsed,
        idle_rss_mb: idle as f64 / 1e6,
        rss_per_room_mb: memory.saturating_sub(idle) as f64 / 1e6 / run.rooms as f64,
        join_connected_ms: Percentiles::of(connected),
        join_media_ms: Percentiles::of(media),
        join_video_ms: Percentiles::of(video),
        video_delay_ms: collect(|c| &c.counts.video_delays),
        sound_delay_ms: collect(|c| &c.counts.sound_delays),
        delivered_percent: 100.0 * (sums_after.1 - sums.1) as f64 / (sums_after.0 - sums.0) as f64,
        packets_per_second: forwarded / elapsed,
        load: proc::load(),
    };
    server.stop()?;
    Ok(outcome)
}
