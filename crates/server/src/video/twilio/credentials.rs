//! The four values of the seed's `.env`, judged before they are used.

use crate::config::Secret;

/// Credentials that look as Twilio's do. Whether they are right only Twilio knows.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// `AC...`: the account.
    pub account_sid: String,
    /// The account's own token; signs status callbacks, and opens the REST API when there is no API key.
    pub auth_token: Option<Secret>,
    /// `SK...`: the API key; access tokens of people are signed with its secret.
    pub key_sid: String,
    /// The key's secret.
    pub key_secret: Secret,
}

/// The values as set.
#[derive(Clone, Debug, Default)]
pub struct Raw {
    /// `TWILIO_ACCOUNT_SID`.
    pub account_sid: Option<String>,
    /// `TWILIO_AUTH_TOKEN`.
    pub auth_token: Option<Secret>,
    /// `TWILIO_API_KEY`.
    pub api_key: Option<String>,
    /// `TWILIO_API_SECRET`.
    pub api_secret: Option<Secret>,
}

/// What one of the four values looks like, for reports: never the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// The variable.
    pub variable: &'static str,
    /// Its length in characters; none when it is not set.
    pub length: Option<usize>,
    /// What is wrong with it and what to do; none when it looks right.
    pub trouble: Option<String>,
}

impl Raw {
    /// Each value's look, in the seed's order.
    pub fn looks(&self) -> [Look; 4] {
        [
            look(
                "TWILIO_ACCOUNT_SID",
                self.account_sid.as_deref(),
                true,
                |value| {
                    sid(
                        value,
                        "AC",
                        "the Account SID from the start page of the Twilio console",
                    )
                },
            ),
            look(
                "TWILIO_AUTH_TOKEN",
                self.auth_token.as_ref().map(Secret::expose),
                false,
                |value| {
                    hex(
                        value,
                        32,
                        "the Auth Token below the Account SID in the Twilio console",
                    )
                },
            ),
            look("TWILIO_API_KEY", self.api_key.as_deref(), true, |value| {
                sid(
                    value,
                    "SK",
                    "an API key's SID (console: Account, API keys; region US1)",
                )
            }),
            look(
                "TWILIO_API_SECRET",
                self.api_secret.as_ref().map(Secret::expose),
                true,
                secret,
            ),
        ]
    }

    /// The credentials, or a sentence for each value that cannot be right.
    pub fn check(&self) -> Result<Credentials, Vec<String>> {
        let troubles: Vec<String> = self
            .looks()
            .into_iter()
            .filter_map(|look| look.trouble)
            .collect();
        match (&self.account_sid, &self.api_key, &self.api_secret) {
            (Some(account_sid), Some(key_sid), Some(key_secret)) if troubles.is_empty() => {
                Ok(Credentials {
                    account_sid: account_sid.trim().to_owned(),
                    auth_token: self.auth_token.clone(),
                    key_sid: key_sid.trim().to_owned(),
                    key_secret: Secret::from(key_secret.expose().trim().to_owned()),
                })
            }
            _ => Err(troubles),
        }
    }
}

fn look(
    variable: &'static str,
    value: Option<&str>,
    needed: bool,
    judge: impl Fn(&str) -> Option<String>,
) -> Look {
    let value = value.map(str::trim).filter(|value| !value.is_empty());
    let trouble = match value {
        None if needed => Some(format!(
            "{variable} is not set. Add it to .env or the environment."
        )),
        None => None,
        Some(value) if value.starts_with("your_") => Some(format!(
            "{variable} still holds the text of the example. Put the real value there."
        )),
        Some(value) => judge(value).map(|sentence| format!("{variable} {sentence}")),
    };
    Look {
        variable,
        length: value.map(|value| value.chars().count()),
        trouble,
    }
}

fn sid(value: &str, prefix: &str, what: &str) -> Option<String> {
    let swapped = ["AC", "SK", "RM"]
        .into_iter()
        .find(|other| *other != prefix && value.starts_with(other));
    if let Some(other) = swapped {
        return Some(format!(
            "begins with {other}, but must begin with {prefix}: it is {what}."
        ));
    }
    let good = value.len() == 34
        && value
            .strip_prefix(prefix)
            .is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_hexdigit()));
    (!good).then(|| format!("must be {prefix} and 32 digits or letters a to f, 34 characters; it has {}. It is {what}.", value.chars().count()))
}

fn hex(value: &str, length: usize, what: &str) -> Option<String> {
    let good = value.len() == length && value.bytes().all(|byte| byte.is_ascii_hexdigit());
    (!good).then(|| {
        format!(
            "must be {length} digits or letters a to f; it has {} characters. It is {what}.",
            value.chars().count()
        )
    })
}

fn secret(value: &str) -> Option<String> {
    let good =
        (16..=128).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (!good).then(|| {
        format!(
            "must be the secret shown once when the API key was made, usually 32 letters and digits; it has {} characters. If it is lost, make a new key.",
            value.chars().count()
        )
    })
}
