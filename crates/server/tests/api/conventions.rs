//! What holds for every address.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use televisit::api::listen::listen;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

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

#[tokio::test]
async fn a_client_that_never_finishes_its_request_is_hung_up_on_and_the_others_are_served() {
    let app = TestApp::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let head_time = Duration::from_millis(300);
    app.app
        .tasks
        .spawn(listen(app.app.clone(), listener, head_time));
    let mut slow = TcpStream::connect(address).await.unwrap();
    slow.write_all(b"GET /healthz HTT").await.unwrap();
    let mut quick = TcpStream::connect(address).await.unwrap();
    let request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    quick.write_all(request).await.unwrap();
    let mut answer = String::new();
    quick.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let mut rest = Vec::new();
    let hung_up = tokio::time::timeout(Duration::from_secs(20), slow.read_to_end(&mut rest)).await;
    assert!(hung_up.is_ok(), "the connection stays open");
}
