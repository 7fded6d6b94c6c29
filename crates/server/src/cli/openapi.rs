//! `televisit openapi`.

use std::io::Write as _;

use crate::api::openapi::document;

/// Prints the description of the API, as `/api/v1/openapi.json` serves it.
pub fn print() -> anyhow::Result<()> {
    writeln!(std::io::stdout(), "{}", document().to_pretty_json()?)?;
    Ok(())
}
