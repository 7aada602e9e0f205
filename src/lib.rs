//! Sudare.
