//! The time in which the fake history happens: the same whenever the seed is sown.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

use super::stream::Stream;

/// When the first customer may have come: 2021-01-01.
pub(super) const BEGIN: DateTime<Utc> = instant(1_609_459_200);
/// When the history ends: 2026-06-30.
pub(super) const END: DateTime<Utc> = instant(1_782_777_600);

const fn instant(seconds: i64) -> DateTime<Utc> {
    match DateTime::from_timestamp(seconds, 0) {
        Some(instant) => instant,
        None => DateTime::UNIX_EPOCH,
    }
}

/// A whole second from `from` to `to`, both included; `from` if there is none.
pub(super) fn moment(stream: &mut Stream, from: DateTime<Utc>, to: DateTime<Utc>) -> DateTime<Utc> {
    let seconds = to.signed_duration_since(from).num_seconds();
    from + TimeDelta::seconds(stream.between(0, seconds))
}

/// A day from `from` to `to`, both included.
pub(super) fn day(stream: &mut Stream, from: NaiveDate, to: NaiveDate) -> NaiveDate {
    let days = to.signed_duration_since(from).num_days();
    from + TimeDelta::days(stream.between(0, days))
}

/// The first second of a day.
pub(super) fn midnight(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}

/// This many days before the history ends.
pub(super) fn days_before_end(days: i64) -> DateTime<Utc> {
    END - TimeDelta::days(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_history_has_its_documented_ends() {
        assert_eq!(BEGIN.to_rfc3339(), "2021-01-01T00:00:00+00:00");
        assert_eq!(END.to_rfc3339(), "2026-06-30T00:00:00+00:00");
    }
}
