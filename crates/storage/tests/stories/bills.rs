//! Charges and payments, and what a visit then owes.

use chrono::TimeDelta;
use televisit_domain::access::Role;
use televisit_domain::billing::{Ledger, Money, PaymentMethod, PaymentStatus};
use televisit_domain::clock::Clock;
use televisit_domain::ids::{ChargeId, PaymentId, ServiceId, SessionId, UserId, VisitId};
use televisit_storage::charges::{self, NewCharge};
use televisit_storage::payments::{self, NewPayment};
use televisit_storage::visits::{self, NewVisit, VisitFilter};
use televisit_storage::{Db, Result};

use crate::support::{begin, for_each_engine};
use crate::{patients, services, sessions as session_stories, users, visits as visit_stories};

fn charge(clock: &Clock, visit: VisitId, service: ServiceId, by: UserId, minor: i64) -> NewCharge {
    NewCharge {
        visit,
        session: None,
        service,
        description: "Telemedicine Consultation".into(),
        quantity: 1,
        unit: Money::from_minor(minor),
        currency: "KES".into(),
        by,
        at: clock.now(),
    }
}

fn payment(clock: &Clock, visit: VisitId, by: UserId, minor: i64, reference: &str) -> NewPayment {
    NewPayment {
        visit,
        amount: Money::from_minor(minor),
        currency: "KES".into(),
        method: PaymentMethod::MobileMoney,
        reference: reference.into(),
        by,
        at: clock.now(),
    }
}

async fn charge_now(db: &Db, new: &NewCharge) -> Result<Option<ChargeId>> {
    let mut tx = begin(db).await;
    let id = charges::insert(&mut tx, new).await?;
    tx.commit().await?;
    Ok(id)
}

async fn pay_now(db: &Db, new: &NewPayment) -> Result<Option<PaymentId>> {
    let mut tx = begin(db).await;
    let id = payments::insert(&mut tx, new).await?;
    tx.commit().await?;
    Ok(id)
}

#[tokio::test]
async fn a_session_is_charged_once_for_a_service_and_a_visit_as_often_as_one_likes() {
    for_each_engine(async |db, clock| {
        let people = session_stories::people(&db, &clock, "doctor").await;
        let session = session_stories::add(&db, &clock, &people).await.unwrap();
        let service = services::add(&db, &clock, "TELEMED-001", 100_000).await;
        let by_hand = NewCharge {
            quantity: 3,
            ..charge(&clock, people.visit, service, people.doctor, 100_000)
        };
        let first = charge_now(&db, &by_hand).await.unwrap().unwrap();
        let second = charge_now(&db, &by_hand).await.unwrap().unwrap();
        let of_session = NewCharge {
            session: Some(session),
            ..charge(&clock, people.visit, service, people.doctor, 100_000)
        };
        let third = charge_now(&db, &of_session).await.unwrap().unwrap();
        assert_eq!(charge_now(&db, &of_session).await.unwrap(), None);

        let mut conn = db.read().await.unwrap();
        let rows = charges::of_visit(&mut conn, people.visit).await.unwrap();
        assert_eq!(
            rows.iter().map(|row| row.id).collect::<Vec<_>>(),
            [first, second, third]
        );
        assert_eq!((rows[0].quantity, rows[0].amount_minor), (3, 300_000));
        assert_eq!(rows[2].service_code, "TELEMED-001");
        assert_eq!(rows[2].session_id, Some(session.0));
        let found = charges::of_session(&mut conn, session).await.unwrap();
        assert_eq!(found.as_ref(), Some(&rows[2]));
        let none = charges::of_session(&mut conn, SessionId(session.0 + 1))
            .await
            .unwrap();
        assert_eq!(none, None);
        assert_eq!(charges::find(&mut conn, third).await.unwrap(), found);
        let visit = visits::find(&mut conn, people.visit)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(visit.charged_minor, 700_000);
        assert_eq!(visit.currency.as_deref(), Some("KES"));
    })
    .await;
}

#[tokio::test]
async fn of_many_who_charge_a_session_at_once_one_does() {
    for_each_engine(async |db, clock| {
        let people = session_stories::people(&db, &clock, "doctor").await;
        let session = session_stories::add(&db, &clock, &people).await.unwrap();
        let service = services::add(&db, &clock, "TELEMED-001", 100_000).await;
        let new = NewCharge {
            session: Some(session),
            ..charge(&clock, people.visit, service, people.doctor, 100_000)
        };
        let racers = (0..32).map(|_| {
            let (db, new) = (db.clone(), new.clone());
            async move { charge_now(&db, &new).await.unwrap() }
        });
        let results = futures_util::future::join_all(racers).await;
        assert_eq!(results.iter().flatten().count(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_transaction_of_a_bank_is_one_payment() {
    for_each_engine(async |db, clock| {
        let by = users::add(&db, &clock, "reception", Role::Receptionist)
            .await
            .id;
        let patient = patients::add(&db, &clock, "Test", "Telemedicine").await.id;
        let visit = visit_stories::open(&db, &visit_stories::new(&clock, patient, by)).await;
        let new = payment(&clock, visit, by, 50_000, "QX1");
        let id = pay_now(&db, &new).await.unwrap().unwrap();
        assert_eq!(pay_now(&db, &new).await.unwrap(), None);
        let other_amount = payment(&clock, visit, by, 50_001, "QX1");
        assert!(pay_now(&db, &other_amount).await.unwrap().is_some());
        let cash = NewPayment {
            method: PaymentMethod::Cash,
            ..payment(&clock, visit, by, 50_000, "")
        };
        let first_cash = pay_now(&db, &cash).await.unwrap();
        let second_cash = pay_now(&db, &cash).await.unwrap();
        assert!(first_cash.is_some() && second_cash > first_cash);

        let mut conn = db.read().await.unwrap();
        let amount = Money::from_minor(50_000);
        let mobile = PaymentMethod::MobileMoney;
        let known = payments::by_reference(&mut conn, visit, mobile, "QX1", amount).await;
        assert_eq!(known.unwrap(), Some(id));
        for (method, reference) in [
            (mobile, "QX2"),
            (PaymentMethod::Card, "QX1"),
            (PaymentMethod::Cash, ""),
        ] {
            let none = payments::by_reference(&mut conn, visit, method, reference, amount).await;
            assert_eq!(none.unwrap(), None, "{method} {reference}");
        }
        let rows = payments::of_visit(&mut conn, visit).await.unwrap();
        assert_eq!(rows.len(), 4);
        assert_eq!(rows[0].received_by_name(), "reception");
        assert_eq!(
            payments::find(&mut conn, id).await.unwrap().as_ref(),
            Some(&rows[0])
        );
    })
    .await;
}

#[tokio::test]
async fn an_equal_payment_without_a_reference_is_known_for_a_while() {
    for_each_engine(async |db, clock| {
        let by = users::add(&db, &clock, "reception", Role::Receptionist)
            .await
            .id;
        let other = users::add(&db, &clock, "reception2", Role::Receptionist)
            .await
            .id;
        let patient = patients::add(&db, &clock, "Test", "Telemedicine").await.id;
        let visit = visit_stories::open(&db, &visit_stories::new(&clock, patient, by)).await;
        let cash = NewPayment {
            method: PaymentMethod::Cash,
            ..payment(&clock, visit, by, 50_000, "")
        };
        let id = pay_now(&db, &cash).await.unwrap();
        let before = clock.now() - TimeDelta::microseconds(1);
        let (amount, method) = (Money::from_minor(50_000), PaymentMethod::Cash);
        let mut conn = db.read().await.unwrap();
        let alike = payments::alike_since(&mut conn, visit, method, amount, by, before).await;
        assert_eq!(alike.unwrap(), id);
        let expired =
            payments::alike_since(&mut conn, visit, method, amount, by, clock.now()).await;
        assert_eq!(expired.unwrap(), None);
        let of_other = payments::alike_since(&mut conn, visit, method, amount, other, before).await;
        assert_eq!(of_other.unwrap(), None);
        let more = Money::from_minor(50_001);
        let of_more = payments::alike_since(&mut conn, visit, method, more, by, before).await;
        assert_eq!(of_more.unwrap(), None);
    })
    .await;
}

/// Every combination of a few charges, payments and waivers: what the lists filter by is what the rule computes.
#[tokio::test]
async fn the_bill_in_the_database_is_the_bill_of_the_rule() {
    let charged: [&[i64]; 4] = [&[], &[0], &[500], &[500, 700]];
    let paid: [&[i64]; 5] = [&[], &[1], &[500], &[500, 700], &[2000]];
    let waived = [None, Some(0), Some(500), Some(2000)];
    for_each_engine(async |db, clock| {
        let by = users::add(&db, &clock, "reception", Role::Receptionist)
            .await
            .id;
        let patient = patients::add(&db, &clock, "Test", "Telemedicine").await.id;
        let service = services::add(&db, &clock, "TELEMED-001", 0).await;
        let mut expected: Vec<(i64, Ledger)> = Vec::new();
        let mut tx = begin(&db).await;
        for charged in charged {
            for paid in paid {
                for waived in waived {
                    let waived = waived.map(Money::from_minor);
                    let new = NewVisit {
                        waiver: waived.map(|amount| (amount, "poor".into())),
                        ..visit_stories::new(&clock, patient, by)
                    };
                    let visit = visits::insert(&mut tx, &new).await.unwrap();
                    for amount in charged {
                        let new = charge(&clock, visit, service, by, *amount);
                        charges::insert(&mut tx, &new).await.unwrap();
                    }
                    for amount in paid {
                        let new = payment(&clock, visit, by, *amount, "");
                        payments::insert(&mut tx, &new).await.unwrap();
                    }
                    let ledger = Ledger {
                        charges: Money::from_minor(charged.iter().sum()),
                        payments: Money::from_minor(paid.iter().sum()),
                        waived,
                    };
                    expected.push((visit.0, ledger));
                }
            }
        }
        tx.commit().await.unwrap();

        let mut conn = db.read().await.unwrap();
        for (id, ledger) in &expected {
            let row = visits::find(&mut conn, VisitId(*id))
                .await
                .unwrap()
                .unwrap();
            assert_eq!(row.ledger(), *ledger);
        }
        drop(conn);
        for status in PaymentStatus::ALL {
            let filter = VisitFilter {
                payment_status: Some(*status),
                ..VisitFilter::default()
            };
            let by_rule: Vec<i64> = expected
                .iter()
                .filter(|(_, ledger)| ledger.status() == *status)
                .map(|(id, _)| *id)
                .collect();
            assert!(!by_rule.is_empty(), "{status} is not among the cases");
            assert_eq!(visit_stories::ids(&db, &filter).await, by_rule, "{status}");
        }
        for owing in [true, false] {
            let filter = VisitFilter {
                owing: Some(owing),
                ..VisitFilter::default()
            };
            let by_rule: Vec<i64> = expected
                .iter()
                .filter(|(_, ledger)| ledger.outstanding().is_positive() == owing)
                .map(|(id, _)| *id)
                .collect();
            assert_eq!(visit_stories::ids(&db, &filter).await, by_rule, "{owing}");
        }
    })
    .await;
}
