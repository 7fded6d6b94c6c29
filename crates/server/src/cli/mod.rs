//! The command line.

mod address;
mod audit;
mod backup;
mod openapi;
mod sentences;
mod serve;
mod settings;
mod user;

use std::collections::BTreeSet;
use std::io::Write as _;
use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use televisit_domain::clock::Clock;

use crate::app::App;
use crate::config::Config;

/// Self-hosted telemedicine: video visits, billing and audit in one program.
#[derive(Debug, Parser)]
#[command(name = "televisit", version, about, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    config: Config,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the product.
    Serve(serve::Serve),
    /// Make, list, disable and enable accounts, and replace passwords.
    #[command(subcommand)]
    User(user::User),
    /// Bring the database's schema up to date. Every other command does so by itself.
    Migrate,
    /// Write a consistent copy of the database into a new file, while the product runs.
    Backup(backup::BackupFile),
    /// Put a backup in place of an empty database.
    Restore(backup::BackupFile),
    /// Prove that the audit log is as it was written.
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Print the settings in force and where each came from, without secrets.
    Config,
    /// Print the description of the API.
    Openapi,
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    // Before the arguments are read, because the settings come from the environment. The process environment wins.
    let from_file = match read_env_file() {
        Ok(names) => names,
        Err(error) => return fail(&anyhow::anyhow!("the file .env cannot be read: {error}")),
    };
    let mut command = Cli::command();
    let matches = command.clone().get_matches();
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => error.format(&mut command).exit(),
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error.into()),
    };
    let result = runtime.block_on(async {
        match cli.command {
            Command::Serve(command) => serve::run(cli.config, command).await,
            Command::Openapi => openapi::print(),
            Command::Config => settings::print(&command, &matches, &cli.config, &from_file),
            Command::Restore(file) => backup::restore(&cli.config, &file).await,
            Command::User(command) => {
                with_app(cli.config, async |app| user::run(app, command).await).await
            }
            Command::Migrate => with_app(cli.config, async |_| up_to_date()).await,
            Command::Backup(file) => {
                with_app(cli.config, async |app| backup::backup(app, &file).await).await
            }
            Command::Audit(command) => {
                with_app(cli.config, async |app| audit::run(app, command).await).await
            }
        }
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error),
    }
}

/// Takes from `.env` what the process environment does not have, and answers the names.
fn read_env_file() -> dotenvy::Result<BTreeSet<String>> {
    let file = match dotenvy::dotenv_iter() {
        Ok(file) => file,
        Err(error) if error.not_found() => return Ok(BTreeSet::new()),
        Err(error) => return Err(error),
    };
    let names = file
        .map(|line| line.map(|(name, _)| name))
        .collect::<dotenvy::Result<BTreeSet<_>>>()?;
    let taken = names
        .into_iter()
        .filter(|name| std::env::var_os(name).is_none())
        .collect();
    dotenvy::dotenv()?;
    Ok(taken)
}

/// Opens the installation without serving it, does something, and closes it properly.
async fn with_app(
    config: Config,
    work: impl AsyncFnOnce(&App) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let app = serve::open(config, Clock::System).await?;
    let result = work(&app).await;
    app.tasks.shutdown().await;
    app.db.close().await;
    result
}

fn up_to_date() -> anyhow::Result<()> {
    writeln!(std::io::stdout(), "The database's schema is up to date.")?;
    Ok(())
}

fn fail(error: &anyhow::Error) -> ExitCode {
    eprintln!("televisit: {error:#}");
    ExitCode::FAILURE
}
