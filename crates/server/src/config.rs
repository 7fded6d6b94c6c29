//! Every setting: one struct, filled from the command line, the environment and `.env`.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use chrono_tz::Tz;
use televisit_domain::session::VideoProviderName;

/// A value that must never be shown: its `Debug` says only that it is there.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The value itself, for the one place that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(value: String) -> Self {
        Self(value)
    }
}

impl std::str::FromStr for Secret {
    type Err = std::convert::Infallible;
    fn from_str(value: &str) -> Result<Self, Self::Err> {
        Ok(Self(value.to_owned()))
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<set>")
    }
}

/// The settings in force. The environment wins over `.env`; a flag wins over both.
#[derive(Clone, Debug, clap::Args)]
pub struct Config {
    /// Address and port of the web server.
    #[arg(long, env = "TELEVISIT_BIND", default_value = "127.0.0.1:8000", value_parser = address_and_port, global = true)]
    pub bind: SocketAddr,

    /// Folder that holds database, recordings and models.
    #[arg(long, env = "TELEVISIT_DATA", default_value = "./data", global = true)]
    pub data: PathBuf,

    /// Database: sqlite://PATH or postgres://USER:PASSWORD@HOST:5432/NAME. Default: televisit.db in the data folder.
    #[arg(long, env = "DATABASE_URL", value_parser = database_url, hide_env_values = true, global = true)]
    pub database_url: Option<Secret>,

    /// UDP and TCP port of the embedded media server; 0 picks a free one.
    #[arg(long, env = "TELEVISIT_MEDIA_PORT", default_value_t = 0, value_parser = media_port, global = true)]
    pub media_port: u16,

    /// Addresses told to browsers for media, with commas between. Default: found out, loopback included.
    #[arg(long, env = "TELEVISIT_MEDIA_ADDRESS", value_delimiter = ',', value_parser = media_address, global = true)]
    pub media_address: Vec<IpAddr>,

    /// The address that people type, like `https://visits.example.org`. Default: the address of the request.
    #[arg(long, env = "PUBLIC_URL", value_parser = public_url, global = true)]
    pub public_url: Option<String>,

    /// Proxies whose X-Forwarded-For is believed, as addresses with commas between. Default: none.
    #[arg(long, env = "TELEVISIT_TRUSTED_PROXIES", value_delimiter = ',', value_parser = trusted_proxy, global = true)]
    pub trusted_proxies: Vec<IpAddr>,

    /// Key that signs access tokens, at least 32 characters. Default: `secret.key` in the data folder, made at the first start.
    #[arg(long, env = "TELEVISIT_SECRET_KEY", value_parser = secret_key, hide_env_values = true, global = true)]
    pub secret_key: Option<Secret>,

    /// Name of the clinic as pages show it.
    #[arg(
        long,
        env = "TELEVISIT_CLINIC_NAME",
        default_value = "televisit clinic",
        global = true
    )]
    pub clinic_name: String,

    /// The clinic's time zone by its IANA name, like Africa/Nairobi. Default: the machine's.
    #[arg(long, env = "TELEVISIT_TIME_ZONE", value_parser = time_zone, global = true)]
    pub time_zone: Option<Tz>,

    /// Currency of the catalog, three letters of ISO 4217.
    #[arg(long, env = "TELEVISIT_CURRENCY", default_value = "KES", value_parser = currency, global = true)]
    pub currency: String,

    /// Who carries pictures and voices: embedded, twilio or livekit.
    #[arg(long, env = "TELEMEDICINE_VIDEO_PROVIDER", default_value = "embedded", value_parser = video_provider, global = true)]
    pub video_provider: VideoProviderName,

    /// What to use when that provider fails: embedded or none.
    #[arg(long, env = "TELEMEDICINE_VIDEO_FALLBACK", default_value = "embedded", value_parser = ["embedded", "none"], global = true)]
    pub video_fallback: String,

    /// Twilio: the Account SID, AC and 32 digits or letters a to f.
    #[arg(long, env = "TWILIO_ACCOUNT_SID", global = true)]
    pub twilio_account_sid: Option<String>,

    /// Twilio: the account's Auth Token. Needed to believe status callbacks; rooms work without it.
    #[arg(long, env = "TWILIO_AUTH_TOKEN", hide_env_values = true, global = true)]
    pub twilio_auth_token: Option<Secret>,

    /// Twilio: the SID of an API key of region US1, SK and 32 digits or letters a to f.
    #[arg(long, env = "TWILIO_API_KEY", global = true)]
    pub twilio_api_key: Option<String>,

    /// Twilio: the secret of that API key.
    #[arg(long, env = "TWILIO_API_SECRET", hide_env_values = true, global = true)]
    pub twilio_api_secret: Option<Secret>,

    /// Twilio: the region in access tokens, like us1. Video keys are of region US1; leave it out unless Twilio says so.
    #[arg(long, env = "TWILIO_REGION", global = true)]
    pub twilio_region: Option<String>,

    /// Twilio: the address of the video API.
    #[arg(long, env = "TWILIO_VIDEO_BASE_URL", default_value = "https://video.twilio.com", value_parser = base_url, global = true)]
    pub twilio_video_base_url: String,

    /// Code of the catalog's service that a session is billed as.
    #[arg(long, env = "TELEMEDICINE_BILLING_SERVICE_CODE", default_value = "TELEMED-001", value_parser = service_code, global = true)]
    pub billing_service_code: String,

    /// Who makes transcripts: local or openai.
    #[arg(long, env = "TRANSCRIPTION_PROVIDER", default_value = "local", value_parser = ["local", "openai"], global = true)]
    pub transcription_provider: String,

    /// Log lines: error, warn, info, debug or a tracing filter.
    #[arg(long, env = "TELEVISIT_LOG", default_value = "info", global = true)]
    pub log: String,
}

impl Config {
    /// The address of the database in force.
    pub fn effective_database_url(&self) -> String {
        self.database_url.as_ref().map_or_else(
            || format!("sqlite://{}", self.data.join("televisit.db").display()),
            |url| url.expose().to_owned(),
        )
    }

    /// The clinic's zone: as set, else the machine's, else UTC.
    pub fn effective_time_zone(&self) -> Tz {
        self.time_zone
            .or_else(|| {
                iana_time_zone::get_timezone()
                    .ok()
                    .and_then(|name| name.parse().ok())
            })
            .unwrap_or(Tz::UTC)
    }
}

fn address_and_port(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| {
        "TELEVISIT_BIND must be an address and a port, like 127.0.0.1:8000 or 0.0.0.0:8000".into()
    })
}

fn media_port(text: &str) -> Result<u16, String> {
    text.parse()
        .map_err(|_| "TELEVISIT_MEDIA_PORT must be a port number from 0 to 65535, like 5000".into())
}

fn media_address(text: &str) -> Result<IpAddr, String> {
    let address: IpAddr = text
        .trim()
        .parse()
        .map_err(|_| "TELEVISIT_MEDIA_ADDRESS must be IP addresses, like 203.0.113.5 or 203.0.113.5,2001:db8::5".to_owned())?;
    if address.is_unspecified() || address.is_multicast() {
        return Err("TELEVISIT_MEDIA_ADDRESS must be an address that browsers can send to, not 0.0.0.0 or ::".into());
    }
    Ok(address)
}

fn trusted_proxy(text: &str) -> Result<IpAddr, String> {
    text.trim().parse().map_err(|_| {
        "TELEVISIT_TRUSTED_PROXIES must be IP addresses, like 127.0.0.1,10.0.0.2".into()
    })
}

fn database_url(text: &str) -> Result<Secret, String> {
    let known = text
        .strip_prefix("sqlite://")
        .is_some_and(|path| !path.is_empty() && path != ":memory:")
        || text.starts_with("postgres://")
        || text.starts_with("postgresql://");
    if known {
        Ok(Secret(text.to_owned()))
    } else {
        Err("DATABASE_URL must be sqlite://PATH or postgres://USER:PASSWORD@HOST:5432/NAME".into())
    }
}

fn public_url(text: &str) -> Result<String, String> {
    let text = text.trim_end_matches('/');
    let host = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))
        .unwrap_or_default();
    if host.is_empty() || host.contains(['/', '?', '#', ' ', '@']) {
        return Err("PUBLIC_URL must be a scheme and a host without a path, like https://visits.example.org".into());
    }
    Ok(text.to_owned())
}

fn base_url(text: &str) -> Result<String, String> {
    let text = text.trim_end_matches('/');
    if crate::outside::target::Target::from_url(text).is_some() && !text.contains('@') {
        Ok(text.to_owned())
    } else {
        Err("TWILIO_VIDEO_BASE_URL must be an address like https://video.twilio.com".into())
    }
}

fn secret_key(text: &str) -> Result<Secret, String> {
    if text.len() < 32 {
        return Err("TELEVISIT_SECRET_KEY must have at least 32 characters; make one with: openssl rand -base64 48".into());
    }
    Ok(Secret(text.to_owned()))
}

fn time_zone(text: &str) -> Result<Tz, String> {
    text.parse().map_err(|_| {
        "TELEVISIT_TIME_ZONE must be a name of the IANA time zone database, like Africa/Nairobi"
            .into()
    })
}

fn currency(text: &str) -> Result<String, String> {
    if text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase()) {
        Ok(text.to_owned())
    } else {
        Err("TELEVISIT_CURRENCY must be three capital letters of ISO 4217, like KES".into())
    }
}

fn video_provider(text: &str) -> Result<VideoProviderName, String> {
    text.parse()
        .map_err(|_| "TELEMEDICINE_VIDEO_PROVIDER must be embedded, twilio or livekit".into())
}

fn service_code(text: &str) -> Result<String, String> {
    if text.trim().is_empty() {
        Err("TELEMEDICINE_BILLING_SERVICE_CODE must be a code of the service catalog, like TELEMED-001".into())
    } else {
        Ok(text.trim().to_owned())
    }
}
