//! Raw rows, on their way from the database to the mask.

use std::fmt;
use std::ops::Range;

use rusqlite::ToSql;
use rusqlite::types::{ToSqlOutput, ValueRef};

use crate::seal::CursorValue;

/// The rows of one level: cells by position, texts in one buffer.
#[derive(Default)]
pub(crate) struct RawRows {
    width: usize,
    cells: Vec<Stored>,
    text: String,
}

/// A cell as it is kept.
#[derive(Clone, Debug, PartialEq)]
enum Stored {
    Null,
    Integer(i64),
    Real(f64),
    Text(Range<usize>),
    /// Bytes or text that is not Unicode: nothing that a field may hold.
    Broken,
}

/// A cell as the mask reads it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Cell<'a> {
    Null,
    Integer(i64),
    Real(f64),
    Text(&'a str),
    Broken,
}

impl RawRows {
    /// No rows yet, of so many columns.
    pub(crate) fn new(width: usize) -> Self {
        Self {
            width,
            ..Self::default()
        }
    }

    /// Adds a cell; a row is complete when it has as many as there are columns.
    pub(crate) fn push(&mut self, value: ValueRef<'_>) {
        let cell = match value {
            ValueRef::Null => Stored::Null,
            ValueRef::Integer(value) => Stored::Integer(value),
            ValueRef::Real(value) => Stored::Real(value),
            ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => {
                    let start = self.text.len();
                    self.text.push_str(text);
                    Stored::Text(start..self.text.len())
                }
                Err(_) => Stored::Broken,
            },
            ValueRef::Blob(_) => Stored::Broken,
        };
        self.cells.push(cell);
    }

    /// How many rows are complete.
    pub(crate) fn len(&self) -> usize {
        self.cells.len().checked_div(self.width).unwrap_or(0)
    }

    /// Turns the order of the rows from this one on: a page read from its end.
    pub(crate) fn reverse_from(&mut self, row: usize) {
        if let Some(cells) = self.cells.get_mut(row * self.width..) {
            cells.reverse();
            cells
                .chunks_mut(self.width.max(1))
                .for_each(<[Stored]>::reverse);
        }
    }

    /// Bytes that the rows hold.
    pub(crate) fn bytes(&self) -> usize {
        self.text.len() + self.cells.len() * size_of::<Stored>()
    }

    /// The key in a column, to be bound to the statement of a level below; `None` if it is null.
    pub(crate) fn key(&self, row: usize, column: usize) -> Option<ParentKey> {
        match self.cell(row, column) {
            Cell::Integer(value) => Some(ParentKey(Key::Integer(value))),
            Cell::Text(text) => Some(ParentKey(Key::Text(text.to_owned()))),
            Cell::Null | Cell::Real(_) | Cell::Broken => None,
        }
    }

    /// The cell at a place; what is out of range is broken, which no writer shows.
    pub(super) fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        match self.cells.get(row * self.width + column) {
            Some(Stored::Null) => Cell::Null,
            Some(Stored::Integer(value)) => Cell::Integer(*value),
            Some(Stored::Real(value)) => Cell::Real(*value),
            Some(Stored::Text(range)) => self
                .text
                .get(range.clone())
                .map_or(Cell::Broken, Cell::Text),
            Some(Stored::Broken) | None => Cell::Broken,
        }
    }
}

impl fmt::Debug for RawRows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawRows({} rows)", self.len())
    }
}

impl Cell<'_> {
    pub(super) fn cursor_value(self) -> Option<CursorValue> {
        match self {
            Self::Null => Some(CursorValue::Null),
            Self::Integer(value) => Some(CursorValue::Integer(value)),
            Self::Real(value) => Some(CursorValue::Real(value.to_bits().cast_signed())),
            Self::Text(text) => Some(CursorValue::Text(text.to_owned())),
            Self::Broken => None,
        }
    }
}

/// The key of a parent row: it can be compared and bound, not read.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct ParentKey(Key);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Key {
    Integer(i64),
    Text(String),
}

impl fmt::Debug for ParentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ParentKey")
    }
}

impl ToSql for ParentKey {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match &self.0 {
            Key::Integer(value) => value.to_sql(),
            Key::Text(text) => text.to_sql(),
        }
    }
}

/// What was fetched for a level of the plan.
#[derive(Debug)]
pub(crate) struct Fetched {
    pub(crate) rows: RawRows,
    /// The rows of each parent; one group at the root.
    pub(crate) groups: Vec<Group>,
    /// By child of the plan.
    pub(crate) children: Vec<FetchedChild>,
}

/// A level below.
#[derive(Debug)]
pub(crate) struct FetchedChild {
    pub(crate) fetched: Fetched,
    /// By row of the parent's level, the group of its rows below.
    pub(crate) links: Vec<Option<usize>>,
}

/// The rows of one parent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Group {
    /// The rows, without the one that only tells that there is more.
    pub(crate) rows: Range<usize>,
    /// Whether anything comes before the page.
    pub(crate) before: bool,
    /// Whether anything comes after it.
    pub(crate) after: bool,
    pub(crate) total: i64,
}
