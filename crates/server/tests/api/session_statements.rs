//! A list of many sessions costs as many statements as a list of one.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use televisit_storage::Engine;
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

use crate::clinic::{Clinic, on_both_engines};

/// Counts the statements that the driver reports.
#[derive(Clone, Default)]
struct Statements(Arc<AtomicUsize>);

impl<S: Subscriber> Layer<S> for Statements {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "sqlx::query" {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

async fn statements(
    clinic: &Clinic,
    path: &str,
    rows: impl Fn(&serde_json::Value) -> usize,
) -> (usize, usize) {
    let counted = Statements::default();
    let subscriber = tracing_subscriber::registry().with(counted.clone());
    let guard = tracing::subscriber::set_default(subscriber);
    let answer = clinic.get(&clinic.receptionist, path).await;
    drop(guard);
    assert_eq!(answer.status, 200, "{}", answer.text);
    (rows(&answer.body), counted.0.load(Ordering::Relaxed))
}

#[tokio::test]
async fn a_list_and_a_board_of_many_cost_no_more_statements_than_of_one() {
    on_both_engines(async |clinic: Clinic| {
        // SQLite runs on threads of its own, where this test does not listen; the statements are the same.
        if clinic.app.app.db.engine() == Engine::Sqlite {
            return;
        }
        let list = |body: &serde_json::Value| body.as_array().unwrap().len();
        let board = |body: &serde_json::Value| body["rows"].as_array().unwrap().len();
        clinic.schedule(clinic.visit).await;
        let one = (
            statements(&clinic, "telemedicine/", list).await,
            statements(&clinic, "telemedicine/board/", board).await,
        );
        assert_eq!((one.0.0, one.1.0), (1, 1));
        for _ in 1..40 {
            let visit = clinic.open_visit(clinic.record).await;
            let id = clinic.hold(visit).await;
            let body = serde_json::json!({"add_to_bill": true});
            clinic.step(&clinic.doctor, id, "end", body).await;
        }
        let many = (
            statements(&clinic, "telemedicine/", list).await,
            statements(&clinic, "telemedicine/board/", board).await,
        );
        assert_eq!((many.0.0, many.1.0), (40, 40));
        assert_eq!((many.0.1, many.1.1), (one.0.1, one.1.1));
        assert!((4..=12).contains(&many.0.1), "{} statements", many.0.1);
    })
    .await;
}
