//! What is different in the second database: in memory, and in the database itself.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::DbBackend;
use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Query};
use sudare_entities::catalog::{Entity, Kind};
use sudare_policies::value::Value;

use super::keys::Keys;
use super::lookups::Blind;
use super::view::Place;
use crate::database::Raw;
use crate::model::data::Data;

/// One difference. Keys are those of the first database.
#[derive(Clone, Debug)]
pub(super) enum Change {
    Cell { at: Place, field: usize, to: Value },
    Gone(Place),
    New { entity: usize, row: Vec<Value> },
}

impl Change {
    pub(super) fn place(&self, data: &Data) -> Place {
        match self {
            Self::Cell { at, .. } | Self::Gone(at) => *at,
            Self::New { entity, row } => (*entity, data.key_of(*entity, row)),
        }
    }

    /// The place and the field of a cell.
    pub(super) fn cell(&self) -> Option<(Place, usize)> {
        match self {
            Self::Cell { at, field, .. } => Some((*at, *field)),
            Self::Gone(_) | Self::New { .. } => None,
        }
    }

    /// In words, for whoever reads of a failure.
    pub(super) fn told(&self, data: &Data) -> String {
        let name = |(entity, key): Place| format!("{} {key}", data.entity(entity).name);
        match self {
            Self::Cell { at, field, to } => {
                let row = data.find(at.0, at.1).unwrap();
                let from = data.value(at.0, row, *field);
                let field = &data.field(at.0, *field).name;
                format!("{}.{field}: {from:?} -> {to:?}", name(*at))
            }
            Self::Gone(at) => format!("{} is gone", name(*at)),
            Self::New { row, .. } => format!("{} is new: {row:?}", name(self.place(data))),
        }
    }
}

/// The second database, in memory.
pub(super) fn changed(data: &Data, changes: &[Change], keys: &Keys) -> Data {
    let mut tables = data.tables().to_vec();
    for change in changes {
        let (entity, key) = change.place(data);
        let table = &mut tables[entity];
        let found = table.binary_search_by_key(&key, |row| data.key_of(entity, row));
        match (change, found) {
            (Change::Cell { field, to, .. }, Ok(row)) => table[row][*field] = to.clone(),
            (Change::Gone(_), Ok(row)) => drop(table.remove(row)),
            (Change::New { row, .. }, Err(at)) => table.insert(at, row.clone()),
            _ => {}
        }
    }
    if keys.are_moved() {
        let tables = tables.iter_mut().enumerate();
        for (entity, table) in tables {
            for row in table {
                *row = keys.moved(entity, data.entity(entity), std::mem::take(row));
            }
        }
    }
    data.with(tables)
}

/// Makes the second database of one that is like the first; tells which tables are not like the first any more.
pub(super) fn write(
    (raw, blind): (&Raw, &Blind),
    (first, second): (&Data, &Data),
    changes: &[Change],
    keys: &Keys,
) -> BTreeSet<usize> {
    let mut touched: BTreeMap<usize, BTreeSet<i64>> = BTreeMap::new();
    for change in changes {
        let (entity, key) = change.place(first);
        touched.entry(entity).or_default().insert(key);
    }
    let mut dirty: BTreeSet<usize> = touched.keys().copied().collect();
    raw.execute("BEGIN");
    for (entity, known) in first.catalog.entities.iter().enumerate() {
        for (field, described) in known.fields.iter().enumerate() {
            let distance = keys.of_field(entity, known, field);
            if distance != 0 {
                let (table, column) = (&known.table, &described.column);
                raw.execute(&format!(
                    "UPDATE \"{table}\" SET \"{column}\" = \"{column}\" + {distance}"
                ));
                dirty.insert(entity);
            }
        }
    }
    for (entity, touched) in touched {
        let known = first.entity(entity);
        let touched = touched.into_iter().map(|key| keys.second(entity, key));
        let touched: BTreeSet<i64> = touched.collect();
        let mut delete = Query::delete();
        delete
            .from_table(Alias::new(&known.table))
            .and_where(Expr::col(Alias::new("id")).is_in(touched.iter().copied()));
        raw.run(&delete);
        let rows = second.tables()[entity].iter();
        let rows: Vec<&Vec<Value>> = rows
            .filter(|row| touched.contains(&second.key_of(entity, row)))
            .collect();
        insert((raw, blind), known, &rows);
    }
    raw.execute("COMMIT");
    dirty
}

/// Puts rows into a table.
pub(super) fn insert((raw, blind): (&Raw, &Blind), known: &Entity, rows: &[&Vec<Value>]) {
    for rows in rows.chunks(50) {
        let columns = known.fields.iter().map(|field| field.column.as_str());
        let beside = known
            .fields
            .iter()
            .filter_map(|field| field.blind.as_deref());
        let mut insert = Query::insert();
        insert
            .into_table(Alias::new(&known.table))
            .columns(columns.chain(beside).map(Alias::new));
        for row in rows {
            let cells = row.iter().zip(&known.fields);
            let cells = cells.map(|(value, field)| stored(raw, value, &field.kind));
            let beside = blind.cells(known, row).map(Expr::val);
            insert.values_panic(cells.chain(beside));
        }
        raw.run(&insert);
    }
}

fn stored(raw: &Raw, value: &Value, kind: &Kind) -> Expr {
    match (value, kind, raw.backend()) {
        (Value::Text(text), Kind::Json, DbBackend::Postgres) => {
            Expr::val(text.clone()).cast_as(Alias::new("json"))
        }
        _ => Expr::val(raw.stored(value, kind)),
    }
}
