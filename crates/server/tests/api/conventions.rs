//! What holds for every address.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::TestApp;

#[tokio::test]
async fn an_unknown_address_answers_json_in_both_spellings() {
    let app = TestApp::new().await;
    for path in ["/api/v1/nothing/", "/api/v1/nothing", "/api/"] {
        let answer = app.get(path, "").await;
        assert_eq!(
            (answer.status, &answer.body["code"]),
            (StatusCode::NOT_FOUND, &json!("not_found")),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_method_that_an_address_does_not_take_answers_json() {
    let app = TestApp::new().await;
    let answer = app.call(Method::DELETE, "/healthz", "", Value::Null).await;
    assert_eq!(
        (answer.status, &answer.body["code"]),
        (StatusCode::METHOD_NOT_ALLOWED, &json!("method_not_allowed"))
    );
}

#[tokio::test]
async fn every_answer_carries_a_request_id_and_is_not_kept_by_caches() {
    let app = TestApp::new().await;
    let answer = app.get("/healthz", "").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.headers["x-request-id"].len(), 16);
    assert_eq!(answer.headers["cache-control"], "no-store");
}

#[tokio::test]
async fn the_description_is_served_as_json_and_as_a_page() {
    let app = TestApp::new().await;
    assert_eq!(
        app.get("/api/v1/openapi.json", "").await.body["info"]["title"],
        "televisit"
    );
    assert!(
        app.get("/api/docs", "")
            .await
            .text
            .contains("televisit API")
    );
}
