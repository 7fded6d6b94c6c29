//! Patient records. A record is archived, never deleted.

use chrono::{DateTime, NaiveDate, Utc};
use televisit_domain::access::Scope;
use televisit_domain::ids::PatientId;
use televisit_domain::record::{self, Gender};

use crate::like::contains;
use crate::{Conn, Result, Tx, on};

/// A record.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Patient {
    /// Its number.
    #[sqlx(try_from = "i64")]
    pub id: PatientId,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Middle name or empty.
    pub middle_name: String,
    /// Day of birth.
    pub date_of_birth: NaiveDate,
    /// As registered.
    #[sqlx(try_from = "String")]
    pub gender: Gender,
    /// As written down, or empty.
    pub phone: String,
    /// Or empty.
    pub email: String,
    /// Where the patient lives, or empty.
    pub address: String,
    /// Unique where there is one.
    pub national_id: Option<String>,
    /// A language tag, like `en`.
    pub language: String,
    /// Whom to call, or empty.
    pub emergency_contact_name: String,
    /// On which number, or empty.
    pub emergency_contact_phone: String,
    /// What he is to the patient, or empty.
    pub emergency_contact_relationship: String,
    /// False once archived.
    pub is_active: bool,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl Patient {
    /// First, middle and last name.
    pub fn full_name(&self) -> String {
        record::full_name(&self.first_name, &self.middle_name, &self.last_name)
    }
}

/// What somebody writes into a record. In a change, what is `None` stays; in a new record it is empty.
#[derive(Clone, Debug, Default)]
pub struct PatientFields {
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Middle name.
    pub middle_name: Option<String>,
    /// Day of birth; a new record needs one.
    pub date_of_birth: Option<NaiveDate>,
    /// As registered; a new record needs one.
    pub gender: Option<Gender>,
    /// Phone number.
    pub phone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Where the patient lives.
    pub address: Option<String>,
    /// Empty for none.
    pub national_id: Option<String>,
    /// A language tag; a new record without one gets `en`.
    pub language: Option<String>,
    /// Whom to call.
    pub emergency_contact_name: Option<String>,
    /// On which number.
    pub emergency_contact_phone: Option<String>,
    /// What he is to the patient.
    pub emergency_contact_relationship: Option<String>,
}

/// Which records a list shows.
#[derive(Clone, Debug)]
pub struct PatientFilter {
    /// Which the caller may see.
    pub scope: Scope,
    /// Part of the name, in either order, of the phone number, the e-mail address or the national id, or the
    /// patient number.
    pub search: Option<String>,
    /// Only active, or only archived ones.
    pub is_active: Option<bool>,
}

/// A filter as the values that the statements compare with.
struct Compared {
    own: Option<i64>,
    pattern: Option<String>,
    digits: Option<String>,
    number: Option<i64>,
    is_active: Option<bool>,
}

impl From<&PatientFilter> for Compared {
    fn from(filter: &PatientFilter) -> Self {
        let search = filter.search.as_deref().map(str::trim);
        let search = search.filter(|text| !text.is_empty());
        let is_phone_like = |text: &&str| {
            text.chars()
                .all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '+' | '(' | ')'))
        };
        let digits = search.filter(is_phone_like).map(|text| {
            text.chars()
                .filter(char::is_ascii_digit)
                .collect::<String>()
        });
        Self {
            own: match filter.scope {
                Scope::All => None,
                Scope::Patient(patient) => Some(patient.0),
                // No record has this number.
                Scope::Doctor(_) | Scope::Invited(_) | Scope::Nothing => Some(0),
            },
            pattern: search
                .map(|text| contains(&text.split_whitespace().collect::<Vec<_>>().join(" "))),
            digits: digits.filter(|d| d.len() >= 3).map(|d| format!("%{d}%")),
            number: search.and_then(|text| {
                let number = text
                    .strip_prefix("P-")
                    .or_else(|| text.strip_prefix("p-"))
                    .unwrap_or(text);
                number.parse().ok()
            }),
            is_active: filter.is_active,
        }
    }
}

/// Makes a record. Conflict: `patient_national_id`. Without a day of birth or a gender the database refuses the row.
pub async fn insert(tx: &mut Tx, new: &PatientFields, now: DateTime<Utc>) -> Result<Patient> {
    let text = |field: &Option<String>| field.clone().unwrap_or_default();
    Ok(on!(tx, |c| {
        sqlx::query_as(
        "INSERT INTO patient (first_name, last_name, middle_name, date_of_birth, gender, phone, email, address,
                national_id, language, emergency_contact_name, emergency_contact_phone,
                emergency_contact_relationship, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14)
         RETURNING id, first_name, last_name, middle_name, date_of_birth, gender, phone, email, address, national_id,
                language, emergency_contact_name, emergency_contact_phone, emergency_contact_relationship, is_active,
                created_at, updated_at",
    )
    .bind(text(&new.first_name))
    .bind(text(&new.last_name))
    .bind(text(&new.middle_name))
    .bind(new.date_of_birth)
    .bind(new.gender.map(Gender::as_str))
    .bind(text(&new.phone))
    .bind(text(&new.email))
    .bind(text(&new.address))
    .bind(new.national_id.as_deref().filter(|id| !id.is_empty()))
    .bind(new.language.as_deref().unwrap_or("en"))
    .bind(text(&new.emergency_contact_name))
    .bind(text(&new.emergency_contact_phone))
    .bind(text(&new.emergency_contact_relationship))
    .bind(now)
    .fetch_one(c)
    .await?
    }))
}

/// Changes a record; `None` when there is none of this number. Conflict: `patient_national_id`.
pub async fn update(
    tx: &mut Tx,
    id: PatientId,
    change: &PatientFields,
    now: DateTime<Utc>,
) -> Result<Option<Patient>> {
    Ok(on!(tx, |c| {
        sqlx::query_as(
        "UPDATE patient SET
                first_name = COALESCE($2, first_name),
                last_name = COALESCE($3, last_name),
                middle_name = COALESCE($4, middle_name),
                date_of_birth = COALESCE($5, date_of_birth),
                gender = COALESCE($6, gender),
                phone = COALESCE($7, phone),
                email = COALESCE($8, email),
                address = COALESCE($9, address),
                national_id = CASE WHEN $10 IS NULL THEN national_id WHEN $10 = '' THEN NULL ELSE $10 END,
                language = COALESCE($11, language),
                emergency_contact_name = COALESCE($12, emergency_contact_name),
                emergency_contact_phone = COALESCE($13, emergency_contact_phone),
                emergency_contact_relationship = COALESCE($14, emergency_contact_relationship),
                updated_at = $15
          WHERE id = $1
         RETURNING id, first_name, last_name, middle_name, date_of_birth, gender, phone, email, address, national_id,
                language, emergency_contact_name, emergency_contact_phone, emergency_contact_relationship, is_active,
                created_at, updated_at",
    )
    .bind(id.0)
    .bind(change.first_name.as_deref())
    .bind(change.last_name.as_deref())
    .bind(change.middle_name.as_deref())
    .bind(change.date_of_birth)
    .bind(change.gender.map(Gender::as_str))
    .bind(change.phone.as_deref())
    .bind(change.email.as_deref())
    .bind(change.address.as_deref())
    .bind(change.national_id.as_deref())
    .bind(change.language.as_deref())
    .bind(change.emergency_contact_name.as_deref())
    .bind(change.emergency_contact_phone.as_deref())
    .bind(change.emergency_contact_relationship.as_deref())
    .bind(now)
    .fetch_optional(c)
    .await?
    }))
}

/// Archives a record or takes it back; `None` when it is already so or not there.
pub async fn set_active(
    tx: &mut Tx,
    id: PatientId,
    is_active: bool,
    now: DateTime<Utc>,
) -> Result<Option<Patient>> {
    Ok(on!(tx, |c| {
        sqlx::query_as(
        "UPDATE patient SET is_active = $2, updated_at = $3 WHERE id = $1 AND is_active <> $2
         RETURNING id, first_name, last_name, middle_name, date_of_birth, gender, phone, email, address, national_id,
                language, emergency_contact_name, emergency_contact_phone, emergency_contact_relationship, is_active,
                created_at, updated_at",
    )
    .bind(id.0)
    .bind(is_active)
    .bind(now)
    .fetch_optional(c)
    .await?
    }))
}

/// A record by its number.
pub async fn find(conn: &mut Conn, id: PatientId) -> Result<Option<Patient>> {
    Ok(on!(conn, |c| {
        sqlx::query_as(
        "SELECT id, first_name, last_name, middle_name, date_of_birth, gender, phone, email, address, national_id,
                language, emergency_contact_name, emergency_contact_phone, emergency_contact_relationship, is_active,
                created_at, updated_at
           FROM patient WHERE id = $1",
    )
    .bind(id.0)
    .fetch_optional(c)
    .await?
    }))
}

/// A page of records by name.
pub async fn list(
    conn: &mut Conn,
    filter: &PatientFilter,
    limit: i64,
    offset: i64,
) -> Result<Vec<Patient>> {
    let by = Compared::from(filter);
    Ok(on!(conn, |c| {
        sqlx::query_as(
        "SELECT id, first_name, last_name, middle_name, date_of_birth, gender, phone, email, address, national_id,
                language, emergency_contact_name, emergency_contact_phone, emergency_contact_relationship, is_active,
                created_at, updated_at
           FROM patient
          WHERE ($1 IS NULL OR id = $1)
            AND ($2 IS NULL
                 OR LOWER(first_name || ' ' || CASE WHEN middle_name = '' THEN '' ELSE middle_name || ' ' END
                        || last_name || ' ' || first_name || ' ' || phone || ' ' || email || ' '
                        || COALESCE(national_id, '')) LIKE LOWER($2) ESCAPE '\\'
                 OR ($3 IS NOT NULL AND REPLACE(REPLACE(phone, ' ', ''), '-', '') LIKE $3)
                 OR ($4 IS NOT NULL AND id = $4))
            AND ($5 IS NULL OR is_active = $5)
          ORDER BY LOWER(last_name), LOWER(first_name), id LIMIT $6 OFFSET $7",
    )
    .bind(by.own)
    .bind(&by.pattern)
    .bind(&by.digits)
    .bind(by.number)
    .bind(by.is_active)
    .bind(limit)
    .bind(offset)
    .fetch_all(c)
    .await?
    }))
}

/// How many records the pages of [`list`] hold together.
pub async fn count(conn: &mut Conn, filter: &PatientFilter) -> Result<i64> {
    let by = Compared::from(filter);
    Ok(on!(conn, |c| {
        sqlx::query_scalar(
        "SELECT COUNT(*) FROM patient
          WHERE ($1 IS NULL OR id = $1)
            AND ($2 IS NULL
                 OR LOWER(first_name || ' ' || CASE WHEN middle_name = '' THEN '' ELSE middle_name || ' ' END
                        || last_name || ' ' || first_name || ' ' || phone || ' ' || email || ' '
                        || COALESCE(national_id, '')) LIKE LOWER($2) ESCAPE '\\'
                 OR ($3 IS NOT NULL AND REPLACE(REPLACE(phone, ' ', ''), '-', '') LIKE $3)
                 OR ($4 IS NOT NULL AND id = $4))
            AND ($5 IS NULL OR is_active = $5)",
    )
    .bind(by.own)
    .bind(&by.pattern)
    .bind(&by.digits)
    .bind(by.number)
    .bind(by.is_active)
    .fetch_one(c)
    .await?
    }))
}

/// How many records there are, archived ones included.
pub async fn count_all(conn: &mut Conn) -> Result<i64> {
    Ok(on!(conn, |c| sqlx::query_scalar(
        "SELECT COUNT(*) FROM patient"
    )
    .fetch_one(c)
    .await?))
}
