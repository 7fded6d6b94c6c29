//! Facts about the installation.

use televisit_storage::settings;

use crate::support::{begin, for_each_engine};

#[tokio::test]
async fn a_setting_is_replaced_and_a_first_one_is_kept() {
    for_each_engine(async |db, clock| {
        let mut tx = begin(&db).await;
        assert_eq!(settings::get(&mut tx, "demo").await.unwrap(), None);
        settings::put(&mut tx, "demo", "no", clock.now())
            .await
            .unwrap();
        settings::put(&mut tx, "demo", "yes", clock.now())
            .await
            .unwrap();
        let first = settings::put_first(&mut tx, "key", "a", clock.now())
            .await
            .unwrap();
        let second = settings::put_first(&mut tx, "key", "b", clock.now())
            .await
            .unwrap();
        tx.commit().await.unwrap();

        assert_eq!((first.as_str(), second.as_str()), ("a", "a"));
        let mut conn = db.read().await.unwrap();
        let demo = settings::get(&mut conn, "demo").await.unwrap();
        assert_eq!(demo.as_deref(), Some("yes"));
    })
    .await;
}
