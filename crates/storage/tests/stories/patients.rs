//! Patient records.

use chrono::TimeDelta;
use televisit_domain::access::Scope;
use televisit_domain::clock::Clock;
use televisit_domain::ids::{PatientId, UserId};
use televisit_domain::record::Gender;
use televisit_storage::patients::{self, Patient, PatientFields, PatientFilter};
use televisit_storage::{Conn, Db, Error};

use crate::support::{begin, for_each_engine};

fn fields(first: &str, last: &str) -> PatientFields {
    PatientFields {
        first_name: Some(first.into()),
        last_name: Some(last.into()),
        date_of_birth: Some("1990-01-01".parse().unwrap()),
        gender: Some(Gender::Female),
        ..PatientFields::default()
    }
}

async fn insert(db: &Db, clock: &Clock, fields: &PatientFields) -> Result<Patient, Error> {
    let mut tx = begin(db).await;
    let patient = patients::insert(&mut tx, fields, clock.now()).await?;
    tx.commit().await?;
    Ok(patient)
}

/// A record with a name and nothing else.
pub async fn add(db: &Db, clock: &Clock, first: &str, last: &str) -> Patient {
    insert(db, clock, &fields(first, last)).await.unwrap()
}

fn search(text: &str) -> PatientFilter {
    PatientFilter {
        scope: Scope::All,
        search: Some(text.into()),
        is_active: None,
    }
}

async fn found(conn: &mut Conn, filter: &PatientFilter) -> Vec<String> {
    let page = patients::list(conn, filter, 50, 0).await.unwrap();
    let count = patients::count(conn, filter).await.unwrap();
    assert_eq!(i64::try_from(page.len()).unwrap(), count);
    page.iter().map(Patient::full_name).collect()
}

#[tokio::test]
async fn a_record_reads_back_as_it_was_written() {
    for_each_engine(async |db, clock| {
        let written = PatientFields {
            middle_name: Some("M".into()),
            phone: Some("0712345678".into()),
            email: Some("patient@test.com".into()),
            address: Some("Nairobi".into()),
            national_id: Some("12345678".into()),
            language: Some("sw".into()),
            emergency_contact_name: Some("Joy".into()),
            emergency_contact_phone: Some("0700".into()),
            emergency_contact_relationship: Some("Sister".into()),
            ..fields("Test", "Telemedicine")
        };
        let record = insert(&db, &clock, &written).await.unwrap();
        let mut conn = db.read().await.unwrap();
        let read = patients::find(&mut conn, record.id).await.unwrap();
        assert_eq!(read.as_ref(), Some(&record));
        assert_eq!(record.full_name(), "Test M Telemedicine");
        assert_eq!(Some(record.date_of_birth), written.date_of_birth);
        assert_eq!(record.national_id, written.national_id);
        assert_eq!((record.language.as_str(), record.is_active), ("sw", true));
        assert_eq!(record.created_at, clock.now());
        assert_eq!(patients::count_all(&mut conn).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_national_id_belongs_to_one_record_and_none_to_many() {
    for_each_engine(async |db, clock| {
        let with = |id: &str| PatientFields {
            national_id: Some(id.into()),
            ..fields("A", "B")
        };
        insert(&db, &clock, &with("1")).await.unwrap();
        insert(&db, &clock, &with("")).await.unwrap();
        let third = insert(&db, &clock, &with("")).await.unwrap();
        let again = insert(&db, &clock, &with("1")).await;
        assert!(again.unwrap_err().is_conflict_on("patient_national_id"));

        let mut tx = begin(&db).await;
        let taken = PatientFields {
            national_id: Some("1".into()),
            ..PatientFields::default()
        };
        let refused = patients::update(&mut tx, third.id, &taken, clock.now()).await;
        assert!(refused.unwrap_err().is_conflict_on("patient_national_id"));
    })
    .await;
}

#[tokio::test]
async fn a_change_touches_only_what_it_names() {
    for_each_engine(async |db, clock| {
        let with_id = PatientFields {
            national_id: Some("77".into()),
            phone: Some("1".into()),
            ..fields("A", "B")
        };
        let record = insert(&db, &clock, &with_id).await.unwrap();
        clock.advance(TimeDelta::seconds(1));
        let mut tx = begin(&db).await;
        let change = PatientFields {
            phone: Some("0712".into()),
            date_of_birth: Some("1991-02-03".parse().unwrap()),
            gender: Some(Gender::Other),
            ..PatientFields::default()
        };
        let changed = patients::update(&mut tx, record.id, &change, clock.now())
            .await
            .unwrap();
        let expected = Patient {
            phone: "0712".into(),
            date_of_birth: "1991-02-03".parse().unwrap(),
            gender: Gender::Other,
            updated_at: clock.now(),
            ..record.clone()
        };
        assert_eq!(changed, Some(expected));
        let without = PatientFields {
            national_id: Some(String::new()),
            ..PatientFields::default()
        };
        let changed = patients::update(&mut tx, record.id, &without, clock.now()).await;
        assert_eq!(changed.unwrap().unwrap().national_id, None);
        let nobody = patients::update(&mut tx, PatientId(999), &change, clock.now()).await;
        assert_eq!(nobody.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn archiving_twice_changes_nothing_the_second_time() {
    for_each_engine(async |db, clock| {
        let id = add(&db, &clock, "A", "B").await.id;
        let mut tx = begin(&db).await;
        let mut set = async |active| {
            patients::set_active(&mut tx, id, active, clock.now())
                .await
                .unwrap()
                .map(|patient| patient.is_active)
        };
        assert_eq!(set(true).await, None);
        assert_eq!(set(false).await, Some(false));
        assert_eq!(set(false).await, None);
        assert_eq!(set(true).await, Some(true));
    })
    .await;
}

#[tokio::test]
async fn search_finds_name_phone_number_and_national_id() {
    for_each_engine(async |db, clock| {
        let grace = PatientFields {
            middle_name: Some("Wambui".into()),
            phone: Some("0712 345-678".into()),
            national_id: Some("AB99".into()),
            email: Some("grace@x.example".into()),
            ..fields("Grace", "Njeri")
        };
        let grace = insert(&db, &clock, &grace).await.unwrap();
        add(&db, &clock, "100%", "Under_score").await;
        add(&db, &clock, "Émile", "Otieno").await;

        let mut conn = db.read().await.unwrap();
        for text in [
            "grace",
            "GRACE  wambui njeri",
            "njeri grace",
            "0712345678",
            "345 678",
            "ab99",
            "GRACE@",
            &format!("P-{:06}", grace.id.0),
            &grace.id.0.to_string(),
        ] {
            let names = found(&mut conn, &search(text)).await;
            assert!(
                names.contains(&"Grace Wambui Njeri".into()),
                "{text}: {names:?}"
            );
        }
        assert_eq!(found(&mut conn, &search("0%")).await, ["100% Under_score"]);
        assert_eq!(found(&mut conn, &search("r_s")).await, ["100% Under_score"]);
        assert_eq!(found(&mut conn, &search("Émile")).await, ["Émile Otieno"]);
        assert_eq!(found(&mut conn, &search("\\")).await, [""; 0]);
        assert_eq!(found(&mut conn, &search("  ")).await.len(), 3);
    })
    .await;
}

#[tokio::test]
async fn a_list_holds_what_the_scope_allows_and_no_more() {
    for_each_engine(async |db, clock| {
        let first = add(&db, &clock, "A", "Young").await;
        let second = add(&db, &clock, "B", "old").await;
        let mut tx = begin(&db).await;
        patients::set_active(&mut tx, first.id, false, clock.now())
            .await
            .unwrap();
        tx.commit().await.unwrap();

        let mut conn = db.read().await.unwrap();
        let mut names = async |scope, is_active| {
            let filter = PatientFilter {
                scope,
                search: None,
                is_active,
            };
            found(&mut conn, &filter).await.join(", ")
        };
        assert_eq!(names(Scope::All, None).await, "B old, A Young");
        assert_eq!(names(Scope::All, Some(true)).await, "B old");
        assert_eq!(names(Scope::All, Some(false)).await, "A Young");
        assert_eq!(names(Scope::Patient(second.id), None).await, "B old");
        assert_eq!(names(Scope::Patient(second.id), Some(false)).await, "");
        assert_eq!(names(Scope::Nothing, None).await, "");
        assert_eq!(names(Scope::Invited(UserId(1)), None).await, "");
        let all = PatientFilter {
            scope: Scope::All,
            search: None,
            is_active: None,
        };
        let page = patients::list(&mut conn, &all, 1, 1).await.unwrap();
        assert_eq!(page[0].id, first.id);
    })
    .await;
}
