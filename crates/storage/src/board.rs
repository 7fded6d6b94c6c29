//! The board of a day: its sessions with what reception and doctor look at beside them.

use chrono::{DateTime, NaiveDate, Utc};
use televisit_domain::billing::{Ledger, Money};
use televisit_domain::ids::UserId;
use televisit_domain::record::{Gender, VisitType};

use crate::sessions::{Session, select_session};
use crate::{Conn, Result, on};

/// A line of the board.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Line {
    /// The session.
    #[sqlx(flatten)]
    pub session: Session,
    /// The patient's date of birth.
    pub date_of_birth: NaiveDate,
    /// The patient's gender as registered.
    #[sqlx(try_from = "String")]
    pub gender: Gender,
    /// Why the patient comes.
    pub chief_complaint: String,
    /// What kind of visit it is.
    #[sqlx(try_from = "String")]
    pub visit_type: VisitType,
    /// The sum of the visit's charges, in minor units.
    pub charged_minor: i64,
    /// The sum of its payments.
    pub paid_minor: i64,
    /// How much was waived.
    pub waived_minor: i64,
    /// Whether anything was waived, be it of no amount.
    pub is_waived: bool,
}

impl Line {
    /// The sums of the visit's bill.
    pub fn ledger(&self) -> Ledger {
        Ledger {
            charges: Money::from_minor(self.charged_minor),
            payments: Money::from_minor(self.paid_minor),
            waived: self.is_waived.then(|| Money::from_minor(self.waived_minor)),
        }
    }
}

/// Which sessions stand on the board.
#[derive(Clone, Copy, Debug)]
pub struct Day {
    /// To begin at or after.
    pub from: DateTime<Utc>,
    /// To begin before.
    pub until: DateTime<Utc>,
    /// Whether every session in progress stands on it as well, whenever it was to begin.
    pub with_running: bool,
    /// Only of this doctor.
    pub doctor: Option<UserId>,
}

/// The sessions of a day in the order of their time, at most `limit`.
pub async fn of_day(conn: &mut Conn, day: Day, limit: i64) -> Result<Vec<Line>> {
    Ok(on!(conn, |c| {
        sqlx::query_as(select_session!(
            ", p.date_of_birth, p.gender, v.chief_complaint, v.visit_type, b.charged_minor, b.paid_minor,
               b.waived_minor, b.is_waived",
            "JOIN visit v ON v.id = s.visit_id
            JOIN visit_bill b ON b.visit_id = s.visit_id
            WHERE ((s.scheduled_start >= $1 AND s.scheduled_start < $2) OR ($3 AND s.status = 'IN_PROGRESS'))
              AND (CAST($4 AS BIGINT) IS NULL OR s.doctor_id = $4)
            ORDER BY s.scheduled_start, s.id LIMIT $5"
        ))
        .bind(day.from)
        .bind(day.until)
        .bind(day.with_running)
        .bind(day.doctor.map(|doctor| doctor.0))
        .bind(limit)
        .fetch_all(c)
        .await?
    }))
}
