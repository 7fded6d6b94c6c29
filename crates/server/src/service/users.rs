//! Accounts: who there is, and what an administrator does with them, in the browser or on the command line.

use chrono::{DateTime, Utc};
use televisit_domain::access::{self, Action, Role};
use televisit_domain::ids::{PatientId, UserId};
use televisit_storage::audit::{self, NewEntry};
use televisit_storage::users::{self, NewUser, User, UserChange, UserFilter};
use televisit_storage::{self as storage, Tx, tokens};

use super::idempotent::{self, Made};
use super::{Context, Error, FieldErrors, Input, contact, passwords, wording};
use crate::app::App;

/// Who makes the change: an account, or whoever runs the command line of the installation.
#[derive(Clone, Debug)]
pub struct Author {
    /// The account.
    pub user: Option<UserId>,
    /// From where.
    pub address: String,
}

impl Author {
    /// The command line.
    pub fn command_line() -> Self {
        Self {
            user: None,
            address: "command line".into(),
        }
    }

    fn row(&self, at: DateTime<Utc>, action: &'static str, user: UserId) -> NewEntry {
        NewEntry {
            at,
            actor: self.user,
            action,
            entity: "account",
            entity_id: Some(user.0),
            detail: String::new(),
            address: self.address.clone(),
        }
    }
}

impl From<&Context> for Author {
    fn from(ctx: &Context) -> Self {
        Self {
            user: Some(ctx.caller.user),
            address: ctx.address.clone(),
        }
    }
}

/// An account to be made.
#[derive(Clone, Default)]
pub struct UserDraft {
    /// What one signs in with.
    pub username: Option<String>,
    /// The first password.
    pub password: Option<String>,
    /// What the account may do.
    pub role: Option<Role>,
    /// E-mail address.
    pub email: Option<String>,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// A doctor's field.
    pub specialization: Option<String>,
    /// The record of a patient's account.
    pub patient: Option<PatientId>,
}

/// What is to be changed in an account.
#[derive(Clone, Debug, Default)]
pub struct UserEdit {
    /// E-mail address.
    pub email: Option<String>,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// What the account may do.
    pub role: Option<Role>,
    /// A doctor's field.
    pub specialization: Option<String>,
    /// Whether it may sign in.
    pub is_active: Option<bool>,
    /// The record of a patient's account; the inner `None` is none.
    pub patient: Option<Option<PatientId>>,
}

/// The caller's own account.
pub async fn me(app: &App, ctx: &Context) -> Result<User, Error> {
    users::find(&mut app.db.read().await?, ctx.caller.user)
        .await?
        .ok_or(Error::NotFound("The account"))
}

/// The active doctors, for whoever books them.
pub async fn doctors(app: &App, ctx: &Context) -> Result<Vec<User>, Error> {
    access::may_ever(&ctx.caller, Action::ListDoctors)?;
    Ok(users::doctors(&mut app.db.read().await?).await?)
}

/// A page of accounts, and how many there are.
pub async fn list(
    app: &App,
    ctx: &Context,
    mut filter: UserFilter,
    limit: i64,
    offset: i64,
) -> Result<(Vec<User>, i64), Error> {
    access::may_ever(&ctx.caller, Action::ManageUsers)?;
    let mut wrong = FieldErrors::new();
    filter.search = wording::search(&mut wrong, filter.search);
    wrong.check()?;
    let mut conn = app.db.read().await?;
    let count = users::count(&mut conn, &filter).await?;
    Ok((users::list(&mut conn, &filter, limit, offset).await?, count))
}

/// One account.
pub async fn get(app: &App, ctx: &Context, id: UserId) -> Result<User, Error> {
    access::may_ever(&ctx.caller, Action::ManageUsers)?;
    users::find(&mut app.db.read().await?, id)
        .await?
        .ok_or(Error::NotFound("The account"))
}

/// Makes an account on behalf of an administrator.
pub async fn create(
    app: &App,
    ctx: &Context,
    input: Input<UserDraft>,
) -> Result<Made<User>, Error> {
    access::may_ever(&ctx.caller, Action::ManageUsers)?;
    let hash = input.hash().to_owned();
    let checked = Checked::new(input.get()?)?;
    let secret = app.passwords.hash(checked.password.clone()).await?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    if let Some(spent) = idempotent::begin(&mut tx, ctx, "POST users", &hash, now).await? {
        let user = users::find(&mut tx, UserId(spent.resource_id))
            .await?
            .ok_or(Error::NotFound("The account"))?;
        return Ok(Made::again(user, &spent));
    }
    let user = insert(&mut tx, &checked, &secret, now).await?;
    idempotent::settle(&mut tx, ctx, user.id.0, true, "").await?;
    let row = Author::from(ctx).row(now, "account.create", user.id);
    audit::append(&mut tx, &[row]).await?;
    tx.commit().await?;
    Ok(Made::new(user))
}

/// Makes an account without asking who may: for the command line and the demonstration clinic.
pub async fn add(app: &App, author: &Author, draft: UserDraft) -> Result<User, Error> {
    let checked = Checked::new(draft)?;
    let secret = app.passwords.hash(checked.password.clone()).await?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let user = insert(&mut tx, &checked, &secret, now).await?;
    audit::append(&mut tx, &[author.row(now, "account.create", user.id)]).await?;
    tx.commit().await?;
    Ok(user)
}

async fn insert(
    tx: &mut Tx,
    checked: &Checked,
    secret: &str,
    now: DateTime<Utc>,
) -> Result<User, Error> {
    let new = NewUser {
        username: &checked.username,
        email: &checked.email,
        first_name: &checked.first_name,
        last_name: &checked.last_name,
        role: checked.role,
        specialization: &checked.specialization,
        password_hash: secret,
        patient: checked.patient,
    };
    users::insert(tx, &new, now).await.map_err(refused)
}

/// Changes an account on behalf of an administrator.
pub async fn update(
    app: &App,
    ctx: &Context,
    id: UserId,
    input: Input<UserEdit>,
) -> Result<User, Error> {
    access::may_ever(&ctx.caller, Action::ManageUsers)?;
    get(app, ctx, id).await?;
    let edit = input.get()?;
    if id == ctx.caller.user {
        refuse_own(&edit)?;
    }
    edit_account(app, &Author::from(ctx), id, edit).await
}

/// Nobody locks himself out: an installation always keeps an administrator who can sign in.
fn refuse_own(edit: &UserEdit) -> Result<(), Error> {
    let mut wrong = FieldErrors::new();
    if edit.is_active == Some(false) {
        wrong.add("is_active", "You cannot disable your own account.");
    }
    if edit.role.is_some_and(|role| role != Role::Admin) {
        wrong.add("role", "You cannot change the role of your own account.");
    }
    wrong.check()
}

/// Changes an account without asking who may. Disabling it ends all its sign-ins.
pub async fn edit_account(
    app: &App,
    author: &Author,
    id: UserId,
    edit: UserEdit,
) -> Result<User, Error> {
    let mut wrong = FieldErrors::new();
    let mut text = |field, value: &Option<String>, limit| {
        value
            .as_deref()
            .map(|value| wording::text(&mut wrong, field, value, limit))
    };
    let first_name = text("first_name", &edit.first_name, 100);
    let last_name = text("last_name", &edit.last_name, 100);
    let specialization = text("specialization", &edit.specialization, 100);
    let email = edit
        .email
        .as_deref()
        .map(|email| contact::email(&mut wrong, "email", email));

    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let before = users::find(&mut tx, id)
        .await?
        .ok_or(Error::NotFound("The account"))?;
    let role = edit.role.unwrap_or(before.role);
    let patient = edit.patient.unwrap_or(if role == Role::Patient {
        before.patient()
    } else {
        None
    });
    check_link(&mut wrong, role, patient);
    wrong.check()?;

    let change = UserChange {
        email: email.as_deref(),
        first_name: first_name.as_deref(),
        last_name: last_name.as_deref(),
        role: Some((role, patient)),
        specialization: specialization.as_deref(),
        is_active: edit.is_active,
    };
    let user = users::update(&mut tx, id, &change, now)
        .await
        .map_err(refused)?
        .ok_or(Error::NotFound("The account"))?;
    if !user.is_active {
        tokens::end_all(&mut tx, id, now).await?;
    }
    let action = match edit.is_active {
        Some(false) => "account.disable",
        Some(true) | None => "account.update",
    };
    audit::append(&mut tx, &[author.row(now, action, id)]).await?;
    tx.commit().await?;
    Ok(user)
}

/// Gives an account another password on behalf of an administrator.
pub async fn set_password(
    app: &App,
    ctx: &Context,
    id: UserId,
    input: Input<Option<String>>,
) -> Result<(), Error> {
    access::may_ever(&ctx.caller, Action::ManageUsers)?;
    get(app, ctx, id).await?;
    let password = input
        .get()?
        .ok_or_else(|| Error::field("password", "This field is required."))?;
    replace_password(app, &Author::from(ctx), id, password).await
}

/// Gives an account another password without asking who may, and ends all its sign-ins.
pub async fn replace_password(
    app: &App,
    author: &Author,
    id: UserId,
    password: String,
) -> Result<(), Error> {
    let user = users::find(&mut app.db.read().await?, id)
        .await?
        .ok_or(Error::NotFound("The account"))?;
    let mut wrong = FieldErrors::new();
    passwords::check(&mut wrong, &password, &user.username);
    wrong.check()?;
    let secret = app.passwords.hash(password).await?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    users::set_password_hash(&mut tx, id, &secret, now).await?;
    tokens::end_all(&mut tx, id, now).await?;
    audit::append(&mut tx, &[author.row(now, "account.set_password", id)]).await?;
    Ok(tx.commit().await?)
}

/// A draft whose every value is fit to be kept.
struct Checked {
    username: String,
    password: String,
    role: Role,
    email: String,
    first_name: String,
    last_name: String,
    specialization: String,
    patient: Option<PatientId>,
}

impl Checked {
    fn new(draft: UserDraft) -> Result<Self, Error> {
        let mut wrong = FieldErrors::new();
        let username = username(&mut wrong, draft.username);
        match &draft.password {
            Some(password) => passwords::check(&mut wrong, password, &username),
            None => wrong.add("password", "This field is required."),
        }
        match draft.role {
            Some(role) => check_link(&mut wrong, role, draft.patient),
            None => wrong.add("role", "This field is required."),
        }
        let mut text = |field, value: Option<String>| {
            wording::text(&mut wrong, field, &value.unwrap_or_default(), 100)
        };
        let first_name = text("first_name", draft.first_name);
        let last_name = text("last_name", draft.last_name);
        let specialization = text("specialization", draft.specialization);
        let email = contact::email(&mut wrong, "email", &draft.email.unwrap_or_default());
        wrong.check()?;
        Ok(Self {
            username,
            password: draft.password.unwrap_or_default(),
            role: draft.role.unwrap_or(Role::Patient),
            email,
            first_name,
            last_name,
            specialization,
            patient: draft.patient,
        })
    }
}

/// No `@`: a name that looks like an address could be somebody else's address.
fn username(wrong: &mut FieldErrors, given: Option<String>) -> String {
    let Some(given) = given else {
        wrong.add("username", "This field is required.");
        return String::new();
    };
    let given = given.trim().to_owned();
    let fits = given
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+'));
    if !fits || !(3..=64).contains(&given.len()) {
        wrong.add(
            "username",
            "From 3 to 64 letters (a to z), digits, dots, hyphens, plus signs and underscores.",
        );
    }
    given
}

/// Exactly the account of a patient has a record.
fn check_link(wrong: &mut FieldErrors, role: Role, patient: Option<PatientId>) {
    match (role, patient) {
        (Role::Patient, None) => wrong.add(
            "patient",
            "The account of a patient needs the number of its patient record.",
        ),
        (Role::Admin | Role::Doctor | Role::Nurse | Role::Receptionist, Some(_)) => wrong.add(
            "patient",
            "Only the account of a patient is linked to a patient record.",
        ),
        (Role::Patient, Some(_))
        | (Role::Admin | Role::Doctor | Role::Nurse | Role::Receptionist, None) => {}
    }
}

/// The database's refusal of a row, in words about the field.
fn refused(error: storage::Error) -> Error {
    if error.is_conflict_on("user_account_username") {
        return Error::field("username", "Another account has this username.");
    }
    if error.is_conflict_on("user_account_email") {
        return Error::field("email", "Another account has this e-mail address.");
    }
    if error.is_conflict_on("user_account_patient") {
        return Error::field("patient", "This patient record has an account already.");
    }
    if matches!(error, storage::Error::Reference(_)) {
        return Error::field("patient", "There is no patient record of this number.");
    }
    error.into()
}
