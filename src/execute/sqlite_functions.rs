//! SQL functions of our own, in SQLite. All are total: they may be called for rows that are not even visible, and must not fail for
//! what they hold.

use std::str::FromStr as _;

use chrono::{Datelike as _, Days, NaiveDate, NaiveDateTime, TimeZone as _};
use chrono_tz::Tz;
use rusqlite::Connection;
use rusqlite::functions::{Aggregate, Context, FunctionFlags};
use rusqlite::types::ValueRef;
use rust_decimal::prelude::FromPrimitive as _;
use rust_decimal::{Decimal, RoundingStrategy};

use crate::graphql::aggregates::Bucket;
use crate::plan::{AVERAGE, BUCKET, FOLD, NEAREST, SUM};

/// Makes the functions known to a connection.
pub(super) fn register(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function(FOLD, 1, flags, |context| {
        Ok(text(context, 0).map(caseless::default_case_fold_str))
    })?;
    connection.create_scalar_function(BUCKET, 3, flags, |context| {
        Ok(bucket(context).map(|day| day.to_string()))
    })?;
    connection.create_scalar_function(NEAREST, 3, flags, nearest)?;
    connection.create_aggregate_function(SUM, 2, flags, Adding(sum))?;
    connection.create_aggregate_function(AVERAGE, 3, flags, Adding(average))
}

fn text<'c>(context: &'c Context<'_>, place: usize) -> Option<&'c str> {
    match context.get_raw(place) {
        ValueRef::Text(bytes) => std::str::from_utf8(bytes).ok(),
        _ => None,
    }
}

/// A decimal that is kept as text.
fn decimal(context: &Context<'_>, place: usize) -> Option<Decimal> {
    Decimal::from_str(text(context, place)?).ok()
}

/// How many digits there are behind a point.
fn digits(context: &Context<'_>, place: usize) -> u32 {
    match context.get_raw(place) {
        ValueRef::Integer(scale) => u32::try_from(scale).unwrap_or(0),
        _ => 0,
    }
}

fn too_many_digits() -> rusqlite::Error {
    rusqlite::Error::UserFunctionError("the sum has more digits than there are".into())
}

/// The multiple of a step that is nearest to a sum or a mean.
fn nearest(context: &Context<'_>) -> rusqlite::Result<Option<String>> {
    let Some((value, step)) = decimal(context, 0).zip(decimal(context, 1)) else {
        return Ok(None);
    };
    let scale = digits(context, 2);
    let found = multiple(value, step).ok_or_else(too_many_digits)?;
    let mut shown = rounded(found, scale);
    shown.rescale(scale);
    Ok(Some(shown.to_string()))
}

/// It is counted in units of the last digit that either has, since decimals drop digits where they have too many.
fn multiple(value: Decimal, step: Decimal) -> Option<Decimal> {
    let scale = value.scale().max(step.scale());
    let units = |number: Decimal| {
        let factor = 10_i128.checked_pow(scale - number.scale())?;
        number.mantissa().checked_mul(factor)
    };
    let (value, step) = (units(value)?, units(step)?);
    let steps = value.abs().checked_mul(2)?.checked_add(step)?;
    let steps = steps.checked_div(step.checked_mul(2)?)?;
    let away = steps.checked_mul(step)?.checked_mul(value.signum())?;
    Decimal::try_from_i128_with_scale(away, scale).ok()
}

fn rounded(number: Decimal, scale: u32) -> Decimal {
    number.round_dp_with_strategy(scale, RoundingStrategy::MidpointAwayFromZero)
}

/// The day on which the bucket of a day or an instant begins.
fn bucket(context: &Context<'_>) -> Option<NaiveDate> {
    let bucket = Bucket::from_name(text(context, 1)?)?;
    let zone: Tz = text(context, 2)?.parse().ok()?;
    let moment = text(context, 0)?;
    let day = match moment.parse::<NaiveDate>() {
        Ok(day) => day,
        Err(_) => {
            let instant = chrono::DateTime::parse_from_rfc3339(moment)
                .map(|instant| instant.naive_utc())
                .or_else(|_| NaiveDateTime::parse_from_str(moment, "%Y-%m-%d %H:%M:%S%.f"));
            zone.from_utc_datetime(&instant.ok()?).date_naive()
        }
    };
    match bucket {
        Bucket::Day => Some(day),
        Bucket::Week => {
            day.checked_sub_days(Days::new(day.weekday().num_days_from_monday().into()))
        }
        Bucket::Month => day.with_day(1),
        Bucket::Quarter => NaiveDate::from_ymd_opt(day.year(), day.month0() / 3 * 3 + 1, 1),
        Bucket::Year => NaiveDate::from_ymd_opt(day.year(), 1, 1),
    }
}

/// Exact numbers so far, and how many; a sum beyond 28 digits is none.
struct Total {
    sum: Option<Decimal>,
    count: i64,
    /// Digits of the result behind the point.
    scale: u32,
}

impl Default for Total {
    fn default() -> Self {
        Self {
            sum: Some(Decimal::ZERO),
            count: 0,
            scale: 0,
        }
    }
}

impl Total {
    fn add(&mut self, context: &Context<'_>) {
        let (stored, shown) = (digits(context, 1), digits(context, context.len() - 1));
        let value = match context.get_raw(0) {
            ValueRef::Integer(value) => Some(Decimal::from(value)),
            ValueRef::Real(value) => Decimal::from_f64(value).map(|value| value.round_dp(stored)),
            _ => decimal(context, 0),
        };
        let Some(value) = value else {
            return;
        };
        self.scale = shown;
        self.count += 1;
        self.sum = self.sum.and_then(|sum| sum.checked_add(value));
    }

    /// With all digits of its scale; an error if it has outgrown them.
    fn shown(self, number: Number) -> rusqlite::Result<Option<String>> {
        if self.count == 0 {
            return Ok(None);
        }
        let number = self.sum.and_then(|sum| number(sum, self.count, self.scale));
        let mut number = number.ok_or_else(too_many_digits)?;
        number.rescale(self.scale);
        Ok(Some(number.to_string()))
    }
}

/// What a sum of so many numbers comes to, with so many digits behind the point.
type Number = fn(Decimal, i64, u32) -> Option<Decimal>;

fn sum(sum: Decimal, _: i64, _: u32) -> Option<Decimal> {
    Some(sum)
}

fn average(sum: Decimal, count: i64, scale: u32) -> Option<Decimal> {
    let mean = sum.checked_div(Decimal::from(count))?;
    Some(rounded(mean, scale))
}

struct Adding(Number);

impl Aggregate<Total, Option<String>> for Adding {
    fn init(&self, _: &mut Context<'_>) -> rusqlite::Result<Total> {
        Ok(Total::default())
    }

    fn step(&self, context: &mut Context<'_>, total: &mut Total) -> rusqlite::Result<()> {
        total.add(context);
        Ok(())
    }

    fn finalize(
        &self,
        _: &mut Context<'_>,
        total: Option<Total>,
    ) -> rusqlite::Result<Option<String>> {
        total.unwrap_or_default().shown(self.0)
    }
}
