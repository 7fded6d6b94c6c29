//! The board of the day.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use televisit_domain::access::{self, Action, Role};
use televisit_domain::billing::{Money, PaymentStatus};
use televisit_domain::ids::{PatientId, UserId, VisitId};
use televisit_domain::instant::parse_day;
use televisit_domain::record::{Gender, VisitType, age_years, full_name, patient_number};
use televisit_domain::session::SessionStatus;
use televisit_storage::board::{self as rows, Day, Line};

use super::view::complete;
use super::{View, day};
use crate::app::App;
use crate::presence::Present;
use crate::service::{Context, Error, FieldErrors};

/// The most rows of a day: more than any clinic holds, so that a slip cannot ask for everything.
const MOST: i64 = 1000;

/// Which board is asked for.
#[derive(Clone, Debug, Default)]
pub struct BoardQuery {
    /// A day of the clinic's zone; default today.
    pub date: Option<String>,
    /// Only sessions of this doctor, or `all`. A doctor always sees his own only.
    pub doctor: Option<String>,
}

/// The sessions of a day.
#[derive(Clone, Debug)]
pub struct Board {
    /// The day.
    pub date: NaiveDate,
    /// The clinic's zone.
    pub zone: Tz,
    /// When this was read.
    pub now: DateTime<Utc>,
    /// By time.
    pub rows: Vec<BoardRow>,
    /// What stands above the rows.
    pub figures: Figures,
}

/// A session on the board.
#[derive(Clone, Debug)]
pub struct BoardRow {
    /// The session.
    pub view: View,
    /// Its patient.
    pub patient: PatientId,
    /// The number that is read out.
    pub patient_number: String,
    /// The patient's name.
    pub patient_name: String,
    /// The patient's age today, in years.
    pub age: i32,
    /// As registered.
    pub gender: Gender,
    /// The visit.
    pub visit: VisitId,
    /// Why the patient comes.
    pub chief_complaint: String,
    /// What kind of visit.
    pub visit_type: VisitType,
    /// The visit's bill in one word.
    pub payment_status: PaymentStatus,
    /// What the visit owes.
    pub outstanding: Money,
    /// The currency of that.
    pub currency: String,
    /// Who is here now.
    pub presence: Vec<Present>,
}

/// What stands above the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Patients who wait to be let in.
    pub waiting: i64,
    /// Since when the first of them waits.
    pub longest_waiting_since: Option<DateTime<Utc>>,
    /// Sessions in progress.
    pub in_progress: i64,
    /// Sessions whose patient is not here yet.
    pub still_to_come: i64,
    /// When the next of them is to begin.
    pub next_start: Option<DateTime<Utc>>,
    /// What the visits of the board owe.
    pub to_collect: Money,
    /// How many of them owe something.
    pub to_collect_visits: i64,
}

/// The board of a day, for a doctor his own.
pub async fn board(app: &App, ctx: &Context, input: BoardQuery) -> Result<Board, Error> {
    access::may_ever(&ctx.caller, Action::ReadBoard)?;
    let zone = app.config.effective_time_zone();
    let now = app.clock.now();
    let today = now.with_timezone(&zone).date_naive();
    let (date, doctor) = read(ctx, &input, today)?;
    let (from, until) = day::bounds(zone, date);
    let day = Day {
        from,
        until,
        with_running: date == today,
        doctor,
    };
    let mut conn = app.db.read().await?;
    let lines = rows::of_day(&mut conn, day, MOST).await?;
    let sessions = lines.iter().map(|line| line.session.clone()).collect();
    let views = complete(&mut conn, &ctx.caller, sessions).await?;
    drop(conn);
    let rows: Vec<BoardRow> = lines
        .into_iter()
        .zip(views)
        .map(|(line, view)| row(app, line, view, today))
        .collect();
    if !rows.is_empty() {
        let mut entry = ctx.audit(now, "session.board", "session", None);
        entry.detail = super::list::numbers(rows.iter().map(|row| row.view.session.id.0));
        app.audit_read(vec![entry]).await?;
    }
    Ok(Board {
        date,
        zone,
        now,
        figures: figures(&rows, now),
        rows,
    })
}

fn read(
    ctx: &Context,
    input: &BoardQuery,
    today: NaiveDate,
) -> Result<(NaiveDate, Option<UserId>), Error> {
    let mut wrong = FieldErrors::new();
    let date = match input.date.as_deref().map(parse_day) {
        None => today,
        Some(Ok(date)) => date,
        Some(Err(error)) => {
            wrong.add("date", error.to_string());
            today
        }
    };
    let doctor = match input.doctor.as_deref() {
        None | Some("all") => None,
        Some(text) => {
            let id = text.parse().ok().map(UserId);
            if id.is_none() {
                wrong.add("doctor", "The number of a doctor, or \"all\".");
            }
            id
        }
    };
    wrong.check()?;
    if ctx.caller.role == Role::Doctor {
        return Ok((date, Some(ctx.caller.user)));
    }
    Ok((date, doctor))
}

fn row(app: &App, line: Line, view: View, today: NaiveDate) -> BoardRow {
    let ledger = line.ledger();
    let session = &view.session;
    BoardRow {
        patient: session.patient_id,
        patient_number: patient_number(session.patient_id.0),
        patient_name: full_name(
            &session.patient_first_name,
            &session.patient_middle_name,
            &session.patient_last_name,
        ),
        age: age_years(line.date_of_birth, today),
        gender: line.gender,
        visit: session.visit_id,
        chief_complaint: line.chief_complaint,
        visit_type: line.visit_type,
        payment_status: ledger.status(),
        outstanding: ledger.outstanding(),
        currency: app.config.currency.clone(),
        presence: app.presence.of(session.id),
        view,
    }
}

fn figures(rows: &[BoardRow], now: DateTime<Utc>) -> Figures {
    let mut figures = Figures::default();
    let mut visits = std::collections::HashSet::new();
    for row in rows {
        let session = &row.view.session;
        match session.status {
            SessionStatus::Scheduled => {
                let patient = row
                    .presence
                    .iter()
                    .find(|person| person.role == Role::Patient);
                if let Some(patient) = patient {
                    figures.waiting += 1;
                    figures.longest_waiting_since =
                        Some(earlier(figures.longest_waiting_since, patient.since));
                } else {
                    figures.still_to_come += 1;
                    if session.scheduled_start >= now {
                        figures.next_start =
                            Some(earlier(figures.next_start, session.scheduled_start));
                    }
                }
            }
            SessionStatus::InProgress => figures.in_progress += 1,
            SessionStatus::Completed | SessionStatus::Cancelled | SessionStatus::Failed => {}
        }
        if row.outstanding.is_positive() && visits.insert(row.visit) {
            figures.to_collect = figures.to_collect.plus(row.outstanding);
            figures.to_collect_visits += 1;
        }
    }
    figures
}

fn earlier(known: Option<DateTime<Utc>>, other: DateTime<Utc>) -> DateTime<Utc> {
    known.map_or(other, |known| known.min(other))
}
