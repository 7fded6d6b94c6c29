//! Which way a request takes: directly, or through the proxy of which variable.

use super::exempt::Exempt;
use super::target::{Target, split_host_port};
use crate::config::Secret;

/// A proxy, and where it was set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proxy {
    /// The variable that named it, as it is spelled in the environment.
    pub variable: &'static str,
    /// Name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// `user:password`, still percent-encoded as in the variable.
    pub credentials: Option<Secret>,
}

impl Proxy {
    /// Its address without the password: what may be shown.
    pub fn shown(&self) -> String {
        if self.host.contains(':') {
            format!("http://[{}]:{}", self.host, self.port)
        } else {
            format!("http://{}:{}", self.host, self.port)
        }
    }

    /// Its address with the password, for the HTTP client.
    pub fn url(&self) -> String {
        match &self.credentials {
            Some(credentials) => {
                self.shown()
                    .replacen("http://", &format!("http://{}@", credentials.expose()), 1)
            }
            None => self.shown(),
        }
    }
}

/// The way to a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route<'a> {
    /// No proxy is set for it.
    Direct,
    /// It is this machine itself: loopback never goes to a proxy.
    Loopback,
    /// A proxy is set, but `NO_PROXY` exempts the host.
    Exempted(&'a Proxy),
    /// Through the proxy.
    Through(&'a Proxy),
}

/// The proxy settings in force.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies {
    http: Option<Proxy>,
    https: Option<Proxy>,
    exempt: Exempt,
}

/// The environment's variables, the one that wins first. Upper case wins, as with the libraries of most servers; curl
/// and Python prefer lower case, so a difference between the two is warned about.
const HTTP: [&str; 4] = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];
const HTTPS: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
const EXEMPT: [&str; 2] = ["NO_PROXY", "no_proxy"];

impl Proxies {
    /// Reads the settings. `Err` holds a sentence for each variable that cannot be understood; the second part of `Ok`
    /// a sentence for each that has not the effect its writer may have meant.
    pub fn read(
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<(Self, Vec<String>), Vec<String>> {
        let (mut wrong, mut warnings) = (Vec::new(), Vec::new());
        let set = |name: &str| {
            variable(name)
                .map(|value| value.trim().to_owned())
                .filter(|value| !value.is_empty())
        };
        let mut proxy_of = |names: [&'static str; 4]| {
            let name = names.into_iter().find(|name| set(name).is_some())?;
            let parsed = parse(name, &set(name)?);
            match parsed {
                Ok(proxy) => Some(proxy),
                Err(sentence) => {
                    if !wrong.contains(&sentence) {
                        wrong.push(sentence);
                    }
                    None
                }
            }
        };
        let (http, https) = (proxy_of(HTTP), proxy_of(HTTPS));
        for [upper, lower] in [
            ["HTTP_PROXY", "http_proxy"],
            ["HTTPS_PROXY", "https_proxy"],
            EXEMPT,
        ] {
            if let (Some(a), Some(b)) = (set(upper), set(lower))
                && a != b
            {
                warnings.push(format!("{upper} and {lower} differ; {upper} is used. Other programs may use {lower}: set one of them."));
            }
        }
        let mut exempt = Exempt::default();
        if let Some(name) = EXEMPT.into_iter().find(|name| set(name).is_some()) {
            let (parsed, ineffective) = Exempt::parse(&set(name).unwrap_or_default());
            exempt = parsed;
            warnings.extend(
                ineffective
                    .into_iter()
                    .map(|sentence| format!("{name}: {sentence}.")),
            );
        }
        if wrong.is_empty() {
            Ok((
                Self {
                    http,
                    https,
                    exempt,
                },
                warnings,
            ))
        } else {
            Err(wrong)
        }
    }

    /// The way to a target.
    pub fn route(&self, target: &Target) -> Route<'_> {
        let proxy = if target.encrypted {
            &self.https
        } else {
            &self.http
        };
        match proxy {
            _ if target.is_loopback() => Route::Loopback,
            None => Route::Direct,
            Some(proxy) if self.exempt.covers(target) => Route::Exempted(proxy),
            Some(proxy) => Route::Through(proxy),
        }
    }
}

/// A proxy setting: `http://host:port`, with or without scheme and `user:password@`. Never repeats the value, which may
/// hold a password.
fn parse(variable: &'static str, text: &str) -> Result<Proxy, String> {
    let wrong =
        |what: &str| format!("{variable} {what}. Write it like http://proxy.example.org:3128.");
    let (scheme, rest) = text.split_once("://").unwrap_or(("http", text));
    match scheme.to_ascii_lowercase().as_str() {
        "http" => {}
        "https" => {
            return Err(wrong(
                "begins with https://; the connection to the proxy itself must be http",
            ));
        }
        "socks" | "socks4" | "socks4a" | "socks5" | "socks5h" => {
            return Err(wrong(
                "names a SOCKS proxy; only HTTP proxies are supported",
            ));
        }
        _ => return Err(wrong("does not begin with http://")),
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let (credentials, host_port) = match authority.rsplit_once('@') {
        Some((credentials, host_port)) => (Some(Secret::from(credentials.to_owned())), host_port),
        None => (None, authority),
    };
    let (host, port) =
        split_host_port(host_port).ok_or_else(|| wrong("is not the address of a proxy"))?;
    Ok(Proxy {
        variable,
        host,
        port: port.unwrap_or(80),
        credentials,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<(Proxies, Vec<String>), Vec<String>> {
        Proxies::read(|name| {
            pairs
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        })
    }

    fn twilio() -> Target {
        Target::from_url("https://video.twilio.com").unwrap()
    }

    #[test]
    fn the_variable_that_wins_is_named() {
        let (proxies, warnings) =
            read(&[("https_proxy", "http://low:1"), ("HTTPS_PROXY", "up:2")]).unwrap();
        let Route::Through(proxy) = proxies.route(&twilio()) else {
            panic!("no proxy")
        };
        assert_eq!(
            (proxy.variable, proxy.shown().as_str()),
            ("HTTPS_PROXY", "http://up:2")
        );
        assert_eq!(warnings.len(), 1, "{warnings:?}");
    }

    #[test]
    fn loopback_never_goes_to_a_proxy() {
        let (proxies, _) = read(&[("HTTP_PROXY", "p:1"), ("HTTPS_PROXY", "p:1")]).unwrap();
        for url in [
            "http://127.0.0.1:9",
            "https://localhost",
            "http://[::1]:80/",
            "http://127.9.9.9",
        ] {
            assert_eq!(
                proxies.route(&Target::from_url(url).unwrap()),
                Route::Loopback,
                "{url}"
            );
        }
    }

    #[test]
    fn an_exempted_host_says_which_proxy_it_escapes() {
        let (proxies, _) = read(&[("ALL_PROXY", "p:1"), ("NO_PROXY", "twilio.com")]).unwrap();
        assert!(
            matches!(proxies.route(&twilio()), Route::Exempted(proxy) if proxy.variable == "ALL_PROXY")
        );
    }

    #[test]
    fn what_is_no_proxy_is_refused_by_the_name_of_its_variable_and_never_repeated() {
        for value in [
            "::::",
            "ftp://user:hunter2@proxy",
            "socks5://user:hunter2@proxy:1080",
            "http://a b:1",
            "http://proxy:99999",
        ] {
            let wrong = read(&[("HTTPS_PROXY", value)]).unwrap_err();
            assert!(
                wrong[0].starts_with("HTTPS_PROXY ")
                    && wrong[0].contains("http://proxy.example.org:3128"),
                "{wrong:?}"
            );
            assert!(!wrong[0].contains("hunter2"), "{wrong:?}");
        }
    }

    #[test]
    fn a_password_is_not_shown_but_used() {
        let (proxies, _) = read(&[("HTTPS_PROXY", "http://user:hunter2@proxy:3128/")]).unwrap();
        let Route::Through(proxy) = proxies.route(&twilio()) else {
            panic!("no proxy")
        };
        assert_eq!(proxy.shown(), "http://proxy:3128");
        assert_eq!(proxy.url(), "http://user:hunter2@proxy:3128");
        assert!(!format!("{proxy:?}").contains("hunter2"));
    }

    #[test]
    fn an_empty_variable_is_as_good_as_none() {
        let (proxies, warnings) = read(&[("HTTPS_PROXY", " "), ("NO_PROXY", "")]).unwrap();
        assert_eq!(
            (proxies.route(&twilio()), warnings.len()),
            (Route::Direct, 0)
        );
    }
}
