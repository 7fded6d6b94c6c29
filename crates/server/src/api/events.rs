//! `GET /api/v1/events/`: news for open pages as server-sent events.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event as Line, KeepAlive, Sse};
use futures_util::{Stream, StreamExt as _, stream};
use televisit_domain::access::{self, Action, Caller, Subject};
use televisit_domain::ids::SessionId;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::ApiError;
use crate::app::App;
use crate::events::{Event, Kind};
use crate::service::{Context, entrance};
use crate::tokens::ACCESS_LIFE;

/// A comment so often, so that proxies and browsers know that the line is alive.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// The routes of this area.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(follow_events))
}

/// Follow what changes
///
/// A stream that says what to fetch again, never what it is: `event: session` (a session or who is present in it),
/// `visit` (a visit, its charges or payments), `patient`, `appointment`, each with `data: {"id": <int>}`. The first
/// event is `ready`. `reload` means that events were missed: fetch everything. Only things in the caller's scope are
/// told of. The stream ends after 15 minutes, the life of an access token: open it again with a fresh one.
#[utoipa::path(
    get,
    path = "/events/",
    operation_id = "follow_events",
    tag = "events",
    responses(
        (status = 200, description = "The stream.", body = String, content_type = "text/event-stream"),
        (status = 401, description = "No or bad token.", body = super::error::ErrorOut),
    ),
)]
pub async fn follow_events(
    State(app): State<App>,
    context: Context,
) -> Result<Sse<impl Stream<Item = Result<Line, Infallible>>>, ApiError> {
    access::may_ever(&context.caller, Action::FollowEvents).map_err(crate::service::Error::from)?;
    // Subscribed before `ready` is sent: what changes after a page has read it is told.
    let news = app.events.subscribe();
    let stopping = app.tasks.stopping();
    let life = ACCESS_LIFE.to_std().unwrap_or_default();
    let over = async move {
        tokio::select! {
            () = stopping.cancelled_owned() => {}
            () = tokio::time::sleep(life) => {}
        }
    };
    let ready = stream::once(std::future::ready(
        Line::default().event("ready").data("{}"),
    ));
    let lines = ready
        .chain(lines(app, news, context.caller))
        .take_until(Box::pin(over))
        .map(Ok);
    Ok(Sse::new(lines).keep_alive(KeepAlive::new().interval(KEEP_ALIVE).text("keep-alive")))
}

fn lines(app: App, news: Receiver<Event>, caller: Caller) -> impl Stream<Item = Line> {
    stream::unfold((app, news), move |(app, mut news)| async move {
        loop {
            match news.recv().await {
                Ok(event) if concerns(&app, &caller, &event).await => {
                    let line = Line::default()
                        .event(event.kind.as_str())
                        .data(format!("{{\"id\":{}}}", event.id));
                    return Some((line, (app, news)));
                }
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => {
                    let line = Line::default().event("reload").data("{}");
                    return Some((line, (app, news)));
                }
                Err(RecvError::Closed) => return None,
            }
        }
    })
}

/// Whether the caller may read the thing that the news is about.
async fn concerns(app: &App, caller: &Caller, event: &Event) -> bool {
    let action = match event.kind {
        Kind::Session => Action::ReadSession,
        Kind::Visit => Action::ReadVisit,
        Kind::Patient => Action::ReadPatient,
        Kind::Appointment => Action::ReadAppointment,
    };
    let mut subject = Subject {
        doctor: event.doctor,
        patient: event.patient,
        invited: Vec::new(),
    };
    if access::may(caller, action, &subject).is_ok() {
        return true;
    }
    if event.kind != Kind::Session {
        return false;
    }
    // A session's news do not list the invited. When the database does not answer, the caller is not told.
    if entrance::is_invited(app, SessionId(event.id), caller.user)
        .await
        .unwrap_or(false)
    {
        subject.invited.push(caller.user);
    }
    access::may(caller, action, &subject).is_ok()
}
