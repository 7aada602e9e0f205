//! `sticky_noise`: 47300 -> 45112, the same every time, so that asking again does not average it away.

use std::ops::RangeInclusive;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::declaration::{Budget, Declaration, Output, Parameter};
use super::key::Prf;
use super::params::Params;
use super::{Masked, Masker, MaskerError, Subject, Target, whole_numbers};
use crate::value::{ValueKind, ValueRef};

/// How far a number goes when nothing is said, and how far it may go, in percents.
const PERCENT: i64 = 10;
const MOST_PERCENT: i64 = 50;

/// Noise is a part of the most there may be: so many of [`PARTS`], and at least an eighth.
const PARTS: i64 = 1 << 16;
const LEAST_PARTS: i64 = PARTS / 8;

pub(super) const DECLARATION: Declaration = Declaration {
    name: "sticky_noise",
    summary: "shows a number that is some percents more or less, always the same for one value (of one person) of an audience and class",
    kinds: &[ValueKind::Int, ValueKind::Float, ValueKind::Decimal],
    output: Output::SameKind,
    format_preserving: true,
    deterministic: true,
    joinable: false,
    reversible: false,
    keyed: true,
    max_reveal: "the value to within `percent` (at least one unit of the last place), its sign and how many digits it has; zero as zero",
    budget: Budget::Noisy,
    params: &[Parameter {
        name: "percent",
        meaning: "how much is added or taken away at most: a whole number from 1 up to 50; 10 when left out",
    }],
    examples: &["", "percent = 1", "percent = 50"],
    build,
};

#[derive(Debug)]
struct StickyNoise {
    kind: ValueKind,
    prf: Prf,
    percent: i64,
    narrow: bool,
    by_subject: bool,
}

/// What is added or taken away, as a part of the value.
#[derive(Clone, Copy)]
struct Noise {
    /// Of 100 times [`PARTS`].
    parts: i64,
    up: bool,
}

fn build(params: &Params<'_>, target: &Target<'_>) -> Result<Arc<dyn Masker>, MaskerError> {
    Ok(Arc::new(StickyNoise {
        kind: target.kind,
        prf: target.key.prf(&[DECLARATION.name]),
        percent: params.integer("percent", 1..=MOST_PERCENT, Some(PERCENT))?,
        narrow: target.narrow,
        by_subject: target.subject.is_some(),
    }))
}

impl Masker for StickyNoise {
    fn mask(&self, value: ValueRef<'_>, subject: &Subject<'_>, _: &mut String) -> Masked {
        // Zero and minus zero are one number.
        let value = match value {
            ValueRef::Float(float) => ValueRef::Float(float + 0.0),
            other => other,
        };
        let Some(noise) = self.noise(value, subject) else {
            return Masked::Null;
        };
        match value {
            ValueRef::Int(int) => {
                noisy_int(int, noise, &whole_numbers(self.narrow)).map(Masked::Int)
            }
            ValueRef::Float(float) => noisy_float(float, noise).map(Masked::Float),
            ValueRef::Decimal(decimal) => noisy_decimal(decimal, noise).map(Masked::Decimal),
            _ => None,
        }
        .unwrap_or(Masked::Null)
    }

    fn needs_subject(&self) -> bool {
        self.by_subject
    }
}

impl StickyNoise {
    /// The noise of a value. Persons with equal values have noise of their own, or what one of them tells would tell all.
    fn noise(&self, value: ValueRef<'_>, subject: &Subject<'_>) -> Option<Noise> {
        if value.kind() != self.kind {
            return None;
        }
        let hash = match subject.key.filter(|_| self.by_subject) {
            Some(key) => self.prf.of_both(key, value),
            None => self.prf.of(value),
        };
        let [head, tail] = [hash.first_chunk::<4>()?, hash.last_chunk::<4>()?];
        let drawn = i64::from(u32::from_be_bytes(*head)) % (PARTS - LEAST_PARTS + 1);
        Some(Noise {
            parts: (LEAST_PARTS + drawn) * self.percent,
            up: u32::from_be_bytes(*tail) % 2 == 0,
        })
    }
}

/// A number of units and what it becomes with the noise, and the other way: for the ends, where one way is closed.
fn both_ways(units: i128, noise: Noise) -> [i128; 2] {
    if units == 0 {
        return [0, 0];
    }
    // 96 bits of a decimal, 16 of a part and 6 of a percentage fit.
    let least = (units.abs() * i128::from(noise.parts) / (100 * i128::from(PARTS))).max(1);
    let (up, down) = (units + least, units - least);
    if noise.up { [up, down] } else { [down, up] }
}

fn noisy_int(value: i64, noise: Noise, range: &RangeInclusive<i64>) -> Option<i64> {
    both_ways(value.into(), noise)
        .into_iter()
        .filter_map(|units| i64::try_from(units).ok())
        .find(|shown| range.contains(shown))
}

fn noisy_decimal(value: Decimal, noise: Noise) -> Option<Decimal> {
    both_ways(value.mantissa(), noise)
        .into_iter()
        .find_map(|units| Decimal::try_from_i128_with_scale(units, value.scale()).ok())
}

fn noisy_float(value: f64, noise: Noise) -> Option<f64> {
    let part = noise.parts as f64 / (100 * PARTS) as f64;
    let shown = if noise.up {
        value * (1.0 + part)
    } else {
        value * (1.0 - part)
    };
    // At the ends of the floats there is nothing near enough to show.
    (shown.is_finite() && (shown != value || value == 0.0)).then_some(shown)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::super::build;
    use super::super::harness::{decimals, error_of_kind, mask_value, target, try_build};
    use super::*;

    fn of_person(audience: &str, value: i64, key: Option<i64>) -> Masked {
        let masker = try_build(audience, "sticky_noise", "", ValueKind::Int).unwrap();
        assert!(masker.needs_subject());
        let subject = Subject {
            key: key.map(ValueRef::Int),
            ..Subject::default()
        };
        masker.mask(ValueRef::Int(value), &subject, &mut String::new())
    }

    #[test]
    fn noise_stays_the_same_from_release_to_release() {
        // a changed noise could be averaged with the old one
        assert_eq!(of_person("internal", 47_300, None), Masked::Int(44_896));
        assert_eq!(of_person("internal", 47_300, Some(7)), Masked::Int(43_176));
    }

    #[test]
    fn noise_depends_on_value_person_and_audience() {
        let shown = [
            of_person("internal", 47_300, None),
            of_person("internal", 47_300, Some(7)),
            of_person("internal", 47_300, Some(8)),
            of_person("partner", 47_300, Some(7)),
        ];
        let different: HashSet<_> = shown.iter().map(|masked| format!("{masked:?}")).collect();
        assert_eq!(different.len(), shown.len());
        assert_eq!(shown[1], of_person("internal", 47_300, Some(7)));
    }

    #[test]
    fn noise_goes_both_ways() {
        let up = (10_000..10_200)
            .filter(|value| matches!(of_person("internal", *value, None), Masked::Int(shown) if shown > *value));
        assert!((60..140).contains(&up.count()));
    }

    #[test]
    fn without_a_subject_the_value_alone_decides() {
        let target = Target {
            subject: None,
            ..target("internal", ValueKind::Int)
        };
        let masker = build("sticky_noise", &toml::Table::new(), &target).unwrap();
        assert!(!masker.needs_subject());
        let subject = Subject {
            key: Some(ValueRef::Int(7)),
            ..Subject::default()
        };
        let shown = masker.mask(ValueRef::Int(47_300), &subject, &mut String::new());
        assert_eq!(shown, of_person("internal", 47_300, None));
    }

    #[test]
    fn the_ends_stay_within_the_column() {
        for value in [i64::MAX, i64::MIN] {
            let (masked, _) = mask_value("sticky_noise", "percent = 50", ValueRef::Int(value));
            assert!(matches!(masked, Masked::Int(shown) if shown != value));
        }
        let range = i32::MIN.into()..=i32::MAX.into();
        for up in [true, false] {
            let noise = Noise { parts: PARTS, up };
            for value in [i32::MIN, i32::MAX] {
                let shown = noisy_int(value.into(), noise, &range).unwrap();
                assert!(range.contains(&shown) && shown != i64::from(value));
            }
            assert!(noisy_decimal(Decimal::MAX, noise).unwrap() < Decimal::MAX);
        }
    }

    #[test]
    fn zero_is_zero_and_what_is_no_number_is_nothing() {
        let shown = |value| mask_value("sticky_noise", "", value).0;
        assert_eq!(shown(ValueRef::Int(0)), Masked::Int(0));
        assert_eq!(shown(ValueRef::Float(-0.0)), Masked::Float(0.0));
        for float in [
            f64::NAN,
            f64::INFINITY,
            f64::NEG_INFINITY,
            f64::from_bits(1),
        ] {
            assert_eq!(shown(ValueRef::Float(float)), Masked::Null, "{float}");
        }
    }

    #[test]
    fn noise_of_nothing_or_of_more_than_half_is_refused() {
        for params in ["percent = 0", "percent = 51", "percent = 0.5"] {
            assert_eq!(
                error_of_kind("sticky_noise", params, ValueKind::Int),
                "parameter `percent` of masker `sticky_noise` must be a whole number from 1 up to 50"
            );
        }
    }

    proptest! {
        #[test]
        fn decimals_keep_their_scale(value in decimals()) {
            let (masked, _) = mask_value("sticky_noise", "", ValueRef::Decimal(value));
            let Masked::Decimal(shown) = masked else {
                return Err(TestCaseError::fail("no mask"));
            };
            prop_assert_eq!(shown.scale(), value.scale());
        }
    }

    #[test]
    fn floats_go_up_and_down_alike_and_no_further_than_the_noise() {
        let mut ups = 0;
        for value in 1..=400_i32 {
            let value = f64::from(value) * 10.0;
            let (masked, _) = mask_value("sticky_noise", "percent = 20", ValueRef::Float(value));
            let Masked::Float(shown) = masked else {
                panic!()
            };
            assert!((shown - value).abs() <= value * 0.2 + 1e-9, "{value}");
            ups += i32::from(shown > value);
        }
        assert!((120..=280).contains(&ups), "{ups}");
    }
}
