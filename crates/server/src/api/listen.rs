//! The listener: one task a connection, none of which can hold the others or the end of the process up.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::extract::Request;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

use super::router::router;
use crate::app::App;

/// How long a client may take for the head of a request, and may keep an idle connection.
pub const HEAD_TIME: Duration = Duration::from_secs(30);
/// The pause when the system has no more sockets for us.
const OUT_OF_SOCKETS: Duration = Duration::from_millis(200);

/// Accepts connections until the product is told to stop, then returns when the requests under way are answered.
pub async fn listen(app: App, listener: TcpListener, head_time: Duration) {
    let stopping = app.tasks.stopping();
    let router = router(app);
    // Not among the tasks of the app: those may end only when no request needs them any more.
    let connections = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            () = stopping.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                let (router, stopping) = (router.clone(), stopping.clone());
                connections.spawn(connection(stream, peer, router, head_time, stopping));
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(OUT_OF_SOCKETS).await;
            }
        }
    }
    drop(listener);
    connections.close();
    connections.wait().await;
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    head_time: Duration,
    stopping: CancellationToken,
) {
    // Small answers and signalling messages go out at once. A socket that refuses works all the same.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |mut request: Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request)
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head_time)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut served = std::pin::pin!(served);
    let ended = tokio::select! {
        ended = served.as_mut() => ended,
        () = stopping.cancelled() => {
            served.as_mut().graceful_shutdown();
            served.await
        }
    };
    if let Err(error) = ended {
        // A client that went away or was too slow; nothing for the clinic to do.
        tracing::debug!(%error, "a connection broke off");
    }
}
