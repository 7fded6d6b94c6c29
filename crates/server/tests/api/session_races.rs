//! What happens when the same is asked many times at once: one winner, one charge, on both engines.

use serde_json::{Value, json};

use crate::clinic::{Clinic, at_once, on_both_engines};
use crate::support::Answer;

const MANY: usize = 32;

/// The answers with one status.
fn with_status(answers: &[Answer], status: u16) -> Vec<&Answer> {
    answers
        .iter()
        .filter(|answer| answer.status == status)
        .collect()
}

async fn charges(clinic: &Clinic) -> Vec<Value> {
    let path = format!("visits/{}/billing/charges/", clinic.visit);
    let answer = clinic.get(&clinic.receptionist, &path).await;
    answer.body.as_array().unwrap().clone()
}

#[tokio::test]
async fn of_parallel_starts_exactly_one_wins() {
    on_both_engines(async |clinic: Clinic| {
        let id = clinic.schedule(clinic.visit).await;
        let answers = at_once(MANY, |_| {
            Box::pin(clinic.step(&clinic.doctor, id, "start", json!({})))
        })
        .await;
        assert_eq!(with_status(&answers, 200).len(), 1);
        let refused = with_status(&answers, 409);
        assert_eq!(refused.len(), MANY - 1);
        for answer in refused {
            assert_eq!(
                answer.body["detail"],
                "Cannot start a session with status IN_PROGRESS."
            );
        }
    })
    .await;
}

#[tokio::test]
async fn parallel_ends_with_billing_make_one_charge() {
    on_both_engines(async |clinic: Clinic| {
        let id = clinic.hold(clinic.visit).await;
        let body = json!({"notes": "done", "add_to_bill": true});
        let answers = at_once(MANY, |_| {
            Box::pin(clinic.step(&clinic.doctor, id, "end", body.clone()))
        })
        .await;
        let won = with_status(&answers, 200);
        assert_eq!(won.len(), 1);
        assert_eq!(won[0].body["billing_added"], true);
        assert_eq!(with_status(&answers, 409).len(), MANY - 1);
        assert_eq!(charges(&clinic).await.len(), 1);
        let summary = format!("visits/{}/billing/summary/", clinic.visit);
        let bill = clinic.get(&clinic.receptionist, &summary).await.body;
        assert_eq!(bill["total_charges"], "1000.00");
    })
    .await;
}

#[tokio::test]
async fn a_double_click_on_end_with_its_key_bills_once_and_answers_the_same() {
    on_both_engines(async |clinic: Clinic| {
        let id = clinic.hold(clinic.visit).await;
        let body = json!({"notes": "done", "add_to_bill": true});
        let path = format!("telemedicine/{id}/end/");
        let answers = at_once(MANY, |_| {
            Box::pin(clinic.post_once(&clinic.doctor, &path, "click", body.clone()))
        })
        .await;
        for answer in &answers {
            assert_eq!(answer.status, 200, "{}", answer.text);
            assert_eq!(answer.body, answers[0].body);
        }
        assert_eq!(answers[0].body["billing_added"], true);
        assert_eq!(charges(&clinic).await.len(), 1);
        let other = json!({"notes": "other"});
        let answer = clinic
            .post_once(&clinic.doctor, &path, "click", other)
            .await;
        assert_eq!(
            (answer.status.as_u16(), &answer.body["code"]),
            (409, &json!("idempotency_conflict"))
        );
    })
    .await;
}

#[tokio::test]
async fn of_parallel_creations_for_a_visit_exactly_one_wins() {
    on_both_engines(async |clinic: Clinic| {
        let body = json!({"visit": clinic.visit, "scheduled_start": "2026-02-06T18:00:00Z"});
        let answers = at_once(MANY, |_| {
            Box::pin(clinic.post(&clinic.doctor, "telemedicine/", body.clone()))
        })
        .await;
        let won = with_status(&answers, 201);
        assert_eq!(won.len(), 1);
        let refused = with_status(&answers, 409);
        assert_eq!(refused.len(), MANY - 1);
        for answer in refused {
            assert_eq!(answer.body["session"], won[0].body["id"]);
        }
    })
    .await;
}

#[tokio::test]
async fn cancel_and_start_at_once_leave_one_of_the_two() {
    on_both_engines(async |clinic: Clinic| {
        let id = clinic.schedule(clinic.visit).await;
        let answers = at_once(MANY, |n| {
            let step = if n % 2 == 0 { "start" } else { "cancel" };
            Box::pin(clinic.step(&clinic.doctor, id, step, json!({})))
        })
        .await;
        let won = with_status(&answers, 200);
        assert_eq!(won.len(), 1);
        assert_eq!(clinic.session(id).await["status"], won[0].body["status"]);
    })
    .await;
}

#[tokio::test]
async fn a_visit_closed_at_once_with_a_creation_never_keeps_a_live_session() {
    on_both_engines(async |clinic: Clinic| {
        for _ in 0..8 {
            let visit = clinic.open_visit(clinic.record).await;
            let body = json!({"visit": visit, "scheduled_start": "2026-02-06T18:00:00Z"});
            let answers = at_once(2, |n| {
                if n == 0 {
                    Box::pin(clinic.post(&clinic.doctor, "telemedicine/", body.clone()))
                } else {
                    let path = format!("visits/{visit}/close/");
                    let clinic = &clinic;
                    Box::pin(
                        async move { clinic.post(&clinic.receptionist, &path, json!({})).await },
                    )
                }
            })
            .await;
            let (made, closed) = (answers[0].status == 201, answers[1].status == 200);
            assert!(
                made != closed,
                "made {} closed {}",
                answers[0].text,
                answers[1].text
            );
        }
    })
    .await;
}
