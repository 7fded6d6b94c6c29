//! The WebSocket of a call: waiting room, call, chat, limits, coming back.

use serde_json::{Value, json};
use televisit_domain::access::Role;

use crate::live::{Client, Live, quick};

fn names(participants: &Value) -> Vec<(&str, &str)> {
    participants
        .as_array()
        .unwrap()
        .iter()
        .map(|person| {
            (
                person["role"].as_str().unwrap(),
                person["state"].as_str().unwrap(),
            )
        })
        .collect()
}

async fn refusal(client: &mut Client) -> (String, Option<u16>) {
    let error = client.hears("error").await;
    assert_eq!(error["fatal"], json!(true), "{error}");
    let code = error["code"].as_str().unwrap().to_owned();
    (code, client.closes().await)
}

fn refused(code: &str) -> (String, Option<u16>) {
    (code.to_owned(), Some(1008))
}

#[tokio::test]
async fn a_visit_from_the_waiting_room_to_its_end() {
    let live = Live::new().await;
    let (doctor, patient) = (&live.clinic.doctor, &live.clinic.patient);

    let (mut at_home, welcome) = live.enters(patient).await;
    assert_eq!(welcome["state"], "waiting");
    assert_eq!(welcome["session"]["status"], "SCHEDULED");
    assert_eq!(names(&welcome["participants"]), []);

    let (mut in_clinic, welcome) = live.enters(doctor).await;
    assert_eq!(welcome["state"], "waiting");
    assert_eq!(names(&welcome["participants"]), [("PATIENT", "waiting")]);

    at_home
        .says(json!({"type": "chat", "text": "hello?"}))
        .await;
    assert_eq!(at_home.hears("error").await["code"], "waiting");

    live.does(doctor, "start/", json!({})).await;
    at_home.hears("admitted").await;
    let joined = at_home.hears("joined").await;
    assert_eq!(joined["participant"]["role"], "DOCTOR");
    // Each of the two is admitted by his own connection: either may be first.
    let mut told = Vec::new();
    for _ in 0..2 {
        let message = in_clinic.next().await.unwrap();
        told.push((
            message["type"].clone(),
            message["participant"]["state"].clone(),
        ));
    }
    told.sort_by_key(|(kind, _)| kind.to_string());
    assert_eq!(
        told,
        [
            (json!("admitted"), Value::Null),
            (json!("updated"), json!("admitted"))
        ]
    );

    in_clinic
        .says(json!({"type": "chat", "text": "  Good evening.  "}))
        .await;
    let said = at_home.hears("chat").await;
    assert_eq!(
        (&said["text"], &said["id"]),
        (&json!("Good evening."), &json!(1))
    );
    assert_eq!(in_clinic.hears("chat").await, said);

    at_home
        .says(json!({"type": "media", "audio": true, "video": false, "screen": false}))
        .await;
    let updated = in_clinic.hears("updated").await;
    assert_eq!(updated["participant"]["audio"], json!(true));

    live.does(doctor, "end/", json!({"notes": "", "add_to_bill": false}))
        .await;
    for client in [&mut at_home, &mut in_clinic] {
        assert_eq!(client.hears("ended").await["reason"], "completed");
        assert_eq!(client.closes().await, Some(1000));
    }
    let mut late = live.socket().await;
    late.hello(json!({"token": live.forged(patient, Role::Patient)}))
        .await;
    assert_eq!(refusal(&mut late).await, refused("session_over"));
}

#[tokio::test]
async fn a_cancelled_visit_ends_the_waiting() {
    let live = Live::new().await;
    let (mut at_home, _) = live.enters(&live.clinic.patient).await;
    live.does(
        &live.clinic.receptionist,
        "cancel/",
        json!({"reason": "ill"}),
    )
    .await;
    assert_eq!(at_home.hears("ended").await["reason"], "cancelled");
}

#[tokio::test]
async fn whoever_the_session_does_not_list_is_refused_whatever_his_token_says() {
    let live = Live::new().await;
    let strangers = [
        (&live.clinic.other_patient, Role::Patient),
        (&live.clinic.other_doctor, Role::Doctor),
        (&live.clinic.nurse, Role::Nurse),
        (&live.clinic.admin, Role::Admin),
    ];
    for (stranger, role) in strangers {
        let mut client = live.socket().await;
        client
            .hello(json!({"token": live.forged(stranger, role)}))
            .await;
        assert_eq!(refusal(&mut client).await, refused("not_allowed"));
    }
}

#[tokio::test]
async fn a_bad_hello_is_refused_by_its_code() {
    let live = Live::with_timing(quick()).await;
    let good = live.token(&live.clinic.patient).await;
    let hello = |members: Value| {
        let mut hello = json!({"type": "hello", "version": 1});
        for (name, value) in members.as_object().unwrap() {
            hello[name] = value.clone();
        }
        hello
    };
    let cases = [
        (json!({"type": "ping"}), "bad_message"),
        (json!({"type": "hello"}), "bad_message"),
        (
            hello(json!({"version": 2, "token": good})),
            "version_unsupported",
        ),
        (hello(json!({})), "token_invalid"),
        (hello(json!({"token": "nonsense"})), "token_invalid"),
        (hello(json!({"resume": ""})), "token_invalid"),
        (
            hello(json!({"token": live.clinic.patient.token})),
            "token_invalid",
        ),
    ];
    for (message, code) in cases {
        let mut client = live.socket().await;
        client.says(message.clone()).await;
        assert_eq!(refusal(&mut client).await, refused(code), "{message}");
    }
    let mut silent = live.socket().await;
    assert_eq!(refusal(&mut silent).await, refused("hello_timeout"));

    live.clinic
        .app
        .clock
        .advance(chrono::TimeDelta::minutes(11));
    let mut late = live.socket().await;
    late.hello(json!({"token": good})).await;
    assert_eq!(refusal(&mut late).await, refused("token_expired"));
}

#[tokio::test]
async fn an_invitation_that_is_taken_back_puts_the_guest_out() {
    let live = Live::new().await;
    let (doctor, guest) = (&live.clinic.doctor, &live.clinic.other_doctor);
    live.does(doctor, "participants/", json!({"user": guest.id}))
        .await;
    live.does(doctor, "start/", json!({})).await;
    let (mut in_clinic, _) = live.enters(doctor).await;
    let (mut elsewhere, welcome) = live.enters(guest).await;
    assert_eq!(welcome["state"], "admitted");
    in_clinic.hears("joined").await;

    let path = format!(
        "/api/v1/{}",
        live.path(&format!("participants/{}/", guest.id))
    );
    let answer = live
        .clinic
        .app
        .call(
            axum::http::Method::DELETE,
            &path,
            &doctor.token,
            Value::Null,
        )
        .await;
    assert!(answer.status.is_success(), "{}", answer.text);
    assert_eq!(refusal(&mut elsewhere).await, refused("removed"));
    assert_eq!(in_clinic.hears("left").await["reason"], "removed");
}

#[tokio::test]
async fn a_second_connection_of_the_same_person_takes_the_seat_over() {
    let live = Live::new().await;
    live.does(&live.clinic.doctor, "start/", json!({})).await;
    let (mut in_clinic, _) = live.enters(&live.clinic.doctor).await;
    let (mut first, before) = live.enters(&live.clinic.patient).await;
    in_clinic.hears("joined").await;

    let (mut second, after) = live.enters(&live.clinic.patient).await;
    assert_eq!(after["participant"], before["participant"]);
    assert_eq!(after["state"], "admitted");
    assert_ne!(after["resume"], before["resume"]);
    assert_eq!(refusal(&mut first).await, refused("taken_over"));

    // The doctor sees one patient throughout: the next thing he hears is what the second connection says.
    second
        .says(json!({"type": "chat", "text": "it is me"}))
        .await;
    assert_eq!(in_clinic.next().await.unwrap()["type"], "chat");

    // The older secret opens nothing any more.
    let mut old = live.socket().await;
    old.hello(json!({"resume": before["resume"]})).await;
    assert_eq!(refusal(&mut old).await, refused("token_invalid"));
}

#[tokio::test]
async fn a_lost_connection_is_shown_and_comes_back_by_its_secret_with_the_chat() {
    let live = Live::new().await;
    live.does(&live.clinic.doctor, "start/", json!({})).await;
    let (mut in_clinic, _) = live.enters(&live.clinic.doctor).await;
    let (at_home, welcome) = live.enters(&live.clinic.patient).await;
    in_clinic.hears("joined").await;

    at_home.vanishes();
    let updated = in_clinic.hears("updated").await;
    assert_eq!(updated["participant"]["connection"], "lost");
    in_clinic
        .says(json!({"type": "chat", "text": "are you there?"}))
        .await;

    let mut back = live.socket().await;
    back.hello(json!({"resume": welcome["resume"]})).await;
    let again = back.hears("welcome").await;
    assert_eq!(again["participant"], welcome["participant"]);
    assert_eq!(again["state"], "admitted");
    assert_eq!(again["chat"][0]["text"], "are you there?");
    let updated = in_clinic.hears("updated").await;
    assert_eq!(updated["participant"]["connection"], "connecting");
}

#[tokio::test]
async fn a_seat_is_given_up_when_nobody_comes_back() {
    let live = Live::with_timing(quick()).await;
    live.does(&live.clinic.doctor, "start/", json!({})).await;
    let (mut in_clinic, _) = live.enters(&live.clinic.doctor).await;
    let (at_home, welcome) = live.enters(&live.clinic.patient).await;
    in_clinic.hears("joined").await;
    let mut news = live.clinic.app.app.events.subscribe();
    at_home.vanishes();
    let left = in_clinic.hears("left").await;
    assert_eq!(left["participant"], welcome["participant"]);
    assert_eq!(left["reason"], "lost");
    // Written down just after the others were told.
    let seat = loop {
        let news = tokio::time::timeout(std::time::Duration::from_secs(20), news.recv()).await;
        news.unwrap().unwrap();
        let session = live
            .clinic
            .get(&live.clinic.doctor, &live.path(""))
            .await
            .body;
        let seats = session["participants"].as_array().unwrap().clone();
        let seat = seats
            .into_iter()
            .find(|seat| seat["id"] == welcome["participant"]);
        if let Some(seat) = seat.filter(|seat| seat["is_present"] == json!(false)) {
            break seat;
        }
    };
    assert!(seat["left_at"].is_string());
}

#[tokio::test]
async fn a_client_that_falls_silent_is_noticed() {
    let live = Live::with_timing(quick()).await;
    live.does(&live.clinic.doctor, "start/", json!({})).await;
    let (mut in_clinic, _) = live.enters(&live.clinic.doctor).await;
    let _frozen = live.freezes(&live.clinic.patient).await;
    in_clinic.hears("joined").await;
    let updated = in_clinic.hears("updated").await;
    assert_eq!(updated["participant"]["connection"], "lost");
}

#[tokio::test]
async fn whoever_leaves_is_gone_at_once() {
    let live = Live::new().await;
    live.does(&live.clinic.doctor, "start/", json!({})).await;
    let (mut in_clinic, _) = live.enters(&live.clinic.doctor).await;
    let (mut at_home, _) = live.enters(&live.clinic.patient).await;
    in_clinic.hears("joined").await;
    at_home.says(json!({"type": "leave"})).await;
    assert_eq!(at_home.closes().await, Some(1000));
    assert_eq!(in_clinic.hears("left").await["reason"], "left");
}

#[tokio::test]
async fn a_late_joiner_is_shown_the_chat() {
    let live = Live::new().await;
    live.does(&live.clinic.doctor, "start/", json!({})).await;
    let (mut in_clinic, _) = live.enters(&live.clinic.doctor).await;
    for text in ["one", "two"] {
        in_clinic.says(json!({"type": "chat", "text": text})).await;
        in_clinic.hears("chat").await;
    }
    let (_, welcome) = live.enters(&live.clinic.patient).await;
    let texts: Vec<&Value> = welcome["chat"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| &line["text"])
        .collect();
    assert_eq!(texts, ["one", "two"]);
}

#[tokio::test]
async fn what_one_client_may_say_is_limited() {
    let live = Live::new().await;
    live.does(&live.clinic.doctor, "start/", json!({})).await;
    let (mut client, _) = live.enters(&live.clinic.doctor).await;

    let cases = [
        (json!({"type": "chat", "text": "  "}), "chat_empty"),
        (
            json!({"type": "chat", "text": "x".repeat(2001)}),
            "chat_too_long",
        ),
        (json!({"type": "dance"}), "unknown_type"),
        (json!({"type": "chat"}), "bad_message"),
        (
            json!({"type": "offer", "id": 1, "connection": "short", "sdp": ""}),
            "bad_connection",
        ),
        (
            json!({"type": "offer", "id": 2, "connection": "pc-12345", "sdp": "nonsense"}),
            "bad_sdp",
        ),
    ];
    for (message, code) in cases {
        client.says(message.clone()).await;
        let error = client.hears("error").await;
        assert_eq!(
            (&error["code"], &error["fatal"]),
            (&json!(code), &json!(false)),
            "{message}"
        );
    }
    // Two of the burst of ten were used up above.
    for n in 0..9 {
        client
            .says(json!({"type": "chat", "text": n.to_string()}))
            .await;
    }
    assert_eq!(client.hears("error").await["code"], "rate_limited");
    // The others stay connected through all of that.
    client.says(json!({"type": "ping", "t": 7})).await;
    assert_eq!(client.hears("pong").await["t"], 7);

    for _ in 0..80 {
        client.says(json!({"type": "ping"})).await;
    }
    assert_eq!(refusal(&mut client).await, refused("rate_limited"));
}

#[tokio::test]
async fn a_message_over_256_kib_closes_the_connection() {
    let live = Live::new().await;
    let (mut client, _) = live.enters(&live.clinic.doctor).await;
    client
        .says_text(format!(
            "{{\"type\":\"chat\",\"text\":\"{}\"}}",
            "x".repeat(256 * 1024)
        ))
        .await;
    assert_eq!(refusal(&mut client).await, refused("message_too_large"));
}

#[tokio::test]
async fn the_board_shows_who_waits_and_what_his_devices_say() {
    let live = Live::new().await;
    let (mut at_home, _) = live.enters(&live.clinic.patient).await;
    at_home
        .says(json!({"type": "status", "camera": "ok", "microphone": "silent", "network": "good"}))
        .await;
    at_home.says(json!({"type": "ping"})).await;
    at_home.hears("pong").await;
    let board = live
        .clinic
        .get(&live.clinic.doctor, "telemedicine/board/?date=2026-02-06")
        .await;
    let person = &board.body["rows"][0]["presence"][0];
    assert_eq!(
        (&person["state"], &person["microphone"], &person["role"]),
        (&json!("waiting"), &json!("silent"), &json!("PATIENT")),
        "{}",
        board.text
    );
}

#[tokio::test]
async fn a_server_that_stops_sends_the_clients_away_to_come_back() {
    let live = Live::new().await;
    let (mut client, _) = live.enters(&live.clinic.doctor).await;
    live.clinic.app.app.tasks.stop();
    assert_eq!(client.closes().await, Some(1012));
}
