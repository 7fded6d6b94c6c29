//! Why a host cannot be reached, found out step by step.
//!
//! An HTTP client's error says "tunnel error" where a person needs to know which proxy, from which variable, answered
//! what. So after a failure the way is walked again by hand: name, connection, the proxy's answer to CONNECT. What then
//! still fails is behind the tunnel, and the client's error says it.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

use super::proxy::{Proxies, Proxy, Route};
use super::target::Target;

/// What is wrong, as a stable word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cause {
    /// The host's name does not resolve.
    Dns,
    /// The host refused the connection.
    Refused,
    /// Nothing answers.
    Silent,
    /// Encryption could not be agreed on.
    Tls,
    /// The proxy's name does not resolve.
    ProxyDns,
    /// The proxy refused the connection.
    ProxyRefused,
    /// The proxy wants a user name and password, or other ones.
    ProxyPassword,
    /// The proxy forbids the host.
    ProxyDenied,
    /// The proxy could not reach the host.
    ProxyUpstream,
    /// The proxy does not answer.
    ProxySilent,
    /// What answers is no HTTP proxy.
    ProxyMalformed,
    /// The way is open now: what failed before was behind it or has passed.
    Open,
}

impl Cause {
    /// The word for programs and logs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Dns => "dns",
            Self::Refused => "refused",
            Self::Silent => "silent",
            Self::Tls => "tls",
            Self::ProxyDns => "proxy_dns",
            Self::ProxyRefused => "proxy_refused",
            Self::ProxyPassword => "proxy_password",
            Self::ProxyDenied => "proxy_denied",
            Self::ProxyUpstream => "proxy_upstream",
            Self::ProxySilent => "proxy_silent",
            Self::ProxyMalformed => "proxy_malformed",
            Self::Open => "open",
        }
    }
}

/// A finding: what, where, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The stable word.
    pub cause: Cause,
    /// Two or three sentences: what happened where, and what to do. Never a password.
    pub detail: String,
}

fn finding(cause: Cause, detail: String) -> Finding {
    Finding { cause, detail }
}

/// Walks the way to a target, giving each step `step` of time, and says where it ends.
pub async fn walk(target: &Target, proxies: &Proxies, step: Duration) -> Finding {
    match proxies.route(target) {
        Route::Through(proxy) => through(target, proxy, step).await,
        Route::Direct | Route::Loopback => direct(target, "no proxy is set for it", step).await,
        Route::Exempted(proxy) => {
            let way = format!("NO_PROXY exempts it from the proxy of {}", proxy.variable);
            direct(target, &way, step).await
        }
    }
}

async fn direct(target: &Target, way: &str, step: Duration) -> Finding {
    match open(&target.host, target.port, step).await {
        Ok(_) => finding(
            Cause::Open,
            format!("{target} accepts connections ({way})."),
        ),
        Err(Failure::Name(why)) => finding(
            Cause::Dns,
            format!(
                "The name {} does not resolve ({why}). Check this machine's DNS and its internet access; if the network has a proxy, set HTTPS_PROXY.",
                target.host
            ),
        ),
        Err(Failure::Refused(why)) => finding(
            Cause::Refused,
            format!(
                "{target} refused the connection ({why}; {way}). A firewall may forbid it, or nothing runs there: ask the network team to allow outgoing connections to {target}, or set HTTPS_PROXY if the network has a proxy."
            ),
        ),
        Err(Failure::Silent) => finding(
            Cause::Silent,
            format!(
                "{target} did not answer within {} s ({way}). A firewall probably drops the packets: ask the network team to allow outgoing connections to {target}, or set HTTPS_PROXY if the network has a proxy.",
                step.as_secs_f32()
            ),
        ),
    }
}

async fn through(target: &Target, proxy: &Proxy, step: Duration) -> Finding {
    let (shown, variable) = (proxy.shown(), proxy.variable);
    let mut stream = match open(&proxy.host, proxy.port, step).await {
        Ok(stream) => stream,
        Err(Failure::Name(why)) => {
            return finding(
                Cause::ProxyDns,
                format!(
                    "The proxy host {} (from {variable}) does not resolve ({why}). {target} was never contacted. Correct {variable}.",
                    proxy.host
                ),
            );
        }
        Err(Failure::Refused(why)) => {
            return finding(
                Cause::ProxyRefused,
                format!(
                    "The proxy {shown} (from {variable}) refused the connection ({why}). {target} was never contacted. Start or repair the proxy, correct {variable}, or add {} to NO_PROXY if this machine has direct access.",
                    target.host
                ),
            );
        }
        Err(Failure::Silent) => {
            return finding(
                Cause::ProxySilent,
                format!(
                    "The proxy {shown} (from {variable}) did not answer within {} s. {target} was never contacted. Check the proxy and the address in {variable}.",
                    step.as_secs_f32()
                ),
            );
        }
    };
    let authorization = proxy
        .credentials
        .as_ref()
        .map_or_else(String::new, |credentials| {
            format!(
                "Proxy-Authorization: Basic {}\r\n",
                STANDARD.encode(percent_decoded(credentials.expose()))
            )
        });
    let request = format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{authorization}\r\n");
    let head = timeout(step, async {
        stream.write_all(request.as_bytes()).await?;
        read_head(&mut stream).await
    })
    .await;
    match head {
        Err(_) => finding(
            Cause::ProxySilent,
            format!(
                "The proxy {shown} (from {variable}) accepted the connection and then said nothing for {} s when asked for {target}. Check the proxy, or whether {variable} names the right port.",
                step.as_secs_f32()
            ),
        ),
        Ok(Err(error)) => finding(
            Cause::ProxyMalformed,
            format!(
                "What answers at {shown} (from {variable}) closed the connection when asked for {target} ({error}). It may be no HTTP proxy: check the port in {variable}."
            ),
        ),
        Ok(Ok(head)) => judge(target, proxy, &head),
    }
}

/// The proxy's answer to CONNECT, in words.
fn judge(target: &Target, proxy: &Proxy, head: &str) -> Finding {
    let (shown, variable) = (proxy.shown(), proxy.variable);
    let mut lines = head.lines();
    let status_line = lines.next().unwrap_or_default().trim();
    let status: Option<u16> = status_line
        .strip_prefix("HTTP/1.")
        .and_then(|rest| rest.split_whitespace().nth(1))
        .and_then(|word| word.parse().ok());
    let reason = lines
        .find_map(|line| {
            line.split_once(':')
                .filter(|(name, _)| name.eq_ignore_ascii_case("x-squid-error"))
        })
        .map_or_else(
            || status_line.to_owned(),
            |(_, value)| format!("{status_line}; X-Squid-Error: {}", value.trim()),
        );
    match status {
        Some(200..=299) => finding(
            Cause::Open,
            format!("The proxy {shown} (from {variable}) opens the way to {target}."),
        ),
        Some(407) if proxy.credentials.is_none() => finding(
            Cause::ProxyPassword,
            format!(
                "The proxy {shown} (from {variable}) wants a user name and password ({reason}). Write them into {variable} like http://user:password@host:port, special characters percent-encoded."
            ),
        ),
        Some(407) => finding(
            Cause::ProxyPassword,
            format!(
                "The proxy {shown} refused the user name and password in {variable} ({reason}). Correct them; special characters must be percent-encoded."
            ),
        ),
        Some(status @ (401 | 403 | 405)) => finding(
            Cause::ProxyDenied,
            format!(
                "The proxy {shown} (from {variable}) forbids {target} ({reason}). Ask the network team to allow CONNECT {target}.{}",
                if status == 405 {
                    " The proxy does not allow CONNECT to this port."
                } else {
                    ""
                }
            ),
        ),
        Some(400..=499) => finding(
            Cause::ProxyDenied,
            format!(
                "The proxy {shown} (from {variable}) would not open {target} ({reason}). Ask the network team why."
            ),
        ),
        Some(500..=599) => finding(
            Cause::ProxyUpstream,
            format!(
                "The proxy {shown} (from {variable}) could not reach {target} itself ({reason}). The proxy's own DNS or internet access is at fault: tell the network team."
            ),
        ),
        Some(_) | None => finding(
            Cause::ProxyMalformed,
            format!(
                "What answers at {shown} (from {variable}) does not speak like an HTTP proxy. Check the port in {variable}."
            ),
        ),
    }
}

/// The words of an HTTP client's error that are about encryption, if they are.
pub fn tls_words(error: &(dyn std::error::Error + 'static)) -> Option<String> {
    let mut next = Some(error);
    let mut last = String::new();
    let mut is_tls = false;
    while let Some(current) = next {
        last = current.to_string();
        let lower = last.to_ascii_lowercase();
        is_tls |= [
            "certificate",
            "tls",
            "handshake",
            "invalidcontenttype",
            "corrupt message",
        ]
        .iter()
        .any(|word| lower.contains(word));
        next = current.source();
    }
    is_tls.then_some(last)
}

/// The finding for an error behind an open way.
pub fn tls(target: &Target, words: &str) -> Finding {
    finding(
        Cause::Tls,
        format!(
            "The connection to {target} opens, but encryption fails ({words}). If the network inspects TLS, install its certificate authority on this machine (Debian: /usr/local/share/ca-certificates, then update-ca-certificates); otherwise check this machine's clock and {target}."
        ),
    )
}

enum Failure {
    Name(String),
    Refused(String),
    Silent,
}

async fn open(host: &str, port: u16, step: Duration) -> Result<TcpStream, Failure> {
    let addresses: Vec<_> = match timeout(step, lookup_host((host, port))).await {
        Err(_) => return Err(Failure::Name("the DNS server does not answer".into())),
        Ok(Err(error)) => return Err(Failure::Name(error.to_string())),
        Ok(Ok(addresses)) => addresses.collect(),
    };
    let mut refused = None;
    for address in addresses.iter().take(4) {
        match timeout(step, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => refused = Some(error.to_string()),
            Err(_) => {}
        }
    }
    Err(refused.map_or(Failure::Silent, Failure::Refused))
}

/// Up to the empty line, at most 8 KiB.
async fn read_head(stream: &mut TcpStream) -> std::io::Result<String> {
    let mut head = Vec::new();
    let mut chunk = [0; 1024];
    while head.len() < 8192 && !head.windows(4).any(|four| four == b"\r\n\r\n") {
        match stream.read(&mut chunk).await? {
            0 if head.is_empty() => return Err(std::io::ErrorKind::UnexpectedEof.into()),
            0 => break,
            read => head.extend_from_slice(&chunk[..read]),
        }
        // Something that is no HTTP answer need not be waited for.
        if head.len() >= 5 && !head.starts_with(b"HTTP/") {
            break;
        }
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

fn percent_decoded(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let decoded = (bytes[at] == b'%')
            .then(|| {
                text.get(at + 1..at + 3)
                    .and_then(|hex| u8::from_str_radix(hex, 16).ok())
            })
            .flatten();
        out.push(decoded.unwrap_or(bytes[at]));
        at += if decoded.is_some() { 3 } else { 1 };
    }
    out
}
