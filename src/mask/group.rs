//! Groups of rows, written. What may not be seen of them has not come so far.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;

use super::cell;
use super::json;
use super::raw::{Cell, Fetched, Group, RawRows};
use super::write::{WriteError, Writer};
use crate::plan::{GroupShape, GroupValue};

impl Writer {
    /// The groups of a list.
    pub(super) fn groups(
        &mut self,
        shape: &GroupShape,
        fetched: &Fetched,
        group: Option<&Group>,
    ) -> Result<(), WriteError> {
        let empty = Group::default();
        self.list(group.unwrap_or(&empty), |writer, row| {
            writer.group(shape, &fetched.rows, row)
        })
    }

    fn group(&mut self, shape: &GroupShape, rows: &RawRows, row: usize) -> Result<(), WriteError> {
        self.raw("{");
        for (index, (key, value)) in shape.fields.iter().enumerate() {
            self.key(index, key);
            match value {
                GroupValue::Typename(name) => self.name(name),
                GroupValue::Cell(cell) => self.cell(cell, rows, row)?,
                GroupValue::Never => self.raw("false"),
                GroupValue::Object(shape) => self.group(shape, rows, row)?,
                GroupValue::Beginning(cell, zone) => {
                    let stored = cell
                        .column
                        .map_or(Cell::Null, |column| rows.cell(row, column));
                    match (stored, cell::day(stored)) {
                        (Cell::Null, _) => self.raw("null"),
                        (_, Some(day)) => json::instant(self.out(), beginning(day, *zone)),
                        _ => return Err(WriteError::Broken(cell.coordinate.clone())),
                    }
                }
            }
        }
        self.raw("}");
        Ok(())
    }
}

/// The first instant of a day in a time zone. Where the clock leaps over midnight, it is the one after the leap.
fn beginning(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    let quarters = (0..96).map(|quarter| midnight + TimeDelta::minutes(15 * quarter));
    let mut instants = quarters.filter_map(|local| zone.from_local_datetime(&local).earliest());
    instants
        .next()
        .map_or_else(|| midnight.and_utc(), |instant| instant.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_where_its_clock_says() {
        let begins = |day: &str, zone| beginning(day.parse().unwrap(), zone).to_rfc3339();
        assert_eq!(begins("2026-03-01", Tz::UTC), "2026-03-01T00:00:00+00:00");
        assert_eq!(
            begins("2026-07-01", Tz::Europe__Kyiv),
            "2026-06-30T21:00:00+00:00"
        );
        // no midnight: the clock leaps from 24:00 to 01:00
        assert_eq!(
            begins("2018-11-04", Tz::America__Sao_Paulo),
            "2018-11-04T03:00:00+00:00"
        );
        // two midnights: the first one
        assert_eq!(
            begins("2018-11-04", Tz::America__Havana),
            "2018-11-04T04:00:00+00:00"
        );
    }
}
