//! Who an access token belongs to, read on every request.

use televisit_domain::access::Role;

use crate::{Conn, Result, on};

/// What authorisation needs of an account.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct CallerRow {
    /// The account.
    pub id: i64,
    /// Its role.
    #[sqlx(try_from = "String")]
    pub role: Role,
    /// Whether it may sign in.
    pub is_active: bool,
    /// The patient record of a patient's account.
    pub patient_id: Option<i64>,
    /// Whether the sign-in of the token still stands.
    pub family_stands: bool,
}

/// The account of a token, and whether its sign-in `family` still stands: it does not after logout, reuse of a spent
/// refresh token, or a changed password.
pub async fn caller(conn: &mut Conn, user: i64, family: &str) -> Result<Option<CallerRow>> {
    Ok(on!(conn, |c| {
        sqlx::query_as(
            "SELECT id, role, is_active, patient_id,
                    EXISTS (SELECT 1 FROM sign_in WHERE family = $2 AND user_id = $1 AND ended_at IS NULL) AS family_stands
               FROM user_account WHERE id = $1",
        )
        .bind(user)
        .bind(family)
        .fetch_optional(c)
        .await?
    }))
}
