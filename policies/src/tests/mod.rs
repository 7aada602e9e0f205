//! Tests of the whole set of policies, over a small shape of their own.

mod agreement;
mod broken;
mod fixture;
mod random;
pub(crate) mod strategies;
mod views;

pub(crate) use fixture::{Cells, key, now, principal, set, shape};
