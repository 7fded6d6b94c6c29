//! What reception still has to collect.

use televisit_domain::access::{self, Action};
use televisit_storage::visits::{self, VisitFilter, VisitOrder, VisitRow};

use crate::app::App;
use crate::service::{Context, Error, FieldErrors, wording};

/// Which visits are wanted.
#[derive(Clone, Debug, Default)]
pub struct QueueQuery {
    /// A part of the patient's name or of the complaint, or the patient's number.
    pub search: Option<String>,
}

/// One page of the visits that owe something, oldest first, and how many there are in all.
pub async fn pending_queue(
    app: &App,
    ctx: &Context,
    wanted: QueueQuery,
    limit: i64,
    offset: i64,
) -> Result<(i64, Vec<VisitRow>), Error> {
    access::may_ever(&ctx.caller, Action::ReadPendingQueue)?;
    let mut wrong = FieldErrors::new();
    let filter = VisitFilter {
        search: wording::search(&mut wrong, wanted.search),
        owing: Some(true),
        ..VisitFilter::default()
    };
    wrong.check()?;
    let mut conn = app.db.read().await?;
    let count = visits::count(&mut conn, &filter).await?;
    let rows = visits::list(&mut conn, &filter, VisitOrder::Oldest, limit, offset).await?;
    drop(conn);
    let mut entry = ctx.audit(app.clock.now(), "bill.queue", "visit", None);
    entry.detail = format!("{} rows", rows.len());
    app.audit_read(vec![entry]).await?;
    Ok((count, rows))
}
