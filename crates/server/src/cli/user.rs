//! `televisit user`: accounts from the command line, for the first one and for when nobody can sign in.

use std::io::{IsTerminal as _, Write as _};
use std::process::Stdio;

use anyhow::{Context as _, bail, ensure};
use clap::Subcommand;
use televisit_domain::access::Role;
use televisit_domain::ids::PatientId;
use televisit_storage::users as rows;
use televisit_storage::users::{User as Account, UserFilter};

use super::sentences::explain;
use crate::app::App;
use crate::service::users::{self, Author, UserDraft, UserEdit};

/// What to do with accounts.
#[derive(Debug, Subcommand)]
pub enum User {
    /// Make an account. The password is asked for, or read from standard input.
    Add(Add),
    /// List the accounts.
    List,
    /// Disable an account and end all its sign-ins.
    Disable {
        /// Username or e-mail address.
        name: String,
    },
    /// Enable a disabled account again.
    Enable {
        /// Username or e-mail address.
        name: String,
    },
    /// Give an account another password and end all its sign-ins.
    SetPassword {
        /// Username or e-mail address.
        name: String,
        /// Read the password from standard input instead of asking for it.
        #[arg(long)]
        password_stdin: bool,
    },
}

/// An account to be made.
#[derive(Debug, clap::Args)]
pub struct Add {
    /// What one signs in with.
    username: String,
    /// ADMIN, DOCTOR, NURSE, RECEPTIONIST or PATIENT.
    #[arg(long, value_parser = role)]
    role: Role,
    /// E-mail address; one can sign in with it too.
    #[arg(long)]
    email: Option<String>,
    /// First name.
    #[arg(long)]
    first_name: Option<String>,
    /// Last name.
    #[arg(long)]
    last_name: Option<String>,
    /// A doctor's field.
    #[arg(long)]
    specialization: Option<String>,
    /// Number of the patient record; exactly a patient's account has one.
    #[arg(long)]
    patient: Option<i64>,
    /// Read the password from standard input instead of asking for it.
    #[arg(long)]
    password_stdin: bool,
}

fn role(text: &str) -> Result<Role, String> {
    text.to_ascii_uppercase()
        .parse()
        .map_err(|error: televisit_domain::text::UnknownWord| error.to_string())
}

/// Runs the command on an open installation.
pub async fn run(app: &App, command: User) -> anyhow::Result<()> {
    let author = Author::command_line();
    let mut out = std::io::stdout();
    match command {
        User::Add(add) => {
            let password = password(add.password_stdin)?;
            let draft = UserDraft {
                username: Some(add.username),
                password: Some(password),
                role: Some(add.role),
                email: add.email,
                first_name: add.first_name,
                last_name: add.last_name,
                specialization: add.specialization,
                patient: add.patient.map(PatientId),
            };
            let user = users::add(app, &author, draft).await.map_err(explain)?;
            writeln!(
                out,
                "Made the account {} ({}), number {}.",
                user.username, user.role, user.id
            )?;
        }
        User::List => list(app, &mut out).await?,
        User::Disable { name } => {
            let user = set_active(app, &author, &name, false).await?;
            writeln!(
                out,
                "Disabled the account {}; all its sign-ins have ended.",
                user.username
            )?;
        }
        User::Enable { name } => {
            let user = set_active(app, &author, &name, true).await?;
            writeln!(out, "Enabled the account {}.", user.username)?;
        }
        User::SetPassword {
            name,
            password_stdin,
        } => {
            let user = find(app, &name).await?;
            let password = password(password_stdin)?;
            users::replace_password(app, &author, user.id, password)
                .await
                .map_err(explain)?;
            writeln!(
                out,
                "The account {} has a new password; all its sign-ins have ended.",
                user.username
            )?;
        }
    }
    Ok(())
}

async fn find(app: &App, name: &str) -> anyhow::Result<Account> {
    rows::find_by_name(&mut app.db.read().await?, name)
        .await?
        .with_context(|| {
            format!("there is no account {name:?}; `televisit user list` shows all of them")
        })
}

async fn set_active(
    app: &App,
    author: &Author,
    name: &str,
    is_active: bool,
) -> anyhow::Result<Account> {
    let user = find(app, name).await?;
    let edit = UserEdit {
        is_active: Some(is_active),
        ..UserEdit::default()
    };
    users::edit_account(app, author, user.id, edit)
        .await
        .map_err(explain)
}

async fn list(app: &App, out: &mut impl std::io::Write) -> anyhow::Result<()> {
    let mut conn = app.db.read().await?;
    let all = UserFilter::default();
    let count = rows::count(&mut conn, &all).await?;
    let accounts = rows::list(&mut conn, &all, count.max(1), 0).await?;
    if accounts.is_empty() {
        writeln!(
            out,
            "There is no account yet. Make the first one with: televisit user add NAME --role ADMIN"
        )?;
        return Ok(());
    }
    let wide = accounts
        .iter()
        .map(|user| user.username.chars().count())
        .max()
        .unwrap_or_default()
        .max("USERNAME".len());
    writeln!(
        out,
        "{:>6}  {:wide$}  {:12}  {:8}  NAME",
        "NUMBER", "USERNAME", "ROLE", "STATE"
    )?;
    for user in accounts {
        let state = if user.is_active { "active" } else { "disabled" };
        writeln!(
            out,
            "{:>6}  {:wide$}  {:12}  {state:8}  {}",
            user.id.0,
            user.username,
            user.role.as_str(),
            user.full_name()
        )?;
    }
    Ok(())
}

/// The password: asked for twice on a terminal, else the first line of standard input.
fn password(from_stdin: bool) -> anyhow::Result<String> {
    let stdin = std::io::stdin();
    if from_stdin || !stdin.is_terminal() {
        return line(&mut stdin.lock()).context(
            "no password came on standard input; write it there as one line, or run this on a terminal",
        );
    }
    let first = ask("Password: ")?;
    let second = ask("The same again: ")?;
    ensure!(
        first == second,
        "the two passwords differ; nothing was changed"
    );
    Ok(first)
}

fn ask(prompt: &str) -> anyhow::Result<String> {
    let mut out = std::io::stderr();
    write!(out, "{prompt}")?;
    out.flush()?;
    let silence = Silence::begin()?;
    let typed = line(&mut std::io::stdin().lock());
    drop(silence);
    writeln!(out)?;
    typed
}

fn line(input: &mut impl std::io::BufRead) -> anyhow::Result<String> {
    let mut text = String::new();
    ensure!(input.read_line(&mut text)? > 0, "nothing was typed");
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// While it lives, the terminal does not show what is typed.
struct Silence;

impl Silence {
    fn begin() -> anyhow::Result<Self> {
        if stty("-echo") {
            Ok(Self)
        } else {
            bail!("the terminal cannot be told to hide what is typed; use --password-stdin instead")
        }
    }
}

impl Drop for Silence {
    fn drop(&mut self) {
        stty("echo");
    }
}

fn stty(mode: &str) -> bool {
    std::process::Command::new("stty")
        .arg(mode)
        .stdin(Stdio::inherit())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
