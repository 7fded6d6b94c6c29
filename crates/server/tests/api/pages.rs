//! The pages, and the headers of every answer.

use axum::http::{Method, StatusCode};
use serde_json::Value;

use crate::support::TestApp;

#[tokio::test]
async fn every_address_of_the_ui_answers_html_whether_or_not_it_was_built() {
    let app = TestApp::new().await;
    for path in ["/", "/login", "/telemedicine", "/telemedicine/12/call"] {
        let answer = app.get(path, "").await;
        assert!(answer.text.contains("<title>televisit</title>"), "{path}");
        assert_eq!(
            answer.headers["content-type"], "text/html; charset=utf-8",
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_file_that_is_not_there_is_no_page() {
    let app = TestApp::new().await;
    for path in ["/assets/old-12345.js", "/nothing.png", "/../secret.key"] {
        let answer = app.get(path, "").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(answer.body["code"], "not_found", "{path}");
    }
}

#[tokio::test]
async fn pages_can_only_be_read() {
    let app = TestApp::new().await;
    let answer = app
        .call(Method::POST, "/telemedicine", "", Value::Null)
        .await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn pages_and_api_carry_the_security_headers_and_let_a_call_use_the_camera() {
    let app = TestApp::new().await;
    for path in [
        "/telemedicine",
        "/api/v1/patients/",
        "/api/docs/",
        "/healthz",
    ] {
        let headers = app.get(path, "").await.headers;
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("frame-ancestors 'none'"), "{path}");
        assert!(
            !policy.contains('{') && !policy.contains("unsafe"),
            "{policy}"
        );
        assert!(
            headers["permissions-policy"]
                .to_str()
                .unwrap()
                .contains("camera=(self)"),
            "{path}"
        );
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
    }
}
