//! Bodies that change a part of a record.

use serde::{Deserialize, Deserializer};

/// For a field that may be sent as null: the outer `Option` says whether it was sent. With `#[serde(default)]`.
pub fn given<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

/// A field that clients see but cannot change. Sending it is an error that says so, whatever its value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fixed;

impl<'de> Deserialize<'de> for Fixed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde::de::IgnoredAny::deserialize(deserializer)?;
        Err(serde::de::Error::custom("This field cannot be changed."))
    }
}
