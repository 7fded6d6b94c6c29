//! Sending what the rooms gave: in order, equal-sized packets of one receiver in one call.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};

use str0m::net::{Protocol, Transmit};

use crate::driver::udp::Udp;
use crate::shard::Traffic;

/// Most addresses remembered; they are learned again from the next check of each client.
const MAX_LOCAL: usize = 10_000;

/// Which socket a client's packets come in by, and the address they were sent to.
pub(super) type Local = (usize, Option<IpAddr>);

/// The sockets to send by.
pub(super) struct Outlet {
    pub(super) udp: Vec<Udp>,
    /// Where each client comes in, when there is a choice of socket or source address.
    local: Option<HashMap<SocketAddr, Local>>,
    joined: Vec<u8>,
}

impl Outlet {
    /// `many` says that one socket a family is not all there is to choose from.
    pub(super) fn new(udp: Vec<Udp>, many: bool) -> Self {
        Self {
            udp,
            local: many.then(HashMap::new),
            joined: Vec::new(),
        }
    }

    /// Notes where a client comes in. Checks come every few seconds from each address in use, so other
    /// packets need not be looked at.
    pub(super) fn learn(&mut self, source: SocketAddr, local: Local, contents: &[u8]) {
        learn(&mut self.local, source, local, contents);
    }

    /// The table of [`Outlet::learn`] and the sockets, for a loop that reads from one while it fills the other.
    pub(super) fn parts(&mut self) -> (&[Udp], &mut Option<HashMap<SocketAddr, Local>>) {
        (&self.udp, &mut self.local)
    }

    /// Sends everything. `tcp` takes the packets that do not go by UDP, and says whether it did.
    pub(super) fn send(
        &mut self,
        out: &mut Vec<Transmit>,
        traffic: &mut Traffic,
        mut tcp: impl FnMut(SocketAddr, &[u8]) -> bool,
    ) {
        let mut at = 0;
        while at < out.len() {
            let first = &out[at];
            let (destination, length) = (first.destination, first.contents.len());
            traffic.packets_out += 1;
            traffic.bytes_out += length as u64;
            if first.proto != Protocol::Udp {
                traffic.dropped_out += u64::from(!tcp(destination, &first.contents));
                at += 1;
                continue;
            }
            let (index, src_ip) = self.route(destination);
            let Some(udp) = self.udp.get(index) else {
                traffic.dropped_out += 1;
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
                traffic.packets_out += 1;
                traffic.bytes_out += next.contents.len() as u64;
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
            traffic.dropped_out += refused as u64;
            at = end;
        }
        out.clear();
    }

    fn route(&self, destination: SocketAddr) -> Local {
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

/// [`Outlet::learn`] on the table alone.
pub(super) fn learn(
    table: &mut Option<HashMap<SocketAddr, Local>>,
    source: SocketAddr,
    local: Local,
    contents: &[u8],
) {
    if let Some(table) = table
        && contents.first().is_some_and(|octet| *octet < 4)
    {
        if table.len() >= MAX_LOCAL {
            table.clear();
        }
        table.insert(source, local);
    }
}
