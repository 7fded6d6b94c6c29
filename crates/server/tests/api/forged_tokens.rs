//! Access tokens that somebody made himself.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use televisit::tokens::Tokens;
use televisit_domain::access::Role;
use televisit_domain::ids::{SessionId, UserId};

use crate::clinic::Clinic;

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

/// The claims of a good token, to be changed one at a time.
fn claims(token: &str) -> Value {
    let middle = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(middle).unwrap()).unwrap()
}

async fn assert_refused(clinic: &Clinic, what: &str, token: &str) {
    let answer = clinic.app.get("/api/v1/auth/me/", token).await;
    assert_eq!(answer.status, 401, "{what}: {}", answer.text);
    assert_eq!(answer.headers["www-authenticate"], "Bearer", "{what}");
}

#[tokio::test]
async fn no_header_talks_the_server_out_of_the_signature() {
    let clinic = Clinic::new().await;
    let good = clinic.admin.token.clone();
    assert_eq!(clinic.get(&clinic.admin, "auth/me/").await.status, 200);
    let body = good.split('.').nth(1).unwrap();
    let signature = good.split('.').nth(2).unwrap();
    for algorithm in [
        "none", "None", "NONE", "HS384", "HS512", "RS256", "ES256", "EdDSA",
    ] {
        let header = part(&json!({"alg": algorithm, "typ": "JWT"}));
        assert_refused(&clinic, algorithm, &format!("{header}.{body}.")).await;
        assert_refused(&clinic, algorithm, &format!("{header}.{body}.{signature}")).await;
    }
    for broken in ["", ".", "..", "a.b.c", body, &good[..good.len() - 2]] {
        assert_refused(&clinic, broken, broken).await;
    }
    let mut raised = claims(&good);
    raised["sub"] = json!("1");
    raised["role"] = json!("ADMIN");
    let header = good.split('.').next().unwrap();
    let changed = format!("{header}.{}.{signature}", part(&raised));
    assert_refused(&clinic, "changed claims", &changed).await;
}

#[tokio::test]
async fn a_token_signed_with_something_else_is_refused() {
    let clinic = Clinic::new().await;
    let now = clinic.app.clock.now();
    let user = UserId(clinic.admin.id);
    let family = "sign-in of admin";
    let other = Tokens::new(b"another secret of at least thirty-two bytes");
    let (foreign, _) = other.access(user, family, now).unwrap();
    assert_refused(&clinic, "another installation's key", &foreign).await;

    // The installation's secret itself is no signing key: each purpose has its own.
    for secret in ["a secret of at least thirty-two bytes", "secret", ""] {
        let key = EncodingKey::from_secret(secret.as_bytes());
        let forged = jsonwebtoken::encode(
            &Header::new(Algorithm::HS256),
            &claims(&clinic.admin.token),
            &key,
        );
        assert_refused(&clinic, secret, &forged.unwrap()).await;
    }
    let (room, _) = clinic
        .app
        .app
        .tokens
        .room(user, Role::Admin, SessionId(1), "room", now)
        .unwrap();
    assert_refused(&clinic, "a token for a room", &room).await;
}

#[tokio::test]
async fn a_token_of_another_time_account_or_sign_in_is_refused() {
    let clinic = Clinic::new().await;
    let tokens = &clinic.app.app.tokens;
    let now = clinic.app.clock.now();
    let user = UserId(clinic.admin.id);
    let family = "sign-in of admin";
    let sign = |user, family, at| tokens.access(user, family, at).unwrap().0;

    let good = sign(user, family, now);
    let answer = clinic.app.get("/api/v1/auth/me/", &good).await;
    assert_eq!(answer.status, 200, "{}", answer.text);

    let expired = sign(user, family, now - chrono::TimeDelta::minutes(15));
    assert_refused(&clinic, "expired", &expired).await;
    let future = sign(user, family, now + chrono::TimeDelta::minutes(10));
    assert_refused(&clinic, "from the future", &future).await;
    let nobody = sign(UserId(999), family, now);
    assert_refused(&clinic, "an account that is not there", &nobody).await;
    let borrowed = sign(user, "sign-in of nurse", now);
    assert_refused(&clinic, "somebody else's sign-in", &borrowed).await;
}
