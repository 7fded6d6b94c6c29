//! Errors of use cases as sentences on a terminal.

use crate::service::Error;

/// The error with everything that its reader can act on.
pub fn explain(error: Error) -> anyhow::Error {
    match error {
        Error::Invalid(fields) => {
            let lines: Vec<String> = fields
                .into_map()
                .into_iter()
                .map(|(field, sentences)| format!("{field}: {}", sentences.join(" ")))
                .collect();
            anyhow::anyhow!("{}", lines.join("; "))
        }
        other => anyhow::Error::new(other),
    }
}
