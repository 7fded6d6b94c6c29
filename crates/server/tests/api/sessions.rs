//! A telemedicine session from its creation to its end.

use axum::http::Method;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::clinic::{Clinic, Person};
use crate::support::{Answer, TestApp};

/// The keys of a session, in the order of the contract.
const KEYS: &[&str] = &[
    "id",
    "visit",
    "appointment",
    "provider",
    "provider_fallback_reason",
    "room_sid",
    "room_name",
    "status",
    "doctor",
    "doctor_name",
    "doctor_display_name",
    "patient",
    "patient_name",
    "scheduled_start",
    "actual_start",
    "actual_end",
    "duration_seconds",
    "duration_minutes",
    "recording_enabled",
    "recording_status",
    "recording_url",
    "notes",
    "transcription_status",
    "transcription_error",
    "transcription_text",
    "transcription_requested_at",
    "transcription_completed_at",
    "error_message",
    "created_by",
    "created_at",
    "updated_at",
    "is_active",
    "billing",
    "participants",
];

impl Clinic {
    /// A SCHEDULED session of the first doctor for a visit.
    pub async fn schedule(&self, visit: i64) -> i64 {
        let body = json!({"visit": visit, "scheduled_start": "2026-02-06T18:00:00Z"});
        let answer = self.post(&self.doctor, "telemedicine/", body).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.body["id"].as_i64().unwrap()
    }

    /// A session IN_PROGRESS for a visit.
    pub async fn hold(&self, visit: i64) -> i64 {
        let id = self.schedule(visit).await;
        let answer = self.step(&self.doctor, id, "start", json!({})).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        id
    }

    /// `POST telemedicine/{id}/{step}/`.
    pub async fn step(&self, who: &Person, id: i64, step: &str, body: Value) -> Answer {
        self.post(who, &format!("telemedicine/{id}/{step}/"), body)
            .await
    }

    /// The session as its doctor sees it.
    pub async fn session(&self, id: i64) -> Value {
        let answer = self.get(&self.doctor, &format!("telemedicine/{id}/")).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.body
    }

    /// The actions on a session that stand in the audit log, oldest first.
    pub async fn audited(&self, id: i64) -> Vec<String> {
        let mut conn = self.app.app.db.read().await.unwrap();
        televisit_storage::audit::chain(&mut conn, 0, 10_000)
            .await
            .unwrap()
            .into_iter()
            .filter(|entry| entry.entity == "session" && entry.entity_id == Some(id))
            .map(|entry| entry.action)
            .collect()
    }
}

/// Asserts an answer that is about a state.
fn assert_conflict(answer: &Answer, code: &str, sentence: &str) {
    assert_eq!(answer.status, 409, "{}", answer.text);
    assert_eq!(answer.body["code"], code);
    assert_eq!(answer.body["detail"], sentence);
}

#[tokio::test]
async fn a_new_session_has_all_keys_of_the_contract() {
    let clinic = Clinic::new().await;
    let body = json!({
        "visit": clinic.visit, "doctor": clinic.doctor.id, "patient": clinic.record,
        "scheduled_start": "2026-02-06T21:00:00+03:00", "recording_enabled": true,
    });
    let answer = clinic.post(&clinic.doctor, "telemedicine/", body).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    let session = answer.body.as_object().unwrap();
    let keys: Vec<&str> = session.keys().map(String::as_str).collect();
    let mut expected = KEYS.to_vec();
    expected.sort_unstable();
    let mut sorted = keys.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, expected);
    for (key, value) in [
        ("visit", json!(clinic.visit)),
        ("appointment", Value::Null),
        ("provider", json!("embedded")),
        ("status", json!("SCHEDULED")),
        ("doctor", json!(clinic.doctor.id)),
        ("doctor_name", json!("doctor")),
        ("doctor_display_name", json!("Dr doctor")),
        ("patient", json!(clinic.record)),
        ("patient_name", json!("Test Telemedicine")),
        ("actual_start", Value::Null),
        ("duration_minutes", Value::Null),
        ("recording_enabled", json!(true)),
        ("recording_url", json!("")),
        ("notes", json!("")),
        ("transcription_status", json!("")),
        ("is_active", json!(false)),
        ("billing", Value::Null),
        ("participants", json!([])),
    ] {
        assert_eq!(session[key], value, "{key}");
    }
    let room = session["room_name"].as_str().unwrap();
    assert_eq!(room.len(), 32);
    assert_eq!(session["room_sid"], format!("EM{room}"));
    assert_eq!(
        clinic.session(session["id"].as_i64().unwrap()).await,
        answer.body
    );
}

#[tokio::test]
async fn a_local_time_is_the_same_instant_as_its_utc() {
    let clinic = Clinic::new().await;
    for (written, read) in [
        ("2026-02-06T21:00:00+03:00", "2026-02-06T18:00:00Z"),
        ("2026-02-06T18:00:00", "2026-02-06T18:00:00Z"),
    ] {
        let visit = clinic.open_visit(clinic.record).await;
        let body = json!({"visit": visit, "scheduled_start": written});
        let answer = clinic.post(&clinic.doctor, "telemedicine/", body).await;
        assert_eq!(answer.body["scheduled_start"], read, "{written}");
    }
}

#[tokio::test]
async fn a_wrong_creation_names_every_wrong_field() {
    let clinic = Clinic::new().await;
    let closed = clinic.open_visit(clinic.record).await;
    clinic
        .post(
            &clinic.receptionist,
            &format!("visits/{closed}/close/"),
            json!({}),
        )
        .await;
    let start = "2026-02-06T18:00:00Z";
    let (doctor, reception) = (&clinic.doctor, &clinic.receptionist);
    let cases = [
        (doctor, json!({}), "visit", "This field is required."),
        (
            doctor,
            json!({"visit": clinic.visit}),
            "scheduled_start",
            "This field is required.",
        ),
        (
            doctor,
            json!({"visit": clinic.visit, "scheduled_start": "tomorrow"}),
            "scheduled_start",
            "Write a time like",
        ),
        (
            doctor,
            json!({"visit": 9999, "scheduled_start": start}),
            "visit",
            "There is no visit",
        ),
        (
            doctor,
            json!({"visit": closed, "scheduled_start": start}),
            "visit",
            "is closed",
        ),
        (
            doctor,
            json!({"visit": clinic.visit, "scheduled_start": start, "doctor": clinic.other_doctor.id}),
            "doctor",
            "for himself only",
        ),
        (
            reception,
            json!({"visit": clinic.visit, "scheduled_start": start, "doctor": clinic.nurse.id}),
            "doctor",
            "no doctor with this number",
        ),
        (
            reception,
            json!({"visit": clinic.visit, "scheduled_start": start, "patient": clinic.other_record}),
            "patient",
            "not the patient of the visit",
        ),
        (
            doctor,
            json!({"visit": clinic.visit, "scheduled_start": start, "appointment": 77}),
            "appointment",
            "There is no appointment",
        ),
        (
            doctor,
            json!({"visit": clinic.visit, "scheduled_start": start, "colour": "red"}),
            "colour",
            "not known here",
        ),
        (
            doctor,
            json!({"visit": clinic.visit, "scheduled_start": start, "status": "COMPLETED"}),
            "status",
            "not known here",
        ),
        (
            doctor,
            json!({"visit": clinic.visit, "scheduled_start": start, "notes": "a\u{0}b"}),
            "notes",
            "NUL",
        ),
    ];
    for (who, body, field, part) in cases {
        let answer = clinic.post(who, "telemedicine/", body.clone()).await;
        assert_eq!(answer.status, 400, "{body} {}", answer.text);
        let sentence = answer.body[field][0].as_str().unwrap_or_default();
        assert!(sentence.contains(part), "{body} {}", answer.text);
    }
    let list = clinic.get(doctor, "telemedicine/").await;
    assert_eq!(list.body, json!([]), "nothing was made");
}

#[tokio::test]
async fn reception_makes_a_session_for_a_named_doctor_or_the_one_of_the_visit() {
    let clinic = Clinic::new().await;
    let start = "2026-02-06T18:00:00Z";
    let named =
        json!({"visit": clinic.visit, "scheduled_start": start, "doctor": clinic.other_doctor.id});
    let answer = clinic
        .post(&clinic.receptionist, "telemedicine/", named)
        .await;
    assert_eq!(answer.body["doctor"], clinic.other_doctor.id);
    assert_eq!(answer.body["created_by"], clinic.receptionist.id);
    let visit = clinic.open_visit(clinic.record).await;
    let unnamed = json!({"visit": visit, "scheduled_start": start});
    let answer = clinic
        .post(&clinic.receptionist, "telemedicine/", unnamed)
        .await;
    assert_eq!(answer.body["doctor"], clinic.doctor.id);
}

#[tokio::test]
async fn a_visit_has_one_session_at_a_time_and_the_refusal_names_it() {
    let clinic = Clinic::new().await;
    let first = clinic.schedule(clinic.visit).await;
    let body = json!({"visit": clinic.visit, "scheduled_start": "2026-02-07T18:00:00Z"});
    let answer = clinic
        .post(&clinic.doctor, "telemedicine/", body.clone())
        .await;
    assert_eq!(
        (answer.status.as_u16(), &answer.body["code"]),
        (409, &json!("session_exists"))
    );
    assert_eq!(answer.body["session"], first);
    clinic
        .step(&clinic.doctor, first, "cancel", json!({}))
        .await;
    let answer = clinic.post(&clinic.doctor, "telemedicine/", body).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
}

#[tokio::test]
async fn a_repeated_creation_with_its_key_makes_nothing_more() {
    let clinic = Clinic::new().await;
    let body = json!({"visit": clinic.visit, "scheduled_start": "2026-02-06T18:00:00Z"});
    let doctor = &clinic.doctor;
    let first = clinic
        .post_once(doctor, "telemedicine/", "k1", body.clone())
        .await;
    let second = clinic.post_once(doctor, "telemedicine/", "k1", body).await;
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (201, 201));
    assert_eq!(first.body, second.body);
    let other = json!({"visit": clinic.visit, "scheduled_start": "2026-02-06T19:00:00Z"});
    let third = clinic.post_once(doctor, "telemedicine/", "k1", other).await;
    assert_eq!(
        (third.status.as_u16(), &third.body["code"]),
        (409, &json!("idempotency_conflict"))
    );
}

#[tokio::test]
async fn a_session_is_held_and_billed_from_start_to_end() {
    let clinic = Clinic::new().await;
    let id = clinic.schedule(clinic.visit).await;
    let start = clinic.step(&clinic.doctor, id, "start", json!({})).await;
    assert_eq!(start.body["status"], "IN_PROGRESS");
    assert_eq!(start.body["actual_start"], "2026-02-06T18:00:00Z");
    assert_eq!(start.body["is_active"], true);
    clinic.app.clock.advance(TimeDelta::seconds(12 * 60 + 40));
    let body = json!({"notes": "Session completed successfully", "add_to_bill": true});
    let end = clinic.step(&clinic.doctor, id, "end", body).await;
    assert_eq!(end.status, 200, "{}", end.text);
    assert_eq!(end.body["status"], "COMPLETED");
    assert_eq!(end.body["actual_end"], "2026-02-06T18:12:40Z");
    assert_eq!(
        (&end.body["duration_seconds"], &end.body["duration_minutes"]),
        (&json!(760), &json!(13))
    );
    assert_eq!(end.body["notes"], "Session completed successfully");
    assert_eq!(end.body["billing_added"], true);
    assert_eq!(end.body.get("billing_reason"), None);
    assert_eq!(end.body["billing"]["amount"], "1000.00");
    assert_eq!(end.body["billing"]["session"], id);

    let timeline = clinic
        .get(&clinic.doctor, &format!("telemedicine/{id}/timeline/"))
        .await;
    let kinds: Vec<&str> = timeline
        .body
        .as_array()
        .unwrap()
        .iter()
        .map(|moment| moment["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["created", "started", "billed", "ended"]);
    assert_eq!(timeline.body[0]["actor_name"], "doctor");
    assert_eq!(
        clinic.audited(id).await,
        [
            "session.create",
            "session.start",
            "session.end",
            "session.bill",
            "session.timeline"
        ]
    );
}

#[tokio::test]
async fn a_step_that_the_state_does_not_have_names_the_state() {
    let clinic = Clinic::new().await;
    let id = clinic.schedule(clinic.visit).await;
    let doctor = &clinic.doctor;
    let sentence =
        |verb: &str, status: &str| format!("Cannot {verb} a session with status {status}.");
    let refused = clinic.step(doctor, id, "end", json!({})).await;
    assert_conflict(&refused, "invalid_state", &sentence("end", "SCHEDULED"));
    clinic.step(doctor, id, "start", json!({})).await;
    for step in ["start", "cancel"] {
        let refused = clinic.step(doctor, id, step, json!({})).await;
        assert_conflict(&refused, "invalid_state", &sentence(step, "IN_PROGRESS"));
    }
    clinic.step(doctor, id, "end", json!({})).await;
    for (step, verb) in [
        ("start", "start"),
        ("end", "end"),
        ("cancel", "cancel"),
        ("generate-token", "join"),
    ] {
        let refused = clinic.step(doctor, id, step, json!({})).await;
        assert_conflict(&refused, "invalid_state", &sentence(verb, "COMPLETED"));
    }
}

#[tokio::test]
async fn a_session_is_cancelled_with_its_reason_by_doctor_or_reception() {
    let clinic = Clinic::new().await;
    for who in [&clinic.doctor, &clinic.receptionist] {
        let id = clinic.schedule(clinic.visit).await;
        let body = json!({"reason": " The patient asked for another day. "});
        let answer = clinic.step(who, id, "cancel", body).await;
        assert_eq!(answer.body["status"], "CANCELLED");
        assert_eq!(
            answer.body["error_message"],
            "The patient asked for another day."
        );
        assert_eq!(answer.body["actual_end"], Value::Null);
    }
    let id = clinic.schedule(clinic.visit).await;
    let answer = clinic.step(&clinic.nurse, id, "cancel", json!({})).await;
    assert_eq!(answer.status, 403);
}

#[tokio::test]
async fn a_completed_session_is_neither_reopened_nor_moved_to_another_patient() {
    let clinic = Clinic::new().await;
    let id = clinic.hold(clinic.visit).await;
    clinic.step(&clinic.doctor, id, "end", json!({})).await;
    let before = clinic.session(id).await;
    let path = format!("telemedicine/{id}/");
    for (field, value) in [
        ("status", json!("IN_PROGRESS")),
        ("patient", json!(clinic.other_record)),
        ("visit", json!(clinic.visit)),
        ("doctor", json!(clinic.other_doctor.id)),
        ("actual_end", Value::Null),
        ("participants", json!([])),
        ("billing", Value::Null),
    ] {
        let body = json!({field: value, "notes": "changed"});
        let answer = clinic.patch(&clinic.doctor, &path, body).await;
        assert_eq!(answer.status, 400, "{field}");
        assert_eq!(answer.body[field][0], "This field cannot be changed.");
    }
    for field in ["scheduled_start", "recording_enabled"] {
        let value = if field == "scheduled_start" {
            json!("2026-03-01T08:00:00Z")
        } else {
            json!(true)
        };
        let answer = clinic
            .patch(&clinic.doctor, &path, json!({field: value, "notes": "x"}))
            .await;
        assert_conflict(
            &answer,
            "invalid_state",
            "Time and recording of a session with status COMPLETED cannot be changed.",
        );
    }
    assert_eq!(clinic.session(id).await, before);
}

#[tokio::test]
async fn a_session_cannot_be_deleted_or_replaced() {
    let clinic = Clinic::new().await;
    let id = clinic.schedule(clinic.visit).await;
    let path = format!("/api/v1/telemedicine/{id}/");
    for who in [&clinic.doctor, &clinic.admin] {
        for method in [Method::DELETE, Method::PUT] {
            let answer = clinic
                .app
                .call(method, &path, &who.token, Value::Null)
                .await;
            assert_eq!(answer.status, 405);
        }
    }
    assert_eq!(clinic.session(id).await["status"], "SCHEDULED");
}

#[tokio::test]
async fn a_change_of_a_session_is_audited_and_names_the_fields() {
    let clinic = Clinic::new().await;
    let id = clinic.schedule(clinic.visit).await;
    let path = format!("telemedicine/{id}/");
    let body = json!({"scheduled_start": "2026-02-07T08:00:00+03:00", "recording_enabled": true, "notes": "Fever."});
    let answer = clinic.patch(&clinic.doctor, &path, body).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.body["scheduled_start"], "2026-02-07T05:00:00Z");
    assert_eq!(answer.body["recording_enabled"], true);
    assert_eq!(answer.body["notes"], "Fever.");
    let mut conn = clinic.app.app.db.read().await.unwrap();
    let (last, _) = televisit_storage::audit::head(&mut conn).await.unwrap();
    let rows = televisit_storage::audit::chain(&mut conn, last - 1, 1)
        .await
        .unwrap();
    assert_eq!(rows[0].action, "session.update");
    assert_eq!(rows[0].actor_id, Some(clinic.doctor.id));
    assert_eq!(
        rows[0].detail, "scheduled_start, recording_enabled, notes",
        "names of fields, never their content"
    );
}

#[tokio::test]
async fn notes_typed_before_the_end_are_kept_when_the_end_brings_none() {
    let clinic = Clinic::new().await;
    let id = clinic.hold(clinic.visit).await;
    let path = format!("telemedicine/{id}/");
    for notes in ["Fe", "Fever.", "Fever since Monday."] {
        clinic
            .patch(&clinic.doctor, &path, json!({"notes": notes}))
            .await;
    }
    for notes in [json!(null), json!("")] {
        let visit = clinic.open_visit(clinic.record).await;
        let other = clinic.hold(visit).await;
        let kept = format!("telemedicine/{other}/");
        clinic
            .patch(&clinic.doctor, &kept, json!({"notes": "kept"}))
            .await;
        let end = clinic
            .step(&clinic.doctor, other, "end", json!({"notes": notes}))
            .await;
        assert_eq!(end.body["notes"], "kept");
    }
    let timeline = clinic
        .get(&clinic.doctor, &format!("telemedicine/{id}/timeline/"))
        .await;
    let saved = timeline
        .body
        .as_array()
        .unwrap()
        .iter()
        .filter(|moment| moment["kind"] == "notes_saved")
        .count();
    assert_eq!(saved, 1, "a run of savings is one moment");
}

#[tokio::test]
async fn a_fee_added_at_the_end_makes_a_paid_visit_owe_again() {
    let clinic = Clinic::new().await;
    let visit = clinic.visit;
    clinic.charge(visit, 1).await;
    let payments = format!("visits/{visit}/billing/payments/");
    let paid = json!({"amount": "1000.00", "payment_method": "CASH"});
    clinic.post(&clinic.receptionist, &payments, paid).await;
    let status = async || {
        let path = format!("visits/{visit}/");
        let visit = clinic.get(&clinic.receptionist, &path).await.body;
        (
            visit["payment_status"].clone(),
            visit["outstanding_balance"].clone(),
        )
    };
    assert_eq!(status().await, (json!("PAID"), json!("0.00")));
    let id = clinic.hold(visit).await;
    let body = json!({"add_to_bill": true});
    clinic.step(&clinic.doctor, id, "end", body).await;
    assert_eq!(status().await, (json!("PARTIALLY_PAID"), json!("1000.00")));
}

#[tokio::test]
async fn a_fee_that_is_not_added_says_why() {
    let clinic = Clinic::new().await;
    let id = clinic.hold(clinic.visit).await;
    let end = clinic.step(&clinic.doctor, id, "end", json!({})).await;
    assert_eq!(end.body["billing_added"], false);
    assert_eq!(end.body["billing_reason"], "Not asked for.");
    assert_eq!(end.body["billing"], Value::Null);

    let services = clinic.get(&clinic.admin, "billing/service-catalog/").await;
    let service = services.body["results"][0]["id"].as_i64().unwrap();
    let path = format!("billing/service-catalog/{service}/");
    let answer = clinic
        .patch(&clinic.admin, &path, json!({"is_active": false}))
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let visit = clinic.open_visit(clinic.record).await;
    let id = clinic.hold(visit).await;
    let body = json!({"add_to_bill": true});
    let end = clinic.step(&clinic.doctor, id, "end", body).await;
    assert_eq!(
        end.body["status"], "COMPLETED",
        "the end never waits for the bill"
    );
    assert_eq!(end.body["billing_added"], false);
    assert_eq!(
        end.body["billing_reason"],
        "The service TELEMED-001 is not active in the catalog."
    );
}

#[tokio::test]
async fn a_session_is_made_and_ended_while_the_media_server_is_down() {
    // A test's product has no media server at all.
    let clinic = Clinic::new().await;
    let id = clinic.hold(clinic.visit).await;
    let end = clinic
        .step(&clinic.doctor, id, "end", json!({"add_billing": true}))
        .await;
    assert_eq!(
        (end.status.as_u16(), &end.body["billing_added"]),
        (200, &json!(true))
    );
    let mut conn = clinic.app.app.db.read().await.unwrap();
    let jobs = televisit_storage::jobs::figures(&mut conn).await.unwrap();
    assert_eq!(jobs.pending, 1, "the room is closed in the background");
}

#[tokio::test]
async fn a_provider_that_this_version_does_not_have_is_said_or_refused() {
    let twilio = ["--video-provider", "twilio"];
    let clinic = Clinic::over(TestApp::with_arguments(&twilio).await).await;
    let id = clinic.schedule(clinic.visit).await;
    let session = clinic.session(id).await;
    assert_eq!(session["provider"], "embedded");
    assert_eq!(
        session["provider_fallback_reason"],
        "The video provider twilio is not available in this version."
    );
    let strict = ["--video-provider", "twilio", "--video-fallback", "none"];
    let clinic = Clinic::over(TestApp::with_arguments(&strict).await).await;
    let body = json!({"visit": clinic.visit, "scheduled_start": "2026-02-06T18:00:00Z"});
    let answer = clinic.post(&clinic.doctor, "telemedicine/", body).await;
    assert_eq!(
        (answer.status.as_u16(), &answer.body["code"]),
        (503, &json!("provider_unavailable"))
    );
}

#[tokio::test]
async fn what_was_not_recorded_is_told_so() {
    let clinic = Clinic::new().await;
    let id = clinic.hold(clinic.visit).await;
    let ask = async || {
        clinic
            .step(&clinic.doctor, id, "request-transcription", json!({}))
            .await
    };
    assert_conflict(
        &ask().await,
        "invalid_state",
        "Cannot transcribe a session with status IN_PROGRESS. End it first.",
    );
    clinic.step(&clinic.doctor, id, "end", json!({})).await;
    assert_conflict(
        &ask().await,
        "no_recording",
        &format!("Session {id} was not recorded, so there is nothing to transcribe."),
    );
    assert_eq!(clinic.session(id).await["transcription_status"], "");
    for (path, code) in [
        ("recording", "no_recording"),
        ("transcript", "no_transcript"),
        ("transcript/?format=vtt", "no_transcript"),
    ] {
        let slash = if path.contains('?') { "" } else { "/" };
        let path = format!("telemedicine/{id}/{path}{slash}");
        for who in [&clinic.doctor, &clinic.patient] {
            let answer = clinic.get(who, &path).await;
            assert_eq!(
                (answer.status.as_u16(), &answer.body["code"]),
                (404, &json!(code)),
                "{path}"
            );
        }
        let nurse = clinic.get(&clinic.nurse, &path).await;
        assert_eq!(nurse.status, 403, "{path}");
    }
    let format = format!("telemedicine/{id}/transcript/?format=pdf");
    let answer = clinic.get(&clinic.doctor, &format).await;
    assert_eq!(answer.status, 400);
    assert!(answer.body["format"].is_array(), "{}", answer.text);
}
