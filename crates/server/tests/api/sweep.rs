//! Rows that have served their time go; what is still needed stays.

use axum::http::StatusCode;
use chrono::TimeDelta;
use serde_json::json;
use televisit::jobs::sweep;
use televisit_domain::access::Role;

use crate::sign_in::{PASSWORD, account, login, text};
use crate::support::TestApp;

#[tokio::test]
async fn an_expired_sign_in_and_an_old_failure_are_removed_and_a_good_sign_in_is_not() {
    let app = TestApp::new().await;
    account(&app, "anna", Role::Receptionist).await;
    login(&app, "nobody", "wrong").await;
    let first = login(&app, "anna", PASSWORD).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text);

    assert_eq!(sweep(&app.app).await.unwrap(), 0, "nothing is old yet");

    app.clock.advance(TimeDelta::days(9));
    let second = login(&app, "anna", PASSWORD).await;
    assert!(
        sweep(&app.app).await.unwrap() >= 2,
        "a token and a failure are old"
    );
    assert_eq!(
        sweep(&app.app).await.unwrap(),
        0,
        "the second sweep finds nothing"
    );

    let body = json!({"refresh": text(&second, "refresh")});
    assert_eq!(
        app.post("/api/v1/auth/refresh/", "", body).await.status,
        StatusCode::OK
    );
    let body = json!({"refresh": text(&first, "refresh")});
    let late = app.post("/api/v1/auth/refresh/", "", body).await;
    assert_eq!(late.status, StatusCode::UNAUTHORIZED, "{}", late.text);
}
