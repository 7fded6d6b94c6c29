//! `PATCH visits/{id}/`.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use televisit_domain::ids::VisitId;
use televisit_domain::record::VisitType;
use utoipa::ToSchema;

use super::VisitOut;
use crate::api::error::ApiError;
use crate::api::extract::Id;
use crate::api::partial::{Fixed, given};
use crate::api::refusals::RefusedChange;
use crate::app::App;
use crate::service::visits::{self, VisitChange};
use crate::service::{Context, Input};

/// What may be changed of an open visit. A field that is not sent stays as it is.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(
    dead_code,
    reason = "the fixed fields are only there to be refused by name"
)]
pub struct VisitChangeIn {
    /// Why the patient comes, in one word.
    #[schema(value_type = Option<String>, example = "FOLLOW_UP")]
    visit_type: Option<VisitType>,
    /// Why, in the patient's words, at most 2000 characters.
    chief_complaint: Option<String>,
    /// The doctor who is to hold it, or null for nobody yet.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i64>)]
    #[expect(clippy::option_option, reason = "not sent, null and a value differ")]
    assigned_doctor: Option<Option<i64>>,
    #[serde(default)]
    #[schema(ignore)]
    id: Fixed,
    #[serde(default)]
    #[schema(ignore)]
    patient: Fixed,
    #[serde(default)]
    #[schema(ignore)]
    patient_name: Fixed,
    #[serde(default)]
    #[schema(ignore)]
    patient_number: Fixed,
    #[serde(default)]
    #[schema(ignore)]
    appointment: Fixed,
    #[serde(default)]
    #[schema(ignore)]
    assigned_doctor_name: Fixed,
    #[serde(default)]
    #[schema(ignore)]
    status: Fixed,
    #[serde(default)]
    #[schema(ignore)]
    payment_status: Fixed,
    #[serde(default)]
    #[schema(ignore)]
    outstanding_balance: Fixed,
    #[serde(default)]
    #[schema(ignore)]
    currency: Fixed,
    #[serde(default)]
    #[schema(ignore)]
    created_at: Fixed,
    #[serde(default)]
    #[schema(ignore)]
    updated_at: Fixed,
    #[serde(default)]
    #[schema(ignore)]
    closed_at: Fixed,
}

impl From<VisitChangeIn> for VisitChange {
    fn from(body: VisitChangeIn) -> Self {
        Self {
            visit_type: body.visit_type,
            chief_complaint: body.chief_complaint,
            assigned_doctor: body.assigned_doctor,
        }
    }
}

/// Change a visit
///
/// Reception, administrators and the assigned doctor, while the visit is open. `payment_status` is computed and can
/// never be written; a closed visit answers 409 `visit_closed`.
#[utoipa::path(
    patch, path = "/api/v1/visits/{id}/", tag = "visits", request_body = VisitChangeIn, params(("id" = i64, Path)),
    responses((status = 200, description = "The visit.", body = VisitOut), RefusedChange)
)]
pub async fn update_visit(
    State(app): State<App>,
    ctx: Context,
    Id(id): Id,
    input: Input<VisitChangeIn>,
) -> Result<Json<VisitOut>, ApiError> {
    let row = visits::update(&app, &ctx, VisitId(id), input.map(Into::into)).await?;
    Ok(Json(VisitOut::new(&app, row)))
}
