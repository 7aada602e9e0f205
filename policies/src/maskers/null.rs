//! `null`: shows nothing.

use std::sync::Arc;

use super::declaration::{Budget, Declaration, Output};
use super::params::Params;
use super::{Masked, Masker, MaskerError, Subject, Target};
use crate::value::{ValueKind, ValueRef};

pub(super) const DECLARATION: Declaration = Declaration {
    name: "null",
    summary: "shows nothing",
    kinds: &[
        ValueKind::Boolean,
        ValueKind::Int,
        ValueKind::Float,
        ValueKind::Decimal,
        ValueKind::Text,
        ValueKind::Enum,
        ValueKind::Date,
        ValueKind::DateTime,
        ValueKind::Json,
        ValueKind::Uuid,
    ],
    output: Output::Null,
    format_preserving: false,
    deterministic: true,
    joinable: false,
    reversible: false,
    keyed: false,
    max_reveal: "nothing, not even whether there is a value",
    budget: Budget::Nothing,
    params: &[],
    examples: &[""],
    build,
};

#[derive(Debug)]
struct Null;

fn build(_: &Params<'_>, _: &Target<'_>) -> Result<Arc<dyn Masker>, MaskerError> {
    Ok(Arc::new(Null))
}

impl Masker for Null {
    fn mask(&self, _: ValueRef<'_>, _: &Subject<'_>, _: &mut String) -> Masked {
        Masked::Null
    }
}
