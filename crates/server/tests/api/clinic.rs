//! A clinic with one person of every kind, and a visit of the first doctor and the first patient.

use std::future::Future;
use std::pin::Pin;

use axum::http::Method;
use clap::Parser as _;
use serde_json::{Value, json};
use televisit::service::catalog;
use televisit_domain::access::Role;
use televisit_domain::clock::Clock;
use televisit_domain::ids::{PatientId, UserId};
use televisit_domain::record::Gender;
use televisit_storage::patients::{self, PatientFields};
use televisit_storage::tokens;
use televisit_storage::users::{self, NewUser};

use crate::databases;
use crate::support::{Answer, Arguments, TestApp};

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: i64,
    pub token: String,
}

/// The product with people in it.
pub struct Clinic {
    pub app: TestApp,
    pub doctor: Person,
    pub other_doctor: Person,
    pub nurse: Person,
    pub receptionist: Person,
    pub admin: Person,
    pub patient: Person,
    pub other_patient: Person,
    /// The record of `patient`.
    pub record: i64,
    /// The record of `other_patient`.
    pub other_record: i64,
    /// An open visit of `record`, assigned to `doctor`.
    pub visit: i64,
}

impl Clinic {
    /// On SQLite.
    pub async fn new() -> Self {
        Self::over(TestApp::new().await).await
    }

    /// In an app with nothing in it.
    pub async fn over(app: TestApp) -> Self {
        catalog::ensure_defaults(&app.app).await.unwrap();
        let record = add_record(&app, "Test", "Telemedicine").await;
        let other_record = add_record(&app, "Amina", "Otieno").await;
        let mut clinic = Self {
            doctor: add_person(&app, "doctor", Role::Doctor, None).await,
            other_doctor: add_person(&app, "doctor2", Role::Doctor, None).await,
            nurse: add_person(&app, "nurse", Role::Nurse, None).await,
            receptionist: add_person(&app, "receptionist", Role::Receptionist, None).await,
            admin: add_person(&app, "admin", Role::Admin, None).await,
            patient: add_person(&app, "patient", Role::Patient, Some(record)).await,
            other_patient: add_person(&app, "patient2", Role::Patient, Some(other_record)).await,
            record: record.0,
            other_record: other_record.0,
            visit: 0,
            app,
        };
        clinic.visit = clinic.open_visit(clinic.record).await;
        clinic
    }

    /// An open visit assigned to the first doctor.
    pub async fn open_visit(&self, patient: i64) -> i64 {
        let body = json!({
            "patient": patient,
            "visit_type": "CONSULTATION",
            "chief_complaint": "Virtual consultation needed",
            "assigned_doctor": self.doctor.id,
        });
        let answer = self.post(&self.receptionist, "visits/", body).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.body["id"].as_i64().unwrap()
    }

    /// Charges the telemedicine fee of 1000.00 so many times.
    pub async fn charge(&self, visit: i64, quantity: i64) {
        let path = format!("visits/{visit}/billing/charges/");
        let body = json!({"service_code": "TELEMED-001", "quantity": quantity});
        let answer = self.post(&self.receptionist, &path, body).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
    }

    /// An access token for a server on the real clock, with a sign-in of today: that server sweeps older ones away.
    pub async fn token_of_today(&self, who: &Person) -> String {
        let (app, now) = (&self.app.app, Clock::System.now());
        let family = format!("sign-in of {} today", who.id);
        let mut tx = databases::begin(&app.db).await;
        let begun = tokens::begin(&mut tx, UserId(who.id), "no password", &family, now).await;
        assert!(begun.unwrap());
        tx.commit().await.unwrap();
        app.tokens.access(UserId(who.id), &family, now).unwrap().0
    }

    /// `GET` of a path below `/api/v1/`.
    pub async fn get(&self, who: &Person, path: &str) -> Answer {
        self.app.get(&format!("/api/v1/{path}"), &who.token).await
    }

    /// `POST` to a path below `/api/v1/`.
    pub async fn post(&self, who: &Person, path: &str, body: Value) -> Answer {
        self.app
            .post(&format!("/api/v1/{path}"), &who.token, body)
            .await
    }

    /// `PATCH` of a path below `/api/v1/`.
    pub async fn patch(&self, who: &Person, path: &str, body: Value) -> Answer {
        self.app
            .call(Method::PATCH, &format!("/api/v1/{path}"), &who.token, body)
            .await
    }

    /// `POST` with an `Idempotency-Key`.
    pub async fn post_once(&self, who: &Person, path: &str, key: &str, body: Value) -> Answer {
        self.app
            .post_once(&format!("/api/v1/{path}"), &who.token, key, body)
            .await
    }
}

/// Tells a story of a clinic on SQLite and on PostgreSQL.
pub async fn on_both_engines(story: impl AsyncFn(Clinic)) {
    databases::for_each_engine(async |db, _| {
        let data = tempfile::tempdir().unwrap();
        let folder = data.path().to_str().unwrap().to_owned();
        let arguments = [
            "televisit",
            "--data",
            &folder,
            "--time-zone",
            "Africa/Nairobi",
        ];
        let config = Arguments::parse_from(arguments).config;
        story(Clinic::over(TestApp::over(config, db, data)).await).await;
    })
    .await;
}

/// Sends so many requests at once and collects the answers.
pub async fn at_once<'a>(
    count: usize,
    request: impl Fn(usize) -> Pin<Box<dyn Future<Output = Answer> + 'a>>,
) -> Vec<Answer> {
    futures_util::future::join_all((0..count).map(request)).await
}

async fn add_record(app: &TestApp, first: &str, last: &str) -> PatientId {
    let fields = PatientFields {
        first_name: Some(first.into()),
        last_name: Some(last.into()),
        date_of_birth: "1990-01-01".parse().ok(),
        gender: Some(Gender::Male),
        ..PatientFields::default()
    };
    let mut tx = databases::begin(&app.app.db).await;
    let patient = patients::insert(&mut tx, &fields, app.clock.now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    patient.id
}

/// An account that is signed in. Its password is not one: hashing costs more than the rest of a test.
pub async fn add_person(
    app: &TestApp,
    username: &str,
    role: Role,
    patient: Option<PatientId>,
) -> Person {
    let now = app.clock.now();
    let new = NewUser {
        username,
        email: "",
        first_name: "",
        last_name: "",
        role,
        specialization: "",
        password_hash: "no password",
        patient,
    };
    let mut tx = databases::begin(&app.app.db).await;
    let UserId(id) = users::insert(&mut tx, &new, now).await.unwrap().id;
    let family = format!("sign-in of {username}");
    let begun = tokens::begin(&mut tx, UserId(id), "no password", &family, now).await;
    assert!(begun.unwrap());
    tx.commit().await.unwrap();
    let (token, _) = app.app.tokens.access(UserId(id), &family, now).unwrap();
    Person { id, token }
}
