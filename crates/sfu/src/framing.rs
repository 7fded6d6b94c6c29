//! Packets in a TCP stream (RFC 4571): two octets of length, big endian, before each.

/// Longest packet taken; a media packet fits in 1,500 octets.
const MAX_FRAME: usize = 4096;

/// Cuts a stream into packets.
#[derive(Debug, Default)]
pub(crate) struct Deframer {
    buffer: Vec<u8>,
    start: usize,
}

/// The stream is no framed media: close it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BadFrame;

impl Deframer {
    /// Adds received octets.
    pub(crate) fn push(&mut self, octets: &[u8]) {
        if self.start > 0 {
            self.buffer.drain(..self.start);
            self.start = 0;
        }
        self.buffer.extend_from_slice(octets);
    }

    /// The next whole packet. Empty packets are passed over.
    pub(crate) fn next(&mut self) -> Result<Option<&[u8]>, BadFrame> {
        loop {
            let rest = &self.buffer[self.start..];
            let Some(length) = rest.get(..2) else {
                return Ok(None);
            };
            let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
            if length > MAX_FRAME {
                return Err(BadFrame);
            }
            if rest.len() < 2 + length {
                return Ok(None);
            }
            let from = self.start + 2;
            self.start = from + length;
            if length > 0 {
                return Ok(Some(&self.buffer[from..from + length]));
            }
        }
    }
}

/// Adds a packet to a stream. False, and nothing added, when it is too long.
pub(crate) fn frame(packet: &[u8], stream: &mut Vec<u8>) -> bool {
    let Some(length) = u16::try_from(packet.len())
        .ok()
        .filter(|&l| usize::from(l) <= MAX_FRAME)
    else {
        return false;
    };
    stream.extend_from_slice(&length.to_be_bytes());
    stream.extend_from_slice(packet);
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_oversized_frame_ends_the_stream() {
        let mut d = Deframer::default();
        d.push(b"GET / HTTP/1.1");
        assert_eq!(d.next(), Err(BadFrame));
    }

    proptest! {
        #[test]
        fn packets_come_out_as_they_went_in_however_the_stream_is_cut(
            packets in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..200), 0..20),
            cuts in prop::collection::vec(1usize..50, 1..200),
        ) {
            let mut stream = Vec::new();
            for packet in &packets {
                prop_assert!(frame(packet, &mut stream));
            }
            let mut d = Deframer::default();
            let mut got = Vec::new();
            let mut cuts = cuts.into_iter().cycle();
            let mut rest = &stream[..];
            while !rest.is_empty() {
                let n = cuts.next().unwrap().min(rest.len());
                d.push(&rest[..n]);
                rest = &rest[n..];
                while let Some(packet) = d.next().unwrap() {
                    got.push(packet.to_vec());
                }
            }
            prop_assert_eq!(got, packets);
        }
    }
}
