//! What the rows of a group have in common.

use chrono::{Datelike, Days, NaiveDate, TimeZone as _};
use chrono_tz::Tz;
use sudare_entities::catalog::Cardinality;
use sudare_policies::value::Value;

use super::eyes::Eyes;
use super::input::Input;

/// One key of `groupBy`: to-one relations, a field at the end, and in what its moments are gathered.
#[derive(Clone)]
pub(super) struct Key {
    pub(super) path: Vec<String>,
    pub(super) bucket: Option<(String, Tz)>,
}

impl Key {
    /// Reads a key; names that are refused are refused elsewhere.
    pub(super) fn read(item: &Input) -> Option<Self> {
        let given: Vec<_> = item.fields().iter().collect();
        let given = || given.iter().filter(|(_, value)| *value != Input::Null);
        let option = |wanted: &str| {
            let found = given().find(|(name, _)| name == wanted);
            found.and_then(|(_, value)| value.text())
        };
        if let Some(field) = option("field") {
            let zone = option("timeZone").map_or(Some(Tz::UTC), |zone| zone.parse().ok());
            return Some(Self {
                path: vec![field.to_owned()],
                bucket: option("bucket").map(str::to_owned).zip(zone),
            });
        }
        let mut named = given().filter(|(name, _)| name != "bucket" && name != "timeZone");
        let (relation, below) = named.next()?;
        let mut key = Self::read(below)?;
        key.path.insert(0, relation.clone());
        Some(key)
    }

    /// The field at the end of the way, and its entity.
    pub(super) fn end(&self, eyes: &Eyes<'_>, entity: usize) -> (usize, usize) {
        let (last, hops) = self.path.split_last().unwrap();
        let entity = hops.iter().fold(entity, |entity, hop| {
            let relations = &eyes.data.entity(entity).relations;
            relations
                .iter()
                .find(|one| one.name == *hop)
                .unwrap()
                .target
        });
        let fields = &eyes.data.entity(entity).fields;
        (
            entity,
            fields
                .iter()
                .position(|field| shouted(&field.name) == *last)
                .unwrap(),
        )
    }

    /// As answers and orders call it.
    pub(super) fn name(&self, eyes: &Eyes<'_>, entity: usize) -> Vec<String> {
        let (end, field) = self.end(eyes, entity);
        let mut name = self.path.clone();
        *name.last_mut().unwrap() = eyes.data.field(end, field).name.clone();
        name
    }

    pub(super) fn value(&self, eyes: &Eyes<'_>, mut entity: usize, mut row: usize) -> Value {
        let (_, field) = self.end(eyes, entity);
        for hop in &self.path[..self.path.len() - 1] {
            let relations = &eyes.data.entity(entity).relations;
            let relation = relations
                .iter()
                .find(|one| one.name == *hop && one.cardinality == Cardinality::ToOne)
                .unwrap();
            let Some(there) = eyes.related(entity, row, relation).first().copied() else {
                return Value::Null;
            };
            (entity, row) = (relation.target, there);
        }
        match (&self.bucket, eyes.clear(entity, row, field)) {
            (Some((bucket, _)), Value::Date(day)) => Value::Date(begun(bucket, day)),
            (Some((bucket, zone)), Value::DateTime(instant)) => {
                Value::Date(begun(bucket, instant.with_timezone(zone).date_naive()))
            }
            (_, value) => value,
        }
    }
}

/// The name of a field as `groupBy` has it.
pub(crate) fn shouted(name: &str) -> String {
    let mut shouted = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            shouted.push('_');
        }
        shouted.push(c.to_ascii_uppercase());
    }
    shouted
}

/// The day on which the bucket of a day begins.
fn begun(bucket: &str, day: NaiveDate) -> NaiveDate {
    let first = |month| NaiveDate::from_ymd_opt(day.year(), month, 1).unwrap();
    match bucket {
        "DAY" => day,
        "WEEK" => day - Days::new(day.weekday().num_days_from_monday().into()),
        "MONTH" => first(day.month()),
        "QUARTER" => first([1, 1, 1, 4, 4, 4, 7, 7, 7, 10, 10, 10][day.month0() as usize]),
        _ => first(1),
    }
}

/// The JSON of the instant at which a day begins.
pub(super) fn beginning(day: NaiveDate, zone: Tz) -> Value {
    let mut local = day.and_hms_opt(0, 0, 0).unwrap();
    loop {
        if let Some(instant) = zone.from_local_datetime(&local).earliest() {
            return Value::DateTime(instant.to_utc());
        }
        local += chrono::TimeDelta::minutes(15);
    }
}
