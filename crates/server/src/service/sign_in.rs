//! Signing in, staying signed in, signing out.

use std::net::IpAddr;

use aws_lc_rs::{digest, rand};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use televisit_domain::ids::UserId;
use televisit_storage::audit::{self, NewEntry};
use televisit_storage::tokens::NewToken;
use televisit_storage::users::User;
use televisit_storage::{Tx, tokens, users};

use super::login_limits::{self, Subjects};
use super::{Error, FieldErrors, Input, hex};
use crate::app::App;

/// How long a refresh token lives.
pub const REFRESH_LIFE: TimeDelta = TimeDelta::days(7);

/// What somebody types to sign in.
#[derive(Clone)]
pub struct Credentials {
    /// Username or e-mail address.
    pub username: Option<String>,
    /// The password.
    pub password: Option<String>,
}

/// What a signed-in client holds.
#[derive(Clone)]
pub struct Pair {
    /// For every request, 15 minutes.
    pub access: String,
    /// For the next pair, once, within 7 days.
    pub refresh: String,
}

/// Checks a password and begins a sign-in.
pub async fn sign_in(
    app: &App,
    address: IpAddr,
    input: Input<Credentials>,
) -> Result<(Pair, User), Error> {
    let (typed, password) = checked(input.get()?)?;
    let (user, known) = look_up(app, &typed).await?;
    let subjects = Subjects::new(user.as_ref().map(|user| user.id), &typed, address);
    login_limits::take(app, &subjects).await?;

    let right = app.passwords.verify(password, known.clone()).await?;
    let now = app.clock.now();
    let (Some(user), Some(known)) = (user, known) else {
        return refuse(app, None, address).await;
    };
    if !right || !user.is_active {
        return refuse(app, Some(user.id), address).await;
    }
    let family = random()?;
    let mut tx = app.db.begin().await?;
    if !tokens::begin(&mut tx, user.id, &known, &family, now).await? {
        drop(tx);
        return refuse(app, Some(user.id), address).await;
    }
    login_limits::succeeded(&mut tx, &subjects).await?;
    let pair = give(app, &mut tx, user.id, &family, now).await?;
    audit::append(
        &mut tx,
        &[row(now, "account.sign_in", Some(user.id), address)],
    )
    .await?;
    tx.commit().await?;
    Ok((pair, user))
}

fn checked(typed: Credentials) -> Result<(String, String), Error> {
    let mut wrong = FieldErrors::new();
    let mut need = |field: &str, value: Option<String>| {
        let value = value.unwrap_or_default();
        if value.trim().is_empty() {
            wrong.add(field, "This field is required.");
        } else if value.chars().count() > 500 {
            wrong.add(field, "At most 500 characters.");
        } else if value.contains('\0') {
            wrong.add(field, "This text holds a NUL character.");
        }
        value
    };
    let pair = (
        need("username", typed.username),
        need("password", typed.password),
    );
    wrong.check()?;
    Ok(pair)
}

async fn look_up(app: &App, typed: &str) -> Result<(Option<User>, Option<String>), Error> {
    let mut conn = app.db.read().await?;
    let Some(user) = users::find_by_name(&mut conn, typed).await? else {
        return Ok((None, None));
    };
    let hash = users::password_hash(&mut conn, user.id).await?;
    Ok((Some(user), hash))
}

/// Writes the failure down and says nothing of its kind: not whether the account exists, nor that it is disabled.
async fn refuse<T>(app: &App, user: Option<UserId>, address: IpAddr) -> Result<T, Error> {
    let mut failed = row(app.clock.now(), "account.sign_in_failed", user, address);
    failed.actor = None;
    let mut tx = app.db.begin().await?;
    audit::append(&mut tx, &[failed]).await?;
    tx.commit().await?;
    Err(Error::Unauthenticated {
        code: "invalid_credentials",
        detail: "No active account has this username and password.".into(),
    })
}

/// Exchanges a refresh token for a new pair. Of many equal calls one wins; a second use ends the whole sign-in, because
/// one of the two users of the token is a thief, and nothing tells which.
pub async fn refresh(
    app: &App,
    address: IpAddr,
    input: Input<Option<String>>,
) -> Result<Pair, Error> {
    let token = input
        .get()?
        .filter(|token| !token.is_empty())
        .ok_or_else(|| Error::field("refresh", "This field is required."))?;
    let hash = fingerprint(&token);
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let Some((family, user)) = tokens::family_of(&mut tx, &hash).await? else {
        return Err(dead());
    };
    if !tokens::hold(&mut tx, &family).await? {
        return Err(dead());
    }
    if tokens::spend(&mut tx, &hash, now).await? {
        let account = users::find(&mut tx, user).await?;
        if !account.is_some_and(|account| account.is_active) {
            return Err(dead());
        }
        let pair = give(app, &mut tx, user, &family, now).await?;
        tx.commit().await?;
        return Ok(pair);
    }
    if tokens::is_spent(&mut tx, &hash).await? {
        tokens::end(&mut tx, &family, now).await?;
        audit::append(
            &mut tx,
            &[row(now, "account.refresh_reused", Some(user), address)],
        )
        .await?;
        tx.commit().await?;
    }
    Err(dead())
}

/// Ends the sign-in of an access token or of a refresh token, whichever the client still has. A token that is worth
/// nothing any more ends nothing, and the client is signed out all the same.
pub async fn sign_out(
    app: &App,
    address: IpAddr,
    access: Option<&str>,
    input: Input<Option<String>>,
) -> Result<(), Error> {
    let now = app.clock.now();
    let by_access = access.and_then(|token| app.tokens.read_access(token, now).ok());
    let refresh = match input.get() {
        Ok(token) => token.filter(|token| !token.is_empty()),
        Err(wrong) if by_access.is_some() => return Err(wrong),
        Err(_) => None,
    };
    if by_access.is_none() && refresh.is_none() {
        return Err(Error::Unauthenticated {
            code: "not_authenticated",
            detail: "Send an access token in the header \"Authorization: Bearer <token>\", or the refresh token.".into(),
        });
    }
    let mut tx = app.db.begin().await?;
    let by_refresh = match refresh {
        Some(token) => tokens::family_of(&mut tx, &fingerprint(&token)).await?,
        None => None,
    };
    let of_access = by_access.map(|(user, family)| (family, user));
    let mut rows = Vec::new();
    for (family, user) in [of_access, by_refresh].into_iter().flatten() {
        if tokens::end(&mut tx, &family, now).await? {
            rows.push(row(now, "account.sign_out", Some(user), address));
        }
    }
    audit::append(&mut tx, &rows).await?;
    Ok(tx.commit().await?)
}

/// A new pair of a sign-in whose row is held.
async fn give(
    app: &App,
    tx: &mut Tx,
    user: UserId,
    family: &str,
    now: DateTime<Utc>,
) -> Result<Pair, Error> {
    let refresh = random()?;
    let token = NewToken {
        family,
        hash: &fingerprint(&refresh),
        issued_at: now,
        expires_at: now + REFRESH_LIFE,
    };
    tokens::insert(tx, &token).await?;
    let (access, _) = app
        .tokens
        .access(user, family, now)
        .map_err(|_| Error::Internal("an access token could not be signed".into()))?;
    Ok(Pair { access, refresh })
}

fn dead() -> Error {
    Error::Unauthenticated {
        code: "token_not_valid",
        detail: "The refresh token is not valid any more. Sign in again.".into(),
    }
}

/// What is kept of a refresh token: enough to know it again, useless to a thief of the database. The token is 256
/// random bits, so a plain hash cannot be searched.
fn fingerprint(token: &str) -> String {
    hex(digest::digest(&digest::SHA256, token.as_bytes()).as_ref())
}

fn random() -> Result<String, Error> {
    let mut bytes = [0; 32];
    rand::fill(&mut bytes)
        .map_err(|_| Error::Internal("the system gave no random numbers".into()))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

fn row(at: DateTime<Utc>, action: &'static str, user: Option<UserId>, address: IpAddr) -> NewEntry {
    NewEntry {
        at,
        actor: user,
        action,
        entity: "account",
        entity_id: user.map(|user| user.0),
        detail: String::new(),
        address: address.to_string(),
    }
}
