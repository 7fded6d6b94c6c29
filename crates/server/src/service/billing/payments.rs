//! Taking payments, so that what was paid once is written down once.

use chrono::TimeDelta;
use televisit_domain::access::{self, Action};
use televisit_domain::billing::{Money, PaymentMethod};
use televisit_domain::ids::{PaymentId, VisitId};
use televisit_storage::payments::{self, NewPayment, PaymentRow};
use televisit_storage::{Conn, audit, visits};

use super::{bill_currency, read_row};
use crate::app::App;
use crate::service::idempotent::{self, Made};
use crate::service::visits::{find, load, publish};
use crate::service::{Context, Error, FieldErrors, Input, wording};

/// How long an equal payment without a reference counts as the same one.
const ALIKE: TimeDelta = TimeDelta::seconds(60);

/// A payment.
#[derive(Clone, Debug)]
pub struct PaymentInput {
    /// How much, in the currency of the bill.
    pub amount: Money,
    /// `CASH`, `CARD`, `MOBILE_MONEY`, `TRANSFER` or `INSURANCE`.
    pub payment_method: PaymentMethod,
    /// The number that the bank or wallet gave it. The same number, method and amount on a visit is the same payment.
    pub transaction_reference: String,
    /// Says that an equal payment of the last minute was another one.
    pub confirm_duplicate: bool,
    /// When it is sent, it must be the currency of the bill.
    pub currency: Option<String>,
}

impl PaymentInput {
    /// The payment with its reference as it is kept; what is wrong is added to `wrong` under `prefix`.
    #[must_use]
    pub fn checked(mut self, prefix: &str, wrong: &mut FieldErrors) -> Self {
        if !self.amount.is_positive() {
            wrong.add(format!("{prefix}amount"), "A payment is more than nothing.");
        }
        let field = format!("{prefix}transaction_reference");
        self.transaction_reference = wording::text(wrong, &field, &self.transaction_reference, 100);
        self
    }

    /// A currency that is sent is that of the bill.
    pub fn check_currency(&self, prefix: &str, bill: &str, wrong: &mut FieldErrors) {
        if self.currency.as_deref().is_some_and(|sent| sent != bill) {
            wrong.add(
                format!("{prefix}currency"),
                format!("The bill is in {bill}."),
            );
        }
    }
}

/// The payments of a visit, oldest first.
pub async fn payments(app: &App, ctx: &Context, visit: VisitId) -> Result<Vec<PaymentRow>, Error> {
    access::may_ever(&ctx.caller, Action::ReadBill)?;
    let mut conn = app.db.read().await?;
    load(&mut conn, ctx, Action::ReadBill, visit).await?;
    let rows = payments::of_visit(&mut conn, visit).await?;
    drop(conn);
    read_row(app, ctx, visit).await?;
    Ok(rows)
}

/// Takes a payment towards what is outstanding, also of a closed visit.
///
/// The visit's row is held from the first question to the commit, so parallel payments are judged one after another.
/// The order of questions: was this very request answered before, is this the transaction that is written down already,
/// was the same taken a moment ago, does it fit the balance.
pub async fn take_payment(
    app: &App,
    ctx: &Context,
    visit: VisitId,
    input: Input<PaymentInput>,
) -> Result<Made<PaymentRow>, Error> {
    access::may_ever(&ctx.caller, Action::TakePayment)?;
    load(&mut app.db.read().await?, ctx, Action::TakePayment, visit).await?;
    let hash = input.hash().to_owned();
    let mut wrong = FieldErrors::new();
    let input = input.get()?.checked("", &mut wrong);
    let now = app.clock.now();
    let route = format!("POST visits/{visit}/billing/payments");
    let mut tx = app.db.begin().await?;
    if let Some(spent) = idempotent::begin(&mut tx, ctx, &route, &hash, now).await? {
        let payment = written(&mut tx, PaymentId(spent.resource_id)).await?;
        drop(tx);
        read_row(app, ctx, visit).await?;
        return Ok(Made::again(payment, &spent));
    }
    visits::lock(&mut tx, visit, now).await?;
    let before = find(&mut tx, visit).await?;
    let currency = bill_currency(app, &before);
    input.check_currency("", currency, &mut wrong);
    wrong.check()?;
    if let Some(known) = known(&mut tx, visit, &input).await? {
        // Settled although nothing was made: the key's next use must find the same answer.
        idempotent::settle(&mut tx, ctx, known.id.0, false, "").await?;
        tx.commit().await?;
        read_row(app, ctx, visit).await?;
        return Ok(Made {
            record: known,
            is_new: false,
        });
    }
    refuse_alike(&mut tx, ctx, visit, &input, now - ALIKE).await?;
    let outstanding = before.ledger().outstanding();
    if input.amount > outstanding {
        return Err(Error::field(
            "amount",
            format!("The outstanding balance of visit {visit} is {outstanding} {currency}."),
        ));
    }
    let new = NewPayment {
        visit,
        amount: input.amount,
        currency: currency.to_owned(),
        method: input.payment_method,
        reference: input.transaction_reference,
        by: ctx.caller.user,
        at: now,
    };
    let id = payments::insert(&mut tx, &new)
        .await?
        .ok_or_else(|| Error::Internal("a payment met another under the visit's lock".into()))?;
    idempotent::settle(&mut tx, ctx, id.0, true, "").await?;
    let payment = written(&mut tx, id).await?;
    audit::append(
        &mut tx,
        &[ctx.audit(now, "payment.create", "payment", Some(id.0))],
    )
    .await?;
    tx.commit().await?;
    publish(app, &before);
    Ok(Made::new(payment))
}

/// The payment that the bank or wallet knows by the same reference.
async fn known(
    conn: &mut Conn,
    visit: VisitId,
    input: &PaymentInput,
) -> Result<Option<PaymentRow>, Error> {
    let id = payments::by_reference(
        conn,
        visit,
        input.payment_method,
        &input.transaction_reference,
        input.amount,
    )
    .await?;
    match id {
        Some(id) => Ok(Some(written(conn, id).await?)),
        None => Ok(None),
    }
}

/// A double click has no reference and no key to be known by: the same money from the same hand within a minute is
/// asked back. A key says that the client knows what it repeats.
async fn refuse_alike(
    conn: &mut Conn,
    ctx: &Context,
    visit: VisitId,
    input: &PaymentInput,
    since: chrono::DateTime<chrono::Utc>,
) -> Result<(), Error> {
    if !input.transaction_reference.is_empty()
        || input.confirm_duplicate
        || ctx.idempotency_key.is_some()
    {
        return Ok(());
    }
    let alike = payments::alike_since(
        conn,
        visit,
        input.payment_method,
        input.amount,
        ctx.caller.user,
        since,
    )
    .await?;
    let Some(alike) = alike else {
        return Ok(());
    };
    Err(Error::Conflict {
        code: "duplicate_payment",
        detail: format!(
            "You took the same payment less than a minute ago: payment {alike}. Send \"confirm_duplicate\": true if this is another one."
        ),
        extra: std::iter::once(("payment", alike.0)).collect(),
    })
}

async fn written(conn: &mut Conn, id: PaymentId) -> Result<PaymentRow, Error> {
    payments::find(conn, id)
        .await?
        .ok_or_else(|| Error::Internal(format!("payment {id} is gone")))
}
