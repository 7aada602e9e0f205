//! `masking.toml`: which masker shows which class at which tier, who belongs to which audience, k, and to what sums are rounded.

mod assign;
mod audience;
mod checks;
mod file;
mod presets;
mod rounding;
mod seen;
mod subject;

pub(crate) use assign::{Masks, Policies, assign};
pub(crate) use file::{Mask, Masking, read};
pub(crate) use rounding::is_amount;
pub use subject::SubjectPaths;

/// The audience of roles that `masking.toml` does not name.
pub(crate) const INTERNAL: &str = "internal";
