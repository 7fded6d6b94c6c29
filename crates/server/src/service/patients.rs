//! Patient records.

use chrono::{Datelike as _, NaiveDate};
use televisit_domain::access::{self, Action, Subject};
use televisit_domain::ids::PatientId;
use televisit_domain::record::Gender;
use televisit_storage::patients::{self, Patient, PatientFields, PatientFilter};
use televisit_storage::{self as storage, audit};

use super::idempotent::{self, Made};
use super::{Context, Error, FieldErrors, Input, contact, wording};
use crate::app::App;
use crate::events::{Event, Kind};

/// What somebody wrote into a record, not yet judged. What is `None` was not sent.
#[derive(Clone, Debug, Default)]
pub struct PatientDraft {
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Middle name.
    pub middle_name: Option<String>,
    /// `YYYY-MM-DD`.
    pub date_of_birth: Option<String>,
    /// As registered.
    pub gender: Option<Gender>,
    /// Phone number.
    pub phone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Where the patient lives.
    pub address: Option<String>,
    /// Empty for none.
    pub national_id: Option<String>,
    /// A language tag.
    pub language: Option<String>,
    /// Whom to call.
    pub emergency_contact_name: Option<String>,
    /// On which number.
    pub emergency_contact_phone: Option<String>,
    /// What he is to the patient.
    pub emergency_contact_relationship: Option<String>,
}

/// Today in the clinic's zone.
pub fn today(app: &App) -> NaiveDate {
    app.clock
        .now()
        .with_timezone(&app.config.effective_time_zone())
        .date_naive()
}

/// A page of the records that the caller may see, and how many there are.
pub async fn list(
    app: &App,
    ctx: &Context,
    search: Option<String>,
    is_active: Option<bool>,
    limit: i64,
    offset: i64,
) -> Result<(Vec<Patient>, i64), Error> {
    let scope = access::scope(&ctx.caller, Action::ReadPatient)?;
    let mut wrong = FieldErrors::new();
    let search = wording::search(&mut wrong, search);
    wrong.check()?;
    let filter = PatientFilter {
        scope,
        search,
        is_active,
    };
    let mut conn = app.db.read().await?;
    let count = patients::count(&mut conn, &filter).await?;
    let page = patients::list(&mut conn, &filter, limit, offset).await?;
    drop(conn);
    let mut row = ctx.audit(app.clock.now(), "patient.list", "patient", None);
    row.detail = format!("{} of {count}", page.len());
    app.audit_read(vec![row]).await?;
    Ok((page, count))
}

/// One record.
pub async fn get(app: &App, ctx: &Context, id: PatientId) -> Result<Patient, Error> {
    let patient = load(app, ctx, Action::ReadPatient, id).await?;
    let row = ctx.audit(app.clock.now(), "patient.read", "patient", Some(id.0));
    app.audit_read(vec![row]).await?;
    Ok(patient)
}

async fn load(app: &App, ctx: &Context, action: Action, id: PatientId) -> Result<Patient, Error> {
    access::may_ever(&ctx.caller, action)?;
    let patient = patients::find(&mut app.db.read().await?, id)
        .await?
        .ok_or(Error::NotFound("The patient"))?;
    let subject = Subject {
        patient: Some(id),
        ..Subject::default()
    };
    access::may(&ctx.caller, action, &subject)?;
    Ok(patient)
}

/// Registers a patient.
pub async fn create(
    app: &App,
    ctx: &Context,
    input: Input<PatientDraft>,
) -> Result<Made<Patient>, Error> {
    access::may_ever(&ctx.caller, Action::CreatePatient)?;
    let hash = input.hash().to_owned();
    let fields = checked(app, input.get()?, true)?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    if let Some(spent) = idempotent::begin(&mut tx, ctx, "POST patients", &hash, now).await? {
        let patient = patients::find(&mut tx, PatientId(spent.resource_id))
            .await?
            .ok_or(Error::NotFound("The patient"))?;
        return Ok(Made::again(patient, &spent));
    }
    let patient = patients::insert(&mut tx, &fields, now)
        .await
        .map_err(refused)?;
    idempotent::settle(&mut tx, ctx, patient.id.0, true, "").await?;
    let row = ctx.audit(now, "patient.create", "patient", Some(patient.id.0));
    audit::append(&mut tx, &[row]).await?;
    tx.commit().await?;
    publish(app, patient.id);
    Ok(Made::new(patient))
}

/// Changes a record.
pub async fn update(
    app: &App,
    ctx: &Context,
    id: PatientId,
    input: Input<PatientDraft>,
) -> Result<Patient, Error> {
    load(app, ctx, Action::UpdatePatient, id).await?;
    let fields = checked(app, input.get()?, false)?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let patient = patients::update(&mut tx, id, &fields, now)
        .await
        .map_err(refused)?
        .ok_or(Error::NotFound("The patient"))?;
    let row = ctx.audit(now, "patient.update", "patient", Some(id.0));
    audit::append(&mut tx, &[row]).await?;
    tx.commit().await?;
    publish(app, id);
    Ok(patient)
}

/// Archives a record or takes it back. What is already so stays so, without an error.
pub async fn set_active(
    app: &App,
    ctx: &Context,
    id: PatientId,
    is_active: bool,
) -> Result<Patient, Error> {
    let before = load(app, ctx, Action::ArchivePatient, id).await?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let Some(patient) = patients::set_active(&mut tx, id, is_active, now).await? else {
        drop(tx);
        let row = ctx.audit(now, "patient.read", "patient", Some(id.0));
        app.audit_read(vec![row]).await?;
        return Ok(before);
    };
    let action = if is_active {
        "patient.restore"
    } else {
        "patient.archive"
    };
    audit::append(&mut tx, &[ctx.audit(now, action, "patient", Some(id.0))]).await?;
    tx.commit().await?;
    publish(app, id);
    Ok(patient)
}

fn publish(app: &App, id: PatientId) {
    app.events.publish(Event {
        kind: Kind::Patient,
        id: id.0,
        doctor: None,
        patient: Some(id),
    });
}

fn refused(error: storage::Error) -> Error {
    if error.is_conflict_on("patient_national_id") {
        return Error::field(
            "national_id",
            "Another patient record has this national id.",
        );
    }
    error.into()
}

/// The one place where a record's values are judged. `is_new`: a record needs its names, day of birth and gender.
fn checked(app: &App, draft: PatientDraft, is_new: bool) -> Result<PatientFields, Error> {
    let mut wrong = FieldErrors::new();
    let mut missing = |field: &str, is_missing: bool| {
        if is_new && is_missing {
            wrong.add(field, "This field is required.");
        }
    };
    missing("first_name", draft.first_name.is_none());
    missing("last_name", draft.last_name.is_none());
    missing("date_of_birth", draft.date_of_birth.is_none());
    missing("gender", draft.gender.is_none());

    let mut name = |field, value: Option<String>| {
        value.map(|value| wording::required(&mut wrong, field, &value, 100))
    };
    let first_name = name("first_name", draft.first_name);
    let last_name = name("last_name", draft.last_name);
    let mut text = |field, value: Option<String>, limit| {
        value.map(|value| wording::text(&mut wrong, field, &value, limit))
    };
    let middle_name = text("middle_name", draft.middle_name, 100);
    let address = text("address", draft.address, 500);
    let national_id = text("national_id", draft.national_id, 50);
    let emergency_contact_name = text("emergency_contact_name", draft.emergency_contact_name, 200);
    let emergency_contact_relationship = text(
        "emergency_contact_relationship",
        draft.emergency_contact_relationship,
        100,
    );
    let mut number =
        |field, value: Option<String>| value.map(|value| contact::phone(&mut wrong, field, &value));
    let phone = number("phone", draft.phone);
    let emergency_contact_phone = number("emergency_contact_phone", draft.emergency_contact_phone);
    let email = draft
        .email
        .map(|value| contact::email(&mut wrong, "email", &value));
    let language = draft
        .language
        .filter(|value| !is_new || !value.trim().is_empty())
        .map(|value| language(&mut wrong, &value));
    let today = today(app);
    let date_of_birth = draft
        .date_of_birth
        .and_then(|value| date_of_birth(&mut wrong, &value, today));
    wrong.check()?;
    Ok(PatientFields {
        first_name,
        last_name,
        middle_name,
        date_of_birth,
        gender: draft.gender,
        phone,
        email,
        address,
        national_id,
        language,
        emergency_contact_name,
        emergency_contact_phone,
        emergency_contact_relationship,
    })
}

fn date_of_birth(wrong: &mut FieldErrors, given: &str, today: NaiveDate) -> Option<NaiveDate> {
    let Ok(date) = NaiveDate::parse_from_str(given.trim(), "%Y-%m-%d") else {
        wrong.add("date_of_birth", "Write the date like 1990-01-31.");
        return None;
    };
    if date > today {
        wrong.add("date_of_birth", "The date of birth lies in the future.");
    } else if date.year() < today.year() - 130 {
        wrong.add(
            "date_of_birth",
            "The date of birth lies more than 130 years back.",
        );
    }
    Some(date)
}

fn language(wrong: &mut FieldErrors, given: &str) -> String {
    let tag = given.trim();
    let fits = (2..=35).contains(&tag.len())
        && tag
            .split('-')
            .all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric()));
    if !fits {
        wrong.add("language", "Write a language tag like en, sw or fr-CA.");
    }
    tag.to_owned()
}
