//! From an access token to a caller.

use televisit_domain::access::Caller;
use televisit_domain::ids::PatientId;
use televisit_storage::callers;

use super::Error;
use crate::app::App;

/// The account that an access token belongs to. The role and whether the account and its sign-in still stand come from
/// the database, so that a disabled account is out at once and not a quarter of an hour later.
pub async fn authenticate(app: &App, token: &str) -> Result<Caller, Error> {
    let refused = || Error::Unauthenticated {
        code: "token_not_valid",
        detail: "The access token is not valid or has expired. Refresh it or sign in again.".into(),
    };
    let (user, family) = app
        .tokens
        .read_access(token, app.clock.now())
        .map_err(|_| refused())?;
    let row = callers::caller(&mut app.db.read().await?, user.0, &family)
        .await?
        .ok_or_else(refused)?;
    if !row.is_active || !row.family_stands {
        return Err(refused());
    }
    Ok(Caller {
        user,
        role: row.role,
        patient: row.patient_id.map(PatientId),
    })
}
