//! `masking.toml`: which masker shows which class at which tier, who belongs to which audience, and k.

mod assign;
mod file;

pub(crate) use assign::{Masks, Subjects, assign};
pub(crate) use file::{Mask, Masking, read};

/// The audience of roles that `masking.toml` does not name.
pub(crate) const INTERNAL: &str = "internal";
