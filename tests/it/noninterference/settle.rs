//! The second database: of the differences that were proposed, those that leave the view of a principal as it is.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use sudare_entities::catalog::Cardinality;
use sudare_policies::PolicySet;
use sudare_policies::value::Value;

use super::change::{Change, changed};
use super::ideal::Renames;
use super::keys::Keys;
use super::policies::Rulebook;
use super::rules::{Bounds, Rules};
use super::view::{Place, View};
use crate::model::data::Data;
use crate::model::eyes::Eyes;

/// How often differences are taken back until the views are equal; then all are.
const ROUNDS: usize = 6;

/// Steps from a row to what its view may depend on.
const STEPS: usize = 3;

/// One principal before the first database.
pub(super) struct First<'f> {
    pub(super) rulebook: &'f Rulebook,
    pub(super) eyes: &'f Eyes<'f>,
    pub(super) view: View,
    links: BTreeMap<Place, Vec<Option<i64>>>,
    rules: &'f Rules,
}

/// A database that looks the same.
pub(super) struct Second {
    pub(super) data: Data,
    pub(super) changes: Vec<Change>,
    pub(super) keys: Keys,
    /// Its policies, if its maskers are others.
    pub(super) set: Option<Arc<PolicySet>>,
}

impl<'f> First<'f> {
    pub(super) fn new(rulebook: &'f Rulebook, eyes: &'f Eyes<'f>, rules: &'f Rules) -> Self {
        let keys = Keys::same(eyes.data.catalog.entities.len());
        let view = View::of(eyes, &keys);
        let links = view.links(eyes, &keys);
        Self {
            rulebook,
            eyes,
            view,
            links,
            rules,
        }
    }

    /// What remains of the proposed differences.
    pub(super) fn settle(
        &self,
        mut changes: Vec<Change>,
        (mut keys, renames): (Keys, Option<&Renames>),
        bounds: Option<&Bounds<'_>>,
    ) -> Second {
        let data = self.eyes.data;
        let load = |keys: &Keys| {
            let ideal = renames.filter(|renames| keys.are_moved() || !renames.is_empty());
            ideal.map(|renames| Arc::new(renames.policies(self.rulebook, data, keys)))
        };
        let mut set = load(&keys);
        if keys.are_moved() && !self.same_keys(&mut keys, set.as_ref()) {
            set = load(&keys);
        }
        for round in 0.. {
            let second = changed(data, &changes, &keys);
            let twice = taken_twice(&second);
            if !twice.is_empty() {
                // one of two rows that were to have each other's value has kept its own
                changes.retain(|change| match change {
                    Change::Cell { at, field, .. } => !twice.contains(&(at.0, *field)),
                    Change::Gone(_) | Change::New { .. } => true,
                });
                continue;
            }
            let noticed = self.noticed(&second, set.as_ref(), (&changes, &keys));
            let referred = |bounds: &Bounds<'_>| {
                keys.are_moved() || bounds.same_referrers(&self.view, data, &second)
            };
            let same_referrers = bounds.is_none_or(referred);
            if noticed.is_empty() && same_referrers {
                return Second {
                    data: second,
                    changes,
                    keys,
                    set,
                };
            }
            if !same_referrers {
                changes.retain(|change| !Bounds::refers(data, change));
            }
            if round >= ROUNDS {
                assert!(!changes.is_empty(), "a database looks like itself");
                changes.clear();
            }
            self.take_back(&mut changes, &noticed, &second);
        }
        unreachable!("the last round ends it")
    }

    /// Whether moved keys alone are not noticed; if they are, none are moved from here on.
    fn same_keys(&self, keys: &mut Keys, set: Option<&Arc<PolicySet>>) -> bool {
        let second = changed(self.eyes.data, &[], keys);
        let noticed = self.noticed(&second, set, (&[], keys));
        if noticed.is_empty() {
            return true;
        }
        *keys = Keys::same(self.eyes.data.catalog.entities.len());
        false
    }

    /// Rows that look otherwise in the second database.
    fn noticed(
        &self,
        second: &Data,
        set: Option<&Arc<PolicySet>>,
        (changes, keys): (&[Change], &Keys),
    ) -> BTreeSet<Place> {
        let set = set.unwrap_or(&self.rulebook.set);
        let said = &self.rulebook.said;
        let eyes = Eyes::open(second, (set, said), &self.eyes.principal, super::now()).unwrap();
        let mut view = self.view.clone();
        let places = changes.iter().map(|change| change.place(self.eyes.data));
        let places: BTreeSet<Place> = places.collect();
        let entities: BTreeSet<usize> = places.iter().map(|(entity, _)| *entity).collect();
        for entity in 0..second.catalog.entities.len() {
            if keys.are_moved() || self.rules.look_beyond(entity, &entities) {
                view.look(&eyes, keys, entity, |_| true);
            } else if entities.contains(&entity) {
                view.look(&eyes, keys, entity, |key| places.contains(&(entity, key)));
            }
        }
        let mut noticed = self.view.differences(&view);
        let links = view.links(&eyes, keys);
        let led = links.iter();
        let led = led.filter(|(place, ends)| self.links.get(place) != Some(ends));
        noticed.extend(led.map(|(place, _)| *place));
        noticed
    }

    /// Takes back what changed the rows that were noticed, or else what they depend on.
    fn take_back(&self, changes: &mut Vec<Change>, noticed: &BTreeSet<Place>, second: &Data) {
        let first = self.eyes.data;
        let before = changes.len();
        changes.retain(|change| !noticed.contains(&change.place(first)));
        if changes.len() < before {
            return;
        }
        let mut near = noticed.clone();
        for _ in 0..STEPS {
            for place in near.clone() {
                near.extend(ends(first, place));
                near.extend(ends(second, place));
            }
        }
        changes.retain(|change| !near.contains(&change.place(first)));
    }
}

/// Fields that must be unique and are not.
fn taken_twice(data: &Data) -> BTreeSet<(usize, usize)> {
    let mut twice = BTreeSet::new();
    for (entity, known) in data.catalog.entities.iter().enumerate() {
        let fields = known.fields.iter().enumerate();
        for (field, _) in fields.filter(|(field, one)| one.unique && *field != known.key) {
            let mut met = BTreeSet::new();
            let mut values = data.tables()[entity].iter().map(|row| &row[field]);
            if !values.all(|value| met.insert(format!("{value:?}"))) {
                twice.insert((entity, field));
            }
        }
    }
    twice
}

/// The rows that a row leads to.
fn ends(data: &Data, (entity, key): Place) -> Vec<Place> {
    let Some(row) = data.find(entity, key) else {
        return Vec::new();
    };
    let ways = data.entity(entity).relations.iter();
    let ways = ways.filter(|way| way.cardinality == Cardinality::ToOne);
    let ends = ways.filter_map(|way| match data.value(entity, row, way.from) {
        Value::Int(key) => Some((way.target, *key)),
        _ => None,
    });
    ends.collect()
}
