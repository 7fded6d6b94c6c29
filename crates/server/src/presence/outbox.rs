//! What waits to be sent to one client: bounded, never waited for.

use axum::extract::ws::Utf8Bytes;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::message::ServerMessage;

/// The most unsent messages to one client.
pub const CAPACITY: usize = 256;

/// Something for the client's socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Out {
    /// A text frame.
    Text(Utf8Bytes),
    /// The close code; nothing follows.
    Close(u16),
}

/// The sending end. A client that reads too slowly is cut off: it reconnects and is told everything anew.
#[derive(Clone, Debug)]
pub struct Outbox {
    queue: mpsc::Sender<Out>,
    cut: CancellationToken,
}

impl Outbox {
    /// An outbox and what its owner reads from.
    pub fn new() -> (Self, mpsc::Receiver<Out>) {
        let (queue, messages) = mpsc::channel(CAPACITY);
        let cut = CancellationToken::new();
        (Self { queue, cut }, messages)
    }

    /// Puts a message in line.
    pub fn send(&self, message: &ServerMessage) {
        self.put(Out::Text(message.encode()));
    }

    /// Puts a close in line, after everything that waits.
    pub fn close(&self, code: u16) {
        self.put(Out::Close(code));
    }

    /// Cut off when the client did not keep up.
    pub fn cut(&self) -> &CancellationToken {
        &self.cut
    }

    fn put(&self, out: Out) {
        if let Err(mpsc::error::TrySendError::Full(_)) = self.queue.try_send(out) {
            self.cut.cancel();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_that_does_not_read_is_cut_off_and_never_waited_for() {
        let (outbox, mut messages) = Outbox::new();
        for _ in 0..CAPACITY {
            outbox.send(&ServerMessage::Admitted);
        }
        assert!(!outbox.cut().is_cancelled());
        outbox.send(&ServerMessage::Admitted);
        assert!(outbox.cut().is_cancelled());
        assert_eq!(
            messages.try_recv().ok(),
            Some(Out::Text("{\"type\":\"admitted\"}".into()))
        );
    }
}
