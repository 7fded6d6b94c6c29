//! Live updates: who is told of what.

use std::net::SocketAddr;
use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode};
use futures_util::StreamExt as _;
use serde_json::json;
use televisit::events::{Event, Kind};
use televisit_domain::ids::{PatientId, UserId};
use tower::ServiceExt as _;

use crate::clinic::{Clinic, Person};

/// Somebody's open stream.
struct Stream {
    body: BodyDataStream,
    text: String,
}

impl Stream {
    async fn open(clinic: &Clinic, who: &Person) -> Self {
        let mut request = Request::get("/api/v1/events/")
            .header("authorization", format!("Bearer {}", who.token))
            .body(Body::empty())
            .unwrap();
        let peer = SocketAddr::from(([127, 0, 0, 1], 40000));
        request.extensions_mut().insert(ConnectInfo(peer));
        let router = televisit::api::router::router(clinic.app.app.clone());
        let response = router.oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let mut stream = Self {
            body: response.into_body().into_data_stream(),
            text: String::new(),
        };
        assert_eq!(stream.next().await, ("ready".into(), "{}".into()));
        stream
    }

    /// Kind and data of the next event.
    async fn next(&mut self) -> (String, String) {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let field = |name: &str| {
                    event
                        .lines()
                        .find_map(|line| line.strip_prefix(name))
                        .unwrap_or_default()
                        .to_owned()
                };
                let found = (field("event: "), field("data: "));
                self.text = String::from(rest);
                if !found.0.is_empty() {
                    return found;
                }
                continue;
            }
            let bytes = tokio::time::timeout(Duration::from_secs(20), self.body.next())
                .await
                .unwrap()
                .unwrap()
                .unwrap();
            self.text.push_str(std::str::from_utf8(&bytes).unwrap());
        }
    }
}

/// News about a session of nobody in particular, which only those with sight of all sessions hear.
fn mark(clinic: &Clinic, doctor: i64, patient: i64) {
    clinic.app.app.events.publish(Event {
        kind: Kind::Session,
        id: 9000,
        doctor: Some(UserId(doctor)),
        patient: Some(PatientId(patient)),
    });
}

#[tokio::test]
async fn a_patient_hears_of_his_own_things_and_never_of_anothers() {
    let clinic = Clinic::new().await;
    let mut own = Stream::open(&clinic, &clinic.patient).await;
    let mut other = Stream::open(&clinic, &clinic.other_patient).await;
    let mut stranger = Stream::open(&clinic, &clinic.other_doctor).await;
    let mut reception = Stream::open(&clinic, &clinic.receptionist).await;
    let body = json!({"visit": clinic.visit, "scheduled_start": "2026-02-06T18:00:00Z"});
    let answer = clinic.post(&clinic.doctor, "telemedicine/", body).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    let session = answer.body["id"].as_i64().unwrap();
    let news = ("session".to_owned(), format!("{{\"id\":{session}}}"));
    assert_eq!(own.next().await, news);
    assert_eq!(reception.next().await, news);

    // What follows is the others' own: it is the first thing they hear.
    mark(&clinic, clinic.other_doctor.id, clinic.other_record);
    let marked = ("session".to_owned(), "{\"id\":9000}".to_owned());
    assert_eq!(other.next().await, marked);
    assert_eq!(stranger.next().await, marked);
}

#[tokio::test]
async fn an_invited_doctor_hears_of_the_session() {
    let clinic = Clinic::new().await;
    let body = json!({"visit": clinic.visit, "scheduled_start": "2026-02-06T18:00:00Z"});
    let answer = clinic.post(&clinic.doctor, "telemedicine/", body).await;
    let session = answer.body["id"].as_i64().unwrap();
    let mut guest = Stream::open(&clinic, &clinic.other_doctor).await;
    let path = format!("telemedicine/{session}/participants/");
    let answer = clinic
        .post(
            &clinic.doctor,
            &path,
            json!({"user": clinic.other_doctor.id}),
        )
        .await;
    assert!(answer.status.is_success(), "{}", answer.text);
    let path = format!("telemedicine/{session}/start/");
    clinic.post(&clinic.doctor, &path, json!({})).await;
    assert_eq!(guest.next().await.1, format!("{{\"id\":{session}}}"));
}

#[tokio::test]
async fn whoever_fell_behind_is_told_to_load_everything_again() {
    let clinic = Clinic::new().await;
    let mut nurse = Stream::open(&clinic, &clinic.nurse).await;
    for _ in 0..2000 {
        mark(&clinic, clinic.doctor.id, clinic.record);
    }
    assert_eq!(nurse.next().await.0, "reload");
    assert_eq!(nurse.next().await.0, "session");
}

#[tokio::test]
async fn a_stream_ends_when_the_server_stops() {
    let clinic = Clinic::new().await;
    let mut stream = Stream::open(&clinic, &clinic.nurse).await;
    clinic.app.app.tasks.stop();
    let rest = tokio::time::timeout(Duration::from_secs(20), stream.body.next()).await;
    assert!(rest.unwrap().is_none());
}
