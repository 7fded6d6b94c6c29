//! The way to a host, walked against real sockets that fail in each way they can.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::time::Duration;

use televisit::outside::diagnose::{Cause, Finding, walk};
use televisit::outside::proxy::Proxies;
use televisit::outside::target::Target;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

const STEP: Duration = Duration::from_millis(400);

/// A listener that answers each connection with the given bytes once it has read a request; nothing when they are empty.
async fn proxy_that_says(answer: &'static str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    #[expect(
        clippy::disallowed_methods,
        reason = "ends with the test's own runtime"
    )]
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 1024];
            let _ = stream.read(&mut request).await;
            if answer.is_empty() {
                tokio::time::sleep(Duration::from_secs(5)).await;
            }
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    port
}

async fn through(proxy: &str) -> Finding {
    let (proxies, _) =
        Proxies::read(|name| (name == "HTTPS_PROXY").then(|| proxy.to_owned())).unwrap();
    walk(
        &Target::from_url("https://video.twilio.com").unwrap(),
        &proxies,
        STEP,
    )
    .await
}

#[tokio::test]
async fn a_dead_proxy_is_named_with_its_variable_and_the_host_that_was_never_contacted() {
    let port = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap().port()
    };
    let found = through(&format!("http://user:hunter2@127.0.0.1:{port}")).await;
    assert_eq!(found.cause, Cause::ProxyRefused);
    for words in [
        &format!("http://127.0.0.1:{port}") as &str,
        "HTTPS_PROXY",
        "video.twilio.com:443 was never contacted",
        "NO_PROXY",
    ] {
        assert!(
            found.detail.contains(words),
            "{words:?} is missing: {}",
            found.detail
        );
    }
    assert!(!found.detail.contains("hunter2"), "{}", found.detail);
}

#[tokio::test]
async fn each_answer_of_a_proxy_has_its_own_cause() {
    for (answer, cause) in [
        ("HTTP/1.1 200 Connection established\r\n\r\n", Cause::Open),
        (
            "HTTP/1.1 403 Forbidden\r\nX-Squid-Error: ERR_ACCESS_DENIED 0\r\n\r\n",
            Cause::ProxyDenied,
        ),
        (
            "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n",
            Cause::ProxyPassword,
        ),
        (
            "HTTP/1.1 503 Service Unavailable\r\n\r\n",
            Cause::ProxyUpstream,
        ),
        ("SSH-2.0-OpenSSH_9.2\r\n", Cause::ProxyMalformed),
        ("", Cause::ProxySilent),
    ] {
        let port = proxy_that_says(answer).await;
        let found = through(&format!("127.0.0.1:{port}")).await;
        assert_eq!(found.cause, cause, "{answer:?}: {}", found.detail);
    }
}

#[tokio::test]
async fn a_proxy_with_a_wrong_password_is_told_from_one_without() {
    let port = proxy_that_says("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n").await;
    let without = through(&format!("http://127.0.0.1:{port}")).await;
    let wrong = through(&format!("http://user:hunter2@127.0.0.1:{port}")).await;
    assert!(
        without.detail.contains("wants a user name and password"),
        "{}",
        without.detail
    );
    assert!(
        wrong.detail.contains("refused the user name and password"),
        "{}",
        wrong.detail
    );
    assert!(!wrong.detail.contains("hunter2"));
}

#[tokio::test]
async fn a_refused_connection_without_a_proxy_names_the_host() {
    let port = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap().port()
    };
    let target = Target::from_url(&format!("http://127.0.0.1:{port}")).unwrap();
    let found = walk(&target, &Proxies::default(), STEP).await;
    assert_eq!(found.cause, Cause::Refused);
    assert!(
        found.detail.contains(&format!("127.0.0.1:{port}")),
        "{}",
        found.detail
    );
}

#[tokio::test]
async fn a_name_that_does_not_resolve_is_told() {
    let target = Target::from_url("https://no-such-host.invalid").unwrap();
    let found = walk(&target, &Proxies::default(), Duration::from_secs(5)).await;
    assert_eq!(found.cause, Cause::Dns, "{}", found.detail);
}
