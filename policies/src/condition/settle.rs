//! Conditions for one request: claims and time become values, and what is decided by them is folded away.

use chrono::{DateTime, Utc};
use serde_json::Value as Json;

use super::coerce::{self, Wanted};
use super::distinct::Distinct;
use super::evaluate::member;
use super::{Comparison, Condition, InList, Operand, RowPath, Truth};
use crate::set::Principal;
use crate::shape::Shape;
use crate::value::{Value, ValueKind};

impl Condition {
    /// The condition for one principal at one time.
    ///
    /// A comparison with a claim that is missing, null or not of the kind of the other side is unknown. Constants are folded
    /// by three-valued logic: the settled condition has the truth of this one on every row. Every comparison left has a
    /// column on its left.
    #[must_use]
    pub fn settle(&self, shape: &Shape, principal: &Principal, now: DateTime<Utc>) -> Self {
        Settling {
            shape,
            principal,
            now,
        }
        .condition(self)
    }

    /// The condition reduced to when it *holds*: true on the same rows, with no unknown constant and no null literal left.
    ///
    /// Unknown counts as false where truth is asked for and as true below a negation, so that a condition that can hold on
    /// no row for lack of a claim is `Constant(False)`.
    #[must_use]
    pub fn holding(self) -> Self {
        self.known(Truth::False)
    }

    /// The condition reduced to when it *is not known to fail*, which is where a deny denies: unknown counts as true.
    #[must_use]
    pub(crate) fn not_failing(self) -> Self {
        self.known(Truth::True)
    }

    /// All of them hold; folded.
    #[must_use]
    pub fn all(conditions: impl IntoIterator<Item = Self>) -> Self {
        let mut parts = Distinct::default();
        for condition in conditions {
            match condition {
                Self::Constant(Truth::True) => {}
                Self::Constant(Truth::False) => return Self::Constant(Truth::False),
                Self::And(inner) => inner.into_iter().for_each(|part| parts.push(part)),
                other => parts.push(other),
            }
        }
        parts.joined(Truth::True, Self::And)
    }

    /// At least one of them holds; folded.
    #[must_use]
    pub fn any(conditions: impl IntoIterator<Item = Self>) -> Self {
        let mut parts = Distinct::default();
        for condition in conditions {
            match condition {
                Self::Constant(Truth::False) => {}
                Self::Constant(Truth::True) => return Self::Constant(Truth::True),
                Self::Or(inner) => inner.into_iter().for_each(|part| parts.push(part)),
                other => parts.push(other),
            }
        }
        parts.joined(Truth::False, Self::Or)
    }

    /// It does not hold; folded.
    #[must_use]
    pub fn negate(self) -> Self {
        match self {
            Self::Constant(truth) => Self::Constant(truth.negate()),
            Self::Not(inner) => *inner,
            Self::Compare { op, left, right } => Self::Compare {
                op: op.invert(),
                left,
                right,
            },
            other => Self::Not(Box::new(other)),
        }
    }

    fn found(operand: Operand, mut values: Vec<Value>) -> Self {
        values.retain(|value| *value != Value::Null);
        if values.is_empty() {
            return Self::Constant(Truth::False);
        }
        let list = InList::Values(values);
        Self::In { operand, list }
    }

    fn known(self, unknown: Truth) -> Self {
        match self {
            Self::Constant(Truth::Unknown) => Self::Constant(unknown),
            Self::And(all) => Self::all(all.into_iter().map(|one| one.known(unknown))),
            Self::Or(any) => Self::any(any.into_iter().map(|one| one.known(unknown))),
            Self::Not(inner) => inner.known(unknown.negate()).negate(),
            Self::In {
                operand,
                list: InList::Values(values),
            } if values.contains(&Value::Null) => match unknown {
                // a null in the list keeps it from ever being false ...
                Truth::True => Self::Constant(Truth::True),
                // ... and adds nothing to when it is true
                _ => Self::found(operand, values),
            },
            other => other,
        }
    }
}

#[derive(Clone, Copy)]
struct Settling<'a> {
    shape: &'a Shape,
    principal: &'a Principal,
    now: DateTime<Utc>,
}

enum Settled<'a> {
    Row(&'a RowPath),
    Value(Value),
}

impl<'a> Settling<'a> {
    fn condition(self, condition: &'a Condition) -> Condition {
        match condition {
            Condition::Constant(truth) => Condition::Constant(*truth),
            Condition::Compare { op, left, right } => self.compare(*op, left, right),
            Condition::In { operand, list } => self.membership(operand, list),
            Condition::IsNull(Operand::User(name)) => {
                let absent = self.claim(name).is_none_or(|claim| claim.is_null());
                Condition::Constant(absent.into())
            }
            Condition::IsNull(Operand::Now) => Condition::Constant(Truth::False),
            Condition::IsNull(Operand::Literal(value)) => {
                Condition::Constant((*value == Value::Null).into())
            }
            Condition::IsNull(operand @ Operand::Row(_)) => Condition::IsNull(operand.clone()),
            Condition::And(all) => Condition::all(all.iter().map(|one| self.condition(one))),
            Condition::Or(any) => Condition::any(any.iter().map(|one| self.condition(one))),
            Condition::Not(inner) => self.condition(inner).negate(),
        }
    }

    fn compare(self, op: Comparison, left: &'a Operand, right: &'a Operand) -> Condition {
        let (Some(one), Some(other)) = (self.operand(left, right), self.operand(right, left))
        else {
            return Condition::Constant(Truth::Unknown);
        };
        let row = |path: &RowPath| Operand::Row(path.clone());
        match (one, other) {
            (Settled::Value(left), Settled::Value(right)) => {
                Condition::Constant(op.apply(&left, &right))
            }
            (Settled::Row(left), Settled::Value(right)) => Condition::Compare {
                op,
                left: row(left),
                right: Operand::Literal(right),
            },
            (Settled::Value(left), Settled::Row(right)) => Condition::Compare {
                op: op.flip(),
                left: row(right),
                right: Operand::Literal(left),
            },
            (Settled::Row(left), Settled::Row(right)) => Condition::Compare {
                op,
                left: row(left),
                right: row(right),
            },
        }
    }

    fn membership(self, operand: &'a Operand, list: &'a InList) -> Condition {
        let values = match list {
            InList::Values(values) => Some(values.clone()),
            InList::Claim(name) => self.claimed_list(name, operand),
        };
        let Some(values) = values else {
            return Condition::Constant(Truth::Unknown);
        };
        if values.is_empty() {
            return Condition::Constant(Truth::False);
        }
        // INVARIANT: the literals of a list are all of one kind; the load checks it.
        let beside = Operand::Literal(values.first().cloned().unwrap_or(Value::Null));
        match self.operand(operand, &beside) {
            None => Condition::Constant(Truth::Unknown),
            Some(Settled::Value(value)) => Condition::Constant(member(&value, &values)),
            Some(Settled::Row(_)) if values.iter().all(|value| *value == Value::Null) => {
                Condition::Constant(Truth::Unknown)
            }
            Some(Settled::Row(path)) => Condition::In {
                operand: Operand::Row(path.clone()),
                list: InList::Values(values),
            },
        }
    }

    /// The elements of a claim; one that is not of the operand's kind is a null, so that not finding is unknown.
    fn claimed_list(self, name: &str, operand: &Operand) -> Option<Vec<Value>> {
        let wanted = kind(self.shape, operand)?;
        let claim = self.claim(name)?;
        let mut values = Vec::new();
        for element in claim.as_array()? {
            let value = coerce::claim(element, wanted).unwrap_or(Value::Null);
            if !values.contains(&value) {
                values.push(value);
            }
        }
        Some(values)
    }

    /// `None` if it is unknown.
    fn operand(self, operand: &'a Operand, beside: &Operand) -> Option<Settled<'a>> {
        match operand {
            Operand::Row(path) => Some(Settled::Row(path)),
            Operand::Literal(Value::Null) => None,
            Operand::Literal(value) => Some(Settled::Value(value.clone())),
            Operand::Now if is_day(self.shape, beside) => {
                Some(Settled::Value(Value::Date(self.now.date_naive())))
            }
            Operand::Now => Some(Settled::Value(Value::DateTime(self.now))),
            Operand::User(name) => {
                coerce::claim(&self.claim(name)?, kind(self.shape, beside)?).map(Settled::Value)
            }
        }
    }

    fn claim(self, name: &str) -> Option<Json> {
        self.principal.claim(name)
    }
}

/// Whether `now`, beside this, is a day and not an instant.
pub(super) fn is_day(shape: &Shape, beside: &Operand) -> bool {
    kind(shape, beside).is_some_and(|wanted| wanted.kind == ValueKind::Date)
}

fn kind<'a>(shape: &'a Shape, operand: &Operand) -> Option<Wanted<'a>> {
    match operand {
        Operand::Row(path) => shape.field(path.target(shape)?, path.field).map(Wanted::of),
        Operand::Literal(value) => Wanted::like(value),
        Operand::Now => Some(Wanted {
            kind: ValueKind::DateTime,
            variants: &[],
        }),
        Operand::User(_) => None,
    }
}
