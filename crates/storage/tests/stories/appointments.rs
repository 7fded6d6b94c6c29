//! Appointments.

use chrono::TimeDelta;
use televisit_domain::access::Role;
use televisit_domain::clock::Clock;
use televisit_domain::ids::{AppointmentId, PatientId, UserId};
use televisit_domain::record::AppointmentStatus;
use televisit_storage::Db;
use televisit_storage::appointments::{self, AppointmentFilter, NewAppointment};

use crate::support::{begin, for_each_engine};
use crate::{patients, users, visits};

/// An appointment in an hour.
pub async fn add(db: &Db, clock: &Clock, patient: PatientId, doctor: UserId) -> AppointmentId {
    let mut tx = begin(db).await;
    let new = NewAppointment {
        patient,
        doctor,
        date: clock.now() + TimeDelta::hours(1),
        duration_minutes: 30,
        reason: "Rash".into(),
        notes: "By video".into(),
        by: doctor,
        at: clock.now(),
    };
    let id = appointments::insert(&mut tx, &new).await.unwrap();
    tx.commit().await.unwrap();
    id
}

#[tokio::test]
async fn an_appointment_reads_back_with_its_people_and_its_visit() {
    for_each_engine(async |db, clock| {
        let doctor = users::add(&db, &clock, "doctor", Role::Doctor).await.id;
        let patient = patients::add(&db, &clock, "Test", "Telemedicine").await.id;
        let id = add(&db, &clock, patient, doctor).await;
        let mut conn = db.read().await.unwrap();
        let row = appointments::find(&mut conn, id).await.unwrap().unwrap();
        assert_eq!(
            (row.patient_id, row.doctor_id, row.visit_id, row.status),
            (patient, doctor, None, AppointmentStatus::Scheduled)
        );
        assert_eq!(row.appointment_date, clock.now() + TimeDelta::hours(1));
        assert_eq!(
            (row.doctor_name(), row.duration_minutes),
            ("doctor".into(), 30)
        );
        drop(conn);

        let mut visit = visits::new(&clock, patient, doctor);
        visit.appointment = Some(id);
        let visit = visits::open(&db, &visit).await;
        let mut conn = db.read().await.unwrap();
        let row = appointments::find(&mut conn, id).await.unwrap().unwrap();
        assert_eq!(row.visit_id, Some(visit.0));
        assert_eq!(
            appointments::find(&mut conn, AppointmentId(id.0 + 1))
                .await
                .unwrap(),
            None
        );
    })
    .await;
}

#[tokio::test]
async fn the_status_of_an_appointment_moves_once() {
    for_each_engine(async |db, clock| {
        let doctor = users::add(&db, &clock, "doctor", Role::Doctor).await.id;
        let patient = patients::add(&db, &clock, "Test", "Telemedicine").await.id;
        let id = add(&db, &clock, patient, doctor).await;
        clock.advance(TimeDelta::minutes(1));
        let now = clock.now();
        let mut tx = begin(&db).await;
        appointments::lock(&mut tx, id, now).await.unwrap();
        let later = now + TimeDelta::days(1);
        let changed = appointments::update(&mut tx, id, later, 45, "Cough", "", now).await;
        assert!(changed.unwrap());
        let (from, to) = (AppointmentStatus::Scheduled, AppointmentStatus::Cancelled);
        assert!(
            appointments::transition(&mut tx, id, from, to, now)
                .await
                .unwrap()
        );
        assert!(
            !appointments::transition(&mut tx, id, from, to, now)
                .await
                .unwrap()
        );
        let changed = appointments::update(&mut tx, id, now, 5, "", "", now).await;
        assert!(!changed.unwrap(), "a cancelled appointment is not changed");
        let row = appointments::find(&mut tx, id).await.unwrap().unwrap();
        assert_eq!(
            (
                row.status,
                row.appointment_date,
                row.duration_minutes,
                row.reason.as_str()
            ),
            (AppointmentStatus::Cancelled, later, 45, "Cough")
        );
        assert_eq!(row.updated_at, now);
    })
    .await;
}

#[tokio::test]
async fn a_list_of_appointments_holds_what_the_filter_says_latest_first() {
    for_each_engine(async |db, clock| {
        let doctor = users::add(&db, &clock, "doctor", Role::Doctor).await.id;
        let other = users::add(&db, &clock, "doctor2", Role::Doctor).await.id;
        let patient = patients::add(&db, &clock, "Test", "Telemedicine").await.id;
        let second = patients::add(&db, &clock, "Amina", "Otieno").await.id;
        let start = clock.now() + TimeDelta::hours(1);
        let early = add(&db, &clock, patient, doctor).await.0;
        clock.advance(TimeDelta::hours(1));
        let late = add(&db, &clock, second, other).await.0;

        let all = AppointmentFilter::default();
        let cases = [
            (all.clone(), vec![late, early]),
            (
                AppointmentFilter {
                    patient: Some(second),
                    ..all.clone()
                },
                vec![late],
            ),
            (
                AppointmentFilter {
                    doctor: Some(doctor),
                    ..all.clone()
                },
                vec![early],
            ),
            (
                AppointmentFilter {
                    from: Some(start),
                    ..all.clone()
                },
                vec![late, early],
            ),
            (
                AppointmentFilter {
                    from: Some(start + TimeDelta::microseconds(1)),
                    ..all.clone()
                },
                vec![late],
            ),
            (
                AppointmentFilter {
                    to: Some(start),
                    ..all.clone()
                },
                vec![],
            ),
            (
                AppointmentFilter {
                    to: Some(start + TimeDelta::microseconds(1)),
                    ..all.clone()
                },
                vec![early],
            ),
            (
                AppointmentFilter {
                    status: Some(AppointmentStatus::NoShow),
                    ..all.clone()
                },
                vec![],
            ),
        ];
        let mut conn = db.read().await.unwrap();
        for (filter, expected) in cases {
            let rows = appointments::list(&mut conn, &filter, 10, 0).await.unwrap();
            let found: Vec<i64> = rows.iter().map(|row| row.id.0).collect();
            assert_eq!(found, expected, "{filter:?}");
            let count = appointments::count(&mut conn, &filter).await.unwrap();
            assert_eq!(count, i64::try_from(expected.len()).unwrap(), "{filter:?}");
        }
        let second_page = appointments::list(&mut conn, &all, 1, 1).await.unwrap();
        assert_eq!(second_page[0].id.0, early);
    })
    .await;
}
