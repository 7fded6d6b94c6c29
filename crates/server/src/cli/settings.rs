//! `televisit config`: every setting in force and where it came from, without secrets.

use std::collections::BTreeSet;
use std::io::Write as _;

use clap::parser::ValueSource;
use clap::{ArgMatches, Command};

use super::address::without_password;
use crate::config::Config;

/// Prints the table. `from_file` names the variables that the process has from `.env`.
pub fn print(
    command: &Command,
    matches: &ArgMatches,
    config: &Config,
    from_file: &BTreeSet<String>,
) -> anyhow::Result<()> {
    let mut rows = Vec::new();
    for argument in command.get_arguments() {
        let Some(variable) = argument.get_env().and_then(|name| name.to_str()) else {
            continue;
        };
        let id = argument.get_id().as_str();
        let written: Option<Vec<String>> = matches.get_raw(id).map(|values| {
            values
                .map(|value| value.to_string_lossy().into_owned())
                .collect()
        });
        let source = match matches.value_source(id) {
            Some(ValueSource::CommandLine) => "command line",
            Some(ValueSource::EnvVariable) if from_file.contains(variable) => ".env",
            Some(ValueSource::EnvVariable) => "environment",
            Some(_) | None => "default",
        };
        let value = written.map_or_else(
            || without_password(&unset(variable, config)),
            |values| shown(variable, &values.join(",")),
        );
        rows.push((variable.to_owned(), value, source));
    }
    rows.sort();
    let wide = rows
        .iter()
        .map(|(name, _, _)| name.len())
        .max()
        .unwrap_or_default();
    let mut out = std::io::stdout();
    for (name, value, source) in rows {
        writeln!(out, "{name:wide$}  {value}  ({source})")?;
    }
    Ok(())
}

/// What is in force where nothing was set.
fn unset(variable: &str, config: &Config) -> String {
    match variable {
        "DATABASE_URL" => config.effective_database_url(),
        "TELEVISIT_TIME_ZONE" => config.effective_time_zone().name().to_owned(),
        "TELEVISIT_SECRET_KEY" => config.data.join("secret.key").display().to_string(),
        "TELEVISIT_TRUSTED_PROXIES" => "none".into(),
        "PUBLIC_URL" => "the address of the request".into(),
        "TELEVISIT_MEDIA_ADDRESS" => "found out, loopback included".into(),
        _ => "not set".into(),
    }
}

fn shown(variable: &str, value: &str) -> String {
    if is_secret(variable) {
        "<set>".into()
    } else {
        without_password(value)
    }
}

fn is_secret(variable: &str) -> bool {
    ["_SECRET", "_KEY", "_TOKEN", "_PASSWORD"]
        .iter()
        .any(|ending| variable.ends_with(ending))
}
