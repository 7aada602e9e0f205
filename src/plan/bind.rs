//! The values of a plan's statements. While a statement is built they are in it as places, which say nothing of the
//! database; whoever runs it gives each value the form of its driver.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use sea_orm::sea_query::{Expr, Value as SqlValue};
use sudare_entities::catalog::Kind;
use sudare_policies::maskers::Masker;
use sudare_policies::value::Value;

use super::cursor;
use crate::blind::{BlindIndex, Made};
use crate::seal::{AudienceSeals, CursorSeal};

/// Where a value of a plan comes from. What a variable holds is known only with the request.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Bind {
    /// The document or a policy.
    Fixed(Value),
    /// A scalar of a variable.
    Given(usize),
    /// A key, which a scalar of a variable has as text.
    Key(usize),
    /// The key behind the number that a scalar of a variable has as text.
    MaskedKey(Arc<MaskedKey>),
    /// How many rows are skipped, which a scalar of a variable says.
    Offset(usize),
    /// The key in the node id that a scalar of a variable is.
    Node(Arc<NodePlace>),
    /// A value of the cursor that a scalar of a variable is.
    Cursor(Arc<CursorPlace>, usize),
    /// The blind index of the text that a scalar of a variable is.
    Blind(Arc<BlindPlace>),
}

/// A number in a variable that stands for a key, and what leads back to it.
#[derive(Debug)]
pub(crate) struct MaskedKey {
    pub(super) given: usize,
    pub(super) masker: Arc<dyn Masker>,
}

/// A text in a variable that is looked for, and how it is indexed.
#[derive(Debug)]
pub(crate) struct BlindPlace {
    pub(super) given: usize,
    pub(super) index: Arc<BlindIndex>,
    pub(super) made: Made,
}

/// A node id in a variable, and whose row the statement takes it to be.
#[derive(Debug)]
pub(crate) struct NodePlace {
    pub(super) given: usize,
    pub(super) seals: AudienceSeals,
    pub(super) entity: String,
}

/// A cursor in a variable, and what the statement takes it to be.
#[derive(Debug)]
pub(crate) struct CursorPlace {
    pub(super) given: usize,
    pub(super) seal: CursorSeal,
    pub(super) kinds: Vec<Kind>,
    /// Which of its values are null: these are compared in another way.
    pub(super) nulls: Vec<bool>,
}

impl Bind {
    /// About how many bytes it holds.
    pub(super) fn weight(&self) -> usize {
        size_of::<Self>()
            + match self {
                Self::Fixed(Value::Text(text)) => text.len(),
                Self::Fixed(Value::Json(json)) => json.to_string().len(),
                _ => 0,
            }
    }
}

impl PartialEq for MaskedKey {
    fn eq(&self, other: &Self) -> bool {
        self.given == other.given && Arc::ptr_eq(&self.masker, &other.masker)
    }
}

impl MaskedKey {
    /// The key that a text stands for.
    pub(super) fn open(&self, text: &str) -> Option<i64> {
        self.masker.value_behind(text.parse().ok()?)
    }
}

impl PartialEq for NodePlace {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl NodePlace {
    /// The key in a node id; `None` if it is none of this entity.
    pub(super) fn open(&self, text: &str) -> Option<i64> {
        let (entity, key) = self.seals.open_node(text)?;
        (entity == self.entity).then_some(key)
    }
}

impl PartialEq for BlindPlace {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl BlindPlace {
    /// The index of a text; `None` if it is no full value.
    pub(super) fn open(&self, text: &str) -> Option<String> {
        self.index.wanted(text, self.made).ok()
    }
}

impl PartialEq for CursorPlace {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl CursorPlace {
    /// The values of a cursor; `None` if it is none of this list, or not of this form.
    pub(super) fn open(&self, text: &str) -> Option<Vec<Value>> {
        let values = cursor::open(&self.seal, &self.kinds, text)?;
        let nulls = values.iter().map(|value| *value == Value::Null);
        nulls.eq(self.nulls.iter().copied()).then_some(values)
    }
}

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
pub(crate) struct Binds {
    all: RefCell<Vec<Bind>>,
    /// The most places that a statement has.
    widest: Cell<usize>,
}

/// Among so many values an equal one is looked for: equal guards then are one column. Lists are longer, and need not share.
const SHARED: usize = 64;

impl Binds {
    /// The place of a value.
    pub(super) fn place(&self, bind: Bind) -> usize {
        let mut binds = self.all.borrow_mut();
        let known = binds.iter().take(SHARED);
        if let Some(place) = known.into_iter().position(|known| *known == bind) {
            return place;
        }
        binds.push(bind);
        binds.len() - 1
    }

    /// The most places that a statement has.
    pub(super) fn widest(&self) -> usize {
        self.widest.get()
    }

    /// All of them, in the order of their places.
    pub(super) fn into_all(self) -> Vec<Bind> {
        self.all.into_inner()
    }
}

/// A place in a statement that is not built yet: as bytes. What a field has as bytes, a UUID, is bound to a place like any other value.
pub(super) fn marker(place: usize) -> SqlValue {
    SqlValue::Bytes(Some(place.to_le_bytes().to_vec()))
}

/// The marker of the parent's key.
pub(super) fn parent_marker() -> Expr {
    Expr::value(SqlValue::Bytes(None))
}

/// What goes into the places of a built statement. A `LIMIT` comes as a number of its own.
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
            Param::Value(binds.place(Bind::Fixed(Value::Int(number))))
        }
        _ => Param::Parent,
    };
    binds.widest.set(binds.widest().max(values.len()));
    values.iter().map(param).collect()
}
