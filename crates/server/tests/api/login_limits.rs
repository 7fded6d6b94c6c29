//! How often a sign-in may fail.

use std::net::IpAddr;

use axum::body::Body;
use axum::http::{Request, header};
use serde_json::json;
use televisit_domain::access::Role;

use crate::clinic::{at_once, on_both_engines};
use crate::sign_in::{PASSWORD, account, login};
use crate::support::{Answer, TestApp};

async fn login_from(
    app: &TestApp,
    peer: &str,
    forwarded: Option<&str>,
    username: &str,
    password: &str,
) -> Answer {
    let mut request =
        Request::post("/api/v1/auth/login/").header(header::CONTENT_TYPE, "application/json");
    if let Some(forwarded) = forwarded {
        request = request
            .header("x-forwarded-for", forwarded)
            .header("x-real-ip", forwarded)
            .header("forwarded", format!("for={forwarded}"));
    }
    let body = json!({"username": username, "password": password}).to_string();
    let peer: IpAddr = peer.parse().unwrap();
    app.send_from(peer, request.body(Body::from(body)).unwrap())
        .await
}

#[tokio::test]
async fn the_eleventh_failure_of_an_account_waits_even_with_the_right_password() {
    on_both_engines(async |clinic| {
        let app = &clinic.app;
        account(app, "nurse9", Role::Nurse).await;
        account(app, "other9", Role::Nurse).await;
        for _ in 0..10 {
            assert_eq!(login(app, "nurse9", "wrong password").await.status, 401);
        }
        let locked = login(app, "nurse9", PASSWORD).await;
        assert_eq!(locked.status, 429, "{}", locked.text);
        assert_eq!(locked.headers["retry-after"], "900");
        let by_address = login(app, "nurse9@clinic.example", PASSWORD).await;
        assert_eq!(by_address.status, 429, "the same account by its other name");
        assert_eq!(login(app, "other9", PASSWORD).await.status, 200);

        app.clock.advance(chrono::TimeDelta::seconds(899));
        let locked = login(app, "nurse9", PASSWORD).await;
        assert_eq!(locked.headers["retry-after"], "1");
        app.clock.advance(chrono::TimeDelta::seconds(1));
        assert_eq!(login(app, "nurse9", PASSWORD).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn a_name_without_an_account_is_locked_like_one_with() {
    let app = TestApp::new().await;
    for _ in 0..10 {
        assert_eq!(login(&app, "nobody", PASSWORD).await.status, 401);
    }
    assert_eq!(login(&app, "Nobody", PASSWORD).await.status, 429);
}

#[tokio::test]
async fn the_right_password_lets_the_account_start_afresh() {
    let app = TestApp::new().await;
    account(&app, "nurse", Role::Nurse).await;
    for _ in 0..2 {
        for _ in 0..9 {
            assert_eq!(login(&app, "nurse", "wrong password").await.status, 401);
        }
        assert_eq!(login(&app, "nurse", PASSWORD).await.status, 200);
    }
}

#[tokio::test]
async fn guesses_at_once_get_no_more_than_ten_answers() {
    on_both_engines(async |clinic| {
        let app = &clinic.app;
        account(app, "nurse9", Role::Nurse).await;
        let answers = at_once(24, |_| {
            Box::pin(async move { login(app, "nurse9", "wrong password").await })
        })
        .await;
        let judged = answers.iter().filter(|a| a.status == 401).count();
        let refused = answers.iter().filter(|a| a.status == 429).count();
        assert_eq!((judged, refused), (10, 14));
    })
    .await;
}

#[tokio::test]
async fn an_address_is_refused_after_fifty_failures_whatever_its_headers_say() {
    let app = TestApp::new().await;
    account(&app, "nurse", Role::Nurse).await;
    for attempt in 0..50 {
        let forged = format!("198.51.100.{attempt}");
        let name = format!("guess{attempt}");
        let answer = login_from(&app, "203.0.113.9", Some(&forged), &name, PASSWORD).await;
        assert_eq!(answer.status, 401, "{attempt}: {}", answer.text);
    }
    let forged = Some("198.51.100.77");
    let refused = login_from(&app, "203.0.113.9", forged, "nurse", PASSWORD).await;
    assert_eq!(refused.status, 429);
    assert_eq!(refused.headers["retry-after"], "900");
    let elsewhere = login_from(&app, "203.0.113.10", None, "nurse", PASSWORD).await;
    assert_eq!(elsewhere.status, 200, "{}", elsewhere.text);
}

#[tokio::test]
async fn trying_a_locked_account_does_not_lock_the_address() {
    let app = TestApp::new().await;
    account(&app, "nurse", Role::Nurse).await;
    account(&app, "other", Role::Nurse).await;
    for _ in 0..60 {
        login(&app, "nurse", "wrong password").await;
    }
    assert_eq!(login(&app, "nurse", PASSWORD).await.status, 429);
    assert_eq!(login(&app, "other", PASSWORD).await.status, 200);
}

#[tokio::test]
async fn a_trusted_proxy_tells_the_address_and_only_its_own_entry_counts() {
    let app = TestApp::with_arguments(&["--trusted-proxies", "10.0.0.1"]).await;
    account(&app, "nurse", Role::Nurse).await;
    for attempt in 0..50 {
        // What stands left of the proxy's own entry was written by the client.
        let forged = format!("198.51.100.{attempt}, 203.0.113.9");
        let name = format!("guess{attempt}");
        let answer = login_from(&app, "10.0.0.1", Some(&forged), &name, PASSWORD).await;
        assert_eq!(answer.status, 401, "{}", answer.text);
    }
    let same = Some("198.51.100.99, 203.0.113.9");
    let refused = login_from(&app, "10.0.0.1", same, "nurse", PASSWORD).await;
    assert_eq!(refused.status, 429);
    let other = Some("203.0.113.10");
    let answer = login_from(&app, "10.0.0.1", other, "nurse", PASSWORD).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
}

#[tokio::test]
async fn an_ipv6_customer_does_not_escape_by_changing_the_end_of_his_address() {
    let app = TestApp::new().await;
    account(&app, "nurse", Role::Nurse).await;
    for attempt in 0..50 {
        let peer = format!("2001:db8:1:2::{attempt:x}");
        let name = format!("guess{attempt}");
        let answer = login_from(&app, &peer, None, &name, PASSWORD).await;
        assert_eq!(answer.status, 401);
    }
    let refused = login_from(&app, "2001:db8:1:2:ffff::1", None, "nurse", PASSWORD).await;
    assert_eq!(refused.status, 429);
    let other = login_from(&app, "2001:db8:1:3::1", None, "nurse", PASSWORD).await;
    assert_eq!(other.status, 200);
}
