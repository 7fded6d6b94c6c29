//! Accounts, as administrators keep them.

use serde_json::{Value, json};

use crate::clinic::Clinic;

fn new(username: &str) -> Value {
    json!({"username": username, "password": "long enough", "role": "NURSE"})
}

fn with(mut body: Value, field: &str, value: Value) -> Value {
    body[field] = value;
    body
}

#[tokio::test]
async fn an_administrator_makes_finds_and_changes_accounts() {
    let clinic = Clinic::new().await;
    let admin = &clinic.admin;
    let body = json!({
        "username": "grace", "password": "long enough", "role": "DOCTOR", "email": "grace@clinic.example",
        "first_name": "Grace", "last_name": "Wanjiru", "specialization": "Dermatology",
    });
    let made = clinic.post(admin, "users/", body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(made.body["full_name"], "Grace Wanjiru");
    assert_eq!(made.body["patient"], Value::Null);
    let path = format!("users/{}/", made.body["id"]);
    assert_eq!(clinic.get(admin, &path).await.body, made.body);

    let list = clinic.get(admin, "users/?search=wanj&role=DOCTOR").await;
    assert_eq!(list.body["count"], 1, "{}", list.text);
    assert_eq!(list.body["results"][0], made.body);

    let changed = clinic
        .patch(admin, &path, json!({"specialization": "Paediatrics"}))
        .await;
    assert_eq!(changed.body["specialization"], "Paediatrics");
    assert_eq!(changed.body["email"], "grace@clinic.example");

    let doctors = clinic.get(&clinic.nurse, "auth/doctors/").await;
    let names: Vec<_> = doctors
        .body
        .as_array()
        .unwrap()
        .iter()
        .map(|doctor| doctor["full_name"].as_str().unwrap())
        .collect();
    assert!(names.contains(&"Grace Wanjiru"), "{names:?}");
}

#[tokio::test]
async fn a_value_that_does_not_fit_is_named_with_what_would() {
    let clinic = Clinic::new().await;
    let admin = &clinic.admin;
    let cases = [
        ("username", new("a")),
        ("username", new("with@sign")),
        ("username", new("NURSE")),
        ("password", with(new("grace"), "password", json!("short"))),
        (
            "password",
            with(new("gracegrace"), "password", json!("GraceGrace")),
        ),
        ("role", with(new("grace"), "role", json!("BOSS"))),
        ("email", with(new("grace"), "email", json!("no address"))),
        ("patient", with(new("grace"), "role", json!("PATIENT"))),
        (
            "patient",
            with(new("grace"), "patient", json!(clinic.record)),
        ),
        (
            "patient",
            with(
                with(new("grace"), "role", json!("PATIENT")),
                "patient",
                json!(clinic.record),
            ),
        ),
        (
            "patient",
            with(
                with(new("grace"), "role", json!("PATIENT")),
                "patient",
                json!(9999),
            ),
        ),
        (
            "is_superuser",
            with(new("grace"), "is_superuser", json!(true)),
        ),
        (
            "first_name",
            with(new("grace"), "first_name", json!("x".repeat(101))),
        ),
    ];
    for (field, body) in cases {
        let answer = clinic.post(admin, "users/", body).await;
        assert_eq!(answer.status, 400, "{field}: {}", answer.text);
        assert!(answer.body[field].is_array(), "{field}: {}", answer.text);
    }
    let answer = clinic.post(admin, "users/", json!({})).await;
    for field in ["username", "password", "role"] {
        assert_eq!(answer.body[field][0], "This field is required.");
    }
}

#[tokio::test]
async fn an_account_of_a_patient_is_linked_to_one_record() {
    let clinic = Clinic::new().await;
    let admin = &clinic.admin;
    let record = json!({
        "first_name": "A", "last_name": "B", "date_of_birth": "2000-02-29", "gender": "FEMALE",
    });
    let record = clinic.post(&clinic.receptionist, "patients/", record).await;
    let body = json!({
        "username": "third", "password": "long enough", "role": "PATIENT", "patient": record.body["id"],
    });
    let made = clinic.post(admin, "users/", body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(made.body["patient"], record.body["id"]);
    let path = format!("users/{}/", made.body["id"]);
    let unlinked = clinic.patch(admin, &path, json!({"patient": null})).await;
    assert_eq!(unlinked.status, 400, "{}", unlinked.text);
    let nurse = clinic.patch(admin, &path, json!({"role": "NURSE"})).await;
    assert_eq!(nurse.status, 200, "{}", nurse.text);
    assert_eq!(nurse.body["patient"], Value::Null);
}

#[tokio::test]
async fn nobody_locks_himself_out_or_renames_an_account() {
    let clinic = Clinic::new().await;
    let own = format!("users/{}/", clinic.admin.id);
    for (field, body) in [
        ("is_active", json!({"is_active": false})),
        ("role", json!({"role": "NURSE"})),
        ("username", json!({"username": "root"})),
        (
            "date_joined",
            json!({"date_joined": "2020-01-01T00:00:00Z"}),
        ),
    ] {
        let answer = clinic.patch(&clinic.admin, &own, body).await;
        assert_eq!(answer.status, 400, "{field}: {}", answer.text);
        assert!(answer.body[field].is_array(), "{field}: {}", answer.text);
    }
    let answer = clinic
        .patch(&clinic.admin, &own, json!({"username": "root"}))
        .await;
    assert_eq!(
        answer.body["username"],
        json!(["This field cannot be changed."])
    );
}

#[tokio::test]
async fn the_same_creation_sent_twice_makes_one_account() {
    let clinic = Clinic::new().await;
    let admin = &clinic.admin;
    let first = clinic.post_once(admin, "users/", "k", new("grace")).await;
    let second = clinic.post_once(admin, "users/", "k", new("grace")).await;
    assert_eq!(
        (first.status, second.status),
        (201.try_into().unwrap(), first.status)
    );
    assert_eq!(first.body, second.body);
    let other = clinic.post_once(admin, "users/", "k", new("grace2")).await;
    assert_eq!(other.status, 409, "{}", other.text);
}

#[tokio::test]
async fn only_an_administrator_sees_accounts_and_the_audit_log() {
    let clinic = Clinic::new().await;
    for who in [
        &clinic.doctor,
        &clinic.nurse,
        &clinic.receptionist,
        &clinic.patient,
    ] {
        for path in ["users/", "users/1/", "users/9999/", "audit/"] {
            assert_eq!(clinic.get(who, path).await.status, 403, "{path}");
        }
    }
    let missing = clinic.get(&clinic.admin, "users/9999/").await;
    assert_eq!(missing.status, 404);
}

#[tokio::test]
async fn the_audit_log_names_who_did_what_newest_first() {
    let clinic = Clinic::new().await;
    let path = format!("patients/{}/", clinic.record);
    assert_eq!(clinic.get(&clinic.nurse, &path).await.status, 200);
    let list = format!("audit/?entity=patient&entity_id={}", clinic.record);
    let log = clinic.get(&clinic.admin, &list).await;
    let newest = &log.body["results"][0];
    assert_eq!(newest["action"], "patient.read", "{}", log.text);
    assert_eq!(newest["actor"], clinic.nurse.id);
    assert_eq!(newest["actor_name"], "nurse");
    assert_eq!(newest["address"], "127.0.0.1");
    let again = clinic.get(&clinic.admin, "audit/").await;
    assert_eq!(
        again.body["results"][0]["action"], "audit.list",
        "reading the log is written down too"
    );
}
