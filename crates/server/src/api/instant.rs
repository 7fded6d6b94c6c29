//! Times in bodies and queries.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer};
use televisit_domain::instant::{parse_day, parse_instant};

/// An instant as people write it: RFC 3339 with any offset, without one in UTC; a bare date is its midnight in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instant(pub DateTime<Utc>);

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if let Ok(day) = parse_day(&text) {
            return Ok(Self(day.and_time(chrono::NaiveTime::MIN).and_utc()));
        }
        parse_instant(&text)
            .map(Self)
            .map_err(serde::de::Error::custom)
    }
}
