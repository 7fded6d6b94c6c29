//! The WebSocket of a call served by the embedded media server (`docs/signalling.md`).
//!
//! One task a connection. It decides nothing that the database does not know: who may be here is asked at `hello` and
//! again at every change of the session. What the others see is kept by [`crate::presence`], media by the SFU.

mod connection;
mod hello;
mod limits;
mod offer;
mod wire;

use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::presence::POLICY;
use crate::presence::message::{Code, ServerMessage};
use crate::presence::outbox::{Out, Outbox};
use wire::{ClientMessage, LONGEST_MESSAGE};

/// How long one message may take to be written to a client.
const WRITE_TIME: Duration = Duration::from_secs(5);
/// Beyond this a message is not even read; up to it, it is answered with `message_too_large`.
const UNREADABLE: usize = 4 * LONGEST_MESSAGE;

type Incoming = SplitStream<WebSocket>;

/// The routes of this area.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(open_signalling))
}

/// Enter the room of a session
///
/// The WebSocket of a call with the `embedded` provider. The protocol is `docs/signalling.md`. The room token of
/// `generate-token/` goes into the first message, never into this address.
#[utoipa::path(
    get,
    path = "/telemedicine/signal/",
    operation_id = "open_signalling",
    tag = "telemedicine",
    security(()),
    responses((status = 101, description = "The connection is a WebSocket now.")),
)]
pub async fn open_signalling(State(app): State<App>, upgrade: WebSocketUpgrade) -> Response {
    let tasks = app.tasks.clone();
    upgrade
        .max_message_size(UNREADABLE)
        .max_frame_size(UNREADABLE)
        .on_upgrade(move |socket| {
            tasks.spawn(serve(app, socket));
            std::future::ready(())
        })
}

/// One connection from its first message to its end.
async fn serve(app: App, socket: WebSocket) {
    let (sink, mut incoming) = socket.split();
    let (outbox, messages) = Outbox::new();
    app.tasks.spawn(write(sink, messages, outbox.cut().clone()));
    let Some(place) = app.presence.doorstep() else {
        outbox.send(&ServerMessage::fatal(
            Code::Unavailable,
            "Too many are coming in at once.",
        ));
        outbox.close(POLICY);
        return;
    };
    let stopping = app.tasks.stopping();
    let entered = tokio::select! {
        () = stopping.cancelled() => {
            outbox.close(RESTART);
            return;
        }
        entered = introduce(&app, &mut incoming, &outbox) => entered,
    };
    drop(place);
    match entered {
        Ok(entered) => connection::run(app, entered, incoming, outbox).await,
        Err(Some(refusal)) => {
            outbox.send(&refusal);
            outbox.close(POLICY);
            // Read on for a moment: a socket closed over unread bytes is reset, and the refusal is lost with it.
            let drain = async { while let Some(Ok(_)) = incoming.next().await {} };
            let _ = tokio::time::timeout(Duration::from_secs(1), drain).await;
        }
        Err(None) => outbox.cut().cancel(),
    }
}

/// The close code of a server that stops.
const RESTART: u16 = 1012;

/// Waits for `hello` and lets the person in. `Err(None)`: the client went away.
async fn introduce(
    app: &App,
    incoming: &mut Incoming,
    outbox: &Outbox,
) -> Result<hello::Entered, Option<ServerMessage>> {
    let first = tokio::time::timeout(app.presence.timing().hello, first_text(incoming))
        .await
        .map_err(|_| {
            ServerMessage::fatal(Code::HelloTimeout, "No hello came within 5 seconds.")
        })??;
    match wire::decode(&first) {
        Ok(ClientMessage::Hello(hello)) => hello::enter(app, hello, outbox).await.map_err(Some),
        Ok(_) => Err(Some(ServerMessage::fatal(
            Code::BadMessage,
            "The first message must be hello.",
        ))),
        Err(malformed) => Err(Some(ServerMessage::fatal(
            Code::BadMessage,
            malformed.detail,
        ))),
    }
}

async fn first_text(incoming: &mut Incoming) -> Result<String, Option<ServerMessage>> {
    loop {
        return match incoming.next().await {
            Some(Ok(Message::Text(text))) if text.len() > LONGEST_MESSAGE => Err(Some(too_large())),
            Some(Ok(Message::Text(text))) => Ok(text.to_string()),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
            Some(Ok(Message::Binary(_))) => Err(Some(ServerMessage::fatal(
                Code::BadMessage,
                "Messages are text frames.",
            ))),
            Some(Ok(Message::Close(_)) | Err(_)) | None => Err(None),
        };
    }
}

fn too_large() -> ServerMessage {
    ServerMessage::fatal(Code::MessageTooLarge, "A message may have 256 KiB.")
}

/// Writes what waits in the outbox until a close, or until the client is cut off.
async fn write(
    mut sink: SplitSink<WebSocket, Message>,
    mut messages: mpsc::Receiver<Out>,
    cut: CancellationToken,
) {
    loop {
        let out = tokio::select! {
            () = cut.cancelled() => return,
            out = messages.recv() => out,
        };
        let (message, last) = match out {
            Some(Out::Text(text)) => (Message::Text(text), false),
            Some(Out::Close(code)) => (
                Message::Close(Some(axum::extract::ws::CloseFrame {
                    code,
                    reason: if code == RESTART {
                        "server_restart"
                    } else {
                        ""
                    }
                    .into(),
                })),
                true,
            ),
            None => return,
        };
        let sent = tokio::select! {
            () = cut.cancelled() => return,
            sent = tokio::time::timeout(WRITE_TIME, sink.send(message)) => sent,
        };
        if last {
            return;
        }
        if !matches!(sent, Ok(Ok(()))) {
            cut.cancel();
            return;
        }
    }
}
