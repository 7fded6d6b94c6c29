//! `televisit backup` and `televisit restore`.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use televisit_storage::users::UserFilter;
use televisit_storage::{Db, Engine, backup as copies, patients, users};

use super::address::without_password;
use crate::app::App;
use crate::config::Config;

/// Where a backup is written to or read from.
#[derive(Debug, clap::Args)]
pub struct BackupFile {
    /// The backup.
    file: PathBuf,
}

/// Writes a consistent copy of the database while the product runs.
pub async fn backup(app: &App, target: &BackupFile) -> anyhow::Result<()> {
    let file = &target.file;
    if app.db.engine() == Engine::Postgres {
        bail!(
            "PostgreSQL makes its own backups. Run: pg_dump --format=custom --file={} {}",
            quoted(&file.display().to_string()),
            quoted(&without_password(&app.config.effective_database_url()))
        );
    }
    ensure!(
        !file.exists(),
        "{} exists already; name a file that does not",
        file.display()
    );
    let name = file
        .to_str()
        .context("the name of the backup must be UTF-8")?;
    copies::snapshot(&mut app.db.read().await?, name)
        .await
        .with_context(|| format!("the backup cannot be written to {}", file.display()))?;
    // SQLite does not sync the copy; a backup that a power cut takes is none.
    File::open(file)?.sync_all()?;
    let size = fs::metadata(file)?.len();
    let mut out = std::io::stdout();
    writeln!(
        out,
        "Wrote the database to {} ({size} bytes).",
        file.display()
    )?;
    let key = app.config.data.join("secret.key");
    if key.exists() {
        writeln!(
            out,
            "{} is not in it: without that file everybody signs in again.",
            key.display()
        )?;
    }
    Ok(())
}

/// Puts a backup in place of an empty database.
pub async fn restore(config: &Config, source: &BackupFile) -> anyhow::Result<()> {
    let file = &source.file;
    let address = config.effective_database_url();
    let Some(target) = address.strip_prefix("sqlite://").map(PathBuf::from) else {
        bail!(
            "PostgreSQL restores its own backups. Run: pg_restore --no-owner --dbname={} {}",
            quoted(&without_password(&address)),
            quoted(&file.display().to_string())
        );
    };
    ensure!(file.is_file(), "there is no file {}", file.display());
    if let Some(folder) = target.parent() {
        fs::create_dir_all(folder)
            .with_context(|| format!("the folder {} cannot be made", folder.display()))?;
    }
    refuse_full(&target).await?;

    let draft = beside(&target, ".restoring");
    remove(&draft)?;
    fs::copy(file, &draft)
        .with_context(|| format!("{} cannot be copied to {}", file.display(), draft.display()))?;
    let (accounts, records) = match judged(&draft).await {
        Ok(counts) => counts,
        Err(error) => {
            remove(&draft)?;
            return Err(error.context(format!(
                "{} is no usable backup; nothing was changed",
                file.display()
            )));
        }
    };
    File::open(&draft)?.sync_all()?;
    remove(&target)?;
    fs::rename(&draft, &target)?;
    if let Some(folder) = target.parent().filter(|path| !path.as_os_str().is_empty()) {
        File::open(folder)?.sync_all()?;
    }
    writeln!(
        std::io::stdout(),
        "Restored {accounts} accounts and {records} patient records to {}.",
        target.display()
    )?;
    Ok(())
}

/// A database with anything in it is never written over.
async fn refuse_full(target: &Path) -> anyhow::Result<()> {
    if !target.exists() {
        return Ok(());
    }
    let db = open(target).await?;
    db.migrate()
        .await
        .with_context(|| format!("{} is not a database of televisit", target.display()))?;
    let (accounts, records) = counts(&db).await?;
    db.close().await;
    ensure!(
        accounts == 0 && records == 0,
        "{} holds {accounts} accounts and {records} patient records. Nothing is written over them: stop the server and \
         move that file away, or set TELEVISIT_DATA to an empty folder",
        target.display()
    );
    Ok(())
}

/// Opens the copy, proves that it is whole, and brings its schema up to date.
async fn judged(draft: &Path) -> anyhow::Result<(i64, i64)> {
    let db = open(draft).await?;
    let damage = copies::damage(&mut db.read().await?).await?;
    ensure!(
        damage.is_empty(),
        "the file is damaged: {}",
        damage.join("; ")
    );
    db.migrate().await?;
    let counts = counts(&db).await?;
    db.close().await;
    ensure!(
        counts != (0, 0),
        "it holds neither accounts nor patient records"
    );
    Ok(counts)
}

async fn open(path: &Path) -> anyhow::Result<Db> {
    Ok(Db::open(&format!("sqlite://{}", path.display())).await?)
}

async fn counts(db: &Db) -> anyhow::Result<(i64, i64)> {
    let mut conn = db.read().await?;
    Ok((
        users::count(&mut conn, &UserFilter::default()).await?,
        patients::count_all(&mut conn).await?,
    ))
}

/// Removes a database file with what SQLite keeps beside it.
fn remove(path: &Path) -> anyhow::Result<()> {
    for name in ["", "-wal", "-shm"] {
        match fs::remove_file(beside(path, name)) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// As a shell takes it as one word.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}
