//! Payments towards the bills of visits. A payment is never changed and never deleted.

use chrono::{DateTime, Utc};
use televisit_domain::billing::{Money, PaymentMethod};
use televisit_domain::ids::{PaymentId, UserId, VisitId};
use televisit_domain::record::person_name;

use crate::{Conn, Result, Tx, on};

/// A payment with the name of who took it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct PaymentRow {
    /// Its number.
    #[sqlx(try_from = "i64")]
    pub id: PaymentId,
    /// The visit it was for.
    #[sqlx(try_from = "i64")]
    pub visit_id: VisitId,
    /// How much, in minor units.
    pub amount_minor: i64,
    /// The currency.
    pub currency: String,
    /// How it came in.
    #[sqlx(try_from = "String")]
    pub payment_method: PaymentMethod,
    /// The number that the bank or wallet gave it; empty for none.
    pub transaction_reference: String,
    /// Who took it.
    #[sqlx(try_from = "i64")]
    pub received_by: UserId,
    /// His first name.
    pub received_by_first_name: String,
    /// His last name.
    pub received_by_last_name: String,
    /// His account name, shown when he has no other.
    pub received_by_username: String,
    /// When.
    pub created_at: DateTime<Utc>,
}

impl PaymentRow {
    /// The name of who took it.
    pub fn received_by_name(&self) -> String {
        person_name(
            &self.received_by_first_name,
            &self.received_by_last_name,
            &self.received_by_username,
        )
    }
}

/// A payment to be written down.
#[derive(Clone, Debug)]
pub struct NewPayment {
    /// The visit it is for.
    pub visit: VisitId,
    /// How much, above zero.
    pub amount: Money,
    /// The currency.
    pub currency: String,
    /// How it came in.
    pub method: PaymentMethod,
    /// The number that the bank or wallet gave it; empty for none.
    pub reference: String,
    /// Who took it.
    pub by: UserId,
    /// When.
    pub at: DateTime<Utc>,
}

/// Writes a payment down; `None` when the visit has one with this method, non-empty reference and amount.
pub async fn insert(tx: &mut Tx, new: &NewPayment) -> Result<Option<PaymentId>> {
    let id: Option<i64> = on!(tx, |c| {
        sqlx::query_scalar(
            "INSERT INTO payment (visit_id, amount_minor, currency, payment_method, transaction_reference, received_by, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (visit_id, payment_method, transaction_reference, amount_minor) WHERE transaction_reference <> ''
             DO NOTHING RETURNING id",
        )
        .bind(new.visit.0)
        .bind(new.amount.minor())
        .bind(&new.currency)
        .bind(new.method.as_str())
        .bind(&new.reference)
        .bind(new.by.0)
        .bind(new.at)
        .fetch_optional(c)
        .await?
    });
    Ok(id.map(PaymentId))
}

/// The payment with this number.
pub async fn find(conn: &mut Conn, id: PaymentId) -> Result<Option<PaymentRow>> {
    Ok(on!(conn, |c| {
        sqlx::query_as(
            "SELECT p.*, u.first_name AS received_by_first_name, u.last_name AS received_by_last_name, u.username AS received_by_username
               FROM payment p JOIN user_account u ON u.id = p.received_by WHERE p.id = $1",
        )
        .bind(id.0)
        .fetch_optional(c)
        .await?
    }))
}

/// The payments of a visit, oldest first.
pub async fn of_visit(conn: &mut Conn, visit: VisitId) -> Result<Vec<PaymentRow>> {
    Ok(on!(conn, |c| {
        sqlx::query_as(
            "SELECT p.*, u.first_name AS received_by_first_name, u.last_name AS received_by_last_name, u.username AS received_by_username
               FROM payment p JOIN user_account u ON u.id = p.received_by WHERE p.visit_id = $1 ORDER BY p.id",
        )
        .bind(visit.0)
        .fetch_all(c)
        .await?
    }))
}

/// The payment of a visit that a bank or wallet knows by this reference.
pub async fn by_reference(
    conn: &mut Conn,
    visit: VisitId,
    method: PaymentMethod,
    reference: &str,
    amount: Money,
) -> Result<Option<PaymentId>> {
    let id: Option<i64> = on!(conn, |c| {
        sqlx::query_scalar(
            "SELECT id FROM payment
              WHERE visit_id = $1 AND payment_method = $2 AND transaction_reference = $3 AND transaction_reference <> ''
                AND amount_minor = $4",
        )
        .bind(visit.0)
        .bind(method.as_str())
        .bind(reference)
        .bind(amount.minor())
        .fetch_optional(c)
        .await?
    });
    Ok(id.map(PaymentId))
}

/// The newest payment without a reference that this person took for the visit in the same way and amount after `since`:
/// most likely the same notes and coins, written down twice.
pub async fn alike_since(
    conn: &mut Conn,
    visit: VisitId,
    method: PaymentMethod,
    amount: Money,
    by: UserId,
    since: DateTime<Utc>,
) -> Result<Option<PaymentId>> {
    let id: Option<i64> = on!(conn, |c| {
        sqlx::query_scalar(
            "SELECT id FROM payment
              WHERE visit_id = $1 AND payment_method = $2 AND transaction_reference = '' AND amount_minor = $3
                AND received_by = $4 AND created_at > $5 ORDER BY id DESC LIMIT 1",
        )
        .bind(visit.0)
        .bind(method.as_str())
        .bind(amount.minor())
        .bind(by.0)
        .bind(since)
        .fetch_optional(c)
        .await?
    });
    Ok(id.map(PaymentId))
}
