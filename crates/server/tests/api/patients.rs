//! Patient records.

use axum::http::Method;
use serde_json::{Value, json};
use televisit_domain::ids::UserId;

use crate::clinic::{Clinic, at_once, on_both_engines};

fn seed() -> Value {
    json!({
        "first_name": "Test", "last_name": "Patient", "date_of_birth": "1990-01-01", "gender": "MALE",
        "phone": "0712345678", "email": "patient@test.com", "national_id": "12345678",
    })
}

fn with(field: &str, value: Value) -> Value {
    let mut body = seed();
    body[field] = value;
    body
}

#[tokio::test]
async fn a_patient_is_registered_found_and_changed() {
    let clinic = Clinic::new().await;
    let desk = &clinic.receptionist;
    let made = clinic.post(desk, "patients/", seed()).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let id = made.body["id"].as_i64().unwrap();
    assert_eq!(made.body["patient_number"], format!("P-{id:06}"));
    assert_eq!(made.body["full_name"], "Test Patient");
    assert_eq!(made.body["age"], 36);
    assert_eq!(
        (&made.body["middle_name"], &made.body["language"]),
        (&json!(""), &json!("en"))
    );

    for search in [
        "test%20pat",
        "0712345678",
        "12345678",
        &format!("P-{id:06}"),
    ] {
        let list = clinic
            .get(desk, &format!("patients/?search={search}"))
            .await;
        let ids: Vec<_> = list.body["results"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["id"].as_i64().unwrap())
            .collect();
        assert!(ids.contains(&id), "{search}: {}", list.text);
    }
    let path = format!("patients/{id}/");
    let changed = clinic
        .patch(
            &clinic.nurse,
            &path,
            json!({"phone": "+254 700 1", "national_id": null}),
        )
        .await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    assert_eq!(changed.body["phone"], "+254 700 1");
    assert_eq!(changed.body["national_id"], "");
    assert_eq!(changed.body["email"], "patient@test.com");
    assert_eq!(clinic.get(&clinic.doctor, &path).await.body, changed.body);
}

#[tokio::test]
async fn every_wrong_value_is_named_and_all_missing_ones_together() {
    let clinic = Clinic::new().await;
    let desk = &clinic.receptionist;
    let missing = clinic.post(desk, "patients/", json!({})).await;
    assert_eq!(missing.status, 400);
    for field in ["first_name", "last_name", "date_of_birth", "gender"] {
        assert_eq!(
            missing.body[field],
            json!(["This field is required."]),
            "{field}"
        );
    }
    let cases = [
        ("first_name", json!("  ")),
        ("first_name", json!(12)),
        ("last_name", json!("x".repeat(101))),
        ("date_of_birth", json!("2026-02-08")),
        ("date_of_birth", json!("01/02/1990")),
        ("date_of_birth", json!("1890-01-01")),
        ("gender", json!("M")),
        ("email", json!("patient@")),
        ("phone", json!("call me")),
        ("language", json!("english please")),
        ("address", json!("a\0b")),
        ("id", json!(7)),
        ("is_active", json!(false)),
        ("ward", json!("3")),
    ];
    for (field, value) in cases {
        let answer = clinic.post(desk, "patients/", with(field, value)).await;
        assert_eq!(answer.status, 400, "{field}: {}", answer.text);
        assert!(answer.body[field].is_array(), "{field}: {}", answer.text);
    }
    // 21:30 in UTC is the next day in Nairobi.
    clinic.app.clock.advance(chrono::TimeDelta::minutes(210));
    let born_today = with("date_of_birth", json!("2026-02-07"));
    let (token, _) = clinic
        .app
        .app
        .tokens
        .access(
            UserId(desk.id),
            "sign-in of receptionist",
            clinic.app.clock.now(),
        )
        .unwrap();
    let answer = clinic
        .app
        .post("/api/v1/patients/", &token, born_today)
        .await;
    assert_eq!(answer.status, 201, "{}", answer.text);
}

#[tokio::test]
async fn a_national_id_is_taken_once_also_by_many_at_once() {
    on_both_engines(async |clinic| {
        let clinic = &clinic;
        let answers = at_once(16, |_| {
            Box::pin(async move { clinic.post(&clinic.receptionist, "patients/", seed()).await })
        })
        .await;
        let made = answers.iter().filter(|a| a.status == 201).count();
        assert_eq!(made, 1);
        for answer in answers.iter().filter(|a| a.status != 201) {
            assert_eq!(answer.status, 400);
            assert!(answer.body["national_id"].is_array(), "{}", answer.text);
        }
    })
    .await;
}

#[tokio::test]
async fn one_key_makes_one_record_however_often_it_is_sent() {
    on_both_engines(async |clinic| {
        let clinic = &clinic;
        let answers = at_once(16, |_| {
            let desk = &clinic.receptionist;
            Box::pin(async move { clinic.post_once(desk, "patients/", "k", seed()).await })
        })
        .await;
        assert!(
            answers.iter().all(|a| a.status == 201),
            "{:?}",
            answers.iter().map(|a| a.status).collect::<Vec<_>>()
        );
        assert!(
            answers
                .iter()
                .all(|a| a.body["id"] == answers[0].body["id"])
        );
    })
    .await;
}

#[tokio::test]
async fn a_patient_sees_his_own_record_and_no_trace_of_others() {
    let clinic = Clinic::new().await;
    let list = clinic.get(&clinic.patient, "patients/?search=otieno").await;
    assert_eq!(list.body["count"], 0, "{}", list.text);
    let list = clinic.get(&clinic.patient, "patients/").await;
    assert_eq!(list.body["count"], 1);
    assert_eq!(list.body["results"][0]["id"], clinic.record);
    let own = format!("patients/{}/", clinic.record);
    assert_eq!(clinic.get(&clinic.patient, &own).await.status, 200);

    let other = format!("patients/{}/", clinic.other_record);
    let foreign = clinic.get(&clinic.patient, &other).await;
    let nothing = clinic.get(&clinic.patient, "patients/9999/").await;
    assert_eq!(foreign.status, 404);
    assert_eq!(
        (foreign.status, foreign.body),
        (nothing.status, nothing.body)
    );
    let edit = clinic
        .patch(&clinic.patient, &own, json!({"phone": "0700"}))
        .await;
    assert_eq!(edit.status, 403);
}

#[tokio::test]
async fn a_record_is_archived_and_restored_but_never_deleted() {
    let clinic = Clinic::new().await;
    let desk = &clinic.receptionist;
    let path = format!("patients/{}/", clinic.record);
    for _ in 0..2 {
        let archived = clinic
            .post(desk, &format!("{path}archive/"), Value::Null)
            .await;
        assert_eq!(
            (archived.status.as_u16(), &archived.body["is_active"]),
            (200, &json!(false))
        );
    }
    let active = clinic.get(desk, "patients/?is_active=true").await;
    assert_eq!(active.body["count"], 1);
    assert_eq!(clinic.get(desk, &path).await.status, 200);
    let restored = clinic
        .post(desk, &format!("{path}restore/"), Value::Null)
        .await;
    assert_eq!(restored.body["is_active"], true);
    let delete = clinic
        .app
        .call(
            Method::DELETE,
            &format!("/api/v1/{path}"),
            &clinic.admin.token,
            Value::Null,
        )
        .await;
    assert_eq!(delete.status, 405);
}

#[tokio::test]
async fn pages_of_a_list_follow_each_other_and_keep_the_filter() {
    let clinic = Clinic::new().await;
    let first = clinic
        .get(&clinic.nurse, "patients/?page_size=1&is_active=true")
        .await;
    assert_eq!(first.body["count"], 2);
    assert_eq!(first.body["previous"], Value::Null);
    let next = first.body["next"].as_str().unwrap();
    let second = clinic.app.get(next, &clinic.nurse.token).await;
    assert_eq!(second.body["next"], Value::Null, "{}", second.text);
    assert_ne!(
        second.body["results"][0]["id"],
        first.body["results"][0]["id"]
    );
    for (field, query) in [
        ("page", "page=0"),
        ("page_size", "page_size=999"),
        ("is_active", "is_active=maybe"),
    ] {
        let answer = clinic
            .get(&clinic.nurse, &format!("patients/?{query}"))
            .await;
        assert_eq!(answer.status, 400, "{query}");
        assert!(answer.body[field].is_array(), "{}", answer.text);
    }
}
