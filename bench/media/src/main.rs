//! Measures the embedded media server: rooms of two with 1 Mbit/s of VP8-shaped video and Opus-shaped sound
//! both ways. The server runs in a process of its own, so that its CPU and memory can be read; the limit, a bare
//! forwarder, runs in the same session.

mod client;
mod generator;
mod limit;
mod proc;
mod report;
mod server;

use std::path::PathBuf;
use std::time::Instant;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "Measures the media server beside its limit")]
struct Args {
    /// Prefix of the result files: PREFIX.md and PREFIX.json.
    #[arg(long, default_value = ".cache/bench/media")]
    out: PathBuf,
    /// Rooms of two in each run, one run after the other.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 10, 50])]
    rooms: Vec<usize>,
    /// Seconds measured in each run.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Times that each run is repeated; the report gives the median.
    #[arg(long, default_value_t = 3)]
    repeat: usize,
    /// Wake-ups held together, in microseconds.
    #[arg(long, default_value_t = 1000)]
    coalesce_us: u32,
    /// Estimate the bandwidth of receivers, as in the product.
    #[arg(long, default_value_t = true, action = clap::ArgAction::Set)]
    estimate: bool,
    /// Keep server and generator on cores of their own.
    #[arg(long, default_value_t = true, action = clap::ArgAction::Set)]
    pin: bool,
    #[command(subcommand)]
    role: Option<Role>,
}

#[derive(Subcommand)]
enum Role {
    /// The media server, driven over standard input (started by the bench itself).
    #[command(hide = true)]
    Serve {
        coalesce_us: u32,
        #[arg(action = clap::ArgAction::Set)]
        estimate: bool,
    },
    /// The bare forwarder (started by the bench itself).
    #[command(hide = true)]
    Limit { packets: u64 },
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]
fn clock() -> Instant {
    Instant::now()
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    match args.role {
        Some(Role::Serve {
            coalesce_us,
            estimate,
        }) => server::serve(coalesce_us, estimate),
        Some(Role::Limit { packets }) => limit::run(packets),
        None => report::run(&report::Plan {
            out: args.out,
            rooms: args.rooms,
            seconds: args.seconds,
            repeat: args.repeat,
            coalesce_us: args.coalesce_us,
            estimate: args.estimate,
            pin: args.pin,
        }),
    }
}
