//! `POST visits/`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use televisit_domain::billing::{Money, PaymentStatus};
use televisit_domain::record::VisitType;
use utoipa::ToSchema;

use super::VisitOut;
use crate::api::billing::PaymentIn;
use crate::api::error::ApiError;
use crate::api::refusals::RefusedCreate;
use crate::app::App;
use crate::service::visits::{self, VisitInput, WaiverInput};
use crate::service::{Context, Input};

/// A visit to be opened.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VisitIn {
    /// Whose visit.
    patient: i64,
    /// Why the patient comes, in one word; `CONSULTATION` when it is not sent.
    #[schema(value_type = Option<String>, example = "CONSULTATION")]
    visit_type: Option<VisitType>,
    /// Why, in the patient's words, at most 2000 characters.
    #[serde(default)]
    chief_complaint: String,
    /// The appointment it is made from, of the same patient.
    appointment: Option<i64>,
    /// The doctor who is to hold it; the appointment's doctor when it is not sent. A doctor opens visits for himself.
    assigned_doctor: Option<i64>,
    /// `PAID` and `PARTIALLY_PAID` need `payment`, `SETTLED` needs `waiver`; else `UNPAID`, or leave it out.
    #[schema(value_type = Option<String>, example = "PAID")]
    payment_status: Option<PaymentStatus>,
    /// What was paid at the desk, before there is a charge. Reception and administrators.
    payment: Option<PaymentIn>,
    /// Why nothing has to be paid. Reception and administrators.
    waiver: Option<WaiverIn>,
}

/// Why, and how much, a patient does not have to pay.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WaiverIn {
    /// In a few words, at most 500 characters.
    reason: String,
    /// How much of later charges; `"0.00"` when it is not sent: then the visit is settled until its first charge.
    #[schema(value_type = Option<String>, example = "1000.00")]
    amount: Option<Money>,
}

impl From<VisitIn> for VisitInput {
    fn from(body: VisitIn) -> Self {
        Self {
            patient: body.patient,
            visit_type: body.visit_type,
            chief_complaint: body.chief_complaint,
            appointment: body.appointment,
            assigned_doctor: body.assigned_doctor,
            payment_status: body.payment_status,
            payment: body.payment.map(Into::into),
            waiver: body.waiver.map(|waiver| WaiverInput {
                reason: waiver.reason,
                amount: waiver.amount,
            }),
        }
    }
}

/// Open a visit
#[utoipa::path(
    post, path = "/api/v1/visits/", tag = "visits", request_body = VisitIn,
    params(("Idempotency-Key" = Option<String>, Header, description = "Repeating a request with its key repeats its answer.")),
    responses((status = 201, description = "The visit.", body = VisitOut), RefusedCreate)
)]
pub async fn create_visit(
    State(app): State<App>,
    ctx: Context,
    input: Input<VisitIn>,
) -> Result<(StatusCode, Json<VisitOut>), ApiError> {
    let made = visits::create(&app, &ctx, input.map(Into::into)).await?;
    Ok((made.status(), Json(VisitOut::new(&app, made.record))))
}
