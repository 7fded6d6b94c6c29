//! Work after a commit, done by the worker.

use std::time::Duration;

use serde_json::json;
use televisit::jobs::{Job, enqueue};
use televisit_domain::ids::SessionId;
use televisit_storage::jobs::{self, Figures, NewJob};

use crate::clinic::Clinic;

/// Waits until nothing is to be done, with the figures then.
async fn drained(clinic: &Clinic) -> Figures {
    let app = &clinic.app.app;
    let wait = async {
        loop {
            let figures = jobs::figures(&mut app.db.read().await.unwrap())
                .await
                .unwrap();
            if figures.pending == 0 {
                return figures;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), wait)
        .await
        .unwrap()
}

async fn ended_session(clinic: &Clinic) -> i64 {
    let body = json!({"visit": clinic.visit, "scheduled_start": "2026-02-06T18:00:00Z"});
    let answer = clinic.post(&clinic.doctor, "telemedicine/", body).await;
    let session = answer.body["id"].as_i64().unwrap();
    for (call, body) in [("start", json!({})), ("end", json!({"add_to_bill": false}))] {
        let path = format!("telemedicine/{session}/{call}/");
        let answer = clinic.post(&clinic.doctor, &path, body).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
    session
}

#[tokio::test]
async fn the_end_of_a_session_leaves_a_job_that_closes_its_room() {
    let clinic = Clinic::new().await;
    ended_session(&clinic).await;
    let app = &clinic.app.app;
    let before = jobs::figures(&mut app.db.read().await.unwrap())
        .await
        .unwrap();
    assert_eq!((before.pending, before.dead), (1, 0));
    app.start_jobs();
    assert_eq!(drained(&clinic).await.dead, 0);
}

#[tokio::test]
async fn a_job_that_can_never_be_done_is_put_aside_and_holds_nothing_up() {
    let clinic = Clinic::new().await;
    let app = &clinic.app.app;
    let now = app.clock.now();
    let mut tx = app.db.begin().await.unwrap();
    let unknown = NewJob {
        kind: "dance",
        payload: r#"{"kind":"dance"}"#.into(),
        run_at: now,
        max_attempts: 5,
    };
    jobs::enqueue(&mut tx, &unknown, now).await.unwrap();
    let nowhere = Job::CloseRoom {
        session: SessionId(4711),
        room_name: "none".into(),
    };
    enqueue(&mut tx, &nowhere, now).await.unwrap();
    tx.commit().await.unwrap();
    ended_session(&clinic).await;
    app.start_jobs();
    assert_eq!(drained(&clinic).await.dead, 2);
    let dead = jobs::dead_letters(&mut app.db.read().await.unwrap(), 10)
        .await
        .unwrap();
    assert!(dead.iter().any(|letter| letter.last_error.contains("4711")));
}
