//! The loop of a media thread: wait, take everything that came, let the rooms work, send.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use mio::net::TcpListener;
use mio::{Events, Interest, Poll, Token, Waker};
use str0m::net::{Protocol, Transmit};
use tokio::sync::{mpsc, oneshot};

use crate::driver::Bound;
use crate::driver::tcp::Tcp;
use crate::driver::udp::{ReceiveBuffers, Udp};
use crate::shard::{Command, Datagram, Shard, Traffic};

const WAKER: Token = Token(0);
/// Receive calls of one socket before the rooms work; bounds the delay of those who came first.
const MAX_BATCHES: usize = 16;
/// Longest wait without any timer.
const IDLE_WAIT: Duration = Duration::from_secs(5);
/// Packets a millisecond from which on the thread holds wake-ups together.
const HEAVY: f32 = 2.0;
/// How often unused TCP connections are looked for.
const SWEEP: Duration = Duration::from_secs(5);

/// The way to a media thread.
#[derive(Debug, Clone)]
pub(crate) struct Handle {
    pub commands: mpsc::Sender<Command>,
    waker: Arc<Waker>,
    stop: Arc<AtomicBool>,
}

impl Handle {
    /// Makes the thread look at its commands.
    pub(crate) fn wake(&self) {
        // A waker fails only when its thread is gone; then nobody needs it.
        let _ = self.waker.wake();
    }

    /// Makes the thread say goodbye to everybody and end.
    pub(crate) fn stop(&self) {
        self.stop.store(true, Ordering::Release);
        self.wake();
    }
}

struct Driver {
    poll: Poll,
    udp: Vec<Udp>,
    listeners: Vec<TcpListener>,
    tcp: Tcp,
    shard: Shard,
    traffic: Traffic,
    /// Where a client's packets come in, when there is a choice of socket or source address.
    local: Option<HashMap<SocketAddr, (usize, Option<IpAddr>)>>,
    joined: Vec<u8>,
}

/// Starts the thread. The second value ends when the thread does.
pub(crate) fn start(
    bound: Bound,
    shard: Shard,
    coalesce: Duration,
) -> io::Result<(Handle, oneshot::Receiver<()>)> {
    let poll = Poll::new()?;
    let waker = Arc::new(Waker::new(poll.registry(), WAKER)?);
    let (commands, receiver) = mpsc::channel(4096);
    let stop = Arc::new(AtomicBool::new(false));
    let many = bound.udp.len() > 2
        || bound
            .udp
            .iter()
            .any(|s| s.local_addr().is_ok_and(|a| a.ip().is_unspecified()));

    let mut token = WAKER.0;
    let mut udp = Vec::new();
    for socket in bound.udp {
        let mut one = Udp::new(socket)?;
        token += 1;
        poll.registry()
            .register(&mut one.socket, Token(token), Interest::READABLE)?;
        udp.push(one);
    }
    let mut listeners = Vec::new();
    for listener in bound.tcp {
        let mut listener = TcpListener::from_std(listener);
        token += 1;
        poll.registry()
            .register(&mut listener, Token(token), Interest::READABLE)?;
        listeners.push(listener);
    }
    let mut driver = Driver {
        poll,
        udp,
        listeners,
        tcp: Tcp::new(token + 1),
        shard,
        traffic: Traffic::default(),
        local: many.then(HashMap::new),
        joined: Vec::new(),
    };
    let handle = Handle {
        commands,
        waker,
        stop: Arc::clone(&stop),
    };
    let (ended, end) = oneshot::channel();
    std::thread::Builder::new()
        .name("media".into())
        .spawn(move || {
            driver.run(receiver, &stop, coalesce);
            // Nobody waits when the server is dropped without a shutdown.
            let _ = ended.send(());
        })?;
    Ok((handle, end))
}

#[expect(
    clippy::disallowed_methods,
    reason = "the driver is the one place of this crate that reads the clock"
)]
pub(super) fn clock() -> Instant {
    Instant::now()
}

impl Driver {
    fn run(
        &mut self,
        mut commands: mpsc::Receiver<Command>,
        stop: &AtomicBool,
        coalesce: Duration,
    ) {
        let mut events = Events::with_capacity(256);
        let mut buffers = ReceiveBuffers::new();
        let mut out: Vec<Transmit> = Vec::new();
        let mut load = Load::new(clock());
        let mut swept = clock();
        loop {
            let wait = if load.is_heavy() && !coalesce.is_zero() {
                std::thread::sleep(coalesce);
                Duration::ZERO
            } else {
                self.shard.deadline().map_or(IDLE_WAIT, |at| {
                    at.saturating_duration_since(clock()).min(IDLE_WAIT)
                })
            };
            if let Err(error) = self.poll.poll(&mut events, Some(wait))
                && error.kind() != io::ErrorKind::Interrupted
            {
                tracing::error!(%error, "the media thread cannot wait for its sockets");
                return;
            }
            let now = clock();
            if stop.load(Ordering::Acquire) {
                self.shard.close_all(now, &mut out);
                self.send(&mut out);
                return;
            }
            while let Ok(command) = commands.try_recv() {
                self.shard.traffic = self.traffic;
                self.shard.command(now, command, &mut out);
            }
            let mut received = 0;
            for index in 0..self.udp.len() {
                received += self.receive_udp(now, index, &mut buffers, &mut out);
            }
            for event in &events {
                received += self.tcp_event(now, event.token(), &mut out);
            }
            load.note(now, received);
            self.shard.timeout(now, &mut out);
            self.shard.flush(now, &mut out);
            self.send(&mut out);
            if now.saturating_duration_since(swept) >= SWEEP {
                swept = now;
                self.tcp.sweep(now);
                if let Some(local) = &mut self.local
                    && local.len() > 10_000
                {
                    // Learned again from the next check of each client.
                    local.clear();
                }
            }
        }
    }

    fn receive_udp(
        &mut self,
        now: Instant,
        index: usize,
        buffers: &mut ReceiveBuffers,
        out: &mut Vec<Transmit>,
    ) -> usize {
        let mut received = 0;
        let Self {
            udp,
            shard,
            traffic,
            local,
            ..
        } = self;
        for _ in 0..MAX_BATCHES {
            let more = udp[index].receive(buffers, |source, local_ip, contents| {
                received += 1;
                traffic.packets_in += 1;
                traffic.bytes_in += contents.len() as u64;
                let taken = shard.datagram(
                    now,
                    Datagram {
                        tcp: false,
                        source,
                        contents,
                    },
                    out,
                );
                // Checks come every few seconds from each address in use; media need not be looked at.
                if taken
                    && contents.first().is_some_and(|octet| *octet < 4)
                    && let Some(local) = local
                {
                    local.insert(source, (index, local_ip));
                }
            });
            if !more {
                return received;
            }
        }
        // There is more: come back at once, since the socket tells of news only.
        let _ = self.poll.registry().reregister(
            &mut self.udp[index].socket,
            Token(WAKER.0 + 1 + index),
            Interest::READABLE,
        );
        received
    }

    fn tcp_event(&mut self, now: Instant, token: Token, out: &mut Vec<Transmit>) -> usize {
        let first_listener = WAKER.0 + 1 + self.udp.len();
        if let Some(listener) = token
            .0
            .checked_sub(first_listener)
            .and_then(|i| self.listeners.get(i))
        {
            self.tcp.accept(now, listener, self.poll.registry());
            return 0;
        }
        if !self.tcp.owns(token) {
            return 0;
        }
        let mut received = 0;
        let Self {
            tcp,
            shard,
            traffic,
            ..
        } = self;
        tcp.ready(now, token, |source, contents| {
            received += 1;
            traffic.packets_in += 1;
            traffic.bytes_in += contents.len() as u64;
            shard.datagram(
                now,
                Datagram {
                    tcp: true,
                    source,
                    contents,
                },
                out,
            )
        });
        received
    }

    /// Sends everything in order; packets of one receiver and of one size go in one call.
    fn send(&mut self, out: &mut Vec<Transmit>) {
        let mut at = 0;
        while at < out.len() {
            let first = &out[at];
            let (destination, length) = (first.destination, first.contents.len());
            self.traffic.packets_out += 1;
            self.traffic.bytes_out += length as u64;
            if first.proto != Protocol::Udp {
                if !self.tcp.send(destination, &first.contents) {
                    self.traffic.dropped_out += 1;
                }
                at += 1;
                continue;
            }
            let (index, src_ip) = self.route(destination);
            let Some(udp) = self.udp.get(index) else {
                self.traffic.dropped_out += 1;
                at += 1;
                continue;
            };
            let most = udp.max_segments(length);
            let mut end = at + 1;
            while end < out.len() && end - at < most {
                let next = &out[end];
                if next.destination != destination
                    || next.proto != Protocol::Udp
                    || next.contents.len() > length
                {
                    break;
                }
                end += 1;
                self.traffic.packets_out += 1;
                self.traffic.bytes_out += next.contents.len() as u64;
                if next.contents.len() < length {
                    break;
                }
            }
            let refused = if end - at == 1 {
                udp.send(destination, src_ip, &first.contents, length)
            } else {
                self.joined.clear();
                for packet in &out[at..end] {
                    self.joined.extend_from_slice(&packet.contents);
                }
                udp.send(destination, src_ip, &self.joined, length)
            };
            self.traffic.dropped_out += refused as u64;
            at = end;
        }
        out.clear();
    }

    fn route(&self, destination: SocketAddr) -> (usize, Option<IpAddr>) {
        if let Some(route) = self
            .local
            .as_ref()
            .and_then(|local| local.get(&destination))
        {
            return *route;
        }
        (
            self.udp
                .iter()
                .position(|u| u.ipv4 == destination.is_ipv4())
                .unwrap_or(usize::MAX),
            None,
        )
    }
}

/// How busy the thread is, in packets a millisecond over the last tens of milliseconds.
struct Load {
    since: Instant,
    packets: usize,
    rate: f32,
}

impl Load {
    fn new(now: Instant) -> Self {
        Self {
            since: now,
            packets: 0,
            rate: 0.0,
        }
    }

    fn is_heavy(&self) -> bool {
        self.rate >= HEAVY
    }

    fn note(&mut self, now: Instant, packets: usize) {
        self.packets += packets;
        let elapsed = now.saturating_duration_since(self.since);
        if elapsed >= Duration::from_millis(20) {
            #[expect(
                clippy::cast_precision_loss,
                reason = "a packet count of some milliseconds"
            )]
            let rate = self.packets as f32 / (elapsed.as_secs_f32() * 1000.0);
            self.rate = f32::midpoint(self.rate, rate);
            self.packets = 0;
            self.since = now;
        }
    }
}
