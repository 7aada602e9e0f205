//! `date_shift`: 1990-06-22 -> 1990-10-03, all days of one person by the same number of days.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::declaration::{Budget, Declaration, Output, Parameter};
use super::key::Prf;
use super::params::Params;
use super::{Masked, Masker, MaskerError, Subject, Target};
use crate::value::{ValueKind, ValueRef};

/// How far days go when nothing is said, and how far they may go.
const DAYS: i64 = 180;
const MOST_DAYS: i64 = 36_500;

pub(super) const DECLARATION: Declaration = Declaration {
    name: "date_shift",
    summary: "shows all days and instants of one person earlier or later by the same number of days, so that what is between them stays",
    kinds: &[ValueKind::Date, ValueKind::DateTime],
    output: Output::SameKind,
    format_preserving: true,
    deterministic: true,
    joinable: false,
    reversible: true,
    keyed: true,
    max_reveal: "the time between any two days of one person, the time of day, and the day itself to within `days`; who learns one day \
                 of a person otherwise knows all",
    budget: Budget::Shifted,
    params: &[Parameter {
        name: "days",
        meaning: "how far days are moved at most, either way: a whole number from 1; 180 when left out; dates keep their distances only where it is the same",
    }],
    examples: &["", "days = 7"],
    build,
};

/// Moves by -days to days, but never by none.
#[derive(Debug)]
struct DateShift {
    kind: ValueKind,
    prf: Prf,
    days: i64,
}

fn build(params: &Params<'_>, target: &Target<'_>) -> Result<Arc<dyn Masker>, MaskerError> {
    let days = params.integer("days", 1..=MOST_DAYS, Some(DAYS))?;
    let key = target.subject.as_ref().ok_or(MaskerError::BadTarget {
        masker: DECLARATION.name,
        problem: "moves the days of one person alike, and nothing says whose these are",
        cure: "add [subject.\"Entity\"] for this entity to masking.toml, or take `date_trunc`",
    })?;
    let prf = key.prf(&[DECLARATION.name]);
    let kind = target.kind;
    Ok(Arc::new(DateShift { kind, prf, days }))
}

impl Masker for DateShift {
    fn mask(&self, value: ValueRef<'_>, subject: &Subject<'_>, _: &mut String) -> Masked {
        // Of a row that is nobody's, nothing is shown: it would have to move like some other.
        let Some(shift) = subject.key.and_then(|key| self.shift(key)) else {
            return Masked::Null;
        };
        match value {
            _ if value.kind() != self.kind => None,
            ValueRef::Date(date) => moved(date, shift).map(Masked::Date),
            ValueRef::DateTime(instant) => moved_instant(instant, shift).map(Masked::DateTime),
            _ => None,
        }
        .unwrap_or(Masked::Null)
    }

    fn needs_subject(&self) -> bool {
        true
    }
}

impl DateShift {
    fn shift(&self, key: ValueRef<'_>) -> Option<TimeDelta> {
        let hash = self.prf.of(key);
        let drawn = u64::from_be_bytes(*hash.first_chunk()?);
        let choices = u64::try_from(2 * self.days).ok()?;
        let days = i64::try_from(drawn % choices).ok()? - self.days;
        TimeDelta::try_days(if days < 0 { days } else { days + 1 })
    }
}

/// None beyond the ends of the calendar.
fn moved(date: NaiveDate, shift: TimeDelta) -> Option<NaiveDate> {
    date.checked_add_signed(shift)
}

fn moved_instant(instant: DateTime<Utc>, shift: TimeDelta) -> Option<DateTime<Utc>> {
    instant.checked_add_signed(shift)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::super::build;
    use super::super::harness::{dates, target, try_build};
    use super::*;

    fn person(key: i64) -> Subject<'static> {
        Subject {
            key: Some(ValueRef::Int(key)),
            ..Subject::default()
        }
    }

    fn shown(audience: &str, params: &str, value: ValueRef<'_>, subject: &Subject<'_>) -> Masked {
        let masker = try_build(audience, "date_shift", params, value.kind()).unwrap();
        assert!(masker.needs_subject());
        masker.mask(value, subject, &mut String::new())
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// By how many days a day of a person is moved.
    fn shift(audience: &str, params: &str, key: i64) -> i64 {
        let birth = day("1990-06-22");
        match shown(audience, params, ValueRef::Date(birth), &person(key)) {
            Masked::Date(moved) => (moved - birth).num_days(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn shifts_stay_the_same_from_release_to_release() {
        assert_eq!(shift("internal", "", 42), 48);
    }

    #[test]
    fn nobody_stays_where_they_are_and_nobody_goes_too_far() {
        let shifts: BTreeSet<_> = (0..200)
            .map(|key| shift("internal", "days = 3", key))
            .collect();
        assert_eq!(shifts, BTreeSet::from([-3, -2, -1, 1, 2, 3]));
        let far = (0..200).map(|key| shift("internal", "", key).abs()).max();
        assert!((150..=180).contains(&far.unwrap()));
    }

    #[test]
    fn audiences_see_different_shifts() {
        let shifts = |audience| -> Vec<_> { (0..20).map(|key| shift(audience, "", key)).collect() };
        assert_ne!(shifts("internal"), shifts("partner"));
    }

    #[test]
    fn a_row_of_nobody_shows_nothing() {
        let birth = ValueRef::Date(day("1990-06-22"));
        let nobody = Subject {
            country: Some("CN"),
            ..Subject::default()
        };
        assert_eq!(shown("internal", "", birth, &nobody), Masked::Null);
    }

    #[test]
    fn beyond_the_ends_of_the_calendar_there_is_nothing() {
        for key in 0..20 {
            let late = shown("internal", "", ValueRef::Date(NaiveDate::MAX), &person(key));
            let early = shown("internal", "", ValueRef::Date(NaiveDate::MIN), &person(key));
            assert_eq!(late == Masked::Null, early != Masked::Null);
            let last = ValueRef::DateTime(DateTime::<Utc>::MAX_UTC);
            let first = ValueRef::DateTime(DateTime::<Utc>::MIN_UTC);
            for end in [last, first] {
                let masked = shown("internal", "", end, &person(key));
                assert!(matches!(masked, Masked::Null | Masked::DateTime(_)));
            }
        }
    }

    #[test]
    fn without_a_subject_there_is_no_such_mask() {
        let target = Target {
            subject: None,
            ..target("internal", ValueKind::Date)
        };
        let error = build("date_shift", &toml::Table::new(), &target).unwrap_err();
        assert_eq!(
            error.to_string(),
            "masker `date_shift` moves the days of one person alike, and nothing says whose these are; \
             add [subject.\"Entity\"] for this entity to masking.toml, or take `date_trunc`"
        );
    }

    proptest! {
        #[test]
        fn what_is_between_two_days_of_a_person_stays(left in dates(), right in dates(), hour in 0u32..24, key in any::<i64>()) {
            let at = |date: NaiveDate| date.and_hms_opt(hour, 30, 0).unwrap().and_utc();
            let subject = person(key);
            let shown = |value| shown("internal", "", value, &subject);
            if let (Masked::Date(first), Masked::Date(second)) = (shown(ValueRef::Date(left)), shown(ValueRef::Date(right))) {
                prop_assert_eq!(second - first, right - left);
                // an instant of the same person moves with the days
                prop_assert_eq!(shown(ValueRef::DateTime(at(left))), Masked::DateTime(at(first)));
            }
        }
    }
}
