//! A fast hash for the tables that every packet is looked up in.
//!
//! Keys are room numbers given by the caller and addresses of clients that proved an ICE password, so
//! nobody outside can fill a bucket at will.

use std::hash::Hasher;

/// Multiply and rotate, eight octets at a time.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct AddressHasher(u64);

const SEED: u64 = 0x9e37_79b9_7f4a_7c15;

impl AddressHasher {
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(23) ^ word).wrapping_mul(SEED);
    }
}

impl Hasher for AddressHasher {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.add(u64::from_le_bytes(word));
        }
    }

    fn write_u8(&mut self, value: u8) {
        self.add(u64::from(value));
    }

    fn write_u16(&mut self, value: u16) {
        self.add(u64::from(value));
    }

    fn write_u32(&mut self, value: u32) {
        self.add(u64::from(value));
    }

    fn write_u64(&mut self, value: u64) {
        self.add(value);
    }

    fn write_usize(&mut self, value: usize) {
        self.add(value as u64);
    }
}
