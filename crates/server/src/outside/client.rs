//! HTTP clients whose way is ours: the library's own reading of proxy variables is switched off.

use std::sync::Arc;
use std::time::Duration;

use super::proxy::{Proxies, Route};
use super::target::Target;

/// How long a connection may take to open.
pub const CONNECT_TIME: Duration = Duration::from_secs(2);

/// Makes a client that goes the way [`Proxies::route`] says, follows no redirect (a redirect may lead credentials to
/// another host) and gives up after `whole`.
pub fn build(proxies: &Arc<Proxies>, whole: Duration) -> Result<reqwest::Client, reqwest::Error> {
    let proxies = proxies.clone();
    let way = reqwest::Proxy::custom(move |url| {
        let target = Target::from_url(url.as_str())?;
        match proxies.route(&target) {
            Route::Through(proxy) => reqwest::Url::parse(&proxy.url()).ok(),
            Route::Direct | Route::Loopback | Route::Exempted(_) => None,
        }
    });
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that builds clients"
    )]
    reqwest::Client::builder()
        .no_proxy()
        .proxy(way)
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(CONNECT_TIME)
        .timeout(whole)
        .user_agent(concat!("televisit/", env!("CARGO_PKG_VERSION")))
        .build()
}
