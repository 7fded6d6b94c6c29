//! Accounts.

use televisit_domain::access::Role;
use televisit_domain::clock::Clock;
use televisit_domain::ids::{PatientId, UserId};
use televisit_storage::users::{self, NewUser, User, UserChange, UserFilter};
use televisit_storage::{Db, Error, Tx, callers, tokens};

use crate::support::{begin, for_each_engine};

fn new(username: &str, role: Role) -> NewUser<'_> {
    NewUser {
        username,
        email: "",
        first_name: "",
        last_name: "",
        role,
        specialization: "",
        password_hash: "hash",
        patient: None,
    }
}

async fn insert(db: &Db, clock: &Clock, new: &NewUser<'_>) -> Result<User, Error> {
    let mut tx = begin(db).await;
    let user = users::insert(&mut tx, new, clock.now()).await?;
    tx.commit().await?;
    Ok(user)
}

/// An account with a name and a role, and nothing else.
pub async fn add(db: &Db, clock: &Clock, username: &str, role: Role) -> User {
    insert(db, clock, &new(username, role)).await.unwrap()
}

#[tokio::test]
async fn an_account_is_found_by_name_and_by_address_whatever_the_capitals() {
    for_each_engine(async |db, clock| {
        let grace = NewUser {
            email: "Grace@clinic.example",
            first_name: "Grace",
            last_name: "Wanjiru",
            specialization: "Dermatology",
            ..new("Grace", Role::Doctor)
        };
        let grace = insert(&db, &clock, &grace).await.unwrap();
        assert_eq!(grace.full_name(), "Grace Wanjiru");
        assert_eq!((grace.is_active, grace.patient()), (true, None));

        let mut conn = db.read().await.unwrap();
        for typed in ["grace", "GRACE", " grace@CLINIC.example "] {
            let found = users::find_by_name(&mut conn, typed).await.unwrap();
            assert_eq!(found.as_ref(), Some(&grace), "{typed}");
        }
        assert_eq!(users::find_by_name(&mut conn, "").await.unwrap(), None);
        assert_eq!(
            users::find(&mut conn, grace.id).await.unwrap(),
            Some(grace.clone())
        );
        assert_eq!(
            users::password_hash(&mut conn, grace.id).await.unwrap(),
            Some("hash".into())
        );
        drop(conn);

        let again = insert(&db, &clock, &new("GRACE", Role::Nurse)).await;
        assert!(again.unwrap_err().is_conflict_on("user_account_username"));
        let address = NewUser {
            email: "GRACE@clinic.example",
            ..new("other", Role::Nurse)
        };
        let again = insert(&db, &clock, &address).await;
        assert!(again.unwrap_err().is_conflict_on("user_account_email"));
    })
    .await;
}

#[tokio::test]
async fn exactly_the_account_of_a_patient_has_a_record() {
    for_each_engine(async |db, clock| {
        let record = crate::patients::add(&db, &clock, "Test", "Telemedicine").await;
        assert!(
            insert(&db, &clock, &new("p", Role::Patient)).await.is_err(),
            "a patient's account without a record"
        );
        let linked = |username, role| NewUser {
            patient: Some(record.id),
            ..new(username, role)
        };
        assert!(
            insert(&db, &clock, &linked("d", Role::Doctor))
                .await
                .is_err()
        );
        let patient = insert(&db, &clock, &linked("p", Role::Patient))
            .await
            .unwrap();
        assert_eq!(patient.patient(), Some(record.id));
        let second = insert(&db, &clock, &linked("q", Role::Patient)).await;
        assert!(second.unwrap_err().is_conflict_on("user_account_patient"));
        let nowhere = NewUser {
            patient: Some(PatientId(999)),
            ..new("r", Role::Patient)
        };
        assert!(matches!(
            insert(&db, &clock, &nowhere).await,
            Err(Error::Reference(_))
        ));
    })
    .await;
}

#[tokio::test]
async fn a_change_touches_only_what_it_names() {
    for_each_engine(async |db, clock| {
        let nurse = add(&db, &clock, "nurse", Role::Nurse).await;
        let record = crate::patients::add(&db, &clock, "Test", "Telemedicine").await;
        clock.advance(chrono::TimeDelta::seconds(1));

        let mut tx = begin(&db).await;
        let change = UserChange {
            last_name: Some("Otieno"),
            ..UserChange::default()
        };
        let changed = users::update(&mut tx, nurse.id, &change, clock.now())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            changed,
            User {
                last_name: "Otieno".into(),
                updated_at: clock.now(),
                ..nurse.clone()
            }
        );
        let change = UserChange {
            role: Some((Role::Patient, Some(record.id))),
            email: Some("o@x.example"),
            first_name: Some("Ann"),
            specialization: Some("-"),
            is_active: Some(false),
            ..UserChange::default()
        };
        let changed = users::update(&mut tx, nurse.id, &change, clock.now())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            (changed.role, changed.patient()),
            (Role::Patient, Some(record.id))
        );
        assert!(!changed.is_active);
        let change = UserChange {
            role: Some((Role::Nurse, None)),
            ..UserChange::default()
        };
        let changed = users::update(&mut tx, nurse.id, &change, clock.now())
            .await
            .unwrap()
            .unwrap();
        assert_eq!((changed.role, changed.patient()), (Role::Nurse, None));
        let nobody = users::update(&mut tx, UserId(999), &change, clock.now())
            .await
            .unwrap();
        assert_eq!(nobody, None);
        let set = users::set_password_hash(&mut tx, nurse.id, "new", clock.now()).await;
        assert!(set.unwrap());
        let set = users::set_password_hash(&mut tx, UserId(999), "new", clock.now()).await;
        assert!(!set.unwrap());
        tx.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn accounts_are_listed_by_page_and_filter() {
    for_each_engine(async |db, clock| {
        let zoe = NewUser {
            first_name: "Zoë",
            last_name: "Ada",
            ..new("b_1", Role::Doctor)
        };
        insert(&db, &clock, &zoe).await.unwrap();
        let bea = add(&db, &clock, "B21", Role::Doctor).await;
        add(&db, &clock, "a", Role::Admin).await;
        let mut tx = begin(&db).await;
        let off = UserChange {
            is_active: Some(false),
            ..UserChange::default()
        };
        users::update(&mut tx, bea.id, &off, clock.now())
            .await
            .unwrap();
        tx.commit().await.unwrap();

        let mut conn = db.read().await.unwrap();
        let mut names = async |filter: UserFilter, limit, offset| {
            let all = users::list(&mut conn, &filter, limit, offset)
                .await
                .unwrap();
            let count = users::count(&mut conn, &filter).await.unwrap();
            let names: Vec<_> = all.into_iter().map(|user| user.username).collect();
            (names.join(" "), count)
        };
        let all = UserFilter::default;
        assert_eq!(names(all(), 2, 0).await, ("a B21".into(), 3));
        assert_eq!(names(all(), 2, 2).await, ("b_1".into(), 3));
        let search = |text: &str| UserFilter {
            search: Some(text.into()),
            ..all()
        };
        assert_eq!(names(search("b_"), 9, 0).await, ("b_1".into(), 1));
        assert_eq!(names(search("zoë ADA"), 9, 0).await, ("b_1".into(), 1));
        let doctors = UserFilter {
            role: Some(Role::Doctor),
            is_active: Some(false),
            ..all()
        };
        assert_eq!(names(doctors, 9, 0).await, ("B21".into(), 1));
        let active = users::doctors(&mut conn).await.unwrap();
        assert_eq!(active.len(), 1);
        assert_eq!(active[0].username, "b_1");
    })
    .await;
}

#[tokio::test]
async fn a_caller_is_known_with_role_activity_and_standing_sign_in() {
    for_each_engine(async |db, clock| {
        let user = add(&db, &clock, "nurse", Role::Nurse).await;
        let other = add(&db, &clock, "other", Role::Nurse).await;
        let mut tx = begin(&db).await;
        for family in ["f", "g"] {
            let begun = tokens::begin(&mut tx, user.id, "hash", family, clock.now()).await;
            assert!(begun.unwrap());
        }
        assert!(
            !tokens::begin(&mut tx, user.id, "older hash", "h", clock.now())
                .await
                .unwrap(),
            "the password was changed meanwhile"
        );
        let seen = async |tx: &mut Tx, user: UserId, family: &str| {
            let row = callers::caller(tx, user.0, family).await.unwrap();
            row.map(|row| (row.role, row.is_active, row.family_stands))
        };
        let nurse = |active, stands| Some((Role::Nurse, active, stands));
        assert_eq!(seen(&mut tx, user.id, "f").await, nurse(true, true));
        assert_eq!(seen(&mut tx, other.id, "f").await, nurse(true, false));
        assert_eq!(seen(&mut tx, UserId(999), "f").await, None);

        assert!(tokens::end(&mut tx, "f", clock.now()).await.unwrap());
        assert!(!tokens::end(&mut tx, "f", clock.now()).await.unwrap());
        assert_eq!(seen(&mut tx, user.id, "f").await, nurse(true, false));

        let off = UserChange {
            is_active: Some(false),
            ..UserChange::default()
        };
        users::update(&mut tx, user.id, &off, clock.now())
            .await
            .unwrap();
        assert_eq!(seen(&mut tx, user.id, "g").await, nurse(false, true));
        let begun = tokens::begin(&mut tx, user.id, "hash", "h", clock.now()).await;
        assert!(!begun.unwrap());
    })
    .await;
}
