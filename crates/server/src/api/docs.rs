//! `/api/docs/` and `/api/v1/openapi.json`: the description that comes with the server.

use std::fmt::Write as _;

use axum::Json;
use axum::response::{Html, IntoResponse, Response};
use utoipa::openapi::path::{Operation, PathItem};

/// The document as JSON.
pub async fn openapi_json() -> Response {
    Json(super::openapi::document()).into_response()
}

/// A page that lists every call with its parameters and answers. Plain HTML without scripts: it works behind any
/// content security policy and without any network.
pub async fn page() -> Html<String> {
    let document = super::openapi::document();
    let mut list = String::new();
    for (path, item) in &document.paths.paths {
        for (method, operation) in operations(item) {
            describe(&mut list, method, path, operation);
        }
    }
    Html(format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>API · televisit</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><link rel=\"stylesheet\" href=\"/api/docs/docs.css\">\
         </head><body><main><h1>televisit API</h1><p>{}</p><p><a href=\"/api/v1/openapi.json\">openapi.json</a></p>{list}</main></body></html>",
        escape(document.info.description.as_deref().unwrap_or_default())
    ))
}

/// The page's style.
pub async fn style() -> Response {
    (
        [(axum::http::header::CONTENT_TYPE, "text/css; charset=utf-8")],
        include_str!("docs.css"),
    )
        .into_response()
}

fn operations(item: &PathItem) -> Vec<(&'static str, &Operation)> {
    [
        ("GET", &item.get),
        ("POST", &item.post),
        ("PATCH", &item.patch),
        ("PUT", &item.put),
        ("DELETE", &item.delete),
    ]
    .into_iter()
    .filter_map(|(method, operation)| operation.as_ref().map(|operation| (method, operation)))
    .collect()
}

fn describe(page: &mut String, method: &str, path: &str, operation: &Operation) {
    let summary = operation.summary.as_deref().unwrap_or_default();
    let _ = write!(
        page,
        "<details><summary><b class=\"{}\">{method}</b> <code>{}</code> <span>{}</span></summary>",
        method.to_lowercase(),
        escape(path),
        escape(summary)
    );
    if let Some(text) = &operation.description {
        let _ = write!(page, "<p>{}</p>", escape(text));
    }
    let parameters = operation.parameters.as_deref().unwrap_or_default();
    if !parameters.is_empty() {
        page.push_str("<table><caption>Parameters</caption>");
        for parameter in parameters {
            let utoipa::openapi::RefOr::T(parameter) = parameter else {
                continue;
            };
            let _ = write!(
                page,
                "<tr><td><code>{}</code></td><td>{}</td></tr>",
                escape(&parameter.name),
                escape(parameter.description.as_deref().unwrap_or_default())
            );
        }
        page.push_str("</table>");
    }
    if let Some(body) = &operation.request_body {
        let schema = serde_json::to_value(body).unwrap_or_default();
        let _ = write!(
            page,
            "<p>Body: <code>{}</code></p>",
            escape(&schema_names(&schema))
        );
    }
    page.push_str("<table><caption>Answers</caption>");
    for (status, answer) in &operation.responses.responses {
        let text = match answer {
            utoipa::openapi::RefOr::T(answer) => answer.description.clone(),
            utoipa::openapi::RefOr::Ref(reference) => reference.ref_location.clone(),
        };
        let _ = write!(
            page,
            "<tr><td>{}</td><td>{}</td></tr>",
            escape(status),
            escape(&text)
        );
    }
    page.push_str("</table></details>");
}

/// The names of the schemas that a body refers to.
fn schema_names(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Object(map) => map
            .iter()
            .map(|(key, inner)| match (key.as_str(), inner.as_str()) {
                ("$ref", Some(reference)) => {
                    reference.rsplit('/').next().unwrap_or(reference).to_owned()
                }
                _ => schema_names(inner),
            })
            .filter(|name| !name.is_empty())
            .collect::<Vec<_>>()
            .join(", "),
        serde_json::Value::Array(items) => items
            .iter()
            .map(schema_names)
            .filter(|name| !name.is_empty())
            .collect::<Vec<_>>()
            .join(", "),
        _ => String::new(),
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
