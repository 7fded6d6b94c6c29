//! Counts of failed sign-ins.

use chrono::{DateTime, TimeDelta, Utc};
use televisit_storage::{Db, login_attempts};

use crate::support::{begin, for_each_engine};

const LIMIT: i64 = 3;

async fn take(db: &Db, subject: &str, now: DateTime<Utc>) -> bool {
    let mut tx = begin(db).await;
    let floor = now - TimeDelta::minutes(15);
    let taken = login_attempts::take(&mut tx, subject, LIMIT, floor, now)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    taken
}

#[tokio::test]
async fn the_limit_holds_for_a_window_and_then_a_new_one_begins() {
    for_each_engine(async |db, clock| {
        let start = clock.now();
        for _ in 0..LIMIT {
            assert!(take(&db, "user:1", clock.now()).await);
            clock.advance(TimeDelta::minutes(1));
        }
        assert!(!take(&db, "user:1", clock.now()).await);
        assert!(take(&db, "user:2", clock.now()).await, "counted apart");
        let mut conn = db.read().await.unwrap();
        let began = login_attempts::window_start(&mut conn, "user:1")
            .await
            .unwrap();
        assert_eq!(began, Some(start));
        drop(conn);

        assert!(!take(&db, "user:1", start + TimeDelta::seconds(899)).await);
        assert!(take(&db, "user:1", start + TimeDelta::seconds(900)).await);
    })
    .await;
}

#[tokio::test]
async fn a_right_password_gives_the_attempt_back() {
    for_each_engine(async |db, clock| {
        for _ in 0..LIMIT {
            assert!(take(&db, "address:::1", clock.now()).await);
        }
        let mut tx = begin(&db).await;
        login_attempts::give_back(&mut tx, "address:::1")
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert!(take(&db, "address:::1", clock.now()).await);
        assert!(!take(&db, "address:::1", clock.now()).await);

        let mut tx = begin(&db).await;
        login_attempts::clear(&mut tx, "address:::1").await.unwrap();
        tx.commit().await.unwrap();
        assert!(take(&db, "address:::1", clock.now()).await);

        let mut tx = begin(&db).await;
        let before = clock.now() - TimeDelta::seconds(1);
        assert_eq!(login_attempts::forget(&mut tx, before).await.unwrap(), 0);
        assert_eq!(
            login_attempts::forget(&mut tx, clock.now()).await.unwrap(),
            1
        );
    })
    .await;
}

#[tokio::test]
async fn guesses_sent_at_once_do_not_pass_the_limit_together() {
    for_each_engine(async |db, clock| {
        let guesses = (0..16).map(|_| take(&db, "user:1", clock.now()));
        let passed = futures_util::future::join_all(guesses).await;
        assert_eq!(passed.into_iter().filter(|p| *p).count(), 3);
    })
    .await;
}
