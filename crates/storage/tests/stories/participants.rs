//! People of sessions.

use chrono::TimeDelta;
use televisit_domain::access::{Role, Scope};
use televisit_domain::clock::Clock;
use televisit_domain::ids::{SessionId, UserId};
use televisit_domain::session::ConnectionQuality;
use televisit_storage::participants::{self, Participant, Person};
use televisit_storage::sessions::{self as session_rows, Filter};
use televisit_storage::{Db, users::User};

use crate::support::{begin, for_each_engine, monday};
use crate::{sessions, users};

fn person(user: &User) -> Person<'_> {
    Person {
        user: user.id,
        display_name: &user.username,
        role: user.role,
    }
}

async fn of(db: &Db, session: SessionId) -> Vec<Participant> {
    let mut conn = db.read().await.unwrap();
    participants::of_sessions(&mut conn, &[session])
        .await
        .unwrap()
}

async fn join(db: &Db, clock: &Clock, session: SessionId, user: &User) -> i64 {
    let mut tx = begin(db).await;
    let seat = participants::join(
        &mut tx,
        session,
        person(user),
        "mobile",
        "Firefox",
        clock.now(),
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    seat
}

async fn leave(db: &Db, clock: &Clock, session: SessionId, user: UserId) -> bool {
    let mut tx = begin(db).await;
    let was_here = participants::leave(&mut tx, session, user, clock.now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    was_here
}

#[tokio::test]
async fn who_comes_back_keeps_the_seat_and_the_time_of_the_first_coming() {
    for_each_engine(async |db, clock| {
        let people = sessions::people(&db, &clock, "grace").await;
        let session = sessions::add(&db, &clock, &people).await.unwrap();
        let nurse = users::add(&db, &clock, "nurse", Role::Nurse).await;
        assert!(!leave(&db, &clock, session, nurse.id).await);

        let seat = join(&db, &clock, session, &nurse).await;
        clock.advance(TimeDelta::minutes(1));
        assert!(leave(&db, &clock, session, nurse.id).await);
        let here = of(&db, session).await;
        assert_eq!((here[0].id, here[0].is_present), (seat, false));
        assert_eq!(here[0].left_at, Some(clock.now()));

        clock.advance(TimeDelta::minutes(1));
        assert_eq!(join(&db, &clock, session, &nurse).await, seat);
        let here = of(&db, session).await;
        assert_eq!(here.len(), 1);
        assert_eq!(here[0].joined_at, Some(monday()));
        assert_eq!((here[0].left_at, here[0].is_present), (None, true));
        assert_eq!(
            (here[0].device_type.as_str(), here[0].browser.as_str()),
            ("mobile", "Firefox")
        );
        let mut conn = db.read().await.unwrap();
        assert!(
            participants::is_present(&mut conn, session, nurse.id)
                .await
                .unwrap()
        );
    })
    .await;
}

#[tokio::test]
async fn an_invitation_puts_the_session_on_the_list_and_its_end_takes_it_off() {
    for_each_engine(async |db, clock| {
        let people = sessions::people(&db, &clock, "grace").await;
        let session = sessions::add(&db, &clock, &people).await.unwrap();
        let other = users::add(&db, &clock, "otieno", Role::Doctor).await;
        let listed = async |scope| {
            let mut conn = db.read().await.unwrap();
            let filter = Filter::default();
            session_rows::list(&mut conn, scope, &filter, 10)
                .await
                .unwrap()
                .len()
        };
        let mut tx = begin(&db).await;
        for _ in 0..2 {
            participants::invite(&mut tx, session, person(&other), people.doctor, clock.now())
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
        let mut conn = db.read().await.unwrap();
        assert_eq!(
            participants::invited(&mut conn, session).await.unwrap(),
            [other.id]
        );
        drop(conn);
        assert_eq!(of(&db, session).await.len(), 1);
        assert_eq!(listed(Scope::Doctor(other.id)).await, 1);
        assert_eq!(listed(Scope::Invited(other.id)).await, 1);

        let mut tx = begin(&db).await;
        assert!(
            participants::uninvite(&mut tx, session, other.id)
                .await
                .unwrap()
        );
        assert!(
            !participants::uninvite(&mut tx, session, other.id)
                .await
                .unwrap()
        );
        tx.commit().await.unwrap();
        assert!(of(&db, session).await.is_empty());
        assert_eq!(listed(Scope::Doctor(other.id)).await, 0);
    })
    .await;
}

#[tokio::test]
async fn at_its_end_everybody_has_left_and_after_a_restart_nobody_is_anywhere() {
    for_each_engine(async |db, clock| {
        let one = sessions::people(&db, &clock, "grace").await;
        let two = sessions::people(&db, &clock, "otieno").await;
        let first = sessions::add(&db, &clock, &one).await.unwrap();
        let second = sessions::add(&db, &clock, &two).await.unwrap();
        let nurse = users::add(&db, &clock, "nurse", Role::Nurse).await;
        join(&db, &clock, first, &nurse).await;
        join(&db, &clock, second, &nurse).await;

        let mut tx = begin(&db).await;
        participants::leave_all(&mut tx, first, clock.now())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert!(!of(&db, first).await[0].is_present);
        assert!(of(&db, second).await[0].is_present);

        let mut tx = begin(&db).await;
        let gone = participants::leave_everywhere(&mut tx, clock.now())
            .await
            .unwrap();
        assert_eq!(gone, 1);
        tx.commit().await.unwrap();
        assert!(!of(&db, second).await[0].is_present);
        let mut conn = db.read().await.unwrap();
        let both = participants::of_sessions(&mut conn, &[first, second])
            .await
            .unwrap();
        assert_eq!(both.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_connection_is_written_down_when_it_changes() {
    for_each_engine(async |db, clock| {
        let people = sessions::people(&db, &clock, "grace").await;
        let session = sessions::add(&db, &clock, &people).await.unwrap();
        let nurse = users::add(&db, &clock, "nurse", Role::Nurse).await;
        join(&db, &clock, session, &nurse).await;
        let mut tx = begin(&db).await;
        for (level, changes) in [
            (ConnectionQuality::Good, false),
            (ConnectionQuality::Poor, true),
            (ConnectionQuality::Poor, false),
        ] {
            assert_eq!(
                participants::set_quality(&mut tx, session, nurse.id, level)
                    .await
                    .unwrap(),
                changes,
                "{level}"
            );
        }
        tx.commit().await.unwrap();
        assert_eq!(
            of(&db, session).await[0].connection_quality,
            ConnectionQuality::Poor
        );
    })
    .await;
}
