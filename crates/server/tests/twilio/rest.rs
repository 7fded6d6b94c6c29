//! Rooms through the REST client: made once, closed once, and every failure explained.

use std::sync::Arc;
use std::time::Duration;

use televisit::config::Secret;
use televisit::outside::client;
use televisit::outside::proxy::Proxies;
use televisit::outside::target::Target;
use televisit::video::twilio::credentials::{Credentials, Raw};
use televisit::video::twilio::fault::{Fault as Explained, explain};
use televisit::video::twilio::rest::{CALL_TIME, Error, NewRoom, Rest};
use televisit::video::twilio::{rooms, token};

use crate::double::{ACCOUNT, AUTH_TOKEN, Double, Fault, KEY, SECRET};

fn secret(text: &str) -> Secret {
    Secret::from(text.to_owned())
}

pub fn good() -> Credentials {
    Raw {
        account_sid: Some(ACCOUNT.into()),
        auth_token: Some(secret(AUTH_TOKEN)),
        api_key: Some(KEY.into()),
        api_secret: Some(secret(SECRET)),
    }
    .check()
    .unwrap()
}

async fn twilio(credentials: Credentials) -> (Double, Rest) {
    let double = Double::default();
    let address = double.serve().await;
    let client = client::build(&Arc::new(Proxies::default()), CALL_TIME).unwrap();
    (
        double,
        Rest::new(client, format!("http://{address}"), credentials),
    )
}

fn room(name: &str) -> NewRoom<'_> {
    NewRoom {
        unique_name: name,
        status_callback: None,
        record: false,
    }
}

async fn explained(rest: &Rest, error: &Error) -> Explained {
    explain(
        error,
        &Target::from_url(rest.base()).unwrap(),
        &Arc::new(Proxies::default()),
    )
    .await
}

#[tokio::test]
async fn asking_twice_for_a_room_gives_the_same_room() {
    let (double, rest) = twilio(good()).await;
    let first = rooms::ensure(&rest, &room("tm-1")).await.unwrap();
    let second = rooms::ensure(&rest, &room("tm-1")).await.unwrap();
    assert_eq!(first.sid, second.sid);
    assert_eq!(double.rooms().len(), 1);
}

#[tokio::test]
async fn a_lost_answer_is_asked_after_and_makes_no_second_room() {
    let (double, rest) = twilio(good()).await;
    double.fail_next(Fault::DropAnswer);
    let room = rooms::ensure(&rest, &room("tm-2")).await.unwrap();
    assert_eq!(double.rooms().len(), 1);
    assert_eq!(double.rooms()[0].sid, room.sid);
}

#[tokio::test]
async fn a_room_is_closed_once_whatever_is_repeated() {
    let (double, rest) = twilio(good()).await;
    let made = rooms::ensure(&rest, &room("tm-3")).await.unwrap();
    double.connect(&made.sid, "user-7");
    rooms::close(&rest, &made.sid).await.unwrap();
    rooms::close(&rest, &made.sid).await.unwrap();
    rooms::close(&rest, "tm-never-made").await.unwrap();
    assert_eq!(double.rooms()[0].status, "completed");
    let left = rest.participants(&made.sid).await.unwrap();
    assert_eq!((left.len(), left[0].status.as_str()), (1, "disconnected"));
}

#[tokio::test]
async fn every_failure_has_its_word() {
    let (double, rest) = twilio(good()).await;
    for (fault, code) in [
        (Fault::TooMany, "busy"),
        (Fault::Down, "provider_down"),
        (Fault::Quota, "quota"),
        (Fault::NotJson, "not_twilio"),
        (Fault::Redirect, "not_twilio"),
        (Fault::Delay(CALL_TIME + Duration::from_secs(1)), "silent"),
    ] {
        double.fail_next(fault);
        let error = rest.create_room(&room("tm-4")).await.unwrap_err();
        assert_eq!(
            explained(&rest, &error).await.code,
            code,
            "{fault:?}: {error}"
        );
    }
}

#[tokio::test]
async fn an_outage_is_told_from_a_wrong_address_and_ends_when_twilio_is_back() {
    let (double, rest) = twilio(good()).await;
    double.set_dead(true);
    let error = rest.ping().await.unwrap_err();
    assert_eq!(explained(&rest, &error).await.code, "provider_down");
    double.set_dead(false);
    rest.ping().await.unwrap();
    assert_eq!(double.requests(), ["GET /v1/Rooms", "GET /v1/Rooms"]);
}

#[tokio::test]
async fn wrong_credentials_are_named_by_their_variables_and_never_shown() {
    let wrong = Credentials {
        key_secret: secret("WRONGWRONGWRONGWRONGWRONGWRONG12"),
        ..good()
    };
    let (_double, rest) = twilio(wrong).await;
    let error = rest.ping().await.unwrap_err();
    let fault = explained(&rest, &error).await;
    assert_eq!(fault.code, "credentials");
    assert!(
        fault.detail.contains("TWILIO_API_SECRET") && !fault.detail.contains("WRONG"),
        "{}",
        fault.detail
    );
    assert!(!fault.passing);
}

#[tokio::test]
async fn a_host_that_is_not_there_is_diagnosed() {
    let port = {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap().port()
    };
    let client = client::build(&Arc::new(Proxies::default()), CALL_TIME).unwrap();
    let rest = Rest::new(client, format!("http://127.0.0.1:{port}"), good());
    let error = rest.ping().await.unwrap_err();
    let fault = explained(&rest, &error).await;
    assert_eq!(
        (fault.code, fault.outcome_unknown),
        ("refused", false),
        "{}",
        fault.detail
    );
}

#[test]
fn credentials_of_the_example_and_swapped_ones_are_told_apart() {
    let raw = Raw {
        account_sid: Some("your_account_sid".into()),
        auth_token: None,
        api_key: Some(ACCOUNT.into()),
        api_secret: Some(secret("short")),
    };
    let troubles = raw.check().unwrap_err();
    assert!(
        troubles[0].contains("TWILIO_ACCOUNT_SID still holds the text of the example"),
        "{troubles:?}"
    );
    assert!(
        troubles[1].contains("TWILIO_API_KEY begins with AC, but must begin with SK"),
        "{troubles:?}"
    );
    assert!(
        troubles[2].contains("TWILIO_API_SECRET must be") && !troubles[2].contains("short"),
        "{troubles:?}"
    );
    let lengths: Vec<Option<usize>> = raw.looks().iter().map(|look| look.length).collect();
    assert_eq!(lengths, [Some(16), None, Some(34), Some(5)]);
}

#[test]
fn a_token_grants_one_room_by_its_sid_for_minutes() {
    let now = "2026-02-06T18:00:00Z".parse().unwrap();
    let (token, expires) = token::access_token(&good(), None, "user-7", "RM1", "x", now).unwrap();
    assert_eq!((expires - now).num_minutes(), 5);
    let part = |at: usize| -> serde_json::Value {
        use base64::Engine as _;
        let text = token.split('.').nth(at).unwrap();
        serde_json::from_slice(
            &base64::engine::general_purpose::URL_SAFE_NO_PAD
                .decode(text)
                .unwrap(),
        )
        .unwrap()
    };
    assert_eq!(
        part(0),
        serde_json::json!({"typ": "JWT", "alg": "HS256", "cty": "twilio-fpa;v=1"})
    );
    assert_eq!(
        part(1)["grants"],
        serde_json::json!({"identity": "user-7", "video": {"room": "RM1"}})
    );
    assert_eq!(
        (&part(1)["iss"], &part(1)["sub"]),
        (&KEY.into(), &ACCOUNT.into())
    );
}
