//! Groups of rows and what they amount to, in memory.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate, TimeZone as _};
use chrono_tz::Tz;
use rust_decimal::{Decimal, RoundingStrategy};
use sudare_entities::catalog::{Cardinality, Field, Kind};
use sudare_policies::condition::Row as _;
use sudare_policies::value::Value;

use super::eyes::Eyes;
use super::filter::{all, any, operators_hold, order};
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

    fn value(&self, eyes: &Eyes<'_>, mut entity: usize, mut row: usize) -> Value {
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
pub(super) fn shouted(name: &str) -> String {
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

/// Whether the fields have such a measure.
pub(super) fn has(measure: &str, eyes: &Eyes<'_>, entity: usize, field: usize) -> bool {
    let known = eyes.data.field(entity, field);
    let is_key = known.references.is_some() || eyes.data.entity(entity).key == field;
    match (measure, &known.kind) {
        ("countDistinct", kind) => *kind != Kind::Json,
        ("sum" | "avg", kind) => {
            !is_key && matches!(kind, Kind::Int | Kind::BigInt | Kind::Decimal { .. })
        }
        (_, Kind::Json | Kind::Boolean | Kind::Enum { .. } | Kind::Uuid) => false,
        _ => !is_key,
    }
}

/// The kind of a measure.
pub(super) fn kind(measure: &str, field: &Field) -> Kind {
    let scale = match field.kind {
        Kind::Decimal { scale } => scale,
        _ => 0,
    };
    match measure {
        "countDistinct" => Kind::Int,
        "sum" => Kind::Decimal { scale },
        "avg" => Kind::Decimal { scale: scale + 4 },
        _ => field.kind.clone(),
    }
}

/// Whether the measure is taken of what is granted, and not only of what is seen.
pub(super) fn is_withheld(eyes: &Eyes<'_>, entity: usize, field: usize, measure: &str) -> bool {
    matches!(measure, "sum" | "avg")
        && eyes.overall(entity, field) != "FULL"
        && eyes.is_granted_somewhere(entity, field)
}

/// A group, and what is shown of it.
pub(super) struct Shown {
    pub(super) keys: Vec<Value>,
    pub(super) count: usize,
    pub(super) suppressed: bool,
    measures: BTreeMap<(String, usize), Value>,
}

/// What an aggregate asks for.
pub(super) struct Wanted {
    pub(super) keys: Vec<Key>,
    /// By name and field.
    pub(super) measures: Vec<(String, usize)>,
}

/// What is hidden of a field in a group.
struct Hidden {
    persons: usize,
    closed: bool,
    bad: bool,
}

/// The groups of some rows, in no order.
pub(super) fn groups(
    eyes: &Eyes<'_>,
    entity: usize,
    rows: &[usize],
    wanted: &Wanted,
) -> Vec<Shown> {
    let mut found: Vec<(Vec<Value>, Vec<usize>)> = Vec::new();
    if wanted.keys.is_empty() {
        found.push((Vec::new(), Vec::new()));
    }
    for row in rows {
        let keys: Vec<Value> = wanted
            .keys
            .iter()
            .map(|key| key.value(eyes, entity, *row))
            .collect();
        match found.iter_mut().find(|(known, _)| *known == keys) {
            Some((_, rows)) => rows.push(*row),
            None => found.push((keys, vec![*row])),
        }
    }
    let mut withheld: Vec<usize> = Vec::new();
    for (measure, field) in &wanted.measures {
        if is_withheld(eyes, entity, *field, measure) && !withheld.contains(field) {
            withheld.push(*field);
        }
    }
    let hidden: Vec<Vec<Hidden>> = found
        .iter()
        .map(|(_, rows)| {
            let fields = withheld.iter();
            fields
                .map(|field| judged(eyes, (entity, *field), rows))
                .collect()
        })
        .collect();
    let bad = |place: usize| hidden[place].iter().any(|one| one.bad);
    let rank = |place: usize| {
        let open = !hidden[place].iter().all(|one| one.closed);
        let persons: usize = hidden[place].iter().map(|one| one.persons).sum();
        (open, persons)
    };
    // a total would tell what one group alone is missing: the smallest of the others is missing, too
    let others = (0..found.len()).filter(|place| !bad(*place));
    let second = others.min_by(|left, right| {
        let keys = compare_keys(&found[*left].0, &found[*right].0);
        rank(*left).cmp(&rank(*right)).then(keys)
    });
    let second = second.filter(|_| (0..found.len()).any(bad));
    let shown = found.iter().enumerate().map(|(place, (keys, rows))| {
        let suppressed = bad(place) || second == Some(place);
        let measures = wanted.measures.iter().map(|(measure, field)| {
            let hides = suppressed && is_withheld(eyes, entity, *field, measure);
            let value = match hides {
                true => Value::Null,
                false => measured(eyes, (entity, *field), measure, rows),
            };
            ((measure.clone(), *field), value)
        });
        Shown {
            keys: keys.clone(),
            count: rows.len(),
            suppressed,
            measures: measures.collect(),
        }
    });
    shown.collect()
}

/// Keys of two groups, what is absent last.
fn compare_keys(left: &[Value], right: &[Value]) -> Ordering {
    let pairs = left.iter().zip(right);
    pairs.fold(Ordering::Equal, |so_far, (left, right)| {
        so_far.then(directed(left, right, false))
    })
}

fn directed(left: &Value, right: &Value, descending: bool) -> Ordering {
    match (left, right) {
        (Value::Null, Value::Null) => Ordering::Equal,
        (Value::Null, _) => Ordering::Greater,
        (_, Value::Null) => Ordering::Less,
        _ if descending => order(right, left),
        _ => order(left, right),
    }
}

fn judged(eyes: &Eyes<'_>, (entity, field): (usize, usize), rows: &[usize]) -> Hidden {
    let paths = eyes.set.subject(&eyes.audience, entity).unwrap();
    let hidden = |row: &usize| {
        eyes.is_granted(entity, *row, field)
            && eyes.clear(entity, *row, field) == Value::Null
            && eyes.tier(entity, *row, field) != sudare_policies::decision::Tier::Full
    };
    let mut closed = false;
    let mut sums: Vec<(Value, Option<Decimal>)> = Vec::new();
    for row in rows {
        let person = eyes.data.row(entity, *row).value(&paths.key);
        let place = match sums.iter().position(|(known, _)| *known == person) {
            Some(place) => place,
            None => {
                sums.push((person, None));
                sums.len() - 1
            }
        };
        if !hidden(row) {
            continue;
        }
        closed = true;
        if let Some(value) = number(eyes.data.value(entity, *row, field)) {
            let sum = &mut sums[place].1;
            *sum = Some(sum.unwrap_or_default() + value);
        }
    }
    let persons = sums
        .iter()
        .filter(|(person, sum)| *person != Value::Null && sum.is_some())
        .count();
    let sizes = || sums.iter().filter_map(|(_, sum)| sum.map(|sum| sum.abs()));
    let most = sizes().max().unwrap_or_default();
    let mass: Decimal = sizes().sum();
    let k = usize::try_from(eyes.set.k()).unwrap();
    Hidden {
        persons,
        closed,
        bad: closed && (persons < k || most * Decimal::TWO > mass),
    }
}

fn number(value: &Value) -> Option<Decimal> {
    match value {
        Value::Int(value) => Some(Decimal::from(*value)),
        Value::Decimal(value) => Some(*value),
        _ => None,
    }
}

/// A measure of the values that the principal may have it of.
fn measured(
    eyes: &Eyes<'_>,
    (entity, field): (usize, usize),
    measure: &str,
    rows: &[usize],
) -> Value {
    let withheld = is_withheld(eyes, entity, field, measure);
    let values = rows.iter().map(|row| {
        if withheld && eyes.is_granted(entity, *row, field) {
            eyes.data.value(entity, *row, field).clone()
        } else {
            eyes.clear(entity, *row, field)
        }
    });
    let values: Vec<Value> = values.filter(|value| *value != Value::Null).collect();
    if measure == "countDistinct" {
        let mut distinct: Vec<&Value> = Vec::new();
        for value in &values {
            if !distinct.contains(&value) {
                distinct.push(value);
            }
        }
        return Value::Int(i64::try_from(distinct.len()).unwrap());
    }
    if values.is_empty() {
        return Value::Null;
    }
    let Kind::Decimal { scale } = kind(measure, eyes.data.field(entity, field)) else {
        return extreme(measure, values);
    };
    if matches!(measure, "min" | "max") {
        return extreme(measure, values);
    }
    let sum: Decimal = values.iter().filter_map(number).sum();
    let mut exact = match measure {
        "sum" => sum,
        _ => rounded(sum / Decimal::from(values.len()), scale),
    };
    if withheld && let Some(step) = eyes.set.rounding(entity, field) {
        exact = rounded(rounded(exact / step, 0) * step, scale);
    }
    exact.rescale(scale);
    Value::Decimal(exact)
}

fn rounded(number: Decimal, scale: u32) -> Decimal {
    number.round_dp_with_strategy(scale, RoundingStrategy::MidpointAwayFromZero)
}

fn extreme(measure: &str, values: Vec<Value>) -> Value {
    let values = values.into_iter();
    match measure {
        "min" => values.min_by(order),
        _ => values.max_by(order),
    }
    .unwrap()
}

impl Shown {
    pub(super) fn measure(&self, measure: &str, field: usize) -> &Value {
        &self.measures[&(measure.to_owned(), field)]
    }

    /// What `having` says of the group.
    pub(super) fn fits(&self, eyes: &Eyes<'_>, entity: usize, having: &Input) -> Option<bool> {
        all(having
            .fields()
            .iter()
            .map(|(name, value)| match name.as_str() {
                "and" => all(value.items().iter().map(|one| self.fits(eyes, entity, one))),
                "or" => any(value.items().iter().map(|one| self.fits(eyes, entity, one))),
                "not" => self.fits(eyes, entity, value).map(|truth| !truth),
                "count" => {
                    let count = Value::Int(i64::try_from(self.count).unwrap());
                    operators_hold((&Kind::Int, false), &count, value)
                }
                measure => all(value.fields().iter().map(|(field, operators)| {
                    let known = eyes.data.entity(entity).field(field).unwrap();
                    let kind = kind(measure, eyes.data.field(entity, known));
                    operators_hold((&kind, false), self.measure(measure, known), operators)
                })),
            }))
    }
}

/// One key of the order of groups.
pub(super) enum By {
    Count,
    Key(usize),
    Measure(String, usize),
}

/// What comes first.
pub(super) fn sort(groups: &mut [Shown], orders: &[(By, bool)]) {
    groups.sort_by(|left, right| {
        let by = orders.iter().map(|(by, descending)| {
            let value = |group: &Shown| match by {
                By::Count => Value::Int(i64::try_from(group.count).unwrap()),
                By::Key(place) => group.keys[*place].clone(),
                By::Measure(measure, field) => group.measure(measure, *field).clone(),
            };
            directed(&value(left), &value(right), *descending)
        });
        let by = by.fold(Ordering::Equal, Ordering::then);
        left.suppressed
            .cmp(&right.suppressed)
            .then(by)
            .then(compare_keys(&left.keys, &right.keys))
    });
}
