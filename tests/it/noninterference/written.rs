//! What random mutations write: values that are stored, shown, new, wrong or taken.

use sudare_entities::catalog::{Field as Column, Kind};
use sudare_policies::value::Value;

use super::change::Change;
use super::mutations::{MISSING, Writer};
use super::values::{fresh, stored};
use crate::model::ask::Arg;
use crate::model::cell::{json, seen_at, seen_key};

impl Writer<'_> {
    /// Whether the second database has another value there.
    pub(super) fn differs(&self, entity: usize, row: Option<usize>, field: usize) -> bool {
        let place = row.map(|row| (entity, self.eyes.data.key(entity, row)));
        let mut cells = self.second.changes.iter().filter_map(Change::cell);
        cells.any(|(at, other)| Some(at) == place && other == field)
    }

    pub(super) fn values(
        &mut self,
        entity: usize,
        row: Option<usize>,
        fields: &[usize],
    ) -> Vec<(String, Arg)> {
        let known = self.eyes.data.entity(entity);
        self.clashes = false;
        let mut values = Vec::new();
        // References first: one that leads nowhere makes any clash with unique values a matter of no account.
        let is_reference = |field: &&usize| known.fields[**field].references.is_some();
        let (references, others): (Vec<&usize>, Vec<&usize>) =
            fields.iter().partition(is_reference);
        for field in references.into_iter().chain(others) {
            let value = self.value((entity, *field), row);
            values.push((known.fields[*field].name.clone(), value));
        }
        values
    }

    fn value(&mut self, (entity, field): (usize, usize), row: Option<usize>) -> Arg {
        let eyes = self.eyes;
        let known = eyes.data.field(entity, field);
        if let Some((target, _)) = known.references {
            return self.reference(target, known, (entity, field));
        }
        // a new row has many, and with one that is wrong there is nothing to learn of the others
        let first = if row.is_some() { 0 } else { 5 };
        let last = if self.differs(entity, row, field) {
            59
        } else {
            99
        };
        let chosen = match (row, self.dice.between(first, last)) {
            (_, 0..4) => Value::Null,
            (_, 4..6) => return Arg::Text("garbage".to_owned()),
            // the mask of the cell
            (Some(row), 6..24) => {
                seen_at(eyes, (entity, row, field), eyes.tier(entity, row, field))
            }
            // what is stored there already
            (Some(row), 24..48) => eyes.data.value(entity, row, field).clone(),
            (_, 48..70) => fresh(known, self.dice),
            _ => stored(eyes.data, (entity, field), self.dice),
        };
        // Whether a value is taken that must be unique is a named release: it is so in both databases, or there is a conflict anyhow.
        let chosen = match (known.unique, self.clashes) {
            (true, true) if self.dice.chance(70) => self.in_one((entity, field)).unwrap_or(chosen),
            (true, false) if !self.is_in_both((entity, field), &chosen) => fresh(known, self.dice),
            _ => chosen,
        };
        argument(&chosen, known)
    }

    /// A value that is taken in one of the two databases.
    fn in_one(&mut self, (entity, field): (usize, usize)) -> Option<Value> {
        let tables = [self.eyes.data, &self.second.data].map(|data| &data.tables()[entity]);
        let values = tables.into_iter().flatten().map(|row| &row[field]);
        let values = values.filter(|value| !self.is_in_both((entity, field), value));
        let values: Vec<Value> = values.cloned().collect();
        (!values.is_empty()).then(|| self.dice.pick(&values))
    }

    fn is_in_both(&self, (entity, field): (usize, usize), value: &Value) -> bool {
        let has = |rows: &[Vec<Value>]| rows.iter().any(|row| row[field] == *value);
        has(&self.eyes.data.tables()[entity]) == has(&self.second.data.tables()[entity])
    }

    /// The key of a row, as it is seen there; one that is in both databases or in none.
    fn reference(&mut self, target: usize, known: &Column, field: (usize, usize)) -> Arg {
        let rows = self.eyes.data.count(target);
        if known.nullable && self.dice.chance(10) {
            return Arg::Null;
        }
        if rows == 0 || self.dice.chance(8) {
            self.clashes = true;
            return Arg::Text(MISSING.to_owned());
        }
        let row = self.dice.between(0, rows - 1);
        let key = self.eyes.data.key(target, row);
        if self.second.data.find(target, key).is_none() {
            self.clashes = true;
            return Arg::Text(MISSING.to_owned());
        }
        let shown = self.shown_reference(field, key);
        Arg::Text(shown.unwrap_or(key).to_string())
    }

    /// How a key is shown in some row that refers to it.
    fn shown_reference(&mut self, (entity, field): (usize, usize), key: i64) -> Option<i64> {
        let data = self.eyes.data;
        let mut rows = 0..data.count(entity);
        let row = rows.find(|row| *data.value(entity, *row, field) == Value::Int(key))?;
        match seen_key(self.eyes, entity, row, field) {
            Value::Int(shown) => Some(shown),
            _ => None,
        }
    }
}

/// A value as a mutation takes it.
fn argument(value: &Value, known: &Column) -> Arg {
    match (value, &known.kind) {
        (Value::Null, _) => Arg::Null,
        (Value::Boolean(truth), _) => Arg::Boolean(*truth),
        (Value::Int(number), Kind::Int) => Arg::Number(number.to_string()),
        (Value::Float(number), _) => Arg::Number(format!("{number:?}")),
        (Value::Text(name), Kind::Enum { .. }) => Arg::Enum(name.clone()),
        (Value::Text(document), Kind::Json) => {
            document_argument(&serde_json::from_str(document).unwrap_or_default())
        }
        (value, kind) => {
            let text = json(value, kind, false);
            Arg::Text(serde_json::from_str(&text).unwrap())
        }
    }
}

fn document_argument(document: &serde_json::Value) -> Arg {
    match document {
        serde_json::Value::Null => Arg::Null,
        serde_json::Value::Bool(truth) => Arg::Boolean(*truth),
        serde_json::Value::Number(number) => Arg::Number(number.to_string()),
        serde_json::Value::String(text) => Arg::Text(text.clone()),
        serde_json::Value::Array(items) => Arg::List(items.iter().map(document_argument).collect()),
        serde_json::Value::Object(fields) => Arg::Object(
            fields
                .iter()
                .map(|(name, value)| (name.clone(), document_argument(value)))
                .collect(),
        ),
    }
}
