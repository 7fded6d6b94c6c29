//! Who gets into a room: tokens, invitations, and the names of the older API.

use serde_json::json;
use televisit_domain::ids::{SessionId, UserId};

use crate::clinic::{Clinic, Person};
use crate::support::{Answer, TestApp};

async fn token(clinic: &Clinic, who: &Person, id: i64) -> Answer {
    clinic.step(who, id, "generate-token", json!({})).await
}

#[tokio::test]
async fn only_people_of_the_session_get_a_room_token() {
    let clinic = Clinic::new().await;
    let id = clinic.schedule(clinic.visit).await;
    for (who, status) in [
        (&clinic.doctor, 200),
        (&clinic.patient, 200),
        (&clinic.other_doctor, 404),
        (&clinic.other_patient, 404),
        (&clinic.nurse, 404),
        (&clinic.receptionist, 404),
        (&clinic.admin, 403),
    ] {
        let answer = token(&clinic, who, id).await;
        assert_eq!(answer.status, status, "{}", answer.text);
        assert_eq!(answer.body.get("token").is_some(), status == 200);
        let join = clinic.get(who, &format!("telemedicine/{id}/join/")).await;
        assert_eq!(join.status, status, "{}", join.text);
        let body = json!({"session_id": id});
        let older = clinic.post(who, "telemedicine/token/", body).await;
        assert_eq!(older.status, status, "{}", older.text);
    }
    let anonymous = clinic
        .app
        .post(
            &format!("/api/v1/telemedicine/{id}/generate-token/"),
            "",
            json!({}),
        )
        .await;
    assert_eq!(anonymous.status, 401);
}

#[tokio::test]
async fn a_room_token_names_one_person_and_one_room_for_ten_minutes() {
    let clinic = Clinic::new().await;
    let id = clinic.schedule(clinic.visit).await;
    let answer = token(&clinic, &clinic.patient, id).await.body;
    let session = clinic.session(id).await;
    assert_eq!(answer["session_id"], id);
    assert_eq!(answer["room_name"], session["room_name"]);
    assert_eq!(answer["room_sid"], session["room_sid"]);
    assert_eq!(answer["provider"], "embedded");
    assert_eq!(answer["expires_at"], "2026-02-06T18:10:00Z");
    assert!(
        answer["url"]
            .as_str()
            .unwrap()
            .ends_with("/api/v1/telemedicine/signal/")
    );
    let (tokens, now) = (&clinic.app.app.tokens, clinic.app.clock.now());
    let text = answer["token"].as_str().unwrap();
    let (user, claims) = tokens.read_room(text, now).unwrap();
    assert_eq!(
        (user, claims.session),
        (UserId(clinic.patient.id), SessionId(id))
    );
    assert_eq!(session["room_name"], claims.room);
    assert!(
        tokens.read_access(text, now).is_err(),
        "a room token opens no API"
    );
    assert!(
        tokens
            .read_room(text, now + chrono::TimeDelta::minutes(10))
            .is_err()
    );
}

#[tokio::test]
async fn links_lead_to_pages_that_exist_at_the_address_people_type() {
    let public = ["--public-url", "https://visits.example.org"];
    let clinic = Clinic::over(TestApp::with_arguments(&public).await).await;
    let id = clinic.schedule(clinic.visit).await;
    let answer = token(&clinic, &clinic.doctor, id).await;
    assert_eq!(
        answer.body["url"],
        "wss://visits.example.org/api/v1/telemedicine/signal/"
    );
    let join = clinic
        .get(&clinic.doctor, &format!("telemedicine/{id}/join/"))
        .await;
    assert_eq!(
        join.body["meeting_link"],
        format!("https://visits.example.org/telemedicine/{id}/call")
    );
    assert_eq!(join.body["session_id"], id);
    assert!(join.body["access_token"].is_string());
    let page = clinic
        .app
        .get(&format!("/telemedicine/{id}/call"), "")
        .await;
    assert_ne!(page.body["code"], "not_found", "the page is the UI's");
}

#[tokio::test]
async fn an_invited_nurse_gets_in_until_the_invitation_is_taken_back() {
    let clinic = Clinic::new().await;
    let id = clinic.schedule(clinic.visit).await;
    let people = format!("telemedicine/{id}/participants/");
    let body = json!({"user": clinic.nurse.id});
    for who in [&clinic.receptionist, &clinic.admin, &clinic.patient] {
        assert_eq!(clinic.post(who, &people, body.clone()).await.status, 403);
    }
    assert_eq!(
        clinic
            .post(&clinic.other_doctor, &people, body.clone())
            .await
            .status,
        404
    );
    for _ in 0..2 {
        let answer = clinic.post(&clinic.doctor, &people, body.clone()).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        let people = answer.body["participants"].as_array().unwrap();
        assert_eq!(people.len(), 1);
        assert_eq!(people[0]["user"], clinic.nurse.id);
        assert_eq!(people[0]["joined_at"], json!(null));
    }
    assert_eq!(token(&clinic, &clinic.nurse, id).await.status, 200);

    let one = format!("/api/v1/{people}{}/", clinic.nurse.id);
    let delete = async |who: &Person| {
        clinic
            .app
            .call(axum::http::Method::DELETE, &one, &who.token, json!(null))
            .await
            .status
            .as_u16()
    };
    assert_eq!(delete(&clinic.doctor).await, 204);
    assert_eq!(delete(&clinic.doctor).await, 404);
    assert_eq!(token(&clinic, &clinic.nurse, id).await.status, 404);
}

#[tokio::test]
async fn an_invited_doctor_sees_the_session_without_its_notes() {
    let clinic = Clinic::new().await;
    let id = clinic.hold(clinic.visit).await;
    let path = format!("telemedicine/{id}/");
    clinic
        .patch(&clinic.doctor, &path, json!({"notes": "Fever."}))
        .await;
    assert_eq!(clinic.get(&clinic.other_doctor, &path).await.status, 404);
    let body = json!({"user": clinic.other_doctor.id});
    clinic.step(&clinic.doctor, id, "participants", body).await;
    let seen = clinic.get(&clinic.other_doctor, &path).await;
    assert_eq!(
        (seen.status.as_u16(), &seen.body["notes"]),
        (200, &json!(""))
    );
    let list = clinic.get(&clinic.other_doctor, "telemedicine/").await;
    assert_eq!(list.body[0]["id"], id);
    for step in ["start", "end", "cancel"] {
        let answer = clinic.step(&clinic.other_doctor, id, step, json!({})).await;
        assert_eq!(answer.status, 404, "{step}");
    }
}

#[tokio::test]
async fn who_cannot_be_invited_is_named() {
    let clinic = Clinic::new().await;
    let id = clinic.schedule(clinic.visit).await;
    for (user, part) in [
        (9999, "no account"),
        (clinic.doctor.id, "needs no invitation"),
        (clinic.admin.id, "Only doctors, nurses and receptionists"),
        (
            clinic.other_patient.id,
            "Only doctors, nurses and receptionists",
        ),
    ] {
        let body = json!({"user": user});
        let answer = clinic.step(&clinic.doctor, id, "participants", body).await;
        assert_eq!(answer.status, 400);
        let sentence = answer.body["user"][0].as_str().unwrap();
        assert!(sentence.contains(part), "{sentence}");
    }
    clinic.step(&clinic.doctor, id, "cancel", json!({})).await;
    let body = json!({"user": clinic.nurse.id});
    let answer = clinic.step(&clinic.doctor, id, "participants", body).await;
    assert_eq!(answer.status, 409);
}

#[tokio::test]
async fn the_older_api_makes_a_session_from_an_appointment() {
    let clinic = Clinic::new().await;
    let body = json!({
        "patient": clinic.record, "doctor": clinic.doctor.id, "appointment_date": "2026-02-07T09:00:00Z",
        "duration_minutes": 30, "reason": "Virtual consultation",
    });
    let appointment = clinic
        .post(&clinic.receptionist, "appointments/", body)
        .await;
    assert_eq!(appointment.status, 201, "{}", appointment.text);
    let appointment = appointment.body["id"].as_i64().unwrap();
    let body = json!({"appointment_id": appointment, "recording_enabled": true});
    let path = "telemedicine/create-session/";
    let early = clinic.post(&clinic.doctor, path, body.clone()).await;
    assert_eq!(early.status, 400);
    assert!(early.body["appointment_id"].is_array(), "{}", early.text);

    let visit =
        json!({"patient": clinic.record, "visit_type": "CONSULTATION", "appointment": appointment});
    let visit = clinic.post(&clinic.receptionist, "visits/", visit).await;
    assert_eq!(visit.status, 201, "{}", visit.text);
    let answer = clinic.post(&clinic.doctor, path, body).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    assert_eq!(answer.body["visit"], visit.body["id"]);
    assert_eq!(answer.body["appointment"], appointment);
    assert_eq!(answer.body["scheduled_start"], "2026-02-07T09:00:00Z");
    assert_eq!(answer.body["recording_enabled"], true);
    let id = &answer.body["id"];
    assert!(
        answer.body["meeting_link"]
            .as_str()
            .unwrap()
            .ends_with(&format!("/telemedicine/{id}/call"))
    );
}
