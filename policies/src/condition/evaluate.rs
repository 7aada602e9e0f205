//! Conditions against a row.

use std::cmp::Ordering;

use super::{Comparison, Condition, InList, Operand, Row, Truth};
use crate::value::Value;

impl Truth {
    /// As an SQL `NOT`.
    #[must_use]
    pub fn negate(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
        }
    }

    /// As an SQL `AND`.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::False, _) | (_, Self::False) => Self::False,
            (Self::True, Self::True) => Self::True,
            _ => Self::Unknown,
        }
    }

    /// As an SQL `OR`.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.negate().and(other.negate()).negate()
    }
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }
}

impl Condition {
    /// Whether it holds for the row. What is not settled is unknown.
    #[must_use]
    pub fn evaluate(&self, row: &dyn Row) -> Truth {
        match self {
            Self::Constant(truth) => *truth,
            Self::Compare { op, left, right } => op.apply(&left.value(row), &right.value(row)),
            Self::In {
                operand,
                list: InList::Values(values),
            } => member(&operand.value(row), values),
            Self::In {
                list: InList::Claim(_),
                ..
            } => Truth::Unknown,
            Self::IsNull(operand) => match operand {
                Operand::Row(_) | Operand::Literal(_) => (operand.value(row) == Value::Null).into(),
                Operand::User(_) | Operand::Now => Truth::Unknown,
            },
            Self::And(all) => all
                .iter()
                .fold(Truth::True, |sum, one| sum.and(one.evaluate(row))),
            Self::Or(any) => any
                .iter()
                .fold(Truth::False, |sum, one| sum.or(one.evaluate(row))),
            Self::Not(inner) => inner.evaluate(row).negate(),
        }
    }

    /// Whether it is known to hold for the row: what every decision asks.
    #[must_use]
    pub fn holds(&self, row: &dyn Row) -> bool {
        self.evaluate(row) == Truth::True
    }
}

impl Operand {
    fn value(&self, row: &dyn Row) -> Value {
        match self {
            Self::Row(path) => row.value(path),
            Self::Literal(value) => value.clone(),
            Self::User(_) | Self::Now => Value::Null,
        }
    }
}

impl Comparison {
    /// The comparison with its sides exchanged.
    #[must_use]
    pub fn flip(self) -> Self {
        match self {
            Self::Eq => Self::Eq,
            Self::Ne => Self::Ne,
            Self::Lt => Self::Gt,
            Self::Le => Self::Ge,
            Self::Gt => Self::Lt,
            Self::Ge => Self::Le,
        }
    }

    /// The comparison that holds where this one does not, nulls apart.
    #[must_use]
    pub fn invert(self) -> Self {
        match self {
            Self::Eq => Self::Ne,
            Self::Ne => Self::Eq,
            Self::Lt => Self::Ge,
            Self::Le => Self::Gt,
            Self::Gt => Self::Le,
            Self::Ge => Self::Lt,
        }
    }

    /// Compares; unknown if a side is null or the two are not of one kind.
    #[must_use]
    pub fn apply(self, left: &Value, right: &Value) -> Truth {
        order(left, right).map_or(Truth::Unknown, |order| self.admits(order).into())
    }

    /// Whether two values that stand so to each other compare so.
    pub(super) fn admits(self, order: Ordering) -> bool {
        match self {
            Self::Eq => order.is_eq(),
            Self::Ne => order.is_ne(),
            Self::Lt => order.is_lt(),
            Self::Le => order.is_le(),
            Self::Gt => order.is_gt(),
            Self::Ge => order.is_ge(),
        }
    }
}

/// SQL's `IN`; nothing is a member of the empty list, not even null.
pub(crate) fn member(value: &Value, list: &[Value]) -> Truth {
    list.iter().fold(Truth::False, |sum, one| {
        sum.or(Comparison::Eq.apply(value, one))
    })
}

/// Nothing if one is null or the two are not of one kind.
pub(super) fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Boolean(left), Value::Boolean(right)) => Some(left.cmp(right)),
        (Value::Int(left), Value::Int(right)) => Some(left.cmp(right)),
        (Value::Float(left), Value::Float(right)) => left.partial_cmp(right),
        (Value::Decimal(left), Value::Decimal(right)) => Some(left.cmp(right)),
        (Value::Text(left), Value::Text(right)) => Some(left.cmp(right)),
        (Value::Date(left), Value::Date(right)) => Some(left.cmp(right)),
        (Value::DateTime(left), Value::DateTime(right)) => Some(left.cmp(right)),
        (Value::Uuid(left), Value::Uuid(right)) => Some(left.cmp(right)),
        _ => None,
    }
}
