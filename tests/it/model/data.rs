//! The whole database in memory, read by plain `SELECT`s.

use std::collections::HashMap;

use sudare_entities::Catalog;
use sudare_entities::catalog::{Entity, Field, Relation};
use sudare_policies::condition::{Row, RowPath};
use sudare_policies::shape::Shape;
use sudare_policies::value::Value;

use crate::database::Raw;

/// Every row of every table. A row is known by its entity and its place in the table.
pub(super) struct Data {
    pub(super) catalog: Catalog,
    pub(super) shape: Shape,
    tables: Vec<Vec<Vec<Value>>>,
    /// Places by entity, key field and key.
    links: HashMap<(usize, usize), HashMap<i64, Vec<usize>>>,
}

impl Data {
    pub(super) fn read(raw: &Raw) -> Self {
        let catalog = Catalog::new().unwrap();
        let tables = catalog.entities.iter();
        let tables: Vec<_> = tables.map(|entity| raw.table(entity, "TRUE")).collect();
        Self::of(catalog, tables)
    }

    /// The same with other rows of one entity.
    pub(super) fn with(&self, entity: usize, change: impl FnOnce(&mut Vec<Vec<Value>>)) -> Self {
        let mut tables = self.tables.clone();
        change(&mut tables[entity]);
        Self::of(self.catalog.clone(), tables)
    }

    fn of(catalog: Catalog, tables: Vec<Vec<Vec<Value>>>) -> Self {
        let mut data = Self {
            shape: sudare::shape::shape(&catalog),
            catalog,
            tables,
            links: HashMap::new(),
        };
        for relation in data.catalog.entities.iter().flat_map(|one| &one.relations) {
            let links = data.links.entry((relation.target, relation.to));
            links.or_insert_with(|| {
                let mut links: HashMap<i64, Vec<usize>> = HashMap::new();
                for (place, row) in data.tables[relation.target].iter().enumerate() {
                    if let Value::Int(key) = row[relation.to] {
                        links.entry(key).or_default().push(place);
                    }
                }
                links
            });
        }
        data
    }

    /// All cells of a row.
    pub(super) fn cells(&self, entity: usize, row: usize) -> &[Value] {
        &self.tables[entity][row]
    }

    pub(super) fn entity(&self, entity: usize) -> &Entity {
        &self.catalog.entities[entity]
    }

    pub(super) fn field(&self, entity: usize, field: usize) -> &Field {
        &self.entity(entity).fields[field]
    }

    /// How many rows an entity has.
    pub(super) fn count(&self, entity: usize) -> usize {
        self.tables[entity].len()
    }

    pub(super) fn value(&self, entity: usize, row: usize, field: usize) -> &Value {
        &self.tables[entity][row][field]
    }

    /// The primary key of a row.
    pub(super) fn key(&self, entity: usize, row: usize) -> i64 {
        match self.value(entity, row, self.entity(entity).key) {
            Value::Int(key) => *key,
            _ => panic!("a primary key is a whole number"),
        }
    }

    /// The rows at the other end of a relation that have this key, whoever may see them.
    pub(super) fn linked(&self, relation: &Relation, key: i64) -> &[usize] {
        let links = &self.links[&(relation.target, relation.to)];
        links.get(&key).map_or(&[], Vec::as_slice)
    }

    /// The place of the row with this primary key.
    pub(super) fn find(&self, entity: usize, key: i64) -> Option<usize> {
        (0..self.count(entity)).find(|row| self.key(entity, *row) == key)
    }

    pub(super) fn row(&self, entity: usize, row: usize) -> StoredRow<'_> {
        StoredRow {
            data: self,
            entity,
            row,
        }
    }
}

/// A row as conditions of policies read it: everything, whoever asks.
pub(super) struct StoredRow<'a> {
    data: &'a Data,
    entity: usize,
    row: usize,
}

impl Row for StoredRow<'_> {
    fn value(&self, path: &RowPath) -> Value {
        let (mut entity, mut row) = (self.entity, self.row);
        for hop in &path.hops {
            let relation = &self.data.shape.entities[entity].to_one[*hop];
            let Value::Int(key) = *self.data.value(entity, row, relation.from) else {
                return Value::Null;
            };
            let found = self.data.links[&(relation.target, relation.to)].get(&key);
            let Some(next) = found.and_then(|rows| rows.first()) else {
                return Value::Null;
            };
            (entity, row) = (relation.target, *next);
        }
        self.data.value(entity, row, path.field).clone()
    }
}
