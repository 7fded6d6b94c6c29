//! Sockets, threads and the real clock around the rooms. One thread serves all sockets and the rooms on it.

mod bind;
mod run;
mod tcp;
mod udp;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;

use crate::api::StartError;
use crate::config::SfuConfig;
use crate::link::LinkConfig;
use crate::shard::Shard;

use bind::Bound;
pub(crate) use run::Handle;

/// A thread's handle, and what ends with it.
type Thread = (Handle, oneshot::Receiver<()>);

/// Binds the sockets and starts the media threads; the port in use and the threads.
pub(crate) fn start(config: &SfuConfig) -> Result<(u16, Vec<Thread>), StartError> {
    let bound = bind::bind(config)?;
    let port = bound.port;
    let links = LinkConfig::new(bound.candidates.clone(), true, config.estimate_bandwidth)
        .map_err(StartError::System)?;
    let shard = Shard::new(run::clock(), Arc::new(links), config.max_peers);
    let coalesce = Duration::from_micros(u64::from(config.coalesce_us));
    let thread =
        run::start(bound, shard, coalesce).map_err(|e| StartError::System(e.to_string()))?;
    Ok((port, vec![thread]))
}
