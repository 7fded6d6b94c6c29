//! Pages of lists: `{"count", "next", "previous", "results"}`.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::service::{Error, FieldErrors};

/// The most rows on a page.
const MOST: i64 = 200;

/// Which page is asked for.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
pub struct PageIn {
    /// From 1; default 1.
    pub page: Option<i64>,
    /// Rows on a page, 1 to 200; default 50.
    pub page_size: Option<i64>,
}

/// A page in the database's terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Rows to leave out.
    pub offset: i64,
    /// Rows at most.
    pub limit: i64,
    page: i64,
}

impl PageIn {
    /// The rows of this page, or which value is wrong.
    pub fn window(self) -> Result<Window, Error> {
        let mut wrong = FieldErrors::new();
        let (page, limit) = (self.page.unwrap_or(1), self.page_size.unwrap_or(50));
        if !(1..=1_000_000).contains(&page) {
            wrong.add("page", "Pages count from 1.");
        }
        if !(1..=MOST).contains(&limit) {
            wrong.add("page_size", "From 1 to 200.");
        }
        wrong.check()?;
        Ok(Window {
            offset: (page - 1) * limit,
            limit,
            page,
        })
    }
}

/// A page of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PageOut<T> {
    /// Rows in the whole list.
    pub count: i64,
    /// Path and query of the next page.
    pub next: Option<String>,
    /// Path and query of the page before.
    pub previous: Option<String>,
    /// This page.
    pub results: Vec<T>,
}

impl<T> PageOut<T> {
    /// The page of `window`, with links that keep the filters of the request's own `uri`.
    pub fn new(uri: &axum::http::Uri, window: Window, count: i64, results: Vec<T>) -> Self {
        let link = |page: i64| {
            let query: Vec<(String, String)> =
                form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
                    .into_owned()
                    .filter(|(name, _)| name != "page")
                    .chain(std::iter::once(("page".to_owned(), page.to_string())))
                    .collect();
            let query = form_urlencoded::Serializer::new(String::new())
                .extend_pairs(query)
                .finish();
            format!("{}?{query}", uri.path())
        };
        Self {
            count,
            next: (window.offset + window.limit < count).then(|| link(window.page + 1)),
            previous: (window.page > 1).then(|| link(window.page - 1)),
            results,
        }
    }
}
