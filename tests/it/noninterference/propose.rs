//! Random differences that a principal should not notice; whether it would is found out afterwards.

use std::collections::BTreeSet;

use sudare_entities::catalog::Kind;
use sudare_policies::decision::Tier;
use sudare_policies::value::Value;

use super::change::Change;
use super::ideal::Renames;
use super::keys::Keys;
use super::rules::Bounds;
use super::values::{fresh, other};
use super::view::{Place, View};
use crate::model::cell::mask_of;
use crate::model::dice::Dice;
use crate::model::eyes::Eyes;

/// Keys above the highest that are free on both sides: the sequences of both go on after them.
pub(super) const FREE_KEYS: i64 = 40;

/// Values tried in the place of one that is masked.
const TRIES: usize = 6;

/// Draws differences.
pub(super) struct Proposer<'p> {
    pub(super) eyes: &'p Eyes<'p>,
    pub(super) view: &'p View,
    /// Where the principal writes.
    pub(super) bounds: Option<&'p Bounds<'p>>,
    pub(super) dice: &'p mut Dice,
}

impl Proposer<'_> {
    /// Differences under the masks that there are.
    pub(super) fn changes(&mut self) -> Vec<Change> {
        let mut changes = Vec::new();
        for (entity, field) in self.fields(30) {
            changes.extend(self.sweep(entity, field));
        }
        for _ in 0..self.dice.between(0, 6) {
            changes.extend(self.another_row());
        }
        for _ in 0..self.dice.between(0, 6) {
            changes.extend(self.one_less());
        }
        if self.bounds.is_none() || self.dice.chance(50) {
            changes.extend(self.exchanged());
        }
        self.distinct(changes)
    }

    /// Differences under ideal masks: values by others, which are shown as these.
    pub(super) fn renames(&mut self) -> (Vec<Change>, Renames) {
        let (mut changes, mut renames) = (Vec::new(), Renames::default());
        for (entity, field) in self.fields(60) {
            let known = self.eyes.data.field(entity, field);
            let few = matches!(known.kind, Kind::Boolean | Kind::Enum { .. });
            if few || (known.unique && self.bounds.is_some()) || known.references.is_some() {
                continue;
            }
            let rows = &self.eyes.data.tables()[entity];
            let mut taken: Vec<Value> = rows.iter().map(|row| row[field].clone()).collect();
            let mut renamed: Vec<(Value, Value)> = Vec::new();
            for (row, cells) in rows.iter().enumerate() {
                let at = (entity, self.eyes.data.key(entity, row));
                let value = &cells[field];
                if *value == Value::Null || !self.may_differ(at, row, field) {
                    continue;
                }
                let known_as = renamed.iter().find(|(from, _)| from == value);
                let to = match known_as {
                    Some((_, to)) => to.clone(),
                    None => {
                        let to = fresh(known, self.dice);
                        if taken.contains(&to) {
                            continue;
                        }
                        taken.push(to.clone());
                        renamed.push((value.clone(), to.clone()));
                        to
                    }
                };
                changes.push(Change::Cell { at, field, to });
            }
            for (from, to) in renamed {
                renames.add((entity, field), &known.kind, (from, &to));
            }
        }
        (changes, renames)
    }

    /// Keys that are moved, of entities whose keys nobody need see as they are.
    pub(super) fn keys(&mut self) -> Keys {
        let catalog = &self.eyes.data.catalog;
        let mut keys = Keys::same(catalog.entities.len());
        for (entity, known) in catalog.entities.iter().enumerate() {
            let everywhere = self.eyes.overall(entity, known.key);
            if everywhere != "FULL" && self.dice.chance(70) {
                let far = self.dice.pick(&[1_000, 50_000, 7_000_000_000, 1 << 40]);
                keys.move_by(entity, far);
            }
        }
        keys
    }

    /// Fields of which something will differ: about as many of a hundred.
    fn fields(&mut self, percent: u32) -> Vec<(usize, usize)> {
        let mut fields = Vec::new();
        for (entity, known) in self.eyes.data.catalog.entities.iter().enumerate() {
            let often = if self.eyes.exists(entity) { percent } else { 8 };
            for field in (0..known.fields.len()).filter(|field| *field != known.key) {
                if self.dice.chance(often) {
                    fields.push((entity, field));
                }
            }
        }
        fields
    }

    /// Another value in every row in which it should make no difference.
    fn sweep(&mut self, entity: usize, field: usize) -> Vec<Change> {
        let eyes = self.eyes;
        let known = eyes.data.field(entity, field);
        let mut changes = Vec::new();
        for row in 0..eyes.data.count(entity) {
            let at = (entity, eyes.data.key(entity, row));
            if !self.may_differ(at, row, field) || self.dice.chance(15) {
                continue;
            }
            let value = eyes.data.value(entity, row, field);
            let tier = self.view.tier(at, field).unwrap_or(Tier::None);
            let to = match known.unique {
                true => Some(fresh(known, self.dice)),
                false => self.alike((entity, row, field), tier, value),
            };
            changes.extend(to.map(|to| Change::Cell { at, field, to }));
        }
        changes
    }

    /// A value that is shown as this one is.
    fn alike(&mut self, place: (usize, usize, usize), tier: Tier, value: &Value) -> Option<Value> {
        let (entity, _, field) = place;
        let shown = (tier != Tier::None).then(|| mask_of(self.eyes, place, tier, value));
        (0..TRIES).find_map(|_| {
            let to = other(self.eyes.data, (entity, field), value, self.dice);
            let is_shown = |shown: &Value| mask_of(self.eyes, place, tier, &to) == *shown;
            (to != *value && shown.as_ref().is_none_or(is_shown)).then_some(to)
        })
    }

    /// Whether the principal need not notice that a cell has another value.
    fn may_differ(&self, at: Place, row: usize, field: usize) -> bool {
        let (entity, _) = at;
        let known = self.eyes.data.field(entity, field);
        let visible = self.view.is_visible(at);
        let tier = self.view.tier(at, field);
        let granted = visible && self.eyes.is_granted(entity, row, field);
        let unique = known.unique && self.bounds.is_some();
        let within = |bounds: &Bounds<'_>| bounds.allow_cell((entity, field), visible);
        tier != Some(Tier::Full) && !granted && !unique && self.bounds.is_none_or(within)
    }

    /// A new row, much like one that is there.
    fn another_row(&mut self) -> Option<Change> {
        let eyes = self.eyes;
        let entity = self.dice.between(0, eyes.data.catalog.entities.len() - 1);
        let rows = &eyes.data.tables()[entity];
        if rows.is_empty() || self.bounds.is_some_and(|bounds| !bounds.allow_row(entity)) {
            return None;
        }
        let known = eyes.data.entity(entity);
        let mut row = self.dice.pick(rows);
        for (field, described) in known.fields.iter().enumerate() {
            if described.unique {
                row[field] = fresh(described, self.dice);
            } else if self.dice.chance(30) {
                let value = row[field].clone();
                row[field] = other(eyes.data, (entity, field), &value, self.dice);
            }
            if row[field] == Value::Null && !described.nullable {
                row[field] = self.dice.pick(rows)[field].clone();
            }
        }
        let last = eyes.data.key_of(entity, rows.last()?);
        let step = self.dice.between(1, usize::try_from(FREE_KEYS).unwrap());
        row[known.key] = Value::Int(last + i64::try_from(step).unwrap());
        Some(Change::New { entity, row })
    }

    /// A hidden row that nobody refers to, taken away.
    fn one_less(&mut self) -> Option<Change> {
        let data = self.eyes.data;
        let entity = self.dice.between(0, data.catalog.entities.len() - 1);
        let rows = &data.tables()[entity];
        if rows.is_empty() || self.bounds.is_some_and(|bounds| !bounds.allow_row(entity)) {
            return None;
        }
        let key = data.key_of(entity, &self.dice.pick(rows));
        let relations = data.entity(entity).relations.iter();
        let mut referrers = relations
            .filter(|way| way.from == data.entity(entity).key)
            .map(|way| data.linked(way, key));
        let alone = referrers.all(<[usize]>::is_empty);
        (alone && !self.view.is_visible((entity, key))).then_some(Change::Gone((entity, key)))
    }

    /// Two hidden rows that have each other's unique value: which values are taken stays the same.
    fn exchanged(&mut self) -> Vec<Change> {
        let data = self.eyes.data;
        let mut changes = Vec::new();
        for (entity, known) in data.catalog.entities.iter().enumerate() {
            let fields = known.fields.iter().enumerate();
            let mut unique = fields.filter(|(field, one)| one.unique && *field != known.key);
            let Some((field, _)) = unique.next() else {
                continue;
            };
            let within = |bounds: &Bounds<'_>| {
                bounds.allow_row(entity) && bounds.allow_cell((entity, field), false)
            };
            if !self.bounds.is_none_or(within) {
                continue;
            }
            let hidden: Vec<usize> = (0..data.count(entity))
                .filter(|row| !self.view.is_visible((entity, data.key(entity, *row))))
                .collect();
            for pair in hidden.chunks_exact(2) {
                for (row, other) in [(pair[0], pair[1]), (pair[1], pair[0])] {
                    let at = (entity, data.key(entity, row));
                    let to = data.value(entity, other, field).clone();
                    changes.push(Change::Cell { at, field, to });
                }
            }
        }
        changes
    }

    /// One change of a kind a place; none of a row that is gone.
    fn distinct(&self, changes: Vec<Change>) -> Vec<Change> {
        let data = self.eyes.data;
        let gone = changes.iter().filter_map(|change| match change {
            Change::Gone(at) => Some(*at),
            _ => None,
        });
        let gone: BTreeSet<Place> = gone.collect();
        let refers_to_gone = |entity: usize, field: usize, to: &Value| {
            let target = data.field(entity, field).references;
            match (target, to) {
                (Some((target, _)), Value::Int(key)) => gone.contains(&(target, *key)),
                _ => false,
            }
        };
        let mut met = BTreeSet::new();
        let mut distinct = changes;
        distinct.retain(|change| {
            let (place, fits) = match change {
                Change::Cell { at, field, to } => {
                    let fits = !gone.contains(at) && !refers_to_gone(at.0, *field, to);
                    ((*at, Some(*field)), fits)
                }
                Change::Gone(at) => ((*at, None), true),
                Change::New { entity, row } => {
                    let mut cells = row.iter().enumerate();
                    let fits = !cells.any(|(field, to)| refers_to_gone(*entity, field, to));
                    ((change.place(data), None), fits)
                }
            };
            fits && met.insert(place)
        });
        distinct
    }
}
