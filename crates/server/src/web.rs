//! The UI inside the binary, and the headers that every answer carries.

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{self, HeaderName};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::api::error::answer;

/// What `npm run build` made. Missing in a build without Node: the API works, and the pages say what to do.
#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../web/dist"]
#[allow_missing = true]
struct Files;

const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>televisit</title></head><body>\
    <h1>televisit</h1><p>The pages are not in this build. Run <code>make web</code> and build the server again.</p>\
    <p>The API is here: <a href=\"/api/docs/\">/api/docs/</a></p></body></html>";

/// A file of the UI, or its one page for every address that the UI routes itself.
pub async fn serve(request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return answer(
            StatusCode::METHOD_NOT_ALLOWED,
            "method_not_allowed",
            "Pages can only be read.",
        );
    }
    let path = request.uri().path().trim_start_matches('/');
    let name = path.rsplit('/').next().unwrap_or_default();
    if !path.is_empty()
        && let Some(response) = file(path, request.headers())
    {
        return response;
    }
    // A name with a dot is a file that is not there; anything else is a page.
    if name.contains('.') {
        return answer(
            StatusCode::NOT_FOUND,
            "not_found",
            "There is no file at this address.",
        );
    }
    file("index.html", request.headers()).unwrap_or_else(|| {
        let html = (header::CONTENT_TYPE, "text/html; charset=utf-8");
        (StatusCode::NOT_FOUND, [html], NOT_BUILT).into_response()
    })
}

fn file(path: &str, asked: &HeaderMap) -> Option<Response> {
    // The compressed twins are found by the plain name only.
    if has_extension(path, &["br", "gz"]) {
        return None;
    }
    let plain = Files::get(path)?;
    let (stored, encoding) = compressed(path, asked).unwrap_or((plain, None));
    let etag = etag(&stored);
    let mut headers = HeaderMap::new();
    let content_type = content_type(path);
    headers.insert(header::CONTENT_TYPE, content_type);
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(header::CACHE_CONTROL, cache_rule(path));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    if let Ok(value) = HeaderValue::from_str(&etag) {
        headers.insert(header::ETAG, value);
    }
    let known = asked
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|list| list.split(',').any(|one| one.trim() == etag));
    if known {
        return Some((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    Some((headers, Body::from(stored.data.into_owned())).into_response())
}

/// Vite puts a hash of the content into every name under `assets/`; the rest keeps its name and is asked for again.
fn cache_rule(path: &str) -> HeaderValue {
    HeaderValue::from_static(if path.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    })
}

fn content_type(path: &str) -> HeaderValue {
    let mime = mime_guess::from_path(path).first_or_octet_stream();
    let text = if mime.type_() == mime_guess::mime::TEXT || mime.subtype() == "javascript" {
        format!("{}; charset=utf-8", mime.essence_str())
    } else {
        mime.essence_str().to_owned()
    };
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("application/octet-stream"))
}

/// The compressed twin that the build wrote beside the file, in the best encoding that the browser takes.
fn compressed(path: &str, asked: &HeaderMap) -> Option<(EmbeddedFile, Option<&'static str>)> {
    let accepted = asked.get(header::ACCEPT_ENCODING)?.to_str().ok()?;
    [("br", "br"), ("gzip", "gz")]
        .into_iter()
        .filter(|(encoding, _)| accepts(accepted, encoding))
        .find_map(|(encoding, extension)| {
            Some((Files::get(&format!("{path}.{extension}"))?, Some(encoding)))
        })
}

fn accepts(list: &str, encoding: &str) -> bool {
    list.split(',').any(|one| {
        let mut parts = one.split(';').map(str::trim);
        parts.next() == Some(encoding)
            && !parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

fn etag(file: &EmbeddedFile) -> String {
    use std::fmt::Write as _;
    let mut text = String::from("\"");
    for byte in &file.metadata.sha256_hash()[..16] {
        let _ = write!(text, "{byte:02x}");
    }
    text.push('"');
    text
}

fn has_extension(path: &str, extensions: &[&str]) -> bool {
    std::path::Path::new(path)
        .extension()
        .is_some_and(|found| extensions.iter().any(|one| found.eq_ignore_ascii_case(one)))
}

/// Scripts, styles and connections come from this server only; nothing frames its pages. `blob:` is for pictures and
/// sound that the page makes itself.
const POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
    media-src 'self' blob: mediastream:; font-src 'self'; connect-src 'self'{CONNECT}; worker-src 'self' blob:; \
    manifest-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// A visit needs camera, microphone and screen; nothing here needs the rest.
const PERMISSIONS: &str = "camera=(self), microphone=(self), display-capture=(self), fullscreen=(self), \
    autoplay=(self), screen-wake-lock=(self), speaker-selection=(self), picture-in-picture=(self), \
    geolocation=(), payment=(), usb=(), serial=(), midi=(), magnetometer=(), gyroscope=(), accelerometer=()";

/// The headers of every answer, API or page, made once from the address under which the installation is reached.
#[derive(Clone, Debug)]
pub struct SecurityHeaders(Vec<(HeaderName, HeaderValue)>);

impl SecurityHeaders {
    /// With `public_url` as the settings have it.
    pub fn new(public_url: Option<&str>) -> Self {
        let secure = public_url.and_then(|url| url.strip_prefix("https://"));
        // Safari before 15.4 does not count the WebSocket of the same host as 'self'.
        let connect = secure
            .map(|host| format!(" wss://{host}"))
            .unwrap_or_default();
        let policy = POLICY.replace("{CONNECT}", &connect);
        let mut headers = vec![
            (header::CONTENT_SECURITY_POLICY, policy.as_str()),
            (HeaderName::from_static("permissions-policy"), PERMISSIONS),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::X_FRAME_OPTIONS, "DENY"),
            // Addresses hold ids of visits; no other site needs to learn them.
            (header::REFERRER_POLICY, "no-referrer"),
            (
                HeaderName::from_static("cross-origin-opener-policy"),
                "same-origin",
            ),
            (
                HeaderName::from_static("cross-origin-resource-policy"),
                "same-origin",
            ),
        ];
        if secure.is_some() {
            headers.push((header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"));
        }
        Self(
            headers
                .into_iter()
                .filter_map(|(name, value)| Some((name, HeaderValue::from_str(value).ok()?)))
                .collect(),
        )
    }

    /// Puts them on an answer.
    pub fn put_on(&self, response: &mut Response) {
        for (name, value) in &self.0 {
            response
                .headers_mut()
                .entry(name)
                .or_insert_with(|| value.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_may_use_camera_microphone_and_screen_and_load_nothing_foreign() {
        let mut response = Response::new(Body::empty());
        SecurityHeaders::new(Some("https://visits.example.org")).put_on(&mut response);
        let text = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        for device in [
            "camera=(self)",
            "microphone=(self)",
            "display-capture=(self)",
        ] {
            assert!(text("permissions-policy").contains(device));
        }
        assert!(
            text("content-security-policy")
                .contains("connect-src 'self' wss://visits.example.org;")
        );
        assert!(!text("content-security-policy").contains("unsafe"));
        assert!(response.headers().contains_key("strict-transport-security"));
    }

    #[test]
    fn an_encoding_is_used_only_when_the_browser_takes_it() {
        assert!(accepts("gzip, deflate, br", "br"));
        assert!(accepts("br;q=1.0, gzip;q=0.8", "gzip"));
        assert!(!accepts("br;q=0, gzip", "br"));
        assert!(!accepts("gzip", "br"));
    }
}
