//! When people do things: the season, the day of the week, the hour of the day.

use chrono::{DateTime, Datelike, TimeDelta, Timelike, Utc};
use sudare_policies::persons::Country;

use super::calendar::moment;
use super::stream::Stream;

/// So many moments are looked at before one is taken as it comes.
const TRIES: usize = 80;
/// The largest weight of a rhythm.
const FULL: i64 = 100;

/// How much goes on in a month, on a day of the week (from Monday) and in an hour of the day, in percent of the most.
#[derive(Debug)]
pub(super) struct Rhythm {
    months: [i64; 12],
    weekdays: [i64; 7],
    hours: [i64; 24],
}

/// People buy in the evening, at the weekend, and before the end of the year.
pub(super) const SHOPPING: Rhythm = Rhythm {
    months: [44, 38, 46, 48, 52, 56, 44, 46, 52, 60, 100, 92],
    weekdays: [66, 62, 60, 62, 70, 95, 100],
    hours: [
        6, 3, 2, 2, 2, 4, 14, 26, 40, 52, 60, 62, 70, 62, 56, 54, 56, 60, 70, 88, 100, 94, 60, 24,
    ],
};

/// Who does not buy yet looks around at the same hours, all the year.
pub(super) const BROWSING: Rhythm = Rhythm {
    months: [82, 76, 80, 80, 80, 78, 70, 72, 80, 86, 100, 92],
    weekdays: [80, 78, 78, 78, 74, 90, 100],
    hours: [
        12, 6, 4, 3, 3, 4, 12, 28, 44, 48, 50, 52, 66, 58, 48, 46, 48, 54, 66, 86, 100, 98, 74, 36,
    ],
};

/// Staff works in the office, and hardly in August.
pub(super) const OFFICE: Rhythm = Rhythm {
    months: [94, 96, 100, 94, 96, 94, 80, 70, 98, 100, 98, 78],
    weekdays: [100, 96, 94, 92, 84, 4, 0],
    hours: [
        0, 0, 0, 0, 0, 0, 0, 2, 36, 90, 100, 96, 50, 74, 92, 90, 80, 44, 8, 2, 0, 0, 0, 0,
    ],
};

impl Rhythm {
    /// A moment from `from` to `to`, both included, that fits the rhythm as people of a country feel it.
    pub(super) fn moment(
        &self,
        stream: &mut Stream,
        country: Country,
        (from, to): (DateTime<Utc>, DateTime<Utc>),
    ) -> DateTime<Utc> {
        for _ in 0..TRIES {
            let candidate = moment(stream, from, to);
            if stream.between(1, FULL * FULL * FULL) <= self.weight(local(candidate, country)) {
                return candidate;
            }
        }
        moment(stream, from, to)
    }

    fn weight(&self, at: DateTime<Utc>) -> i64 {
        let of = |weights: &[i64], place: u32| {
            let place = usize::try_from(place).unwrap_or_default();
            weights.get(place).copied().unwrap_or_default()
        };
        of(&self.months, at.month0())
            * of(&self.weekdays, at.weekday().num_days_from_monday())
            * of(&self.hours, at.hour())
    }
}

/// What the clock on the wall says. An hour more or less in summer is no matter here.
fn local(at: DateTime<Utc>, country: Country) -> DateTime<Utc> {
    let ahead = match country {
        Country::Us => -6,
        Country::Gb => 0,
        Country::Ua => 2,
        Country::Vn => 7,
        Country::Cn => 8,
    };
    at + TimeDelta::hours(ahead)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::calendar::{BEGIN, END};

    fn moments(rhythm: &Rhythm, country: Country) -> Vec<DateTime<Utc>> {
        let stream = &mut Stream::of(3, "rhythm", 1);
        (0..2_000)
            .map(|_| rhythm.moment(stream, country, (BEGIN, END)))
            .collect()
    }

    #[test]
    fn the_office_works_on_working_days_where_it_is() {
        for country in [Country::Us, Country::Cn] {
            let inside = |at: &&DateTime<Utc>| {
                let at = local(**at, country);
                at.weekday().num_days_from_monday() < 5 && (8..18).contains(&at.hour())
            };
            let moments = moments(&OFFICE, country);
            let working = moments.iter().filter(inside).count();
            assert!(working > 1_900, "{working}");
        }
    }

    #[test]
    fn evenings_are_for_shopping() {
        let moments = moments(&SHOPPING, Country::Vn);
        let evening = |at: &&DateTime<Utc>| (18..22).contains(&local(**at, Country::Vn).hour());
        let evenings = moments.iter().filter(evening).count();
        assert!((550..900).contains(&evenings), "{evenings}");
        assert!(moments.iter().all(|at| (BEGIN..=END).contains(at)));
    }
}
