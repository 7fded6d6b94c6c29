//! The least HTTP/1.1 client: one connection kept alive, one request at a time, so that what is measured is the server.

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// An answer.
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body, without its transfer coding.
    pub body: Vec<u8>,
}

/// A connection that is kept.
pub struct Connection {
    stream: TcpStream,
    read: Vec<u8>,
}

/// The bytes of a request. Built before the measurement, so that building is not measured.
pub fn request(method: &str, path: &str, token: Option<&str>, body: Option<&str>) -> Vec<u8> {
    let authorization = token.map_or_else(String::new, |token| {
        format!("authorization: Bearer {token}\r\n")
    });
    let content = body.map_or("", |_| "content-type: application/json\r\n");
    let body = body.unwrap_or_default();
    let length = body.len();
    format!(
        "{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n{authorization}{content}content-length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

impl Connection {
    /// Connects to a port of 127.0.0.1.
    pub async fn open(port: u16) -> Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            read: Vec::with_capacity(64 * 1024),
        })
    }

    /// Sends one request and reads its whole answer.
    pub async fn send(&mut self, request: &[u8]) -> Result<Answer> {
        self.stream.write_all(request).await?;
        let head_end = loop {
            if let Some(at) = find(&self.read, b"\r\n\r\n") {
                break at;
            }
            self.more().await?;
        };
        let head = std::str::from_utf8(&self.read[..head_end])
            .context("the head of the answer is not text")?
            .to_ascii_lowercase();
        let status = head
            .get(9..12)
            .and_then(|digits| digits.parse().ok())
            .context("no status line")?;
        let header = |name: &str| {
            head.lines()
                .find_map(|line| line.strip_prefix(name))
                .map(|value| value.trim_start_matches(':').trim().to_owned())
        };
        let length = header("content-length");
        let chunked = header("transfer-encoding").is_some_and(|coding| coding == "chunked");
        self.read.drain(..head_end + 4);
        let body = if let Some(length) = length {
            let length = length.parse()?;
            while self.read.len() < length {
                self.more().await?;
            }
            self.read.drain(..length).collect()
        } else if chunked {
            self.chunks().await?
        } else {
            Vec::new()
        };
        Ok(Answer { status, body })
    }

    async fn chunks(&mut self) -> Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let line = loop {
                if let Some(at) = find(&self.read, b"\r\n") {
                    break at;
                }
                self.more().await?;
            };
            let size = usize::from_str_radix(std::str::from_utf8(&self.read[..line])?.trim(), 16)?;
            let end = line + 2 + size + 2;
            while self.read.len() < end {
                self.more().await?;
            }
            body.extend_from_slice(&self.read[line + 2..line + 2 + size]);
            self.read.drain(..end);
            if size == 0 {
                return Ok(body);
            }
        }
    }

    async fn more(&mut self) -> Result<()> {
        if self.stream.read_buf(&mut self.read).await? == 0 {
            bail!("the server closed the connection");
        }
        Ok(())
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len())
        .position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    /// Answers every request on one connection with the next of `answers`.
    async fn answering(answers: Vec<&'static [u8]>) -> u16 {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let mut tasks = tokio::task::JoinSet::new();
        tasks.spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut bytes = [0; 1024];
            for answer in answers {
                let _ = stream.read(&mut bytes).await.unwrap();
                stream.write_all(answer).await.unwrap();
            }
        });
        tasks.detach_all();
        port
    }

    #[tokio::test]
    async fn both_ways_to_end_a_body_are_read_on_one_connection() {
        let port = answering(vec![
            b"HTTP/1.1 201 Created\r\nContent-Length: 5\r\n\r\nhello",
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
            b"HTTP/1.1 409 Conflict\r\ncontent-length: 0\r\n\r\n",
        ])
        .await;
        let mut connection = Connection::open(port).await.unwrap();
        let get = request("GET", "/", None, None);
        let answer = connection.send(&get).await.unwrap();
        assert_eq!((answer.status, answer.body), (201, b"hello".to_vec()));
        let answer = connection.send(&get).await.unwrap();
        assert_eq!((answer.status, answer.body), (200, b"abcde".to_vec()));
        assert_eq!(connection.send(&get).await.unwrap().status, 409);
    }
}
