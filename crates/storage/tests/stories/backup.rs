//! Copies of a whole database.

use televisit_storage::{Db, Engine, backup, patients};

use crate::patients::add;
use crate::support::for_each_engine;

#[tokio::test]
async fn a_copy_holds_what_was_committed() {
    for_each_engine(async |db, clock| {
        add(&db, &clock, "Test", "Telemedicine").await;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("copy.db");
        let mut conn = db.read().await.unwrap();
        let made = backup::snapshot(&mut conn, file.to_str().unwrap())
            .await
            .unwrap();
        assert_eq!(made, db.engine() == Engine::Sqlite);
        assert_eq!(backup::damage(&mut conn).await.unwrap(), [""; 0]);
        if !made {
            return;
        }
        let again = backup::snapshot(&mut conn, file.to_str().unwrap()).await;
        assert!(again.is_err(), "an existing file is never written over");

        let copy = Db::open(&format!("sqlite://{}", file.display()))
            .await
            .unwrap();
        let mut conn = copy.read().await.unwrap();
        assert_eq!(patients::count_all(&mut conn).await.unwrap(), 1);
        drop(conn);
        copy.close().await;
    })
    .await;
}
