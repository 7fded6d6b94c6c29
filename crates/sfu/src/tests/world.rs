//! A media thread, clients, and the network between them, in virtual time.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use str0m::net::{Protocol, Transmit};
use tokio::sync::{mpsc, oneshot};

use super::client::Client;
use crate::api::{MediaState, OfferError, PeerId, RoomId, SfuError, SfuStats, Tile};
use crate::link::LinkConfig;
use crate::shard::{Command, Datagram, Shard};

pub(super) const SERVER: &str = "192.0.2.1:3478";
pub(super) const ROOM: RoomId = RoomId(1);
const STEP: Duration = Duration::from_millis(1);

/// One direction of a client's access to the network.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    pub delay: Duration,
    /// Added at random up to this: packets overtake each other.
    pub jitter: Duration,
    /// Lost packets per thousand.
    pub loss: u64,
    pub cut: bool,
    /// Bits per second, with a queue of 300 ms.
    pub rate: Option<u64>,
    free_at: Option<Instant>,
}

impl Default for Line {
    fn default() -> Self {
        Self {
            delay: Duration::from_millis(10),
            jitter: Duration::ZERO,
            loss: 0,
            cut: false,
            rate: None,
            free_at: None,
        }
    }
}

/// Numbers that look random and are the same in each run.
#[derive(Debug, Clone)]
pub(super) struct Dice(pub u64);

impl Dice {
    pub(super) fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % most.max(1)
    }
}

struct Flight {
    to_server: bool,
    tcp: bool,
    source: SocketAddr,
    destination: SocketAddr,
    contents: Vec<u8>,
}

pub(super) struct World {
    pub now: Instant,
    pub shard: Shard,
    pub clients: Vec<Client>,
    pub up: Vec<Line>,
    pub down: Vec<Line>,
    pub dice: Dice,
    flights: BTreeMap<(Instant, u64), Flight>,
    flown: u64,
    out: Vec<Transmit>,
}

impl World {
    pub(super) fn new() -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "a test needs some first instant; time then moves by hand"
        )]
        let now = Instant::now();
        let config = LinkConfig::new(vec![SERVER.parse().unwrap()], true, true).unwrap();
        Self {
            now,
            shard: Shard::new(now, Arc::new(config), 10),
            clients: Vec::new(),
            up: Vec::new(),
            down: Vec::new(),
            dice: Dice(0x1234_5678_9abc_def1),
            flights: BTreeMap::new(),
            flown: 0,
            out: Vec::new(),
        }
    }

    pub(super) fn command(&mut self, command: Command) {
        self.shard.command(self.now, command, &mut self.out);
        self.shard.flush(self.now, &mut self.out);
        self.fly();
    }

    pub(super) fn join(&mut self, at: usize, admitted: bool) -> Result<(), SfuError> {
        let (events, receiver) = mpsc::channel(256);
        let (reply, mut answer) = oneshot::channel();
        let peer = self.clients[at].id;
        self.command(Command::Join {
            room: ROOM,
            peer,
            admitted,
            events,
            reply,
        });
        answer.try_recv().unwrap()?;
        self.clients[at].events = Some(receiver);
        Ok(())
    }

    pub(super) fn try_offer(
        &mut self,
        peer: PeerId,
        connection: &str,
        sdp: &str,
    ) -> Result<String, OfferError> {
        let (reply, mut answer) = oneshot::channel();
        self.command(Command::Offer {
            room: ROOM,
            peer,
            connection: connection.into(),
            sdp: sdp.into(),
            reply,
        });
        answer.try_recv().unwrap()
    }

    /// Offers with so many slots of each kind, and takes the answer.
    pub(super) fn offer(&mut self, at: usize, audio: usize, video: usize, restart: bool) {
        let (sdp, pending) = self.clients[at].offer(audio, video, restart);
        let (peer, connection) = (self.clients[at].id, self.clients[at].connection.clone());
        let answer = self.try_offer(peer, &connection, &sdp).unwrap();
        self.clients[at].accept(pending, &answer);
    }

    /// A person who joins, is admitted, and offers with two slots of each kind.
    pub(super) fn enter(&mut self, client: Client) -> usize {
        self.clients.push(client);
        self.up.push(Line::default());
        self.down.push(Line::default());
        let at = self.clients.len() - 1;
        self.join(at, true).unwrap();
        self.offer(at, 2, 2, false);
        at
    }

    pub(super) fn media(&mut self, at: usize, screen: bool) {
        self.clients[at].screen_on = screen;
        let media = MediaState {
            audio: true,
            video: true,
            screen,
            screen_audio: false,
        };
        self.command(Command::Media {
            room: ROOM,
            peer: self.clients[at].id,
            media,
        });
    }

    pub(super) fn view(&mut self, at: usize, tiles: Vec<Tile>) {
        self.command(Command::View {
            room: ROOM,
            peer: self.clients[at].id,
            tiles,
        });
    }

    pub(super) fn leave(&mut self, at: usize) {
        self.command(Command::Leave {
            room: ROOM,
            peer: self.clients[at].id,
        });
    }

    pub(super) fn stats(&mut self) -> SfuStats {
        let (reply, mut answer) = oneshot::channel();
        self.command(Command::Stats { reply });
        answer.try_recv().unwrap()
    }

    /// Puts a raw datagram on the wire to the server.
    pub(super) fn inject(&mut self, source: SocketAddr, contents: &[u8]) -> bool {
        let taken = self.shard.datagram(
            self.now,
            Datagram {
                tcp: false,
                source,
                contents,
            },
            &mut self.out,
        );
        self.shard.flush(self.now, &mut self.out);
        self.fly();
        taken
    }

    pub(super) fn run(&mut self, duration: Duration) {
        let end = self.now + duration;
        while self.now < end {
            self.now += STEP;
            self.step();
        }
    }

    /// Runs until `done`, and tells how long it took. Fails after `most`.
    pub(super) fn run_until(
        &mut self,
        most: Duration,
        mut done: impl FnMut(&mut Self) -> bool,
    ) -> Duration {
        let start = self.now;
        while !done(self) {
            assert!(self.now - start < most, "not done after {most:?}");
            self.now += STEP;
            self.step();
        }
        self.now - start
    }

    fn step(&mut self) {
        let mut due = Vec::new();
        while let Some(entry) = self.flights.first_entry() {
            if entry.key().0 > self.now {
                break;
            }
            due.push(entry.remove());
        }
        for flight in due {
            if flight.to_server {
                let datagram = Datagram {
                    tcp: flight.tcp,
                    source: flight.source,
                    contents: &flight.contents,
                };
                self.shard.datagram(self.now, datagram, &mut self.out);
            } else if let Some(client) = self
                .clients
                .iter_mut()
                .find(|c| c.addr == flight.destination)
            {
                client.datagram(self.now, flight.source, &flight.contents);
                // One datagram at a time, as str0m asks.
                let mut out = Vec::new();
                client.run(self.now, &mut out);
                self.out_of_client(out);
            }
        }
        if self.shard.deadline().is_some_and(|at| at <= self.now) {
            self.shard.timeout(self.now, &mut self.out);
        }
        self.shard.flush(self.now, &mut self.out);
        for at in 0..self.clients.len() {
            let mut out = Vec::new();
            self.clients[at].run(self.now, &mut out);
            self.out_of_client(out);
            self.clients[at].read_events();
        }
        self.fly();
    }

    fn out_of_client(&mut self, out: Vec<Transmit>) {
        for t in out {
            let Some(at) = self.clients.iter().position(|c| c.addr == t.source) else {
                continue;
            };
            let flight = Flight {
                to_server: true,
                tcp: t.proto == Protocol::Tcp,
                source: t.source,
                destination: t.destination,
                contents: t.contents.to_vec(),
            };
            let mut line = self.up[at];
            self.launch(&mut line, flight);
            self.up[at] = line;
        }
    }

    /// Sends what the server gave.
    fn fly(&mut self) {
        for t in std::mem::take(&mut self.out) {
            let Some(at) = self.clients.iter().position(|c| c.addr == t.destination) else {
                continue;
            };
            let flight = Flight {
                to_server: false,
                tcp: t.proto == Protocol::Tcp,
                source: t.source,
                destination: t.destination,
                contents: t.contents.to_vec(),
            };
            let mut line = self.down[at];
            self.launch(&mut line, flight);
            self.down[at] = line;
        }
    }

    fn launch(&mut self, line: &mut Line, flight: Flight) {
        if line.cut || self.dice.below(1000) < line.loss {
            return;
        }
        let mut at = self.now + line.delay;
        if let Some(rate) = line.rate {
            let from = line.free_at.unwrap_or(self.now).max(self.now);
            if from - self.now > Duration::from_millis(300) {
                return;
            }
            let takes =
                Duration::from_micros((flight.contents.len() as u64 + 28) * 8 * 1_000_000 / rate);
            line.free_at = Some(from + takes);
            at = from + takes + line.delay;
        }
        at += Duration::from_micros(
            self.dice
                .below(u64::try_from(line.jitter.as_micros()).unwrap() + 1),
        );
        self.flown += 1;
        self.flights.insert((at, self.flown), flight);
    }
}
