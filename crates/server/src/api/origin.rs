//! The address by which the client reached this server, for links in answers.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header;
use axum::http::request::Parts;

use super::error::ApiError;
use crate::app::App;

/// Scheme and host. From `PUBLIC_URL` when it is set, else from the request; a proxy's word on the scheme is taken only
/// from a proxy that the settings name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    is_https: bool,
    host: String,
}

impl Origin {
    /// The address of a page.
    pub fn page(&self, path: &str) -> String {
        let scheme = if self.is_https { "https" } else { "http" };
        format!("{scheme}://{}{path}", self.host)
    }

    /// The address of a WebSocket.
    pub fn socket(&self, path: &str) -> String {
        let scheme = if self.is_https { "wss" } else { "ws" };
        format!("{scheme}://{}{path}", self.host)
    }
}

impl FromRequestParts<App> for Origin {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        if let Some((scheme, host)) = app
            .config
            .public_url
            .as_deref()
            .and_then(|url| url.split_once("://"))
        {
            return Ok(Self {
                is_https: scheme == "https",
                host: host.to_owned(),
            });
        }
        let header = |name: &str| {
            parts
                .headers
                .get(name)
                .and_then(|value| value.to_str().ok())
        };
        let from_proxy = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .is_some_and(|peer| {
                app.config
                    .trusted_proxies
                    .contains(&peer.0.ip().to_canonical())
            });
        let host = header(header::HOST.as_str())
            .filter(|host| is_host(host))
            .map_or_else(|| app.config.bind.to_string(), str::to_owned);
        Ok(Self {
            is_https: from_proxy && header("x-forwarded-proto") == Some("https"),
            host,
        })
    }
}

/// Whether a text can stand as a host in an address: what a client sends comes back to it in links.
fn is_host(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 255
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':' | b'[' | b']'))
}
