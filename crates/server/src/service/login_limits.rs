//! How often a sign-in may fail: per account, so that its password cannot be guessed, and per address, so that one
//! machine cannot try the same password on every account.
//!
//! An attempt is counted before the password is looked at. An account that is locked counts no attempts for the
//! address, so that trying it again and again does not lock the others behind the same address.

use std::net::IpAddr;

use aws_lc_rs::digest;
use chrono::{DateTime, TimeDelta, Utc};
use televisit_domain::ids::UserId;
use televisit_storage::{Tx, login_attempts};

use super::Error;
use crate::app::App;

/// How long failures count.
const WINDOW: TimeDelta = TimeDelta::minutes(15);
/// Failures of an account within the window.
const PER_ACCOUNT: i64 = 10;
/// Failures from an address within the window.
const PER_ADDRESS: i64 = 50;

/// What an attempt is counted under.
#[derive(Clone, Debug)]
pub struct Subjects {
    account: String,
    address: String,
}

impl Subjects {
    /// Of an account, or of a name that has none: both are locked alike, so that a lock says nothing about who exists.
    pub fn new(account: Option<UserId>, typed: &str, address: IpAddr) -> Self {
        let account = if let Some(user) = account {
            format!("user:{user}")
        } else {
            let typed = typed.trim().to_ascii_lowercase();
            let hash = digest::digest(&digest::SHA256, typed.as_bytes());
            format!("name:{}", super::hex(hash.as_ref()))
        };
        Self {
            account,
            address: format!("address:{}", network(address)),
        }
    }
}

/// The address, or for IPv6 its /64: that is what one customer gets, and he can change the rest at will.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => {
            let mut parts = v6.segments();
            parts[4..].fill(0);
            IpAddr::from(parts)
        }
    }
}

/// Counts an attempt, or refuses it with the time to wait.
pub async fn take(app: &App, subjects: &Subjects) -> Result<(), Error> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    take_one(
        &mut tx,
        &subjects.account,
        PER_ACCOUNT,
        "for this account",
        now,
    )
    .await?;
    take_one(
        &mut tx,
        &subjects.address,
        PER_ADDRESS,
        "from your address",
        now,
    )
    .await?;
    Ok(tx.commit().await?)
}

async fn take_one(
    tx: &mut Tx,
    subject: &str,
    limit: i64,
    whose: &str,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    if login_attempts::take(tx, subject, limit, now - WINDOW, now).await? {
        return Ok(());
    }
    let began = login_attempts::window_start(tx, subject)
        .await?
        .unwrap_or(now);
    // Rounded up: a client that waits as told must not be told again.
    let wait = (began + WINDOW - now).num_milliseconds().max(1);
    let seconds = (wait + 999) / 1000;
    let minutes = (seconds + 59) / 60;
    let unit = if minutes == 1 { "minute" } else { "minutes" };
    Err(Error::TooMany {
        retry_after: seconds,
        detail: format!("Too many failed sign-ins {whose}. Try again in {minutes} {unit}."),
    })
}

/// The password was right: the account starts afresh, and the address gets its attempt back. It does not start afresh,
/// because somebody with one account could then guess at the others for ever.
pub async fn succeeded(tx: &mut Tx, subjects: &Subjects) -> Result<(), Error> {
    login_attempts::clear(tx, &subjects.account).await?;
    login_attempts::give_back(tx, &subjects.address).await?;
    Ok(())
}
