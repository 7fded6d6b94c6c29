//! Media over TCP, for networks that let no UDP through: the client connects (ICE-TCP, passive side here).

use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use mio::net::{TcpListener, TcpStream};
use mio::{Interest, Registry, Token};

use crate::framing::{self, Deframer};

/// Connections at once, and of one address.
const MAX_CONNECTIONS: usize = 512;
const MAX_OF_ADDRESS: usize = 64;
/// Octets waiting to be sent to one client; beyond that packets are dropped, as a network would.
const MAX_QUEUE: usize = 256 * 1024;
/// A connection that carried no authentic packet for so long is closed.
const IDLE: Duration = Duration::from_secs(30);
/// The same for one that never did.
const UNPROVEN: Duration = Duration::from_secs(10);

struct Connection {
    stream: TcpStream,
    peer: SocketAddr,
    input: Deframer,
    output: Vec<u8>,
    since: Instant,
    proven: Option<Instant>,
}

/// All TCP connections.
pub(super) struct Tcp {
    connections: HashMap<Token, Connection>,
    by_address: HashMap<SocketAddr, Token>,
    next_token: usize,
    first_token: usize,
}

impl Tcp {
    /// Tokens from `first_token` on are used for connections.
    pub(super) fn new(first_token: usize) -> Self {
        Self {
            connections: HashMap::new(),
            by_address: HashMap::new(),
            next_token: first_token,
            first_token,
        }
    }

    /// Whether a token is one of ours.
    pub(super) fn owns(&self, token: Token) -> bool {
        token.0 >= self.first_token
    }

    /// Takes all waiting connections.
    pub(super) fn accept(&mut self, now: Instant, listener: &TcpListener, registry: &Registry) {
        // Bounded by what the listener queues.
        for _ in 0..256 {
            let Ok((mut stream, peer)) = listener.accept() else {
                return;
            };
            let of_address = self
                .connections
                .values()
                .filter(|c| c.peer.ip() == peer.ip())
                .count();
            if self.connections.len() >= MAX_CONNECTIONS || of_address >= MAX_OF_ADDRESS {
                continue;
            }
            let token = Token(self.next_token);
            self.next_token += 1;
            // Media must not wait for more data to share a segment with.
            let _ = stream.set_nodelay(true);
            if registry
                .register(&mut stream, token, Interest::READABLE | Interest::WRITABLE)
                .is_err()
            {
                continue;
            }
            self.by_address.insert(peer, token);
            let connection = Connection {
                stream,
                peer,
                input: Deframer::default(),
                output: Vec::new(),
                since: now,
                proven: None,
            };
            self.connections.insert(token, connection);
        }
    }

    /// Reads and writes what is possible. Calls `take` with each packet; it returns whether the packet was
    /// authentic.
    pub(super) fn ready(
        &mut self,
        now: Instant,
        token: Token,
        mut take: impl FnMut(SocketAddr, &[u8]) -> bool,
    ) {
        let Some(connection) = self.connections.get_mut(&token) else {
            return;
        };
        let alive = connection.read(now, &mut take) && connection.write().is_ok();
        if !alive {
            self.close(token);
        }
    }

    /// Queues a packet and sends what is possible. False when it was dropped.
    pub(super) fn send(&mut self, destination: SocketAddr, packet: &[u8]) -> bool {
        let Some(&token) = self.by_address.get(&destination) else {
            return false;
        };
        let Some(connection) = self.connections.get_mut(&token) else {
            return false;
        };
        if connection.output.len() + packet.len() > MAX_QUEUE
            || !framing::frame(packet, &mut connection.output)
        {
            return false;
        }
        if connection.write().is_err() {
            self.close(token);
            return false;
        }
        true
    }

    /// Closes connections that are not used.
    pub(super) fn sweep(&mut self, now: Instant) {
        let idle = |c: &Connection| match c.proven {
            Some(at) => now.saturating_duration_since(at) > IDLE,
            None => now.saturating_duration_since(c.since) > UNPROVEN,
        };
        let tokens: Vec<Token> = self
            .connections
            .iter()
            .filter(|(_, c)| idle(c))
            .map(|(t, _)| *t)
            .collect();
        for token in tokens {
            self.close(token);
        }
    }

    fn close(&mut self, token: Token) {
        if let Some(connection) = self.connections.remove(&token)
            && self.by_address.get(&connection.peer) == Some(&token)
        {
            self.by_address.remove(&connection.peer);
        }
    }
}

impl Connection {
    fn read(&mut self, now: Instant, take: &mut impl FnMut(SocketAddr, &[u8]) -> bool) -> bool {
        let mut buffer = [0; 16 * 1024];
        loop {
            match self.stream.read(&mut buffer) {
                Ok(0) => return false,
                Ok(count) => self.input.push(&buffer[..count]),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return true,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(_) => return false,
            }
            loop {
                match self.input.next() {
                    Ok(Some(packet)) => {
                        if take(self.peer, packet) {
                            self.proven = Some(now);
                        }
                    }
                    Ok(None) => break,
                    Err(framing::BadFrame) => return false,
                }
            }
        }
    }

    fn write(&mut self) -> io::Result<()> {
        let mut sent = 0;
        let result = loop {
            if sent == self.output.len() {
                break Ok(());
            }
            match self.stream.write(&self.output[sent..]) {
                Ok(0) => break Err(io::ErrorKind::WriteZero.into()),
                Ok(count) => sent += count,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break Ok(()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => break Err(error),
            }
        };
        self.output.drain(..sent);
        result
    }
}
