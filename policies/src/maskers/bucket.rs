//! `bucket`: 47300 -> 40000, the lower bound of the band that a number lies in.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::declaration::{Budget, Declaration, Output, Parameter};
use super::params::Params;
use super::{Masked, Masker, MaskerError, Subject, Target};
use crate::value::{ValueKind, ValueRef};

/// Beyond this many bands a binary fraction has no digits left to hide.
const MOST_BANDS: f64 = (1u64 << 52) as f64;

pub(super) const DECLARATION: Declaration = Declaration {
    name: "bucket",
    summary: "shows the lower bound of the band that a number lies in",
    kinds: &[ValueKind::Int, ValueKind::Float, ValueKind::Decimal],
    output: Output::SameKind,
    format_preserving: true,
    deterministic: true,
    joinable: false,
    reversible: false,
    keyed: false,
    max_reveal: "the band: the value is the shown number or more, by less than a step",
    budget: Budget::Band,
    params: &[Parameter {
        name: "step",
        meaning: "the width of a band: a whole number from 2 for whole numbers, else any number above 0 (a string for exact decimals)",
    }],
    examples: &["step = 10000", "step = 2", "step = 0.5", "step = \"0.05\""],
    build,
};

#[derive(Debug)]
enum Bucket {
    Int(i64),
    Float(f64),
    Decimal(Decimal),
}

fn build(params: &Params<'_>, target: &Target<'_>) -> Result<Arc<dyn Masker>, MaskerError> {
    Ok(Arc::new(match target.kind {
        // A band of one number would show it.
        ValueKind::Int => Bucket::Int(params.integer("step", 2..=i64::MAX, None)?),
        ValueKind::Float => Bucket::Float(positive(params, params.float("step")?)?),
        _ => Bucket::Decimal(positive(params, params.decimal("step")?)?.normalize()),
    }))
}

fn positive<T: PartialOrd + Default>(params: &Params<'_>, step: T) -> Result<T, MaskerError> {
    if step > T::default() {
        Ok(step)
    } else {
        Err(params.bad("step", "a number above 0"))
    }
}

impl Masker for Bucket {
    fn mask(&self, value: ValueRef<'_>, _: &Subject<'_>, _: &mut String) -> Masked {
        match (self, value) {
            (Self::Int(step), ValueRef::Int(int)) => {
                int.div_euclid(*step).checked_mul(*step).map(Masked::Int)
            }
            (Self::Float(step), ValueRef::Float(float)) => {
                float_band(float, *step).map(Masked::Float)
            }
            (Self::Decimal(step), ValueRef::Decimal(decimal)) => {
                decimal_band(decimal, *step).map(Masked::Decimal)
            }
            _ => None,
        }
        .unwrap_or(Masked::Null)
    }
}

fn float_band(value: f64, step: f64) -> Option<f64> {
    let band = (value / step).floor();
    // Also none for what is not a number or infinite. Adding zero turns -0 into 0.
    (band.abs() < MOST_BANDS)
        .then_some(band * step + 0.0)
        .filter(|bound| bound.is_finite())
}

fn decimal_band(value: Decimal, step: Decimal) -> Option<Decimal> {
    let above = value.checked_rem(step)?;
    let above = if above.is_sign_negative() && !above.is_zero() {
        above.checked_add(step)?
    } else {
        above
    };
    let mut bound = value.checked_sub(above)?;
    // Digits behind the step's own would tell how many the value had.
    bound.rescale(step.scale());
    bound.set_sign_negative(bound.is_sign_negative() && !bound.is_zero());
    // Where 28 digits are too few for the exact bound, there is none.
    (bound <= value && bound.checked_rem(step)?.is_zero()).then_some(bound)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::harness::{decimals, error_of_kind, mask_value};
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn whole_numbers_floor_to_the_band() {
        for (step, value, bound) in [
            (10_000, 47_300, Masked::Int(40_000)),
            (10, 34, Masked::Int(30)),
            (10, -1, Masked::Int(-10)),
            (10, -10, Masked::Int(-10)),
            (10, 0, Masked::Int(0)),
            (10, i64::MAX, Masked::Int(i64::MAX - 7)),
            (10, i64::MIN, Masked::Null),
            (i64::MAX, i64::MIN, Masked::Null),
        ] {
            let params = format!("step = {step}");
            let (masked, _) = mask_value("bucket", &params, ValueRef::Int(value));
            assert_eq!(masked, bound, "{value} by {step}");
        }
    }

    #[test]
    fn decimals_floor_and_lose_their_own_digits() {
        for (step, value, bound) in [
            ("10000", "47300.55", "40000"),
            ("10000", "-0.01", "-10000"),
            ("\"0.05\"", "1.237", "1.20"),
            ("0.5", "-1.2", "-1.5"),
            ("\"10.00\"", "30.00", "30"),
        ] {
            let params = format!("step = {step}");
            let value = ValueRef::Decimal(decimal(value));
            let (masked, _) = mask_value("bucket", &params, value);
            let Masked::Decimal(shown) = masked else {
                panic!("{value:?} by {step} gives {masked:?}");
            };
            assert_eq!(shown.to_string(), bound);
        }
        let least = ValueRef::Decimal(Decimal::MIN);
        assert_eq!(mask_value("bucket", "step = 10", least).0, Masked::Null);
    }

    #[test]
    fn floats_floor_and_odd_ones_are_null() {
        for (value, bound) in [
            (47_300.9, Masked::Float(47_300.5)),
            (-0.1, Masked::Float(-0.5)),
            (f64::NAN, Masked::Null),
            (f64::INFINITY, Masked::Null),
            (f64::NEG_INFINITY, Masked::Null),
            // every float of this size is a whole number of steps: the band would be the value
            (1e300, Masked::Null),
            (9e15, Masked::Null),
        ] {
            let (masked, _) = mask_value("bucket", "step = 0.5", ValueRef::Float(value));
            assert_eq!(masked, bound, "{value}");
        }
        let (zero, _) = mask_value("bucket", "step = 0.5", ValueRef::Float(-0.0));
        assert!(matches!(zero, Masked::Float(float) if float.is_sign_positive()));
    }

    #[test]
    fn a_step_that_hides_nothing_is_refused() {
        let refused = [
            (ValueKind::Int, "step = 1", "a whole number from 2"),
            (ValueKind::Int, "step = 1.5", "a whole number from 2"),
            (ValueKind::Float, "step = 0", "a number above 0"),
            (ValueKind::Float, "step = nan", "a number"),
            (ValueKind::Decimal, "step = -1", "a number above 0"),
            (ValueKind::Decimal, "step = 1e300", "a decimal number"),
            (ValueKind::Decimal, "step = \"ten\"", "a decimal number"),
        ];
        for (kind, params, expected) in refused {
            assert_eq!(
                error_of_kind("bucket", params, kind),
                format!("parameter `step` of masker `bucket` must be {expected}")
            );
        }
    }

    proptest! {
        #[test]
        fn whole_numbers_of_a_band_look_alike(band in -1_000_000i64..1_000_000, step in 2i64..1_000_000, above in 0i64..1_000_000) {
            let bound = band * step;
            let mask = Bucket::Int(step);
            let value = ValueRef::Int(bound + above % step);
            prop_assert_eq!(mask.mask(value, &Subject::default(), &mut String::new()), Masked::Int(bound));
        }

        #[test]
        fn decimals_lie_in_the_band_shown(value in decimals(), step in 1i64..100_000) {
            let step = Decimal::new(step, 2);
            if let Some(bound) = decimal_band(value, step) {
                prop_assert!(bound <= value && value < bound + step);
                prop_assert!((bound % step).is_zero());
                prop_assert!(bound.scale() <= 2);
            }
        }

        #[test]
        fn floats_lie_in_the_band_shown(value in -1e9f64..1e9, step in 0.01f64..1e6) {
            let bound = float_band(value, step).unwrap();
            let slack = value.abs() * 1e-9 + step * 1e-9;
            prop_assert!(bound <= value + slack && value < bound + step + slack);
        }
    }
}
