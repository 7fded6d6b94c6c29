//! The media server alone, without database or accounts: open the printed address in two tabs and they see each
//! other. Shows all that a caller of the crate must do; the product's own signalling is `docs/signalling.md`.
//!
//! `cargo run -p televisit-sfu --example two_tabs`

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};

use televisit_sfu::{
    MediaState, PeerEvent, PeerEvents, PeerId, RoomId, Sfu, SfuConfig, Slot, Tile,
};

const ROOM: RoomId = RoomId(1);
const PAGE: &str = include_str!("two_tabs.html");
const MAX_BODY: usize = 256 * 1024;

struct Person {
    events: PeerEvents,
    slots: Vec<Slot>,
}

#[expect(clippy::print_stdout, reason = "an example tells its address")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sfu = Sfu::start(SfuConfig::default())?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    println!("http://{}/", listener.local_addr()?);
    let mut people: HashMap<PeerId, Person> = HashMap::new();
    for stream in listener.incoming() {
        let mut stream = stream?;
        if let Some((path, body)) = request(&stream) {
            let (status, kind, text) =
                match runtime.block_on(answer(&sfu, &mut people, &path, &body)) {
                    Ok((kind, text)) => ("200 OK", kind, text),
                    Err(error) => ("400 Bad Request", "text/plain", error.to_string()),
                };
            let head = format!(
                "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                text.len()
            );
            // A tab that went away has no use for its answer.
            let _ = stream
                .write_all(head.as_bytes())
                .and_then(|()| stream.write_all(text.as_bytes()));
        }
    }
    Ok(())
}

fn request(stream: &TcpStream) -> Option<(String, String)> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let path = line.split_whitespace().nth(1)?.to_owned();
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        if header.trim().is_empty() {
            break;
        }
        if let Some(value) = header.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; usize::min(length, MAX_BODY)];
    reader.read_exact(&mut body).ok()?;
    Some((path, String::from_utf8(body).ok()?))
}

type Answer = Result<(&'static str, String), Box<dyn std::error::Error>>;

async fn answer(sfu: &Sfu, people: &mut HashMap<PeerId, Person>, path: &str, body: &str) -> Answer {
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    let mut parts = path.trim_matches('/').split('/');
    let what = parts.next().unwrap_or_default();
    let peer = parts.next().and_then(|p| p.parse().ok()).map(PeerId);
    match (what, peer) {
        ("", _) => Ok(("text/html; charset=utf-8", PAGE.to_owned())),
        ("offer", Some(peer)) => {
            let connection = parts.next().ok_or("no connection name")?;
            if let Entry::Vacant(seat) = people.entry(peer) {
                let events = sfu.join(ROOM, peer, true).await?;
                seat.insert(Person {
                    events,
                    slots: Vec::new(),
                });
            }
            sfu.set_media(
                ROOM,
                peer,
                MediaState {
                    audio: true,
                    video: true,
                    ..MediaState::default()
                },
            )?;
            Ok((
                "application/sdp",
                sfu.offer(ROOM, peer, connection, body).await?,
            ))
        }
        ("view", Some(peer)) => {
            sfu.set_view(ROOM, peer, tiles(body))?;
            Ok(("text/plain", String::new()))
        }
        ("slots", Some(peer)) => {
            let person = people.get_mut(&peer).ok_or("offer first")?;
            while let Ok(event) = person.events.try_recv() {
                if let PeerEvent::Slots(slots) = event {
                    person.slots = slots;
                }
            }
            let lines = person
                .slots
                .iter()
                .map(|s| format!("{} {} {:?}\n", s.mid, s.participant.0, s.source));
            Ok(("text/plain", lines.collect()))
        }
        ("leave", Some(peer)) => {
            people.remove(&peer);
            sfu.leave(ROOM, peer)?;
            Ok(("text/plain", String::new()))
        }
        ("stats", _) => Ok(("text/plain", format!("{:?}\n", sfu.stats().await?))),
        _ => Err("no such page".into()),
    }
}

/// Lines of `participant width height`, for cameras.
fn tiles(body: &str) -> Vec<Tile> {
    let numbers = |line: &str| {
        line.split_whitespace()
            .map(|n| n.parse().ok())
            .collect::<Option<Vec<u32>>>()
    };
    body.lines()
        .filter_map(numbers)
        .filter_map(|n| match n[..] {
            [participant, width, height] => Some(Tile {
                participant: PeerId(participant.into()),
                source: televisit_sfu::Source::Camera,
                width,
                height,
            }),
            _ => None,
        })
        .collect()
}
