//! Work after a commit.

use chrono::TimeDelta;
use televisit_storage::jobs::{self, Claimed, NewJob};

use crate::support::{begin, for_each_engine};

fn job(payload: &str, run_at: chrono::DateTime<chrono::Utc>) -> NewJob {
    NewJob {
        kind: "close_room",
        payload: payload.to_owned(),
        run_at,
        max_attempts: 3,
    }
}

async fn claim(db: &televisit_storage::Db, now: chrono::DateTime<chrono::Utc>) -> Option<Claimed> {
    let mut tx = begin(db).await;
    let claimed = jobs::claim(&mut tx, now, now + TimeDelta::seconds(60))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    claimed
}

#[tokio::test]
async fn a_job_exists_only_when_the_change_that_asked_for_it_was_kept() {
    for_each_engine(async |db, clock| {
        let mut tx = begin(&db).await;
        jobs::enqueue(&mut tx, &job("{}", clock.now()), clock.now())
            .await
            .unwrap();
        drop(tx);
        assert_eq!(claim(&db, clock.now()).await, None);
        let mut conn = db.read().await.unwrap();
        assert_eq!(jobs::next_due(&mut conn).await.unwrap(), None);
        assert_eq!(jobs::figures(&mut conn).await.unwrap().pending, 0);
    })
    .await;
}

#[tokio::test]
async fn the_job_that_waited_longest_is_taken_first_and_a_future_one_not_yet() {
    for_each_engine(async |db, clock| {
        let now = clock.now();
        let mut tx = begin(&db).await;
        for (payload, run_at) in [
            ("later", now + TimeDelta::microseconds(1)),
            ("second", now),
            ("first", now - TimeDelta::seconds(1)),
        ] {
            jobs::enqueue(&mut tx, &job(payload, run_at), now)
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
        let mut taken = Vec::new();
        while let Some(claimed) = claim(&db, now).await {
            taken.push(claimed.payload);
        }
        assert_eq!(taken, ["first", "second"]);
        let mut conn = db.read().await.unwrap();
        assert_eq!(
            jobs::next_due(&mut conn).await.unwrap(),
            Some(now + TimeDelta::microseconds(1))
        );
    })
    .await;
}

#[tokio::test]
async fn a_lost_lease_lets_another_worker_in_and_silences_the_first() {
    for_each_engine(async |db, clock| {
        let mut tx = begin(&db).await;
        jobs::enqueue(&mut tx, &job("{}", clock.now()), clock.now())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let slow = claim(&db, clock.now()).await.unwrap();
        assert_eq!(claim(&db, clock.now()).await, None);
        let mut conn = db.read().await.unwrap();
        let due = jobs::next_due(&mut conn).await.unwrap().unwrap();
        assert_eq!(due, clock.now() + TimeDelta::seconds(60));
        drop(conn);

        clock.advance(TimeDelta::seconds(60));
        let quick = claim(&db, clock.now()).await.unwrap();
        assert_eq!((quick.id, quick.attempt), (slow.id, 2));
        let mut tx = begin(&db).await;
        assert!(!jobs::finish(&mut tx, &slow).await.unwrap());
        assert!(
            !jobs::retry(&mut tx, &slow, clock.now(), "late")
                .await
                .unwrap()
        );
        assert!(
            !jobs::bury(&mut tx, &slow, clock.now(), "late")
                .await
                .unwrap()
        );
        assert!(jobs::finish(&mut tx, &quick).await.unwrap());
        tx.commit().await.unwrap();
        let mut conn = db.read().await.unwrap();
        assert_eq!(jobs::figures(&mut conn).await.unwrap().pending, 0);
    })
    .await;
}

#[tokio::test]
async fn a_failed_job_comes_back_and_a_buried_one_stays_to_be_looked_at() {
    for_each_engine(async |db, clock| {
        let mut tx = begin(&db).await;
        let id = jobs::enqueue(&mut tx, &job("{}", clock.now()), clock.now())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let first = claim(&db, clock.now()).await.unwrap();
        let again = clock.now() + TimeDelta::seconds(5);
        let mut tx = begin(&db).await;
        assert!(
            jobs::retry(&mut tx, &first, again, "no answer")
                .await
                .unwrap()
        );
        tx.commit().await.unwrap();
        assert_eq!(claim(&db, clock.now()).await, None);

        clock.advance(TimeDelta::seconds(5));
        let second = claim(&db, clock.now()).await.unwrap();
        let mut tx = begin(&db).await;
        assert!(
            jobs::bury(&mut tx, &second, clock.now(), "refused")
                .await
                .unwrap()
        );
        tx.commit().await.unwrap();
        clock.advance(TimeDelta::days(1));
        assert_eq!(claim(&db, clock.now()).await, None);
        let mut conn = db.read().await.unwrap();
        let dead = jobs::dead_letters(&mut conn, 10).await.unwrap();
        assert_eq!(dead.len(), 1);
        assert_eq!(
            (dead[0].id, dead[0].attempt, dead[0].last_error.as_str()),
            (id, 2, "refused")
        );
        let figures = jobs::figures(&mut conn).await.unwrap();
        assert_eq!((figures.pending, figures.dead), (0, 1));
    })
    .await;
}

#[tokio::test]
async fn many_workers_take_each_job_once() {
    for_each_engine(async |db, clock| {
        let now = clock.now();
        let mut tx = begin(&db).await;
        for n in 0..40 {
            jobs::enqueue(&mut tx, &job(&n.to_string(), now), now)
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
        let mut workers = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let db = db.clone();
            workers.spawn(async move {
                let mut taken = Vec::new();
                // An empty claim may be a lost race; the queue is empty when nothing is due any more.
                while jobs::next_due(&mut db.read().await.unwrap())
                    .await
                    .unwrap()
                    .is_some_and(|due| due <= now)
                {
                    taken.extend(claim(&db, now).await.map(|claimed| claimed.payload));
                }
                taken
            });
        }
        let mut all: Vec<i32> = workers
            .join_all()
            .await
            .concat()
            .iter()
            .map(|payload| payload.parse().unwrap())
            .collect();
        all.sort_unstable();
        assert_eq!(all, (0..40).collect::<Vec<_>>());
    })
    .await;
}
