//! Invented rows and claims on which the conditions of a policy are true, false and unknown.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, Utc};
use rust_decimal::Decimal;
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use crate::condition::{Condition, InList, Operand, Row, RowPath};
use crate::set::{PolicySet, Principal};
use crate::shape::{FieldShape, Shape};
use crate::value::{Value, ValueKind};

/// How many values of a column are tried at most.
const MAX_VALUES: usize = 12;
/// The subject of whoever has every claim; it fits keys and texts.
const SUBJECT: &str = "7";

/// An invented row: what is at the end of each path. Anything else is null.
#[derive(Clone, Debug, Default)]
pub(super) struct Synthetic(Vec<(RowPath, Value)>);

impl Row for Synthetic {
    fn value(&self, path: &RowPath) -> Value {
        let mut cells = self.0.iter();
        let found = cells.find(|(own, _)| own == path);
        found.map_or(Value::Null, |(_, value)| value.clone())
    }
}

/// The rows of every entity, and who asks: somebody who has every claim, somebody who has others, nobody in particular.
#[derive(Debug)]
pub(super) struct Rows {
    pub(super) principals: [Principal; 3],
    rows: Vec<Vec<Synthetic>>,
}

impl Rows {
    pub(super) fn new(set: &PolicySet, now: DateTime<Utc>) -> Self {
        let mut inventing = Inventing {
            shape: set.shape(),
            now,
            claims: Map::new(),
            columns: BTreeMap::new(),
        };
        for rule in set.rules() {
            for condition in rule.conditions.values() {
                inventing.look(condition);
            }
        }
        let entities = 0..set.shape().entities.len();
        let rows = entities.map(|entity| inventing.rows(entity)).collect();
        let others = inventing.claims.iter();
        let others = others.map(|(name, claim)| (name.clone(), other(claim)));
        let somebody_else = Principal {
            id: format!("{SUBJECT}0"),
            attributes: others.collect(),
            ..Principal::default()
        };
        let somebody = Principal {
            id: SUBJECT.to_owned(),
            attributes: inventing.claims,
            ..Principal::default()
        };
        Self {
            principals: [somebody, somebody_else, Principal::default()],
            rows,
        }
    }

    pub(super) fn of(&self, entity: usize) -> &[Synthetic] {
        self.rows.get(entity).map_or(&[], Vec::as_slice)
    }
}

struct Inventing<'a> {
    shape: &'a Shape,
    now: DateTime<Utc>,
    claims: Map<String, Json>,
    /// The columns that conditions read, by the entity of the row, with values worth trying; null is the first.
    columns: BTreeMap<usize, Vec<(RowPath, Vec<Value>)>>,
}

impl Inventing<'_> {
    fn look(&mut self, condition: &Condition) {
        match condition {
            Condition::Constant(_) => {}
            Condition::Not(inner) => self.look(inner),
            Condition::And(parts) | Condition::Or(parts) => {
                parts.iter().for_each(|part| self.look(part));
            }
            Condition::IsNull(operand) => self.meet(operand, Vec::new()),
            Condition::Compare { left, right, .. } => {
                self.meet(left, self.beside(right));
                self.meet(right, self.beside(left));
            }
            Condition::In { operand, list } => match list {
                InList::Values(values) => self.meet(operand, values.clone()),
                InList::Claim(name) => {
                    let value = self.beside(operand).into_iter().next();
                    let claim = json!([plain(&value.unwrap_or(Value::Null))]);
                    self.claims.entry(name.clone()).or_insert(claim);
                    self.meet(operand, Vec::new());
                }
            },
        }
    }

    /// Values that an operand may have, for what stands on its other side.
    fn beside(&self, operand: &Operand) -> Vec<Value> {
        match operand {
            Operand::Literal(value) => vec![value.clone()],
            Operand::Now => vec![Value::DateTime(self.now)],
            Operand::Row(path) => {
                let field = path.end(self.shape);
                field.map_or_else(Vec::new, |field| vec![self.usual(field)])
            }
            Operand::User(_) => Vec::new(),
        }
    }

    fn meet(&mut self, operand: &Operand, values: Vec<Value>) {
        match operand {
            Operand::User(name) if name != "id" => {
                let claim = values.first().map_or_else(|| json!(SUBJECT), plain);
                self.claims.entry(name.clone()).or_insert(claim);
            }
            Operand::Row(path) => {
                let Some(field) = path.end(self.shape) else {
                    return;
                };
                let mut tried = vec![Value::Null, self.usual(field)];
                let fitting = values.into_iter().map(|value| fit(value, field));
                for value in fitting.chain([self.usual(field)]) {
                    tried.extend(around(&value));
                    tried.push(value);
                }
                let variants = field.variants.iter().cloned().map(Value::Text);
                tried.extend(variants);
                let columns = self.columns.entry(path.entity).or_default();
                let known = columns.iter().position(|(own, _)| own == path);
                let known = known.unwrap_or_else(|| {
                    columns.push((path.clone(), Vec::new()));
                    columns.len() - 1
                });
                if let Some((_, own)) = columns.get_mut(known) {
                    for value in tried {
                        if own.len() < MAX_VALUES && !own.contains(&value) {
                            own.push(value);
                        }
                    }
                }
            }
            Operand::User(_) | Operand::Now | Operand::Literal(_) => {}
        }
    }

    /// The value of a column that claims are made to fit.
    fn usual(&self, field: &FieldShape) -> Value {
        match field.kind {
            ValueKind::Boolean => Value::Boolean(true),
            ValueKind::Int => Value::Int(7),
            ValueKind::Float => Value::Float(7.0),
            ValueKind::Decimal => Value::Decimal(Decimal::from(7)),
            ValueKind::Text => Value::Text(SUBJECT.to_owned()),
            ValueKind::Enum => {
                let first = field.variants.first();
                first.cloned().map_or(Value::Null, Value::Text)
            }
            ValueKind::Date => Value::Date(self.now.date_naive()),
            ValueKind::DateTime => Value::DateTime(self.now),
            ValueKind::Json => Value::Json(json!({})),
            ValueKind::Uuid => Value::Uuid(Uuid::from_u128(7)),
        }
    }

    /// Rows on which the columns are null together, fit together, and go apart.
    fn rows(&self, entity: usize) -> Vec<Synthetic> {
        let none = Vec::new();
        let columns = self.columns.get(&entity).unwrap_or(&none);
        let most = columns.iter().map(|(_, values)| values.len()).max();
        let mut rows = Vec::new();
        for step in [0, 1] {
            for nth in 0..most.unwrap_or(1) {
                let cells = columns
                    .iter()
                    .enumerate()
                    .filter_map(|(at, (path, values))| {
                        let value = values.iter().cycle().nth(nth + at * step)?;
                        Some((path.clone(), value.clone()))
                    });
                rows.push(Synthetic(cells.collect()));
            }
        }
        rows
    }
}

/// An instant beside a column of days is a day.
fn fit(value: Value, field: &FieldShape) -> Value {
    match value {
        Value::DateTime(instant) if field.kind == ValueKind::Date => {
            Value::Date(instant.date_naive())
        }
        value => value,
    }
}

/// The values just below and above.
fn around(value: &Value) -> Vec<Value> {
    match value {
        Value::Int(number) => vec![
            Value::Int(number.saturating_sub(1)),
            Value::Int(number.saturating_add(1)),
        ],
        Value::Float(number) => vec![Value::Float(number - 1.0), Value::Float(number + 1.0)],
        Value::Decimal(number) => [Decimal::NEGATIVE_ONE, Decimal::ONE]
            .into_iter()
            .filter_map(|step| number.checked_add(step).map(Value::Decimal))
            .collect(),
        Value::Boolean(truth) => vec![Value::Boolean(!truth)],
        Value::Text(text) => vec![Value::Text(format!("{text}x"))],
        Value::Date(day) => [day.pred_opt(), day.succ_opt()]
            .into_iter()
            .flatten()
            .map(Value::Date)
            .collect(),
        Value::DateTime(instant) => [
            instant.checked_sub_days(Days::new(1)),
            instant.checked_add_days(Days::new(1)),
        ]
        .into_iter()
        .flatten()
        .map(Value::DateTime)
        .collect(),
        Value::Uuid(uuid) => vec![Value::Uuid(next(*uuid))],
        Value::Null | Value::Json(_) => Vec::new(),
    }
}

/// Another claim of the same kind.
fn other(claim: &Json) -> Json {
    match claim {
        Json::Bool(truth) => json!(!truth),
        Json::Number(number) => match number.as_i64() {
            Some(whole) => json!(whole.saturating_add(1)),
            None => json!(number.as_f64().unwrap_or_default() + 1.0),
        },
        Json::String(text) if text.parse::<i64>().is_ok() => json!(format!("{text}0")),
        Json::String(text) if Uuid::try_parse(text).is_ok() => {
            json!(
                Uuid::try_parse(text)
                    .map(next)
                    .unwrap_or_default()
                    .to_string()
            )
        }
        Json::String(text) => match DateTime::parse_from_rfc3339(text) {
            Ok(instant) => json!((instant + Days::new(2)).to_rfc3339()),
            Err(_) => json!(format!("{text}x")),
        },
        Json::Array(elements) => elements.iter().map(other).collect(),
        other => other.clone(),
    }
}

/// The value as a token would hold it.
fn plain(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Boolean(truth) => json!(truth),
        Value::Int(number) => json!(number),
        Value::Float(number) => json!(number),
        Value::Decimal(number) => json!(number.to_string()),
        Value::Text(text) => json!(text),
        Value::Date(day) => json!(day.to_string()),
        Value::DateTime(instant) => json!(instant.to_rfc3339()),
        Value::Json(document) => document.clone(),
        Value::Uuid(uuid) => json!(uuid.to_string()),
    }
}

fn next(uuid: Uuid) -> Uuid {
    Uuid::from_u128(uuid.as_u128().wrapping_add(1))
}
