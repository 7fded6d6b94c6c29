//! What the rooms need to know of an SDP offer beyond what str0m reads: the order of the m-lines, which
//! gives the sending ones their meaning, and the order of simulcast layers.

use crate::slots::Track;

/// Most m-lines in an offer.
const MAX_LINES: usize = 48;
/// Most bytes of an offer.
const MAX_BYTES: usize = 256 * 1024;
/// Most simulcast layers.
const MAX_RIDS: usize = 3;

/// Direction of an m-line as the client wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    SendOnly,
    RecvOnly,
    SendRecv,
    Inactive,
}

/// One m-line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub mid: String,
    pub video: bool,
    pub direction: Direction,
    /// Names of the simulcast layers sent, as ordered by the client.
    pub rids: Vec<String>,
}

/// The parts of an offer that rooms use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Offer {
    /// The sending m-lines: microphone, camera, screen, sound of the screen.
    pub sending: [Line; 4],
    /// The slots.
    pub receiving: Vec<Line>,
}

/// Reads an offer and checks it against the protocol. The text of the error names what is wrong.
pub(crate) fn read_offer(sdp: &str) -> Result<Offer, String> {
    if sdp.len() > MAX_BYTES {
        return Err(format!("it is longer than {MAX_BYTES} bytes"));
    }
    let mut lines: Vec<Line> = Vec::new();
    for line in sdp.lines() {
        if let Some(media) = line.strip_prefix("m=") {
            let video = match media.split(' ').next() {
                Some("audio") => false,
                Some("video") => true,
                Some("application") => {
                    return Err("data channels (m=application) are not used".into());
                }
                _ => return Err("an m-line is neither audio nor video".into()),
            };
            if lines.len() == MAX_LINES {
                return Err(format!("it has more than {MAX_LINES} m-lines"));
            }
            lines.push(Line {
                mid: String::new(),
                video,
                direction: Direction::SendRecv,
                rids: Vec::new(),
            });
        } else if let Some(current) = lines.last_mut() {
            read_attribute(line, current);
        }
    }
    if let Some(at) = lines
        .iter()
        .position(|l| l.mid.is_empty() || l.mid.len() > 16)
    {
        return Err(format!("m-line {at} has no a=mid of 1 to 16 characters"));
    }
    if lines.len() < 4 {
        return Err(format!(
            "it has {} m-lines; the first four must be microphone, camera, screen and sound of the screen",
            lines.len()
        ));
    }
    let receiving = lines.split_off(4);
    for (at, (line, video)) in lines.iter().zip([false, true, true, false]).enumerate() {
        if line.video != video {
            return Err(format!(
                "m-line {at} must be {}",
                if video { "video" } else { "audio" }
            ));
        }
        if !matches!(line.direction, Direction::SendOnly | Direction::Inactive) {
            return Err(format!("m-line {at} must be sendonly or inactive"));
        }
    }
    for (at, line) in receiving.iter().enumerate() {
        if !matches!(line.direction, Direction::RecvOnly | Direction::Inactive) {
            return Err(format!("m-line {} must be recvonly or inactive", at + 4));
        }
    }
    let sending =
        <[Line; 4]>::try_from(lines).map_err(|_| "it has no four sending m-lines".to_owned())?;
    Ok(Offer { sending, receiving })
}

fn read_attribute(line: &str, current: &mut Line) {
    match line {
        "a=sendonly" => current.direction = Direction::SendOnly,
        "a=recvonly" => current.direction = Direction::RecvOnly,
        "a=sendrecv" => current.direction = Direction::SendRecv,
        "a=inactive" => current.direction = Direction::Inactive,
        _ => {
            if let Some(mid) = line.strip_prefix("a=mid:") {
                mid.trim().clone_into(&mut current.mid);
            } else if let Some(simulcast) = line.strip_prefix("a=simulcast:") {
                current.rids = sent_rids(simulcast);
            }
        }
    }
}

/// Names behind `send` in `a=simulcast:send q;h;~f`. Alternatives (`a,b`) count as their first.
fn sent_rids(simulcast: &str) -> Vec<String> {
    let mut words = simulcast.split_whitespace();
    while let Some(word) = words.next() {
        if word == "send" {
            let names = words.next().unwrap_or_default();
            return names
                .split(';')
                .filter_map(|n| n.split(',').next())
                .map(|n| n.trim_start_matches('~').to_owned())
                .filter(|n| !n.is_empty())
                .take(MAX_RIDS)
                .collect();
        }
    }
    Vec::new()
}

/// Gives the answer's audio and video slots of the same number one `msid` stream, so that a browser plays
/// the voice and the picture of a person in step. str0m makes a stream of its own for each m-line.
pub(crate) fn pair_streams(answer: &str, pairs: &[(String, usize)]) -> String {
    let mut out = String::with_capacity(answer.len() + 64);
    let mut pair: Option<usize> = None;
    // msid belongs to the m-line whose a=mid may come after it, so each section is read first.
    for (index, section) in answer.split("\r\nm=").enumerate() {
        if index > 0 {
            out.push_str("\r\nm=");
            pair = section
                .lines()
                .find_map(|l| l.strip_prefix("a=mid:"))
                .and_then(|mid| pairs.iter().find(|(m, _)| m == mid.trim()))
                .map(|(_, n)| *n);
        }
        let Some(n) = pair else {
            out.push_str(section);
            continue;
        };
        for (i, line) in section.split("\r\n").enumerate() {
            if i > 0 {
                out.push_str("\r\n");
            }
            let (head, value) = match (line.strip_prefix("a=msid:"), line.find(" msid:")) {
                (Some(value), _) => ("a=msid:", value),
                (None, Some(at)) if line.starts_with("a=ssrc:") => {
                    line.split_at(at + " msid:".len())
                }
                _ => {
                    out.push_str(line);
                    continue;
                }
            };
            let track = value.split_once(' ').map_or("", |(_, track)| track);
            out.push_str(head);
            out.push_str("slot");
            out.push_str(&n.to_string());
            out.push(' ');
            out.push_str(track);
        }
    }
    out
}

/// The video slot that plays in step with the audio slot of `track`'s owner.
pub(crate) fn paired_slot(audio: &[Option<Track>], track: Track) -> Option<usize> {
    audio.iter().position(|slot| {
        slot.is_some_and(|t| t.peer == track.peer && t.source.index() == pair_of(track))
    })
}

/// The microphone plays with the camera, the sound of a screen with the screen.
fn pair_of(track: Track) -> usize {
    match track.source.index() {
        1 => 0,
        2 => 3,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn offer(lines: &[(&str, &str)]) -> String {
        let mut sdp = String::from("v=0\r\n");
        for (i, (kind, direction)) in lines.iter().enumerate() {
            let line = format!("m={kind} 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:{i}\r\na={direction}\r\n");
            sdp.push_str(&line);
        }
        sdp
    }

    const FOUR: [(&str, &str); 4] = [
        ("audio", "sendonly"),
        ("video", "sendonly"),
        ("video", "inactive"),
        ("audio", "sendonly"),
    ];

    #[test]
    fn positions_give_the_sending_lines_their_meaning() {
        let mut lines = FOUR.to_vec();
        lines.extend([("audio", "recvonly"), ("video", "recvonly")]);
        let read = read_offer(&offer(&lines)).unwrap();
        assert_eq!(read.sending[1].mid, "1");
        assert_eq!(read.receiving.len(), 2);
        assert!(read.receiving[1].video);
    }

    #[test]
    fn wrong_lines_are_named() {
        assert!(read_offer("v=0\r\n").unwrap_err().contains("0 m-lines"));
        let mut swapped = FOUR;
        swapped.swap(0, 1);
        assert_eq!(
            read_offer(&offer(&swapped)).unwrap_err(),
            "m-line 0 must be audio"
        );
        let mut both = FOUR.to_vec();
        both.push(("audio", "sendrecv"));
        assert_eq!(
            read_offer(&offer(&both)).unwrap_err(),
            "m-line 4 must be recvonly or inactive"
        );
        let mut data = FOUR.to_vec();
        data.push(("application", "sendrecv"));
        assert!(read_offer(&offer(&data)).is_err());
    }

    #[test]
    fn simulcast_layers_keep_their_order() {
        assert_eq!(sent_rids("send q;h;f"), ["q", "h", "f"]);
        assert_eq!(sent_rids("recv a;b send ~x,y;z"), ["x", "z"]);
        assert!(sent_rids("recv a;b").is_empty());
    }

    #[test]
    fn paired_slots_share_a_stream() {
        let answer = "v=0\r\nm=audio 9 X\r\na=mid:4\r\na=msid:abc t1\r\na=ssrc:1 msid:abc t1\r\nm=video 9 X\r\na=msid:def t2\r\na=mid:5\r\n";
        let paired = pair_streams(answer, &[("4".into(), 0), ("5".into(), 0)]);
        assert_eq!(
            paired,
            "v=0\r\nm=audio 9 X\r\na=mid:4\r\na=msid:slot0 t1\r\na=ssrc:1 msid:slot0 t1\r\nm=video 9 X\r\na=msid:slot0 t2\r\na=mid:5\r\n"
        );
        assert_eq!(pair_streams(answer, &[]), answer);
    }

    proptest! {
        #[test]
        fn no_text_stops_the_reader(sdp in "(m=(audio|video|x) 1\r\n|a=(mid:[0-9]|sendonly|simulcast:send .{0,5})\r\n|.{0,20}\r\n){0,60}") {
            if let Ok(offer) = read_offer(&sdp) {
                prop_assert!(offer.receiving.len() <= MAX_LINES);
            }
            prop_assert_eq!(pair_streams(&sdp, &[]), sdp);
        }
    }
}
