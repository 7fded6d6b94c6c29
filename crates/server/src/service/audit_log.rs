//! The audit log: reading it, and proving that nobody changed it.

use televisit_domain::access::{self, Action};
use televisit_storage::audit;
use televisit_storage::audit_list::{self, AuditFilter, ListedEntry};

use super::{Context, Error, FieldErrors, wording};
use crate::app::App;

/// A page of the log, newest first, and how many rows there are. Reading it is itself written down.
pub async fn list(
    app: &App,
    ctx: &Context,
    mut filter: AuditFilter,
    limit: i64,
    offset: i64,
) -> Result<(Vec<ListedEntry>, i64), Error> {
    access::may_ever(&ctx.caller, Action::ReadAudit)?;
    let mut wrong = FieldErrors::new();
    filter.entity = filter
        .entity
        .map(|entity| wording::text(&mut wrong, "entity", &entity, 50));
    wrong.check()?;
    let mut conn = app.db.read().await?;
    let count = audit_list::count(&mut conn, &filter).await?;
    let rows = audit_list::list(&mut conn, &filter, limit, offset).await?;
    drop(conn);
    app.audit_read(vec![ctx.audit(
        app.clock.now(),
        "audit.list",
        "audit",
        None,
    )])
    .await?;
    Ok((rows, count))
}

/// What a walk along the chain found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every row is as it was written; so many.
    Whole(i64),
    /// The first row that is not, and what is wrong with it.
    Broken {
        /// Its place in the chain.
        id: i64,
        /// What is wrong.
        cause: String,
    },
}

/// How many rows are read at once.
const STRIDE: i64 = 1000;

/// Walks the whole chain: no gap, each row sealed and tied to the one before, the last one the recorded head.
pub async fn verify(app: &App) -> Result<Verdict, Error> {
    let mut conn = app.db.read().await?;
    // The head first: rows may be added while we walk, and are left out.
    let (last, head) = audit::head(&mut conn).await?;
    let (mut at, mut previous) = (0, String::new());
    while at < last {
        let rows = audit::chain(&mut conn, at, STRIDE.min(last - at)).await?;
        if rows.is_empty() {
            return Ok(missing(at + 1));
        }
        for row in rows {
            if row.id > last || row.id != at + 1 {
                return Ok(missing(at + 1));
            }
            if row.previous_hash != previous {
                return Ok(Verdict::Broken {
                    id: row.id,
                    cause: "it does not follow from the row before it".into(),
                });
            }
            if !row.is_sealed() {
                return Ok(Verdict::Broken {
                    id: row.id,
                    cause: "its content does not match its hash".into(),
                });
            }
            at = row.id;
            previous = row.hash;
        }
    }
    if previous != head {
        return Ok(Verdict::Broken {
            id: last,
            cause: "it is not the row that was recorded as the last one".into(),
        });
    }
    Ok(Verdict::Whole(last))
}

fn missing(id: i64) -> Verdict {
    Verdict::Broken {
        id,
        cause: "it is missing".into(),
    }
}
