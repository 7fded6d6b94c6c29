//! All runs, their medians, and the two result files.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use anyhow::Context;
use serde_json::json;

use crate::generator::{self, Outcome, Run, own_process};

/// What to measure.
pub(crate) struct Plan {
    pub out: PathBuf,
    pub rooms: Vec<usize>,
    pub seconds: u64,
    pub repeat: usize,
    pub coalesce_us: u32,
    pub estimate: bool,
    pub pin: bool,
}

/// Packets of the bare forwarder in one measure.
const LIMIT_PACKETS: u64 = 200_000;

fn limit_us(pin: bool) -> anyhow::Result<f64> {
    // Its feeder needs a core too, so only the whole process is kept where the server was when nothing else runs.
    let output = own_process(None)?
        .arg("limit")
        .arg(LIMIT_PACKETS.to_string())
        .stdin(Stdio::null())
        .output()
        .context("the limit cannot be started")?;
    let _ = pin;
    let nanos: f64 = serde_json::from_slice(&output.stdout).context("the limit gave no figure")?;
    Ok(nanos / 1000.0)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The run in the middle by CPU for a packet.
fn middle(mut outcomes: Vec<Outcome>) -> Option<Outcome> {
    outcomes.sort_by(|a, b| a.us_per_packet.total_cmp(&b.us_per_packet));
    let at = outcomes.len() / 2;
    outcomes.into_iter().nth(at)
}

pub(crate) fn run(plan: &Plan) -> anyhow::Result<()> {
    let pin = plan.pin
        && std::process::Command::new("taskset")
            .arg("-V")
            .stdout(Stdio::null())
            .status()
            .is_ok_and(|s| s.success());
    let mut limits = Vec::new();
    let mut rows: Vec<(Outcome, Vec<Outcome>)> = Vec::new();
    for &rooms in &plan.rooms {
        let mut outcomes = Vec::new();
        for _ in 0..plan.repeat.max(1) {
            limits.push(limit_us(pin)?);
            let run = Run {
                rooms,
                measure: Duration::from_secs(plan.seconds),
                coalesce_us: plan.coalesce_us,
                estimate: plan.estimate,
                pin,
            };
            outcomes.push(generator::run(&run)?);
        }
        if let Some(row) = middle(outcomes.clone()) {
            rows.push((row, outcomes));
        }
    }
    let limit = median(limits.clone());
    let text = table(&rows, limit, &limits);
    if let Some(folder) = plan.out.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(plan.out.with_extension("md"), &text)?;
    let all: Vec<&Vec<Outcome>> = rows.iter().map(|r| &r.1).collect();
    let json = json!({
        "limit_us_per_packet": limit,
        "limits": limits,
        "coalesce_us": plan.coalesce_us,
        "estimate_bandwidth": plan.estimate,
        "pinned": pin,
        "runs": all,
    });
    fs::write(
        plan.out.with_extension("json"),
        serde_json::to_vec_pretty(&json)?,
    )?;
    print(&text);
    Ok(())
}

#[expect(clippy::print_stdout, reason = "a benchmark shows its result")]
fn print(text: &str) {
    println!("{text}");
}

fn table(rows: &[(Outcome, Vec<Outcome>)], limit: f64, limits: &[f64]) -> String {
    let mut text = String::new();
    let low = limits.iter().copied().fold(f64::INFINITY, f64::min);
    let high = limits.iter().copied().fold(0.0, f64::max);
    let _ = writeln!(
        text,
        "Limit (bare forwarder, one system call each): {limit:.1} µs of CPU for a packet ({low:.1} to {high:.1} over the runs).\n"
    );
    text.push_str("| rooms of two | µs CPU for a forwarded packet | times the limit | CPU of one core | video delay p50 / p99 ms | sound delay p50 / p99 ms | join to connected p50 / p99 ms | join to first media p50 / p99 ms | join to first video p50 / p99 ms | MB a room | MB idle | delivered | load |\n");
    text.push_str(
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for (row, all) in rows {
        let low = all
            .iter()
            .map(|o| o.us_per_packet)
            .fold(f64::INFINITY, f64::min);
        let high = all.iter().map(|o| o.us_per_packet).fold(0.0, f64::max);
        let _ = writeln!(
            text,
            "| {} | {:.1} ({low:.1} to {high:.1}) | {:.2} | {:.0}% | {:.2} / {:.2} | {:.2} / {:.2} | {:.1} / {:.1} | {:.1} / {:.1} | {:.1} / {:.1} | {:.2} | {:.1} | {:.3}% | {:.1} |",
            row.rooms,
            row.us_per_packet,
            row.us_per_packet / limit,
            row.cpu_percent,
            row.video_delay_ms.p50,
            row.video_delay_ms.p99,
            row.sound_delay_ms.p50,
            row.sound_delay_ms.p99,
            row.join_connected_ms.p50,
            row.join_connected_ms.p99,
            row.join_media_ms.p50,
            row.join_media_ms.p99,
            row.join_video_ms.p50,
            row.join_video_ms.p99,
            row.rss_per_room_mb,
            row.idle_rss_mb,
            row.delivered_percent,
            row.load,
        );
    }
    text
}
