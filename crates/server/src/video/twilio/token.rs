//! Access tokens for Twilio's browser SDK: a JWT of the kind `twilio-fpa;v=1`.

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde::Serialize;

use super::credentials::Credentials;

/// How long a token lives: it is needed only to connect, and somebody who was put out must not come back with it.
pub const LIFE: TimeDelta = TimeDelta::minutes(5);

#[derive(Serialize)]
struct Claims<'a> {
    jti: String,
    iss: &'a str,
    sub: &'a str,
    iat: i64,
    nbf: i64,
    exp: i64,
    grants: Grants<'a>,
}

#[derive(Serialize)]
struct Grants<'a> {
    identity: &'a str,
    video: VideoGrant<'a>,
}

#[derive(Serialize)]
struct VideoGrant<'a> {
    room: &'a str,
}

/// A token for one identity and one room, and when it expires. `room_sid` is the room's SID and not its name: where
/// clients may create rooms, a name would let an old token open a new room after the end. `unique` makes two tokens of
/// the same second differ. `nbf` lies 30 s back for a clock of ours that runs ahead of Twilio's.
pub fn access_token(
    credentials: &Credentials,
    region: Option<&str>,
    identity: &str,
    room_sid: &str,
    unique: &str,
    now: DateTime<Utc>,
) -> Result<(String, DateTime<Utc>), jsonwebtoken::errors::Error> {
    let expires = now + LIFE;
    let mut header = Header::new(Algorithm::HS256);
    header.cty = Some("twilio-fpa;v=1".into());
    if let Some(region) = region {
        header.extras.insert("twr", region);
    }
    let claims = Claims {
        jti: format!("{}-{}-{unique}", credentials.key_sid, now.timestamp()),
        iss: &credentials.key_sid,
        sub: &credentials.account_sid,
        iat: now.timestamp(),
        nbf: now.timestamp() - 30,
        exp: expires.timestamp(),
        grants: Grants {
            identity,
            video: VideoGrant { room: room_sid },
        },
    };
    let key = EncodingKey::from_secret(credentials.key_secret.expose().as_bytes());
    Ok((jsonwebtoken::encode(&header, &claims, &key)?, expires))
}
