//! Conditions on a row of which some columns are known already.

use super::evaluate::member;
use super::{Condition, InList, Operand, RowPath, Truth};
use crate::value::Value;

impl Condition {
    /// The condition of a row that has these values, with what they decide folded away: it has the truth of this one on every
    /// such row. Those of other columns are `None`.
    #[must_use]
    pub fn given(&self, known: &dyn Fn(&RowPath) -> Option<Value>) -> Self {
        let put = |operand: &Operand| match operand {
            Operand::Row(path) => known(path).map_or_else(|| operand.clone(), Operand::Literal),
            other => other.clone(),
        };
        match self {
            Self::Compare { op, left, right } => match (put(left), put(right)) {
                (Operand::Literal(left), Operand::Literal(right)) => {
                    Self::Constant(op.apply(&left, &right))
                }
                (Operand::Literal(Value::Null), _) | (_, Operand::Literal(Value::Null)) => {
                    Self::Constant(Truth::Unknown)
                }
                // A column stands on the left.
                (left @ Operand::Literal(_), right) => Self::Compare {
                    op: op.flip(),
                    left: right,
                    right: left,
                },
                (left, right) => Self::Compare {
                    op: *op,
                    left,
                    right,
                },
            },
            Self::In {
                operand,
                list: InList::Values(values),
            } => match put(operand) {
                Operand::Literal(value) => Self::Constant(member(&value, values)),
                _ => self.clone(),
            },
            Self::IsNull(operand) => match put(operand) {
                Operand::Literal(value) => Self::Constant((value == Value::Null).into()),
                _ => self.clone(),
            },
            Self::And(all) => Self::all(all.iter().map(|one| one.given(known))),
            Self::Or(any) => Self::any(any.iter().map(|one| one.given(known))),
            Self::Not(inner) => inner.given(known).negate(),
            Self::Constant(_)
            | Self::In {
                list: InList::Claim(_),
                ..
            } => self.clone(),
        }
    }

    /// The paths whose values decide it.
    pub fn paths(&self) -> Vec<&RowPath> {
        let mut paths = Vec::new();
        let operands: Vec<&Operand> = match self {
            Self::Constant(_) => Vec::new(),
            Self::Compare { left, right, .. } => vec![left, right],
            Self::In { operand, .. } | Self::IsNull(operand) => vec![operand],
            Self::And(parts) | Self::Or(parts) => {
                return parts.iter().flat_map(Self::paths).collect();
            }
            Self::Not(inner) => return inner.paths(),
        };
        for operand in operands {
            if let Operand::Row(path) = operand {
                paths.push(path);
            }
        }
        paths
    }
}
