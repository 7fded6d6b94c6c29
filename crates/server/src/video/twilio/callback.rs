//! Status callbacks: whether Twilio sent them, and which room they are about.
//!
//! A callback is never the truth by itself. It wakes the reconciler, which asks Twilio.

use std::collections::BTreeSet;

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Whether `signature` (the header `X-Twilio-Signature`) is that of this request: HMAC-SHA1 under the account's token
/// over the URL that Twilio called and every parameter, names and values without anything between, in the order of
/// their names. A pair that comes twice counts once, as with Twilio's own library. Compared in constant time.
pub fn is_signed(
    auth_token: &str,
    url: &str,
    parameters: &[(String, String)],
    signature: &str,
) -> bool {
    let Ok(signature) = STANDARD.decode(signature) else {
        return false;
    };
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, auth_token.as_bytes());
    urls(url)
        .iter()
        .any(|url| hmac::verify(&key, signed_text(url, parameters).as_bytes(), &signature).is_ok())
}

fn signed_text(url: &str, parameters: &[(String, String)]) -> String {
    let pairs: BTreeSet<(&str, &str)> = parameters
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let mut text = url.to_owned();
    for (name, value) in pairs {
        text.push_str(name);
        text.push_str(value);
    }
    text
}

/// The URL as set, and with the port written out or left away: Twilio signs either, depending on the scheme.
fn urls(url: &str) -> Vec<String> {
    let mut all = vec![url.to_owned()];
    let Some((scheme, rest)) = url.split_once("://") else {
        return all;
    };
    let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    let host_end = authority.rfind(']').map_or(0, |at| at + 1);
    if let Some(at) = authority[host_end..].find(':') {
        all.push(format!("{scheme}://{}{path}", &authority[..host_end + at]));
    } else {
        let port = if scheme == "https" { 443 } else { 80 };
        all.push(format!("{scheme}://{authority}:{port}{path}"));
    }
    all
}

/// The room that a callback is about: `RM...`.
pub fn room_sid(parameters: &[(String, String)]) -> Option<&str> {
    parameters
        .iter()
        .find(|(name, _)| name == "RoomSid")
        .map(|(_, value)| value.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn twilios_published_example_verifies() {
        let parameters = pairs(&[
            ("CallSid", "CA1234567890ABCDE"),
            ("Caller", "+14158675309"),
            ("Digits", "1234"),
            ("From", "+14158675309"),
            ("To", "+18005551212"),
        ]);
        let url = "https://mycompany.com/myapp.php?foo=1&bar=2";
        let signature = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";
        assert!(is_signed("12345", url, &parameters, signature));
        assert!(!is_signed("12346", url, &parameters, signature));
        assert!(!is_signed(
            "12345",
            "https://mycompany.com/myapp.php?foo=1",
            &parameters,
            signature
        ));
        assert!(!is_signed("12345", url, &parameters[1..], signature));
        assert!(!is_signed("12345", url, &parameters, "not base64 at all"));
        assert!(!is_signed("12345", url, &parameters, ""));
    }

    #[test]
    fn a_rooms_end_verifies_with_and_without_the_port() {
        // The signature is that of Twilio's own Python client for these values.
        let parameters = pairs(&[
            ("RoomSid", &format!("RM{}", "0".repeat(32))),
            ("StatusCallbackEvent", "room-ended"),
            ("SequenceNumber", "3"),
        ]);
        let signature = "qd4C4tfBp2+YPc/1+t42Q6bNEq4=";
        assert!(is_signed(
            "12345",
            "https://example.com/televisit/hooks/twilio?session=1",
            &parameters,
            signature
        ));
        assert!(is_signed(
            "12345",
            "https://example.com:443/televisit/hooks/twilio?session=1",
            &parameters,
            signature
        ));
    }
}
