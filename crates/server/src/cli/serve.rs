//! `televisit serve`.

use std::io::{IsTerminal as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use anyhow::Context as _;
use televisit_domain::clock::Clock;
use televisit_sfu::{Sfu, SfuConfig};
use televisit_storage::Db;
use tracing_subscriber::EnvFilter;

use crate::api::listen::{HEAD_TIME, listen};
use crate::app::App;
use crate::config::Config;
use crate::presence::{MOST_SEATS, Presence};
use crate::service::sessions::presence;
use crate::service::{catalog, demo};
use crate::tokens::{Tokens, load_or_create_secret};
use crate::video::embedded::Embedded;

/// Options of `serve`.
#[derive(Debug, clap::Args)]
pub struct Serve {
    /// Fill an empty database with the demonstration clinic.
    #[arg(long, env = "TELEVISIT_DEMO")]
    demo: bool,
}

pub async fn run(config: Config, options: Serve) -> anyhow::Result<()> {
    start_logging(&config)?;
    let app = open_with_media(config, Clock::System).await?;
    if options.demo {
        demo::fill(&app)
            .await
            .context("the demonstration clinic cannot be made")?;
    }
    presence::clear(&app)
        .await
        .context("the people of the last run cannot be noted as gone")?;
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
    app.start_jobs();
    let mut server = std::pin::pin!(listen(app.clone(), listener, HEAD_TIME));
    tokio::select! {
        () = &mut server => {}
        () = stop_signal() => {}
    }
    tracing::info!("stopping: no new requests, the open ones are finished");
    // WebSockets are told to come back, streams end, jobs in hand are finished; a client that neither reads nor closes
    // does not hold the process up.
    app.tasks.stop();
    if tokio::time::timeout(DRAIN, &mut server).await.is_err() {
        tracing::warn!("some requests did not end in time");
    }
    if tokio::time::timeout(DRAIN, app.tasks.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("some background work did not end in time; it is done after the next start");
    }
    if let Some(sfu) = app.video.sfu() {
        sfu.shutdown().await;
    }
    app.db.close().await;
    Ok(())
}

/// How long open requests, and then background work, may take to end.
const DRAIN: Duration = Duration::from_secs(10);

/// Opens the installation that the settings name: folder, database, keys. Without the media server.
pub async fn open(config: Config, clock: Clock) -> anyhow::Result<App> {
    let (db, tokens) = open_parts(&config).await?;
    prepared(App::new(config, db, clock, tokens)).await
}

/// As [`open`], with the media server running.
async fn open_with_media(config: Config, clock: Clock) -> anyhow::Result<App> {
    let (db, tokens) = open_parts(&config).await?;
    let sfu = Sfu::start(media(&config)).context(
        "the media server cannot start; check TELEVISIT_MEDIA_PORT and TELEVISIT_MEDIA_ADDRESS",
    )?;
    tracing::info!(
        port = sfu.media_port(),
        "media server listens on UDP and TCP"
    );
    let (video, presence) = (Embedded::new(sfu), Presence::default());
    prepared(App::with_media(config, db, clock, tokens, video, presence)).await
}

/// Writes what every installation has.
async fn prepared(app: App) -> anyhow::Result<App> {
    catalog::ensure_defaults(&app)
        .await
        .context("the service catalog cannot be prepared")?;
    Ok(app)
}

/// On every address of this machine: browsers come by any of them, also when the web server itself stands behind a
/// proxy and listens on the loopback address only.
fn media(config: &Config) -> SfuConfig {
    let any = match config.bind.ip() {
        IpAddr::V4(_) => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        IpAddr::V6(_) => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
    };
    SfuConfig {
        bind: vec![any],
        media_port: config.media_port,
        advertise: config.media_address.clone(),
        // One thread carries more rooms than a clinic has doctors, and costs less CPU for each packet than several.
        shards: 1,
        max_peers: MOST_SEATS,
        ..SfuConfig::default()
    }
}

async fn open_parts(config: &Config) -> anyhow::Result<(Db, Tokens)> {
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
    Ok((db, Tokens::new(&secret)))
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
    let mut filter = EnvFilter::try_new(&config.log)
        .with_context(|| "TELEVISIT_LOG must be error, warn, info, debug or a tracing filter like televisit=debug")?;
    // The WebRTC library warns of every browser's offer; whoever wants to hear that names it.
    if !config.log.contains("str0m") {
        filter = filter.add_directive("str0m=error".parse()?);
    }
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
