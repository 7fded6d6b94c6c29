//! Repeated requests.

use chrono::TimeDelta;
use televisit_domain::access::Role;
use televisit_storage::idempotency::{self, Spent};

use crate::support::{begin, for_each_engine};
use crate::users::add;

#[tokio::test]
async fn a_key_remembers_one_thing_per_account() {
    for_each_engine(async |db, clock| {
        let reception = add(&db, &clock, "reception", Role::Receptionist).await.id;
        let other = add(&db, &clock, "other", Role::Receptionist).await.id;
        let now = clock.now();

        let mut tx = begin(&db).await;
        for user in [reception, other] {
            let claimed = idempotency::claim(&mut tx, user, "k", "POST visits", "aa", now).await;
            assert!(claimed.unwrap());
        }
        idempotency::settle(&mut tx, reception, "k", 7, 201, "said")
            .await
            .unwrap();
        tx.commit().await.unwrap();

        let mut tx = begin(&db).await;
        let again = idempotency::claim(&mut tx, reception, "k", "POST visits", "bb", now).await;
        assert!(!again.unwrap());
        let found = idempotency::find(&mut tx, reception, "k").await.unwrap();
        let spent = Spent {
            route: "POST visits".into(),
            body_hash: "aa".into(),
            resource_id: 7,
            status: 201,
            outcome: "said".into(),
        };
        assert_eq!(found, Some(spent));
        let found = idempotency::find(&mut tx, reception, "l").await.unwrap();
        assert_eq!(found, None);
        drop(tx);

        let mut tx = begin(&db).await;
        let later = now + TimeDelta::seconds(1);
        assert_eq!(idempotency::forget(&mut tx, now).await.unwrap(), 0);
        assert_eq!(idempotency::forget(&mut tx, later).await.unwrap(), 2);
    })
    .await;
}
