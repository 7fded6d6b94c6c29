//! The demonstration clinic.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use televisit::service::{catalog, demo};

use crate::clinic::on_both_engines;
use crate::sign_in::{login, text};
use crate::support::TestApp;

async fn filled() -> TestApp {
    let app = TestApp::new().await;
    catalog::ensure_defaults(&app.app).await.unwrap();
    demo::fill(&app.app).await.unwrap();
    app
}

async fn token(app: &TestApp, username: &str) -> String {
    let answer = login(app, username, demo::PASSWORD).await;
    assert_eq!(answer.status, 200, "{username}: {}", answer.text);
    text(&answer, "access")
}

async fn rows(app: &TestApp, token: &str, path: &str) -> Vec<Value> {
    let answer = app.get(path, token).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    let list = if answer.body.is_array() {
        &answer.body
    } else {
        &answer.body["results"]
    };
    list.as_array().unwrap().clone()
}

#[tokio::test]
async fn everybody_of_the_demonstration_can_sign_in_and_pages_are_full() {
    let app = filled().await;
    assert_eq!(app.get("/api/v1/info/", "").await.body["demo"], true);
    for name in ["doctor", "doctor2", "nurse", "patient"] {
        token(&app, name).await;
    }
    let admin = token(&app, "admin").await;
    let desk = token(&app, "receptionist").await;
    let statuses = |rows: &[Value]| -> BTreeSet<String> {
        rows.iter()
            .map(|row| row["status"].as_str().unwrap().to_owned())
            .collect()
    };
    let sessions = rows(&app, &desk, "/api/v1/telemedicine/").await;
    assert_eq!(
        statuses(&sessions).len(),
        5,
        "sessions in every state: {:?}",
        statuses(&sessions)
    );
    let appointments = rows(&app, &desk, "/api/v1/appointments/").await;
    assert_eq!(statuses(&appointments).len(), 5);
    assert!(rows(&app, &desk, "/api/v1/patients/").await.len() >= 8);
    assert!(
        rows(&app, &desk, "/api/v1/billing/pending-queue/")
            .await
            .len()
            >= 3
    );
    assert_eq!(rows(&app, &admin, "/api/v1/users/").await.len(), 6);
    let board = app.get("/api/v1/telemedicine/board/", &desk).await;
    assert!(
        board.body["rows"].as_array().unwrap().len() >= 6,
        "{}",
        board.text
    );
}

#[tokio::test]
async fn the_visit_of_the_manual_flow_is_paid_open_and_free_for_a_session() {
    let app = filled().await;
    let patient = token(&app, "patient").await;
    let own = rows(&app, &patient, "/api/v1/patients/").await;
    assert_eq!(own.len(), 1);
    assert_eq!(own[0]["full_name"], "Test Telemedicine");
    assert_eq!(own[0]["date_of_birth"], "1990-01-01");
    assert_eq!(own[0]["gender"], "MALE");
    assert_eq!(own[0]["phone"], "0712345678");
    assert_eq!(own[0]["email"], "patient@test.com");
    assert_eq!(own[0]["national_id"], "12345678");

    let visits = rows(&app, &patient, "/api/v1/visits/").await;
    let visit = &visits[0];
    assert_eq!(visit["chief_complaint"], "Virtual consultation needed");
    assert_eq!(visit["visit_type"], "CONSULTATION");
    assert_eq!(
        (&visit["status"], &visit["payment_status"]),
        (&json!("OPEN"), &json!("PAID"))
    );
    let doctor = token(&app, "doctor").await;
    let body = json!({"visit": visit["id"], "scheduled_start": "2026-02-06T18:30:00Z"});
    let session = app.post("/api/v1/telemedicine/", &doctor, body).await;
    assert_eq!(session.status, 201, "{}", session.text);
}

#[tokio::test]
async fn a_second_start_adds_nothing_and_one_on_the_next_day_adds_that_day() {
    on_both_engines(async |clinic| {
        let app = &clinic.app;
        let refused = demo::fill(&app.app).await.unwrap_err();
        assert!(
            refused.to_string().contains("not the demonstration's"),
            "{refused}"
        );
        assert!(!demo::is_demo(&app.app).await.unwrap());
    })
    .await;

    let app = filled().await;
    let desk = token(&app, "receptionist").await;
    let count = async |token: &str| {
        let answer = app.get("/api/v1/visits/", token).await;
        answer.body["count"].as_i64().unwrap()
    };
    let before = count(&desk).await;
    demo::fill(&app.app).await.unwrap();
    assert_eq!(count(&desk).await, before);

    app.clock.advance(chrono::TimeDelta::days(1));
    demo::fill(&app.app).await.unwrap();
    let desk = token(&app, "receptionist").await;
    assert!(count(&desk).await > before);
    let board = app.get("/api/v1/telemedicine/board/", &desk).await;
    assert!(
        board.body["rows"].as_array().unwrap().len() >= 6,
        "{}",
        board.text
    );
}

#[tokio::test]
async fn the_demonstration_fits_postgresql_too_and_its_audit_chain_is_whole() {
    crate::databases::for_each_engine(async |db, _| {
        use clap::Parser as _;
        let data = tempfile::tempdir().unwrap();
        let folder = data.path().to_str().unwrap().to_owned();
        let config = crate::support::Arguments::parse_from(["televisit", "--data", &folder]).config;
        let app = TestApp::over(config, db, data);
        catalog::ensure_defaults(&app.app).await.unwrap();
        demo::fill(&app.app).await.unwrap();
        token(&app, "patient").await;
        let verdict = televisit::service::audit_log::verify(&app.app)
            .await
            .unwrap();
        assert_eq!(verdict, televisit::service::audit_log::Verdict::Whole(2));
    })
    .await;
}
