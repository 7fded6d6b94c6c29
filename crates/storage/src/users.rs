//! Accounts.

use chrono::{DateTime, Utc};
use televisit_domain::access::Role;
use televisit_domain::ids::{PatientId, UserId};

use crate::like::contains;
use crate::{Conn, Result, Tx, on};

/// An account, without its password.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct User {
    /// Its number.
    #[sqlx(try_from = "i64")]
    pub id: UserId,
    /// What one signs in with; unique whatever its capitals.
    pub username: String,
    /// Unique whatever its capitals, or empty.
    pub email: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// What it may do.
    #[sqlx(try_from = "String")]
    pub role: Role,
    /// A doctor's field.
    pub specialization: String,
    /// Whether it may sign in.
    pub is_active: bool,
    /// The record of a patient's account; no other has one.
    pub patient_id: Option<i64>,
    /// When it was made.
    pub date_joined: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl User {
    /// First and last name, or the username while there is neither.
    pub fn full_name(&self) -> String {
        televisit_domain::record::person_name(&self.first_name, &self.last_name, &self.username)
    }

    /// The record of a patient's account.
    pub fn patient(&self) -> Option<PatientId> {
        self.patient_id.map(PatientId)
    }
}

/// An account to be made.
#[derive(Clone)]
pub struct NewUser<'a> {
    /// What one signs in with.
    pub username: &'a str,
    /// Or empty.
    pub email: &'a str,
    /// First name.
    pub first_name: &'a str,
    /// Last name.
    pub last_name: &'a str,
    /// What it may do.
    pub role: Role,
    /// A doctor's field.
    pub specialization: &'a str,
    /// An Argon2id hash in PHC form.
    pub password_hash: &'a str,
    /// The record of a patient's account; exactly a patient's has one.
    pub patient: Option<PatientId>,
}

/// What is to be changed in an account; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct UserChange<'a> {
    /// The new address, empty for none.
    pub email: Option<&'a str>,
    /// The new first name.
    pub first_name: Option<&'a str>,
    /// The new last name.
    pub last_name: Option<&'a str>,
    /// The new role, with the record that goes with it.
    pub role: Option<(Role, Option<PatientId>)>,
    /// The new field.
    pub specialization: Option<&'a str>,
    /// Whether it may sign in.
    pub is_active: Option<bool>,
}

/// Which accounts a list shows.
#[derive(Clone, Debug, Default)]
pub struct UserFilter {
    /// Part of the username, the name or the e-mail address.
    pub search: Option<String>,
    /// Only this role.
    pub role: Option<Role>,
    /// Only active, or only disabled ones.
    pub is_active: Option<bool>,
}

/// Makes an account. Conflicts: `user_account_username`, `user_account_email`, `user_account_patient`.
pub async fn insert(tx: &mut Tx, new: &NewUser<'_>, now: DateTime<Utc>) -> Result<User> {
    Ok(on!(tx, |c| {
        sqlx::query_as(
        "INSERT INTO user_account (username, email, first_name, last_name, role, specialization, password_hash,
                patient_id, date_joined, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
         RETURNING id, username, email, first_name, last_name, role, specialization, is_active, patient_id,
                date_joined, updated_at",
    )
    .bind(new.username)
    .bind(new.email)
    .bind(new.first_name)
    .bind(new.last_name)
    .bind(new.role.as_str())
    .bind(new.specialization)
    .bind(new.password_hash)
    .bind(new.patient.map(|patient| patient.0))
    .bind(now)
    .fetch_one(c)
    .await?
    }))
}

/// Changes an account; `None` when there is none of this number. Conflicts as in [`insert`].
pub async fn update(
    tx: &mut Tx,
    id: UserId,
    change: &UserChange<'_>,
    now: DateTime<Utc>,
) -> Result<Option<User>> {
    Ok(on!(tx, |c| {
        sqlx::query_as(
        "UPDATE user_account SET
                email = COALESCE($2, email),
                first_name = COALESCE($3, first_name),
                last_name = COALESCE($4, last_name),
                role = COALESCE($5, role),
                patient_id = CASE WHEN $5 IS NULL THEN patient_id ELSE $6 END,
                specialization = COALESCE($7, specialization),
                is_active = COALESCE($8, is_active),
                updated_at = $9
          WHERE id = $1
         RETURNING id, username, email, first_name, last_name, role, specialization, is_active, patient_id,
                date_joined, updated_at",
    )
    .bind(id.0)
    .bind(change.email)
    .bind(change.first_name)
    .bind(change.last_name)
    .bind(change.role.map(|(role, _)| role.as_str()))
    .bind(change.role.and_then(|(_, patient)| patient).map(|patient| patient.0))
    .bind(change.specialization)
    .bind(change.is_active)
    .bind(now)
    .fetch_optional(c)
    .await?
    }))
}

/// Puts another password hash in place; false when there is no such account.
pub async fn set_password_hash(
    tx: &mut Tx,
    id: UserId,
    hash: &str,
    now: DateTime<Utc>,
) -> Result<bool> {
    Ok(on!(tx, |c| sqlx::query(
        "UPDATE user_account SET password_hash = $2, updated_at = $3 WHERE id = $1"
    )
    .bind(id.0)
    .bind(hash)
    .bind(now)
    .execute(c)
    .await?
    .rows_affected())
        == 1)
}

/// An account by its number.
pub async fn find(conn: &mut Conn, id: UserId) -> Result<Option<User>> {
    Ok(on!(conn, |c| {
        sqlx::query_as(
        "SELECT id, username, email, first_name, last_name, role, specialization, is_active, patient_id,
                date_joined, updated_at
           FROM user_account WHERE id = $1",
    )
    .bind(id.0)
    .fetch_optional(c)
    .await?
    }))
}

/// An account by the name or the e-mail address that somebody typed, whatever its capitals. A username never holds an
/// `@`, so that the two cannot mean different accounts.
pub async fn find_by_name(conn: &mut Conn, typed: &str) -> Result<Option<User>> {
    Ok(on!(conn, |c| {
        sqlx::query_as(
        "SELECT id, username, email, first_name, last_name, role, specialization, is_active, patient_id,
                date_joined, updated_at
           FROM user_account
          WHERE LOWER(username) = LOWER($1) OR (email <> '' AND LOWER(email) = LOWER($1))
          ORDER BY id LIMIT 1",
    )
    .bind(typed.trim())
    .fetch_optional(c)
    .await?
    }))
}

/// The password hash of an account.
pub async fn password_hash(conn: &mut Conn, id: UserId) -> Result<Option<String>> {
    Ok(on!(conn, |c| sqlx::query_scalar(
        "SELECT password_hash FROM user_account WHERE id = $1"
    )
    .bind(id.0)
    .fetch_optional(c)
    .await?))
}

/// The active doctors by name.
pub async fn doctors(conn: &mut Conn) -> Result<Vec<User>> {
    Ok(on!(conn, |c| {
        sqlx::query_as(
        "SELECT id, username, email, first_name, last_name, role, specialization, is_active, patient_id,
                date_joined, updated_at
           FROM user_account WHERE role = 'DOCTOR' AND is_active ORDER BY last_name, first_name, id",
    )
    .fetch_all(c)
    .await?
    }))
}

/// A page of accounts by username.
pub async fn list(
    conn: &mut Conn,
    filter: &UserFilter,
    limit: i64,
    offset: i64,
) -> Result<Vec<User>> {
    Ok(on!(conn, |c| {
        sqlx::query_as(
        "SELECT id, username, email, first_name, last_name, role, specialization, is_active, patient_id,
                date_joined, updated_at
           FROM user_account
          WHERE ($1 IS NULL OR LOWER(username || ' ' || first_name || ' ' || last_name || ' ' || email)
                    LIKE LOWER($1) ESCAPE '\\')
            AND ($2 IS NULL OR role = $2)
            AND ($3 IS NULL OR is_active = $3)
          ORDER BY LOWER(username), id LIMIT $4 OFFSET $5",
    )
    .bind(filter.search.as_deref().map(contains))
    .bind(filter.role.map(Role::as_str))
    .bind(filter.is_active)
    .bind(limit)
    .bind(offset)
    .fetch_all(c)
    .await?
    }))
}

/// How many accounts the pages of [`list`] hold together.
pub async fn count(conn: &mut Conn, filter: &UserFilter) -> Result<i64> {
    Ok(on!(conn, |c| {
        sqlx::query_scalar(
        "SELECT COUNT(*) FROM user_account
          WHERE ($1 IS NULL OR LOWER(username || ' ' || first_name || ' ' || last_name || ' ' || email)
                    LIKE LOWER($1) ESCAPE '\\')
            AND ($2 IS NULL OR role = $2)
            AND ($3 IS NULL OR is_active = $3)",
    )
    .bind(filter.search.as_deref().map(contains))
    .bind(filter.role.map(Role::as_str))
    .bind(filter.is_active)
    .fetch_one(c)
    .await?
    }))
}
