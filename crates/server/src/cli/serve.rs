//! `televisit serve`.

use std::io::{IsTerminal as _, Write as _};
use std::net::SocketAddr;

use anyhow::Context as _;
use televisit_domain::clock::Clock;
use televisit_storage::Db;
use tracing_subscriber::EnvFilter;

use crate::api::router::router;
use crate::app::App;
use crate::config::Config;
use crate::service::catalog;
use crate::tokens::{Tokens, load_or_create_secret};

/// Options of `serve`.
#[derive(Debug, clap::Args)]
pub struct Serve {
    /// Fill an empty database with the demonstration clinic.
    #[arg(long, env = "TELEVISIT_DEMO")]
    demo: bool,
}

pub async fn run(config: Config, options: Serve) -> anyhow::Result<()> {
    start_logging(&config)?;
    let app = open(config, Clock::System).await?;
    anyhow::ensure!(
        !options.demo,
        "the demonstration clinic is not built in yet"
    );
    let listener = tokio::net::TcpListener::bind(app.config.bind)
        .await
        .with_context(|| {
            format!(
                "the web server cannot listen on {}; set TELEVISIT_BIND to a free address and port",
                app.config.bind
            )
        })?;
    let address = listener.local_addr()?;
    writeln!(
        std::io::stdout(),
        "televisit serves on {}",
        url(&app, address)
    )?;
    let service = router(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service)
        .with_graceful_shutdown(stop_signal())
        .await?;
    app.tasks.shutdown().await;
    app.db.close().await;
    Ok(())
}

/// Opens the installation that the settings name: folder, database, keys.
pub async fn open(config: Config, clock: Clock) -> anyhow::Result<App> {
    std::fs::create_dir_all(&config.data)
        .with_context(|| format!("the data folder {} cannot be made; set TELEVISIT_DATA to a folder that this account may write", config.data.display()))?;
    let db = Db::open(&config.effective_database_url())
        .await
        .context("the database cannot be opened; check DATABASE_URL")?;
    db.migrate().await?;
    let secret = if let Some(secret) = &config.secret_key {
        secret.expose().as_bytes().to_vec()
    } else {
        let path = config.data.join("secret.key");
        load_or_create_secret(&path)
            .with_context(|| format!("the key file {} cannot be used", path.display()))?
    };
    let app = App::new(config, db, clock, Tokens::new(&secret));
    catalog::ensure_defaults(&app)
        .await
        .context("the service catalog cannot be prepared")?;
    Ok(app)
}

fn url(app: &App, address: SocketAddr) -> String {
    app.config.public_url.clone().unwrap_or_else(|| {
        let host = if address.ip().is_loopback() || address.ip().is_unspecified() {
            "localhost".into()
        } else {
            address.ip().to_string()
        };
        format!("http://{host}:{}", address.port())
    })
}

fn start_logging(config: &Config) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&config.log)
        .with_context(|| "TELEVISIT_LOG must be error, warn, info, debug or a tracing filter like televisit=debug")?;
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() {
        lines.init();
    } else {
        lines.json().init();
    }
    Ok(())
}

async fn stop_signal() {
    let interrupted = tokio::signal::ctrl_c();
    let Ok(mut terminated) =
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
    else {
        let _ = interrupted.await;
        return;
    };
    tokio::select! {
        _ = interrupted => {}
        _ = terminated.recv() => {}
    }
}
