//! What changes alike is told once.

use std::collections::HashMap;
use std::hash::Hash;

use super::change::{Change, Direction, Shown, What};
use crate::shape::Shape;

/// What two changes have in common that are told as one, beside either their roles or their coordinates.
type Alike = (Vec<Vec<String>>, What, Direction, Shown, Shown);

/// The same changes in fewer: first those of several roles in one place, then those of the same roles in several places.
pub(super) fn collapsed(changes: Vec<Change>, shape: &Shape) -> Vec<Change> {
    let changes = merged(
        changes,
        |change| change.coordinates.clone(),
        |change, more| {
            change.roles.extend(more.roles);
            change.roles.sort();
            change.roles.dedup();
        },
    );
    let mut changes = merged(
        changes,
        |change| change.roles.clone(),
        |change, more| change.coordinates.extend(more.coordinates),
    );
    let place = |change: &Change| {
        let first = change.coordinates.first();
        first.and_then(|name| match shape.find_field(name) {
            Some((entity, field)) => Some((entity, Some(field))),
            None => Some((shape.find(name)?, None)),
        })
    };
    changes.sort_by_cached_key(|change| {
        let who = (change.with.clone(), change.roles.clone());
        (
            who.0.len(),
            who.1,
            who.0,
            place(change),
            change.what,
            change.direction,
        )
    });
    changes
}

/// Puts together changes with the same key that are alike.
fn merged<K: Eq + Hash>(
    changes: Vec<Change>,
    key: impl Fn(&Change) -> K,
    join: impl Fn(&mut Change, Change),
) -> Vec<Change> {
    let mut known: HashMap<(K, Alike), usize> = HashMap::new();
    let mut merged: Vec<Change> = Vec::new();
    for change in changes {
        let alike = (
            change.with.clone(),
            change.what,
            change.direction,
            change.old.clone(),
            change.new.clone(),
        );
        let at = *known.entry((key(&change), alike)).or_insert(merged.len());
        match merged.get_mut(at) {
            Some(first) => join(first, change),
            None => merged.push(change),
        }
    }
    merged
}
