//! Bodies that are wrong, late or too large; a database that is gone; a disk that is full. Each gets a clear answer,
//! and nothing is lost.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use futures_util::StreamExt as _;
use serde_json::{Value, json};

use crate::clinic::Clinic;
use crate::support::{Answer, TestApp};

fn patient(number: usize) -> Value {
    json!({
        "first_name": "Grace", "last_name": "Njeri", "date_of_birth": "1984-05-06", "gender": "FEMALE",
        "national_id": format!("ID-{number}"),
    })
}

async fn post_raw(clinic: &Clinic, kind: Option<&str>, body: Body) -> Answer {
    let mut request = Request::builder()
        .method(Method::POST)
        .uri("/api/v1/patients/")
        .header(
            header::AUTHORIZATION,
            format!("Bearer {}", clinic.receptionist.token),
        );
    if let Some(kind) = kind {
        request = request.header(header::CONTENT_TYPE, kind);
    }
    clinic.app.send(request.body(body).unwrap()).await
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_told_what_is_wrong_with_it() {
    let clinic = Clinic::new().await;
    let json_type = Some("application/json");
    for (kind, body, status, code) in [
        (
            json_type,
            "{\"first_name\": ",
            StatusCode::BAD_REQUEST,
            "parse_error",
        ),
        (json_type, "[]", StatusCode::BAD_REQUEST, "parse_error"),
        (json_type, "{} {}", StatusCode::BAD_REQUEST, ""),
        (
            Some("text/plain"),
            "{}",
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
        ),
        (
            None,
            "{}",
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
        ),
    ] {
        let answer = post_raw(&clinic, kind, Body::from(body)).await;
        assert_eq!(answer.status, status, "{body}: {}", answer.text);
        if !code.is_empty() {
            assert_eq!(answer.body["code"], code, "{body}: {}", answer.text);
        }
    }
}

#[tokio::test]
async fn a_field_that_is_missing_wrong_or_unknown_is_named() {
    let clinic = Clinic::new().await;
    let mut without = patient(1);
    without.as_object_mut().unwrap().remove("last_name");
    let mut unknown = patient(1);
    unknown["favourite_colour"] = json!("green");
    let mut wrong = patient(1);
    wrong["date_of_birth"] = json!("yesterday");
    for (body, field) in [
        (without, "last_name"),
        (unknown, "favourite_colour"),
        (wrong, "date_of_birth"),
    ] {
        let answer = clinic
            .app
            .post("/api/v1/patients/", &clinic.receptionist.token, body)
            .await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text);
        assert!(
            answer.body[field][0].is_string(),
            "{field}: {}",
            answer.text
        );
    }
}

#[tokio::test]
async fn a_body_over_a_mebibyte_is_refused_whether_it_says_its_size_or_not() {
    let clinic = Clinic::new().await;
    let large = vec![b' '; 1024 * 1024 + 1];
    let chunks = futures_util::stream::iter(
        large
            .chunks(1000)
            .map(|chunk| Ok::<_, std::io::Error>(chunk.to_vec()))
            .collect::<Vec<_>>(),
    );
    for body in [Body::from(large.clone()), Body::from_stream(chunks)] {
        let answer = post_raw(&clinic, Some("application/json"), body).await;
        assert_eq!(
            (answer.status, &answer.body["code"]),
            (StatusCode::PAYLOAD_TOO_LARGE, &json!("body_too_large"))
        );
    }
}

#[tokio::test]
async fn a_body_that_never_ends_is_given_up_after_ten_seconds() {
    let clinic = Clinic::new().await;
    // Only this request's own wait remains: signing in reads its body before it touches the database.
    tokio::time::pause();
    let first = futures_util::stream::once(async {
        Ok::<_, std::io::Error>(b"{\"username\": \"".to_vec())
    });
    let endless = first.chain(futures_util::stream::pending());
    let request = Request::builder()
        .method(Method::POST)
        .uri("/api/v1/auth/login/")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from_stream(endless))
        .unwrap();
    let began = tokio::time::Instant::now();
    let answer = clinic.app.send(request).await;
    let waited = began.elapsed();
    assert_eq!(
        (answer.status, &answer.body["code"]),
        (StatusCode::REQUEST_TIMEOUT, &json!("body_too_slow"))
    );
    assert!(
        (Duration::from_secs(10)..Duration::from_secs(11)).contains(&waited),
        "{waited:?}"
    );
}

#[tokio::test]
async fn a_stopped_database_is_named_and_nothing_else_is_told() {
    let clinic = Clinic::new().await;
    clinic.app.app.db.close().await;
    let token = &clinic.receptionist.token;
    for answer in [
        clinic.app.get("/api/v1/patients/", token).await,
        clinic
            .app
            .post("/api/v1/patients/", token, patient(1))
            .await,
        clinic.app.get("/healthz", "").await,
    ] {
        assert_eq!(
            (answer.status, &answer.body["code"]),
            (
                StatusCode::SERVICE_UNAVAILABLE,
                &json!("database_unavailable")
            ),
            "{}",
            answer.text
        );
    }
}

/// A file system of a few megabytes, gone when the test ends.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// `None` when this account may not mount one.
    fn mount(at: &Path) -> Option<Self> {
        let done = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=4m", "tmpfs"])
            .arg(at)
            .output();
        done.is_ok_and(|output| output.status.success())
            .then(|| Self(at.to_owned()))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).output();
    }
}

#[tokio::test]
async fn a_full_disk_refuses_and_loses_nothing_that_was_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = SmallDisk::mount(folder.path()) else {
        eprintln!("NOT TESTED: mounting a small file system needs root");
        return;
    };
    let url = format!("sqlite://{}", disk.0.join("small.db").display());
    let clinic = Clinic::over(TestApp::with_arguments(&["--database-url", &url]).await).await;
    let token = &clinic.receptionist.token;
    let before = clinic.app.get("/api/v1/patients/", token).await.body["count"]
        .as_i64()
        .unwrap();

    let filler = disk.0.join("filler");
    std::fs::write(&filler, vec![0; 8 << 20]).unwrap_err();
    let (mut kept, mut refused) = (0, 0);
    for number in 0..20 {
        let answer = clinic
            .app
            .post("/api/v1/patients/", token, patient(number))
            .await;
        match answer.status {
            StatusCode::CREATED => kept += 1,
            StatusCode::SERVICE_UNAVAILABLE => {
                assert_eq!(
                    answer.body["code"], "database_unavailable",
                    "{}",
                    answer.text
                );
                refused += 1;
            }
            _ => panic!("{} {}", answer.status, answer.text),
        }
    }
    assert!(refused > 0, "the disk was not full");

    std::fs::remove_file(filler).unwrap();
    let again = clinic
        .app
        .post("/api/v1/patients/", token, patient(100))
        .await;
    assert_eq!(
        again.status,
        StatusCode::CREATED,
        "it does not recover: {}",
        again.text
    );
    let after = clinic.app.get("/api/v1/patients/", token).await.body["count"]
        .as_i64()
        .unwrap();
    assert_eq!(after, before + kept + 1);
    clinic.app.app.db.close().await;
}
