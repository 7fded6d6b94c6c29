//! The audit chain.

use televisit_domain::clock::Clock;
use televisit_storage::Db;
use televisit_storage::audit::{self, NewEntry};

use crate::support::{begin, for_each_engine};

fn entry(clock: &Clock, action: &'static str, entity_id: i64) -> NewEntry {
    NewEntry {
        at: clock.now(),
        actor: None,
        action,
        entity: "patient",
        entity_id: Some(entity_id),
        detail: "a | b".into(),
        address: "127.0.0.1".into(),
    }
}

async fn write(db: &Db, entries: &[NewEntry]) {
    let mut tx = begin(db).await;
    audit::append(&mut tx, entries).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn every_row_carries_the_hash_of_the_one_before() {
    for_each_engine(async |db, clock| {
        write(
            &db,
            &[
                entry(&clock, "patient.read", 1),
                entry(&clock, "patient.read", 2),
            ],
        )
        .await;
        write(&db, &[entry(&clock, "patient.update", 1)]).await;

        let mut conn = db.read().await.unwrap();
        let rows = audit::chain(&mut conn, 0, 10).await.unwrap();
        assert_eq!(rows.iter().map(|row| row.id).collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!(rows[0].previous_hash, "");
        assert_eq!(rows[1].previous_hash, rows[0].hash);
        assert_eq!(rows[2].previous_hash, rows[1].hash);
        assert!(rows.iter().all(audit::Entry::is_sealed));
        assert_eq!(
            audit::head(&mut conn).await.unwrap(),
            (3, rows[2].hash.clone())
        );

        let mut changed = rows[1].clone();
        changed.entity_id = Some(3);
        assert!(!changed.is_sealed());
    })
    .await;
}

#[tokio::test]
async fn rows_of_a_transaction_that_was_given_up_leave_no_gap() {
    for_each_engine(async |db, clock| {
        let mut tx = begin(&db).await;
        audit::append(&mut tx, &[entry(&clock, "patient.read", 1)])
            .await
            .unwrap();
        drop(tx);
        write(&db, &[entry(&clock, "patient.read", 2)]).await;

        let mut conn = db.read().await.unwrap();
        let rows = audit::chain(&mut conn, 0, 10).await.unwrap();
        assert_eq!(rows.len(), 1);
        assert_eq!((rows[0].id, rows[0].entity_id), (1, Some(2)));
    })
    .await;
}
