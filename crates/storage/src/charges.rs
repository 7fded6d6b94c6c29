//! Charges on the bills of visits. A charge is never changed and never deleted.

use chrono::{DateTime, Utc};
use sqlx::QueryBuilder;
use televisit_domain::billing::Money;
use televisit_domain::ids::{ChargeId, ServiceId, SessionId, UserId, VisitId};

use crate::{Conn, Result, Tx, on};

/// A charge with the code of its service.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ChargeRow {
    /// Its number.
    #[sqlx(try_from = "i64")]
    pub id: ChargeId,
    /// The visit it is on the bill of.
    #[sqlx(try_from = "i64")]
    pub visit_id: VisitId,
    /// The session it is for; none for charges made by hand.
    pub session_id: Option<i64>,
    /// What was charged.
    #[sqlx(try_from = "i64")]
    pub service_id: ServiceId,
    /// The code of what was charged.
    pub service_code: String,
    /// Its name when it was charged.
    pub description: String,
    /// How many.
    pub quantity: i64,
    /// The price of one when it was charged, in minor units.
    pub unit_minor: i64,
    /// `quantity` times `unit_minor`.
    pub amount_minor: i64,
    /// The currency of both.
    pub currency: String,
    /// Who charged it.
    #[sqlx(try_from = "i64")]
    pub created_by: UserId,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// A charge to be made.
#[derive(Clone, Debug)]
pub struct NewCharge {
    /// The visit to charge.
    pub visit: VisitId,
    /// The session it is for.
    pub session: Option<SessionId>,
    /// What is charged.
    pub service: ServiceId,
    /// Its name on the bill.
    pub description: String,
    /// How many, from 1.
    pub quantity: u32,
    /// The price of one.
    pub unit: Money,
    /// The currency.
    pub currency: String,
    /// Who charges.
    pub by: UserId,
    /// When.
    pub at: DateTime<Utc>,
}

/// Makes a charge; `None` when the session has been charged for this service before, whoever raced.
pub async fn insert(tx: &mut Tx, new: &NewCharge) -> Result<Option<ChargeId>> {
    let id: Option<i64> = on!(tx, |c| {
        sqlx::query_scalar(
            "INSERT INTO charge (visit_id, session_id, service_id, description, quantity, unit_minor, amount_minor, currency, created_by, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $5 * $6, $7, $8, $9)
             ON CONFLICT (session_id, service_id) WHERE session_id IS NOT NULL DO NOTHING RETURNING id",
        )
        .bind(new.visit.0)
        .bind(new.session.map(|session| session.0))
        .bind(new.service.0)
        .bind(&new.description)
        .bind(i64::from(new.quantity))
        .bind(new.unit.minor())
        .bind(&new.currency)
        .bind(new.by.0)
        .bind(new.at)
        .fetch_optional(c)
        .await?
    });
    Ok(id.map(ChargeId))
}

/// The charge with this number.
pub async fn find(conn: &mut Conn, id: ChargeId) -> Result<Option<ChargeRow>> {
    Ok(on!(conn, |c| {
        sqlx::query_as(
            "SELECT c.*, s.service_code FROM charge c JOIN service s ON s.id = c.service_id WHERE c.id = $1",
        )
        .bind(id.0)
        .fetch_optional(c)
        .await?
    }))
}

/// The charges of a visit, oldest first.
pub async fn of_visit(conn: &mut Conn, visit: VisitId) -> Result<Vec<ChargeRow>> {
    Ok(on!(conn, |c| {
        sqlx::query_as(
            "SELECT c.*, s.service_code FROM charge c JOIN service s ON s.id = c.service_id
              WHERE c.visit_id = $1 ORDER BY c.id",
        )
        .bind(visit.0)
        .fetch_all(c)
        .await?
    }))
}

/// The first charge of a session: what its `billing` shows.
pub async fn of_session(conn: &mut Conn, session: SessionId) -> Result<Option<ChargeRow>> {
    Ok(on!(conn, |c| {
        sqlx::query_as(
            "SELECT c.*, s.service_code FROM charge c JOIN service s ON s.id = c.service_id
              WHERE c.session_id = $1 ORDER BY c.id LIMIT 1",
        )
        .bind(session.0)
        .fetch_optional(c)
        .await?
    }))
}

/// The charges of several sessions, oldest first.
pub async fn of_sessions(conn: &mut Conn, sessions: &[SessionId]) -> Result<Vec<ChargeRow>> {
    if sessions.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on!(conn, |c| {
        let mut query = QueryBuilder::new(
            "SELECT c.*, s.service_code FROM charge c JOIN service s ON s.id = c.service_id WHERE c.session_id IN (",
        );
        let mut ids = query.separated(", ");
        for id in crate::few_lengths(sessions) {
            ids.push_bind(id.0);
        }
        query.push(") ORDER BY c.id");
        query.build_query_as().fetch_all(c).await?
    }))
}
