//! Sign-ins and refresh tokens.

use chrono::TimeDelta;
use televisit_domain::access::Role;
use televisit_domain::clock::Clock;
use televisit_domain::ids::UserId;
use televisit_storage::tokens::{self, NewToken};
use televisit_storage::{Db, Tx};

use crate::support::{begin, for_each_engine};
use crate::users::add;

async fn sign_in(db: &Db, clock: &Clock, user: UserId, family: &str, hash: &str) {
    let mut tx = begin(db).await;
    assert!(
        tokens::begin(&mut tx, user, "hash", family, clock.now())
            .await
            .unwrap()
    );
    keep(&mut tx, clock, family, hash).await;
    tx.commit().await.unwrap();
}

async fn keep(tx: &mut Tx, clock: &Clock, family: &str, hash: &str) {
    let token = NewToken {
        family,
        hash,
        issued_at: clock.now(),
        expires_at: clock.now() + TimeDelta::days(7),
    };
    tokens::insert(tx, &token).await.unwrap();
}

#[tokio::test]
async fn a_token_is_spent_once_and_not_after_it_expired() {
    for_each_engine(async |db, clock| {
        let user = add(&db, &clock, "nurse", Role::Nurse).await.id;
        sign_in(&db, &clock, user, "f", "one").await;
        sign_in(&db, &clock, user, "g", "two").await;

        let mut tx = begin(&db).await;
        let family = tokens::family_of(&mut tx, "one").await.unwrap();
        assert_eq!(family, Some(("f".into(), user)));
        assert_eq!(tokens::family_of(&mut tx, "none").await.unwrap(), None);
        assert!(!tokens::is_spent(&mut tx, "one").await.unwrap());
        assert!(tokens::spend(&mut tx, "one", clock.now()).await.unwrap());
        assert!(!tokens::spend(&mut tx, "one", clock.now()).await.unwrap());
        assert!(tokens::is_spent(&mut tx, "one").await.unwrap());

        let end = clock.now() + TimeDelta::days(7);
        assert!(!tokens::spend(&mut tx, "two", end).await.unwrap());
        assert!(!tokens::is_spent(&mut tx, "two").await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn ending_every_sign_in_of_an_account_spares_the_others() {
    for_each_engine(async |db, clock| {
        let user = add(&db, &clock, "nurse", Role::Nurse).await.id;
        let other = add(&db, &clock, "other", Role::Nurse).await.id;
        sign_in(&db, &clock, user, "f", "one").await;
        sign_in(&db, &clock, user, "g", "two").await;
        sign_in(&db, &clock, other, "h", "three").await;

        let mut tx = begin(&db).await;
        let ended = tokens::end_all(&mut tx, user, clock.now()).await.unwrap();
        assert_eq!(ended, 2);
        assert!(!tokens::stands(&mut tx, "f").await.unwrap());
        assert!(!tokens::hold(&mut tx, "g").await.unwrap());
        assert!(tokens::stands(&mut tx, "h").await.unwrap());
        assert!(tokens::hold(&mut tx, "h").await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn no_token_is_born_into_a_sign_in_that_ends_at_the_same_moment() {
    for_each_engine(async |db, clock| {
        let user = add(&db, &clock, "nurse", Role::Nurse).await.id;
        for round in 0..8 {
            let family = format!("f{round}");
            let (old, new) = (format!("old{round}"), format!("new{round}"));
            sign_in(&db, &clock, user, &family, &old).await;
            let exchange = async {
                let mut tx = begin(&db).await;
                if tokens::hold(&mut tx, &family).await.unwrap() {
                    assert!(tokens::spend(&mut tx, &old, clock.now()).await.unwrap());
                    keep(&mut tx, &clock, &family, &new).await;
                }
                tx.commit().await.unwrap();
            };
            let end = async {
                let mut tx = begin(&db).await;
                tokens::end(&mut tx, &family, clock.now()).await.unwrap();
                tx.commit().await.unwrap();
            };
            futures_util::future::join(exchange, end).await;
            let mut tx = begin(&db).await;
            assert!(!tokens::hold(&mut tx, &family).await.unwrap());
        }
    })
    .await;
}

#[tokio::test]
async fn old_tokens_are_forgotten_with_their_sign_ins() {
    for_each_engine(async |db, clock| {
        let user = add(&db, &clock, "nurse", Role::Nurse).await.id;
        sign_in(&db, &clock, user, "f", "one").await;
        clock.advance(TimeDelta::days(3));
        sign_in(&db, &clock, user, "g", "two").await;
        clock.advance(TimeDelta::days(5));

        let mut tx = begin(&db).await;
        assert_eq!(tokens::forget(&mut tx, clock.now()).await.unwrap(), 1);
        assert!(!tokens::stands(&mut tx, "f").await.unwrap());
        assert!(tokens::stands(&mut tx, "g").await.unwrap());
    })
    .await;
}
