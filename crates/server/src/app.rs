//! What every request shares.

use std::future::Future;
use std::ops::Deref;
use std::sync::Arc;

use televisit_domain::clock::Clock;
use televisit_storage::{Db, audit};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::Config;
use crate::events::Events;
use crate::jobs::{self, JobBell};
use crate::presence::Presence;
use crate::service::Error;
use crate::service::passwords::Passwords;
use crate::tokens::Tokens;
use crate::video::VideoProvider;
use crate::video::embedded::Embedded;
use televisit_domain::session::VideoProviderName;

/// The running product. Cheap to clone.
#[derive(Clone, Debug)]
pub struct App(Arc<Parts>);

/// The parts of [`App`].
#[derive(Debug)]
pub struct Parts {
    /// The settings in force.
    pub config: Config,
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// News for open pages.
    pub events: Events,
    /// The signing keys.
    pub tokens: Tokens,
    /// Who is connected to which session.
    pub presence: Presence,
    /// The embedded media server.
    pub video: Embedded,
    /// Wakes the worker when a job was enqueued.
    pub job_bell: JobBell,
    /// The line before the password hash function.
    pub passwords: Passwords,
    /// Every background task.
    pub tasks: Tasks,
    reads: mpsc::Sender<ReadRow>,
}

/// The background tasks of the process: each is told to stop, and waited for, at shutdown.
#[derive(Clone, Debug, Default)]
pub struct Tasks {
    tracker: TaskTracker,
    stop: CancellationToken,
    end: CancellationToken,
}

impl Tasks {
    /// Starts a task that ends by itself soon after [`Tasks::stopping`] resolves.
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.tracker.spawn(task);
    }

    /// A token that is cancelled when the process is to end.
    pub fn stopping(&self) -> CancellationToken {
        self.stop.clone()
    }

    /// Tells long-lived work to stop: streams, WebSockets, jobs. Requests that are under way are still answered.
    pub fn stop(&self) {
        self.stop.cancel();
    }

    /// Tells every task to stop and waits for all of them.
    pub async fn shutdown(&self) {
        self.stop.cancel();
        self.end.cancel();
        self.tracker.close();
        self.tracker.wait().await;
    }
}

struct ReadRow {
    entries: Vec<audit::NewEntry>,
    written: oneshot::Sender<Result<(), String>>,
}

impl std::fmt::Debug for ReadRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReadRow")
            .field("entries", &self.entries.len())
            .finish_non_exhaustive()
    }
}

impl Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl App {
    /// Puts the parts together, without a media server and without doing jobs: for commands and tests.
    pub fn new(config: Config, db: Db, clock: Clock, tokens: Tokens) -> Self {
        let (video, presence) = (Embedded::without_media(), Presence::default());
        Self::with_media(config, db, clock, tokens, video, presence)
    }

    /// Puts the parts together and starts the task that writes audit rows of reads.
    pub fn with_media(
        config: Config,
        db: Db,
        clock: Clock,
        tokens: Tokens,
        video: Embedded,
        presence: Presence,
    ) -> Self {
        let tasks = Tasks::default();
        let (reads, receiver) = mpsc::channel(1024);
        tasks.spawn(write_read_rows(db.clone(), receiver, tasks.end.clone()));
        Self(Arc::new(Parts {
            config,
            db,
            clock,
            events: Events::default(),
            tokens,
            presence,
            video,
            job_bell: JobBell::default(),
            passwords: Passwords::default(),
            tasks,
            reads,
        }))
    }

    /// Starts doing jobs: two at a time, so that a slow one does not hold up the others; and the hourly sweep.
    pub fn start_jobs(&self) {
        self.tasks.spawn(jobs::keep_sweeping(self.clone()));
        for _ in 0..2 {
            self.tasks.spawn(jobs::work(self.clone()));
        }
    }

    /// A video provider that is set up here.
    pub fn video_provider(&self, name: VideoProviderName) -> Option<&dyn VideoProvider> {
        match name {
            VideoProviderName::Embedded => Some(&self.video),
            VideoProviderName::Twilio | VideoProviderName::Livekit => None,
        }
    }

    /// Writes down that something was read, and returns when the row is on the disk. Rows of concurrent requests share
    /// one transaction, so that reading under load costs a fraction of a disk sync each.
    pub async fn audit_read(&self, entries: Vec<audit::NewEntry>) -> Result<(), Error> {
        let (written, answer) = oneshot::channel();
        let gone = || Error::unavailable("The audit log cannot be written. Try again in a moment.");
        self.reads
            .send(ReadRow { entries, written })
            .await
            .map_err(|_| gone())?;
        match answer.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(cause)) => {
                tracing::error!(cause, "audit rows could not be written");
                Err(gone())
            }
            Err(_) => Err(gone()),
        }
    }
}

/// The most read rows in one transaction.
const BATCH: usize = 256;

async fn write_read_rows(db: Db, mut rows: mpsc::Receiver<ReadRow>, stop: CancellationToken) {
    loop {
        let first = tokio::select! {
            row = rows.recv() => row,
            () = stop.cancelled() => None,
        };
        let Some(first) = first else { return };
        let mut batch = vec![first];
        while batch.len() < BATCH {
            match rows.try_recv() {
                Ok(row) => batch.push(row),
                Err(_) => break,
            }
        }
        let entries: Vec<_> = batch
            .iter()
            .flat_map(|row| row.entries.iter().cloned())
            .collect();
        let result = async {
            let mut tx = db.begin().await?;
            audit::append(&mut tx, &entries).await?;
            tx.commit().await
        }
        .await
        .map_err(|error: televisit_storage::Error| error.to_string());
        for row in batch {
            // A request that went away has no use for the answer.
            let _ = row.written.send(result.clone());
        }
    }
}
