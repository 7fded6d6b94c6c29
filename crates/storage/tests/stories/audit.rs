//! The audit chain.

use televisit_domain::access::Role;
use televisit_domain::clock::Clock;
use televisit_storage::Db;
use televisit_storage::audit::{self, NewEntry};
use televisit_storage::audit_list::{self, AuditFilter};

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

#[tokio::test]
async fn the_list_shows_the_newest_first_with_names() {
    for_each_engine(async |db, clock| {
        let admin = crate::users::add(&db, &clock, "admin", Role::Admin)
            .await
            .id;
        let mut by_admin = entry(&clock, "patient.read", 1);
        by_admin.actor = Some(admin);
        write(
            &db,
            &[
                entry(&clock, "patient.read", 1),
                by_admin,
                entry(&clock, "patient.read", 2),
            ],
        )
        .await;

        let mut conn = db.read().await.unwrap();
        let mut ids = async |filter: AuditFilter| {
            let rows = audit_list::list(&mut conn, &filter, 2, 0).await.unwrap();
            let count = audit_list::count(&mut conn, &filter).await.unwrap();
            (rows.iter().map(|row| row.id).collect::<Vec<_>>(), count)
        };
        assert_eq!(ids(AuditFilter::default()).await, (vec![3, 2], 3));
        let of_one = AuditFilter {
            entity: Some("patient".into()),
            entity_id: Some(1),
            actor: None,
        };
        assert_eq!(ids(of_one).await, (vec![2, 1], 2));
        let by = AuditFilter {
            actor: Some(admin.0),
            ..AuditFilter::default()
        };
        assert_eq!(ids(by).await, (vec![2], 1));
        let other = AuditFilter {
            entity: Some("visit".into()),
            ..AuditFilter::default()
        };
        assert_eq!(ids(other).await, (vec![], 0));
        let rows = audit_list::list(&mut conn, &AuditFilter::default(), 1, 1)
            .await
            .unwrap();
        assert_eq!(rows[0].actor_username, "admin");
    })
    .await;
}
