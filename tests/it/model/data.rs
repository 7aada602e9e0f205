//! The whole database in memory, read by plain `SELECT`s.

use std::collections::HashMap;

use sudare_entities::Catalog;
use sudare_entities::catalog::{Entity, Field, Relation};
use sudare_policies::condition::{Row, RowPath};
use sudare_policies::shape::Shape;
use sudare_policies::value::Value;

use crate::database::Raw;

/// Every row of every table. A row is known by its entity and its place in the table.
pub(crate) struct Data {
    pub(crate) catalog: Catalog,
    pub(crate) shape: Shape,
    tables: Vec<Vec<Vec<Value>>>,
    /// Places by entity, key field and key.
    links: HashMap<(usize, usize), HashMap<i64, Vec<usize>>>,
}

impl Data {
    pub(crate) fn read(raw: &Raw) -> Self {
        let catalog = Catalog::new().unwrap();
        let tables = catalog.entities.iter();
        let tables: Vec<_> = tables.map(|entity| raw.table(entity, "TRUE")).collect();
        Self::of(sudare::shape::shape(&catalog), catalog, tables)
    }

    /// A database like this one, with other rows. Those of a table are in the order of their keys.
    pub(crate) fn with(&self, tables: Vec<Vec<Vec<Value>>>) -> Self {
        Self::of(self.shape.clone(), self.catalog.clone(), tables)
    }

    /// The same with other rows of one entity.
    pub(crate) fn with_rows(
        &self,
        entity: usize,
        change: impl FnOnce(&mut Vec<Vec<Value>>),
    ) -> Self {
        let mut tables = self.tables.clone();
        change(&mut tables[entity]);
        self.with(tables)
    }

    fn of(shape: Shape, catalog: Catalog, tables: Vec<Vec<Vec<Value>>>) -> Self {
        let mut data = Self {
            shape,
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
    pub(crate) fn cells(&self, entity: usize, row: usize) -> &[Value] {
        &self.tables[entity][row]
    }

    /// Every row, by entity.
    pub(crate) fn tables(&self) -> &[Vec<Vec<Value>>] {
        &self.tables
    }

    pub(crate) fn entity(&self, entity: usize) -> &Entity {
        &self.catalog.entities[entity]
    }

    pub(crate) fn field(&self, entity: usize, field: usize) -> &Field {
        &self.entity(entity).fields[field]
    }

    /// How many rows an entity has.
    pub(crate) fn count(&self, entity: usize) -> usize {
        self.tables[entity].len()
    }

    pub(crate) fn value(&self, entity: usize, row: usize, field: usize) -> &Value {
        &self.tables[entity][row][field]
    }

    /// The primary key of a row.
    pub(crate) fn key(&self, entity: usize, row: usize) -> i64 {
        self.key_of(entity, &self.tables[entity][row])
    }

    pub(crate) fn key_of(&self, entity: usize, row: &[Value]) -> i64 {
        match row[self.entity(entity).key] {
            Value::Int(key) => key,
            _ => panic!("a primary key is a whole number"),
        }
    }

    /// The rows at the other end of a relation that have this key, whoever may see them.
    pub(crate) fn linked(&self, relation: &Relation, key: i64) -> &[usize] {
        let links = &self.links[&(relation.target, relation.to)];
        links.get(&key).map_or(&[], Vec::as_slice)
    }

    /// The place of the row with this primary key.
    pub(crate) fn find(&self, entity: usize, key: i64) -> Option<usize> {
        let found = self.tables[entity].binary_search_by_key(&key, |row| self.key_of(entity, row));
        found.ok()
    }

    pub(crate) fn row(&self, entity: usize, row: usize) -> StoredRow<'_> {
        StoredRow {
            data: self,
            entity,
            row,
        }
    }
}

/// A row as conditions of policies read it: everything, whoever asks.
pub(crate) struct StoredRow<'a> {
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
