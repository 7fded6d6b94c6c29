//! The demonstration clinic: made-up people and a day full of visits, so that every page has something on it.
//!
//! It is written in one transaction into a database that holds nobody else, so it is there whole or not at all.

mod day;
mod people;
mod write;

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use televisit_storage::audit::{self, NewEntry};
use televisit_storage::users::UserFilter;
use televisit_storage::{Tx, patients, settings, users};

pub use people::PASSWORD;

use super::{Error, patients::today};
use crate::app::App;
use write::Clinic;

/// The setting that says that everything in this database is made up; its value is the day that was written last.
const MARK: &str = "demonstration";

/// The time of the demonstration: now, and what is said relative to it.
#[derive(Clone, Copy, Debug)]
pub struct At {
    now: DateTime<Utc>,
    /// Now at the last full five minutes, as people make appointments.
    full: DateTime<Utc>,
}

impl At {
    fn new(now: DateTime<Utc>) -> Self {
        let full = now.duration_trunc(TimeDelta::minutes(5)).unwrap_or(now);
        Self { now, full }
    }

    fn minutes(self, minutes: i64) -> DateTime<Utc> {
        self.full + TimeDelta::minutes(minutes)
    }

    fn days(self, days: i64) -> DateTime<Utc> {
        self.full + TimeDelta::days(days)
    }
}

/// Whether this installation is the demonstration clinic.
pub async fn is_demo(app: &App) -> Result<bool, Error> {
    let mark = settings::get(&mut app.db.read().await?, MARK).await?;
    Ok(mark.is_some())
}

/// Makes the demonstration clinic in an empty database. In one that holds it already, adds today's visits unless they
/// are there. Refuses a database that holds anything else.
pub async fn fill(app: &App) -> Result<(), Error> {
    let hash = app.passwords.hash(PASSWORD.into()).await?;
    let now = app.clock.now();
    let today = today(app).to_string();
    let mut tx = app.db.begin().await?;
    match settings::get(&mut tx, MARK).await? {
        Some(day) if day == today => return Ok(()),
        Some(_) => {
            if !another_day(app, &mut tx, now).await? {
                return Ok(());
            }
        }
        None => {
            refuse_foreign(&mut tx).await?;
            first_day(app, &mut tx, &hash, now).await?;
        }
    }
    settings::put(&mut tx, MARK, &today, now).await?;
    let row = NewEntry {
        at: now,
        actor: None,
        action: "demonstration.fill",
        entity: "installation",
        entity_id: None,
        detail: today,
        address: "command line".into(),
    };
    audit::append(&mut tx, &[row]).await?;
    Ok(tx.commit().await?)
}

async fn refuse_foreign(tx: &mut Tx) -> Result<(), Error> {
    let accounts = users::count(tx, &UserFilter::default()).await?;
    let records = patients::count_all(tx).await?;
    if accounts == 0 && records == 0 {
        return Ok(());
    }
    Err(Error::conflict(
        "not_empty",
        format!(
            "The database holds {accounts} accounts and {records} patient records that are not the demonstration's. \
             Set TELEVISIT_DATA (or DATABASE_URL) to an empty place to see the demonstration, or leave --demo out."
        ),
    ))
}

async fn first_day(app: &App, tx: &mut Tx, hash: &str, now: DateTime<Utc>) -> Result<(), Error> {
    let at = At::new(now);
    write::catalog(tx, app, now).await?;
    let (staff, patients) = people::make(tx, hash, at).await?;
    let clinic = Clinic {
        app,
        staff,
        patients: &patients,
        at,
    };
    write::appointments(tx, &clinic).await?;
    for case in day::BEFORE.iter().chain(day::TODAY) {
        clinic.write(tx, case).await?;
    }
    clinic.write(tx, &day::FLOW).await
}

/// False when the demonstration was changed so much that its people are not there any more.
async fn another_day(app: &App, tx: &mut Tx, now: DateTime<Utc>) -> Result<bool, Error> {
    let Some((staff, patients)) = people::find(tx).await? else {
        return Ok(false);
    };
    let clinic = Clinic {
        app,
        staff,
        patients: &patients,
        at: At::new(now),
    };
    for case in day::TODAY {
        clinic.write(tx, case).await?;
    }
    Ok(true)
}
