//! `GET telemedicine/board/`.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::SessionOut;
use crate::api::error::ApiError;
use crate::api::extract::Query;
use crate::api::refusals::RefusedList;
use crate::app::App;
use crate::presence::{Camera, Microphone, Network, Present};
use crate::service::Context;
use crate::service::sessions::{self, Board, BoardQuery, BoardRow, Figures};

/// Which board is asked for.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BoardIn {
    /// A day of the clinic's zone; default today.
    #[param(example = "2026-02-06")]
    pub date: Option<String>,
    /// Only sessions of this doctor, or `all`. A doctor always sees his own only.
    pub doctor: Option<String>,
}

/// The board of a day.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BoardOut {
    date: NaiveDate,
    /// The clinic's zone by its IANA name.
    #[schema(example = "Africa/Nairobi")]
    time_zone: &'static str,
    /// The server's time.
    now: DateTime<Utc>,
    /// By time. A session in progress stands on today's board whenever it was to begin.
    rows: Vec<BoardRowOut>,
    figures: FiguresOut,
}

/// A session on the board.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BoardRowOut {
    session: SessionOut,
    patient: BoardPatientOut,
    visit: BoardVisitOut,
    /// Who is here now.
    presence: Vec<PresenceOut>,
}

/// A patient on the board.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BoardPatientOut {
    id: i64,
    patient_number: String,
    full_name: String,
    age: i32,
    #[schema(example = "FEMALE")]
    gender: &'static str,
}

/// A visit on the board.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BoardVisitOut {
    id: i64,
    chief_complaint: String,
    #[schema(example = "CONSULTATION")]
    visit_type: &'static str,
    #[schema(example = "UNPAID")]
    payment_status: &'static str,
    #[schema(example = "1000.00")]
    outstanding_balance: String,
    #[schema(example = "KES")]
    currency: String,
}

/// Somebody who is connected now.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PresenceOut {
    user: i64,
    #[schema(example = "PATIENT")]
    role: &'static str,
    display_name: String,
    since: DateTime<Utc>,
    /// `waiting` or `in_call`.
    state: &'static str,
    /// `ok`, `off`, `blocked` or `unknown`.
    #[schema(value_type = String)]
    camera: Camera,
    /// `ok`, `off`, `silent`, `blocked` or `unknown`.
    #[schema(value_type = String)]
    microphone: Microphone,
    /// `good`, `fair`, `poor` or `unknown`.
    #[schema(value_type = String)]
    network: Network,
}

/// What stands above the rows.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FiguresOut {
    /// Patients who wait to be let in.
    waiting: i64,
    longest_waiting_since: Option<DateTime<Utc>>,
    in_progress: i64,
    /// SCHEDULED sessions whose patient is not here.
    still_to_come: i64,
    next_start: Option<DateTime<Utc>>,
    /// What the visits of the board owe together.
    #[schema(example = "2500.00")]
    to_collect: String,
    to_collect_visits: i64,
}

/// The board of a day
///
/// A doctor sees his own sessions; reception, nurses and admins see all, or those of one doctor.
#[utoipa::path(
    get, path = "/api/v1/telemedicine/board/", tag = "telemedicine", params(BoardIn),
    responses((status = 200, description = "The board.", body = BoardOut), RefusedList)
)]
pub async fn get_board(
    State(app): State<App>,
    ctx: Context,
    Query(query): Query<BoardIn>,
) -> Result<Json<BoardOut>, ApiError> {
    let query = BoardQuery {
        date: query.date,
        doctor: query.doctor,
    };
    Ok(Json(sessions::board(&app, &ctx, query).await?.into()))
}

impl From<Board> for BoardOut {
    fn from(board: Board) -> Self {
        Self {
            date: board.date,
            time_zone: board.zone.name(),
            now: board.now,
            rows: board.rows.into_iter().map(BoardRowOut::from).collect(),
            figures: board.figures.into(),
        }
    }
}

impl From<BoardRow> for BoardRowOut {
    fn from(row: BoardRow) -> Self {
        Self {
            patient: BoardPatientOut {
                id: row.patient.0,
                patient_number: row.patient_number,
                full_name: row.patient_name,
                age: row.age,
                gender: row.gender.as_str(),
            },
            visit: BoardVisitOut {
                id: row.visit.0,
                chief_complaint: row.chief_complaint,
                visit_type: row.visit_type.as_str(),
                payment_status: row.payment_status.as_str(),
                outstanding_balance: row.outstanding.to_string(),
                currency: row.currency,
            },
            presence: row.presence.into_iter().map(PresenceOut::from).collect(),
            session: row.view.into(),
        }
    }
}

impl From<Present> for PresenceOut {
    fn from(person: Present) -> Self {
        Self {
            user: person.user.0,
            role: person.role.as_str(),
            display_name: person.display_name,
            since: person.since,
            state: if person.in_call { "in_call" } else { "waiting" },
            camera: person.devices.camera,
            microphone: person.devices.microphone,
            network: person.devices.network,
        }
    }
}

impl From<Figures> for FiguresOut {
    fn from(figures: Figures) -> Self {
        Self {
            waiting: figures.waiting,
            longest_waiting_since: figures.longest_waiting_since,
            in_progress: figures.in_progress,
            still_to_come: figures.still_to_come,
            next_start: figures.next_start,
            to_collect: figures.to_collect.to_string(),
            to_collect_visits: figures.to_collect_visits,
        }
    }
}
