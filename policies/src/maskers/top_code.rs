//! `top_code`: 92 -> 90, so that what is rare at the ends cannot be told apart.

use std::sync::Arc;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::declaration::{Budget, Declaration, Output, Parameter};
use super::params::Params;
use super::{Masked, Masker, MaskerError, Subject, Target, whole_numbers};
use crate::value::{ValueKind, ValueRef};

pub(super) const DECLARATION: Declaration = Declaration {
    name: "top_code",
    summary: "shows values beyond a bound as that bound, and all others as they are",
    kinds: &[
        ValueKind::Int,
        ValueKind::Float,
        ValueKind::Decimal,
        ValueKind::Date,
    ],
    output: Output::SameKind,
    format_preserving: true,
    deterministic: true,
    joinable: false,
    reversible: false,
    keyed: false,
    max_reveal: "the value itself, unless it is beyond a bound: then that it is",
    budget: Budget::Clamped,
    params: &[
        Parameter {
            name: "top",
            meaning: "the greatest value that is shown, a number or a day as the field has; `top`, `bottom` or both",
        },
        Parameter {
            name: "bottom",
            meaning: "the least value that is shown, below `top`",
        },
    ],
    examples: &[
        "top = 90",
        "bottom = 18",
        "top = 90\nbottom = 18",
        "bottom = 1940-01-01",
    ],
    build,
};

/// The values that are shown as they are.
#[derive(Debug)]
struct Bounds<T> {
    bottom: Option<T>,
    top: Option<T>,
}

fn build(params: &Params<'_>, target: &Target<'_>) -> Result<Arc<dyn Masker>, MaskerError> {
    let range = whole_numbers(target.narrow);
    Ok(match target.kind {
        ValueKind::Int => Arc::new(bounds(params, |name| {
            params.integer(name, range.clone(), None)
        })?),
        ValueKind::Float => Arc::new(bounds(params, |name| params.float(name))?),
        ValueKind::Decimal => Arc::new(bounds(params, |name| params.decimal(name))?),
        _ => Arc::new(bounds(params, |name| params.date(name))?),
    })
}

fn bounds<T: PartialOrd>(
    params: &Params<'_>,
    read: impl Fn(&'static str) -> Result<T, MaskerError>,
) -> Result<Bounds<T>, MaskerError> {
    let bound = |name| params.get(name).map(|_| read(name)).transpose();
    let bounds = Bounds {
        bottom: bound("bottom")?,
        top: bound("top")?,
    };
    match (&bounds.bottom, &bounds.top) {
        (None, None) => Err(params.missing("top")),
        (Some(bottom), Some(top)) if bottom >= top => Err(params.bad("bottom", "less than `top`")),
        _ => Ok(bounds),
    }
}

impl<T: Copy + PartialOrd> Bounds<T> {
    fn clamped(&self, value: T) -> T {
        match (self.bottom, self.top) {
            (Some(bottom), _) if value < bottom => bottom,
            (_, Some(top)) if value > top => top,
            _ => value,
        }
    }
}

impl Masker for Bounds<i64> {
    fn mask(&self, value: ValueRef<'_>, _: &Subject<'_>, _: &mut String) -> Masked {
        match value {
            ValueRef::Int(int) => Masked::Int(self.clamped(int)),
            _ => Masked::Null,
        }
    }
}

impl Masker for Bounds<f64> {
    fn mask(&self, value: ValueRef<'_>, _: &Subject<'_>, _: &mut String) -> Masked {
        match value {
            ValueRef::Float(float) if self.clamped(float).is_finite() => {
                Masked::Float(self.clamped(float))
            }
            _ => Masked::Null,
        }
    }
}

impl Masker for Bounds<Decimal> {
    fn mask(&self, value: ValueRef<'_>, _: &Subject<'_>, _: &mut String) -> Masked {
        match value {
            ValueRef::Decimal(decimal) => Masked::Decimal(self.clamped(decimal)),
            _ => Masked::Null,
        }
    }
}

impl Masker for Bounds<NaiveDate> {
    fn mask(&self, value: ValueRef<'_>, _: &Subject<'_>, _: &mut String) -> Masked {
        match value {
            ValueRef::Date(date) => Masked::Date(self.clamped(date)),
            _ => Masked::Null,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::harness::{error_of_kind, mask_value};
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn values_beyond_a_bound_look_alike() {
        let params = "top = 90\nbottom = 18";
        for (value, shown) in [
            (92, 90),
            (90, 90),
            (89, 89),
            (18, 18),
            (3, 18),
            (i64::MAX, 90),
            (i64::MIN, 18),
        ] {
            let (masked, _) = mask_value("top_code", params, ValueRef::Int(value));
            assert_eq!(masked, Masked::Int(shown), "{value}");
        }
    }

    #[test]
    fn one_bound_leaves_the_other_end_open() {
        let (masked, _) = mask_value("top_code", "top = 90", ValueRef::Int(-5));
        assert_eq!(masked, Masked::Int(-5));
        let (masked, _) = mask_value("top_code", "bottom = 18", ValueRef::Int(120));
        assert_eq!(masked, Masked::Int(120));
    }

    #[test]
    fn every_kind_keeps_its_kind() {
        let decimal = |text: &str| text.parse::<Decimal>().unwrap();
        let shown = |params, value| mask_value("top_code", params, value).0;
        assert_eq!(
            shown("top = \"99.95\"", ValueRef::Decimal(decimal("100.001"))),
            Masked::Decimal(decimal("99.95"))
        );
        assert_eq!(
            shown("bottom = 1940-01-01", ValueRef::Date(date("1931-07-05"))),
            Masked::Date(date("1940-01-01"))
        );
        assert_eq!(
            shown("bottom = 1940-01-01", ValueRef::Date(NaiveDate::MAX)),
            Masked::Date(NaiveDate::MAX)
        );
    }

    #[test]
    fn floats_that_are_no_numbers_are_null() {
        for (value, shown) in [
            (92.5, Masked::Float(90.0)),
            (f64::INFINITY, Masked::Float(90.0)),
            (f64::NEG_INFINITY, Masked::Null),
            (f64::NAN, Masked::Null),
        ] {
            let (masked, _) = mask_value("top_code", "top = 90", ValueRef::Float(value));
            assert_eq!(masked, shown, "{value}");
        }
    }

    #[test]
    fn mistakes_are_named() {
        let error = error_of_kind("top_code", "", ValueKind::Int);
        assert!(error.starts_with("masker `top_code` needs the parameter `top`: the greatest"));
        for params in ["top = 18\nbottom = 18", "top = 10\nbottom = 18"] {
            assert_eq!(
                error_of_kind("top_code", params, ValueKind::Float),
                "parameter `bottom` of masker `top_code` must be less than `top`"
            );
        }
        assert_eq!(
            error_of_kind("top_code", "top = 90", ValueKind::Date),
            "parameter `top` of masker `top_code` must be a day such as 1990-12-31"
        );
    }
}
