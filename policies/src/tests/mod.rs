//! Tests of the whole set of policies, over a small shape of their own.

pub(crate) mod agreement;
mod broken;
mod edges;
mod fingerprints;
pub(crate) mod fixture;
mod keyring;
mod persons;
mod presets;
pub(crate) mod random;
pub(crate) mod strategies;
mod views;

pub(crate) use fixture::{CLASSES, Cells, key, now, principal, set, shape};
