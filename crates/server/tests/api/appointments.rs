//! Appointments: booked, moved, held or not.

use serde_json::{Value, json};

use crate::clinic::{Clinic, at_once, on_both_engines};

async fn book(clinic: &Clinic) -> i64 {
    let body = json!({
        "patient": clinic.record, "doctor": clinic.doctor.id, "appointment_date": "2026-02-07T11:00:00+03:00",
        "reason": "Rash",
    });
    let answer = clinic
        .post(&clinic.receptionist, "appointments/", body)
        .await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.body["id"].as_i64().unwrap()
}

#[tokio::test]
async fn an_appointment_is_booked_confirmed_and_held() {
    let clinic = Clinic::new().await;
    let id = book(&clinic).await;
    let path = format!("appointments/{id}/");
    let read = clinic.get(&clinic.patient, &path).await.body;
    assert_eq!(
        read,
        json!({
            "id": id, "patient": clinic.record, "patient_name": "Test Telemedicine", "doctor": clinic.doctor.id,
            "doctor_name": "doctor", "visit": null, "appointment_date": "2026-02-07T08:00:00Z",
            "duration_minutes": 30, "status": "SCHEDULED", "reason": "Rash", "notes": "",
            "created_at": "2026-02-06T18:00:00Z", "updated_at": "2026-02-06T18:00:00Z",
        })
    );
    let confirmed = clinic
        .post(
            &clinic.receptionist,
            &format!("{path}confirm/"),
            Value::Null,
        )
        .await;
    assert_eq!(confirmed.body["status"], "CONFIRMED");
    let moved = json!({"appointment_date": "2026-02-08T08:00:00Z", "duration_minutes": 45});
    let moved = clinic.patch(&clinic.doctor, &path, moved).await;
    assert_eq!(
        (
            &moved.body["appointment_date"],
            &moved.body["duration_minutes"],
            &moved.body["reason"]
        ),
        (&json!("2026-02-08T08:00:00Z"), &json!(45), &json!("Rash"))
    );
    let held = clinic
        .post(&clinic.doctor, &format!("{path}complete/"), Value::Null)
        .await;
    assert_eq!(held.body["status"], "COMPLETED");

    for step in ["confirm", "complete", "cancel", "no-show"] {
        let answer = clinic
            .post(&clinic.admin, &format!("{path}{step}/"), Value::Null)
            .await;
        assert_eq!(
            (answer.status.as_u16(), &answer.body["code"]),
            (409, &json!("invalid_state")),
            "{step}"
        );
        let told = answer.body["detail"].as_str().unwrap();
        assert!(told.contains("COMPLETED"), "{told}");
    }
    let answer = clinic
        .patch(&clinic.doctor, &path, json!({"reason": "Cough"}))
        .await;
    assert_eq!(answer.status, 409, "{}", answer.text);
}

#[tokio::test]
async fn of_many_steps_at_once_one_is_taken() {
    on_both_engines(async |clinic| {
        let id = book(&clinic).await;
        let answers = at_once(32, |at| {
            let step = ["complete", "cancel"][at % 2];
            let clinic = &clinic;
            Box::pin(async move {
                let path = format!("appointments/{id}/{step}/");
                clinic.post(&clinic.doctor, &path, Value::Null).await
            })
        })
        .await;
        assert_eq!(
            answers.iter().filter(|answer| answer.status == 200).count(),
            1
        );
        assert_eq!(
            answers.iter().filter(|answer| answer.status == 409).count(),
            31
        );
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_a_booking_is_named() {
    let clinic = Clinic::new().await;
    for (who, body, field) in [
        (&clinic.receptionist, json!({"patient": 99}), "patient"),
        (
            &clinic.receptionist,
            json!({"doctor": clinic.nurse.id}),
            "doctor",
        ),
        (&clinic.receptionist, json!({"doctor": null}), "doctor"),
        (
            &clinic.doctor,
            json!({"doctor": clinic.other_doctor.id}),
            "doctor",
        ),
        (
            &clinic.receptionist,
            json!({"appointment_date": "tomorrow"}),
            "appointment_date",
        ),
        (
            &clinic.receptionist,
            json!({"appointment_date": null}),
            "appointment_date",
        ),
        (
            &clinic.receptionist,
            json!({"duration_minutes": 4}),
            "duration_minutes",
        ),
        (
            &clinic.receptionist,
            json!({"duration_minutes": 481}),
            "duration_minutes",
        ),
        (
            &clinic.receptionist,
            json!({"reason": "x".repeat(501)}),
            "reason",
        ),
        (
            &clinic.receptionist,
            json!({"status": "CONFIRMED"}),
            "status",
        ),
    ] {
        let mut full = json!({
            "patient": clinic.record, "doctor": clinic.doctor.id, "appointment_date": "2026-02-07T08:00:00Z",
        });
        full.as_object_mut()
            .unwrap()
            .extend(body.as_object().unwrap().clone());
        let answer = clinic.post(who, "appointments/", full).await;
        assert_eq!(answer.status, 400, "{body}: {}", answer.text);
        assert!(answer.body[field][0].is_string(), "{body}: {}", answer.text);
    }
    let id = book(&clinic).await;
    for field in ["doctor", "patient", "visit", "status"] {
        let answer = clinic
            .patch(
                &clinic.doctor,
                &format!("appointments/{id}/"),
                json!({field: 1}),
            )
            .await;
        assert_eq!(answer.body[field][0], "This field cannot be changed.");
    }
}

#[tokio::test]
async fn a_patient_lists_his_own_appointments() {
    let clinic = Clinic::new().await;
    book(&clinic).await;
    for (who, query, count) in [
        (&clinic.patient, "", 1),
        (&clinic.other_patient, "", 0),
        (&clinic.other_patient, "?patient=1", 0),
        (&clinic.nurse, "?from=2026-02-07T08:00:00Z", 1),
        (&clinic.nurse, "?from=2026-02-07T08:00:01Z", 0),
        (&clinic.nurse, "?to=2026-02-07T08:00:00Z", 0),
        (&clinic.nurse, "?from=2026-02-07&to=2026-02-08", 1),
        (&clinic.nurse, "?status=CANCELLED", 0),
    ] {
        let list = clinic.get(who, &format!("appointments/{query}")).await;
        assert_eq!(list.body["count"], count, "{query}: {}", list.text);
    }
    let list = clinic.get(&clinic.nurse, "appointments/?from=soon").await;
    assert!(list.body["from"][0].is_string(), "{}", list.text);
}
