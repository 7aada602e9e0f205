//! Conditions: the `when` column of a rule, as one tree that is settled, evaluated here and compiled to SQL by the gateway.
//!
//! Three-valued logic as in SQL: a comparison with an absent value is [`Truth::Unknown`].

use crate::shape::{FieldShape, Shape};
use crate::value::Value;

pub(crate) mod coerce;
mod distinct;
mod evaluate;
mod given;
mod known;
pub(crate) mod proof;
mod reads;
mod settle;
pub(crate) mod source;
pub(crate) mod text;
mod translate;

pub use known::KnownRow;
pub(crate) use reads::{Reads, Time};
pub(crate) use translate::{column_path, name_of};

#[cfg(test)]
mod tests;

/// A row to evaluate a condition on.
pub trait Row {
    /// The value at the end of the path, of the kind of its field; null where a relation on the way leads to no row.
    fn value(&self, path: &RowPath) -> Value;
}

/// The truth of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Truth {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// Something it needs is absent.
    Unknown,
}

/// A condition over `row`, `user` and `now`. A *settled* condition has no [`Operand::User`] and no [`Operand::Now`].
#[derive(Clone, Debug, PartialEq, Hash)]
pub enum Condition {
    /// Decided already.
    Constant(Truth),
    /// A comparison of two values.
    Compare {
        /// How.
        op: Comparison,
        /// What is on the left.
        left: Operand,
        /// What is on the right.
        right: Operand,
    },
    /// Membership in a list. SQL logic: unknown if the operand is null, or if it is not found and the list holds a null.
    In {
        /// What is looked for.
        operand: Operand,
        /// Where: literals, or one claim that holds a list before settling.
        list: InList,
    },
    /// `== null`; never unknown.
    IsNull(Operand),
    /// All hold.
    And(Vec<Condition>),
    /// At least one holds.
    Or(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
}

/// Where [`Condition::In`] looks.
#[derive(Clone, Debug, PartialEq, Hash)]
pub enum InList {
    /// Literals.
    Values(Vec<Value>),
    /// The claim of this name, which must hold a list.
    Claim(String),
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `==`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
}

/// One side of a comparison.
#[derive(Clone, Debug, PartialEq, Hash)]
pub enum Operand {
    /// A column of the row or of a row that it leads to.
    Row(RowPath),
    /// A claim of the principal; `id` is the subject.
    User(String),
    /// The time of the request.
    Now,
    /// A value that the policy names, or a settled claim, coerced to the kind of the other side.
    Literal(Value),
}

/// A column reached from the row through to-one relations.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RowPath {
    /// The entity of the row.
    pub entity: usize,
    /// Indices into [`crate::shape::EntityShape::to_one`], one a step.
    pub hops: Vec<usize>,
    /// The field of the entity where the path ends.
    pub field: usize,
}

impl RowPath {
    /// The entity where the path ends.
    #[must_use]
    pub fn target(&self, shape: &Shape) -> Option<usize> {
        self.hops.iter().try_fold(self.entity, |entity, hop| {
            Some(shape.entity(entity)?.to_one.get(*hop)?.target)
        })
    }

    /// The field where the path ends.
    #[must_use]
    pub fn end<'a>(&self, shape: &'a Shape) -> Option<&'a FieldShape> {
        shape.field(self.target(shape)?, self.field)
    }
}
