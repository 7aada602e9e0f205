//! Sudare.
fn main() {}
