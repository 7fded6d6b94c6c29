//! The loop of a media thread: wait, take everything that came, let the rooms work, send.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use mio::net::TcpListener;
use mio::{Events, Interest, Poll, Token, Waker};
use str0m::net::Transmit;
use tokio::sync::{mpsc, oneshot};

use crate::driver::bind::Bound;
use crate::driver::outlet::{self, Outlet};
use crate::driver::tcp::Tcp;
use crate::driver::udp::{ReceiveBuffers, Udp};
use crate::shard::{Command, Datagram, Shard, Traffic};

pub(super) const WAKER: Token = Token(0);
/// Receive calls of one socket before the rooms work; bounds the delay of those who came first.
pub(super) const MAX_BATCHES: usize = 16;
/// Longest wait without any timer.
pub(super) const IDLE_WAIT: Duration = Duration::from_secs(5);
/// Packets a millisecond from which on the thread holds wake-ups together.
const HEAVY: f32 = 2.0;
/// How often unused TCP connections are looked for.
pub(super) const SWEEP: Duration = Duration::from_secs(5);

/// The way to a media thread.
#[derive(Debug, Clone)]
pub(crate) struct Handle {
    pub commands: mpsc::Sender<Command>,
    pub(super) waker: Arc<Waker>,
    pub(super) stop: Arc<AtomicBool>,
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
    outlet: Outlet,
    listeners: Vec<TcpListener>,
    tcp: Tcp,
    shard: Shard,
    traffic: Traffic,
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
    let many = bound.many();

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
        outlet: Outlet::new(udp, many),
        listeners,
        tcp: Tcp::new(token + 1),
        shard,
        traffic: Traffic::default(),
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
            for index in 0..self.outlet.udp.len() {
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
            }
        }
    }

    fn send(&mut self, out: &mut Vec<Transmit>) {
        let Self {
            outlet,
            tcp,
            traffic,
            ..
        } = self;
        outlet.send(out, traffic, |destination, packet| {
            tcp.send(destination, packet)
        });
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
            outlet,
            shard,
            traffic,
            ..
        } = self;
        let (udp, local) = outlet.parts();
        for _ in 0..MAX_BATCHES {
            let more = udp[index].receive(buffers, |source, local_ip, contents| {
                received += 1;
                traffic.packets_in += 1;
                traffic.bytes_in += contents.len() as u64;
                if shard.datagram(
                    now,
                    Datagram {
                        tcp: false,
                        source,
                        contents,
                    },
                    out,
                ) {
                    outlet::learn(local, source, (index, local_ip), contents);
                }
            });
            if !more {
                return received;
            }
        }
        // There is more: come back at once, since the socket tells of news only.
        let _ = self.poll.registry().reregister(
            &mut self.outlet.udp[index].socket,
            Token(WAKER.0 + 1 + index),
            Interest::READABLE,
        );
        received
    }

    fn tcp_event(&mut self, now: Instant, token: Token, out: &mut Vec<Transmit>) -> usize {
        let first_listener = WAKER.0 + 1 + self.outlet.udp.len();
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
}

/// How busy the thread is, in packets a millisecond over the last tens of milliseconds.
pub(super) struct Load {
    since: Instant,
    packets: usize,
    rate: f32,
}

impl Load {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            since: now,
            packets: 0,
            rate: 0.0,
        }
    }

    pub(super) fn is_heavy(&self) -> bool {
        self.rate >= HEAVY
    }

    pub(super) fn note(&mut self, now: Instant, packets: usize) {
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
