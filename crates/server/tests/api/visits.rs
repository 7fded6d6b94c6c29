//! Visits: opened, changed, listed and closed.

use serde_json::{Value, json};
use televisit_storage::audit;

use crate::clinic::{Clinic, Person, at_once, on_both_engines};

async fn open(clinic: &Clinic, who: &Person, body: Value) -> Value {
    let answer = clinic.post(who, "visits/", body).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.body
}

#[tokio::test]
async fn the_visit_of_the_seed_is_opened_paid() {
    let clinic = Clinic::new().await;
    let body = json!({
        "patient": clinic.record, "visit_type": "CONSULTATION", "chief_complaint": " Virtual consultation needed ",
        "assigned_doctor": clinic.doctor.id, "payment_status": "PAID",
        "payment": {"amount": "500.00", "payment_method": "MOBILE_MONEY", "transaction_reference": "QX1"},
    });
    let visit = open(&clinic, &clinic.receptionist, body).await;
    assert_eq!(
        visit,
        json!({
            "id": visit["id"], "patient": clinic.record, "patient_name": "Test Telemedicine",
            "patient_number": format!("P-{:06}", clinic.record), "visit_type": "CONSULTATION",
            "chief_complaint": "Virtual consultation needed", "appointment": null,
            "assigned_doctor": clinic.doctor.id, "assigned_doctor_name": "doctor", "status": "OPEN",
            "payment_status": "PAID", "outstanding_balance": "0.00", "currency": "KES",
            "created_at": "2026-02-06T18:00:00Z", "updated_at": "2026-02-06T18:00:00Z", "closed_at": null,
        })
    );
    // The advance counts towards the fee that comes later.
    let id = visit["id"].as_i64().unwrap();
    clinic.charge(id, 1).await;
    let visit = clinic
        .get(&clinic.patient, &format!("visits/{id}/"))
        .await
        .body;
    assert_eq!(
        (&visit["payment_status"], &visit["outstanding_balance"]),
        (&json!("PARTIALLY_PAID"), &json!("500.00"))
    );
}

#[tokio::test]
async fn a_waiver_settles_a_visit_up_to_what_it_covers() {
    let clinic = Clinic::new().await;
    for (waiver, after_charge, outstanding) in [
        (json!({"reason": "Staff"}), "UNPAID", "1000.00"),
        (
            json!({"reason": "Staff", "amount": "1000.00"}),
            "SETTLED",
            "0.00",
        ),
        (
            json!({"reason": "Staff", "amount": "400.00"}),
            "UNPAID",
            "600.00",
        ),
    ] {
        let body = json!({"patient": clinic.record, "payment_status": "SETTLED", "waiver": waiver});
        let visit = open(&clinic, &clinic.admin, body).await;
        assert_eq!(visit["payment_status"], "SETTLED");
        let id = visit["id"].as_i64().unwrap();
        clinic.charge(id, 1).await;
        let bill = clinic
            .get(&clinic.nurse, &format!("visits/{id}/billing/summary/"))
            .await
            .body;
        assert_eq!(bill["payment_status"], after_charge, "{waiver}");
        assert_eq!(bill["outstanding_balance"], outstanding, "{waiver}");
    }
}

#[tokio::test]
async fn nobody_makes_a_visit_paid_by_saying_so() {
    let clinic = Clinic::new().await;
    let patient = clinic.record;
    let payment = json!({"amount": "1.00", "payment_method": "CASH"});
    let waiver = json!({"reason": "Staff"});
    for (who, body, field) in [
        (
            &clinic.receptionist,
            json!({"payment_status": "PAID"}),
            "payment_status",
        ),
        (
            &clinic.receptionist,
            json!({"payment_status": "PARTIALLY_PAID"}),
            "payment_status",
        ),
        (
            &clinic.receptionist,
            json!({"payment_status": "SETTLED", "payment": payment}),
            "payment_status",
        ),
        (
            &clinic.receptionist,
            json!({"payment_status": "PAID", "waiver": waiver}),
            "payment_status",
        ),
        (
            &clinic.receptionist,
            json!({"payment_status": "UNPAID", "payment": payment}),
            "payment_status",
        ),
        (
            &clinic.receptionist,
            json!({"payment": payment, "waiver": waiver}),
            "waiver",
        ),
        (
            &clinic.receptionist,
            json!({"waiver": {"reason": " "}}),
            "waiver.reason",
        ),
        (
            &clinic.receptionist,
            json!({"waiver": {"reason": "x", "amount": "-1.00"}}),
            "waiver.amount",
        ),
        (
            &clinic.receptionist,
            json!({"payment": {"amount": "0", "payment_method": "CASH"}}),
            "payment.amount",
        ),
        (
            &clinic.receptionist,
            json!({"payment": {"amount": "1", "payment_method": "CASH", "currency": "USD"}}),
            "payment.currency",
        ),
        (&clinic.doctor, json!({"payment": payment}), "payment"),
        (&clinic.doctor, json!({"waiver": waiver}), "waiver"),
        (
            &clinic.doctor,
            json!({"payment_status": "PAID"}),
            "payment_status",
        ),
        (
            &clinic.doctor,
            json!({"assigned_doctor": clinic.other_doctor.id}),
            "assigned_doctor",
        ),
        (
            &clinic.receptionist,
            json!({"assigned_doctor": clinic.nurse.id}),
            "assigned_doctor",
        ),
        (
            &clinic.receptionist,
            json!({"assigned_doctor": 99}),
            "assigned_doctor",
        ),
        (&clinic.receptionist, json!({"patient": 99}), "patient"),
        (&clinic.receptionist, json!({"patient": "1"}), "patient"),
        (
            &clinic.receptionist,
            json!({"visit_type": "PARTY"}),
            "visit_type",
        ),
        (
            &clinic.receptionist,
            json!({"chief_complaint": "x".repeat(2001)}),
            "chief_complaint",
        ),
        (
            &clinic.receptionist,
            json!({"appointment": 99}),
            "appointment",
        ),
        (&clinic.receptionist, json!({"status": "CLOSED"}), "status"),
    ] {
        let mut full = json!({"patient": patient});
        full.as_object_mut()
            .unwrap()
            .extend(body.as_object().unwrap().clone());
        let answer = clinic.post(who, "visits/", full).await;
        assert_eq!(answer.status, 400, "{body}: {}", answer.text);
        assert!(answer.body[field][0].is_string(), "{body}: {}", answer.text);
    }
    let list = clinic.get(&clinic.receptionist, "visits/").await;
    assert_eq!(
        list.body["count"], 1,
        "only the clinic's first visit is there"
    );
}

#[tokio::test]
async fn what_is_computed_or_decided_once_cannot_be_changed() {
    let clinic = Clinic::new().await;
    let path = format!("visits/{}/", clinic.visit);
    for field in [
        "payment_status",
        "status",
        "patient",
        "appointment",
        "id",
        "closed_at",
    ] {
        let answer = clinic
            .patch(&clinic.receptionist, &path, json!({field: null}))
            .await;
        assert_eq!(answer.status, 400, "{field}: {}", answer.text);
        assert_eq!(answer.body[field][0], "This field cannot be changed.");
    }
    let body = json!({"visit_type": "FOLLOW_UP", "assigned_doctor": null});
    let answer = clinic.patch(&clinic.receptionist, &path, body).await;
    assert_eq!(
        (
            &answer.body["visit_type"],
            &answer.body["assigned_doctor"],
            &answer.body["assigned_doctor_name"]
        ),
        (&json!("FOLLOW_UP"), &Value::Null, &json!(""))
    );
    assert_eq!(
        answer.body["chief_complaint"],
        "Virtual consultation needed"
    );
    let answer = clinic
        .patch(&clinic.doctor, &path, json!({"visit_type": "ROUTINE"}))
        .await;
    assert_eq!(answer.status, 404, "it is no longer his");

    let closed = clinic
        .post(&clinic.receptionist, &format!("{path}close/"), Value::Null)
        .await;
    assert_eq!(
        (&closed.body["status"], &closed.body["closed_at"]),
        (&json!("CLOSED"), &json!("2026-02-06T18:00:00Z"))
    );
    let answer = clinic
        .patch(
            &clinic.receptionist,
            &path,
            json!({"visit_type": "ROUTINE"}),
        )
        .await;
    assert_eq!(
        (answer.status.as_u16(), &answer.body["code"]),
        (409, &json!("visit_closed"))
    );
    let answer = clinic
        .post(&clinic.admin, &format!("{path}close/"), Value::Null)
        .await;
    assert_eq!(
        (answer.status.as_u16(), &answer.body["code"]),
        (409, &json!("visit_closed"))
    );
}

#[tokio::test]
async fn a_visit_is_not_closed_over_a_session_that_can_still_be_held() {
    let clinic = Clinic::new().await;
    let body = json!({"visit": clinic.visit, "scheduled_start": "2026-02-06T18:00:00Z"});
    let session = clinic
        .post(&clinic.doctor, "telemedicine/", body)
        .await
        .body["id"]
        .clone();
    let close = format!("visits/{}/close/", clinic.visit);
    let refused = clinic.post(&clinic.receptionist, &close, Value::Null).await;
    assert_eq!(
        (
            refused.status.as_u16(),
            &refused.body["code"],
            &refused.body["session"]
        ),
        (409, &json!("session_live"), &session)
    );
    let cancel = format!("telemedicine/{session}/cancel/");
    assert_eq!(
        clinic.post(&clinic.doctor, &cancel, json!({})).await.status,
        200
    );
    assert_eq!(
        clinic
            .post(&clinic.receptionist, &close, Value::Null)
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn a_patient_lists_his_own_visits_whatever_he_asks_for() {
    let clinic = Clinic::new().await;
    clinic.open_visit(clinic.other_record).await;
    for (query, count) in [
        (String::new(), 1),
        (format!("?patient={}", clinic.record), 1),
        (format!("?patient={}", clinic.other_record), 0),
        ("?search=Otieno".into(), 0),
        ("?status=CLOSED".into(), 0),
    ] {
        let list = clinic
            .get(&clinic.patient, &format!("visits/{query}"))
            .await;
        assert_eq!(list.body["count"], count, "{query}: {}", list.text);
    }
    let list = clinic.get(&clinic.nurse, "visits/?page_size=1").await.body;
    assert_eq!(
        (&list["count"], &list["previous"]),
        (&json!(2), &Value::Null)
    );
    assert_eq!(
        list["results"][0]["patient"], clinic.other_record,
        "newest first"
    );
    let next = list["next"].as_str().unwrap();
    let next = next.strip_prefix("/api/v1/").unwrap();
    let list = clinic.get(&clinic.nurse, next).await.body;
    assert_eq!(
        (&list["results"][0]["id"], &list["next"]),
        (&json!(clinic.visit), &Value::Null)
    );

    for (query, field) in [
        ("patient=abc", "patient"),
        ("status=HALF", "status"),
        ("payment_status=FREE", "payment_status"),
        ("page=0", "page"),
        ("page_size=201", "page_size"),
        ("search=%00", "search"),
    ] {
        let list = clinic.get(&clinic.nurse, &format!("visits/?{query}")).await;
        assert_eq!(list.status, 400, "{query}: {}", list.text);
        assert!(list.body[field][0].is_string(), "{query}: {}", list.text);
    }
}

#[tokio::test]
async fn of_many_visits_from_one_appointment_one_is_opened() {
    on_both_engines(async |clinic| {
        let body = json!({
            "patient": clinic.record, "doctor": clinic.other_doctor.id, "appointment_date": "2026-02-07T08:00:00Z",
        });
        let appointment = clinic.post(&clinic.receptionist, "appointments/", body).await;
        let appointment = appointment.body["id"].as_i64().unwrap();
        let body = json!({"patient": clinic.record, "appointment": appointment});
        let answers = at_once(16, |_| {
            Box::pin(clinic.post(&clinic.receptionist, "visits/", body.clone()))
        })
        .await;
        let opened: Vec<_> = answers.iter().filter(|answer| answer.status == 201).collect();
        assert_eq!(opened.len(), 1);
        assert_eq!(opened[0].body["assigned_doctor"], clinic.other_doctor.id);
        for refused in answers.iter().filter(|answer| answer.status != 201) {
            assert_eq!(refused.status, 400);
            assert!(refused.body["appointment"][0].is_string(), "{}", refused.text);
        }
        let other = json!({"patient": clinic.other_record, "appointment": appointment});
        let answer = clinic.post(&clinic.receptionist, "visits/", other).await;
        assert!(answer.body["appointment"][0].as_str().unwrap().contains("another patient"));
    })
    .await;
}

#[tokio::test]
async fn many_visits_with_one_key_are_one_visit() {
    on_both_engines(async |clinic| {
        let body = json!({
            "patient": clinic.record, "payment": {"amount": "10.00", "payment_method": "CASH"},
        });
        let answers = at_once(32, |_| {
            Box::pin(clinic.post_once(&clinic.receptionist, "visits/", "k", body.clone()))
        })
        .await;
        assert!(answers.iter().all(|answer| answer.status == 201));
        assert!(answers.iter().all(|answer| answer.body == answers[0].body));
        let list = clinic
            .get(&clinic.receptionist, "visits/?payment_status=PAID")
            .await;
        assert_eq!(list.body["count"], 1);
    })
    .await;
}

/// A small sequence of numbers that looks like chance and is the same every time.
fn chance(seed: &mut u64) -> u64 {
    *seed = seed
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    *seed >> 33
}

fn sum(rows: &Value) -> i64 {
    let minor = |row: &Value| -> i64 {
        row["amount"]
            .as_str()
            .unwrap()
            .replace('.', "")
            .parse()
            .unwrap()
    };
    rows.as_array().unwrap().iter().map(minor).sum()
}

fn words(minor: i64) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}

#[tokio::test]
async fn the_summary_is_the_sum_of_the_rows_whatever_was_done() {
    on_both_engines(async |clinic| {
        let mut seed = 20_260_206;
        let bill = format!("visits/{}/billing", clinic.visit);
        for at in 0..40 {
            let number = chance(&mut seed);
            if number.is_multiple_of(2) {
                let body = json!({"service_code": "TELEMED-001", "quantity": number % 3});
                clinic.post(&clinic.receptionist, &format!("{bill}/charges/"), body).await;
            } else {
                let amount = words(i64::try_from(number % 150_000).unwrap());
                let body = json!({"amount": amount, "payment_method": "CARD", "transaction_reference": format!("{}", at % 7)});
                clinic.post(&clinic.receptionist, &format!("{bill}/payments/"), body).await;
            }
            let summary = clinic.get(&clinic.nurse, &format!("{bill}/summary/")).await.body;
            let charged = sum(&clinic.get(&clinic.nurse, &format!("{bill}/charges/")).await.body);
            let paid = sum(&clinic.get(&clinic.nurse, &format!("{bill}/payments/")).await.body);
            assert_eq!(summary["total_charges"], words(charged));
            assert_eq!(summary["total_payments"], words(paid));
            assert_eq!(summary["outstanding_balance"], words(charged - paid), "never overpaid");
        }
        let summary = clinic.get(&clinic.nurse, &format!("{bill}/summary/")).await.body;
        assert_eq!(summary["payment_status"], "PARTIALLY_PAID", "the sequence did something: {summary}");
    })
    .await;
}

#[tokio::test]
async fn charging_paying_ending_and_closing_at_once_never_fails_and_adds_up() {
    on_both_engines(async |clinic| {
        let body = json!({"visit": clinic.visit, "scheduled_start": "2026-02-06T18:00:00Z"});
        let session = clinic.post(&clinic.doctor, "telemedicine/", body).await.body["id"].clone();
        clinic.post(&clinic.doctor, &format!("telemedicine/{session}/start/"), json!({})).await;
        clinic.charge(clinic.visit, 20).await;
        let bill = format!("visits/{}/billing", clinic.visit);
        let answers = at_once(40, |at| {
            let (clinic, bill, session) = (&clinic, &bill, &session);
            Box::pin(async move {
                match at % 4 {
                    0 => {
                        let body = json!({"notes": "Well", "add_to_bill": true});
                        clinic.post(&clinic.doctor, &format!("telemedicine/{session}/end/"), body).await
                    }
                    1 => {
                        let body = json!({"service_code": "TELEMED-001"});
                        clinic.post(&clinic.receptionist, &format!("{bill}/charges/"), body).await
                    }
                    2 => {
                        let body = json!({"amount": "100.00", "payment_method": "CARD", "transaction_reference": format!("{at}")});
                        clinic.post(&clinic.receptionist, &format!("{bill}/payments/"), body).await
                    }
                    _ => clinic.post(&clinic.admin, &format!("visits/{}/close/", clinic.visit), Value::Null).await,
                }
            })
        })
        .await;
        for answer in &answers {
            assert!(matches!(answer.status.as_u16(), 200 | 201 | 409), "{}", answer.text);
        }
        let charges = clinic.get(&clinic.nurse, &format!("{bill}/charges/")).await.body;
        let of_session = charges.as_array().unwrap().iter().filter(|row| row["session"] == session);
        assert_eq!(of_session.count(), 1);
        let summary = clinic.get(&clinic.nurse, &format!("{bill}/summary/")).await.body;
        assert_eq!(summary["total_charges"], words(sum(&charges)));
        assert_eq!(summary["total_payments"], "1000.00", "ten payments of 100.00");
    })
    .await;
}

#[tokio::test]
async fn every_read_and_write_of_a_bill_leaves_its_row() {
    let clinic = Clinic::new().await;
    let before = audit::head(&mut clinic.app.app.db.read().await.unwrap())
        .await
        .unwrap()
        .0;
    clinic.charge(clinic.visit, 1).await;
    let payments = format!("visits/{}/billing/payments/", clinic.visit);
    let cash = json!({"amount": "1.00", "payment_method": "CASH"});
    clinic
        .post(&clinic.receptionist, &payments, cash.clone())
        .await;
    clinic.post(&clinic.receptionist, &payments, cash).await;
    clinic.get(&clinic.patient, &payments).await;
    clinic.get(&clinic.patient, "visits/").await;
    clinic
        .get(&clinic.receptionist, "billing/pending-queue/")
        .await;
    clinic.get(&clinic.other_patient, &payments).await;

    let mut conn = clinic.app.app.db.read().await.unwrap();
    let rows = audit::chain(&mut conn, before, 100).await.unwrap();
    let told: Vec<(&str, Option<i64>)> = rows
        .iter()
        .map(|row| (row.action.as_str(), row.actor_id))
        .collect();
    let reception = clinic.receptionist.id;
    assert_eq!(
        told,
        [
            ("charge.create", Some(reception)),
            ("payment.create", Some(reception)),
            ("bill.read", Some(clinic.patient.id)),
            ("visit.list", Some(clinic.patient.id)),
            ("bill.queue", Some(reception)),
        ],
        "what was refused wrote nothing"
    );
    assert!(rows.iter().all(audit::Entry::is_sealed));
}
