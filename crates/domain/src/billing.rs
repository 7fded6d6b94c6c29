//! Money in integer minor units, and what a visit owes.

use serde::{Deserialize, Serialize};

use crate::text::word_enum;

word_enum! {
    /// What a client may know of a visit's bill in one word; always computed, never stored by a client.
    pub enum PaymentStatus {
        /// Nothing paid.
        Unpaid = "UNPAID",
        /// Something paid, something open.
        PartiallyPaid = "PARTIALLY_PAID",
        /// All paid.
        Paid = "PAID",
        /// Nothing open because of a waiver.
        Settled = "SETTLED",
    }
}

word_enum! {
    /// How money came in.
    pub enum PaymentMethod {
        /// Notes and coins.
        Cash = "CASH",
        /// A card.
        Card = "CARD",
        /// A mobile wallet.
        MobileMoney = "MOBILE_MONEY",
        /// A bank transfer.
        Transfer = "TRANSFER",
        /// An insurer.
        Insurance = "INSURANCE",
    }
}

/// An amount in minor units (cents). Two decimals on the wire: the contract has no currency with another count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(i64);

/// Why a text is not an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Not digits with at most one point.
    #[error("Write an amount like \"1000.00\".")]
    NotANumber,
    /// Below a cent.
    #[error("At most two decimals.")]
    TooFine,
    /// Beyond [`Money::MAX`].
    #[error("The amount is too large.")]
    TooLarge,
}

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The largest amount accepted from outside: ten thousand million. Sums of many stay far from overflow.
    pub const MAX: Self = Self(1_000_000_000_000);

    /// From minor units, as the database keeps them.
    pub const fn from_minor(minor: i64) -> Self {
        Self(minor)
    }

    /// In minor units.
    pub const fn minor(self) -> i64 {
        self.0
    }

    /// Whether it is more than nothing.
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// The sum, held at the ends instead of wrapping.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// The difference, held at the ends instead of wrapping.
    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// `quantity` times the amount, or `None` beyond [`Money::MAX`].
    pub fn times(self, quantity: u32) -> Option<Self> {
        self.0
            .checked_mul(i64::from(quantity))
            .map(Self)
            .filter(|total| *total <= Self::MAX)
    }
}

impl std::fmt::Display for Money {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let minor = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", minor / 100, minor % 100)
    }
}

impl std::str::FromStr for Money {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let text = text.trim();
        let (negative, digits) = text
            .strip_prefix('-')
            .map_or((false, text), |rest| (true, rest));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) || digits.ends_with('.')
        {
            return Err(MoneyError::NotANumber);
        }
        let fraction = fraction.trim_end_matches('0');
        if fraction.len() > 2 {
            return Err(MoneyError::TooFine);
        }
        let whole: i64 = whole.parse().map_err(|_| MoneyError::TooLarge)?;
        let cents: i64 = format!("{fraction:0<2}")
            .parse()
            .map_err(|_| MoneyError::NotANumber)?;
        let minor = whole
            .checked_mul(100)
            .and_then(|w| w.checked_add(cents))
            .ok_or(MoneyError::TooLarge)?;
        if minor > Self::MAX.0 {
            return Err(MoneyError::TooLarge);
        }
        Ok(Self(if negative { -minor } else { minor }))
    }
}

impl Serialize for Money {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Money {
    /// Takes `"1000.00"`; a JSON number is refused, because a binary fraction is not an amount.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// The three sums that a visit's bill is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// All charges.
    pub charges: Money,
    /// All payments.
    pub payments: Money,
    /// How much was waived; none when nobody waived anything. A waiver of no amount, made before there is a charge,
    /// settles the visit until the first charge.
    pub waived: Option<Money>,
}

impl Ledger {
    /// What is still to be collected, never below zero.
    pub fn outstanding(self) -> Money {
        self.charges
            .minus(self.payments)
            .minus(self.waived.unwrap_or_default())
            .max(Money::ZERO)
    }

    /// The bill in one word.
    pub fn status(self) -> PaymentStatus {
        if self.outstanding().is_positive() {
            return if self.payments.is_positive() {
                PaymentStatus::PartiallyPaid
            } else {
                PaymentStatus::Unpaid
            };
        }
        if self.waived.is_some() {
            PaymentStatus::Settled
        } else if self.payments.is_positive() {
            PaymentStatus::Paid
        } else {
            PaymentStatus::Unpaid
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn money(text: &str) -> Money {
        text.parse().unwrap()
    }

    #[test]
    fn amounts_are_written_with_two_decimals() {
        assert_eq!(money("1000").to_string(), "1000.00");
        assert_eq!(money("0.5").to_string(), "0.50");
        assert_eq!(money("-3.05").to_string(), "-3.05");
        assert_eq!(money("7.500").to_string(), "7.50");
    }

    #[test]
    fn what_is_no_amount_is_refused_with_the_reason() {
        for (text, why) in [
            ("", MoneyError::NotANumber),
            ("1e3", MoneyError::NotANumber),
            ("1,000.00", MoneyError::NotANumber),
            ("1.", MoneyError::NotANumber),
            (".5", MoneyError::NotANumber),
            ("NaN", MoneyError::NotANumber),
            ("٣", MoneyError::NotANumber),
            ("1.005", MoneyError::TooFine),
            ("99999999999999999999", MoneyError::TooLarge),
            ("10000000000.01", MoneyError::TooLarge),
        ] {
            assert_eq!(text.parse::<Money>(), Err(why), "{text:?}");
        }
    }

    #[test]
    fn a_fee_added_after_payment_opens_the_bill_again() {
        let paid = Ledger {
            charges: money("500"),
            payments: money("500"),
            waived: None,
        };
        assert_eq!(paid.status(), PaymentStatus::Paid);
        let with_fee = Ledger {
            charges: money("1500"),
            ..paid
        };
        assert_eq!(
            (with_fee.status(), with_fee.outstanding()),
            (PaymentStatus::PartiallyPaid, money("1000"))
        );
    }

    #[test]
    fn a_waiver_settles_only_what_it_covers() {
        let waived = Ledger {
            charges: money("500"),
            payments: Money::ZERO,
            waived: Some(money("500")),
        };
        assert_eq!(waived.status(), PaymentStatus::Settled);
        assert_eq!(
            Ledger {
                charges: money("700"),
                ..waived
            }
            .status(),
            PaymentStatus::Unpaid
        );
        let before_any_charge = Ledger {
            waived: Some(Money::ZERO),
            ..Ledger::default()
        };
        assert_eq!(before_any_charge.status(), PaymentStatus::Settled);
        assert_eq!(
            Ledger {
                charges: money("0.01"),
                ..before_any_charge
            }
            .status(),
            PaymentStatus::Unpaid
        );
    }

    proptest! {
        #[test]
        fn every_amount_reads_back_as_it_was_written(minor in -1_000_000_000_000i64..=1_000_000_000_000) {
            let amount = Money::from_minor(minor);
            prop_assert_eq!(amount.to_string().parse::<Money>(), Ok(amount));
        }

        #[test]
        fn a_ledger_never_owes_less_than_nothing(c in 0..1_000_000i64, p in 0..1_000_000i64, w in 0..1_000_000i64) {
            let ledger = Ledger { charges: Money::from_minor(c), payments: Money::from_minor(p), waived: Some(Money::from_minor(w)) };
            prop_assert!(ledger.outstanding() >= Money::ZERO);
            let open = ledger.outstanding().is_positive();
            prop_assert_eq!(open, matches!(ledger.status(), PaymentStatus::Unpaid | PaymentStatus::PartiallyPaid) && c > 0 && c > p + w);
        }
    }
}
