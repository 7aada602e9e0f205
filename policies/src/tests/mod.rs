//! Tests of the whole set of policies, over a small shape of their own.

mod agreement;
mod broken;
pub(crate) mod fixture;
mod keyring;
mod persons;
mod random;
pub(crate) mod strategies;
mod views;

pub(crate) use fixture::{Cells, key, now, principal, set, shape};
