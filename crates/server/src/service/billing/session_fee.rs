//! The fee of a telemedicine session: charged once, in the transaction that ends it.

use chrono::{DateTime, Utc};
use televisit_domain::ids::{SessionId, UserId, VisitId};
use televisit_storage as storage;
use televisit_storage::charges::{self, ChargeRow, NewCharge};
use televisit_storage::{Tx, services, visits};

use super::bill_currency;
use crate::app::App;

/// What became of the wish to bill a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Billed {
    /// The charge was made now.
    Added(ChargeRow),
    /// It had been made before.
    Already(ChargeRow),
    /// There is nothing to charge; the sentence says why and is fit for the bill's reader.
    Not(String),
}

impl Billed {
    /// Why nothing was added, for `billing_reason`.
    pub fn reason(&self) -> Option<String> {
        match self {
            Self::Added(_) => None,
            Self::Already(charge) => Some(format!("Already billed: charge {}.", charge.id)),
            Self::Not(reason) => Some(reason.clone()),
        }
    }
}

/// Puts the fee of a session on the bill of its visit, in the caller's transaction. However often and from wherever it
/// is called, a session has at most one charge. A missing, inactive or foreign-currency service is no error: the end of
/// a visit never fails over its fee, it says why there is none.
pub async fn charge_session(
    app: &App,
    tx: &mut Tx,
    session: SessionId,
    visit: VisitId,
    by: UserId,
    now: DateTime<Utc>,
) -> Result<Billed, storage::Error> {
    // Whoever bills the same visit waits here, so that what is read next stays true.
    visits::lock(tx, visit, now).await?;
    if let Some(charge) = charges::of_session(tx, session).await? {
        return Ok(Billed::Already(charge));
    }
    let code = &app.config.billing_service_code;
    let Some(service) = services::by_code(tx, code).await? else {
        return Ok(Billed::Not(format!(
            "The service {code} is not in the catalog."
        )));
    };
    if !service.is_active {
        return Ok(Billed::Not(format!(
            "The service {code} is not active in the catalog."
        )));
    }
    let Some(row) = visits::find(tx, visit).await? else {
        return Ok(Billed::Not(format!("Visit {visit} does not exist.")));
    };
    let currency = bill_currency(app, &row);
    if service.currency != currency {
        return Ok(Billed::Not(format!(
            "The service {code} is priced in {}, the bill is in {currency}.",
            service.currency
        )));
    }
    let new = NewCharge {
        visit,
        session: Some(session),
        service: service.id,
        description: service.name.clone(),
        quantity: 1,
        unit: service.amount(),
        currency: service.currency.clone(),
        by,
        at: now,
    };
    let added = charges::insert(tx, &new).await?.is_some();
    Ok(match charges::of_session(tx, session).await? {
        Some(charge) if added => Billed::Added(charge),
        Some(charge) => Billed::Already(charge),
        None => Billed::Not("The charge could not be made.".into()),
    })
}
