//! Several media threads behind one port: a reader takes everything from the sockets and hands it to the thread of
//! its room; each thread sends for itself.
//!
//! The reader learns which thread an address belongs to from the ICE name in a connectivity check; whether the check is
//! authentic, the thread decides.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc as queue;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use mio::net::TcpListener;
use mio::{Events, Interest, Poll, Token, Waker};
use str0m::ice::StunMessage;
use str0m::net::Transmit;
use tokio::sync::{mpsc, oneshot};

use crate::driver::bind::Bound;
use crate::driver::outlet::{Local, Outlet};
use crate::driver::run::{Handle, IDLE_WAIT, Load, MAX_BATCHES, SWEEP, WAKER, clock};
use crate::driver::tcp::Tcp;
use crate::driver::udp::{ReceiveBuffers, Udp};
use crate::driver::{Thread, Threads};
use crate::shard::{Command, Datagram, Shard, Traffic};

/// Batches that may wait for a media thread; beyond that its packets are dropped, as a network would.
const INBOX: usize = 256;
/// Packets that may wait to be sent over TCP.
const TCP_OUTBOX: usize = 4096;
/// Most addresses the reader remembers; they are learned again from the next check of each client.
const MAX_ADDRESSES: usize = 50_000;

/// Which thread each ICE name belongs to. Locked when an offer is answered and when a check comes, never for media.
pub(crate) type Names = Arc<Mutex<HashMap<String, usize>>>;

/// A packet on its way from the reader to a media thread.
struct Packet {
    tcp: bool,
    source: SocketAddr,
    local: Local,
    contents: Vec<u8>,
}

/// A packet on its way from a media thread to the reader, which owns the TCP connections.
type TcpPacket = (SocketAddr, Vec<u8>);

struct Worker {
    poll: Poll,
    outlet: Outlet,
    shard: Shard,
    traffic: Traffic,
    inbox: queue::Receiver<Vec<Packet>>,
    tcp: queue::SyncSender<TcpPacket>,
    reader: Arc<Waker>,
}

struct Reader {
    poll: Poll,
    udp: Vec<Udp>,
    listeners: Vec<TcpListener>,
    tcp: Tcp,
    outbox: queue::Receiver<TcpPacket>,
    desk: Desk,
}

/// Sorts packets by thread.
struct Desk {
    names: Names,
    by_address: HashMap<(bool, SocketAddr), usize>,
    workers: Vec<(queue::SyncSender<Vec<Packet>>, Arc<Waker>)>,
    batches: Vec<Vec<Packet>>,
    strangers: Arc<AtomicU64>,
}

/// Starts one thread for each shard and the reader.
pub(super) fn start(
    bound: Bound,
    shards: Vec<Shard>,
    names: Names,
    coalesce: Duration,
) -> io::Result<Threads> {
    let many = bound.many();
    let poll = Poll::new()?;
    let waker = Arc::new(Waker::new(poll.registry(), WAKER)?);
    let (to_tcp, outbox) = queue::sync_channel(TCP_OUTBOX);
    let mut threads: Vec<Thread> = Vec::new();
    let mut workers = Vec::new();
    for (index, shard) in shards.into_iter().enumerate() {
        let udp = bound
            .udp
            .iter()
            .map(|s| s.try_clone().and_then(Udp::new))
            .collect::<io::Result<Vec<_>>>()?;
        let poll = Poll::new()?;
        let own = Arc::new(Waker::new(poll.registry(), WAKER)?);
        let (to_worker, inbox) = queue::sync_channel(INBOX);
        workers.push((to_worker, Arc::clone(&own)));
        let mut worker = Worker {
            poll,
            outlet: Outlet::new(udp, many),
            shard,
            traffic: Traffic::default(),
            inbox,
            tcp: to_tcp.clone(),
            reader: Arc::clone(&waker),
        };
        let (commands, receiver) = mpsc::channel(4096);
        let stop = Arc::new(AtomicBool::new(false));
        let (ended, end) = oneshot::channel();
        let handle = Handle {
            commands,
            waker: own,
            stop: Arc::clone(&stop),
        };
        std::thread::Builder::new()
            .name(format!("media-{index}"))
            .spawn(move || {
                worker.run(receiver, &stop);
                // Nobody waits when the server is dropped without a shutdown.
                let _ = ended.send(());
            })?;
        threads.push((handle, end));
    }

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
    let batches = workers.iter().map(|_| Vec::new()).collect();
    let strangers: Arc<AtomicU64> = Arc::default();
    let desk = Desk {
        strangers: Arc::clone(&strangers),
        names,
        by_address: HashMap::new(),
        workers,
        batches,
    };
    let mut reader = Reader {
        poll,
        udp,
        listeners,
        tcp: Tcp::new(token + 1),
        outbox,
        desk,
    };
    let stop = Arc::new(AtomicBool::new(false));
    let (ended, end) = oneshot::channel();
    // The reader takes no commands.
    let (commands, _) = mpsc::channel(1);
    let handle = Handle {
        commands,
        waker,
        stop: Arc::clone(&stop),
    };
    std::thread::Builder::new()
        .name("media-in".into())
        .spawn(move || {
            reader.run(&stop, coalesce);
            let _ = ended.send(());
        })?;
    Ok(Threads {
        rooms: threads,
        reader: Some((handle, end)),
        strangers,
    })
}

impl Worker {
    fn run(&mut self, mut commands: mpsc::Receiver<Command>, stop: &AtomicBool) {
        let mut events = Events::with_capacity(16);
        let mut out: Vec<Transmit> = Vec::new();
        loop {
            let wait = self.shard.deadline().map_or(IDLE_WAIT, |at| {
                at.saturating_duration_since(clock()).min(IDLE_WAIT)
            });
            if let Err(error) = self.poll.poll(&mut events, Some(wait))
                && error.kind() != io::ErrorKind::Interrupted
            {
                tracing::error!(%error, "a media thread cannot wait");
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
            while let Ok(batch) = self.inbox.try_recv() {
                for packet in batch {
                    self.traffic.packets_in += 1;
                    self.traffic.bytes_in += packet.contents.len() as u64;
                    let datagram = Datagram {
                        tcp: packet.tcp,
                        source: packet.source,
                        contents: &packet.contents,
                    };
                    if self.shard.datagram(now, datagram, &mut out) && !packet.tcp {
                        self.outlet
                            .learn(packet.source, packet.local, &packet.contents);
                    }
                }
            }
            self.shard.timeout(now, &mut out);
            self.shard.flush(now, &mut out);
            self.send(&mut out);
        }
    }

    fn send(&mut self, out: &mut Vec<Transmit>) {
        let Self {
            outlet,
            tcp,
            traffic,
            reader,
            ..
        } = self;
        let mut queued = false;
        outlet.send(out, traffic, |destination, packet| {
            queued = true;
            tcp.try_send((destination, packet.to_vec())).is_ok()
        });
        if queued {
            // A waker fails only when its thread is gone.
            let _ = reader.wake();
        }
    }
}

impl Reader {
    fn run(&mut self, stop: &AtomicBool, coalesce: Duration) {
        let mut events = Events::with_capacity(256);
        let mut buffers = ReceiveBuffers::new();
        let mut load = Load::new(clock());
        let mut swept = clock();
        loop {
            let wait = if load.is_heavy() && !coalesce.is_zero() {
                std::thread::sleep(coalesce);
                Duration::ZERO
            } else {
                IDLE_WAIT
            };
            if let Err(error) = self.poll.poll(&mut events, Some(wait))
                && error.kind() != io::ErrorKind::Interrupted
            {
                tracing::error!(%error, "the reading media thread cannot wait for its sockets");
                return;
            }
            let now = clock();
            while let Ok((destination, packet)) = self.outbox.try_recv() {
                self.tcp.send(destination, &packet);
            }
            if stop.load(Ordering::Acquire) {
                return;
            }
            let mut received = 0;
            for index in 0..self.udp.len() {
                received += self.receive_udp(index, &mut buffers);
            }
            for event in &events {
                received += self.tcp_event(now, event.token());
            }
            load.note(now, received);
            self.desk.deliver();
            if now.saturating_duration_since(swept) >= SWEEP {
                swept = now;
                self.tcp.sweep(now);
            }
        }
    }

    fn receive_udp(&mut self, index: usize, buffers: &mut ReceiveBuffers) -> usize {
        let mut received = 0;
        let Self { udp, desk, .. } = self;
        for _ in 0..MAX_BATCHES {
            let more = udp[index].receive(buffers, |source, local_ip, contents| {
                received += 1;
                desk.sort(false, source, (index, local_ip), contents);
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

    fn tcp_event(&mut self, now: Instant, token: Token) -> usize {
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
        let Self { tcp, desk, .. } = self;
        tcp.ready(now, token, |source, contents| {
            received += 1;
            desk.sort(true, source, (0, None), contents)
        });
        received
    }
}

impl Desk {
    /// Puts a packet into the batch of its thread. False when no thread is known for it.
    fn sort(&mut self, tcp: bool, source: SocketAddr, local: Local, contents: &[u8]) -> bool {
        let key = (tcp, source);
        let named = if contents.first().is_some_and(|octet| *octet < 4) {
            self.named(contents)
        } else {
            None
        };
        if let Some(worker) = named {
            if self.by_address.len() >= MAX_ADDRESSES {
                self.by_address.clear();
            }
            self.by_address.insert(key, worker);
        }
        let Some(&worker) = self.by_address.get(&key) else {
            self.strangers.fetch_add(1, Ordering::Relaxed);
            return false;
        };
        let Some(batch) = self.batches.get_mut(worker) else {
            return false;
        };
        batch.push(Packet {
            tcp,
            source,
            local,
            contents: contents.to_vec(),
        });
        true
    }

    /// The thread of the link that a check names.
    fn named(&self, contents: &[u8]) -> Option<usize> {
        let message = StunMessage::parse(contents).ok()?;
        let (ufrag, _) = message.split_username()?;
        self.names.lock().ok()?.get(ufrag).copied()
    }

    /// Hands the batches over. A thread that cannot keep up loses packets; the others do not wait for it.
    fn deliver(&mut self) {
        for (batch, (inbox, waker)) in self.batches.iter_mut().zip(&self.workers) {
            if !batch.is_empty() && inbox.try_send(std::mem::take(batch)).is_ok() {
                // A waker fails only when its thread is gone.
                let _ = waker.wake();
            }
        }
    }
}
