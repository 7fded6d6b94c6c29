//! Visits, with what each owes.

use chrono::{DateTime, Utc};
use televisit_domain::billing::{Ledger, Money, PaymentStatus};
use televisit_domain::ids::{AppointmentId, PatientId, UserId, VisitId};
use televisit_domain::record::{VisitStatus, VisitType, person_name};

use crate::{Conn, Result, Tx, on};

/// A visit with the names of its people and the sums of its bill.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct VisitRow {
    /// Its number.
    #[sqlx(try_from = "i64")]
    pub id: VisitId,
    /// Whose visit.
    #[sqlx(try_from = "i64")]
    pub patient_id: PatientId,
    /// The patient's first name.
    pub patient_first_name: String,
    /// The patient's middle name.
    pub patient_middle_name: String,
    /// The patient's last name.
    pub patient_last_name: String,
    /// Why the patient comes, in one word.
    #[sqlx(try_from = "String")]
    pub visit_type: VisitType,
    /// Why, in the patient's words.
    pub chief_complaint: String,
    /// The appointment it was made from.
    pub appointment_id: Option<i64>,
    /// The doctor who is to hold it.
    pub assigned_doctor_id: Option<i64>,
    /// His first name.
    pub doctor_first_name: Option<String>,
    /// His last name.
    pub doctor_last_name: Option<String>,
    /// His account name.
    pub doctor_username: Option<String>,
    /// Whether more can happen in it.
    #[sqlx(try_from = "String")]
    pub status: VisitStatus,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// When it or its bill was last changed.
    pub updated_at: DateTime<Utc>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// The sum of its charges, in minor units.
    pub charged_minor: i64,
    /// The sum of its payments.
    pub paid_minor: i64,
    /// How much was waived.
    pub waived_minor: i64,
    /// Whether anything was waived, be it of no amount.
    pub is_waived: bool,
    /// The currency of its charges and payments; none while it has neither.
    pub currency: Option<String>,
}

impl VisitRow {
    /// The name of the assigned doctor; empty for nobody.
    pub fn doctor_name(&self) -> String {
        person_name(
            self.doctor_first_name.as_deref().unwrap_or_default(),
            self.doctor_last_name.as_deref().unwrap_or_default(),
            self.doctor_username.as_deref().unwrap_or_default(),
        )
    }

    /// The sums of the bill.
    pub fn ledger(&self) -> Ledger {
        Ledger {
            charges: Money::from_minor(self.charged_minor),
            payments: Money::from_minor(self.paid_minor),
            waived: self.is_waived.then(|| Money::from_minor(self.waived_minor)),
        }
    }
}

/// A visit to be opened.
#[derive(Clone, Debug)]
pub struct NewVisit {
    /// Whose visit.
    pub patient: PatientId,
    /// Why the patient comes, in one word.
    pub visit_type: VisitType,
    /// Why, in the patient's words.
    pub chief_complaint: String,
    /// The appointment it is made from.
    pub appointment: Option<AppointmentId>,
    /// The doctor who is to hold it.
    pub assigned_doctor: Option<UserId>,
    /// How much of its bill is waived, and why.
    pub waiver: Option<(Money, String)>,
    /// Who opens it.
    pub by: UserId,
    /// When.
    pub at: DateTime<Utc>,
}

/// Which visits are wanted; what is `None` does not matter.
#[derive(Clone, Debug, Default)]
pub struct VisitFilter {
    /// Of this patient.
    pub patient: Option<PatientId>,
    /// In this status.
    pub status: Option<VisitStatus>,
    /// With a bill in this state.
    pub payment_status: Option<PaymentStatus>,
    /// Assigned to this doctor.
    pub doctor: Option<UserId>,
    /// A part of the patient's name or number, or of the complaint.
    pub search: Option<String>,
    /// Owing anything.
    pub owing: Option<bool>,
}

impl VisitFilter {
    /// The patient record that is searched for by its number, like `P-000012`.
    fn searched_patient(&self) -> Option<i64> {
        let text = self.search.as_deref()?.trim();
        let digits = text
            .strip_prefix("P-")
            .or_else(|| text.strip_prefix("p-"))?;
        digits.parse().ok()
    }
}

/// In which order they come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VisitOrder {
    /// Newest first.
    Newest,
    /// Oldest first.
    Oldest,
}

/// The rows of `VisitRow`, from what stands in `$rest` on.
macro_rules! visits {
    ($($rest:expr),+) => {
        concat!(
            "SELECT v.id, v.patient_id, p.first_name AS patient_first_name, p.middle_name AS patient_middle_name,
                    p.last_name AS patient_last_name, v.visit_type, v.chief_complaint, v.appointment_id,
                    v.assigned_doctor_id, d.first_name AS doctor_first_name, d.last_name AS doctor_last_name,
                    d.username AS doctor_username, v.status, v.created_at, v.updated_at, v.closed_at,
                    b.charged_minor, b.paid_minor, b.waived_minor, b.is_waived, b.currency
               FROM visit v
               JOIN patient p ON p.id = v.patient_id
               JOIN visit_bill b ON b.visit_id = v.id
               LEFT JOIN user_account d ON d.id = v.assigned_doctor_id ",
            $($rest),+
        )
    };
}

/// The filter: `$1` to `$7` are patient, status, payment status, doctor, search pattern, searched patient, owing.
macro_rules! wanted {
    () => {
        r"WHERE ($1 IS NULL OR v.patient_id = $1)
            AND ($2 IS NULL OR v.status = $2)
            AND ($3 IS NULL OR b.payment_status = $3)
            AND ($4 IS NULL OR v.assigned_doctor_id = $4)
            AND ($5 IS NULL OR LOWER(p.first_name || ' ' || p.last_name) LIKE LOWER($5) ESCAPE '\'
                 OR LOWER(p.first_name || ' ' || p.middle_name || ' ' || p.last_name) LIKE LOWER($5) ESCAPE '\'
                 OR LOWER(v.chief_complaint) LIKE LOWER($5) ESCAPE '\'
                 OR p.id = $6)
            AND ($7 IS NULL OR (b.outstanding_minor > 0) = $7) "
    };
}

const NEWEST: &str = visits!(wanted!(), "ORDER BY v.id DESC LIMIT $8 OFFSET $9");
const OLDEST: &str = visits!(wanted!(), "ORDER BY v.id LIMIT $8 OFFSET $9");
const COUNT: &str = concat!(
    "SELECT COUNT(*) FROM visit v JOIN patient p ON p.id = v.patient_id JOIN visit_bill b ON b.visit_id = v.id ",
    wanted!()
);

/// Opens a visit. A second one from the same appointment is a conflict on `visit_appointment`.
pub async fn insert(tx: &mut Tx, new: &NewVisit) -> Result<VisitId> {
    let (waived, reason) = new.waiver.as_ref().map_or((0, ""), |(amount, reason)| {
        (amount.minor(), reason.as_str())
    });
    let id: i64 = on!(tx, |c| {
        sqlx::query_scalar(
            "INSERT INTO visit (patient_id, visit_type, chief_complaint, appointment_id, assigned_doctor_id, status,
                                waived_minor, waiver_reason, waived_by, created_by, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, 'OPEN', $6, $7, $8, $9, $10, $10) RETURNING id",
        )
        .bind(new.patient.0)
        .bind(new.visit_type.as_str())
        .bind(&new.chief_complaint)
        .bind(new.appointment.map(|a| a.0))
        .bind(new.assigned_doctor.map(|d| d.0))
        .bind(waived)
        .bind(reason)
        .bind(new.waiver.as_ref().map(|_| new.by.0))
        .bind(new.by.0)
        .bind(new.at)
        .fetch_one(c)
        .await?
    });
    Ok(VisitId(id))
}

/// Holds the visit's row until the end of the transaction and marks it as changed at `now`; `None` when there is no
/// such visit. Whoever adds to a bill, opens a session or closes the visit takes it first, so that what he then reads of
/// the visit stays true until his commit.
pub async fn lock(tx: &mut Tx, id: VisitId, now: DateTime<Utc>) -> Result<Option<VisitStatus>> {
    let status: Option<String> = on!(tx, |c| {
        sqlx::query_scalar("UPDATE visit SET updated_at = $2 WHERE id = $1 RETURNING status")
            .bind(id.0)
            .bind(now)
            .fetch_optional(c)
            .await?
    });
    // The column's CHECK knows the same words.
    Ok(status.and_then(|word| word.parse().ok()))
}

/// The visit with this number.
pub async fn find(conn: &mut Conn, id: VisitId) -> Result<Option<VisitRow>> {
    Ok(on!(conn, |c| sqlx::query_as(visits!("WHERE v.id = $1"))
        .bind(id.0)
        .fetch_optional(c)
        .await?))
}

/// The visit that was made from an appointment.
pub async fn of_appointment(
    conn: &mut Conn,
    appointment: AppointmentId,
) -> Result<Option<VisitId>> {
    let id: Option<i64> = on!(conn, |c| {
        sqlx::query_scalar("SELECT id FROM visit WHERE appointment_id = $1")
            .bind(appointment.0)
            .fetch_optional(c)
            .await?
    });
    Ok(id.map(VisitId))
}

/// Writes what may be changed of an open visit; `false` when it is closed or not there.
pub async fn update(
    tx: &mut Tx,
    id: VisitId,
    visit_type: VisitType,
    chief_complaint: &str,
    assigned_doctor: Option<UserId>,
    now: DateTime<Utc>,
) -> Result<bool> {
    Ok(on!(tx, |c| {
        sqlx::query(
            "UPDATE visit SET visit_type = $2, chief_complaint = $3, assigned_doctor_id = $4, updated_at = $5
              WHERE id = $1 AND status = 'OPEN'",
        )
        .bind(id.0)
        .bind(visit_type.as_str())
        .bind(chief_complaint)
        .bind(assigned_doctor.map(|d| d.0))
        .bind(now)
        .execute(c)
        .await?
        .rows_affected()
    }) == 1)
}

/// Closes an open visit; `false` when somebody else did or it is not there.
pub async fn close(tx: &mut Tx, id: VisitId, now: DateTime<Utc>) -> Result<bool> {
    Ok(on!(tx, |c| {
        sqlx::query(
            "UPDATE visit SET status = 'CLOSED', closed_at = $2, updated_at = $2 WHERE id = $1 AND status = 'OPEN'",
        )
        .bind(id.0)
        .bind(now)
        .execute(c)
        .await?
        .rows_affected()
    }) == 1)
}

/// The session of a visit that can still be held, and its status: a visit is not closed over it.
pub async fn live_session(conn: &mut Conn, id: VisitId) -> Result<Option<(i64, String)>> {
    Ok(on!(conn, |c| {
        sqlx::query_as(
            "SELECT id, status FROM telemedicine_session WHERE visit_id = $1 AND status IN ('SCHEDULED', 'IN_PROGRESS')",
        )
        .bind(id.0)
        .fetch_optional(c)
        .await?
    }))
}

/// One page of visits.
pub async fn list(
    conn: &mut Conn,
    filter: &VisitFilter,
    order: VisitOrder,
    limit: i64,
    offset: i64,
) -> Result<Vec<VisitRow>> {
    let sql = match order {
        VisitOrder::Newest => NEWEST,
        VisitOrder::Oldest => OLDEST,
    };
    let search = filter.search.as_deref().map(crate::like::contains);
    Ok(on!(conn, |c| {
        sqlx::query_as(sql)
            .bind(filter.patient.map(|p| p.0))
            .bind(filter.status.map(VisitStatus::as_str))
            .bind(filter.payment_status.map(PaymentStatus::as_str))
            .bind(filter.doctor.map(|d| d.0))
            .bind(search)
            .bind(filter.searched_patient())
            .bind(filter.owing)
            .bind(limit)
            .bind(offset)
            .fetch_all(c)
            .await?
    }))
}

/// How many visits [`list`] has in all its pages.
pub async fn count(conn: &mut Conn, filter: &VisitFilter) -> Result<i64> {
    let search = filter.search.as_deref().map(crate::like::contains);
    Ok(on!(conn, |c| {
        sqlx::query_scalar(COUNT)
            .bind(filter.patient.map(|p| p.0))
            .bind(filter.status.map(VisitStatus::as_str))
            .bind(filter.payment_status.map(PaymentStatus::as_str))
            .bind(filter.doctor.map(|d| d.0))
            .bind(search)
            .bind(filter.searched_patient())
            .bind(filter.owing)
            .fetch_one(c)
            .await?
    }))
}
