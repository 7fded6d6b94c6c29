//! Charges and payments: what was paid once is written down once.

use serde_json::{Value, json};

use crate::clinic::{Clinic, at_once, on_both_engines};
use crate::support::Answer;

fn statuses(answers: &[Answer], status: u16) -> usize {
    answers
        .iter()
        .filter(|answer| answer.status == status)
        .count()
}

async fn summary(clinic: &Clinic, visit: i64) -> Value {
    let path = format!("visits/{visit}/billing/summary/");
    clinic.get(&clinic.receptionist, &path).await.body
}

#[tokio::test]
async fn a_bill_goes_from_unpaid_to_paid() {
    let clinic = Clinic::new().await;
    let visit = clinic.visit;
    clinic.charge(visit, 1).await;
    assert_eq!(
        summary(&clinic, visit).await,
        json!({
            "visit": visit, "total_charges": "1000.00", "total_payments": "0.00", "waived": "0.00",
            "outstanding_balance": "1000.00", "currency": "KES", "payment_status": "UNPAID",
        })
    );
    let payments = format!("visits/{visit}/billing/payments/");
    let part = json!({"amount": "400.00", "payment_method": "CASH"});
    let answer = clinic.post(&clinic.receptionist, &payments, part).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    assert_eq!(
        answer.body,
        json!({
            "id": answer.body["id"], "visit": visit, "amount": "400.00", "currency": "KES", "payment_method": "CASH",
            "transaction_reference": "", "received_by": clinic.receptionist.id, "received_by_name": "receptionist",
            "created_at": "2026-02-06T18:00:00Z",
        })
    );
    assert_eq!(
        summary(&clinic, visit).await["payment_status"],
        "PARTIALLY_PAID"
    );

    let queue = clinic
        .get(&clinic.receptionist, "billing/pending-queue/")
        .await;
    assert_eq!(queue.body["count"], 1);
    assert_eq!(queue.body["results"][0]["outstanding_balance"], "600.00");
    assert_eq!(queue.body["results"][0]["total_payments"], "400.00");

    let rest = json!({"amount": "600", "payment_method": "CARD", "transaction_reference": "A1"});
    let answer = clinic.post(&clinic.receptionist, &payments, rest).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    let bill = summary(&clinic, visit).await;
    assert_eq!(
        (&bill["payment_status"], &bill["outstanding_balance"]),
        (&json!("PAID"), &json!("0.00"))
    );
    let queue = clinic.get(&clinic.admin, "billing/pending-queue/").await;
    assert_eq!(queue.body["count"], 0);
    let rows = clinic.get(&clinic.patient, &payments).await;
    assert_eq!(rows.body.as_array().unwrap().len(), 2);

    // A fee that is added later opens the bill again.
    clinic.charge(visit, 1).await;
    assert_eq!(
        summary(&clinic, visit).await["payment_status"],
        "PARTIALLY_PAID"
    );
}

#[tokio::test]
async fn more_than_is_outstanding_is_refused_and_the_balance_named() {
    let clinic = Clinic::new().await;
    clinic.charge(clinic.visit, 1).await;
    let path = format!("visits/{}/billing/payments/", clinic.visit);
    for (body, field, sentence) in [
        (
            json!({"amount": "1000.01", "payment_method": "CASH"}),
            "amount",
            "1000.00 KES",
        ),
        (
            json!({"amount": "0.00", "payment_method": "CASH"}),
            "amount",
            "more than nothing",
        ),
        (
            json!({"amount": "-5", "payment_method": "CASH"}),
            "amount",
            "more than nothing",
        ),
        (
            json!({"amount": 5, "payment_method": "CASH"}),
            "amount",
            "string",
        ),
        (
            json!({"amount": "1.001", "payment_method": "CASH"}),
            "amount",
            "two decimals",
        ),
        (
            json!({"amount": "1", "payment_method": "GOLD"}),
            "payment_method",
            "CASH",
        ),
        (json!({"amount": "1"}), "payment_method", "required"),
        (
            json!({"amount": "1", "payment_method": "CASH", "currency": "USD"}),
            "currency",
            "KES",
        ),
        (
            json!({"amount": "1", "payment_method": "CASH", "paid": true}),
            "paid",
            "not known",
        ),
        (
            json!({"amount": "1", "payment_method": "CASH", "transaction_reference": "\0"}),
            "transaction_reference",
            "NUL",
        ),
    ] {
        let answer = clinic.post(&clinic.receptionist, &path, body.clone()).await;
        assert_eq!(answer.status, 400, "{body}: {}", answer.text);
        let told = answer.body[field][0].as_str().unwrap_or_default();
        assert!(told.contains(sentence), "{body}: {}", answer.text);
    }
    assert_eq!(
        summary(&clinic, clinic.visit).await["total_payments"],
        "0.00"
    );
}

#[tokio::test]
async fn of_32_equal_payments_with_a_reference_one_is_kept_and_all_are_answered_with_it() {
    on_both_engines(async |clinic| {
        clinic.charge(clinic.visit, 1).await;
        let path = format!("visits/{}/billing/payments/", clinic.visit);
        let body = json!({"amount": "1000.00", "payment_method": "MOBILE_MONEY", "transaction_reference": " QX1 "});
        let answers = at_once(32, |_| {
            Box::pin(clinic.post(&clinic.receptionist, &path, body.clone()))
        })
        .await;
        assert_eq!((statuses(&answers, 201), statuses(&answers, 200)), (1, 31));
        assert!(answers.iter().all(|answer| answer.body == answers[0].body));
        assert_eq!(answers[0].body["transaction_reference"], "QX1");
        let bill = summary(&clinic, clinic.visit).await;
        assert_eq!((&bill["total_payments"], &bill["payment_status"]), (&json!("1000.00"), &json!("PAID")));
    })
    .await;
}

#[tokio::test]
async fn of_32_equal_cash_payments_one_is_kept_and_the_others_are_asked_back() {
    on_both_engines(async |clinic| {
        clinic.charge(clinic.visit, 100).await;
        let path = format!("visits/{}/billing/payments/", clinic.visit);
        let body = json!({"amount": "1000.00", "payment_method": "CASH"});
        let answers = at_once(32, |_| {
            Box::pin(clinic.post(&clinic.receptionist, &path, body.clone()))
        })
        .await;
        assert_eq!((statuses(&answers, 201), statuses(&answers, 409)), (1, 31));
        let kept = answers.iter().find(|answer| answer.status == 201).unwrap();
        let refused = answers.iter().find(|answer| answer.status == 409).unwrap();
        assert_eq!(refused.body["code"], "duplicate_payment");
        assert_eq!(refused.body["payment"], kept.body["id"]);
        assert_eq!(
            summary(&clinic, clinic.visit).await["total_payments"],
            "1000.00"
        );

        let confirmed =
            json!({"amount": "1000.00", "payment_method": "CASH", "confirm_duplicate": true});
        let answer = clinic.post(&clinic.receptionist, &path, confirmed).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        clinic.app.clock.advance(chrono::TimeDelta::seconds(60));
        let answer = clinic.post(&clinic.receptionist, &path, body).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        assert_eq!(
            summary(&clinic, clinic.visit).await["total_payments"],
            "3000.00"
        );
    })
    .await;
}

#[tokio::test]
async fn of_32_payments_with_one_key_one_is_kept_and_all_are_answered_alike() {
    on_both_engines(async |clinic| {
        clinic.charge(clinic.visit, 100).await;
        let path = format!("visits/{}/billing/payments/", clinic.visit);
        let body = json!({"amount": "1000.00", "payment_method": "CASH"});
        let answers = at_once(32, |_| {
            Box::pin(clinic.post_once(&clinic.receptionist, &path, "key-1", body.clone()))
        })
        .await;
        assert_eq!(statuses(&answers, 201), 32, "{answers:?}");
        assert!(answers.iter().all(|answer| answer.body == answers[0].body));
        assert_eq!(
            summary(&clinic, clinic.visit).await["total_payments"],
            "1000.00"
        );

        let other_key = clinic
            .post_once(&clinic.receptionist, &path, "key-2", body)
            .await;
        assert_eq!(other_key.status, 201, "a new key is a new payment");
        assert_eq!(
            summary(&clinic, clinic.visit).await["total_payments"],
            "2000.00"
        );
    })
    .await;
}

#[tokio::test]
async fn of_many_different_payments_at_once_none_exceeds_the_balance() {
    on_both_engines(async |clinic| {
        clinic.charge(clinic.visit, 1).await;
        let path = format!("visits/{}/billing/payments/", clinic.visit);
        let answers = at_once(16, |at| {
            let reference = format!("T{at}");
            let body = json!({"amount": "300.00", "payment_method": "CARD", "transaction_reference": reference});
            let (clinic, path) = (&clinic, &path);
            Box::pin(async move { clinic.post(&clinic.receptionist, path, body).await })
        })
        .await;
        assert_eq!((statuses(&answers, 201), statuses(&answers, 400)), (3, 13));
        assert_eq!(summary(&clinic, clinic.visit).await["outstanding_balance"], "100.00");
    })
    .await;
}

#[tokio::test]
async fn a_key_is_good_for_one_request() {
    let clinic = Clinic::new().await;
    clinic.charge(clinic.visit, 100).await;
    let other_visit = clinic.open_visit(clinic.other_record).await;
    clinic.charge(other_visit, 100).await;
    let path = format!("visits/{}/billing/payments/", clinic.visit);
    let body = json!({"amount": "1000.00", "payment_method": "CASH"});
    let first = clinic
        .post_once(&clinic.receptionist, &path, "k", body.clone())
        .await;
    assert_eq!(first.status, 201, "{}", first.text);

    let other_body = json!({"amount": "1000.01", "payment_method": "CASH"});
    let other_path = format!("visits/{other_visit}/billing/payments/");
    let charges = format!("visits/{}/billing/charges/", clinic.visit);
    for (path, body) in [
        (&path, other_body),
        (&other_path, body.clone()),
        (&charges, json!({"service_code": "TELEMED-001"})),
    ] {
        let answer = clinic
            .post_once(&clinic.receptionist, path, "k", body)
            .await;
        assert_eq!(
            (answer.status.as_u16(), &answer.body["code"]),
            (409, &json!("idempotency_conflict")),
            "{path}"
        );
    }
    clinic.app.clock.advance(chrono::TimeDelta::minutes(10));
    let again = clinic
        .post_once(&clinic.receptionist, &path, "k", body)
        .await;
    assert_eq!((again.status, again.body), (first.status, first.body));
    // The key belongs to whoever sent it.
    let of_admin = clinic
        .post_once(
            &clinic.admin,
            &charges,
            "k",
            json!({"service_code": "TELEMED-001"}),
        )
        .await;
    assert_eq!(of_admin.status, 201, "{}", of_admin.text);
}

#[tokio::test]
async fn a_refused_request_does_not_spend_its_key() {
    let clinic = Clinic::new().await;
    let path = format!("visits/{}/billing/payments/", clinic.visit);
    let body = json!({"amount": "1000.00", "payment_method": "CASH"});
    let refused = clinic
        .post_once(&clinic.receptionist, &path, "k", body.clone())
        .await;
    assert_eq!(refused.status, 400, "nothing is outstanding yet");
    clinic.charge(clinic.visit, 1).await;
    let taken = clinic
        .post_once(&clinic.receptionist, &path, "k", body)
        .await;
    assert_eq!(taken.status, 201, "{}", taken.text);
}

#[tokio::test]
async fn a_repeated_reference_with_a_key_answers_200_again() {
    let clinic = Clinic::new().await;
    clinic.charge(clinic.visit, 1).await;
    let path = format!("visits/{}/billing/payments/", clinic.visit);
    let body = json!({"amount": "100.00", "payment_method": "CARD", "transaction_reference": "A1"});
    let first = clinic.post(&clinic.receptionist, &path, body.clone()).await;
    for _ in 0..2 {
        let again = clinic
            .post_once(&clinic.receptionist, &path, "k", body.clone())
            .await;
        assert_eq!((again.status.as_u16(), &again.body), (200, &first.body));
    }
}

#[tokio::test]
async fn only_active_services_are_charged_and_only_to_open_visits() {
    let clinic = Clinic::new().await;
    let path = format!("visits/{}/billing/charges/", clinic.visit);
    for (body, field) in [
        (json!({"service_code": "NOTHING"}), "service_code"),
        (
            json!({"service_code": "TELEMED-001", "quantity": 0}),
            "quantity",
        ),
        (
            json!({"service_code": "TELEMED-001", "quantity": 1001}),
            "quantity",
        ),
        (
            json!({"service_code": "TELEMED-001", "quantity": 99_999_999_999_i64}),
            "quantity",
        ),
        (
            json!({"service_code": "TELEMED-001", "quantity": "2"}),
            "quantity",
        ),
        (json!({"quantity": 1}), "service_code"),
        (
            json!({"service_code": "TELEMED-001", "amount": "1.00"}),
            "amount",
        ),
    ] {
        let answer = clinic.post(&clinic.receptionist, &path, body.clone()).await;
        assert_eq!(answer.status, 400, "{body}: {}", answer.text);
        assert!(answer.body[field][0].is_string(), "{body}: {}", answer.text);
    }
    let list = clinic
        .get(&clinic.admin, "billing/service-catalog/?search=telemed")
        .await;
    let service = list.body["results"][0]["id"].as_i64().unwrap();
    let line = format!("billing/service-catalog/{service}/");
    let off = clinic
        .patch(&clinic.admin, &line, json!({"is_active": false}))
        .await;
    assert_eq!(
        (off.status.as_u16(), &off.body["is_active"]),
        (200, &json!(false))
    );
    let answer = clinic
        .post(
            &clinic.receptionist,
            &path,
            json!({"service_code": "TELEMED-001"}),
        )
        .await;
    assert_eq!(answer.status, 400, "{}", answer.text);

    clinic
        .patch(
            &clinic.admin,
            &line,
            json!({"is_active": true, "amount": "0.00"}),
        )
        .await;
    let free = clinic
        .post(
            &clinic.receptionist,
            &path,
            json!({"service_code": "TELEMED-001"}),
        )
        .await;
    assert_eq!(
        (free.status.as_u16(), &free.body["amount"]),
        (201, &json!("0.00"))
    );
    let closed = clinic
        .post(
            &clinic.doctor,
            &format!("visits/{}/close/", clinic.visit),
            Value::Null,
        )
        .await;
    assert_eq!(closed.status, 200, "{}", closed.text);
    let answer = clinic
        .post(
            &clinic.receptionist,
            &path,
            json!({"service_code": "TELEMED-001"}),
        )
        .await;
    assert_eq!(
        (answer.status.as_u16(), &answer.body["code"]),
        (409, &json!("visit_closed"))
    );
}

#[tokio::test]
async fn what_a_closed_visit_owes_can_still_be_paid() {
    let clinic = Clinic::new().await;
    clinic.charge(clinic.visit, 1).await;
    clinic
        .post(
            &clinic.receptionist,
            &format!("visits/{}/close/", clinic.visit),
            Value::Null,
        )
        .await;
    let path = format!("visits/{}/billing/payments/", clinic.visit);
    let body = json!({"amount": "1000.00", "payment_method": "CASH"});
    assert_eq!(
        clinic.post(&clinic.receptionist, &path, body).await.status,
        201
    );
}

#[tokio::test]
async fn a_price_is_in_the_currency_of_the_clinic() {
    let clinic = Clinic::new().await;
    let new = |code: &str, currency: &str| json!({"service_code": code, "name": "X-ray", "department": "RADIOLOGY", "amount": "50.00", "currency": currency});
    let path = "billing/service-catalog/";
    let answer = clinic.post(&clinic.admin, path, new("XR-1", "USD")).await;
    assert_eq!(answer.body["currency"][0], "The clinic's currency is KES.");
    let answer = clinic.post(&clinic.admin, path, new("XR-1", "KES")).await;
    assert_eq!(
        (answer.status.as_u16(), &answer.body["workflow_type"]),
        (201, &json!("OTHER"))
    );
    let line = format!("{path}{}/", answer.body["id"]);
    let answer = clinic.post(&clinic.admin, path, new("XR-1", "KES")).await;
    assert_eq!(answer.status, 400, "a code stands once: {}", answer.text);
    let answer = clinic
        .patch(&clinic.admin, &line, json!({"currency": "USD"}))
        .await;
    assert_eq!(answer.body["currency"][0], "This field cannot be changed.");
}
