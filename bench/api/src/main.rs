//! Measures requests per second and latency of the API's list, create, token and end calls, each beside a bare axum and
//! sqlx handler that does the least such a call can do, in the same run on the same machine.
//!
//! ```text
//! api-bench run --server target/release/televisit --out .cache/bench/api
//! ```

mod bare;
mod clinic;
mod http;
mod limit;
mod load;
mod process;
mod report;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about)]
struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Measure, and write OUT.md and OUT.json.
    Run(Run),
    /// Serve the bare handlers until killed (started by `run` as a process of its own).
    Bare {
        /// Folder of the database.
        #[arg(long)]
        data: PathBuf,
        /// Port of 127.0.0.1.
        #[arg(long)]
        port: u16,
    },
}

#[derive(clap::Args)]
struct Run {
    /// The televisit binary, built for release.
    #[arg(long)]
    server: PathBuf,
    /// Where the report goes, without ending.
    #[arg(long)]
    out: PathBuf,
    /// Numbers of connections to measure with.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 8, 64])]
    connections: Vec<usize>,
    /// Sessions that are created and ended for each number of connections.
    #[arg(long, default_value_t = 400)]
    sessions: usize,
    /// Calls of list and of token for each number of connections.
    #[arg(long, default_value_t = 2000)]
    reads: usize,
}

#[tokio::main]
async fn main() -> Result<()> {
    match Arguments::parse().what {
        What::Bare { data, port } => bare::serve(&data, port).await,
        What::Run(run) => {
            let mut rows = Vec::new();
            for &connections in &run.connections {
                eprintln!("televisit, {connections} connections");
                let ours = clinic::measure(&run, connections).await?;
                eprintln!("bare handler, {connections} connections");
                let limit = limit::measure(&run, connections).await?;
                rows.extend(report::pair(connections, ours, &limit)?);
            }
            report::write(&run.out, &rows)?;
            eprintln!("{}", report::markdown(&rows));
            Ok(())
        }
    }
}
