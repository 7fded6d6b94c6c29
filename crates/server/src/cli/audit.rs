//! `televisit audit`: whether the log of who read or wrote what is as it was written.

use std::io::Write as _;

use anyhow::bail;
use clap::Subcommand;

use super::sentences::explain;
use crate::app::App;
use crate::service::audit_log::{self, Verdict};

/// What to do with the audit log.
#[derive(Debug, Subcommand)]
pub enum Audit {
    /// Walk the whole chain and name the first row that was changed or removed.
    Verify,
}

/// Runs the command on an open installation.
pub async fn run(app: &App, command: Audit) -> anyhow::Result<()> {
    match command {
        Audit::Verify => match audit_log::verify(app).await.map_err(explain)? {
            Verdict::Whole(rows) => {
                writeln!(
                    std::io::stdout(),
                    "The audit log is whole: {rows} rows, each tied to the one before."
                )?;
                Ok(())
            }
            Verdict::Broken { id, cause } => bail!(
                "the audit log was tampered with: row {id} is the first bad one: {cause}. Compare it with a backup"
            ),
        },
    }
}
