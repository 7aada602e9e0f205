//! `round`: 47300 -> 50000, the nearest multiple of a step.

use std::cmp::Ordering;
use std::ops::RangeInclusive;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::declaration::{Budget, Declaration, Output, Parameter};
use super::params::Params;
use super::{Masked, Masker, MaskerError, Subject, Target, whole_numbers};
use crate::value::{ValueKind, ValueRef};

/// Beyond this many steps a binary fraction has no digits left to hide.
const MOST_STEPS: f64 = (1u64 << 52) as f64;

pub(super) const DECLARATION: Declaration = Declaration {
    name: "round",
    summary: "shows the nearest multiple of a step, of two that are equally near the even one",
    kinds: &[ValueKind::Int, ValueKind::Float, ValueKind::Decimal],
    output: Output::SameKind,
    format_preserving: true,
    deterministic: true,
    joinable: false,
    reversible: false,
    keyed: false,
    max_reveal: "the value to within half a step, a whole one at the ends of the numbers",
    budget: Budget::Band,
    params: &[Parameter {
        name: "step",
        meaning: "what is rounded to: a whole number from 2 for whole numbers, else any number above 0 (a string for exact decimals)",
    }],
    examples: &["step = 1000", "step = 2", "step = 0.5", "step = \"0.05\""],
    build,
};

#[derive(Debug)]
enum Round {
    Int { step: i64, narrow: bool },
    Float(f64),
    Decimal(Decimal),
}

fn build(params: &Params<'_>, target: &Target<'_>) -> Result<Arc<dyn Masker>, MaskerError> {
    Ok(Arc::new(match target.kind {
        // A step of one would show every number.
        ValueKind::Int => Round::Int {
            step: params.integer("step", 2..=i64::MAX, None)?,
            narrow: target.narrow,
        },
        ValueKind::Float => Round::Float(positive(params, params.float("step")?)?),
        _ => Round::Decimal(positive(params, params.decimal("step")?)?.normalize()),
    }))
}

fn positive<T: PartialOrd + Default>(params: &Params<'_>, step: T) -> Result<T, MaskerError> {
    if step > T::default() {
        Ok(step)
    } else {
        Err(params.bad("step", "a number above 0"))
    }
}

impl Masker for Round {
    fn mask(&self, value: ValueRef<'_>, _: &Subject<'_>, _: &mut String) -> Masked {
        match (self, value) {
            (Self::Int { step, narrow }, ValueRef::Int(int)) => {
                nearest_int(int, *step, &whole_numbers(*narrow)).map(Masked::Int)
            }
            (Self::Float(step), ValueRef::Float(float)) => {
                nearest_float(float, *step).map(Masked::Float)
            }
            (Self::Decimal(step), ValueRef::Decimal(decimal)) => {
                nearest_decimal(decimal, *step).map(Masked::Decimal)
            }
            _ => None,
        }
        .unwrap_or(Masked::Null)
    }
}

/// Whether to go up from the multiple below, `rest` of a step under way.
fn goes_up<T: PartialOrd>(twice_the_rest: &T, step: &T, odd: bool) -> bool {
    match twice_the_rest.partial_cmp(step) {
        Some(Ordering::Greater) => true,
        Some(Ordering::Equal) => odd,
        _ => false,
    }
}

/// The nearest multiple that the column can hold.
fn nearest_int(value: i64, step: i64, range: &RangeInclusive<i64>) -> Option<i64> {
    let (value, step) = (i128::from(value), i128::from(step));
    let (below, rest) = (value.div_euclid(step), value.rem_euclid(step));
    let up = goes_up(&(2 * rest), &step, below % 2 != 0);
    [below + i128::from(up), below + i128::from(!up)]
        .into_iter()
        .filter_map(|steps| i64::try_from(steps * step).ok())
        .find(|multiple| range.contains(multiple))
}

fn nearest_float(value: f64, step: f64) -> Option<f64> {
    let steps = (value / step).round_ties_even();
    // Also none for what is not a number or infinite. Adding zero turns -0 into 0.
    (steps.abs() < MOST_STEPS)
        .then_some(steps * step + 0.0)
        .filter(|multiple| multiple.is_finite())
}

fn nearest_decimal(value: Decimal, step: Decimal) -> Option<Decimal> {
    let rest = value.checked_rem(step)?;
    let towards_zero = value.checked_sub(rest)?;
    let steps = towards_zero.checked_div(step)?;
    let odd = !steps.checked_rem(Decimal::TWO)?.is_zero();
    let mut multiple = towards_zero;
    if goes_up(&rest.abs().checked_add(rest.abs())?, &step, odd) {
        let away = if rest.is_sign_negative() { -step } else { step };
        // At the ends there is no further one.
        multiple = multiple.checked_add(away).unwrap_or(multiple);
    }
    // Digits behind the step's own would tell how many the value had.
    multiple.rescale(step.scale());
    multiple.set_sign_negative(multiple.is_sign_negative() && !multiple.is_zero());
    // Where 28 digits are too few for the exact multiple, there is none.
    (multiple.checked_rem(step)?.is_zero() && value.checked_sub(multiple)?.abs() <= step)
        .then_some(multiple)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::build;
    use super::super::harness::{decimals, error_of_kind, mask_value, target};
    use super::*;

    #[test]
    fn whole_numbers_go_to_the_nearest_multiple_and_ties_to_the_even_one() {
        for (step, value, multiple) in [
            (1000, 47_300, 47_000),
            (1000, 47_501, 48_000),
            (1000, 46_500, 46_000),
            (1000, 47_500, 48_000),
            (1000, -500, 0),
            (1000, -1500, -2000),
            (1000, -1501, -2000),
            (3, 4, 3),
            (10, 0, 0),
            // the ends: the next multiple does not exist
            (10, i64::MAX, i64::MAX - 7),
            (10, i64::MIN, i64::MIN + 8),
            (i64::MAX, i64::MIN, -i64::MAX),
        ] {
            let params = format!("step = {step}");
            let (masked, _) = mask_value("round", &params, ValueRef::Int(value));
            assert_eq!(masked, Masked::Int(multiple), "{value} by {step}");
        }
    }

    #[test]
    fn a_narrow_column_gets_what_it_can_hold() {
        let target = Target {
            narrow: true,
            ..target("internal", ValueKind::Int)
        };
        let masker = build("round", &"step = 10".parse().unwrap(), &target).unwrap();
        for (value, multiple) in [(i32::MAX, 2_147_483_640), (i32::MIN, -2_147_483_640)] {
            let value = ValueRef::Int(value.into());
            let masked = masker.mask(value, &Subject::default(), &mut String::new());
            assert_eq!(masked, Masked::Int(multiple));
        }
    }

    #[test]
    fn decimals_lose_their_own_digits() {
        for (step, value, multiple) in [
            ("1000", "47300.55", "47000"),
            ("\"0.05\"", "1.237", "1.25"),
            ("\"0.05\"", "1.225", "1.20"),
            ("0.5", "-1.25", "-1.0"),
            ("0.5", "-1.75", "-2.0"),
            ("1000", "-0.01", "0"),
            ("\"10.00\"", "30.00", "30"),
            (
                "10",
                "79228162514264337593543950335",
                "79228162514264337593543950330",
            ),
        ] {
            let params = format!("step = {step}");
            let value = ValueRef::Decimal(value.parse().unwrap());
            let (masked, _) = mask_value("round", &params, value);
            let Masked::Decimal(shown) = masked else {
                panic!("{value:?} by {step} gives {masked:?}");
            };
            assert_eq!(shown.to_string(), multiple, "{value:?} by {step}");
        }
    }

    #[test]
    fn floats_that_cannot_be_rounded_are_null() {
        for (value, multiple) in [
            (47_300.8, Masked::Float(47_301.0)),
            (0.25, Masked::Float(0.0)),
            (0.75, Masked::Float(1.0)),
            (f64::NAN, Masked::Null),
            (f64::INFINITY, Masked::Null),
            (f64::NEG_INFINITY, Masked::Null),
            // every float of this size is a whole number of steps
            (1e300, Masked::Null),
        ] {
            let (masked, _) = mask_value("round", "step = 0.5", ValueRef::Float(value));
            assert_eq!(masked, multiple, "{value}");
        }
        let (zero, _) = mask_value("round", "step = 0.5", ValueRef::Float(-0.1));
        assert!(matches!(zero, Masked::Float(float) if float.is_sign_positive()));
    }

    #[test]
    fn a_step_that_hides_nothing_is_refused() {
        for (kind, params, expected) in [
            (ValueKind::Int, "step = 1", "a whole number from 2"),
            (ValueKind::Float, "step = 0", "a number above 0"),
            (ValueKind::Decimal, "step = -1", "a number above 0"),
        ] {
            assert_eq!(
                error_of_kind("round", params, kind),
                format!("parameter `step` of masker `round` must be {expected}")
            );
        }
    }

    proptest! {
        #[test]
        fn no_multiple_is_nearer(value in any::<i64>(), step in 2i64..1_000_000) {
            let shown = nearest_int(value, step, &(i64::MIN..=i64::MAX)).unwrap();
            prop_assert_eq!(shown % step, 0);
            let away = (i128::from(shown) - i128::from(value)).abs();
            let at_the_end = i128::from(value) + i128::from(step) > i128::from(i64::MAX)
                || i128::from(value) - i128::from(step) < i128::from(i64::MIN);
            prop_assert!(2 * away <= i128::from(step) || at_the_end && away < i128::from(step));
        }

        #[test]
        fn decimals_are_within_half_a_step(value in decimals(), step in 1i64..100_000) {
            let step = Decimal::new(step, 2);
            if let Some(shown) = nearest_decimal(value, step) {
                prop_assert!((shown - value).abs() <= step);
                prop_assert!((shown % step).is_zero());
                prop_assert!(shown.scale() <= 2);
            }
        }
    }
}
