//! `GET /api/v1/users/`.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use serde::Deserialize;
use televisit_domain::access::Role;
use televisit_storage::users::UserFilter;
use utoipa::IntoParams;

use super::UserOut;
use crate::api::answers::{Guarded, Judged};
use crate::api::error::ApiError;
use crate::api::extract::Query;
use crate::api::page::{PageIn, PageOut};
use crate::app::App;
use crate::service::{Context, users};

/// Which accounts.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct UsersIn {
    /// Part of the username, the name or the e-mail address.
    search: Option<String>,
    /// Only this role.
    #[param(value_type = Option<String>)]
    role: Option<Role>,
    /// Only active, or only disabled ones.
    is_active: Option<bool>,
    /// From 1; default 1.
    page: Option<i64>,
    /// Rows on a page, 1 to 200; default 50.
    page_size: Option<i64>,
}

/// List accounts
#[utoipa::path(
    get,
    path = "/users/",
    operation_id = "list_users",
    tag = "users",
    params(UsersIn),
    responses(
        (status = 200, description = "A page of accounts by username.", body = PageOut<UserOut>),
        Guarded,
        Judged,
    ),
)]
pub async fn list_users(
    State(app): State<App>,
    ctx: Context,
    uri: Uri,
    query: Query<UsersIn>,
) -> Result<Json<PageOut<UserOut>>, ApiError> {
    let Query(asked) = query;
    let page = PageIn {
        page: asked.page,
        page_size: asked.page_size,
    };
    let window = page.window()?;
    let filter = UserFilter {
        search: asked.search,
        role: asked.role,
        is_active: asked.is_active,
    };
    let (rows, count) = users::list(&app, &ctx, filter, window.limit, window.offset).await?;
    let rows = rows.into_iter().map(UserOut::from).collect();
    Ok(Json(PageOut::new(&uri, window, count, rows)))
}
