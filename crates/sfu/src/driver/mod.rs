//! Sockets, threads and the real clock around the rooms.
//!
//! With one media thread it serves the sockets itself, which costs least. With several, a reader hands
//! each packet to the thread of its room.

mod bind;
mod outlet;
mod run;
mod split;
mod tcp;
mod udp;

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use tokio::sync::oneshot;

use crate::api::StartError;
use crate::config::SfuConfig;
use crate::link::LinkConfig;
use crate::shard::Shard;

pub(crate) use run::Handle;
pub(crate) use split::Names;

/// A thread's handle, and what ends with it.
pub(crate) type Thread = (Handle, oneshot::Receiver<()>);

/// The running threads.
pub(crate) struct Threads {
    /// Those that own rooms.
    pub rooms: Vec<Thread>,
    /// The one that reads for them, when they are several.
    pub reader: Option<Thread>,
    /// Packets that the reader dropped since they belonged to nobody.
    pub strangers: Arc<AtomicU64>,
}

/// Most media threads.
const MAX_SHARDS: usize = 64;

/// Binds the sockets and starts the media threads; the port in use and the threads.
pub(crate) fn start(config: &SfuConfig) -> Result<(u16, Threads), StartError> {
    let bound = bind::bind(config)?;
    let port = bound.port;
    let links = LinkConfig::new(bound.candidates.clone(), true, config.estimate_bandwidth)
        .map_err(StartError::System)?;
    let links = Arc::new(links);
    let coalesce = Duration::from_micros(u64::from(config.coalesce_us));
    let failed = |e: std::io::Error| StartError::System(e.to_string());
    let count = config.shards.clamp(1, MAX_SHARDS);
    let new_shard = || Shard::new(run::clock(), Arc::clone(&links), config.max_peers);
    if count == 1 {
        let thread = run::start(bound, new_shard(), coalesce).map_err(failed)?;
        return Ok((
            port,
            Threads {
                rooms: vec![thread],
                reader: None,
                strangers: Arc::default(),
            },
        ));
    }
    let names = Names::default();
    let shards = (0..count)
        .map(|index| new_shard().publish_names(index, Arc::clone(&names)))
        .collect();
    Ok((
        port,
        split::start(bound, shards, names, coalesce).map_err(failed)?,
    ))
}
