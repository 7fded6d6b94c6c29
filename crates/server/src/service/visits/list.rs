//! Lists of visits.

use televisit_domain::access::{self, Action, Scope};
use televisit_domain::billing::PaymentStatus;
use televisit_domain::ids::{PatientId, UserId};
use televisit_domain::record::VisitStatus;
use televisit_storage::visits::{self, VisitFilter, VisitOrder, VisitRow};

use crate::app::App;
use crate::service::{Context, Error, FieldErrors, wording};

/// Which visits are wanted.
#[derive(Clone, Debug, Default)]
pub struct VisitQuery {
    /// Of this patient.
    pub patient: Option<i64>,
    /// `OPEN` or `CLOSED`.
    pub status: Option<VisitStatus>,
    /// `UNPAID`, `PARTIALLY_PAID`, `PAID` or `SETTLED`.
    pub payment_status: Option<PaymentStatus>,
    /// Assigned to this doctor.
    pub doctor: Option<i64>,
    /// A part of the patient's name or of the complaint, or the patient's number.
    pub search: Option<String>,
}

/// One page of the visits that the caller may see, newest first, and how many there are in all.
pub async fn list(
    app: &App,
    ctx: &Context,
    wanted: VisitQuery,
    limit: i64,
    offset: i64,
) -> Result<(i64, Vec<VisitRow>), Error> {
    let scope = access::scope(&ctx.caller, Action::ReadVisit)?;
    let mut wrong = FieldErrors::new();
    let mut filter = VisitFilter {
        patient: wanted.patient.map(PatientId),
        status: wanted.status,
        payment_status: wanted.payment_status,
        doctor: wanted.doctor.map(UserId),
        search: wording::search(&mut wrong, wanted.search),
        owing: None,
    };
    wrong.check()?;
    match scope {
        Scope::All => {}
        Scope::Patient(own) if filter.patient.is_none_or(|asked| asked == own) => {
            filter.patient = Some(own);
        }
        Scope::Patient(_) | Scope::Doctor(_) | Scope::Invited(_) | Scope::Nothing => {
            return Ok((0, Vec::new()));
        }
    }
    let mut conn = app.db.read().await?;
    let count = visits::count(&mut conn, &filter).await?;
    let rows = visits::list(&mut conn, &filter, VisitOrder::Newest, limit, offset).await?;
    drop(conn);
    let mut entry = ctx.audit(app.clock.now(), "visit.list", "visit", None);
    entry.detail = format!("{} rows", rows.len());
    app.audit_read(vec![entry]).await?;
    Ok((count, rows))
}
