//! What is sent to register a patient or to change a record.

use serde::{Deserialize, Deserializer};
use televisit_domain::record::Gender;
use utoipa::ToSchema;

use crate::api::partial::Fixed;
use crate::service::patients::PatientDraft;

/// A record's values. A text that is `null` is empty. A new record needs `first_name`, `last_name`, `date_of_birth` and
/// `gender`; in a change, what is not sent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PatientIn {
    #[serde(default, deserialize_with = "text")]
    first_name: Option<String>,
    #[serde(default, deserialize_with = "text")]
    last_name: Option<String>,
    #[serde(default, deserialize_with = "text")]
    middle_name: Option<String>,
    /// `YYYY-MM-DD`, not in the future.
    #[serde(default, deserialize_with = "text")]
    #[schema(example = "1990-01-31")]
    date_of_birth: Option<String>,
    /// `MALE`, `FEMALE`, `OTHER` or `PREFER_NOT_TO_SAY`.
    #[schema(value_type = Option<String>, example = "FEMALE")]
    gender: Option<Gender>,
    #[serde(default, deserialize_with = "text")]
    phone: Option<String>,
    #[serde(default, deserialize_with = "text")]
    email: Option<String>,
    #[serde(default, deserialize_with = "text")]
    address: Option<String>,
    /// Unique; empty for none.
    #[serde(default, deserialize_with = "text")]
    national_id: Option<String>,
    /// A language tag; default `en`.
    #[serde(default, deserialize_with = "text")]
    #[schema(example = "en")]
    language: Option<String>,
    #[serde(default, deserialize_with = "text")]
    emergency_contact_name: Option<String>,
    #[serde(default, deserialize_with = "text")]
    emergency_contact_phone: Option<String>,
    #[serde(default, deserialize_with = "text")]
    emergency_contact_relationship: Option<String>,
    #[serde(default, rename = "id")]
    #[schema(ignore)]
    _id: Fixed,
    #[serde(default, rename = "patient_number")]
    #[schema(ignore)]
    _patient_number: Fixed,
    #[serde(default, rename = "full_name")]
    #[schema(ignore)]
    _full_name: Fixed,
    #[serde(default, rename = "age")]
    #[schema(ignore)]
    _age: Fixed,
    #[serde(default, rename = "is_active")]
    #[schema(ignore)]
    _is_active: Fixed,
    #[serde(default, rename = "created_at")]
    #[schema(ignore)]
    _created_at: Fixed,
    #[serde(default, rename = "updated_at")]
    #[schema(ignore)]
    _updated_at: Fixed,
}

/// A text that was sent; null is the empty one.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Option::<String>::deserialize(deserializer).map(|text| Some(text.unwrap_or_default()))
}

impl From<PatientIn> for PatientDraft {
    fn from(sent: PatientIn) -> Self {
        Self {
            first_name: sent.first_name,
            last_name: sent.last_name,
            middle_name: sent.middle_name,
            date_of_birth: sent.date_of_birth,
            gender: sent.gender,
            phone: sent.phone,
            email: sent.email,
            address: sent.address,
            national_id: sent.national_id,
            language: sent.language,
            emergency_contact_name: sent.emergency_contact_name,
            emergency_contact_phone: sent.emergency_contact_phone,
            emergency_contact_relationship: sent.emergency_contact_relationship,
        }
    }
}
