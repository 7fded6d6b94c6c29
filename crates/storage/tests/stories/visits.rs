//! Visits and their lists.

use chrono::TimeDelta;
use televisit_domain::access::Role;
use televisit_domain::billing::Money;
use televisit_domain::clock::Clock;
use televisit_domain::ids::{PatientId, UserId, VisitId};
use televisit_domain::record::{VisitStatus, VisitType};
use televisit_storage::visits::{self, NewVisit, VisitFilter, VisitOrder};
use televisit_storage::{Db, sessions};

use crate::support::{begin, for_each_engine};
use crate::{appointments, patients, sessions as session_stories, users};

/// A visit to be opened by this account for this patient.
pub fn new(clock: &Clock, patient: PatientId, by: UserId) -> NewVisit {
    NewVisit {
        patient,
        visit_type: VisitType::Consultation,
        chief_complaint: "Virtual consultation needed".into(),
        appointment: None,
        assigned_doctor: None,
        waiver: None,
        by,
        at: clock.now(),
    }
}

pub async fn open(db: &Db, new: &NewVisit) -> VisitId {
    let mut tx = begin(db).await;
    let id = visits::insert(&mut tx, new).await.unwrap();
    tx.commit().await.unwrap();
    id
}

pub async fn ids(db: &Db, filter: &VisitFilter) -> Vec<i64> {
    let mut conn = db.read().await.unwrap();
    let rows = visits::list(&mut conn, filter, VisitOrder::Oldest, 1000, 0)
        .await
        .unwrap();
    let count = visits::count(&mut conn, filter).await.unwrap();
    assert_eq!(count, i64::try_from(rows.len()).unwrap(), "{filter:?}");
    rows.into_iter().map(|row| row.id.0).collect()
}

#[tokio::test]
async fn a_visit_reads_back_with_the_names_of_its_people() {
    for_each_engine(async |db, clock| {
        let doctor = users::add(&db, &clock, "doctor", Role::Doctor).await.id;
        let patient = patients::add(&db, &clock, "Test", "Telemedicine").await.id;
        let made = NewVisit {
            visit_type: VisitType::FollowUp,
            assigned_doctor: Some(doctor),
            waiver: Some((Money::from_minor(500), "staff".into())),
            ..new(&clock, patient, doctor)
        };
        let id = open(&db, &made).await;

        let mut conn = db.read().await.unwrap();
        let row = visits::find(&mut conn, id).await.unwrap().unwrap();
        assert_eq!((row.id, row.patient_id), (id, patient));
        assert_eq!(row.patient_last_name, "Telemedicine");
        assert_eq!(row.doctor_name(), "doctor");
        assert_eq!(row.visit_type, VisitType::FollowUp);
        assert_eq!(row.status, VisitStatus::Open);
        assert_eq!(row.created_at, clock.now());
        assert_eq!((row.closed_at, row.currency.clone()), (None, None));
        let ledger = row.ledger();
        assert_eq!(
            (ledger.charges, ledger.payments),
            (Money::ZERO, Money::ZERO)
        );
        assert_eq!(ledger.waived, Some(Money::from_minor(500)));
        assert_eq!(
            visits::find(&mut conn, VisitId(id.0 + 1)).await.unwrap(),
            None
        );
    })
    .await;
}

#[tokio::test]
async fn a_closed_visit_stays_closed_and_as_it_is() {
    for_each_engine(async |db, clock| {
        let doctor = users::add(&db, &clock, "doctor", Role::Doctor).await.id;
        let patient = patients::add(&db, &clock, "Test", "Telemedicine").await.id;
        let id = open(&db, &new(&clock, patient, doctor)).await;

        clock.advance(TimeDelta::minutes(1));
        let mut tx = begin(&db).await;
        let changed = visits::update(
            &mut tx,
            id,
            VisitType::Routine,
            "Checked",
            Some(doctor),
            clock.now(),
        );
        assert!(changed.await.unwrap());
        let row = visits::find(&mut tx, id).await.unwrap().unwrap();
        assert_eq!(
            (
                row.visit_type,
                row.chief_complaint.as_str(),
                row.assigned_doctor_id
            ),
            (VisitType::Routine, "Checked", Some(doctor.0))
        );
        assert_eq!(row.updated_at, clock.now());
        tx.commit().await.unwrap();

        clock.advance(TimeDelta::minutes(1));
        let mut tx = begin(&db).await;
        assert!(visits::close(&mut tx, id, clock.now()).await.unwrap());
        assert!(!visits::close(&mut tx, id, clock.now()).await.unwrap());
        let changed = visits::update(&mut tx, id, VisitType::Routine, "", None, clock.now()).await;
        assert!(!changed.unwrap());
        let status = visits::lock(&mut tx, id, clock.now()).await.unwrap();
        assert_eq!(status, Some(VisitStatus::Closed));
        let row = visits::find(&mut tx, id).await.unwrap().unwrap();
        assert_eq!(row.closed_at, Some(clock.now()));
        assert_eq!(row.chief_complaint, "Checked");
        let nothing = visits::lock(&mut tx, VisitId(id.0 + 1), clock.now()).await;
        assert_eq!(nothing.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn an_appointment_becomes_one_visit() {
    for_each_engine(async |db, clock| {
        let doctor = users::add(&db, &clock, "doctor", Role::Doctor).await.id;
        let patient = patients::add(&db, &clock, "Test", "Telemedicine").await.id;
        let appointment = appointments::add(&db, &clock, patient, doctor).await;
        let made = NewVisit {
            appointment: Some(appointment),
            ..new(&clock, patient, doctor)
        };
        let id = open(&db, &made).await;

        let mut tx = begin(&db).await;
        let again = visits::insert(&mut tx, &made).await.unwrap_err();
        assert!(again.is_conflict_on("visit_appointment"), "{again}");
        drop(tx);
        let mut conn = db.read().await.unwrap();
        let found = visits::of_appointment(&mut conn, appointment)
            .await
            .unwrap();
        assert_eq!(found, Some(id));
    })
    .await;
}

#[tokio::test]
async fn a_list_of_visits_holds_what_the_filter_says() {
    for_each_engine(async |db, clock| {
        let doctor = users::add(&db, &clock, "doctor", Role::Doctor).await.id;
        let other = users::add(&db, &clock, "doctor2", Role::Doctor).await.id;
        let patient = patients::add(&db, &clock, "Éric", "O_Neill").await.id;
        let second = patients::add(&db, &clock, "Amina", "Otieno").await.id;
        let own = NewVisit {
            assigned_doctor: Some(doctor),
            ..new(&clock, patient, doctor)
        };
        let first = open(&db, &own).await.0;
        let cough = NewVisit {
            chief_complaint: "100% cough".into(),
            assigned_doctor: Some(other),
            ..new(&clock, second, doctor)
        };
        let cough = open(&db, &cough).await.0;
        let mut tx = begin(&db).await;
        visits::close(&mut tx, VisitId(cough), clock.now())
            .await
            .unwrap();
        tx.commit().await.unwrap();

        let all = VisitFilter::default();
        assert_eq!(ids(&db, &all).await, [first, cough]);
        let mut conn = db.read().await.unwrap();
        let newest = visits::list(&mut conn, &all, VisitOrder::Newest, 1, 1)
            .await
            .unwrap();
        assert_eq!(
            newest.iter().map(|row| row.id.0).collect::<Vec<_>>(),
            [first]
        );
        drop(conn);

        let of_patient = VisitFilter {
            patient: Some(second),
            ..VisitFilter::default()
        };
        assert_eq!(ids(&db, &of_patient).await, [cough]);
        let of_doctor = VisitFilter {
            doctor: Some(doctor),
            ..VisitFilter::default()
        };
        assert_eq!(ids(&db, &of_doctor).await, [first]);
        let closed = VisitFilter {
            status: Some(VisitStatus::Closed),
            ..VisitFilter::default()
        };
        assert_eq!(ids(&db, &closed).await, [cough]);

        let number = format!("p-{:06}", patient.0);
        for (search, found) in [
            ("O_NEILL", vec![first]),
            ("Éric o_neill", vec![first]),
            ("O_eill", vec![]),
            ("100%", vec![cough]),
            ("%", vec![cough]),
            ("otieno", vec![cough]),
            ("\\", vec![]),
            (number.as_str(), vec![first]),
            ("P-999999999999999999999", vec![]),
        ] {
            let filter = VisitFilter {
                search: Some(search.into()),
                ..VisitFilter::default()
            };
            assert_eq!(ids(&db, &filter).await, found, "{search}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_visit_knows_the_session_that_can_still_be_held() {
    for_each_engine(async |db, clock| {
        let people = session_stories::people(&db, &clock, "doctor").await;
        let mut conn = db.read().await.unwrap();
        let none = visits::live_session(&mut conn, people.visit).await.unwrap();
        assert_eq!(none, None);
        drop(conn);

        let session = session_stories::add(&db, &clock, &people).await.unwrap();
        let mut conn = db.read().await.unwrap();
        let live = visits::live_session(&mut conn, people.visit).await.unwrap();
        assert_eq!(live, Some((session.0, "SCHEDULED".into())));
        assert!(sessions::by_id(&mut conn, session).await.unwrap().is_some());
    })
    .await;
}
