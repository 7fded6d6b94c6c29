//! Twilio's errors in words for the person who runs the installation.

use std::sync::Arc;
use std::time::Duration;

use super::rest::{self, Error};
use crate::outside::diagnose::{self, Cause};
use crate::outside::proxy::Proxies;
use crate::outside::target::Target;

/// A failure, explained: a stable word, sentences without secrets, and whether trying again later can help.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct Fault {
    /// A stable word, like `proxy_refused` or `credentials`.
    pub code: &'static str,
    /// What happened, where, and what to do.
    pub detail: String,
    /// Whether it may succeed later without anybody changing anything.
    pub passing: bool,
    /// Whether what was asked may have been done all the same.
    pub outcome_unknown: bool,
}

/// How long each step of a diagnosis may take.
const STEP: Duration = Duration::from_secs(2);

/// Finds out what stands behind an error of the REST client. Walks the way to Twilio when the request did not arrive.
pub async fn explain(error: &Error, target: &Target, proxies: &Arc<Proxies>) -> Fault {
    match error {
        Error::Api {
            status,
            code,
            message,
            retry_after,
        } => answered(*status, *code, message, *retry_after),
        Error::Malformed(why) => Fault {
            code: "not_twilio",
            detail: format!(
                "Something that is not Twilio answers at {target} ({why}). A captive portal or a proxy may be in between: open https://{} from this machine and look.",
                target.host
            ),
            passing: true,
            outcome_unknown: true,
        },
        Error::OutcomeUnknown(_) => Fault {
            code: "silent",
            detail: format!(
                "{target} took the request and did not answer within {} s. Twilio or the network is slow; see status.twilio.com.",
                rest::CALL_TIME.as_secs()
            ),
            passing: true,
            outcome_unknown: true,
        },
        Error::Unreachable(cause) => {
            let found = diagnose::walk(target, proxies, STEP).await;
            let found = match (found.cause, diagnose::tls_words(cause)) {
                (Cause::Open, Some(words)) => diagnose::tls(target, &words),
                _ => found,
            };
            Fault {
                code: found.cause.code(),
                detail: found.detail,
                passing: true,
                outcome_unknown: false,
            }
        }
    }
}

fn answered(status: u16, code: i64, message: &str, retry_after: Option<u64>) -> Fault {
    let fault = |word: &'static str, detail: String, passing: bool| Fault {
        code: word,
        detail,
        passing,
        outcome_unknown: false,
    };
    match (status, code) {
        (401 | 403, _) => fault(
            "credentials",
            format!(
                "Twilio refused the credentials (code {code}). Check TWILIO_API_KEY and TWILIO_API_SECRET: both belong to one key, of region US1, of the account in TWILIO_ACCOUNT_SID."
            ),
            false,
        ),
        (_, 53119 | 53206) => fault(
            "quota",
            format!(
                "The Twilio account has reached a limit (code {code}: {message}). End unused rooms or ask Twilio for a higher limit."
            ),
            true,
        ),
        (429, _) => fault(
            "busy",
            match retry_after {
                Some(seconds) => {
                    format!("Twilio asks to wait {seconds} s: too many requests of this account.")
                }
                None => "Twilio asks to wait: too many requests of this account.".into(),
            },
            true,
        ),
        (500.., _) => fault(
            "provider_down",
            format!("Twilio answered {status}: it is out of order. See status.twilio.com."),
            true,
        ),
        (300..=399, _) => fault(
            "not_twilio",
            format!(
                "A redirect ({status}) came instead of an answer: something between this machine and Twilio interferes."
            ),
            true,
        ),
        (404, _) => fault(
            "not_found",
            format!("Twilio does not know it (code {code})."),
            false,
        ),
        _ => fault(
            "rejected",
            format!("Twilio refused the request (status {status}, code {code}: {message})."),
            false,
        ),
    }
}
