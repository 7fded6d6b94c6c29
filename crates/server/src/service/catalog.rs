//! The service catalog.

use televisit_domain::access::{self, Action};
use televisit_domain::billing::Money;
use televisit_domain::ids::ServiceId;
use televisit_storage::services::{self, NewService, ServiceFilter, ServiceRow};
use televisit_storage::{Conn, audit};

use super::idempotent::{self, Made};
use super::{Context, Error, FieldErrors, Input, wording};
use crate::app::App;

/// The service that every new installation has.
const TELEMEDICINE: &str = "TELEMED-001";

/// A line to be added.
#[derive(Clone, Debug)]
pub struct ServiceInput {
    /// Unique: capital letters, digits and `-_.`, at most 40.
    pub service_code: String,
    /// Its name on bills.
    pub name: String,
    /// Like `CONSULTATION`.
    pub department: String,
    /// Like `OTHER`, which is also the default.
    pub workflow_type: Option<String>,
    /// The price of one, from `"0.00"`.
    pub amount: Money,
    /// The clinic's currency, which is also the default.
    pub currency: Option<String>,
    /// More words.
    pub description: String,
    /// Whether it may be charged; true when it is not sent.
    pub is_active: Option<bool>,
}

/// What may be changed of a line. A field that is not sent stays as it is.
#[derive(Clone, Debug, Default)]
pub struct ServiceChange {
    /// Its name on bills.
    pub name: Option<String>,
    /// Like `CONSULTATION`.
    pub department: Option<String>,
    /// Like `OTHER`.
    pub workflow_type: Option<String>,
    /// The price of one for charges to come.
    pub amount: Option<Money>,
    /// More words.
    pub description: Option<String>,
    /// Whether it may be charged.
    pub is_active: Option<bool>,
}

/// Which lines are wanted.
#[derive(Clone, Debug, Default)]
pub struct CatalogQuery {
    /// A part of the code, the name or the department.
    pub search: Option<String>,
    /// Only those that may, or may not, be charged.
    pub is_active: Option<bool>,
}

/// Adds what every installation has, when it is not there. What an administrator made of it stays.
pub async fn ensure_defaults(app: &App) -> Result<(), Error> {
    if services::by_code(&mut app.db.read().await?, TELEMEDICINE)
        .await?
        .is_some()
    {
        return Ok(());
    }
    let mut tx = app.db.begin().await?;
    let new = NewService {
        service_code: TELEMEDICINE.into(),
        name: "Telemedicine Consultation".into(),
        department: "CONSULTATION".into(),
        workflow_type: "OTHER".into(),
        amount: Money::from_minor(100_000),
        currency: app.config.currency.clone(),
        description: "A visit by video.".into(),
        is_active: true,
    };
    services::insert(&mut tx, &new, app.clock.now()).await?;
    tx.commit().await?;
    Ok(())
}

/// One page of the catalog by code, and how many lines there are in all.
pub async fn list(
    app: &App,
    ctx: &Context,
    wanted: CatalogQuery,
    limit: i64,
    offset: i64,
) -> Result<(i64, Vec<ServiceRow>), Error> {
    access::may_ever(&ctx.caller, Action::ReadCatalog)?;
    let mut wrong = FieldErrors::new();
    let filter = ServiceFilter {
        search: wording::search(&mut wrong, wanted.search),
        is_active: wanted.is_active,
    };
    wrong.check()?;
    let mut conn = app.db.read().await?;
    let count = services::count(&mut conn, &filter).await?;
    Ok((
        count,
        services::list(&mut conn, &filter, limit, offset).await?,
    ))
}

/// One line.
pub async fn retrieve(app: &App, ctx: &Context, id: ServiceId) -> Result<ServiceRow, Error> {
    access::may_ever(&ctx.caller, Action::ReadCatalog)?;
    find(&mut app.db.read().await?, id).await
}

/// Adds a line.
pub async fn create(
    app: &App,
    ctx: &Context,
    input: Input<ServiceInput>,
) -> Result<Made<ServiceRow>, Error> {
    access::may_ever(&ctx.caller, Action::EditCatalog)?;
    let hash = input.hash().to_owned();
    let input = input.get()?;
    let mut wrong = FieldErrors::new();
    let new = NewService {
        service_code: code(&mut wrong, &input.service_code),
        name: wording::required(&mut wrong, "name", &input.name, 200),
        department: word(&mut wrong, "department", &input.department),
        workflow_type: word(
            &mut wrong,
            "workflow_type",
            input.workflow_type.as_deref().unwrap_or("OTHER"),
        ),
        amount: price(&mut wrong, input.amount),
        currency: input
            .currency
            .unwrap_or_else(|| app.config.currency.clone()),
        description: wording::text(&mut wrong, "description", &input.description, 2000),
        is_active: input.is_active.unwrap_or(true),
    };
    if new.currency != app.config.currency {
        wrong.add(
            "currency",
            format!("The clinic's currency is {}.", app.config.currency),
        );
    }
    wrong.check()?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let route = "POST billing/service-catalog";
    if let Some(spent) = idempotent::begin(&mut tx, ctx, route, &hash, now).await? {
        let service = find(&mut tx, ServiceId(spent.resource_id)).await?;
        return Ok(Made::again(service, &spent));
    }
    let Some(id) = services::insert(&mut tx, &new, now).await? else {
        return Err(Error::field(
            "service_code",
            format!(
                "The service {} is already in the catalog.",
                new.service_code
            ),
        ));
    };
    idempotent::settle(&mut tx, ctx, id.0, true, "").await?;
    let service = find(&mut tx, id).await?;
    audit::append(
        &mut tx,
        &[ctx.audit(now, "service.create", "service", Some(id.0))],
    )
    .await?;
    tx.commit().await?;
    Ok(Made::new(service))
}

/// Changes a line. Charges that were made keep their price.
pub async fn update(
    app: &App,
    ctx: &Context,
    id: ServiceId,
    input: Input<ServiceChange>,
) -> Result<ServiceRow, Error> {
    access::may_ever(&ctx.caller, Action::EditCatalog)?;
    find(&mut app.db.read().await?, id).await?;
    let input = input.get()?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let mut wrong = FieldErrors::new();
    services::lock(&mut tx, id, now).await?;
    let before = find(&mut tx, id).await?;
    let new = NewService {
        name: match &input.name {
            Some(name) => wording::required(&mut wrong, "name", name, 200),
            None => before.name,
        },
        department: match &input.department {
            Some(department) => word(&mut wrong, "department", department),
            None => before.department,
        },
        workflow_type: match &input.workflow_type {
            Some(workflow) => word(&mut wrong, "workflow_type", workflow),
            None => before.workflow_type,
        },
        amount: match input.amount {
            Some(amount) => price(&mut wrong, amount),
            None => Money::from_minor(before.amount_minor),
        },
        description: match &input.description {
            Some(text) => wording::text(&mut wrong, "description", text, 2000),
            None => before.description,
        },
        is_active: input.is_active.unwrap_or(before.is_active),
        service_code: before.service_code,
        currency: before.currency,
    };
    wrong.check()?;
    services::update(&mut tx, id, &new, now).await?;
    let service = find(&mut tx, id).await?;
    audit::append(
        &mut tx,
        &[ctx.audit(now, "service.update", "service", Some(id.0))],
    )
    .await?;
    tx.commit().await?;
    Ok(service)
}

async fn find(conn: &mut Conn, id: ServiceId) -> Result<ServiceRow, Error> {
    services::find(conn, id)
        .await?
        .ok_or(Error::NotFound("The service"))
}

fn price(wrong: &mut FieldErrors, amount: Money) -> Money {
    if amount < Money::ZERO {
        wrong.add("amount", "A price may not be negative.");
    }
    amount
}

fn code(wrong: &mut FieldErrors, given: &str) -> String {
    let code = wording::required(wrong, "service_code", given, 40);
    let fits = |letter: char| {
        letter.is_ascii_uppercase() || letter.is_ascii_digit() || matches!(letter, '-' | '_' | '.')
    };
    if !code.chars().all(fits) {
        wrong.add("service_code", "Capital letters, digits and -_. only.");
    }
    code
}

/// One of the clinic's own words, like `CONSULTATION`.
fn word(wrong: &mut FieldErrors, field: &str, given: &str) -> String {
    let word = wording::required(wrong, field, given, 40);
    let fits =
        |letter: char| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_';
    if !word.chars().all(fits) {
        wrong.add(field, "Capital letters, digits and _ only.");
    }
    word
}
