//! Groups of rows and what they amount to, in memory.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use rust_decimal::Decimal;
use sudare_entities::catalog::Kind;
use sudare_policies::condition::Row as _;
use sudare_policies::value::Value;

use super::eyes::Eyes;
use super::filter::{all, any, operators_hold, order};
use super::group_keys::Key;
use super::input::Input;
use super::measures::{is_withheld, kind, measured, number};

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
