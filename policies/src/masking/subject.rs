//! `[subject."Entity"]`: which person a row speaks of, and where what their false identity fits is stored.

use std::collections::BTreeMap;

use super::file::{SubjectEntry, Word};
use crate::condition::{RowPath, column_path};
use crate::error::{Fault, Findings};
use crate::place::Place;
use crate::shape::Shape;
use crate::value::ValueKind;

/// Where the person behind a row of an entity is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectPaths {
    /// The entity that holds such persons.
    pub entity: usize,
    /// The key of the person.
    pub key: RowPath,
    /// Where they live.
    pub country: Option<RowPath>,
    /// Their gender.
    pub gender: Option<RowPath>,
    /// Their day of birth.
    pub birth: Option<RowPath>,
}

/// What is wrong, and with which word.
type Misplaced = (Place, Fault);

impl SubjectPaths {
    /// Whether every row speaks of a person of its own, told by a whole number.
    pub(super) fn is_own(&self, shape: &Shape) -> bool {
        let field = self.key.end(shape).filter(|_| self.key.hops.is_empty());
        field.is_some_and(|field| field.unique && field.kind == ValueKind::Int)
    }
}

/// The subjects of all entities that have one, with every error.
pub(super) fn resolve(
    entries: &BTreeMap<String, SubjectEntry>,
    shape: &Shape,
    findings: &mut Findings,
) -> BTreeMap<usize, SubjectPaths> {
    let mut subjects = BTreeMap::new();
    for (name, entry) in entries {
        let found = shape.find(name).ok_or_else(|| {
            let known = shape.entities.iter().map(|entity| entity.name.as_str());
            let message = format!("unknown entity `{name}`");
            (
                entry.line,
                Fault::unknown(message, name, known, "name an entity"),
            )
        });
        match found.and_then(|entity| Ok((entity, paths(entry, entries, shape, entity)?))) {
            Ok((entity, paths)) => {
                subjects.insert(entity, paths);
            }
            Err((place, fault)) => findings.add(place, fault),
        }
    }
    subjects
}

/// The paths of one entity: its own columns, or those of the entity that `through` leads to.
fn paths(
    entry: &SubjectEntry,
    entries: &BTreeMap<String, SubjectEntry>,
    shape: &Shape,
    entity: usize,
) -> Result<SubjectPaths, Misplaced> {
    let Some((through, place)) = &entry.through else {
        return own(entry, shape, entity, &[], entity);
    };
    let hops: Vec<&str> = through.split('.').collect();
    let end = relations(shape, entity, &hops).map_err(|fault| (*place, fault))?;
    let name = shape.entity(end).map_or("?", |shape| shape.name.as_str());
    match entries.get(name) {
        Some(person) if person.through.is_none() => own(person, shape, entity, &hops, end),
        _ => Err((
            *place,
            Fault::new(
                format!("`through` leads to `{name}`, which holds no persons"),
                format!(
                    "add [subject.\"{name}\"] with its `key`, or lead to an entity that has one"
                ),
            ),
        )),
    }
}

fn own(
    entry: &SubjectEntry,
    shape: &Shape,
    from: usize,
    hops: &[&str],
    end: usize,
) -> Result<SubjectPaths, Misplaced> {
    let path = |(column, place): &Word, kinds: &[ValueKind]| {
        let names: Vec<&str> = hops.iter().copied().chain([column.as_str()]).collect();
        let path = column_path(shape, from, &names).map_err(|fault| (*place, fault))?;
        match path.end(shape) {
            Some(field) if kinds.contains(&field.kind) => Ok(path),
            _ => Err((
                *place,
                Fault::new(
                    format!("`{column}` is not of a kind that tells this of a person"),
                    "`key` is a whole number or text, `country` and `gender` are text or an enum, `birth` is a day",
                ),
            )),
        }
    };
    let optional = |column: Option<&Word>, kinds: &[ValueKind]| {
        column.map(|column| path(column, kinds)).transpose()
    };
    let words = [ValueKind::Text, ValueKind::Enum];
    let Some(key) = &entry.key else {
        return Err((
            entry.line,
            Fault::new(
                "the subject has no `key`",
                "write `key = \"<column>\"`, or `through = \"<relation>\"` where another entity holds the person",
            ),
        ));
    };
    Ok(SubjectPaths {
        entity: end,
        key: path(key, &[ValueKind::Int, ValueKind::Text])?,
        country: optional(entry.country.as_ref(), &words)?,
        gender: optional(entry.gender.as_ref(), &words)?,
        birth: optional(entry.birth.as_ref(), &[ValueKind::Date])?,
    })
}

/// The entity at the end of a way of to-one relations.
fn relations(shape: &Shape, entity: usize, hops: &[&str]) -> Result<usize, Fault> {
    hops.iter().try_fold(entity, |at, hop| {
        let here = shape.entity(at);
        let known = || here.iter().flat_map(|entity| &entity.to_one);
        let found = known().find(|relation| relation.name == *hop);
        found.map(|relation| relation.target).ok_or_else(|| {
            let name = here.map_or("?", |entity| entity.name.as_str());
            Fault::unknown(
                format!("`{name}` has no to-one relation `{hop}`"),
                hop,
                known().map(|relation| relation.name.as_str()),
                "`through` walks to-one relations by their snake_case names",
            )
        })
    })
}
