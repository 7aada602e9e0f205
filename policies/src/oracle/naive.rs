//! Conditions read naively: recursion over the rule as it was written, claims looked up where they stand.

use chrono::{DateTime, Utc};
use serde_json::Value as Json;

use crate::condition::coerce::{self, Wanted};
use crate::condition::{Comparison, Condition, InList, Operand, Row, Truth};
use crate::set::Principal;
use crate::shape::{FieldShape, Shape};
use crate::value::{Value, ValueKind};

/// An evaluator of conditions that are not settled.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Naive<'a> {
    pub(crate) shape: &'a Shape,
    pub(crate) principal: &'a Principal,
    pub(crate) now: DateTime<Utc>,
}

impl Naive<'_> {
    /// Three-valued logic spelt out: `None` is unknown.
    pub(crate) fn truth(&self, condition: &Condition, row: &dyn Row) -> Option<bool> {
        match condition {
            Condition::Constant(truth) => match truth {
                Truth::True => Some(true),
                Truth::False => Some(false),
                Truth::Unknown => None,
            },
            Condition::Not(inner) => self.truth(inner, row).map(|truth| !truth),
            Condition::And(parts) => {
                let truths: Vec<_> = parts.iter().map(|part| self.truth(part, row)).collect();
                if truths.contains(&Some(false)) {
                    Some(false)
                } else if truths.contains(&None) {
                    None
                } else {
                    Some(true)
                }
            }
            Condition::Or(parts) => {
                let truths: Vec<_> = parts.iter().map(|part| self.truth(part, row)).collect();
                if truths.contains(&Some(true)) {
                    Some(true)
                } else if truths.contains(&None) {
                    None
                } else {
                    Some(false)
                }
            }
            Condition::IsNull(Operand::User(name)) => {
                Some(self.principal.claim(name).unwrap_or_default().is_null())
            }
            Condition::IsNull(operand) => Some(self.value(operand, operand, row) == Value::Null),
            Condition::Compare { op, left, right } => compare(
                *op,
                &self.value(left, right, row),
                &self.value(right, left, row),
            ),
            Condition::In { operand, list } => self.found(operand, list, row),
        }
    }

    fn found(&self, operand: &Operand, list: &InList, row: &dyn Row) -> Option<bool> {
        let claimed;
        let (value, list) = match list {
            InList::Values(values) => {
                let beside = Operand::Literal(values.first()?.clone());
                (self.value(operand, &beside, row), values)
            }
            InList::Claim(name) => {
                let Some(Json::Array(elements)) = self.principal.claim(name) else {
                    return None;
                };
                claimed = elements
                    .iter()
                    .map(|element| self.coerced(Some(element.clone()), operand))
                    .collect::<Vec<_>>();
                (self.value(operand, operand, row), &claimed)
            }
        };
        let hits: Vec<_> = list
            .iter()
            .map(|one| compare(Comparison::Eq, &value, one))
            .collect();
        if hits.contains(&Some(true)) {
            Some(true)
        } else if hits.contains(&None) {
            None
        } else {
            Some(false)
        }
    }

    pub(super) fn value(&self, operand: &Operand, beside: &Operand, row: &dyn Row) -> Value {
        match operand {
            Operand::Row(path) => row.value(path),
            Operand::Literal(value) => value.clone(),
            Operand::User(name) => self.coerced(self.principal.claim(name), beside),
            Operand::Now => match beside {
                Operand::Row(path) if path.end(self.shape).is_some_and(is_day) => {
                    Value::Date(self.now.date_naive())
                }
                _ => Value::DateTime(self.now),
            },
        }
    }

    pub(super) fn coerced(&self, claim: Option<Json>, beside: &Operand) -> Value {
        let now = Value::DateTime(self.now);
        let wanted = match beside {
            Operand::Row(path) => path.end(self.shape).map(Wanted::of),
            Operand::Literal(value) => Wanted::like(value),
            Operand::Now => Wanted::like(&now),
            Operand::User(_) => None,
        };
        match (claim, wanted) {
            (Some(claim), Some(wanted)) => coerce::claim(&claim, wanted).unwrap_or(Value::Null),
            _ => Value::Null,
        }
    }
}

fn is_day(field: &FieldShape) -> bool {
    field.kind == ValueKind::Date
}

fn compare(op: Comparison, left: &Value, right: &Value) -> Option<bool> {
    let (less, equal) = match (left, right) {
        (Value::Boolean(a), Value::Boolean(b)) => (a < b, a == b),
        (Value::Int(a), Value::Int(b)) => (a < b, a == b),
        (Value::Float(a), Value::Float(b)) if !a.is_nan() && !b.is_nan() => (a < b, a == b),
        (Value::Decimal(a), Value::Decimal(b)) => (a < b, a == b),
        (Value::Text(a), Value::Text(b)) => (a < b, a == b),
        (Value::Date(a), Value::Date(b)) => (a < b, a == b),
        (Value::DateTime(a), Value::DateTime(b)) => (a < b, a == b),
        (Value::Uuid(a), Value::Uuid(b)) => (a < b, a == b),
        _ => return None,
    };
    Some(match op {
        Comparison::Eq => equal,
        Comparison::Ne => !equal,
        Comparison::Lt => less,
        Comparison::Le => less || equal,
        Comparison::Gt => !(less || equal),
        Comparison::Ge => !less,
    })
}
