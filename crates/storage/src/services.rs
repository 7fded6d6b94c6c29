//! The service catalog: what can be charged, and for how much.

use chrono::{DateTime, Utc};
use televisit_domain::billing::Money;
use televisit_domain::ids::ServiceId;

use crate::{Conn, Result, Tx, on};

/// A line of the catalog.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ServiceRow {
    /// Its number.
    #[sqlx(try_from = "i64")]
    pub id: ServiceId,
    /// Its unique code, like `TELEMED-001`.
    pub service_code: String,
    /// Its name on bills.
    pub name: String,
    /// The department it belongs to.
    pub department: String,
    /// How it is ordered.
    pub workflow_type: String,
    /// The price of one, in minor units.
    pub amount_minor: i64,
    /// The currency of the price.
    pub currency: String,
    /// More words.
    pub description: String,
    /// Whether it may be charged.
    pub is_active: bool,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl ServiceRow {
    /// The price of one.
    pub fn amount(&self) -> Money {
        Money::from_minor(self.amount_minor)
    }
}

/// What can be written of a line.
#[derive(Clone, Debug)]
pub struct NewService {
    /// Its unique code.
    pub service_code: String,
    /// Its name on bills.
    pub name: String,
    /// The department it belongs to.
    pub department: String,
    /// How it is ordered.
    pub workflow_type: String,
    /// The price of one.
    pub amount: Money,
    /// The currency of the price.
    pub currency: String,
    /// More words.
    pub description: String,
    /// Whether it may be charged.
    pub is_active: bool,
}

/// Which lines of the catalog are wanted.
#[derive(Clone, Debug, Default)]
pub struct ServiceFilter {
    /// A part of the code, the name or the department.
    pub search: Option<String>,
    /// Only those that may, or may not, be charged.
    pub is_active: Option<bool>,
}

/// Adds a line; `None` when the code is taken. It never disturbs the line that is there.
pub async fn insert(
    tx: &mut Tx,
    new: &NewService,
    now: DateTime<Utc>,
) -> Result<Option<ServiceId>> {
    let id: Option<i64> = on!(tx, |c| {
        sqlx::query_scalar(
            "INSERT INTO service (service_code, name, department, workflow_type, amount_minor, currency, description, is_active, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9) ON CONFLICT (service_code) DO NOTHING RETURNING id",
        )
        .bind(&new.service_code)
        .bind(&new.name)
        .bind(&new.department)
        .bind(&new.workflow_type)
        .bind(new.amount.minor())
        .bind(&new.currency)
        .bind(&new.description)
        .bind(new.is_active)
        .bind(now)
        .fetch_optional(c)
        .await?
    });
    Ok(id.map(ServiceId))
}

/// Writes every field of a line; `false` when it is not there. Charges made before keep their price.
pub async fn update(
    tx: &mut Tx,
    id: ServiceId,
    new: &NewService,
    now: DateTime<Utc>,
) -> Result<bool> {
    Ok(on!(tx, |c| {
        sqlx::query(
            "UPDATE service SET service_code = $2, name = $3, department = $4, workflow_type = $5, amount_minor = $6,
                    currency = $7, description = $8, is_active = $9, updated_at = $10 WHERE id = $1",
        )
        .bind(id.0)
        .bind(&new.service_code)
        .bind(&new.name)
        .bind(&new.department)
        .bind(&new.workflow_type)
        .bind(new.amount.minor())
        .bind(&new.currency)
        .bind(&new.description)
        .bind(new.is_active)
        .bind(now)
        .execute(c)
        .await?
        .rows_affected()
    }) == 1)
}

/// The line with this number.
pub async fn find(conn: &mut Conn, id: ServiceId) -> Result<Option<ServiceRow>> {
    Ok(on!(conn, |c| sqlx::query_as(
        "SELECT * FROM service WHERE id = $1"
    )
    .bind(id.0)
    .fetch_optional(c)
    .await?))
}

/// The line with this code, active or not.
pub async fn by_code(conn: &mut Conn, code: &str) -> Result<Option<ServiceRow>> {
    Ok(on!(conn, |c| sqlx::query_as(
        "SELECT * FROM service WHERE service_code = $1"
    )
    .bind(code)
    .fetch_optional(c)
    .await?))
}

/// One page of the catalog by code.
pub async fn list(
    conn: &mut Conn,
    filter: &ServiceFilter,
    limit: i64,
    offset: i64,
) -> Result<Vec<ServiceRow>> {
    let search = filter.search.as_deref().map(crate::like::contains);
    Ok(on!(conn, |c| {
        sqlx::query_as(
            r"SELECT * FROM service
               WHERE ($1 IS NULL OR LOWER(service_code) LIKE LOWER($1) ESCAPE '\' OR LOWER(name) LIKE LOWER($1) ESCAPE '\'
                      OR LOWER(department) LIKE LOWER($1) ESCAPE '\')
                 AND ($2 IS NULL OR is_active = $2)
               ORDER BY service_code LIMIT $3 OFFSET $4",
        )
        .bind(search)
        .bind(filter.is_active)
        .bind(limit)
        .bind(offset)
        .fetch_all(c)
        .await?
    }))
}

/// How many lines [`list`] has in all its pages.
pub async fn count(conn: &mut Conn, filter: &ServiceFilter) -> Result<i64> {
    let search = filter.search.as_deref().map(crate::like::contains);
    Ok(on!(conn, |c| {
        sqlx::query_scalar(
            r"SELECT COUNT(*) FROM service
               WHERE ($1 IS NULL OR LOWER(service_code) LIKE LOWER($1) ESCAPE '\' OR LOWER(name) LIKE LOWER($1) ESCAPE '\'
                      OR LOWER(department) LIKE LOWER($1) ESCAPE '\')
                 AND ($2 IS NULL OR is_active = $2)",
        )
        .bind(search)
        .bind(filter.is_active)
        .fetch_one(c)
        .await?
    }))
}

/// Holds the line's row until the end of the transaction, so that what is then read of it stays true.
pub async fn lock(tx: &mut Tx, id: ServiceId, now: DateTime<Utc>) -> Result<()> {
    on!(tx, |c| {
        sqlx::query("UPDATE service SET updated_at = $2 WHERE id = $1")
            .bind(id.0)
            .bind(now)
            .execute(c)
            .await?;
    });
    Ok(())
}
