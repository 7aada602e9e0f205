//! The day on which the bucket of a moment begins, as SQL.

use chrono::{DateTime, Offset as _, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;
use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Func};
use sudare_entities::catalog::Kind;

use super::dialect::Dialect;
use crate::graphql::aggregates::Bucket;

/// The SQL function of our own by which SQLite finds the day on which a bucket begins.
pub(crate) const BUCKET: &str = "sudare_bucket";

/// The years whose clock changes MariaDB is told; before and after, the clock is taken to stand as it did.
const FIRST_YEAR: i32 = 1900;
const LAST_YEAR: i32 = 2100;

impl Dialect {
    /// The day, in the time zone, on which the bucket of a day or an instant begins.
    pub(super) fn bucket(self, of: Expr, kind: &Kind, bucket: Bucket, zone: Tz) -> Expr {
        let is_instant = *kind == Kind::DateTime;
        match self {
            Self::Sqlite => Func::cust(Alias::new(BUCKET))
                .arg(of)
                .arg(quoted(bucket.name()))
                .arg(quoted(zone.name()))
                .into(),
            Self::Postgres => {
                let local = if is_instant {
                    Func::cust(Alias::new("timezone"))
                        .arg(quoted(zone.name()))
                        .arg(of)
                        .into()
                } else {
                    of.cast_as(Alias::new("timestamp"))
                };
                let truncated = Func::cust(Alias::new("date_trunc"));
                let unit = quoted(&bucket.name().to_ascii_lowercase());
                Expr::from(truncated.arg(unit).arg(local)).cast_as(Alias::new("date"))
            }
            Self::MariaDb => {
                let local = if is_instant && zone != Tz::UTC {
                    Func::cust(Alias::new("TIMESTAMPADD"))
                        .arg(Expr::cust("SECOND"))
                        .arg(offset(&of, &changes(zone)))
                        .arg(of)
                        .into()
                } else {
                    of
                };
                first_day(local, bucket)
            }
        }
    }
}

/// A word of ours in the text of a statement: names of time zones and buckets have nothing to escape.
fn quoted(word: &str) -> Expr {
    Expr::cust(format!("'{word}'"))
}

/// The first day of the bucket, for MariaDB.
fn first_day(local: Expr, bucket: Bucket) -> Expr {
    let call = |name: &'static str| Func::cust(Alias::new(name));
    let day = |of: Expr| Expr::from(call("DATE").arg(of));
    let formed = |of: Expr, form: &'static str| {
        let text = call("DATE_FORMAT").arg(of).arg(Expr::cust(form));
        day(text.into())
    };
    match bucket {
        Bucket::Day => day(local),
        Bucket::Week => {
            let weekday = call("WEEKDAY").arg(local.clone());
            call("SUBDATE").arg(day(local)).arg(weekday).into()
        }
        Bucket::Month => formed(local, "'%Y-%m-01'"),
        Bucket::Quarter => {
            let quarter = Expr::from(call("QUARTER").arg(local.clone()));
            let quarters = quarter.sub(Expr::cust("1"));
            let year = formed(local, "'%Y-01-01'");
            let sum = call("TIMESTAMPADD").arg(Expr::cust("QUARTER"));
            day(sum.arg(quarters).arg(year).into())
        }
        Bucket::Year => formed(local, "'%Y-01-01'"),
    }
}

/// From when on a clock stands so many seconds before UTC; the first holds for all time before, too.
type Change = (DateTime<Utc>, i32);

/// The changes of a zone's clock.
fn changes(zone: Tz) -> Vec<Change> {
    let year = |year: i32| Utc.with_ymd_and_hms(year, 1, 1, 0, 0, 0).earliest();
    let (Some(mut at), Some(end)) = (year(FIRST_YEAR), year(LAST_YEAR)) else {
        return Vec::new();
    };
    let offset = |at: DateTime<Utc>| {
        let offset = zone.offset_from_utc_datetime(&at.naive_utc());
        offset.fix().local_minus_utc()
    };
    let mut changes = vec![(at, offset(at))];
    while at < end {
        let next = at + TimeDelta::weeks(1);
        if offset(next) != offset(at) {
            changes.push((change(at, next, &offset), offset(next)));
        }
        at = next;
    }
    changes
}

/// The second from which on the offset is that of the end.
fn change(
    mut start: DateTime<Utc>,
    mut end: DateTime<Utc>,
    offset: &impl Fn(DateTime<Utc>) -> i32,
) -> DateTime<Utc> {
    let last = offset(end);
    while end - start > TimeDelta::seconds(1) {
        let middle = start + TimeDelta::seconds((end - start).num_seconds() / 2);
        if offset(middle) == last {
            end = middle;
        } else {
            start = middle;
        }
    }
    end
}

/// The offset in force at an instant, found by halves: for each row the database compares eight or nine times.
fn offset(of: &Expr, changes: &[Change]) -> Expr {
    let (before, from) = changes.split_at(changes.len() / 2);
    match (before, from.first()) {
        ([], Some((_, offset))) => Expr::cust(offset.to_string()),
        (_, Some((at, _))) => {
            let at = quoted(&at.format("%Y-%m-%d %H:%M:%S").to_string());
            let earlier = of.clone().lt(at);
            Expr::case(earlier, offset(of, before))
                .finally(offset(of, from))
                .into()
        }
        _ => Expr::cust("0"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_change_when_the_law_says_so() {
        let kyiv = changes(Tz::Europe__Kyiv);
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        assert!(kyiv.contains(&(at("2026-03-29T01:00:00Z"), 3 * 3600)));
        assert!(kyiv.contains(&(at("2026-10-25T01:00:00Z"), 2 * 3600)));
        assert_eq!(changes(Tz::UTC).len(), 1);
        assert!(kyiv.is_sorted());
    }
}
