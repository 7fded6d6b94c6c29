//! A visit on the wire.

use chrono::{DateTime, Utc};
use serde::Serialize;
use televisit_domain::billing::{Money, PaymentStatus};
use televisit_domain::record::{VisitStatus, VisitType, full_name, patient_number};
use televisit_storage::visits::VisitRow;
use utoipa::ToSchema;

use crate::app::App;

/// A visit and what it owes.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct VisitOut {
    /// Its number.
    pub id: i64,
    /// The patient record.
    pub patient: i64,
    /// The patient's name.
    pub patient_name: String,
    /// The number that the clinic reads out.
    #[schema(example = "P-000012")]
    pub patient_number: String,
    /// `CONSULTATION`, `FOLLOW_UP`, `EMERGENCY`, `ROUTINE` or `SPECIALIST`.
    #[schema(value_type = String, example = "CONSULTATION")]
    pub visit_type: VisitType,
    /// Why the patient comes, in his words.
    pub chief_complaint: String,
    /// The appointment it was made from.
    pub appointment: Option<i64>,
    /// The doctor who is to hold it.
    pub assigned_doctor: Option<i64>,
    /// His name; empty for nobody.
    pub assigned_doctor_name: String,
    /// `OPEN` or `CLOSED`.
    #[schema(value_type = String, example = "OPEN")]
    pub status: VisitStatus,
    /// `UNPAID`, `PARTIALLY_PAID`, `PAID` or `SETTLED`; computed from charges, payments and waiver.
    #[schema(value_type = String, example = "UNPAID")]
    pub payment_status: PaymentStatus,
    /// What is still to be collected.
    #[schema(value_type = String, example = "1000.00")]
    pub outstanding_balance: Money,
    /// The currency of the bill.
    #[schema(example = "KES")]
    pub currency: String,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// When it or its bill was last changed.
    pub updated_at: DateTime<Utc>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
}

impl VisitOut {
    /// From the row; an empty bill is in the clinic's currency.
    pub fn new(app: &App, row: VisitRow) -> Self {
        let ledger = row.ledger();
        Self {
            id: row.id.0,
            patient: row.patient_id.0,
            patient_name: full_name(
                &row.patient_first_name,
                &row.patient_middle_name,
                &row.patient_last_name,
            ),
            patient_number: patient_number(row.patient_id.0),
            visit_type: row.visit_type,
            assigned_doctor_name: row.doctor_name(),
            chief_complaint: row.chief_complaint,
            appointment: row.appointment_id,
            assigned_doctor: row.assigned_doctor_id,
            status: row.status,
            payment_status: ledger.status(),
            outstanding_balance: ledger.outstanding(),
            currency: row.currency.unwrap_or_else(|| app.config.currency.clone()),
            created_at: row.created_at,
            updated_at: row.updated_at,
            closed_at: row.closed_at,
        }
    }
}
