//! The report: one row for each call and number of connections, ours beside the limit.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Result, ensure};
use serde::Serialize;

use crate::load::Figures;

/// One line of the report.
#[derive(Serialize)]
pub struct Row {
    connections: usize,
    call: &'static str,
    televisit: Figures,
    bare: Figures,
}

/// Puts the two measurements of one number of connections side by side.
pub fn pair(
    connections: usize,
    ours: Vec<(&'static str, Figures)>,
    limit: &[(&'static str, Figures)],
) -> Result<Vec<Row>> {
    ensure!(
        ours.len() == limit.len(),
        "the two runs measured different calls"
    );
    Ok(ours
        .into_iter()
        .zip(limit)
        .map(|((call, televisit), (_, bare))| Row {
            connections,
            call,
            televisit,
            bare: *bare,
        })
        .collect())
}

/// The table.
pub fn markdown(rows: &[Row]) -> String {
    let mut text = String::from(
        "| call | connections | requests/s | bare | part of the limit | p50 ms | bare | p99 ms | bare | CPU µs | bare |\n\
         |---|---|---|---|---|---|---|---|---|---|---|\n",
    );
    for row in rows {
        let (ours, bare) = (&row.televisit, &row.bare);
        // Writing into a String cannot fail.
        let _ = writeln!(
            text,
            "| {} | {} | {:.0} | {:.0} | {:.0} % | {} | {} | {} | {} | {:.0} | {:.0} |",
            row.call,
            row.connections,
            ours.per_second,
            bare.per_second,
            100.0 * ours.per_second / bare.per_second,
            millis(ours.p50),
            millis(bare.p50),
            millis(ours.p99),
            millis(bare.p99),
            ours.cpu,
            bare.cpu,
        );
    }
    text
}

fn millis(micros: u64) -> String {
    format!("{}.{:02}", micros / 1000, micros % 1000 / 10)
}

/// Writes OUT.md and OUT.json.
pub fn write(out: &Path, rows: &[Row]) -> Result<()> {
    if let Some(folder) = out.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(out.with_extension("md"), markdown(rows))?;
    std::fs::write(out.with_extension("json"), serde_json::to_vec_pretty(rows)?)?;
    Ok(())
}
