//! `date_trunc`: 1990-06-22 -> 1990-01-01.

use std::sync::Arc;

use chrono::{Datelike, NaiveDate, NaiveTime};

use super::declaration::{Budget, Declaration, Output, Parameter};
use super::params::Params;
use super::{Masked, Masker, MaskerError, Subject, Target};
use crate::value::{ValueKind, ValueRef};

pub(super) const DECLARATION: Declaration = Declaration {
    name: "date_trunc",
    summary: "shows the first day of the year, quarter or month, for an instant its midnight in UTC",
    kinds: &[ValueKind::Date, ValueKind::DateTime],
    output: Output::SameKind,
    format_preserving: true,
    deterministic: true,
    joinable: false,
    reversible: false,
    keyed: false,
    max_reveal: "the year, quarter or month, in UTC",
    budget: Budget::Band,
    params: &[Parameter {
        name: "unit",
        meaning: "what stays visible: `year`, `quarter` or `month`",
    }],
    examples: &["unit = \"year\"", "unit = \"quarter\"", "unit = \"month\""],
    build,
};

/// A period, by its number of months.
#[derive(Clone, Copy, Debug)]
struct DateTrunc {
    months: u32,
}

fn build(params: &Params<'_>, _: &Target<'_>) -> Result<Arc<dyn Masker>, MaskerError> {
    let units = [("year", 12), ("quarter", 3), ("month", 1)];
    let months = params.choice("unit", &units, None)?;
    Ok(Arc::new(DateTrunc { months }))
}

impl Masker for DateTrunc {
    fn mask(&self, value: ValueRef<'_>, _: &Subject<'_>, _: &mut String) -> Masked {
        match value {
            ValueRef::Date(date) => self.first_day(date).map(Masked::Date),
            ValueRef::DateTime(instant) => self
                .first_day(instant.date_naive())
                .map(|day| Masked::DateTime(day.and_time(NaiveTime::MIN).and_utc())),
            _ => None,
        }
        .unwrap_or(Masked::Null)
    }
}

impl DateTrunc {
    fn first_day(self, date: NaiveDate) -> Option<NaiveDate> {
        let month = date.month0() / self.months * self.months;
        NaiveDate::from_ymd_opt(date.year(), month + 1, 1)
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use proptest::prelude::*;

    use super::super::harness::{dates, error_of_kind, instants, mask_value};
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn instant(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn dates_become_the_first_day_of_their_period() {
        for (unit, day, first) in [
            ("year", "1990-06-22", "1990-01-01"),
            ("quarter", "1990-06-22", "1990-04-01"),
            ("quarter", "1990-12-31", "1990-10-01"),
            ("month", "1990-06-22", "1990-06-01"),
            ("month", "2000-02-29", "2000-02-01"),
            ("year", "2000-02-29", "2000-01-01"),
            ("year", "-0001-02-28", "-0001-01-01"),
        ] {
            let params = format!("unit = \"{unit}\"");
            let (masked, _) = mask_value("date_trunc", &params, ValueRef::Date(date(day)));
            assert_eq!(masked, Masked::Date(date(first)), "{unit} of {day}");
        }
    }

    #[test]
    fn instants_become_the_first_midnight_in_utc() {
        // the first of January in the east is still December in UTC
        let late = instant("2024-01-01T07:30:00+08:00");
        let (masked, _) = mask_value("date_trunc", "unit = \"month\"", ValueRef::DateTime(late));
        assert_eq!(masked, Masked::DateTime(instant("2023-12-01T00:00:00Z")));
    }

    #[test]
    fn the_ends_of_the_calendar_do_not_panic() {
        for day in [NaiveDate::MIN, NaiveDate::MAX] {
            for params in DECLARATION.examples {
                let (masked, _) = mask_value("date_trunc", params, ValueRef::Date(day));
                assert!(matches!(masked, Masked::Date(_) | Masked::Null));
            }
        }
    }

    #[test]
    fn the_unit_must_be_given() {
        assert_eq!(
            error_of_kind("date_trunc", "", ValueKind::Date),
            "masker `date_trunc` needs the parameter `unit`: what stays visible: `year`, `quarter` or `month`"
        );
        assert_eq!(
            error_of_kind("date_trunc", "unit = \"day\"", ValueKind::Date),
            "parameter `unit` of masker `date_trunc` must be one of `year`, `quarter`, `month`"
        );
    }

    proptest! {
        #[test]
        fn all_days_of_a_month_look_alike(day in dates(), instant in instants()) {
            let mask = DateTrunc { months: 1 };
            let first = day.with_day(1).unwrap();
            let mut out = String::new();
            prop_assert_eq!(mask.mask(ValueRef::Date(day), &Subject::default(), &mut out), Masked::Date(first));
            let first = instant.date_naive().with_day(1).unwrap().and_time(NaiveTime::MIN).and_utc();
            prop_assert_eq!(mask.mask(ValueRef::DateTime(instant), &Subject::default(), &mut out), Masked::DateTime(first));
        }
    }
}
