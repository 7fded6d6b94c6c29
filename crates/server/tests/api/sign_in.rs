//! Signing in, staying signed in, signing out.

use axum::http::StatusCode;
use serde_json::json;
use televisit::service::users::{self, Author, UserDraft};
use televisit_domain::access::Role;

use crate::clinic::{Clinic, at_once, on_both_engines};
use crate::support::{Answer, TestApp};

pub const PASSWORD: &str = "correct horse battery";

/// An account with a password that can be typed.
pub async fn account(app: &TestApp, username: &str, role: Role) -> i64 {
    let draft = UserDraft {
        username: Some(username.into()),
        password: Some(PASSWORD.into()),
        role: Some(role),
        email: Some(format!("{username}@clinic.example")),
        ..UserDraft::default()
    };
    let user = users::add(&app.app, &Author::command_line(), draft)
        .await
        .unwrap();
    user.id.0
}

pub async fn login(app: &TestApp, username: &str, password: &str) -> Answer {
    let body = json!({"username": username, "password": password});
    app.post("/api/v1/auth/login/", "", body).await
}

pub fn text(answer: &Answer, field: &str) -> String {
    answer.body[field]
        .as_str()
        .unwrap_or_else(|| panic!("{}", answer.text))
        .to_owned()
}

async fn refresh(app: &TestApp, token: &str) -> Answer {
    app.post("/api/v1/auth/refresh/", "", json!({"refresh": token}))
        .await
}

async fn me(app: &TestApp, token: &str) -> StatusCode {
    app.get("/api/v1/auth/me/", token).await.status
}

#[tokio::test]
async fn somebody_signs_in_by_name_or_address_and_is_known_afterwards() {
    let app = TestApp::new().await;
    let id = account(&app, "nurse", Role::Nurse).await;
    for typed in ["nurse", "NURSE", "nurse@clinic.example"] {
        let answer = login(&app, typed, PASSWORD).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(answer.body["user"]["id"], id);
        let own = app.get("/api/v1/auth/me/", &text(&answer, "access")).await;
        assert_eq!(own.body, answer.body["user"]);
        let keys: Vec<_> = own.body.as_object().unwrap().keys().collect();
        for key in [
            "id",
            "username",
            "email",
            "first_name",
            "last_name",
            "role",
            "specialization",
            "is_active",
            "date_joined",
            "patient",
        ] {
            assert!(keys.iter().any(|k| *k == key), "{key}");
        }
        assert!(!own.text.contains("password"));
    }
}

#[tokio::test]
async fn a_wrong_password_an_unknown_name_and_a_disabled_account_answer_alike() {
    let app = TestApp::new().await;
    account(&app, "nurse", Role::Nurse).await;
    account(&app, "gone", Role::Nurse).await;
    let admin = account(&app, "admin", Role::Admin).await;
    let token = text(&login(&app, "admin", PASSWORD).await, "access");
    let all = app.get("/api/v1/users/?search=gone", &token).await;
    let gone = &all.body["results"][0]["id"];
    let off = json!({"is_active": false});
    let path = format!("/api/v1/users/{gone}/");
    let changed = app
        .call(axum::http::Method::PATCH, &path, &token, off)
        .await;
    assert_eq!(changed.status, 200, "{}", changed.text);

    let wrong = login(&app, "nurse", "not it at all").await;
    let unknown = login(&app, "nobody", PASSWORD).await;
    let disabled = login(&app, "gone", PASSWORD).await;
    assert_eq!(wrong.status, 401);
    assert_eq!(wrong.body["code"], "invalid_credentials");
    assert_eq!((unknown.status, &unknown.body), (wrong.status, &wrong.body));
    assert_eq!(
        (disabled.status, &disabled.body),
        (wrong.status, &wrong.body)
    );

    let log = app
        .get("/api/v1/audit/?entity=account&page_size=200", &token)
        .await;
    let failed: Vec<_> = log.body["results"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["action"] == "account.sign_in_failed")
        .collect();
    assert_eq!(failed.len(), 3, "{}", log.text);
    assert!(failed.iter().all(|row| row["actor"].is_null()));
    assert!(!log.text.contains("nobody"), "typed names are not kept");
    assert!(admin > 0);
}

#[tokio::test]
async fn what_is_missing_is_named_together() {
    let app = TestApp::new().await;
    let answer = app.post("/api/v1/auth/login/", "", json!({})).await;
    let required = json!(["This field is required."]);
    assert_eq!(answer.status, 400);
    assert_eq!(
        answer.body,
        json!({"username": required, "password": required})
    );
    let answer = app
        .post("/api/v1/auth/login/", "", json!({"user": "x"}))
        .await;
    assert_eq!(answer.status, 400);
    assert!(answer.body["user"].is_array(), "{}", answer.text);
    let answer = app.post("/api/v1/auth/refresh/", "", json!({})).await;
    assert_eq!(answer.body, json!({"refresh": required}));
}

#[tokio::test]
async fn a_refresh_token_buys_one_pair_and_its_reuse_ends_the_sign_in() {
    on_both_engines(async |clinic| {
        let app = &clinic.app;
        account(app, "nurse9", Role::Nurse).await;
        let first = login(app, "nurse9", PASSWORD).await;
        let elsewhere = login(app, "nurse9", PASSWORD).await;
        let second = refresh(app, &text(&first, "refresh")).await;
        assert_eq!(second.status, 200, "{}", second.text);
        assert_ne!(second.body["refresh"], first.body["refresh"]);
        assert_eq!(me(app, &text(&second, "access")).await, 200);

        let reused = refresh(app, &text(&first, "refresh")).await;
        assert_eq!(reused.status, 401);
        assert_eq!(reused.body["code"], "token_not_valid");
        let heir = refresh(app, &text(&second, "refresh")).await;
        assert_eq!(heir.status, 401, "the whole family is dead");
        assert_eq!(me(app, &text(&second, "access")).await, 401);
        assert_eq!(me(app, &text(&elsewhere, "access")).await, 200);
        let other = refresh(app, &text(&elsewhere, "refresh")).await;
        assert_eq!(other.status, 200, "another sign-in is untouched");
    })
    .await;
}

#[tokio::test]
async fn of_32_refreshes_at_once_one_wins() {
    on_both_engines(async |clinic| {
        let app = &clinic.app;
        account(app, "nurse9", Role::Nurse).await;
        let token = text(&login(app, "nurse9", PASSWORD).await, "refresh");
        let answers = at_once(32, |_| {
            let token = token.clone();
            Box::pin(async move { refresh(app, &token).await })
        })
        .await;
        let won = answers.iter().filter(|a| a.status == 200).count();
        let lost = answers.iter().filter(|a| a.status == 401).count();
        assert_eq!((won, lost), (1, 31));
    })
    .await;
}

#[tokio::test]
async fn a_refresh_token_dies_after_seven_days_and_an_access_token_after_a_quarter_of_an_hour() {
    let app = TestApp::new().await;
    account(&app, "nurse", Role::Nurse).await;
    let pair = login(&app, "nurse", PASSWORD).await;
    let access = text(&pair, "access");
    app.clock.advance(chrono::TimeDelta::seconds(899));
    assert_eq!(me(&app, &access).await, 200);
    app.clock.advance(chrono::TimeDelta::seconds(1));
    assert_eq!(me(&app, &access).await, 401);

    let pair = refresh(&app, &text(&pair, "refresh")).await;
    assert_eq!(pair.status, 200);
    app.clock.advance(chrono::TimeDelta::days(7));
    let late = refresh(&app, &text(&pair, "refresh")).await;
    assert_eq!(late.status, 401);
}

#[tokio::test]
async fn signing_out_ends_the_sign_in_at_once_with_either_token() {
    let app = TestApp::new().await;
    account(&app, "nurse", Role::Nurse).await;
    let pair = login(&app, "nurse", PASSWORD).await;
    let access = text(&pair, "access");
    let out = app
        .post("/api/v1/auth/logout/", &access, serde_json::Value::Null)
        .await;
    assert_eq!(out.status, 204, "{}", out.text);
    assert_eq!(me(&app, &access).await, 401);
    assert_eq!(refresh(&app, &text(&pair, "refresh")).await.status, 401);

    let pair = login(&app, "nurse", PASSWORD).await;
    let body = json!({"refresh": pair.body["refresh"]});
    let out = app.post("/api/v1/auth/logout/", "", body).await;
    assert_eq!(out.status, 204);
    assert_eq!(me(&app, &text(&pair, "access")).await, 401);

    let out = app
        .post("/api/v1/auth/logout/", "", serde_json::Value::Null)
        .await;
    assert_eq!(out.status, 401);
}

#[tokio::test]
async fn a_changed_password_and_a_disabled_account_end_every_sign_in() {
    let clinic = Clinic::new().await;
    let app = &clinic.app;
    let id = account(app, "nurse9", Role::Nurse).await;
    let pair = login(app, "nurse9", PASSWORD).await;
    let path = format!("users/{id}/set-password/");
    let body = json!({"password": "another long one"});
    let set = clinic.post(&clinic.admin, &path, body).await;
    assert_eq!(set.status, 204, "{}", set.text);
    assert_eq!(me(app, &text(&pair, "access")).await, 401);
    assert_eq!(refresh(app, &text(&pair, "refresh")).await.status, 401);
    assert_eq!(login(app, "nurse9", PASSWORD).await.status, 401);

    let pair = login(app, "nurse9", "another long one").await;
    let path = format!("users/{id}/");
    let off = clinic
        .patch(&clinic.admin, &path, json!({"is_active": false}))
        .await;
    assert_eq!(off.status, 200, "{}", off.text);
    assert_eq!(me(app, &text(&pair, "access")).await, 401);
    let on = clinic
        .patch(&clinic.admin, &path, json!({"is_active": true}))
        .await;
    assert_eq!(on.status, 200);
    assert_eq!(
        refresh(app, &text(&pair, "refresh")).await.status,
        401,
        "enabling again revives no sign-in"
    );
}

#[tokio::test]
async fn a_changed_role_counts_from_the_next_request_on() {
    let clinic = Clinic::new().await;
    let app = &clinic.app;
    let id = account(app, "second", Role::Admin).await;
    let access = text(&login(app, "second", PASSWORD).await, "access");
    assert_eq!(app.get("/api/v1/users/", &access).await.status, 200);
    let path = format!("users/{id}/");
    let changed = clinic
        .patch(&clinic.admin, &path, json!({"role": "NURSE"}))
        .await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    assert_eq!(app.get("/api/v1/users/", &access).await.status, 403);
}
