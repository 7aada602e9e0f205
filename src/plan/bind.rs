//! The values of a plan's statements. While a statement is built they are in it as places, which say nothing of the
//! database; whoever runs it gives each value the form of its driver.

use std::cell::RefCell;

use sea_orm::sea_query::{Expr, Value as SqlValue};
use sudare_policies::value::Value;

/// A statement and what goes into its places, in their order.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    pub(crate) text: String,
    pub(crate) params: Vec<Param>,
}

/// What goes into a place of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Param {
    /// One of the plan's values.
    Value(usize),
    /// The key of the parent row, or the keys of all parents where one statement fetches the rows of all of them.
    Parent,
}

/// The values of a plan while it is made.
#[derive(Debug, Default)]
pub(crate) struct Binds(RefCell<Vec<Value>>);

/// Among so many values an equal one is looked for: equal guards then are one column. Lists are longer, and need not share.
const SHARED: usize = 64;

impl Binds {
    /// The place of a value.
    pub(super) fn place(&self, value: &Value) -> usize {
        let mut values = self.0.borrow_mut();
        let known = values.iter().take(SHARED);
        if let Some(place) = known.into_iter().position(|known| known == value) {
            return place;
        }
        values.push(value.clone());
        values.len() - 1
    }

    /// The values, in the order of their places.
    pub(super) fn into_values(self) -> Vec<Value> {
        self.0.into_inner()
    }
}

/// A place as an expression: as bytes, which no field of ours has.
pub(super) fn marker(place: usize) -> Expr {
    Expr::value(SqlValue::Bytes(Some(place.to_le_bytes().to_vec())))
}

/// The marker of the parent's key.
pub(super) fn parent_marker() -> Expr {
    Expr::value(SqlValue::Bytes(None))
}

/// What goes into the places of a built statement. `LIMIT` and `OFFSET` come as numbers of their own.
pub(super) fn params(binds: &Binds, values: &[SqlValue]) -> Vec<Param> {
    let param = |value: &SqlValue| match value {
        SqlValue::Bytes(Some(bytes)) => {
            let mut place = [0; size_of::<usize>()];
            place
                .iter_mut()
                .zip(bytes)
                .for_each(|(to, from)| *to = *from);
            Param::Value(usize::from_le_bytes(place))
        }
        SqlValue::BigUnsigned(Some(number)) => {
            let number = i64::try_from(*number).unwrap_or(i64::MAX);
            Param::Value(binds.place(&Value::Int(number)))
        }
        _ => Param::Parent,
    };
    values.iter().map(param).collect()
}
