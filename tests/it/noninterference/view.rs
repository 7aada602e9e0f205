//! What a principal sees of a database: its visible rows, and of each what is shown of every cell, what may be done with it, and
//! where it leads. Two databases of which this is equal are alike to the principal, but for named releases.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use sudare_entities::catalog::{Cardinality, Kind};
use sudare_policies::condition::Row as _;
use sudare_policies::decision::{Action, Tier};
use sudare_policies::value::Value;

use super::keys::Keys;
use crate::model::cell::{json, seen_at};
use crate::model::eyes::Eyes;

/// A row, by its entity and the key that it has in the first database.
pub(super) type Place = (usize, i64);

/// What is seen of one row.
#[derive(Clone, PartialEq)]
pub(super) struct Seen {
    pub(super) tiers: Vec<Tier>,
    text: String,
}

/// The visible rows.
#[derive(Clone, Default)]
pub(super) struct View {
    pub(super) rows: BTreeMap<Place, Seen>,
}

impl View {
    /// The whole of it.
    pub(super) fn of(eyes: &Eyes<'_>, keys: &Keys) -> Self {
        let mut view = Self::default();
        for entity in 0..eyes.data.catalog.entities.len() {
            view.look(eyes, keys, entity, |_| true);
        }
        view
    }

    /// Looks again at rows of which something may have changed.
    pub(super) fn look(
        &mut self,
        eyes: &Eyes<'_>,
        keys: &Keys,
        entity: usize,
        at: impl Fn(i64) -> bool,
    ) {
        self.rows
            .retain(|(other, key), _| *other != entity || !at(*key));
        if !eyes.exists(entity) {
            return;
        }
        for row in 0..eyes.data.count(entity) {
            let key = keys.first(entity, eyes.data.key(entity, row));
            if at(key) && eyes.visible(entity, row) {
                self.rows
                    .insert((entity, key), seen(eyes, keys, (entity, row)));
            }
        }
    }

    /// Where each visible row leads.
    pub(super) fn links(&self, eyes: &Eyes<'_>, keys: &Keys) -> BTreeMap<Place, Vec<Option<i64>>> {
        let data = eyes.data;
        let mut links = BTreeMap::new();
        for (place @ (entity, key), seen) in &self.rows {
            let known = data.entity(*entity);
            let row = data.find(*entity, keys.second(*entity, *key)).unwrap();
            let ways = known.relations.iter();
            let ways = ways.filter(|way| way.cardinality == Cardinality::ToOne);
            let ends = ways.map(|way| {
                let Value::Int(key) = *data.value(*entity, row, way.from) else {
                    return None;
                };
                let key = keys.first(way.target, key);
                let end = self.rows.get(&(way.target, key))?;
                let shown = seen.tiers[way.from] != Tier::None && end.tiers[way.to] != Tier::None;
                shown.then_some(key)
            });
            links.insert(*place, ends.collect());
        }
        links
    }

    /// Rows of which not the same is seen.
    pub(super) fn differences(&self, other: &Self) -> BTreeSet<Place> {
        let mine = self.rows.iter();
        let mine = mine.filter(|(place, seen)| other.rows.get(place) != Some(seen));
        let theirs = other.rows.keys();
        let theirs = theirs.filter(|place| !self.rows.contains_key(place));
        mine.map(|(place, _)| *place)
            .chain(theirs.copied())
            .collect()
    }

    pub(super) fn is_visible(&self, place: Place) -> bool {
        self.rows.contains_key(&place)
    }

    /// What is shown of a cell of a visible row.
    pub(super) fn tier(&self, place: Place, field: usize) -> Option<Tier> {
        self.rows.get(&place).map(|seen| seen.tiers[field])
    }
}

fn seen(eyes: &Eyes<'_>, keys: &Keys, (entity, row): (usize, usize)) -> Seen {
    let known = eyes.data.entity(entity);
    let [full, partial, desensitized, granted, update, lookup] = [
        Action::Full,
        Action::Partial,
        Action::Desensitized,
        Action::Aggregate,
        Action::Update,
        Action::Lookup,
    ]
    .map(|action| eyes.allowed(entity, row, action));
    let mut tiers = Vec::with_capacity(known.fields.len());
    let mut text = String::new();
    let mut measured = false;
    for (field, described) in known.fields.iter().enumerate() {
        let tier = match (full[field], partial[field], desensitized[field]) {
            (true, _, _) => Tier::Full,
            (_, true, _) => Tier::Partial,
            (_, _, true) => Tier::Desensitized,
            _ => Tier::None,
        };
        tiers.push(tier);
        let is_key = described.references.is_some() || known.key == field;
        let shown = seen_at(eyes, (entity, row, field), tier);
        let shown = json(&shown, &described.kind, is_key);
        let _ = write!(text, "{} {} {shown}", described.name, tier.name());
        if update[field] {
            text.push_str(" update");
        }
        if lookup[field] && described.blind.is_some() {
            text.push_str(" lookup");
        }
        // A named release: equal databases have equal sums of what is granted.
        if granted[field] {
            measured = true;
            let value = match described.kind {
                Kind::Int | Kind::BigInt | Kind::Decimal { .. } if !is_key => {
                    eyes.data.value(entity, row, field)
                }
                _ => &Value::Null,
            };
            let _ = write!(text, " granted {value:?}");
        }
        text.push('\n');
    }
    if eyes.may_delete(entity, row) {
        text.push_str("delete\n");
    }
    let person = eyes
        .set
        .subject(&eyes.audience, entity)
        .filter(|_| measured);
    if let Some(person) = person {
        let key = match eyes.data.row(entity, row).value(&person.key) {
            Value::Int(key) => Value::Int(keys.first(person.entity, key)),
            other => other,
        };
        let _ = write!(text, "of {key:?}");
    }
    Seen { tiers, text }
}
