//! `type_default`: 42 -> 0, the plainest value of the field's kind.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::declaration::{Budget, Declaration, Output};
use super::fixed::Fixed;
use super::params::Params;
use super::text::HIDDEN;
use super::{Masked, Masker, MaskerError, Target};
use crate::value::ValueKind;

pub(super) const DECLARATION: Declaration = Declaration {
    name: "type_default",
    summary: "shows 0, false, 1970-01-01 (at midnight in UTC), `****` for text, the first variant of an enum, `{}` for JSON, the UUID of zeros",
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
    output: Output::SameKind,
    format_preserving: true,
    deterministic: true,
    joinable: false,
    reversible: false,
    keyed: false,
    max_reveal: "that there is a value",
    budget: Budget::Constant,
    params: &[],
    examples: &[""],
    build,
};

fn build(_: &Params<'_>, target: &Target<'_>) -> Result<Arc<dyn Masker>, MaskerError> {
    let epoch = DateTime::<Utc>::UNIX_EPOCH;
    let first = target.variants.first().map_or("", String::as_str);
    let (shown, text) = match target.kind {
        ValueKind::Boolean => (Masked::Boolean(false), ""),
        ValueKind::Int => (Masked::Int(0), ""),
        ValueKind::Float => (Masked::Float(0.0), ""),
        ValueKind::Decimal => (Masked::Decimal(Decimal::ZERO), ""),
        ValueKind::Date => (Masked::Date(epoch.date_naive()), ""),
        ValueKind::DateTime => (Masked::DateTime(epoch), ""),
        ValueKind::Text => (Masked::Text, HIDDEN),
        ValueKind::Json => (Masked::Text, "{}"),
        ValueKind::Uuid => (Masked::Uuid(Uuid::nil()), ""),
        // An enum without variants has no value either.
        ValueKind::Enum if first.is_empty() => (Masked::Null, ""),
        ValueKind::Enum => (Masked::Text, first),
    };
    Ok(Arc::new(Fixed::new(target.kind, shown, text)))
}

#[cfg(test)]
mod tests {
    use super::super::harness::mask_value;
    use super::super::{Subject, build};
    use super::*;
    use crate::maskers::harness::target;
    use crate::value::ValueRef;

    #[test]
    fn every_kind_has_its_default() {
        let instant = DateTime::<Utc>::MAX_UTC;
        let epoch = DateTime::<Utc>::UNIX_EPOCH;
        for (value, masked, text) in [
            (ValueRef::Boolean(true), Masked::Boolean(false), ""),
            (ValueRef::Int(42), Masked::Int(0), ""),
            (ValueRef::Float(f64::NAN), Masked::Float(0.0), ""),
            (
                ValueRef::Decimal(Decimal::MAX),
                Masked::Decimal(Decimal::ZERO),
                "",
            ),
            (ValueRef::Text("13812341234"), Masked::Text, "****"),
            (ValueRef::Enum("CLOSED"), Masked::Text, "ACTIVE"),
            (
                ValueRef::Date(instant.date_naive()),
                Masked::Date(epoch.date_naive()),
                "",
            ),
            (ValueRef::DateTime(instant), Masked::DateTime(epoch), ""),
            (ValueRef::Json("[1, 2, 3]"), Masked::Text, "{}"),
            (ValueRef::Uuid(Uuid::max()), Masked::Uuid(Uuid::nil()), ""),
        ] {
            let (shown, out) = mask_value("type_default", "", value);
            assert_eq!((shown, out.as_str()), (masked, text), "{value:?}");
        }
    }

    #[test]
    fn an_enum_without_variants_shows_nothing() {
        let target = Target {
            variants: &[],
            ..target("internal", ValueKind::Enum)
        };
        let masker = build("type_default", &toml::Table::new(), &target).unwrap();
        let mut out = String::new();
        let shown = masker.mask(ValueRef::Enum("ACTIVE"), &Subject::default(), &mut out);
        assert_eq!((shown, out.as_str()), (Masked::Null, ""));
    }
}
