//! `fake_from_key`: 张三 -> 梁弘耀, the same every time for one audience and class.
//!
//! A keyed function of the value seeds a generator, so that the substitute depends on nothing else: not on the order of rows, not
//! on the machine. Different values may get the same substitute.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha12Rng;
use rust_decimal::Decimal;

use super::declaration::{Budget, Declaration, Output, Parameter};
use super::key::Prf;
use super::params::Params;
use super::{Masked, Masker, MaskerError, Subject, Target};
use crate::value::{ValueKind, ValueRef};

mod words;

use words::{Locale, Topic};

/// How often a substitute that happens to be the value itself is drawn again.
const DRAWS: usize = 8;

pub(super) const DECLARATION: Declaration = Declaration {
    name: "fake_from_key",
    summary: "shows a believable substitute, the same for equal values of one audience and class",
    kinds: &[
        ValueKind::Text,
        ValueKind::Int,
        ValueKind::Float,
        ValueKind::Decimal,
        ValueKind::Date,
        ValueKind::DateTime,
    ],
    output: Output::SameKind,
    format_preserving: true,
    deterministic: true,
    joinable: false,
    reversible: false,
    keyed: true,
    max_reveal: "which values are probably equal; nothing else without the key",
    budget: Budget::Keyed,
    params: &[
        Parameter {
            name: "kind",
            meaning: "for text, what to show: `name`, `first_name`, `last_name`, `email`, `phone`, `company`, `job`, `street` or `city`",
        },
        Parameter {
            name: "locale",
            meaning: "for text, the language, `en` or `zh_CN`; `en` when left out",
        },
        Parameter {
            name: "min",
            meaning: "for numbers and dates, the least substitute",
        },
        Parameter {
            name: "max",
            meaning: "for numbers and dates, the greatest substitute, more than `min`",
        },
    ],
    examples: &[
        "kind = \"name\"",
        "kind = \"name\"\nlocale = \"zh_CN\"",
        "kind = \"email\"",
        "kind = \"phone\"\nlocale = \"zh_CN\"",
        "kind = \"company\"",
        "min = 18000\nmax = 250000",
        "min = 1950-01-01\nmax = 2005-12-31",
    ],
    build,
};

struct FakeFromKey<T> {
    prf: Prf,
    make: T,
}

/// Debug output names the masker alone: neither the key nor the generator has anything to say.
impl<T> fmt::Debug for FakeFromKey<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FakeFromKey(..)")
    }
}

impl<T> FakeFromKey<T> {
    fn rng(&self, value: ValueRef<'_>) -> ChaCha12Rng {
        ChaCha12Rng::from_seed(self.prf.of(value))
    }
}

/// What a substitute for text is made of.
struct Words {
    subject: Topic,
    locale: Locale,
}

/// Where a substitute for a number or a date lies, ends included.
enum Range {
    Int(i64, i64),
    Float(f64, f64),
    /// Mantissas and their common scale.
    Decimal(i128, i128, u32),
    Date(NaiveDate, NaiveDate),
    DateTime(DateTime<Utc>, DateTime<Utc>),
}

fn build(params: &Params<'_>, target: &Target<'_>) -> Result<Arc<dyn Masker>, MaskerError> {
    let of_text = target.kind == ValueKind::Text;
    let (strangers, these) = if of_text {
        (["min", "max"], "numbers and dates")
    } else {
        (["kind", "locale"], "text")
    };
    if let Some(stranger) = strangers
        .into_iter()
        .find(|name| params.get(name).is_some())
    {
        return Err(params.bad(stranger, &format!("left out here, it is for {these}")));
    }
    if !of_text {
        let prf = target.key.prf(&[DECLARATION.name]);
        let make = range(params, target.kind)?;
        return Ok(Arc::new(FakeFromKey { prf, make }));
    }
    let subject = params.choice("kind", Topic::ALL, None)?;
    let locale = params.choice("locale", Locale::ALL, Some(Locale::En))?;
    let purpose = [DECLARATION.name, subject.name(), locale.name()];
    Ok(Arc::new(FakeFromKey {
        prf: target.key.prf(&purpose),
        make: Words { subject, locale },
    }))
}

fn range(params: &Params<'_>, kind: ValueKind) -> Result<Range, MaskerError> {
    let (range, ordered) = match kind {
        ValueKind::Int => {
            let limit = |name| params.integer(name, i64::MIN..=i64::MAX, None);
            let (min, max) = (limit("min")?, limit("max")?);
            (Range::Int(min, max), min < max)
        }
        ValueKind::Float => {
            let (min, max) = (params.float("min")?, params.float("max")?);
            (Range::Float(min, max), min < max && (max - min).is_finite())
        }
        ValueKind::Decimal => {
            let (mut min, mut max) = (params.decimal("min")?, params.decimal("max")?);
            let scale = min.scale().max(max.scale());
            let ordered = min < max;
            min.rescale(scale);
            max.rescale(scale);
            let range = Range::Decimal(min.mantissa(), max.mantissa(), scale);
            (range, ordered && min.scale() == max.scale())
        }
        ValueKind::Date => {
            let (min, max) = (params.date("min")?, params.date("max")?);
            (Range::Date(min, max), min < max)
        }
        _ => {
            let midnight = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
            let (min, max) = (params.date("min")?, params.date("max")?);
            let range = Range::DateTime(midnight(min), midnight(max));
            (range, min < max)
        }
    };
    if ordered {
        Ok(range)
    } else {
        Err(params.bad("max", "more than `min`"))
    }
}

impl Masker for FakeFromKey<Words> {
    fn mask(&self, value: ValueRef<'_>, _: &Subject<'_>, out: &mut String) -> Masked {
        let ValueRef::Text(text) = value else {
            return Masked::Null;
        };
        let mut rng = self.rng(value);
        for _ in 0..DRAWS {
            out.clear();
            words::write(self.make.subject, self.make.locale, &mut rng, out);
            if out != text {
                return Masked::Text;
            }
        }
        out.clear();
        Masked::Null
    }
}

/// A substitute that happens to be the value is not drawn again here: in a narrow range that would tell what the value is.
impl Masker for FakeFromKey<Range> {
    fn mask(&self, value: ValueRef<'_>, _: &Subject<'_>, _: &mut String) -> Masked {
        let mut rng = self.rng(value);
        match (&self.make, value) {
            (Range::Int(min, max), ValueRef::Int(_)) => {
                Some(Masked::Int(rng.random_range(*min..=*max)))
            }
            (Range::Float(min, max), ValueRef::Float(_)) => {
                Some(Masked::Float(rng.random_range(*min..=*max)))
            }
            (Range::Decimal(min, max, scale), ValueRef::Decimal(_)) => {
                let mantissa = rng.random_range(*min..=*max);
                Decimal::try_from_i128_with_scale(mantissa, *scale)
                    .ok()
                    .map(Masked::Decimal)
            }
            (Range::Date(min, max), ValueRef::Date(_)) => {
                let days = (*max - *min).num_days().unsigned_abs();
                min.checked_add_days(Days::new(rng.random_range(0..=days)))
                    .map(Masked::Date)
            }
            (Range::DateTime(min, max), ValueRef::DateTime(_)) => {
                let second = rng.random_range(min.timestamp()..=max.timestamp());
                DateTime::from_timestamp(second, 0).map(Masked::DateTime)
            }
            _ => None,
        }
        .unwrap_or(Masked::Null)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::harness::{error_of, error_of_kind, mask_for, mask_value, masked};
    use super::*;

    #[test]
    fn substitutes_stay_the_same_from_release_to_release() {
        assert_eq!(
            masked("fake_from_key", "kind = \"name\"", "张三"),
            "Jayson Brakus"
        );
        assert_eq!(
            masked(
                "fake_from_key",
                "kind = \"name\"\nlocale = \"zh_CN\"",
                "张三"
            ),
            "梁弘耀"
        );
    }

    #[test]
    fn audiences_see_different_people() {
        let seen = |audience| -> Vec<String> {
            ["a", "b", "c"]
                .map(|text| mask_for(audience, "fake_from_key", "kind = \"email\"", text))
                .to_vec()
        };
        assert_eq!(seen("internal"), seen("internal"));
        assert_ne!(seen("internal"), seen("partner"));
    }

    #[test]
    fn mistakes_are_named() {
        assert_eq!(
            error_of("fake_from_key", ""),
            "masker `fake_from_key` needs the parameter `kind`: for text, what to show: `name`, `first_name`, `last_name`, `email`, `phone`, `company`, `job`, `street` or `city`"
        );
        assert_eq!(
            error_of("fake_from_key", "kind = \"name\"\nlocale = \"uk_UA\""),
            "parameter `locale` of masker `fake_from_key` must be one of `en`, `zh_CN`"
        );
        assert_eq!(
            error_of("fake_from_key", "kind = \"name\"\nmin = 1"),
            "parameter `min` of masker `fake_from_key` must be left out here, it is for numbers and dates"
        );
        assert_eq!(
            error_of_kind("fake_from_key", "kind = \"name\"", ValueKind::Int),
            "parameter `kind` of masker `fake_from_key` must be left out here, it is for text"
        );
        assert_eq!(
            error_of_kind("fake_from_key", "min = 5\nmax = 5", ValueKind::Decimal),
            "parameter `max` of masker `fake_from_key` must be more than `min`"
        );
        assert_eq!(
            error_of_kind("fake_from_key", "min = 1\nmax = 2", ValueKind::Date),
            "parameter `min` of masker `fake_from_key` must be a day such as 1990-12-31"
        );
    }

    proptest! {
        #[test]
        fn numbers_stay_in_their_range(value in any::<i64>()) {
            let (masked, _) = mask_value("fake_from_key", "min = -5\nmax = 5", ValueRef::Int(value));
            prop_assert!(matches!(masked, Masked::Int(-5..=5)));

            let range = "min = \"10.00\"\nmax = 20.5";
            let decimal = ValueRef::Decimal(Decimal::from(value));
            let (masked, _) = mask_value("fake_from_key", range, decimal);
            let Masked::Decimal(shown) = masked else { panic!("{masked:?}") };
            prop_assert!(shown >= Decimal::new(10, 0) && shown <= Decimal::new(205, 1));
            prop_assert_eq!(shown.scale(), 2);
        }

        #[test]
        fn days_stay_in_their_range(day in -100_000i32..100_000) {
            let (min, max) = ("1950-01-01".parse().unwrap(), "1950-01-31".parse().unwrap());
            let range = "min = 1950-01-01\nmax = \"1950-01-31\"";
            let day = NaiveDate::from_epoch_days(day).unwrap();
            let (masked, _) = mask_value("fake_from_key", range, ValueRef::Date(day));
            let Masked::Date(shown) = masked else { panic!("{masked:?}") };
            prop_assert!((min..=max).contains(&shown));

            let instant = day.and_time(NaiveTime::MIN).and_utc();
            let (masked, _) = mask_value("fake_from_key", range, ValueRef::DateTime(instant));
            let Masked::DateTime(shown) = masked else { panic!("{masked:?}") };
            prop_assert!((min..=max).contains(&shown.date_naive()));
        }
    }
}
