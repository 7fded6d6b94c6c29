//! Bills: what is charged to visits and what is paid towards them.

mod charges;
mod payments;
mod queue;
mod session_fee;

pub use charges::{ChargeInput, add_charge, charges};
pub use payments::{PaymentInput, payments, take_payment};
pub use queue::{QueueQuery, pending_queue};
pub use session_fee::{Billed, charge_session};

use televisit_domain::access::{self, Action};
use televisit_domain::ids::VisitId;
use televisit_storage::visits::VisitRow;

use super::{Context, Error, visits};
use crate::app::App;

/// The sums of a visit's bill.
pub async fn summary(app: &App, ctx: &Context, visit: VisitId) -> Result<VisitRow, Error> {
    access::may_ever(&ctx.caller, Action::ReadBill)?;
    let row = visits::load(&mut app.db.read().await?, ctx, Action::ReadBill, visit).await?;
    read_row(app, ctx, visit).await?;
    Ok(row)
}

/// Writes down that the bill of a visit was read.
async fn read_row(app: &App, ctx: &Context, visit: VisitId) -> Result<(), Error> {
    let entry = ctx.audit(app.clock.now(), "bill.read", "visit", Some(visit.0));
    app.audit_read(vec![entry]).await
}

/// The currency of a visit's bill: that of what stands on it, or the clinic's while it is empty. A bill never has two.
fn bill_currency<'a>(app: &'a App, visit: &'a VisitRow) -> &'a str {
    visit.currency.as_deref().unwrap_or(&app.config.currency)
}
