//! Settings of the media server.

use std::net::{IpAddr, Ipv4Addr};

/// How the media server binds and what it tells browsers.
#[derive(Debug, Clone)]
pub struct SfuConfig {
    /// Addresses to bind, each with one UDP and one TCP socket. An unspecified address
    /// (`0.0.0.0`, `::`) receives on all interfaces.
    pub bind: Vec<IpAddr>,
    /// UDP and TCP port of every bound address. 0 takes a port that is free for both.
    pub media_port: u16,
    /// Addresses put into answers as candidates, each with the bound port. Empty: the bound
    /// addresses, where an unspecified one stands for every address found on this machine,
    /// loopback included.
    pub advertise: Vec<IpAddr>,
    /// Media threads. A room lives on one of them. 0 is read as 1.
    pub shards: usize,
    /// Most people in one room.
    pub max_peers: usize,
    /// Longest wait that packets may be held to be handled together, in microseconds, while the
    /// traffic is heavy. 0 handles each as it comes.
    pub coalesce_us: u32,
    /// Estimate each receiver's bandwidth, to choose layers and to slow senders for a weak receiver.
    pub estimate_bandwidth: bool,
}

impl Default for SfuConfig {
    /// One thread on a free port of the IPv4 loopback address, ten people a room.
    fn default() -> Self {
        Self {
            bind: vec![IpAddr::V4(Ipv4Addr::LOCALHOST)],
            media_port: 0,
            advertise: Vec::new(),
            shards: 1,
            max_peers: 10,
            coalesce_us: 1000,
            estimate_bandwidth: true,
        }
    }
}
