//! Batched UDP: many packets a call in, and equal-sized packets of one receiver in one call out.

use std::io::{self, IoSliceMut};
use std::net::{IpAddr, SocketAddr};

use mio::net::UdpSocket;
use quinn_udp::{BATCH_SIZE, RecvMeta, Transmit, UdpSockRef, UdpSocketState};

/// A receive buffer holds packets that the system joined, at most this much.
const BUFFER: usize = 65_536;
/// The system takes at most this much in one call.
const MAX_SEND: usize = 60_000;

/// Buffers for one call that receives.
pub(super) struct ReceiveBuffers {
    memory: Vec<u8>,
    meta: [RecvMeta; BATCH_SIZE],
}

impl ReceiveBuffers {
    pub(super) fn new() -> Self {
        Self {
            memory: vec![0; BUFFER * BATCH_SIZE],
            meta: [RecvMeta::default(); BATCH_SIZE],
        }
    }
}

/// One bound UDP socket.
pub(super) struct Udp {
    pub(super) socket: UdpSocket,
    state: UdpSocketState,
    pub(super) ipv4: bool,
}

impl Udp {
    pub(super) fn new(socket: std::net::UdpSocket) -> io::Result<Self> {
        let ipv4 = socket.local_addr()?.is_ipv4();
        let state = UdpSocketState::new(UdpSockRef::from(&socket))?;
        Ok(Self {
            socket: UdpSocket::from_std(socket),
            state,
            ipv4,
        })
    }

    /// Receives what is there, at most one batch. Calls `take` with the source, the address it was sent to
    /// if known, and the packet. False when nothing was there.
    pub(super) fn receive(
        &self,
        buffers: &mut ReceiveBuffers,
        mut take: impl FnMut(SocketAddr, Option<IpAddr>, &[u8]),
    ) -> bool {
        let count = {
            let mut slices: [IoSliceMut<'_>; BATCH_SIZE] = {
                let mut chunks = buffers.memory.chunks_exact_mut(BUFFER);
                std::array::from_fn(|_| IoSliceMut::new(chunks.next().unwrap_or_default()))
            };
            match self.state.recv(
                UdpSockRef::from(&self.socket),
                &mut slices,
                &mut buffers.meta,
            ) {
                Ok(count) => count,
                // Besides "nothing there" these are errors of earlier sends (a port closed); the next call goes on.
                Err(_) => return false,
            }
        };
        for (chunk, meta) in buffers
            .memory
            .chunks_exact(BUFFER)
            .zip(&buffers.meta)
            .take(count)
        {
            let stride = meta.stride.max(1);
            for packet in chunk[..meta.len.min(BUFFER)].chunks(stride) {
                take(meta.addr, meta.dst_ip, packet);
            }
        }
        count > 0
    }

    /// Sends packets to one address; all have the length of the first but the last, which may be shorter.
    /// Returns how many packets the system did not take.
    pub(super) fn send(
        &self,
        destination: SocketAddr,
        src_ip: Option<IpAddr>,
        contents: &[u8],
        segment: usize,
    ) -> usize {
        let segments = contents.len().div_ceil(segment.max(1));
        let transmit = Transmit {
            destination,
            ecn: None,
            contents,
            segment_size: (segments > 1).then_some(segment),
            src_ip,
        };
        match self
            .state
            .try_send(UdpSockRef::from(&self.socket), &transmit)
        {
            Ok(()) => 0,
            Err(error) if segments > 1 && error.kind() != io::ErrorKind::WouldBlock => {
                // A network card may refuse joined packets: one by one then.
                contents
                    .chunks(segment)
                    .map(|one| self.send(destination, src_ip, one, one.len()))
                    .sum()
            }
            Err(_) => segments,
        }
    }

    /// How many equal-sized packets of `length` one call takes.
    pub(super) fn max_segments(&self, length: usize) -> usize {
        self.state
            .max_gso_segments()
            .min(MAX_SEND / length.max(1))
            .max(1)
    }
}
