//! Lists of sessions, and one of them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use televisit_domain::access::{self, Action};
use televisit_domain::ids::{PatientId, SessionId, UserId, VisitId};
use televisit_domain::instant::{parse_day, parse_instant};
use televisit_domain::session::SessionStatus;
use televisit_storage::sessions::{self, Filter};

use super::view::{complete, complete_one};
use super::{View, audit, day, load};
use crate::app::App;
use crate::service::{Context, Error, FieldErrors};

const DEFAULT_LIMIT: i64 = 100;
const MOST: i64 = 500;

/// Which sessions are asked for.
#[derive(Clone, Debug, Default)]
pub struct ListQuery {
    /// Of this visit.
    pub visit: Option<i64>,
    /// The same as `visit`.
    pub visit_id: Option<i64>,
    /// In this status.
    pub status: Option<SessionStatus>,
    /// Of this doctor.
    pub doctor: Option<i64>,
    /// Of this patient.
    pub patient: Option<i64>,
    /// To begin at or after this time, or on or after this day of the clinic's zone.
    pub from: Option<String>,
    /// To begin before this time, or on or before this day of the clinic's zone.
    pub to: Option<String>,
    /// Sessions at most, 1 to 500; default 100.
    pub limit: Option<i64>,
    /// Where the page before ended: from its `Link` header.
    pub cursor: Option<String>,
}

/// A page of sessions, newest first.
#[derive(Clone, Debug)]
pub struct Page {
    /// The sessions.
    pub sessions: Vec<View>,
    /// The cursor of the next page.
    pub next: Option<String>,
}

/// The sessions that the caller may see.
pub async fn list(app: &App, ctx: &Context, input: ListQuery) -> Result<Page, Error> {
    let scope = access::scope(&ctx.caller, Action::ReadSession)?;
    let (filter, limit) = read(app, &input)?;
    let mut conn = app.db.read().await?;
    let mut sessions = sessions::list(&mut conn, scope, &filter, limit + 1).await?;
    let more = i64::try_from(sessions.len()).unwrap_or(i64::MAX) > limit;
    if more {
        sessions.pop();
    }
    let next = sessions.last().filter(|_| more).map(|last| cursor(last.id));
    let sessions = complete(&mut conn, &ctx.caller, sessions).await?;
    drop(conn);
    if !sessions.is_empty() {
        let mut entry = ctx.audit(app.clock.now(), "session.list", "session", None);
        entry.detail = numbers(sessions.iter().map(|view| view.session.id.0));
        app.audit_read(vec![entry]).await?;
    }
    Ok(Page { sessions, next })
}

/// One session.
pub async fn retrieve(app: &App, ctx: &Context, id: SessionId) -> Result<View, Error> {
    let mut conn = app.db.read().await?;
    let session = load(&mut conn, &ctx.caller, Action::ReadSession, id).await?;
    let view = complete_one(&mut conn, &ctx.caller, session).await?;
    drop(conn);
    app.audit_read(vec![audit(app, ctx, "session.read", id)])
        .await?;
    Ok(view)
}

fn read(app: &App, input: &ListQuery) -> Result<(Filter, i64), Error> {
    let mut wrong = FieldErrors::new();
    let visit = input.visit.or(input.visit_id);
    if input.visit_id.is_some() && input.visit_id != visit {
        wrong.add("visit_id", "It names another visit than \"visit\".");
    }
    let limit = input.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MOST).contains(&limit) {
        wrong.add("limit", format!("From 1 to {MOST}."));
    }
    let below = input.cursor.as_deref().and_then(|text| {
        let below = read_cursor(text);
        if below.is_none() {
            wrong.add(
                "cursor",
                "Take the cursor from the Link header of the page before.",
            );
        }
        below
    });
    let from = bound(app, &mut wrong, "from", input.from.as_deref(), false);
    let until = bound(app, &mut wrong, "to", input.to.as_deref(), true);
    wrong.check()?;
    let filter = Filter {
        visit: visit.map(VisitId),
        doctor: input.doctor.map(UserId),
        patient: input.patient.map(PatientId),
        status: input.status,
        from,
        until,
        below,
    };
    Ok((filter, limit))
}

/// A time as it stands, or the begin (or end) of a day in the clinic's zone.
fn bound(
    app: &App,
    wrong: &mut FieldErrors,
    field: &str,
    text: Option<&str>,
    end: bool,
) -> Option<DateTime<Utc>> {
    let text = text?;
    if let Ok(date) = parse_day(text) {
        let (from, until) = day::bounds(app.config.effective_time_zone(), date);
        return Some(if end { until } else { from });
    }
    // A "+" of an offset that was not escaped arrives as a space.
    match parse_instant(&text.replacen(' ', "+", usize::from(text.contains('T')))) {
        Ok(instant) => Some(instant),
        Err(error) => {
            wrong.add(field, error.to_string());
            None
        }
    }
}

fn cursor(last: SessionId) -> String {
    URL_SAFE_NO_PAD.encode(format!("s{last}"))
}

fn read_cursor(text: &str) -> Option<SessionId> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let id = std::str::from_utf8(&bytes).ok()?.strip_prefix('s')?;
    id.parse().ok().map(SessionId)
}

/// Numbers with runs drawn together, as an audit row names what a list showed: `12-9, 7`.
pub(super) fn numbers(ids: impl Iterator<Item = i64>) -> String {
    let mut runs: Vec<(i64, i64)> = Vec::new();
    for id in ids {
        match runs.last_mut() {
            Some((_, last)) if *last == id + 1 => *last = id,
            _ => runs.push((id, id)),
        }
    }
    let words: Vec<String> = runs
        .into_iter()
        .map(|(first, last)| {
            if first == last {
                first.to_string()
            } else {
                format!("{first}-{last}")
            }
        })
        .collect();
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_audit_row_names_every_session_that_was_shown() {
        assert_eq!(
            numbers([12, 11, 10, 9, 7, 3, 2].into_iter()),
            "12-9, 7, 3-2"
        );
        assert_eq!(numbers(std::iter::empty()), "");
    }

    #[test]
    fn a_cursor_reads_back_and_a_made_up_one_does_not() {
        assert_eq!(read_cursor(&cursor(SessionId(41))), Some(SessionId(41)));
        for text in ["", "41", "czQx!", "czQxYQ", "🙂"] {
            assert_eq!(read_cursor(text), None, "{text}");
        }
    }
}
