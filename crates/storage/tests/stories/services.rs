//! The service catalog.

use chrono::TimeDelta;
use televisit_domain::billing::Money;
use televisit_domain::clock::Clock;
use televisit_domain::ids::ServiceId;
use televisit_storage::Db;
use televisit_storage::services::{self, NewService, ServiceFilter};

use crate::support::{begin, for_each_engine};

pub fn new(code: &str, minor: i64) -> NewService {
    NewService {
        service_code: code.into(),
        name: "Telemedicine Consultation".into(),
        department: "CONSULTATION".into(),
        workflow_type: "OTHER".into(),
        amount: Money::from_minor(minor),
        currency: "KES".into(),
        description: String::new(),
        is_active: true,
    }
}

pub async fn add(db: &Db, clock: &Clock, code: &str, minor: i64) -> ServiceId {
    let mut tx = begin(db).await;
    let id = services::insert(&mut tx, &new(code, minor), clock.now())
        .await
        .unwrap()
        .unwrap();
    tx.commit().await.unwrap();
    id
}

#[tokio::test]
async fn a_code_stands_once_in_the_catalog_and_the_first_line_stays() {
    for_each_engine(async |db, clock| {
        let id = add(&db, &clock, "TELEMED-001", 100_000).await;
        let mut tx = begin(&db).await;
        let again = services::insert(&mut tx, &new("TELEMED-001", 1), clock.now()).await;
        assert_eq!(again.unwrap(), None);
        let row = services::by_code(&mut tx, "TELEMED-001")
            .await
            .unwrap()
            .unwrap();
        assert_eq!((row.id, row.amount()), (id, Money::from_minor(100_000)));
        assert_eq!(services::find(&mut tx, id).await.unwrap(), Some(row));
        assert_eq!(
            services::by_code(&mut tx, "telemed-001").await.unwrap(),
            None
        );
        assert_eq!(
            services::find(&mut tx, ServiceId(id.0 + 1)).await.unwrap(),
            None
        );
    })
    .await;
}

#[tokio::test]
async fn a_line_of_the_catalog_is_changed_and_listed() {
    for_each_engine(async |db, clock| {
        let id = add(&db, &clock, "TELEMED-001", 100_000).await;
        add(&db, &clock, "LAB-001", 0).await;
        clock.advance(TimeDelta::minutes(1));
        let mut tx = begin(&db).await;
        services::lock(&mut tx, id, clock.now()).await.unwrap();
        let inactive = NewService {
            is_active: false,
            name: "By video".into(),
            ..new("TELEMED-001", 90_000)
        };
        assert!(
            services::update(&mut tx, id, &inactive, clock.now())
                .await
                .unwrap()
        );
        let nowhere = services::update(&mut tx, ServiceId(999), &inactive, clock.now()).await;
        assert!(!nowhere.unwrap());
        tx.commit().await.unwrap();

        let mut conn = db.read().await.unwrap();
        let all = ServiceFilter::default();
        for (filter, expected) in [
            (all.clone(), vec!["LAB-001", "TELEMED-001"]),
            (
                ServiceFilter {
                    is_active: Some(true),
                    ..all.clone()
                },
                vec!["LAB-001"],
            ),
            (
                ServiceFilter {
                    is_active: Some(false),
                    ..all.clone()
                },
                vec!["TELEMED-001"],
            ),
            (
                ServiceFilter {
                    search: Some("VIDEO".into()),
                    ..all.clone()
                },
                vec!["TELEMED-001"],
            ),
            (
                ServiceFilter {
                    search: Some("consult".into()),
                    ..all.clone()
                },
                vec!["LAB-001", "TELEMED-001"],
            ),
            (
                ServiceFilter {
                    search: Some("b_001".into()),
                    ..all.clone()
                },
                vec![],
            ),
        ] {
            let rows = services::list(&mut conn, &filter, 10, 0).await.unwrap();
            let codes: Vec<&str> = rows.iter().map(|row| row.service_code.as_str()).collect();
            assert_eq!(codes, expected, "{filter:?}");
            let count = services::count(&mut conn, &filter).await.unwrap();
            assert_eq!(count, i64::try_from(expected.len()).unwrap(), "{filter:?}");
        }
        let row = services::find(&mut conn, id).await.unwrap().unwrap();
        assert_eq!((row.amount_minor, row.updated_at), (90_000, clock.now()));
    })
    .await;
}
