//! Binding one port for UDP and TCP on every address, and the addresses to tell browsers.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, UdpSocket};

use socket2::{Domain, Protocol, Socket, Type};

use crate::api::StartError;
use crate::config::SfuConfig;

/// Tries for a port that is free for UDP and TCP on all addresses.
const PORT_TRIES: usize = 32;
/// Room for bursts; the system may grant less.
const SOCKET_BUFFER: usize = 4 * 1024 * 1024;

/// Bound sockets.
#[derive(Debug)]
pub(crate) struct Bound {
    pub port: u16,
    pub udp: Vec<UdpSocket>,
    pub tcp: Vec<TcpListener>,
    pub candidates: Vec<SocketAddr>,
}

impl Bound {
    /// Whether there is more than one socket a family, or one that serves many addresses.
    pub(crate) fn many(&self) -> bool {
        self.udp.len() > 2
            || self
                .udp
                .iter()
                .any(|s| s.local_addr().is_ok_and(|a| a.ip().is_unspecified()))
    }
}

/// Binds as the settings say.
pub(crate) fn bind(config: &SfuConfig) -> Result<Bound, StartError> {
    if config.bind.is_empty() {
        return Err(StartError::NoAddress);
    }
    let mut tries = if config.media_port == 0 {
        PORT_TRIES
    } else {
        1
    };
    let (port, udp, tcp) = loop {
        tries -= 1;
        match bind_all(&config.bind, config.media_port) {
            Ok(bound) => break bound,
            Err(StartError::Bind { source, .. })
                if tries > 0 && source.kind() == io::ErrorKind::AddrInUse => {}
            Err(error) => return Err(error),
        }
    };
    let candidates = candidates(config, port)?;
    Ok(Bound {
        port,
        udp,
        tcp,
        candidates,
    })
}

type Sockets = (u16, Vec<UdpSocket>, Vec<TcpListener>);

fn bind_all(addresses: &[IpAddr], port: u16) -> Result<Sockets, StartError> {
    let mut port = port;
    let (mut udp, mut tcp) = (Vec::new(), Vec::new());
    for &ip in addresses {
        let addr = SocketAddr::new(ip, port);
        let failed = |source| StartError::Bind { addr, source };
        let socket: UdpSocket = open(addr, Type::DGRAM, Protocol::UDP)
            .map_err(failed)?
            .into();
        port = socket.local_addr().map_err(failed)?.port();
        let addr = SocketAddr::new(ip, port);
        let failed = |source| StartError::Bind { addr, source };
        let listener = open(addr, Type::STREAM, Protocol::TCP).map_err(failed)?;
        listener.listen(128).map_err(failed)?;
        udp.push(socket);
        tcp.push(listener.into());
    }
    Ok((port, udp, tcp))
}

fn open(addr: SocketAddr, kind: Type, protocol: Protocol) -> io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(addr), kind, Some(protocol))?;
    if addr.is_ipv6() {
        socket.set_only_v6(true)?;
    }
    if kind == Type::STREAM {
        // Connections of before a restart must not keep the port.
        socket.set_reuse_address(true)?;
    } else {
        // Less than asked for is no reason to fail.
        let _ = socket.set_recv_buffer_size(SOCKET_BUFFER);
        let _ = socket.set_send_buffer_size(SOCKET_BUFFER);
    }
    socket.set_nonblocking(true)?;
    socket.bind(&addr.into())?;
    Ok(socket)
}

fn candidates(config: &SfuConfig, port: u16) -> Result<Vec<SocketAddr>, StartError> {
    let mut ips: Vec<IpAddr> = Vec::new();
    if config.advertise.is_empty() {
        for &ip in &config.bind {
            ips.extend(if ip.is_unspecified() {
                machine_addresses(ip)
            } else {
                vec![ip]
            });
        }
    } else {
        ips.extend(&config.advertise);
    }
    if let Some(&bad) = ips
        .iter()
        .find(|ip| ip.is_unspecified() || ip.is_multicast())
    {
        return Err(StartError::BadAddress(bad));
    }
    let mut candidates: Vec<SocketAddr> = Vec::new();
    for ip in ips {
        let addr = SocketAddr::new(ip, port);
        if !candidates.contains(&addr) {
            candidates.push(addr);
        }
    }
    if candidates.is_empty() {
        Err(StartError::NoAddress)
    } else {
        Ok(candidates)
    }
}

/// The address this machine uses towards others, and loopback. Connecting a UDP socket sends nothing: the
/// system only chooses the source address.
fn machine_addresses(unspecified: IpAddr) -> Vec<IpAddr> {
    let (somewhere, loopback): (IpAddr, IpAddr) = if unspecified.is_ipv4() {
        (
            Ipv4Addr::new(192, 0, 2, 1).into(),
            Ipv4Addr::LOCALHOST.into(),
        )
    } else {
        (
            Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1).into(),
            Ipv6Addr::LOCALHOST.into(),
        )
    };
    let outward = UdpSocket::bind((unspecified, 0))
        .and_then(|s| s.connect((somewhere, 9)).and_then(|()| s.local_addr()))
        .map(|a| a.ip())
        .ok()
        .filter(|ip| !ip.is_unspecified() && *ip != loopback);
    outward.into_iter().chain([loopback]).collect()
}
