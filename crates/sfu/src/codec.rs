//! The little that forwarding reads inside a payload: where a key frame starts, how high its picture
//! is, and the ids of a VP8 descriptor.

use str0m::format::Codec;
use str0m::rtp::Vp8Descriptor;

use crate::rewrite::Vp8Ids;

/// What was read of one payload.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Payload {
    /// The packet is the first of a key frame.
    pub key_frame: bool,
    /// Height of the picture in pixels, in the first packet of a VP8 key frame.
    pub height: Option<u16>,
    /// Of a VP8 packet.
    pub vp8: Vp8Ids,
    /// Parsed descriptor of a VP8 packet.
    pub descriptor: Option<Vp8Descriptor>,
}

/// Reads a payload. Anything malformed is taken as a packet without properties: a receiver's decoder
/// copes with it, and a key frame is never assumed.
pub(crate) fn inspect(codec: Codec, payload: &[u8]) -> Payload {
    match codec {
        Codec::Vp8 => inspect_vp8(payload),
        Codec::H264 => Payload {
            key_frame: h264_starts_key_frame(payload),
            ..Payload::default()
        },
        _ => Payload::default(),
    }
}

fn inspect_vp8(payload: &[u8]) -> Payload {
    let Ok(descriptor) = Vp8Descriptor::parse(payload) else {
        return Payload::default();
    };
    let key_frame = descriptor.starts_keyframe(payload);
    // The picture id has 15 bits when the first bit of its octet, the third of the descriptor, is set.
    let short = payload.get(2).is_some_and(|octet| octet & 0x80 == 0);
    Payload {
        key_frame,
        height: if key_frame { vp8_height(payload) } else { None },
        vp8: Vp8Ids {
            picture_id: descriptor.picture_id(),
            short,
            tl0: descriptor.tl0_pic_idx(),
            key_idx: descriptor.key_idx(),
        },
        descriptor: Some(descriptor),
    }
}

/// Height from the header of a VP8 key frame: frame tag (3 octets), start code `9d 01 2a`, width, height.
fn vp8_height(payload: &[u8]) -> Option<u16> {
    let head = payload.get(..payload.len().min(24))?;
    let start = head.windows(3).position(|w| w == [0x9d, 0x01, 0x2a])?;
    let height = head.get(start + 5..start + 7)?;
    Some(u16::from_le_bytes([height[0], height[1]]) & 0x3fff)
}

/// A key frame starts with its parameter sets: NAL type 7 alone or first in an aggregate (type 24).
fn h264_starts_key_frame(payload: &[u8]) -> bool {
    match payload.first().map(|octet| octet & 0x1f) {
        Some(7) => true,
        Some(24) => payload.get(3).is_some_and(|octet| octet & 0x1f == 7),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_vp8_key_frame_tells_its_height() {
        let payload = [
            0x90, 0x80, 0x85, 0x01, 0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0x68, 0x01, 9,
            9,
        ];
        let p = inspect(Codec::Vp8, &payload);
        assert!(p.key_frame);
        assert_eq!(p.height, Some(360));
        assert_eq!(p.vp8.picture_id, Some(0x501));
        assert!(!p.vp8.short);
    }

    #[test]
    fn h264_parameter_sets_start_a_key_frame() {
        assert!(inspect(Codec::H264, &[0x67, 1, 2]).key_frame);
        assert!(inspect(Codec::H264, &[0x18, 0, 10, 0x67, 1]).key_frame);
        assert!(!inspect(Codec::H264, &[0x41, 1, 2]).key_frame);
        assert!(!inspect(Codec::H264, &[0x7c, 0x05, 2]).key_frame);
    }

    proptest! {
        #[test]
        fn no_payload_stops_the_reader(payload in prop::collection::vec(any::<u8>(), 0..64)) {
            for codec in [Codec::Vp8, Codec::H264, Codec::Opus] {
                let p = inspect(codec, &payload);
                prop_assert!(p.height.is_none() || p.key_frame);
            }
        }
    }
}
