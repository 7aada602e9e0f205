//! Orders, and pages of ordered lists.

use std::cmp::Ordering;

use async_graphql::parser::types::Field;
use sudare_entities::catalog::Cardinality;
use sudare_policies::value::Value;

use super::eyes::Eyes;
use super::filter::{fits, order};
use super::input::{Input, Variables, argument};
use super::seals::{Mark, Seals};

/// Rows of a page that names no size.
const DEFAULT_SIZE: usize = 50;

/// The order of a list.
pub(super) struct Order {
    keys: Vec<Key>,
    /// Ties are broken by the primary key in this direction.
    descending: bool,
}

struct Key {
    /// To-one relations, and a field at the end.
    path: Vec<String>,
    descending: bool,
}

/// A page of a list: its rows, and what is beside it.
pub(super) struct Page {
    pub(super) rows: Vec<usize>,
    pub(super) total: usize,
    pub(super) before: bool,
    pub(super) after: bool,
}

impl Order {
    /// Reads `orderBy`; keys that the principal may not use are left out, and refused elsewhere.
    pub(super) fn read(eyes: &Eyes<'_>, entity: usize, input: Option<&Input>) -> Self {
        let items = input.map_or(&[][..], Input::items).iter();
        let keys = items.map(|item| {
            let mut path = Vec::new();
            let mut item = item;
            while let [(name, inner)] = item.fields() {
                path.push(name.clone());
                item = inner;
            }
            let descending = item.text() == Some("DESC");
            Key { path, descending }
        });
        let keys: Vec<Key> = keys
            .filter(|key| refused_key(eyes, entity, &key.path).is_none())
            .collect();
        let descending = keys.last().is_some_and(|key| key.descending);
        Self { keys, descending }
    }

    /// Whether a key is named twice.
    pub(super) fn repeats(&self) -> bool {
        let paths: Vec<_> = self.keys.iter().map(|key| &key.path).collect();
        (1..paths.len()).any(|place| paths[..place].contains(&paths[place]))
    }

    /// Equal for orders of which one takes the cursors of the other.
    pub(super) fn name(&self) -> String {
        let keys = self.keys.iter();
        let keys = keys.map(|key| format!("{} {}", key.path.join("."), key.descending));
        format!(
            "{} {}",
            keys.collect::<Vec<_>>().join(", "),
            self.descending
        )
    }

    /// What comes first: by the keys, what is absent last in either direction, then by the primary key.
    fn compare(&self, eyes: &Eyes<'_>, entity: usize, left: usize, right: usize) -> Ordering {
        let keys = self.keys.iter().map(|key| {
            let value = |row| walk(eyes, entity, row, &key.path);
            match (value(left), value(right)) {
                (Value::Null, Value::Null) => Ordering::Equal,
                (Value::Null, _) => Ordering::Greater,
                (_, Value::Null) => Ordering::Less,
                (left, right) if key.descending => order(&right, &left),
                (left, right) => order(&left, &right),
            }
        });
        let by_key = eyes
            .data
            .key(entity, left)
            .cmp(&eyes.data.key(entity, right));
        let by_key = if self.descending {
            by_key.reverse()
        } else {
            by_key
        };
        keys.fold(Ordering::Equal, Ordering::then).then(by_key)
    }
}

/// The coordinate of the field at the end of a key, if the principal may not order by it.
pub(super) fn refused_key(eyes: &Eyes<'_>, entity: usize, path: &[String]) -> Option<String> {
    let known = eyes.data.entity(entity);
    let (name, rest) = path.split_first()?;
    match known.field(name) {
        Some(field) if eyes.usable(entity, field) => None,
        Some(_) => Some(format!("{}.{name}", known.name)),
        None => {
            let relation = known
                .relations
                .iter()
                .find(|relation| relation.name == *name)?;
            refused_key(eyes, relation.target, rest)
        }
    }
}

/// The value of a key, null where the way to it ends early.
fn walk(eyes: &Eyes<'_>, entity: usize, row: usize, path: &[String]) -> Value {
    let known = eyes.data.entity(entity);
    let (name, rest) = path.split_first().unwrap();
    if let Some(field) = known.field(name) {
        return eyes.clear(entity, row, field);
    }
    let mut relations = known.relations.iter();
    let relation = relations
        .find(|one| one.name == *name && one.cardinality == Cardinality::ToOne)
        .unwrap();
    let there = eyes.related(entity, row, relation);
    there.first().map_or(Value::Null, |other| {
        walk(eyes, relation.target, *other, rest)
    })
}

/// A list of which a page is asked for.
pub(super) struct List<'l> {
    pub(super) entity: usize,
    /// Where it is in the schema.
    pub(super) coordinate: &'l str,
    /// Its visible rows.
    pub(super) rows: Vec<usize>,
}

/// The page that a field asks for. Its arguments have been checked.
pub(super) fn page(
    (eyes, seals): (&Eyes<'_>, &Seals),
    list: List<'_>,
    (field, variables): (&Field, &Variables),
) -> Page {
    let entity = list.entity;
    let input = |name| argument(field, name, variables);
    let number =
        |name| input(name).map(|value| usize::try_from(value.whole_number().unwrap()).unwrap());
    let order = Order::read(eyes, entity, input("orderBy").as_ref());
    let mut rows = list.rows;
    if let Some(filter) = input("filter") {
        rows.retain(|row| fits(eyes, entity, *row, &filter) == Some(true));
    }
    rows.sort_by(|left, right| order.compare(eyes, entity, *left, *right));

    let total = rows.len();
    let place = |name| {
        let text = input(name)?;
        match seals.open(text.text().unwrap()) {
            Some(Mark::Cursor { key, .. }) => Some(eyes.data.find(entity, *key).unwrap()),
            _ => panic!("the cursor has been checked"),
        }
    };
    let (start, end) = (place("after"), place("before"));
    let behind = |row: usize, place: usize| order.compare(eyes, entity, row, place);
    let after_start =
        |row: usize| start.is_none_or(|place| behind(row, place) == Ordering::Greater);
    let before_end = |row: usize| end.is_none_or(|place| behind(row, place) == Ordering::Less);
    let before = rows.iter().any(|row| !after_start(*row));
    let after = rows.iter().any(|row| !before_end(*row));
    rows.retain(|row| after_start(*row) && before_end(*row));
    let skipped = number("offset").unwrap_or(0);
    let size = number("first").or(number("last")).unwrap_or(DEFAULT_SIZE);
    rows.drain(..skipped.min(rows.len()));
    let more = rows.len() > size;
    if input("last").is_some() {
        rows.drain(..rows.len().saturating_sub(size));
        return Page {
            rows,
            total,
            before: before || more,
            after,
        };
    }
    rows.truncate(size);
    Page {
        rows,
        total,
        // whatever an offset skips is before the page
        before: if skipped > 0 { total > 0 } else { before },
        after: after || more,
    }
}
