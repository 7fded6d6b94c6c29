//! What handlers take: who asks, which thing, what was sent.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use aws_lc_rs::digest;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;

use super::error::ApiError;
use crate::app::App;
use crate::service::{Context, Error, FieldErrors, Input, InputError, callers};

/// The largest body that is read, in bytes.
pub const BODY_LIMIT: usize = 1024 * 1024;
/// How long a body may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(10);
/// The longest accepted `Idempotency-Key`.
const KEY_LIMIT: usize = 200;

/// The address that the request came from. `X-Forwarded-For` is read only when the peer itself is a proxy that the
/// settings name, and then from the right: what stands further left was written by whoever sent it.
#[derive(Clone, Copy, Debug)]
pub struct PeerAddress(pub IpAddr);

impl FromRequestParts<App> for PeerAddress {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let ConnectInfo(peer) = ConnectInfo::<SocketAddr>::from_request_parts(parts, app)
            .await
            .map_err(|_| Error::Internal("the peer's address is not known".into()))?;
        Ok(Self(client_address(
            peer.ip().to_canonical(),
            &parts.headers,
            &app.config.trusted_proxies,
        )))
    }
}

fn client_address(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    let mut address = peer;
    let lines: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    for entry in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        if !trusted.contains(&address) {
            break;
        }
        let Ok(next) = entry.trim().parse::<IpAddr>() else {
            break;
        };
        address = next.to_canonical();
    }
    address
}

impl FromRequestParts<App> for Context {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let PeerAddress(address) = PeerAddress::from_request_parts(parts, app).await?;
        let token = bearer(&parts.headers)?;
        let caller = callers::authenticate(app, token).await?;
        let idempotency_key = match parts.headers.get("idempotency-key") {
            None => None,
            Some(key) => match key.to_str() {
                Ok(key) if !key.is_empty() && key.len() <= KEY_LIMIT => Some(key.to_owned()),
                _ => {
                    return Err(Error::field(
                        "Idempotency-Key",
                        "Between 1 and 200 visible ASCII characters.",
                    )
                    .into());
                }
            },
        };
        Ok(Self {
            caller,
            address: address.to_string(),
            idempotency_key,
        })
    }
}

/// The token of the `Authorization` header.
pub fn bearer(headers: &HeaderMap) -> Result<&str, Error> {
    let missing = || Error::Unauthenticated {
        code: "not_authenticated",
        detail: "Send an access token in the header \"Authorization: Bearer <token>\".".into(),
    };
    let value = headers
        .get(header::AUTHORIZATION)
        .ok_or_else(missing)?
        .to_str()
        .map_err(|_| missing())?;
    let (scheme, token) = value.split_once(' ').ok_or_else(missing)?;
    if scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty() {
        Ok(token.trim())
    } else {
        Err(missing())
    }
}

/// The number in the path. Anything that is no number names no thing: 404.
#[derive(Clone, Copy, Debug)]
pub struct Id(pub i64);

impl FromRequestParts<App> for Id {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        match Path::<i64>::from_request_parts(parts, app).await {
            Ok(Path(id)) => Ok(Self(id)),
            Err(_) => Err(Error::NotFound("It").into()),
        }
    }
}

/// The query string, with a 400 that names the field.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<App> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, ApiError> {
        let text = parts.uri.query().unwrap_or_default();
        let kept = without_empty(text);
        let reader = serde_urlencoded::Deserializer::new(form_urlencoded::parse(kept.as_bytes()));
        serde_path_to_error::deserialize(reader)
            .map(Self)
            .map_err(|error| {
                Error::field(
                    &field_name(&error.path().to_string()),
                    sentence(&error.inner().to_string()),
                )
                .into()
            })
    }
}

/// Empty values are the same as absent ones: a form sends `?status=` for "any".
fn without_empty(query: &str) -> String {
    let kept: Vec<&str> = query
        .split('&')
        .filter(|pair| {
            pair.split_once('=')
                .is_some_and(|(_, value)| !value.is_empty())
        })
        .collect();
    kept.join("&")
}

/// The body. Reading never fails the extraction: what is wrong with it is judged after role and thing, by the use case.
/// An absent body counts as `{}`.
impl<T: DeserializeOwned + Send + 'static> FromRequest<App> for Input<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _app: &App) -> Result<Self, ApiError> {
        let is_json = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_none_or(|value| {
                value
                    .split(';')
                    .next()
                    .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
            });
        let has_type = request.headers().contains_key(header::CONTENT_TYPE);
        let bytes = match read_body(request.into_body()).await {
            Ok(bytes) => bytes,
            Err(error) => return Ok(Self::new(Err(error), String::new())),
        };
        let hash = URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, &bytes));
        let is_declared = is_json && has_type;
        if !bytes.is_empty() && !is_declared {
            return Ok(Self::new(Err(InputError::WrongType), hash));
        }
        Ok(Self::new(
            parse(if bytes.is_empty() { b"{}" } else { &bytes }),
            hash,
        ))
    }
}

async fn read_body(body: Body) -> Result<axum::body::Bytes, InputError> {
    match tokio::time::timeout(BODY_TIME, to_bytes(body, BODY_LIMIT)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(error)) => {
            let too_large = std::error::Error::source(&error)
                .is_some_and(|cause| cause.to_string().contains("length limit"));
            if too_large {
                Err(InputError::TooLarge { limit: BODY_LIMIT })
            } else {
                Err(InputError::Malformed(
                    "The body did not arrive whole.".into(),
                ))
            }
        }
        Err(_) => Err(InputError::TooSlow {
            seconds: BODY_TIME.as_secs(),
        }),
    }
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, InputError> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let inner = error.inner();
        if inner.is_syntax() || inner.is_eof() {
            return InputError::Malformed(format!("The body is not JSON: {inner}."));
        }
        let path = error.path().to_string();
        let text = inner.to_string();
        let field = quoted_after(&text, "missing field `")
            .or_else(|| quoted_after(&text, "unknown field `"))
            .unwrap_or(path);
        if field.is_empty() || field == "." {
            return InputError::Malformed("The body must be a JSON object.".into());
        }
        let mut fields = FieldErrors::new();
        fields.add(field_name(&field), sentence(&text));
        InputError::Fields(fields)
    })?;
    reader.end().map_err(|_| {
        InputError::Malformed("There is text after the end of the JSON body.".into())
    })?;
    Ok(value)
}

fn quoted_after(text: &str, prefix: &str) -> Option<String> {
    text.strip_prefix(prefix)?
        .split_once('`')
        .map(|(name, _)| name.to_owned())
}

/// The outermost name of a path like `payment.amount`: nested fields keep their path.
fn field_name(path: &str) -> String {
    if path.is_empty() || path == "." {
        "non_field_errors".into()
    } else {
        path.to_owned()
    }
}

/// A parser's words as a sentence for people.
fn sentence(text: &str) -> String {
    let text = text.split(" at line ").next().unwrap_or(text);
    if text.starts_with("missing field") {
        return "This field is required.".into();
    }
    if text.starts_with("unknown field") {
        return match text.split_once("expected ") {
            Some((_, known)) => format!(
                "This field is not known here; expected {}.",
                known.replace('`', "\"")
            ),
            None => "This field is not known here.".into(),
        };
    }
    if let Some(rest) = text.strip_prefix("unknown variant ") {
        return match rest.split_once(", expected ") {
            Some((_, known)) => {
                format!("Not a valid choice; expected {}.", known.replace('`', "\""))
            }
            None => "Not a valid choice.".into(),
        };
    }
    if text.contains("invalid digit")
        || text.contains("number too large")
        || text.contains("cannot parse integer")
    {
        return "A whole number is required.".into();
    }
    let mut text = text.replace('`', "\"");
    if let Some(first) = text.get(..1).map(str::to_uppercase) {
        text.replace_range(..1, &first);
    }
    if !text.ends_with('.') {
        text.push('.');
    }
    text
}
