//! Signed tokens: access to the API, and entry to one room.

use std::io::Write as _;
use std::path::Path;

use aws_lc_rs::hmac;
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use televisit_domain::access::Role;
use televisit_domain::ids::{SessionId, UserId};

/// How long an access token lives.
pub const ACCESS_LIFE: TimeDelta = TimeDelta::minutes(15);
/// How long a room token lives: long enough for a slow page, short enough to be worthless tomorrow.
pub const ROOM_LIFE: TimeDelta = TimeDelta::minutes(10);

const ISSUER: &str = "televisit";

/// The two signing keys, derived from the installation's one secret.
#[derive(Clone)]
pub struct Tokens {
    access: Keys,
    room: Keys,
}

#[derive(Clone)]
struct Keys {
    encode: EncodingKey,
    decode: DecodingKey,
    audience: &'static str,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tokens")
    }
}

/// What an access token says. Role and activity are read from the database on every request, not from here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessClaims {
    /// The account, as text (RFC 7519 section 4.1.2).
    pub sub: String,
    /// The sign-in that it belongs to.
    pub family: String,
    iss: String,
    aud: String,
    iat: i64,
    exp: i64,
}

/// What a room token says: one person, one session, one room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomClaims {
    /// The account, as text.
    pub sub: String,
    /// The telemedicine session.
    pub session: SessionId,
    /// The room.
    pub room: String,
    /// The account's role when the token was given.
    pub role: Role,
    iss: String,
    aud: String,
    iat: i64,
    exp: i64,
}

/// A token that is not good: forged, expired, or for something else. Deliberately without a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the token is not valid")]
pub struct BadToken;

impl Tokens {
    /// From the installation's secret, at least 32 bytes.
    pub fn new(secret: &[u8]) -> Self {
        let keys = |audience: &'static str| {
            let key = hmac::sign(
                &hmac::Key::new(hmac::HMAC_SHA256, secret),
                audience.as_bytes(),
            );
            Keys {
                encode: EncodingKey::from_secret(key.as_ref()),
                decode: DecodingKey::from_secret(key.as_ref()),
                audience,
            }
        };
        Self {
            access: keys("televisit-access"),
            room: keys("televisit-room"),
        }
    }

    /// An access token, and when it expires.
    pub fn access(
        &self,
        user: UserId,
        family: &str,
        now: DateTime<Utc>,
    ) -> Result<(String, DateTime<Utc>), BadToken> {
        let expires = now + ACCESS_LIFE;
        let claims = AccessClaims {
            sub: user.to_string(),
            family: family.to_owned(),
            iss: ISSUER.into(),
            aud: self.access.audience.into(),
            iat: now.timestamp(),
            exp: expires.timestamp(),
        };
        Ok((self.access.sign(&claims)?, expires))
    }

    /// The account and sign-in of a good access token.
    pub fn read_access(
        &self,
        token: &str,
        now: DateTime<Utc>,
    ) -> Result<(UserId, String), BadToken> {
        let claims: AccessClaims = self.access.verify(token)?;
        check_times(claims.iat, claims.exp, now)?;
        Ok((
            UserId(claims.sub.parse().map_err(|_| BadToken)?),
            claims.family,
        ))
    }

    /// A token for one person and one room, and when it expires.
    pub fn room(
        &self,
        user: UserId,
        role: Role,
        session: SessionId,
        room: &str,
        now: DateTime<Utc>,
    ) -> Result<(String, DateTime<Utc>), BadToken> {
        let expires = now + ROOM_LIFE;
        let claims = RoomClaims {
            sub: user.to_string(),
            session,
            room: room.to_owned(),
            role,
            iss: ISSUER.into(),
            aud: self.room.audience.into(),
            iat: now.timestamp(),
            exp: expires.timestamp(),
        };
        Ok((self.room.sign(&claims)?, expires))
    }

    /// The person and claims of a good room token.
    pub fn read_room(
        &self,
        token: &str,
        now: DateTime<Utc>,
    ) -> Result<(UserId, RoomClaims), BadToken> {
        let claims: RoomClaims = self.room.verify(token)?;
        check_times(claims.iat, claims.exp, now)?;
        Ok((UserId(claims.sub.parse().map_err(|_| BadToken)?), claims))
    }

    /// Whether this is a room token of ours that was good once.
    pub fn is_expired_room(&self, token: &str, now: DateTime<Utc>) -> bool {
        self.room
            .verify::<RoomClaims>(token)
            .is_ok_and(|claims| claims.exp <= now.timestamp())
    }
}

impl Keys {
    fn sign<C: Serialize>(&self, claims: &C) -> Result<String, BadToken> {
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &self.encode)
            .map_err(|_| BadToken)
    }

    /// Only HS256 is accepted, whatever the header says; times are checked by the caller's clock, not the library's.
    fn verify<C: DeserializeOwned + Clone>(&self, token: &str) -> Result<C, BadToken> {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.validate_exp = false;
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[self.audience]);
        validation.set_required_spec_claims(&["iss", "aud", "exp", "sub"]);
        jsonwebtoken::decode::<C>(token, &self.decode, &validation)
            .map(|data| data.claims)
            .map_err(|_| BadToken)
    }
}

/// A minute of grace for a token from the future: several servers' clocks differ.
fn check_times(issued: i64, expires: i64, now: DateTime<Utc>) -> Result<(), BadToken> {
    if now.timestamp() < expires && issued <= now.timestamp() + 60 {
        Ok(())
    } else {
        Err(BadToken)
    }
}

/// The installation's secret from its file, made at the first start, readable by its owner only.
pub fn load_or_create_secret(path: &Path) -> std::io::Result<Vec<u8>> {
    match std::fs::read(path) {
        Ok(secret) if secret.len() >= 32 => return Ok(secret),
        Ok(_) => {
            return Err(std::io::Error::other(
                "the file is shorter than 32 bytes: restore it from a backup, or remove it (everybody must sign in again)",
            ));
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let mut secret = vec![0; 48];
    aws_lc_rs::rand::fill(&mut secret)
        .map_err(|_| std::io::Error::other("the system gave no random numbers"))?;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(&secret)?;
    file.sync_all()?;
    Ok(secret)
}
