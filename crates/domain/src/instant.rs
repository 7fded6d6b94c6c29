//! Instants and days as people and programs write them.

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, SubsecRound as _, Utc};

/// The years in which a time can be meant. Others are slips, and far ones do not fit the database.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;

/// Why a text is not a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// Not in the form of RFC 3339.
    #[error("Write a time like \"2026-02-06T18:00:00Z\".")]
    NotATime,
    /// Not in the form of a date.
    #[error("Write a date like \"2026-02-06\".")]
    NotADate,
    /// Outside of the years that can be meant.
    #[error("The year must be between 1900 and 2200.")]
    Year,
}

/// The instant that a text names, in whole microseconds. It may carry any offset; without one it is read as UTC.
pub fn parse_instant(text: &str) -> Result<DateTime<Utc>, TimeError> {
    let text = text.trim();
    let instant = match DateTime::parse_from_rfc3339(text) {
        Ok(instant) => instant.with_timezone(&Utc),
        Err(_) => [
            "%Y-%m-%dT%H:%M:%S%.f",
            "%Y-%m-%d %H:%M:%S%.f",
            "%Y-%m-%dT%H:%M",
        ]
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
        .ok_or(TimeError::NotATime)?
        .and_utc(),
    };
    if YEARS.contains(&instant.year()) {
        Ok(instant.trunc_subsecs(6))
    } else {
        Err(TimeError::Year)
    }
}

/// The day that a text names.
pub fn parse_day(text: &str) -> Result<NaiveDate, TimeError> {
    let day =
        NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").map_err(|_| TimeError::NotADate)?;
    if YEARS.contains(&day.year()) {
        Ok(day)
    } else {
        Err(TimeError::Year)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_is_honoured_and_a_missing_one_is_utc() {
        let six: DateTime<Utc> = "2026-02-06T18:00:00Z".parse().unwrap();
        for text in [
            "2026-02-06T18:00:00Z",
            "2026-02-06T21:00:00+03:00",
            "2026-02-06T18:00:00",
            "2026-02-06 18:00:00",
            "2026-02-06T18:00",
            "2026-02-06T18:00:00.0000001Z",
        ] {
            assert_eq!(parse_instant(text), Ok(six), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "tomorrow",
            "2026-02-06",
            "2026-02-30T10:00:00Z",
            "1770400800",
        ] {
            assert_eq!(parse_instant(text), Err(TimeError::NotATime), "{text}");
        }
        assert_eq!(parse_instant("0001-01-01T00:00:00Z"), Err(TimeError::Year));
        assert_eq!(
            parse_day("+262142-01-01"),
            Err(TimeError::Year),
            "a year that PostgreSQL cannot keep"
        );
        assert_eq!(parse_day("06.02.2026"), Err(TimeError::NotADate));
    }
}
