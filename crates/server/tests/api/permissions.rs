//! Who may call what: every call of the API description, as everybody, against the answers in `permissions.csv`.
//!
//! Each call is made in a copy of the same clinic, so that no answer depends on another. A call without a row, or a row
//! without a call, fails. For a new call: say in [`path`] what stands for its numbers and in [`body`] what it is sent,
//! then write down in `permissions.csv` what each person must be answered.
//!
//! The call's WebSocket stands there with 400 for everybody: a request that is no upgrade gets no further, and who may
//! enter is asked of the room token in the first message.

use std::fmt::Write as _;
use std::path::Path;

use axum::body::Body;
use axum::http::{Method, Request, header};
use clap::Parser as _;
use serde_json::{Value, json};
use televisit_storage::Db;

use crate::clinic::{Clinic, Person};
use crate::support::{Arguments, TestApp};

const EXPECTED: &str = include_str!("permissions.csv");

const HEAD: &str = "method,path,anonymous,patient of the session,other patient,doctor of the session,other doctor,nurse,receptionist,admin";

/// Who calls, in the order of the columns; `None` is somebody without a token.
fn people(clinic: &Clinic) -> [Option<&Person>; 8] {
    [
        None,
        Some(&clinic.patient),
        Some(&clinic.other_patient),
        Some(&clinic.doctor),
        Some(&clinic.other_doctor),
        Some(&clinic.nurse),
        Some(&clinic.receptionist),
        Some(&clinic.admin),
    ]
}

/// The clinic that every call finds.
struct Prepared {
    clinic: Clinic,
    /// SCHEDULED, of the clinic's visit, which owes 1000.00.
    scheduled: i64,
    /// IN_PROGRESS; the spare account is invited.
    running: i64,
    /// COMPLETED without a recording.
    completed: i64,
    /// An open visit without a session, and its appointment.
    free_visit: i64,
    appointment_with_visit: i64,
    /// SCHEDULED, of the first doctor and patient.
    appointment: i64,
    service: i64,
    /// An account that is nobody's column.
    spare: i64,
    refresh: String,
}

const PASSWORD: &str = "a password of the matrix";

async fn prepare(app: TestApp) -> Prepared {
    let clinic = Clinic::over(app).await;
    let (doctor, reception) = (&clinic.doctor, &clinic.receptionist);
    let account = json!({"username": "spare", "password": PASSWORD, "role": "NURSE"});
    let spare = made(&clinic, &clinic.admin, "users/", account).await;
    let login = json!({"username": "spare", "password": PASSWORD});
    let login = clinic.app.post("/api/v1/auth/login/", "", login).await;
    let refresh = login.body["refresh"].as_str().unwrap().to_owned();

    clinic.charge(clinic.visit, 1).await;
    let scheduled = session(&clinic, clinic.visit).await;
    let running = clinic.open_visit(clinic.record).await;
    let running = session(&clinic, running).await;
    step(&clinic, running, "start").await;
    let invited = json!({"user": spare});
    let path = format!("telemedicine/{running}/participants/");
    assert_eq!(clinic.post(doctor, &path, invited).await.status, 201);
    let completed = clinic.open_visit(clinic.record).await;
    let completed = session(&clinic, completed).await;
    step(&clinic, completed, "start").await;
    step(&clinic, completed, "end").await;

    let booking = json!({
        "patient": clinic.record, "doctor": doctor.id, "appointment_date": "2026-02-07T08:00:00Z",
    });
    let appointment = made(&clinic, reception, "appointments/", booking.clone()).await;
    let appointment_with_visit = made(&clinic, reception, "appointments/", booking).await;
    let visit = json!({"patient": clinic.record, "appointment": appointment_with_visit});
    let free_visit = made(&clinic, reception, "visits/", visit).await;
    let catalog = clinic.get(reception, "billing/service-catalog/").await;
    let service = catalog.body["results"][0]["id"].as_i64().unwrap();
    Prepared {
        clinic,
        scheduled,
        running,
        completed,
        free_visit,
        appointment_with_visit,
        appointment,
        service,
        spare,
        refresh,
    }
}

async fn made(clinic: &Clinic, who: &Person, path: &str, body: Value) -> i64 {
    let answer = clinic.post(who, path, body).await;
    assert_eq!(answer.status, 201, "{path}: {}", answer.text);
    answer.body["id"].as_i64().unwrap()
}

async fn session(clinic: &Clinic, visit: i64) -> i64 {
    let body = json!({"visit": visit, "scheduled_start": "2026-02-06T18:00:00Z"});
    made(clinic, &clinic.doctor, "telemedicine/", body).await
}

async fn step(clinic: &Clinic, session: i64, verb: &str) {
    let path = format!("telemedicine/{session}/{verb}/");
    let answer = clinic.post(&clinic.doctor, &path, json!({})).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text);
}

/// The address of a call in the prepared clinic.
fn path(here: &Prepared, template: &str) -> String {
    let rest = template.strip_prefix("/api/v1/").unwrap_or(template);
    let area = rest.split('/').next().unwrap_or_default();
    let id = match (area, rest) {
        (_, whole) if !whole.contains("{id}") => 0,
        ("appointments", _) => here.appointment,
        ("billing", _) => here.service,
        ("patients", _) => here.clinic.record,
        ("users", _) => here.spare,
        ("visits", "visits/{id}/close/") => here.free_visit,
        ("visits", _) => here.clinic.visit,
        (
            "telemedicine",
            "telemedicine/{id}/end/"
            | "telemedicine/{id}/leave/"
            | "telemedicine/{id}/participants/{user}/",
        ) => here.running,
        (
            "telemedicine",
            "telemedicine/{id}/request-transcription/"
            | "telemedicine/{id}/recording/"
            | "telemedicine/{id}/transcript/",
        ) => here.completed,
        ("telemedicine", _) => here.scheduled,
        _ => panic!("say in permissions.rs what stands for the numbers of {template}"),
    };
    template
        .replace("{id}", &id.to_string())
        .replace("{user}", &here.spare.to_string())
}

/// What a call is sent: enough to be answered with success where the caller may.
fn body(here: &Prepared, method: &Method, template: &str) -> Value {
    let rest = template.strip_prefix("/api/v1/").unwrap_or(template);
    match (method.as_str(), rest) {
        ("POST", "auth/login/") => json!({"username": "spare", "password": PASSWORD}),
        ("POST", "auth/refresh/") => json!({"refresh": here.refresh}),
        ("POST", "users/") => {
            json!({"username": "new", "password": PASSWORD, "role": "NURSE"})
        }
        ("POST", "users/{id}/set-password/") => json!({"password": PASSWORD}),
        ("POST", "patients/") => json!({
            "first_name": "New", "last_name": "Patient", "date_of_birth": "1990-01-01", "gender": "FEMALE",
        }),
        ("PATCH", "patients/{id}/") => json!({"phone": "0712345678"}),
        ("PATCH", "users/{id}/") => json!({"specialization": "Wounds"}),
        ("POST", "visits/") => json!({"patient": here.clinic.record}),
        ("PATCH", "visits/{id}/") => json!({"visit_type": "ROUTINE"}),
        ("POST", "appointments/") => {
            let mut body = json!({
                "patient": here.clinic.record, "appointment_date": "2026-02-08T08:00:00Z",
            });
            body["doctor"] = json!(here.clinic.doctor.id);
            body
        }
        ("PATCH", "appointments/{id}/") => json!({"reason": "Rash"}),
        ("POST", "billing/service-catalog/") => json!({
            "service_code": "NEW-1", "name": "New", "department": "CONSULTATION", "amount": "1.00",
        }),
        ("PATCH", "billing/service-catalog/{id}/") => json!({"amount": "2.00"}),
        ("POST", "visits/{id}/billing/charges/") => json!({"service_code": "TELEMED-001"}),
        ("POST", "visits/{id}/billing/payments/") => {
            json!({"amount": "10.00", "payment_method": "CASH"})
        }
        ("POST", "telemedicine/") => json!({
            "visit": here.free_visit, "doctor": here.clinic.doctor.id, "scheduled_start": "2026-02-07T08:00:00Z",
        }),
        ("PATCH", "telemedicine/{id}/") => json!({"notes": "Calm"}),
        ("POST", "telemedicine/create-session/") => {
            json!({"appointment_id": here.appointment_with_visit})
        }
        ("POST", "telemedicine/token/") => json!({"session_id": here.scheduled}),
        ("POST", "telemedicine/{id}/participants/") => json!({"user": here.spare}),
        ("POST", "telemedicine/{id}/end/") => json!({"notes": "Well", "add_to_bill": true}),
        ("POST", _) => json!({}),
        ("GET" | "DELETE", _) => Value::Null,
        _ => panic!("say in permissions.rs what {method} {template} is sent"),
    }
}

/// Every call of the description, by path and then by method.
fn calls() -> Vec<(Method, String)> {
    let mut calls = Vec::new();
    for (path, item) in televisit::api::openapi::document().paths.paths {
        let operations = [
            (Method::GET, item.get),
            (Method::POST, item.post),
            (Method::PUT, item.put),
            (Method::PATCH, item.patch),
            (Method::DELETE, item.delete),
        ];
        for (method, operation) in operations {
            if operation.is_some() {
                calls.push((method, path.clone()));
            }
        }
    }
    calls.sort_by(|a, b| (&a.1, a.0.as_str()).cmp(&(&b.1, b.0.as_str())));
    calls
}

/// The same clinic again: its database file is copied.
async fn again(from: &Path) -> TestApp {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().to_str().unwrap().to_owned();
    std::fs::copy(from, data.path().join("televisit.db")).unwrap();
    let arguments = [
        "televisit",
        "--data",
        &folder,
        "--time-zone",
        "Africa/Nairobi",
    ];
    let config = Arguments::parse_from(arguments).config;
    let db = Db::open(&config.effective_database_url()).await.unwrap();
    TestApp::over(config, db, data)
}

async fn answer(
    app: &TestApp,
    who: Option<&Person>,
    method: &Method,
    path: &str,
    body: &Value,
) -> u16 {
    let mut request = Request::builder().method(method).uri(path);
    if let Some(person) = who {
        request = request.header(header::AUTHORIZATION, format!("Bearer {}", person.token));
    }
    let body = if body.is_null() {
        Body::empty()
    } else {
        request = request.header(header::CONTENT_TYPE, "application/json");
        Body::from(body.to_string())
    };
    app.status(request.body(body).unwrap()).await.as_u16()
}

/// Every line that is not as expected, is missing or has nothing to stand for.
fn differences(expected: &str, actual: &str) -> String {
    let lines = |table: &str| -> Vec<String> {
        table
            .lines()
            .map(|line| line.trim().to_owned())
            .filter(|line| !line.is_empty())
            .collect()
    };
    let (expected, actual) = (lines(expected), lines(actual));
    let mut told = String::new();
    for line in expected.iter().filter(|line| !actual.contains(line)) {
        writeln!(told, "expected: {line}").unwrap();
    }
    for line in actual.iter().filter(|line| !expected.contains(line)) {
        writeln!(told, "answered: {line}").unwrap();
    }
    if told.is_empty() && expected.len() != actual.len() {
        told.push_str("a line stands twice\n");
    }
    told
}

#[tokio::test]
async fn everybody_is_answered_as_the_table_says() {
    let app = TestApp::new().await;
    let database = app.app.db.path().unwrap().to_owned();
    let here = prepare(app).await;
    // Folds what was written into the one file that is copied.
    here.clinic.app.app.tasks.shutdown().await;
    here.clinic.app.app.db.close().await;

    let mut table = format!("{HEAD}\n");
    for (method, template) in calls() {
        write!(table, "{method},{template}").unwrap();
        let (path, body) = (path(&here, &template), body(&here, &method, &template));
        let answers = people(&here.clinic).map(|person| {
            let (database, method, path, body) = (&database, &method, &path, &body);
            async move {
                let app = again(database).await;
                let status = answer(&app, person, method, path, body).await;
                app.app.tasks.shutdown().await;
                app.app.db.close().await;
                status
            }
        });
        for status in futures_util::future::join_all(answers).await {
            write!(table, ",{status}").unwrap();
        }
        table.push('\n');
    }
    let told = differences(EXPECTED, &table);
    assert!(
        told.is_empty(),
        "{told}\nThe whole table as answered:\n{table}"
    );
}

#[test]
fn the_comparison_finds_a_wrong_answer_a_missing_row_and_a_row_too_many() {
    let table = "method,path,anonymous\nGET,/a/,401\nGET,/b/,200\n";
    assert_eq!(differences(table, table), "");
    let wrong = differences(table, "method,path,anonymous\nGET,/a/,200\nGET,/b/,200\n");
    assert_eq!(wrong, "expected: GET,/a/,401\nanswered: GET,/a/,200\n");
    let without_row = differences("method,path,anonymous\nGET,/a/,401\n", table);
    assert_eq!(without_row, "answered: GET,/b/,200\n");
    let without_route = differences(table, "method,path,anonymous\nGET,/a/,401\n");
    assert_eq!(without_route, "expected: GET,/b/,200\n");
    assert_ne!(differences(&format!("{table}GET,/b/,200\n"), table), "");
}
