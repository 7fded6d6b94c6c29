//! Lists of sessions and the board of the day.

use chrono::TimeDelta;
use serde_json::{Value, json};
use televisit::service::sessions::presence;
use televisit_domain::ids::{SessionId, UserId};

use crate::clinic::{Clinic, Person};

async fn ids(clinic: &Clinic, who: &Person, query: &str) -> Vec<i64> {
    let answer = clinic.get(who, &format!("telemedicine/{query}")).await;
    assert_eq!(answer.status, 200, "{query} {}", answer.text);
    answer
        .body
        .as_array()
        .unwrap()
        .iter()
        .map(|session| session["id"].as_i64().unwrap())
        .collect()
}

#[tokio::test]
async fn a_list_shows_each_his_own_newest_first() {
    let clinic = Clinic::new().await;
    let first = clinic.schedule(clinic.visit).await;
    let visit = clinic.open_visit(clinic.other_record).await;
    let second = clinic.schedule(visit).await;
    let body = json!({"visit": clinic.open_visit(clinic.record).await, "doctor": clinic.other_doctor.id, "scheduled_start": "2026-02-08T10:00:00Z"});
    let third = clinic
        .post(&clinic.receptionist, "telemedicine/", body)
        .await
        .body["id"]
        .as_i64()
        .unwrap();
    for (who, expected) in [
        (&clinic.doctor, vec![second, first]),
        (&clinic.other_doctor, vec![third]),
        (&clinic.patient, vec![third, first]),
        (&clinic.other_patient, vec![second]),
        (&clinic.receptionist, vec![third, second, first]),
        (&clinic.nurse, vec![third, second, first]),
        (&clinic.admin, vec![third, second, first]),
    ] {
        assert_eq!(ids(&clinic, who, "").await, expected);
    }
    let (doctor, record) = (clinic.other_doctor.id, clinic.record);
    for (query, expected) in [
        (format!("?visit={visit}"), vec![second]),
        (format!("?visit_id={visit}"), vec![second]),
        (format!("?doctor={doctor}"), vec![third]),
        (format!("?patient={record}"), vec![third, first]),
        ("?status=SCHEDULED".into(), vec![third, second, first]),
        ("?status=COMPLETED".into(), vec![]),
        ("?status=".into(), vec![third, second, first]),
        ("?from=2026-02-07".into(), vec![third]),
        ("?to=2026-02-06".into(), vec![second, first]),
        (
            "?from=2026-02-06T21:00:00+03:00&to=2026-02-07".into(),
            vec![second, first],
        ),
        (
            "?from=2026-02-06T21:00:01%2B03:00&to=2026-02-07".into(),
            vec![],
        ),
    ] {
        assert_eq!(
            ids(&clinic, &clinic.admin, &query).await,
            expected,
            "{query}"
        );
    }
}

#[tokio::test]
async fn a_wrong_query_value_is_named_in_json() {
    let clinic = Clinic::new().await;
    for (query, field) in [
        ("visit=abc", "visit"),
        ("visit_id=abc", "visit_id"),
        ("visit=1&visit_id=2", "visit_id"),
        ("status=OPEN", "status"),
        ("doctor=1.5", "doctor"),
        ("patient=99999999999999999999", "patient"),
        ("from=yesterday", "from"),
        ("to=2026-02-30", "to"),
        ("limit=0", "limit"),
        ("limit=501", "limit"),
        ("cursor=abc", "cursor"),
    ] {
        let answer = clinic
            .get(&clinic.doctor, &format!("telemedicine/?{query}"))
            .await;
        assert_eq!(answer.status, 400, "{query} {}", answer.text);
        let fields: Vec<&String> = answer.body.as_object().unwrap().keys().collect();
        assert_eq!(fields, [field], "{query}");
    }
}

#[tokio::test]
async fn pages_follow_each_other_by_the_link_header_without_a_gap() {
    let clinic = Clinic::new().await;
    let mut made = Vec::new();
    for _ in 0..5 {
        let visit = clinic.open_visit(clinic.record).await;
        made.insert(0, clinic.schedule(visit).await);
    }
    let mut path = "/api/v1/telemedicine/?limit=2&status=SCHEDULED".to_owned();
    let mut seen = Vec::new();
    for page in 0..3 {
        let answer = clinic.app.get(&path, &clinic.doctor.token).await;
        let sessions = answer.body.as_array().unwrap();
        seen.extend(
            sessions
                .iter()
                .map(|session| session["id"].as_i64().unwrap()),
        );
        let link = answer
            .headers
            .get("link")
            .map(|link| link.to_str().unwrap());
        if page == 2 {
            assert_eq!(link, None);
        } else {
            let next = link.unwrap().strip_prefix('<').unwrap();
            let (next, rel) = next.split_once('>').unwrap();
            assert_eq!(rel, "; rel=\"next\"");
            assert!(next.contains("status=SCHEDULED"), "{next}");
            path = next.to_owned();
        }
    }
    assert_eq!(seen, made);
}

#[tokio::test]
async fn notes_are_for_the_doctor_and_the_patient_of_the_session_only() {
    let clinic = Clinic::new().await;
    let id = clinic.hold(clinic.visit).await;
    let body = json!({"notes": "Fever since Monday."});
    clinic.step(&clinic.doctor, id, "end", body).await;
    let path = format!("telemedicine/{id}/");
    for (who, notes) in [
        (&clinic.doctor, "Fever since Monday."),
        (&clinic.patient, "Fever since Monday."),
        (&clinic.receptionist, ""),
        (&clinic.nurse, ""),
        (&clinic.admin, ""),
    ] {
        assert_eq!(clinic.get(who, &path).await.body["notes"], notes);
        let list = clinic.get(who, "telemedicine/").await;
        assert_eq!(list.body[0]["notes"], notes);
    }
    let board = clinic
        .get(&clinic.receptionist, "telemedicine/board/")
        .await;
    assert_eq!(board.body["rows"][0]["session"]["notes"], "");
    assert!(!board.text.contains("Fever"));
}

#[tokio::test]
async fn a_patient_and_another_doctor_see_nothing_of_a_foreign_session() {
    let clinic = Clinic::new().await;
    let id = clinic.schedule(clinic.visit).await;
    let missing = id + 1;
    for who in [&clinic.other_doctor, &clinic.other_patient] {
        for path in ["", "timeline/"] {
            let foreign = clinic.get(who, &format!("telemedicine/{id}/{path}")).await;
            let unknown = clinic
                .get(who, &format!("telemedicine/{missing}/{path}"))
                .await;
            assert_eq!(foreign.status, 404);
            assert_eq!(foreign.body, unknown.body, "the two cannot be told apart");
        }
    }
    for path in ["telemedicine/", "telemedicine/1/", "telemedicine/board/"] {
        let anonymous = clinic.app.get(&format!("/api/v1/{path}"), "").await;
        assert_eq!(anonymous.status, 401, "{path}");
    }
    let word = clinic.get(&clinic.doctor, "telemedicine/abc/").await;
    assert_eq!(
        (word.status.as_u16(), &word.body["code"]),
        (404, &json!("not_found"))
    );
}

#[tokio::test]
async fn the_board_holds_the_clinics_day_and_what_runs() {
    let clinic = Clinic::new().await;
    // Now is 21:00 of 6 February in Nairobi.
    let start = async |time: &str| {
        let visit = clinic.open_visit(clinic.record).await;
        let body = json!({"visit": visit, "scheduled_start": time});
        let answer = clinic.post(&clinic.doctor, "telemedicine/", body).await;
        answer.body["id"].as_i64().unwrap()
    };
    let late_today = start("2026-02-06T20:30:00Z").await;
    let tomorrow = start("2026-02-06T21:30:00Z").await;
    let yesterday_running = start("2026-02-04T10:00:00Z").await;
    clinic
        .step(&clinic.doctor, yesterday_running, "start", json!({}))
        .await;
    let visit = clinic.session(late_today).await["visit"].as_i64().unwrap();
    clinic.charge(visit, 1).await;

    let rows = |board: &Value| -> Vec<i64> {
        board["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["session"]["id"].as_i64().unwrap())
            .collect()
    };
    let board = clinic.get(&clinic.doctor, "telemedicine/board/").await.body;
    assert_eq!(rows(&board), [yesterday_running, late_today]);
    assert_eq!(board["date"], "2026-02-06");
    assert_eq!(board["time_zone"], "Africa/Nairobi");
    assert_eq!(board["now"], "2026-02-06T18:00:00Z");
    let row = &board["rows"][1];
    assert_eq!(
        row["patient"],
        json!({"id": clinic.record, "patient_number": format!("P-{:06}", clinic.record), "full_name": "Test Telemedicine", "age": 36, "gender": "MALE"})
    );
    assert_eq!(
        row["visit"],
        json!({"id": visit, "chief_complaint": "Virtual consultation needed", "visit_type": "CONSULTATION", "payment_status": "UNPAID", "outstanding_balance": "1000.00", "currency": "KES"})
    );
    assert_eq!(row["presence"], json!([]));
    assert_eq!(
        board["figures"],
        json!({"waiting": 0, "longest_waiting_since": null, "in_progress": 1, "still_to_come": 1, "next_start": "2026-02-06T20:30:00Z", "to_collect": "1000.00", "to_collect_visits": 1})
    );
    let other = clinic
        .get(&clinic.nurse, "telemedicine/board/?date=2026-02-07")
        .await
        .body;
    assert_eq!(rows(&other), [tomorrow]);
    let doctor = clinic.other_doctor.id;
    let path = format!("telemedicine/board/?doctor={doctor}");
    assert_eq!(rows(&clinic.get(&clinic.admin, &path).await.body), [0; 0]);
    let own = clinic
        .get(&clinic.other_doctor, "telemedicine/board/?doctor=all")
        .await;
    assert_eq!(rows(&own.body), [0; 0], "a doctor sees his own only");
    assert_eq!(
        clinic
            .get(&clinic.patient, "telemedicine/board/")
            .await
            .status,
        403
    );
    for (query, field) in [("date=today", "date"), ("doctor=me", "doctor")] {
        let answer = clinic
            .get(&clinic.admin, &format!("telemedicine/board/?{query}"))
            .await;
        assert_eq!(answer.status, 400);
        assert!(answer.body[field].is_array(), "{query} {}", answer.text);
    }
}

#[tokio::test]
async fn who_comes_and_goes_stands_on_the_session() {
    let clinic = Clinic::new().await;
    let id = clinic.schedule(clinic.visit).await;
    let (session, patient) = (SessionId(id), UserId(clinic.patient.id));
    let app = &clinic.app.app;
    let seat = presence::joined(app, session, patient, "mobile", "Firefox")
        .await
        .unwrap();
    assert_eq!(seat.display_name, "Test Telemedicine");
    let people = clinic.session(id).await["participants"].clone();
    assert_eq!(
        people,
        json!([{
            "id": seat.participant, "user": clinic.patient.id, "user_name": "patient", "user_role": "PATIENT",
            "display_name": "Test Telemedicine", "joined_at": "2026-02-06T18:00:00Z", "left_at": null,
            "is_present": true, "connection_quality": "good", "device_type": "mobile", "browser": "Firefox",
        }])
    );
    clinic.app.clock.advance(TimeDelta::minutes(1));
    let left = clinic.step(&clinic.patient, id, "leave", json!({})).await;
    assert_eq!(
        left.body["participants"][0]["left_at"],
        "2026-02-06T18:01:00Z"
    );
    assert_eq!(left.body["participants"][0]["is_present"], false);
    let again = presence::joined(app, session, patient, "mobile", "Firefox")
        .await
        .unwrap();
    assert_eq!(again.participant, seat.participant, "the seat is kept");

    let stranger = UserId(clinic.other_patient.id);
    assert!(
        presence::joined(app, session, stranger, "mobile", "Firefox")
            .await
            .is_err()
    );
    clinic.step(&clinic.doctor, id, "start", json!({})).await;
    clinic.step(&clinic.doctor, id, "end", json!({})).await;
    let people = clinic.session(id).await["participants"].clone();
    assert_eq!(people[0]["is_present"], false, "the end puts everybody out");
    assert!(
        presence::joined(app, session, patient, "mobile", "Firefox")
            .await
            .is_err(),
        "nobody enters after the end"
    );
}
