//! Days of the clinic.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;

/// When a day begins and when the next one does, in the clinic's zone. Where a clock change skips midnight, the day
/// begins with its first minute that exists.
pub(super) fn bounds(zone: Tz, day: NaiveDate) -> (DateTime<Utc>, DateTime<Utc>) {
    let next = day.checked_add_days(Days::new(1)).unwrap_or(day);
    (begin(zone, day), begin(zone, next))
}

fn begin(zone: Tz, day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    (0..=180)
        .step_by(15)
        .find_map(|minutes| {
            zone.from_local_datetime(&(midnight + TimeDelta::minutes(minutes)))
                .earliest()
        })
        .map_or_else(|| midnight.and_utc(), |begin| begin.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(zone: &str, day: &str) -> (String, String) {
        let (from, until) = bounds(zone.parse().unwrap(), day.parse().unwrap());
        (
            from.format("%dT%H:%M").to_string(),
            until.format("%dT%H:%M").to_string(),
        )
    }

    #[test]
    fn a_day_is_the_clinics_day() {
        assert_eq!(
            of("Africa/Nairobi", "2026-02-06"),
            ("05T21:00".into(), "06T21:00".into())
        );
    }

    #[test]
    fn a_day_whose_midnight_is_skipped_begins_later() {
        // Beirut goes from 00:00 to 01:00 on the last Sunday of March.
        assert_eq!(
            of("Asia/Beirut", "2026-03-29"),
            ("28T22:00".into(), "29T21:00".into())
        );
    }
}
