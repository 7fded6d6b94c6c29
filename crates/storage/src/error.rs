//! What can go wrong below the rules of the clinic.

/// An error of the database, sorted by what the caller can do about it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A unique index refused the row; the name says which rule that is (`patient_national_id`, ...).
    #[error("already there: {0}")]
    Conflict(String),
    /// The row points to one that is not there.
    #[error("refers to something that does not exist: {0}")]
    Reference(String),
    /// The database cannot be used now: stopped, unreachable, locked or its disk is full.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// The address of the database is not one.
    #[error("{0}")]
    Url(String),
    /// The schema could not be brought up to date.
    #[error("the database schema could not be brought up to date: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// Anything else; a bug or a damaged database.
    #[error("database: {0}")]
    Other(sqlx::Error),
}

impl Error {
    /// Whether a unique index of this name refused the row.
    pub fn is_conflict_on(&self, index: &str) -> bool {
        matches!(self, Self::Conflict(name) if name == index)
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(database) if database.is_unique_violation() => {
                Self::Conflict(conflict_name(database.as_ref()))
            }
            sqlx::Error::Database(database) if database.is_foreign_key_violation() => {
                Self::Reference(database.constraint().unwrap_or_default().to_owned())
            }
            sqlx::Error::Database(database)
                if database.code().is_some_and(|code| is_out_of_order(&code)) =>
            {
                Self::Unavailable(database.message().to_owned())
            }
            sqlx::Error::Io(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::Tls(_) => Self::Unavailable(error.to_string()),
            _ => Self::Other(error),
        }
    }
}

/// Whether an engine's code says that it cannot work now: busy, full disk, failing disk, shutting down.
fn is_out_of_order(code: &str) -> bool {
    const BUSY: u32 = 5;
    const IO_ERROR: u32 = 10;
    const FULL: u32 = 13;
    const CANNOT_OPEN: u32 = 14;
    // An SQLSTATE has five characters; SQLite's extended codes have fewer and keep the primary code in the low byte.
    if code.len() == 5 {
        return code.starts_with("53") || code.starts_with("57P") || code.starts_with("58");
    }
    code.parse::<u32>()
        .is_ok_and(|code| matches!(code & 0xff, BUSY | IO_ERROR | FULL | CANNOT_OPEN))
}

/// The name of the index that refused a row. PostgreSQL names it; SQLite names an index on expressions ("index
/// 'user_account_username'") but only the columns of a plain one ("table.column"), which are turned into
/// `table_column`: the indexes are named so.
fn conflict_name(database: &dyn sqlx::error::DatabaseError) -> String {
    if let Some(name) = database.constraint() {
        return name.to_owned();
    }
    let message = database.message();
    if let Some((_, rest)) = message.split_once("index '") {
        return rest.trim_end_matches('\'').to_owned();
    }
    let columns = message.rsplit(": ").next().unwrap_or(message);
    let table = columns.split('.').next().unwrap_or(columns);
    let named: &[(&str, &str)] = &[
        ("patient.national_id", "patient_national_id"),
        ("user_account.patient_id", "user_account_patient"),
        ("visit.appointment_id", "visit_appointment"),
        ("service.service_code", "service_service_code_key"),
        ("telemedicine_session.visit_id", "session_live_visit"),
        (
            "telemedicine_session.room_name",
            "telemedicine_session_room_name_key",
        ),
        (
            "charge.session_id, charge.service_id",
            "charge_once_per_session",
        ),
        (
            "payment.visit_id, payment.payment_method, payment.transaction_reference, payment.amount_minor",
            "payment_once_per_reference",
        ),
        (
            "participant.session_id, participant.user_id",
            "participant_session_id_user_id_key",
        ),
        (
            "idempotency.user_id, idempotency.idempotency_key",
            "idempotency_pkey",
        ),
        ("refresh_token.token_hash", "refresh_token_token_hash_key"),
    ];
    named
        .iter()
        .find(|(text, _)| *text == columns)
        .map_or_else(|| table.to_owned(), |(_, name)| (*name).to_owned())
}
