//! Substitutes for numbers and dates, anywhere in a range.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use rand::RngExt;
use rand_chacha::ChaCha12Rng;
use rust_decimal::Decimal;

use super::super::params::Params;
use super::super::{Masked, MaskerError, Target, whole_numbers};
use crate::value::{ValueKind, ValueRef};

/// Where a substitute lies, ends included.
pub(super) enum Range {
    Int(i64, i64),
    Float(f64, f64),
    /// Mantissas and their common scale.
    Decimal(i128, i128, u32),
    Date(NaiveDate, NaiveDate),
    DateTime(DateTime<Utc>, DateTime<Utc>),
}

impl Range {
    pub(super) fn read(params: &Params<'_>, target: &Target<'_>) -> Result<Self, MaskerError> {
        let (range, ordered) = match target.kind {
            ValueKind::Int => {
                let limit = |name| params.integer(name, whole_numbers(target.narrow), None);
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

    /// A substitute of the kind of the value.
    ///
    /// One that happens to be the value is not drawn again: in a narrow range that would tell what the value is.
    pub(super) fn substitute(&self, value: ValueRef<'_>, rng: &mut ChaCha12Rng) -> Masked {
        match (self, value) {
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
