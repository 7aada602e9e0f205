//! Keys that differ from one database to the other by a number: where a principal sees other numbers in their place, or none, no
//! answer may tell which they are. Their order is kept, which is a named release.

use sudare_entities::catalog::Entity;
use sudare_policies::value::Value;

/// How far the keys of each entity are moved in the second database.
#[derive(Clone)]
pub(super) struct Keys(Vec<i64>);

impl Keys {
    /// The same keys in both.
    pub(super) fn same(entities: usize) -> Self {
        Self(vec![0; entities])
    }

    pub(super) fn move_by(&mut self, entity: usize, distance: i64) {
        self.0[entity] = distance;
    }

    pub(super) fn distance(&self, entity: usize) -> i64 {
        self.0[entity]
    }

    pub(super) fn are_moved(&self) -> bool {
        self.0.iter().any(|distance| *distance != 0)
    }

    /// The key in the first database of what has this one in the second.
    pub(super) fn first(&self, entity: usize, key: i64) -> i64 {
        key - self.0[entity]
    }

    /// And the other way round.
    pub(super) fn second(&self, entity: usize, key: i64) -> i64 {
        key + self.0[entity]
    }

    /// By how much a field is moved that holds keys.
    pub(super) fn of_field(&self, entity: usize, known: &Entity, field: usize) -> i64 {
        match known.fields[field].references {
            Some((target, _)) => self.0[target],
            None if known.key == field => self.0[entity],
            None => 0,
        }
    }

    /// A row of the first database as it is in the second.
    pub(super) fn moved(&self, entity: usize, known: &Entity, mut row: Vec<Value>) -> Vec<Value> {
        for (field, value) in row.iter_mut().enumerate() {
            if let Value::Int(number) = value {
                *number += self.of_field(entity, known, field);
            }
        }
        row
    }
}
