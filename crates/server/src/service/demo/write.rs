//! Writes the cases of the demonstration down, each as the product itself would have left it.

use aws_lc_rs::rand;
use chrono::{DateTime, TimeDelta, Utc};
use televisit_domain::access::Role;
use televisit_domain::billing::{Money, PaymentMethod};
use televisit_domain::ids::{AppointmentId, PatientId, SessionId, UserId, VisitId};
use televisit_domain::record::AppointmentStatus;
use televisit_domain::session::{SessionStatus, VideoProviderName};
use televisit_storage::appointments::{self, NewAppointment};
use televisit_storage::charges::{self, NewCharge};
use televisit_storage::participants::{self, Person};
use televisit_storage::payments::{self, NewPayment};
use televisit_storage::services::{self, NewService};
use televisit_storage::sessions::{self, Change, NewSession};
use televisit_storage::visits::{self, NewVisit};
use televisit_storage::{Tx, session_events};

use super::At;
use super::day::{Case, Holder, Outcome, Paid};
use super::people::Staff;
use crate::app::App;
use crate::service::billing::charge_session;
use crate::service::{Error, hex};

/// Everybody, as the cases need them.
pub struct Clinic<'a> {
    /// The product.
    pub app: &'a App,
    /// The accounts.
    pub staff: Staff,
    /// The records.
    pub patients: &'a [PatientId],
    /// Now.
    pub at: At,
}

/// Adds to the catalog what the desk charges.
pub async fn catalog(tx: &mut Tx, app: &App, now: DateTime<Utc>) -> Result<(), Error> {
    let lines = [
        (
            "CONS-001",
            "General Consultation",
            "CONSULTATION",
            150_000,
            true,
        ),
        (
            "FOLLOW-001",
            "Follow-up Consultation",
            "CONSULTATION",
            80_000,
            true,
        ),
        ("LAB-CBC", "Full Blood Count", "LABORATORY", 120_000, true),
        ("NURSE-001", "Nurse Home Visit", "NURSING", 250_000, true),
        ("FAX-001", "Report by fax", "OTHER", 20_000, false),
    ];
    for (code, name, department, minor, is_active) in lines {
        let new = NewService {
            service_code: code.into(),
            name: name.into(),
            department: department.into(),
            workflow_type: "OTHER".into(),
            amount: Money::from_minor(minor),
            currency: app.config.currency.clone(),
            description: String::new(),
            is_active,
        };
        services::insert(tx, &new, now).await?;
    }
    Ok(())
}

/// Appointments without a visit.
pub async fn appointments(tx: &mut Tx, clinic: &Clinic<'_>) -> Result<(), Error> {
    let days = [
        (
            3,
            Holder::Doctor,
            2,
            AppointmentStatus::Scheduled,
            "Allergy, first talk",
        ),
        (
            6,
            Holder::Doctor,
            4,
            AppointmentStatus::Confirmed,
            "Sugar diary, third month",
        ),
        (
            0,
            Holder::Doctor2,
            7,
            AppointmentStatus::Scheduled,
            "Vaccination advice",
        ),
        (
            1,
            Holder::Doctor,
            -1,
            AppointmentStatus::NoShow,
            "Rash on both forearms",
        ),
        (
            8,
            Holder::Doctor2,
            -4,
            AppointmentStatus::Cancelled,
            "Form for a new employer",
        ),
    ];
    for (patient, holder, day, status, reason) in days {
        let when = clinic.at.days(day);
        let booked = clinic.at.days(day.min(0) - 2);
        book(tx, clinic, patient, holder, when, booked, status, reason).await?;
    }
    Ok(())
}

#[expect(clippy::too_many_arguments, reason = "what an appointment consists of")]
async fn book(
    tx: &mut Tx,
    clinic: &Clinic<'_>,
    patient: usize,
    holder: Holder,
    date: DateTime<Utc>,
    booked: DateTime<Utc>,
    status: AppointmentStatus,
    reason: &str,
) -> Result<AppointmentId, Error> {
    let new = NewAppointment {
        patient: clinic.patients[patient],
        doctor: clinic.doctor(holder),
        date,
        duration_minutes: 30,
        reason: reason.into(),
        notes: String::new(),
        by: clinic.staff.receptionist,
        at: booked,
    };
    let id = appointments::insert(tx, &new).await?;
    if status != AppointmentStatus::Scheduled {
        appointments::transition(tx, id, AppointmentStatus::Scheduled, status, booked).await?;
    }
    Ok(id)
}

impl Clinic<'_> {
    fn doctor(&self, holder: Holder) -> UserId {
        match holder {
            Holder::Doctor => self.staff.doctor,
            Holder::Doctor2 => self.staff.doctor2,
        }
    }

    /// Writes one case: appointment, visit, session, bill, payments.
    pub async fn write(&self, tx: &mut Tx, case: &Case) -> Result<(), Error> {
        let planned = self.at.minutes(case.minutes);
        let opened = (planned - TimeDelta::hours(3)).min(self.at.now - TimeDelta::minutes(40));
        let appointment = match case.outcome {
            Outcome::None => None,
            Outcome::Scheduled | Outcome::InProgress | Outcome::Failed(_) => {
                Some(AppointmentStatus::Confirmed)
            }
            Outcome::Completed(..) => Some(AppointmentStatus::Completed),
            Outcome::Cancelled(_) => Some(AppointmentStatus::Cancelled),
        };
        let appointment = match appointment {
            None => None,
            Some(status) => Some(
                book(
                    tx,
                    self,
                    case.patient,
                    case.holder,
                    planned,
                    opened - TimeDelta::days(1),
                    status,
                    case.complaint,
                )
                .await?,
            ),
        };
        let new = NewVisit {
            patient: self.patients[case.patient],
            visit_type: case.visit_type,
            chief_complaint: case.complaint.into(),
            appointment,
            assigned_doctor: Some(self.doctor(case.holder)),
            waiver: None,
            by: self.staff.receptionist,
            at: opened,
        };
        let visit = visits::insert(tx, &new).await?;
        for code in case.charged {
            self.charge(tx, visit, code, opened).await?;
        }
        if !matches!(case.outcome, Outcome::None) {
            self.hold(tx, case, visit, appointment, planned).await?;
        }
        self.pay(tx, case, visit, opened + TimeDelta::minutes(5))
            .await?;
        if case.closed {
            visits::close(tx, visit, self.at.now - TimeDelta::minutes(10)).await?;
        }
        Ok(())
    }

    async fn charge(
        &self,
        tx: &mut Tx,
        visit: VisitId,
        code: &str,
        at: DateTime<Utc>,
    ) -> Result<(), Error> {
        let Some(service) = services::by_code(tx, code).await? else {
            return Ok(());
        };
        let new = NewCharge {
            visit,
            session: None,
            service: service.id,
            description: service.name.clone(),
            quantity: 1,
            unit: service.amount(),
            currency: service.currency.clone(),
            by: self.staff.receptionist,
            at,
        };
        charges::insert(tx, &new).await?;
        Ok(())
    }

    async fn pay(
        &self,
        tx: &mut Tx,
        case: &Case,
        visit: VisitId,
        at: DateTime<Utc>,
    ) -> Result<(), Error> {
        let Some(row) = visits::find(tx, visit).await? else {
            return Ok(());
        };
        let amount = match case.paid {
            Paid::Nothing => Money::ZERO,
            Paid::Part(minor) => Money::from_minor(minor),
            Paid::All => row.ledger().outstanding(),
        };
        if !amount.is_positive() {
            return Ok(());
        }
        let by_phone = visit.0 % 3 != 0;
        let new = NewPayment {
            visit,
            amount,
            currency: self.app.config.currency.clone(),
            method: if by_phone {
                PaymentMethod::MobileMoney
            } else {
                PaymentMethod::Cash
            },
            reference: if by_phone {
                format!("DEMO{:06}", visit.0 * 7919 % 1_000_000)
            } else {
                String::new()
            },
            by: self.staff.receptionist,
            at,
        };
        payments::insert(tx, &new).await?;
        Ok(())
    }

    /// The session of a case, moved to where the case says it is.
    async fn hold(
        &self,
        tx: &mut Tx,
        case: &Case,
        visit: VisitId,
        appointment: Option<AppointmentId>,
        planned: DateTime<Utc>,
    ) -> Result<(), Error> {
        use SessionStatus as S;
        let doctor = self.doctor(case.holder);
        let created = (planned - TimeDelta::hours(2)).min(self.at.now - TimeDelta::minutes(30));
        let mut name = [0; 16];
        rand::fill(&mut name)
            .map_err(|_| Error::Internal("the system gave no random numbers".into()))?;
        let room_name = format!("tv-{}", hex(&name));
        let new = NewSession {
            visit,
            appointment,
            patient: self.patients[case.patient],
            doctor,
            provider: VideoProviderName::Embedded,
            provider_fallback_reason: String::new(),
            room_sid: format!("EM{room_name}"),
            room_name,
            scheduled_start: planned,
            recording_enabled: false,
            notes: String::new(),
            created_by: doctor,
            at: created,
        };
        let id = sessions::create(tx, &new).await?;
        session_events::add(tx, id, "created", Some(doctor), "", created).await?;
        let start = planned + TimeDelta::minutes(2);
        match case.outcome {
            Outcome::None | Outcome::Scheduled => {}
            Outcome::InProgress => {
                self.start(tx, case, id, start).await?;
            }
            Outcome::Completed(minutes, notes) => {
                self.start(tx, case, id, start).await?;
                let end = start + TimeDelta::minutes(minutes);
                let change = Change {
                    actual_end: Some(end),
                    duration_seconds: Some(minutes * 60),
                    notes: Some(notes.into()),
                    ..Change::default()
                };
                sessions::transition(tx, id, S::InProgress, S::Completed, &change, end).await?;
                participants::leave_all(tx, id, end).await?;
                charge_session(self.app, tx, id, visit, doctor, end).await?;
                session_events::add(tx, id, "billed", Some(doctor), "", end).await?;
                session_events::add(tx, id, "ended", Some(doctor), "", end).await?;
            }
            Outcome::Cancelled(reason) => {
                let at = planned - TimeDelta::minutes(50);
                let change = Change {
                    error_message: Some(reason.into()),
                    ..Change::default()
                };
                sessions::transition(tx, id, S::Scheduled, S::Cancelled, &change, at).await?;
                let by = Some(self.staff.receptionist);
                session_events::add(tx, id, "cancelled", by, reason, at).await?;
            }
            Outcome::Failed(reason) => {
                self.start(tx, case, id, start).await?;
                let end = start + TimeDelta::minutes(14);
                let change = Change {
                    actual_end: Some(end),
                    duration_seconds: Some(14 * 60),
                    error_message: Some(reason.into()),
                    ..Change::default()
                };
                sessions::transition(tx, id, S::InProgress, S::Failed, &change, end).await?;
                participants::leave_all(tx, id, end).await?;
                session_events::add(tx, id, "failed", None, reason, end).await?;
            }
        }
        Ok(())
    }

    /// The doctor opens the room, and the patient is there if he has an account. Nobody stays: no connection is open.
    async fn start(
        &self,
        tx: &mut Tx,
        case: &Case,
        id: SessionId,
        at: DateTime<Utc>,
    ) -> Result<(), Error> {
        let doctor = Person {
            user: self.doctor(case.holder),
            display_name: match case.holder {
                Holder::Doctor => "Dr Amina Wanjiru",
                Holder::Doctor2 => "Dr Daniel Otieno",
            },
            role: Role::Doctor,
        };
        let mut people = vec![doctor];
        if case.patient == 0 {
            people.push(Person {
                user: self.staff.patient,
                display_name: "Test Telemedicine",
                role: Role::Patient,
            });
        }
        for person in people {
            participants::join(tx, id, person, "desktop", "Chrome", at).await?;
            session_events::add(tx, id, "joined", Some(person.user), "", at).await?;
        }
        let change = Change {
            actual_start: Some(at),
            ..Change::default()
        };
        sessions::transition(
            tx,
            id,
            SessionStatus::Scheduled,
            SessionStatus::InProgress,
            &change,
            at,
        )
        .await?;
        session_events::add(tx, id, "started", Some(doctor.user), "", at).await?;
        participants::leave_all(tx, id, self.at.now.max(at)).await?;
        Ok(())
    }
}
