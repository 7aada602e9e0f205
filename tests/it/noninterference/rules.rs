//! What the rules of a principal read of rows, and what of that the principal may change.
//!
//! Part of the view is what its reader may do with a row. A rule that reads what its writer does not see tells it to whoever may
//! write under the rule: which rows come into the view by a change, depends on it. So where a principal writes, the second database
//! differs in nothing that its rules read, nor in what might come into its view.

use std::collections::BTreeSet;
use std::sync::Arc;

use sudare_policies::PolicySet;
use sudare_policies::condition::{Condition, RowPath};
use sudare_policies::decision::Action;

use super::change::Change;
use super::view::{Place, View};
use crate::model::data::Data;
use crate::model::eyes::Eyes;

/// A field of an entity.
type Field = (usize, usize);

/// What the rules read, by entity: fields of the row, and of those that it leads to.
pub(super) struct Rules {
    rows: Vec<BTreeSet<Field>>,
    cells: Vec<Vec<BTreeSet<Field>>>,
    all: Vec<Read>,
}

/// What is read of rows of one entity.
#[derive(Clone, Default)]
struct Read {
    fields: BTreeSet<Field>,
    /// The entities of rows that are reached from there.
    beyond: BTreeSet<usize>,
}

impl Read {
    fn add(&mut self, other: &Self) {
        self.fields.extend(&other.fields);
        self.beyond.extend(&other.beyond);
    }
}

impl Rules {
    pub(super) fn of(eyes: &Eyes<'_>, set: &Arc<PolicySet>) -> Self {
        let view = set.view(eyes.principal.clone(), super::now()).unwrap();
        let data = eyes.data;
        let (mut rows, mut cells, mut all) = (Vec::new(), Vec::new(), Vec::new());
        for (entity, known) in data.catalog.entities.iter().enumerate() {
            let read = |condition: &Condition| {
                let mut read = Read::default();
                note(data, condition, &mut read);
                read
            };
            let own = read(view.row(entity));
            let mut of_cells = Vec::new();
            let mut every = own.clone();
            for field in 0..known.fields.len() {
                let grants = view.decision(entity, field).grants.iter();
                let of_cell = grants.fold(Read::default(), |mut all, grant| {
                    all.add(&read(&grant.when));
                    all
                });
                every.add(&of_cell);
                of_cells.push(of_cell.fields);
                for action in [
                    Action::Aggregate,
                    Action::Create,
                    Action::Update,
                    Action::Lookup,
                ] {
                    every.add(&read(&view.may(entity, field, action)));
                }
            }
            for action in [Action::Create, Action::Delete] {
                every.add(&read(&view.may_entity(entity, action)));
            }
            if let Some(person) = set.subject(&eyes.audience, entity) {
                let traits = [&person.country, &person.gender, &person.birth];
                let paths = traits.into_iter().flatten().chain([&person.key]);
                paths.for_each(|path| steps(data, path, &mut every));
            }
            rows.push(own.fields);
            cells.push(of_cells);
            all.push(every);
        }
        Self { rows, cells, all }
    }

    /// Whether rows of the entity are seen otherwise where those of another one have changed.
    pub(super) fn look_beyond(&self, entity: usize, changed: &BTreeSet<usize>) -> bool {
        !self.all[entity].beyond.is_disjoint(changed)
    }
}

/// The fields of rows that the condition reads.
fn note(data: &Data, condition: &Condition, into: &mut Read) {
    let paths = condition.paths().into_iter();
    paths.for_each(|path| steps(data, path, into));
}

/// Everything on the way of a path.
fn steps(data: &Data, path: &RowPath, into: &mut Read) {
    let mut entity = path.entity;
    for hop in &path.hops {
        let way = &data.shape.entities[entity].to_one[*hop];
        into.fields
            .extend([(entity, way.from), (way.target, way.to)]);
        into.beyond.insert(way.target);
        entity = way.target;
    }
    into.fields.insert((entity, path.field));
}

/// What may differ where the principal writes.
pub(super) struct Bounds<'b> {
    rules: &'b Rules,
    reads: BTreeSet<Field>,
    /// What the principal may change in some row.
    writes: BTreeSet<Field>,
    /// Of which entities it may delete rows.
    deletes: BTreeSet<usize>,
}

impl<'b> Bounds<'b> {
    /// `None` if it may write nothing.
    pub(super) fn of(eyes: &Eyes<'_>, rules: &'b Rules) -> Option<Self> {
        let mut writes = BTreeSet::new();
        let (mut deletes, mut creates) = (BTreeSet::new(), false);
        for (entity, known) in eyes.data.catalog.entities.iter().enumerate() {
            if !eyes.exists(entity) {
                continue;
            }
            if eyes.may_be(entity, None, Action::Delete) {
                deletes.insert(entity);
            }
            let fields = 0..known.fields.len();
            let may = |field: usize, action| eyes.may_be(entity, Some(field), action);
            creates |= fields.clone().any(|field| may(field, Action::Create));
            let changed: Vec<Field> = fields
                .clone()
                .filter(|field| may(*field, Action::Update))
                .map(|field| (entity, field))
                .collect();
            if !changed.is_empty() {
                // what is kept up to date changes with any other
                let kept = fields.filter(|field| known.fields[*field].kept.is_some());
                writes.extend(kept.map(|field| (entity, field)));
            }
            writes.extend(changed);
        }
        let bounds = Self {
            rules,
            reads: rules
                .all
                .iter()
                .flat_map(|read| &read.fields)
                .copied()
                .collect(),
            writes,
            deletes,
        };
        (creates || !bounds.writes.is_empty() || !bounds.deletes.is_empty()).then_some(bounds)
    }

    /// Whether rows of the entity may come into the view by a change.
    fn may_appear(&self, entity: usize) -> bool {
        !self.rules.rows[entity].is_disjoint(&self.writes)
    }

    /// Whether a row may have another value there.
    pub(super) fn allow_cell(&self, (entity, field): Field, visible: bool) -> bool {
        let shown = &self.rules.cells[entity][field];
        !self.reads.contains(&(entity, field))
            && !self.may_appear(entity)
            && (!visible || shown.is_disjoint(&self.writes))
    }

    /// Whether there may be another hidden row, or one less.
    pub(super) fn allow_row(&self, entity: usize) -> bool {
        !self.may_appear(entity)
    }

    /// Whether the rows that may be deleted are referred to in the same way: by the same rows, or by a hidden one that stays. A
    /// row that is referred to is not deleted, which is a named release.
    pub(super) fn same_referrers(&self, view: &View, first: &Data, second: &Data) -> bool {
        let (one, other) = (self.referrers(first), self.referrers(second));
        let empty = BTreeSet::new();
        let places = view.rows.keys();
        let mut places = places.filter(|(entity, _)| self.deletes.contains(entity));
        places.all(|place| {
            let one = one.get(place).unwrap_or(&empty);
            let other = other.get(place).unwrap_or(&empty);
            let stays = |referrer: &&Place| !view.is_visible(**referrer);
            one == other || one.intersection(other).any(|referrer| stays(&referrer))
        })
    }

    fn referrers(&self, data: &Data) -> std::collections::BTreeMap<Place, BTreeSet<Place>> {
        let mut referrers: std::collections::BTreeMap<Place, BTreeSet<Place>> =
            std::collections::BTreeMap::new();
        for (entity, known) in data.catalog.entities.iter().enumerate() {
            for (field, described) in known.fields.iter().enumerate() {
                let target = described.references.map(|(target, _)| target);
                let Some(target) = target.filter(|target| self.deletes.contains(target)) else {
                    continue;
                };
                for row in &data.tables()[entity] {
                    if let sudare_policies::value::Value::Int(key) = row[field] {
                        let from = (entity, data.key_of(entity, row));
                        referrers.entry((target, key)).or_default().insert(from);
                    }
                }
            }
        }
        referrers
    }

    /// Changes of what refers to other rows, and of which rows there are.
    pub(super) fn refers(data: &Data, change: &Change) -> bool {
        match change {
            Change::Cell { at, field, .. } => data.field(at.0, *field).references.is_some(),
            Change::Gone(_) | Change::New { .. } => true,
        }
    }
}
