//! The media server in its own process. One JSON command a line on standard input, one answer a line on
//! standard output, in order.

use std::io::{BufRead, Write};

use serde::{Deserialize, Serialize};
use televisit_sfu::{PeerEvents, PeerId, RoomId, Sfu, SfuConfig, SfuStats};

/// A command to the server process.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Command {
    Join { room: u64, peer: u64 },
    Offer { room: u64, peer: u64, sdp: String },
    Stats,
    Quit,
}

/// Its answer.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Answer {
    Ready,
    Joined,
    Sdp(String),
    Failed(String),
    Stats(Figures),
}

/// The counters that the bench uses.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Figures {
    pub forwarded: u64,
    pub dropped_in: u64,
    pub dropped_out: u64,
    pub connected: u64,
}

impl From<SfuStats> for Figures {
    fn from(s: SfuStats) -> Self {
        Self {
            forwarded: s.forwarded,
            dropped_in: s.dropped_in,
            dropped_out: s.dropped_out,
            connected: s.connected,
        }
    }
}

pub(crate) fn serve(coalesce_us: u32, estimate_bandwidth: bool) -> anyhow::Result<()> {
    let sfu = Sfu::start(SfuConfig {
        coalesce_us,
        estimate_bandwidth,
        ..SfuConfig::default()
    })?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    // Events of peers are kept unread up to their limit: a room of two has a handful.
    let mut events: Vec<PeerEvents> = Vec::new();
    let mut out = std::io::stdout().lock();
    let mut say = |answer: &Answer| -> anyhow::Result<()> {
        serde_json::to_writer(&mut out, answer)?;
        out.write_all(b"\n")?;
        out.flush()?;
        Ok(())
    };
    say(&Answer::Ready)?;
    for line in std::io::stdin().lock().lines() {
        let answer = match serde_json::from_str(&line?)? {
            Command::Join { room, peer } => {
                match runtime.block_on(sfu.join(RoomId(room), PeerId(peer), true)) {
                    Ok(receiver) => {
                        events.push(receiver);
                        Answer::Joined
                    }
                    Err(error) => Answer::Failed(error.to_string()),
                }
            }
            Command::Offer { room, peer, sdp } => {
                match runtime.block_on(sfu.offer(RoomId(room), PeerId(peer), "bench", &sdp)) {
                    Ok(sdp) => Answer::Sdp(sdp),
                    Err(error) => Answer::Failed(error.to_string()),
                }
            }
            Command::Stats => Answer::Stats(runtime.block_on(sfu.stats())?.into()),
            Command::Quit => break,
        };
        for events in &mut events {
            while events.try_recv().is_ok() {}
        }
        say(&answer)?;
    }
    runtime.block_on(sfu.shutdown());
    Ok(())
}
