//! Sessions, the board of a day and the timeline.

use chrono::TimeDelta;
use televisit_domain::access::{Role, Scope};
use televisit_domain::billing::Money;
use televisit_domain::clock::Clock;
use televisit_domain::ids::{PatientId, SessionId, UserId, VisitId};
use televisit_domain::record::VisitType;
use televisit_domain::session::{SessionStatus, VideoProviderName};
use televisit_storage::board::{self, Day};
use televisit_storage::charges::{self, NewCharge};
use televisit_storage::services::{self, NewService};
use televisit_storage::sessions::{self, Change, Filter, NewSession, ONE_LIVE_SESSION, Session};
use televisit_storage::visits::{self, NewVisit};
use televisit_storage::{Db, Result, session_events};

use crate::support::{begin, for_each_engine, monday};
use crate::{patients, users};

/// A doctor, a patient and a visit of the two.
pub struct People {
    pub doctor: UserId,
    pub patient: PatientId,
    pub visit: VisitId,
}

pub async fn people(db: &Db, clock: &Clock, doctor: &str) -> People {
    let doctor = users::add(db, clock, doctor, Role::Doctor).await.id;
    let patient = patients::add(db, clock, "Test", "Telemedicine").await.id;
    let visit = visit(db, clock, doctor, patient).await;
    People {
        doctor,
        patient,
        visit,
    }
}

async fn visit(db: &Db, clock: &Clock, doctor: UserId, patient: PatientId) -> VisitId {
    let mut tx = begin(db).await;
    let new = NewVisit {
        patient,
        visit_type: VisitType::Consultation,
        chief_complaint: "Virtual consultation needed".into(),
        appointment: None,
        assigned_doctor: None,
        waiver: None,
        by: doctor,
        at: clock.now(),
    };
    let id = visits::insert(&mut tx, &new).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// A session to begin in an hour.
pub async fn add(db: &Db, clock: &Clock, people: &People) -> Result<SessionId> {
    let mut tx = begin(db).await;
    let new = NewSession {
        visit: people.visit,
        appointment: None,
        patient: people.patient,
        doctor: people.doctor,
        provider: VideoProviderName::Embedded,
        provider_fallback_reason: String::new(),
        room_sid: "EM1".into(),
        room_name: format!("room of visit {} at {}", people.visit, clock.now()),
        scheduled_start: clock.now() + TimeDelta::hours(1),
        recording_enabled: true,
        notes: "first".into(),
        created_by: people.doctor,
        at: clock.now(),
    };
    let id = sessions::create(&mut tx, &new).await?;
    tx.commit().await?;
    Ok(id)
}

async fn get(db: &Db, id: SessionId) -> Session {
    let mut conn = db.read().await.unwrap();
    sessions::by_id(&mut conn, id).await.unwrap().unwrap()
}

async fn step(
    db: &Db,
    clock: &Clock,
    id: SessionId,
    from: SessionStatus,
    to: SessionStatus,
    change: Change,
) -> bool {
    let mut tx = begin(db).await;
    let done = sessions::transition(&mut tx, id, from, to, &change, clock.now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    done
}

#[tokio::test]
async fn a_session_reads_back_as_it_was_made() {
    for_each_engine(async |db, clock| {
        let people = people(&db, &clock, "grace").await;
        let id = add(&db, &clock, &people).await.unwrap();
        let session = get(&db, id).await;
        assert_eq!(session.visit_id, people.visit);
        assert_eq!(session.patient_id, people.patient);
        assert_eq!(session.doctor_id, people.doctor);
        assert_eq!(session.status, SessionStatus::Scheduled);
        assert_eq!(session.scheduled_start, monday() + TimeDelta::hours(1));
        assert_eq!((session.actual_start, session.actual_end), (None, None));
        assert!(session.recording_enabled);
        assert_eq!(session.notes, "first");
        assert_eq!(session.doctor_username, "grace");
        assert_eq!(session.patient_last_name, "Telemedicine");
        let mut conn = db.read().await.unwrap();
        assert_eq!(
            sessions::by_id(&mut conn, SessionId(id.0 + 1))
                .await
                .unwrap(),
            None
        );
    })
    .await;
}

#[tokio::test]
async fn a_visit_has_one_session_that_can_still_be_held() {
    for_each_engine(async |db, clock| {
        let people = people(&db, &clock, "grace").await;
        let first = add(&db, &clock, &people).await.unwrap();
        clock.advance(TimeDelta::seconds(1));
        let second = add(&db, &clock, &people).await;
        assert!(second.unwrap_err().is_conflict_on(ONE_LIVE_SESSION));
        let mut conn = db.read().await.unwrap();
        assert_eq!(
            sessions::live_of_visit(&mut conn, people.visit)
                .await
                .unwrap(),
            Some(first)
        );
        drop(conn);

        let (from, to) = (SessionStatus::Scheduled, SessionStatus::Cancelled);
        assert!(step(&db, &clock, first, from, to, Change::default()).await);
        add(&db, &clock, &people).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_status_moves_once_and_only_from_what_it_is() {
    for_each_engine(async |db, clock| {
        use SessionStatus::{Completed, InProgress, Scheduled};
        let people = people(&db, &clock, "grace").await;
        let id = add(&db, &clock, &people).await.unwrap();
        let started = Change {
            actual_start: Some(clock.now()),
            ..Change::default()
        };
        assert!(step(&db, &clock, id, Scheduled, InProgress, started.clone()).await);
        assert!(!step(&db, &clock, id, Scheduled, InProgress, started).await);
        clock.advance(TimeDelta::minutes(12));
        let ended = Change {
            actual_end: Some(clock.now()),
            duration_seconds: Some(720),
            notes: Some("better".into()),
            ..Change::default()
        };
        assert!(step(&db, &clock, id, InProgress, Completed, ended).await);
        let session = get(&db, id).await;
        assert_eq!(session.status, Completed);
        assert_eq!(session.actual_start, Some(monday()));
        assert_eq!(session.actual_end, Some(monday() + TimeDelta::minutes(12)));
        assert_eq!(session.duration_seconds, Some(720));
        assert_eq!(session.notes, "better");
        assert_eq!(session.updated_at, clock.now());
    })
    .await;
}

#[tokio::test]
async fn of_many_who_move_a_status_at_once_one_does() {
    for_each_engine(async |db, clock| {
        let people = people(&db, &clock, "grace").await;
        let id = add(&db, &clock, &people).await.unwrap();
        let tries = (0..32).map(|_| {
            step(
                &db,
                &clock,
                id,
                SessionStatus::Scheduled,
                SessionStatus::InProgress,
                Change::default(),
            )
        });
        let done = futures_util::future::join_all(tries).await;
        assert_eq!(done.into_iter().filter(|done| *done).count(), 1);
    })
    .await;
}

#[tokio::test]
async fn time_and_recording_are_changed_only_before_the_start_and_notes_until_they_are_signed() {
    for_each_engine(async |db, clock| {
        let people = people(&db, &clock, "grace").await;
        let id = add(&db, &clock, &people).await.unwrap();
        let later = monday() + TimeDelta::hours(5);
        let mut tx = begin(&db).await;
        assert!(
            sessions::plan(&mut tx, id, Some(later), None, clock.now())
                .await
                .unwrap()
        );
        assert!(
            sessions::plan(&mut tx, id, None, Some(false), clock.now())
                .await
                .unwrap()
        );
        tx.commit().await.unwrap();
        let session = get(&db, id).await;
        assert_eq!(
            (session.scheduled_start, session.recording_enabled),
            (later, false)
        );

        let (from, to) = (SessionStatus::Scheduled, SessionStatus::InProgress);
        step(&db, &clock, id, from, to, Change::default()).await;
        let mut tx = begin(&db).await;
        assert!(
            !sessions::plan(&mut tx, id, Some(monday()), Some(true), clock.now())
                .await
                .unwrap()
        );
        assert!(
            sessions::set_notes(&mut tx, id, "while talking", clock.now())
                .await
                .unwrap()
        );
        assert_eq!(
            sessions::hold(&mut tx, id).await.unwrap(),
            Some(SessionStatus::InProgress)
        );
        assert_eq!(
            sessions::hold(&mut tx, SessionId(id.0 + 1)).await.unwrap(),
            None
        );
        tx.commit().await.unwrap();
        let session = get(&db, id).await;
        assert_eq!(
            (session.scheduled_start, session.notes.as_str()),
            (later, "while talking")
        );
    })
    .await;
}

#[tokio::test]
async fn a_list_holds_what_scope_and_filter_say_newest_first() {
    for_each_engine(async |db, clock| {
        let grace = people(&db, &clock, "grace").await;
        let otieno = people(&db, &clock, "otieno").await;
        let first = add(&db, &clock, &grace).await.unwrap();
        clock.advance(TimeDelta::days(1));
        let second = add(&db, &clock, &otieno).await.unwrap();
        let third_people = People {
            visit: visit(&db, &clock, grace.doctor, otieno.patient).await,
            patient: otieno.patient,
            doctor: grace.doctor,
        };
        let third = add(&db, &clock, &third_people).await.unwrap();
        let mut conn = db.read().await.unwrap();
        let every = Filter::default();
        let cases = [
            (Scope::All, every.clone(), vec![third, second, first]),
            (
                Scope::Doctor(grace.doctor),
                every.clone(),
                vec![third, first],
            ),
            (
                Scope::Patient(otieno.patient),
                every.clone(),
                vec![third, second],
            ),
            (Scope::Invited(grace.doctor), every.clone(), vec![]),
            (Scope::Nothing, every.clone(), vec![]),
            (
                Scope::All,
                Filter {
                    visit: Some(grace.visit),
                    ..every.clone()
                },
                vec![first],
            ),
            (
                Scope::All,
                Filter {
                    doctor: Some(grace.doctor),
                    patient: Some(otieno.patient),
                    ..every.clone()
                },
                vec![third],
            ),
            (
                Scope::All,
                Filter {
                    status: Some(SessionStatus::Completed),
                    ..every.clone()
                },
                vec![],
            ),
            (
                Scope::All,
                Filter {
                    from: Some(monday() + TimeDelta::hours(2)),
                    ..every.clone()
                },
                vec![third, second],
            ),
            (
                Scope::All,
                Filter {
                    until: Some(monday() + TimeDelta::hours(2)),
                    ..every.clone()
                },
                vec![first],
            ),
            (
                Scope::All,
                Filter {
                    below: Some(third),
                    ..every.clone()
                },
                vec![second, first],
            ),
        ];
        for (scope, filter, expected) in cases {
            let found = sessions::list(&mut conn, scope, &filter, 10).await.unwrap();
            let ids: Vec<SessionId> = found.iter().map(|session| session.id).collect();
            assert_eq!(ids, expected, "{scope:?} {filter:?}");
        }
        let one = sessions::list(&mut conn, Scope::All, &every, 1)
            .await
            .unwrap();
        assert_eq!(one.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn the_board_holds_the_day_and_what_is_in_progress() {
    for_each_engine(async |db, clock| {
        let grace = people(&db, &clock, "grace").await;
        let otieno = people(&db, &clock, "otieno").await;
        let running = add(&db, &clock, &grace).await.unwrap();
        let (from, to) = (SessionStatus::Scheduled, SessionStatus::InProgress);
        step(&db, &clock, running, from, to, Change::default()).await;
        clock.advance(TimeDelta::days(2));
        let today = add(&db, &clock, &otieno).await.unwrap();
        charge(&db, &clock, &otieno, today).await;

        let day = Day {
            from: clock.now(),
            until: clock.now() + TimeDelta::days(1),
            with_running: true,
            doctor: None,
        };
        let mut conn = db.read().await.unwrap();
        let lines = board::of_day(&mut conn, day, 10).await.unwrap();
        let ids: Vec<SessionId> = lines.iter().map(|line| line.session.id).collect();
        assert_eq!(ids, [running, today]);
        assert_eq!(lines[1].chief_complaint, "Virtual consultation needed");
        assert_eq!(
            lines[1].ledger().outstanding(),
            Money::from_minor(100_000),
            "the fee of the session"
        );
        assert_eq!(lines[0].ledger().outstanding(), Money::ZERO);

        let without = Day {
            with_running: false,
            ..day
        };
        assert_eq!(
            board::of_day(&mut conn, without, 10).await.unwrap().len(),
            1
        );
        let own = Day {
            doctor: Some(grace.doctor),
            ..day
        };
        let lines = board::of_day(&mut conn, own, 10).await.unwrap();
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].session.id, running);
    })
    .await;
}

async fn charge(db: &Db, clock: &Clock, people: &People, session: SessionId) {
    let mut tx = begin(db).await;
    let fee = NewService {
        service_code: "TELEMED-001".into(),
        name: "Telemedicine Consultation".into(),
        department: "CONSULTATION".into(),
        workflow_type: "OTHER".into(),
        amount: Money::from_minor(100_000),
        currency: "KES".into(),
        description: String::new(),
        is_active: true,
    };
    let service = services::insert(&mut tx, &fee, clock.now())
        .await
        .unwrap()
        .unwrap();
    let new = NewCharge {
        visit: people.visit,
        session: Some(session),
        service,
        description: fee.name.clone(),
        quantity: 1,
        unit: fee.amount,
        currency: "KES".into(),
        by: people.doctor,
        at: clock.now(),
    };
    charges::insert(&mut tx, &new).await.unwrap().unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn the_bills_of_many_sessions_come_in_one_statement() {
    for_each_engine(async |db, clock| {
        let people = people(&db, &clock, "grace").await;
        let billed = add(&db, &clock, &people).await.unwrap();
        charge(&db, &clock, &people, billed).await;
        let mut conn = db.read().await.unwrap();
        for many in [1, 2, 3, 5] {
            let mut asked = vec![billed];
            asked.extend((1..many).map(|n| SessionId(billed.0 + n)));
            let found = charges::of_sessions(&mut conn, &asked).await.unwrap();
            assert_eq!(found.len(), 1, "{many}");
            assert_eq!(found[0].session_id, Some(billed.0));
        }
        assert!(
            charges::of_sessions(&mut conn, &[])
                .await
                .unwrap()
                .is_empty()
        );
    })
    .await;
}

#[tokio::test]
async fn the_timeline_tells_what_happened_oldest_first() {
    for_each_engine(async |db, clock| {
        let people = people(&db, &clock, "grace").await;
        let id = add(&db, &clock, &people).await.unwrap();
        let mut tx = begin(&db).await;
        assert_eq!(
            session_events::newest_kind(&mut tx, id).await.unwrap(),
            None
        );
        session_events::add(&mut tx, id, "created", Some(people.doctor), "", clock.now())
            .await
            .unwrap();
        session_events::add(&mut tx, id, "failed", None, "no provider", clock.now())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let mut conn = db.read().await.unwrap();
        let events = session_events::of_session(&mut conn, id).await.unwrap();
        assert_eq!(events.len(), 2);
        assert_eq!(
            (events[0].kind.as_str(), events[0].actor_username.as_deref()),
            ("created", Some("grace"))
        );
        assert_eq!(
            (events[1].detail.as_str(), &events[1].actor_username),
            ("no provider", &None)
        );
        assert_eq!(
            session_events::newest_kind(&mut conn, id)
                .await
                .unwrap()
                .as_deref(),
            Some("failed")
        );
    })
    .await;
}
