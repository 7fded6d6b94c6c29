//! The words of clinic records, and small rules about people.

use chrono::{Datelike as _, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::text::word_enum;

word_enum! {
    /// As registered.
    pub enum Gender {
        /// Male.
        Male = "MALE",
        /// Female.
        Female = "FEMALE",
        /// Another.
        Other = "OTHER",
        /// Not told.
        PreferNotToSay = "PREFER_NOT_TO_SAY",
    }
}

word_enum! {
    /// Why the patient comes.
    pub enum VisitType {
        /// A consultation.
        Consultation = "CONSULTATION",
        /// A look at something treated before.
        FollowUp = "FOLLOW_UP",
        /// Cannot wait.
        Emergency = "EMERGENCY",
        /// A check.
        Routine = "ROUTINE",
        /// To a specialist.
        Specialist = "SPECIALIST",
    }
}

word_enum! {
    /// Whether more can happen in a visit.
    pub enum VisitStatus {
        /// Sessions and charges may be added.
        Open = "OPEN",
        /// Finished.
        Closed = "CLOSED",
    }
}

word_enum! {
    /// Where an appointment stands.
    pub enum AppointmentStatus {
        /// Booked.
        Scheduled = "SCHEDULED",
        /// The patient said yes.
        Confirmed = "CONFIRMED",
        /// Held.
        Completed = "COMPLETED",
        /// Called off.
        Cancelled = "CANCELLED",
        /// The patient did not come.
        NoShow = "NO_SHOW",
    }
}

/// What moves an appointment from one status to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppointmentStep {
    /// The patient says yes.
    Confirm,
    /// It was held.
    Complete,
    /// It is called off.
    Cancel,
    /// The patient did not come.
    Miss,
}

impl AppointmentStep {
    /// The verb for a sentence: "Cannot *confirm* an appointment ...".
    pub fn verb(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Complete => "complete",
            Self::Cancel => "cancel",
            Self::Miss => "mark as missed",
        }
    }
}

/// The status after `step`, or none when the appointment cannot take it: what was held, missed or called off stays so.
pub fn appointment_after(
    from: AppointmentStatus,
    step: AppointmentStep,
) -> Option<AppointmentStatus> {
    use AppointmentStatus as S;
    match (from, step) {
        (S::Scheduled, AppointmentStep::Confirm) => Some(S::Confirmed),
        (S::Scheduled | S::Confirmed, AppointmentStep::Complete) => Some(S::Completed),
        (S::Scheduled | S::Confirmed, AppointmentStep::Cancel) => Some(S::Cancelled),
        (S::Scheduled | S::Confirmed, AppointmentStep::Miss) => Some(S::NoShow),
        (S::Confirmed, AppointmentStep::Confirm) | (S::Completed | S::Cancelled | S::NoShow, _) => {
            None
        }
    }
}

/// Whole years between `birth` and `today`, 0 for a date of birth that lies ahead.
pub fn age_years(birth: NaiveDate, today: NaiveDate) -> i32 {
    let before_birthday = (today.month(), today.day()) < (birth.month(), birth.day());
    (today.year() - birth.year() - i32::from(before_birthday)).max(0)
}

/// The parts of a name that are there, with one space between.
pub fn full_name(first: &str, middle: &str, last: &str) -> String {
    [first, middle, last]
        .iter()
        .map(|part| part.trim())
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// First and last name of an account's holder, or the username while there is neither.
pub fn person_name(first: &str, last: &str, username: &str) -> String {
    let name = full_name(first, "", last);
    if name.is_empty() {
        username.to_owned()
    } else {
        name
    }
}

/// The number a clinic reads out: `P-000012` for the record with id 12.
pub fn patient_number(id: i64) -> String {
    format!("P-{id:06}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_birthday_counts_from_its_own_day_on() {
        assert_eq!(age_years(day("1990-01-02"), day("2026-01-01")), 35);
        assert_eq!(age_years(day("1990-01-01"), day("2026-01-01")), 36);
        assert_eq!(age_years(day("2024-02-29"), day("2025-02-28")), 0);
        assert_eq!(age_years(day("2030-01-01"), day("2026-01-01")), 0);
    }

    #[test]
    fn an_appointment_that_is_over_stays_as_it_is() {
        for over in [
            AppointmentStatus::Completed,
            AppointmentStatus::Cancelled,
            AppointmentStatus::NoShow,
        ] {
            for step in [
                AppointmentStep::Confirm,
                AppointmentStep::Complete,
                AppointmentStep::Cancel,
                AppointmentStep::Miss,
            ] {
                assert_eq!(appointment_after(over, step), None);
            }
        }
        assert_eq!(
            appointment_after(AppointmentStatus::Scheduled, AppointmentStep::Confirm),
            Some(AppointmentStatus::Confirmed)
        );
        assert_eq!(
            appointment_after(AppointmentStatus::Confirmed, AppointmentStep::Confirm),
            None
        );
    }

    #[test]
    fn a_missing_middle_name_leaves_no_double_space() {
        assert_eq!(full_name("Test", " ", "Telemedicine"), "Test Telemedicine");
    }
}
