//! `/api/v1/patients/`: patient records.

mod archive;
mod create;
mod get;
mod list;
mod patient_in;
mod restore;
mod update;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use televisit_domain::record::{self, Gender};
use televisit_storage::patients::Patient;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

/// The routes of this area.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list_patients, create::create_patient))
        .routes(routes!(get::get_patient, update::update_patient))
        .routes(routes!(archive::archive_patient))
        .routes(routes!(restore::restore_patient))
}

/// A patient record.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PatientOut {
    id: i64,
    /// What the clinic reads out.
    #[schema(example = "P-000012")]
    patient_number: String,
    first_name: String,
    last_name: String,
    middle_name: String,
    full_name: String,
    date_of_birth: NaiveDate,
    /// In whole years, today in the clinic's zone.
    age: i32,
    /// `MALE`, `FEMALE`, `OTHER` or `PREFER_NOT_TO_SAY`.
    #[schema(value_type = String, example = "FEMALE")]
    gender: Gender,
    phone: String,
    email: String,
    address: String,
    /// Unique where there is one.
    national_id: String,
    /// A language tag.
    #[schema(example = "en")]
    language: String,
    emergency_contact_name: String,
    emergency_contact_phone: String,
    emergency_contact_relationship: String,
    /// False once archived.
    is_active: bool,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl PatientOut {
    fn new(patient: Patient, today: NaiveDate) -> Self {
        Self {
            id: patient.id.0,
            patient_number: record::patient_number(patient.id.0),
            full_name: patient.full_name(),
            first_name: patient.first_name,
            last_name: patient.last_name,
            middle_name: patient.middle_name,
            date_of_birth: patient.date_of_birth,
            age: record::age_years(patient.date_of_birth, today),
            gender: patient.gender,
            phone: patient.phone,
            email: patient.email,
            address: patient.address,
            national_id: patient.national_id.unwrap_or_default(),
            language: patient.language,
            emergency_contact_name: patient.emergency_contact_name,
            emergency_contact_phone: patient.emergency_contact_phone,
            emergency_contact_relationship: patient.emergency_contact_relationship,
            is_active: patient.is_active,
            created_at: patient.created_at,
            updated_at: patient.updated_at,
        }
    }
}
