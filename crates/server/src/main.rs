//! The `televisit` binary.
fn main() {}
