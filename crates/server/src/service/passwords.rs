//! Password hashes: Argon2id, away from the threads that answer requests, a few at a time.

use std::sync::Arc;
use std::time::Duration;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{Error, FieldErrors};

/// Each hash takes 19 MiB and a core for its time, so a flood of sign-ins must stand in line.
const AT_ONCE: usize = 4;
/// How long a sign-in stands in that line.
const PATIENCE: Duration = Duration::from_secs(10);

const SHORTEST: usize = 8;
const LONGEST: usize = 200;

/// The line before the hash function.
#[derive(Clone, Debug)]
pub struct Passwords(Arc<Semaphore>);

impl Default for Passwords {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

impl Passwords {
    /// The hash of a new password, in PHC form, with a salt of its own.
    pub async fn hash(&self, password: String) -> Result<String, Error> {
        self.work(move || hash(&password)).await?
    }

    /// Whether a password belongs to a hash. Without a hash the answer is no, after as much work as with one: the time
    /// must not tell which names have an account.
    pub async fn verify(&self, password: String, known: Option<String>) -> Result<bool, Error> {
        self.work(move || match known {
            None => hash(&password).map(|_| false),
            Some(known) => {
                let known = PasswordHash::new(&known).map_err(|error| {
                    Error::Internal(format!("a password hash cannot be read: {error}"))
                })?;
                Ok(Argon2::default()
                    .verify_password(password.as_bytes(), &known)
                    .is_ok())
            }
        })
        .await?
    }

    async fn work<T: Send + 'static>(
        &self,
        task: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Error> {
        let permit = self.stand_in_line().await?;
        tokio::task::spawn_blocking(move || {
            let result = task();
            drop(permit);
            result
        })
        .await
        .map_err(|error| Error::Internal(format!("hashing a password failed: {error}")))
    }

    async fn stand_in_line(&self) -> Result<OwnedSemaphorePermit, Error> {
        let busy = || {
            Error::unavailable(
                "Too many people are signing in at this moment. Try again in a moment.",
            )
        };
        tokio::time::timeout(PATIENCE, self.0.clone().acquire_owned())
            .await
            .map_err(|_| busy())?
            .map_err(|_| busy())
    }
}

fn hash(password: &str) -> Result<String, Error> {
    let hash = Argon2::default()
        .hash_password(password.as_bytes())
        .map_err(|error| Error::Internal(format!("hashing a password failed: {error}")))?;
    Ok(hash.to_string())
}

/// Adds what makes a password unfit.
pub fn check(wrong: &mut FieldErrors, password: &str, username: &str) {
    let length = password.chars().count();
    if length < SHORTEST {
        wrong.add("password", format!("At least {SHORTEST} characters."));
    }
    if length > LONGEST {
        wrong.add("password", format!("At most {LONGEST} characters."));
    }
    if !username.is_empty() && password.eq_ignore_ascii_case(username) {
        wrong.add("password", "The password must not be the username.");
    }
}
