//! What a condition may come to on rows that nobody has seen: the naive reading of "can hold" and "always holds".
//!
//! Each comparison that reads the row may come out either way, or unknown, whatever the others do.

use super::Naive;
use crate::condition::{Condition, InList, Operand, Row, RowPath};
use crate::value::Value;

/// The truths that a condition may have on some row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Possible {
    pub(super) yes: bool,
    pub(super) no: bool,
    pub(super) unknown: bool,
}

/// Stands where no row is read.
struct NoRow;

impl Row for NoRow {
    fn value(&self, _: &RowPath) -> Value {
        Value::Null
    }
}

impl Possible {
    const ANYTHING: Self = Self {
        yes: true,
        no: true,
        unknown: true,
    };

    fn only(truth: Option<bool>) -> Self {
        Self {
            yes: truth == Some(true),
            no: truth == Some(false),
            unknown: truth.is_none(),
        }
    }

    fn negate(self) -> Self {
        Self {
            yes: self.no,
            no: self.yes,
            unknown: self.unknown,
        }
    }

    fn and(self, other: Self) -> Self {
        Self {
            yes: self.yes && other.yes,
            no: self.no || other.no,
            unknown: (self.unknown && (other.unknown || other.yes)) || (self.yes && other.unknown),
        }
    }

    fn or(self, other: Self) -> Self {
        self.negate().and(other.negate()).negate()
    }
}

impl Naive<'_> {
    /// What the condition may come to.
    pub(super) fn possible(&self, condition: &Condition) -> Possible {
        match condition {
            Condition::Not(inner) => self.possible(inner).negate(),
            Condition::And(parts) => parts
                .iter()
                .map(|part| self.possible(part))
                .fold(Possible::only(Some(true)), Possible::and),
            Condition::Or(parts) => parts
                .iter()
                .map(|part| self.possible(part))
                .fold(Possible::only(Some(false)), Possible::or),
            Condition::IsNull(Operand::Row(_)) => Possible {
                unknown: false,
                ..Possible::ANYTHING
            },
            Condition::Compare { left, right, .. } if is_row(left) || is_row(right) => {
                let absent = |one: &Operand, beside: &Operand| {
                    !is_row(one) && self.value(one, beside, &NoRow) == Value::Null
                };
                if absent(left, right) || absent(right, left) {
                    Possible::only(None)
                } else {
                    Possible::ANYTHING
                }
            }
            Condition::In { operand, list } if is_row(operand) => {
                self.possibly_found(operand, list)
            }
            Condition::Constant(_)
            | Condition::IsNull(_)
            | Condition::Compare { .. }
            | Condition::In { .. } => Possible::only(self.truth(condition, &NoRow)),
        }
    }

    fn possibly_found(&self, operand: &Operand, list: &InList) -> Possible {
        let values = match list {
            InList::Values(values) => values.clone(),
            InList::Claim(name) => match self.principal.claim(name) {
                Some(serde_json::Value::Array(elements)) => elements
                    .into_iter()
                    .map(|element| self.coerced(Some(element), operand))
                    .collect(),
                _ => return Possible::only(None),
            },
        };
        if values.is_empty() {
            return Possible::only(Some(false));
        }
        Possible {
            yes: values.iter().any(|value| *value != Value::Null),
            // a null in the list may be what is looked for
            no: !values.contains(&Value::Null),
            unknown: true,
        }
    }
}

fn is_row(operand: &Operand) -> bool {
    matches!(operand, Operand::Row(_))
}
