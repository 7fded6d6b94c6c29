//! `NO_PROXY`: which hosts are reached without a proxy.

use std::net::IpAddr;

use super::target::Target;

/// One entry of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Entry {
    /// `*`: everything.
    All,
    /// A domain and what is below it.
    Domain(String),
    /// One address.
    Address(IpAddr),
    /// A network in CIDR form.
    Network(IpAddr, u8),
}

/// The parsed list. Curl's rules: `example.org` and `.example.org` both mean the domain and all below it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exempt(Vec<Entry>);

impl Exempt {
    /// Reads the list; the second part names entries of a form that has no effect, with what to write instead.
    pub fn parse(text: &str) -> (Self, Vec<String>) {
        let (mut entries, mut warnings) = (Vec::new(), Vec::new());
        for word in text
            .split(',')
            .map(str::trim)
            .filter(|word| !word.is_empty())
        {
            if word == "*" {
                entries.push(Entry::All);
            } else if let Some(network) = network(word) {
                entries.push(network);
            } else if let Ok(address) = word.trim_matches(['[', ']']).parse() {
                entries.push(Entry::Address(address));
            } else if let Some(domain) = word.strip_prefix("*.") {
                warnings.push(format!("the entry \"{word}\" has no effect; write \"{domain}\", which covers all below it"));
            } else if let Some((host, _)) = word.rsplit_once(':') {
                warnings.push(format!(
                    "the entry \"{word}\" has no effect because of its port; write \"{host}\""
                ));
            } else if word
                .bytes()
                .any(|byte| byte == b'*' || byte == b'/' || byte.is_ascii_whitespace())
            {
                warnings.push(format!("the entry \"{word}\" is neither a host, an address nor a network and has no effect"));
            } else {
                entries.push(Entry::Domain(
                    word.trim_start_matches('.').to_ascii_lowercase(),
                ));
            }
        }
        (Self(entries), warnings)
    }

    /// Whether the host is on the list.
    pub fn covers(&self, target: &Target) -> bool {
        let address = target.address().map(|address| address.to_canonical());
        self.0.iter().any(|entry| match entry {
            Entry::All => true,
            Entry::Domain(domain) => {
                target.host == *domain
                    || target
                        .host
                        .strip_suffix(domain.as_str())
                        .is_some_and(|rest| rest.ends_with('.'))
            }
            Entry::Address(listed) => address == Some(listed.to_canonical()),
            Entry::Network(network, bits) => {
                address.is_some_and(|address| within(address, *network, *bits))
            }
        })
    }
}

fn network(word: &str) -> Option<Entry> {
    let (address, bits) = word.split_once('/')?;
    let (address, bits): (IpAddr, u8) = (address.parse().ok()?, bits.parse().ok()?);
    let most = if address.is_ipv4() { 32 } else { 128 };
    (bits <= most).then_some(Entry::Network(address, bits))
}

fn within(address: IpAddr, network: IpAddr, bits: u8) -> bool {
    let shift = |width: u32| width.saturating_sub(u32::from(bits));
    match (address, network) {
        (IpAddr::V4(a), IpAddr::V4(n)) => {
            (a.to_bits() ^ n.to_bits())
                .checked_shr(shift(32))
                .unwrap_or(0)
                == 0
        }
        (IpAddr::V6(a), IpAddr::V6(n)) => {
            (a.to_bits() ^ n.to_bits())
                .checked_shr(shift(128))
                .unwrap_or(0)
                == 0
        }
        (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covers(list: &str, url: &str) -> bool {
        Exempt::parse(list)
            .0
            .covers(&Target::from_url(url).unwrap())
    }

    #[test]
    fn a_domain_covers_itself_and_all_below_it() {
        assert!(covers("twilio.com", "https://video.twilio.com/"));
        assert!(covers(".twilio.com", "https://twilio.com"));
        assert!(covers("VIDEO.twilio.com", "https://video.twilio.com"));
        assert!(!covers("twilio.com", "https://nottwilio.com"));
        assert!(covers("*", "https://anything.example"));
    }

    #[test]
    fn networks_cover_addresses_of_their_own_kind() {
        assert!(covers("10.0.0.0/8", "http://10.200.3.4:80"));
        assert!(!covers("10.0.0.0/8", "http://11.0.0.1"));
        assert!(covers("0.0.0.0/0", "http://203.0.113.9"));
        assert!(covers("fd00::/8", "http://[fd12::1]:8080/"));
        assert!(!covers("10.0.0.0/8", "http://[fd12::1]"));
        assert!(covers("192.0.2.7", "http://192.0.2.7/x"));
    }

    #[test]
    fn forms_without_effect_are_named_with_what_to_write() {
        let (list, warnings) = Exempt::parse("*.twilio.com, video.twilio.com:443, a b");
        assert_eq!(list, Exempt::default());
        assert_eq!(warnings.len(), 3);
        assert!(warnings[0].contains("write \"twilio.com\""), "{warnings:?}");
        assert!(
            warnings[1].contains("write \"video.twilio.com\""),
            "{warnings:?}"
        );
    }
}
