//! The limit: the least that any forwarder must do for a packet. Receive, open (AES-128-GCM), copy, seal, send, one
//! system call for each, always with a packet waiting, so that no wake-up is counted.

use std::net::UdpSocket;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, anyhow};
use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};

use crate::proc;

const HEADER: usize = 12;
/// As the generator's video packets.
const PAYLOAD: usize = crate::client::VIDEO_PACKET;

fn key(byte: u8) -> anyhow::Result<LessSafeKey> {
    let key =
        UnboundKey::new(&AES_128_GCM, &[byte; 16]).map_err(|_| anyhow!("no AES-128-GCM key"))?;
    Ok(LessSafeKey::new(key))
}

fn nonce() -> Nonce {
    Nonce::assume_unique_for_key([7; 12])
}

/// Forwards so many packets and prints the nanoseconds of CPU for one.
pub(crate) fn run(packets: u64) -> anyhow::Result<()> {
    let forwarder = UdpSocket::bind("127.0.0.1:0")?;
    let sink = UdpSocket::bind("127.0.0.1:0")?;
    let source = UdpSocket::bind("127.0.0.1:0")?;
    let (to, on) = (forwarder.local_addr()?, sink.local_addr()?);

    let mut sealed = vec![0x80; HEADER + PAYLOAD];
    let tag = {
        let (header, payload) = sealed.split_at_mut(HEADER);
        key(1)?
            .seal_in_place_separate_tag(nonce(), Aad::from(&*header), payload)
            .map_err(|_| anyhow!("cannot seal"))?
    };
    sealed.extend_from_slice(tag.as_ref());

    let stop = Arc::new(AtomicBool::new(false));
    let stopped = Arc::clone(&stop);
    let feeder = std::thread::spawn(move || {
        while !stopped.load(Ordering::Relaxed) {
            // A full queue drops, which costs the forwarder nothing.
            let _ = source.send_to(&sealed, to);
        }
    });

    // Somebody must read what is sent: into a full queue a packet goes for much less.
    sink.set_read_timeout(Some(Duration::from_millis(50)))?;
    let read = Arc::clone(&stop);
    let reader = std::thread::spawn(move || {
        let mut buffer = [0; 2048];
        while !read.load(Ordering::Relaxed) {
            let _ = sink.recv_from(&mut buffer);
        }
    });

    let (open, seal) = (key(1)?, key(2)?);
    let mut buffer = [0; 2048];
    let mut out = Vec::with_capacity(2048);
    let mut cpu = 0;
    for done in 0..packets + packets / 10 {
        if done == packets / 10 {
            cpu = proc::thread_cpu_ns()?;
        }
        let (length, _) = forwarder.recv_from(&mut buffer)?;
        let (header, body) = buffer[..length].split_at_mut(HEADER);
        let plain = open
            .open_in_place(nonce(), Aad::from(&*header), body)
            .map_err(|_| anyhow!("cannot open"))?;
        out.clear();
        out.extend_from_slice(header);
        out.extend_from_slice(plain);
        let (header, payload) = out.split_at_mut(HEADER);
        let tag = seal
            .seal_in_place_separate_tag(nonce(), Aad::from(&*header), payload)
            .map_err(|_| anyhow!("cannot seal"))?;
        out.extend_from_slice(tag.as_ref());
        let _ = forwarder.send_to(&out, on);
    }
    let used = proc::thread_cpu_ns()? - cpu;
    stop.store(true, Ordering::Relaxed);
    feeder.join().map_err(|_| anyhow!("the feeder failed"))?;
    reader.join().map_err(|_| anyhow!("the reader failed"))?;
    let each = used.checked_div(packets).context("no packets")?;
    serde_json::to_writer(std::io::stdout().lock(), &each)?;
    Ok(())
}
