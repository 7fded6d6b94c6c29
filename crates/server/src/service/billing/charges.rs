//! Charges made by hand, and all charges of a visit.

use televisit_domain::access::{self, Action};
use televisit_domain::ids::{ChargeId, VisitId};
use televisit_domain::record::VisitStatus;
use televisit_storage::charges::{self, ChargeRow, NewCharge};
use televisit_storage::{Conn, audit, services, visits};

use super::{bill_currency, read_row};
use crate::app::App;
use crate::service::idempotent::{self, Made};
use crate::service::visits::{find, load, publish};
use crate::service::{Context, Error, FieldErrors, Input};

/// The most of one service in a charge.
const MOST: i64 = 1000;

/// A charge to be made.
#[derive(Clone, Debug)]
pub struct ChargeInput {
    /// The code of an active service of the catalog.
    pub service_code: String,
    /// How many, 1 to 1000; 1 when it is not sent.
    pub quantity: Option<i64>,
}

/// The charges of a visit, oldest first.
pub async fn charges(app: &App, ctx: &Context, visit: VisitId) -> Result<Vec<ChargeRow>, Error> {
    access::may_ever(&ctx.caller, Action::ReadBill)?;
    let mut conn = app.db.read().await?;
    load(&mut conn, ctx, Action::ReadBill, visit).await?;
    let rows = charges::of_visit(&mut conn, visit).await?;
    drop(conn);
    read_row(app, ctx, visit).await?;
    Ok(rows)
}

/// Charges a service to an open visit.
pub async fn add_charge(
    app: &App,
    ctx: &Context,
    visit: VisitId,
    input: Input<ChargeInput>,
) -> Result<Made<ChargeRow>, Error> {
    access::may_ever(&ctx.caller, Action::AddCharge)?;
    load(&mut app.db.read().await?, ctx, Action::AddCharge, visit).await?;
    let hash = input.hash().to_owned();
    let input = input.get()?;
    let now = app.clock.now();
    let route = format!("POST visits/{visit}/billing/charges");
    let mut tx = app.db.begin().await?;
    if let Some(spent) = idempotent::begin(&mut tx, ctx, &route, &hash, now).await? {
        let charge = written(&mut tx, ChargeId(spent.resource_id)).await?;
        drop(tx);
        read_row(app, ctx, visit).await?;
        return Ok(Made::again(charge, &spent));
    }
    let status = visits::lock(&mut tx, visit, now).await?;
    let before = find(&mut tx, visit).await?;
    let mut wrong = FieldErrors::new();
    let wanted = input.quantity.unwrap_or(1);
    if !(1..=MOST).contains(&wanted) {
        wrong.add("quantity", "From 1 to 1000.");
    }
    let quantity = u32::try_from(wanted).unwrap_or(1);
    let currency = bill_currency(app, &before);
    let service = match services::by_code(&mut tx, input.service_code.trim()).await? {
        Some(service) if service.is_active && service.currency == currency => Some(service),
        Some(service) if service.is_active => {
            wrong.add(
                "service_code",
                format!(
                    "This service is priced in {}, the bill is in {currency}.",
                    service.currency
                ),
            );
            None
        }
        Some(_) | None => {
            wrong.add("service_code", "There is no active service with this code.");
            None
        }
    };
    let too_large = service
        .as_ref()
        .is_some_and(|service| service.amount().times(quantity).is_none());
    if too_large {
        wrong.add("quantity", "The amount is too large.");
    }
    wrong.check()?;
    let Some(service) = service else {
        return Err(Error::Internal(
            "a service passed its check and is not there".into(),
        ));
    };
    if status != Some(VisitStatus::Open) {
        return Err(Error::conflict(
            "visit_closed",
            format!("Visit {visit} is CLOSED and cannot be charged."),
        ));
    }
    let new = NewCharge {
        visit,
        session: None,
        service: service.id,
        description: service.name.clone(),
        quantity,
        unit: service.amount(),
        currency: service.currency.clone(),
        by: ctx.caller.user,
        at: now,
    };
    let id = charges::insert(&mut tx, &new)
        .await?
        .ok_or_else(|| Error::Internal("a charge without a session met another".into()))?;
    idempotent::settle(&mut tx, ctx, id.0, true, "").await?;
    let charge = written(&mut tx, id).await?;
    audit::append(
        &mut tx,
        &[ctx.audit(now, "charge.create", "charge", Some(id.0))],
    )
    .await?;
    tx.commit().await?;
    publish(app, &before);
    Ok(Made::new(charge))
}

async fn written(conn: &mut Conn, id: ChargeId) -> Result<ChargeRow, Error> {
    charges::find(conn, id)
        .await?
        .ok_or_else(|| Error::Internal(format!("charge {id} is gone")))
}
