//! The demonstration clinic.

use televisit_storage::settings;

use super::Error;
use crate::app::App;

/// The setting that says that everything in this database is made up.
const MARK: &str = "demonstration";

/// Whether this installation is the demonstration clinic.
pub async fn is_demo(app: &App) -> Result<bool, Error> {
    let mark = settings::get(&mut app.db.read().await?, MARK).await?;
    Ok(mark.is_some())
}
