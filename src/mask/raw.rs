//! Raw rows, on their way from the database to the mask.

use std::fmt;
use std::ops::Range;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use tokio_postgres::Row;
use uuid::Uuid;

use super::parents::ParentKey;
use super::postgres::PostgresRows;
use crate::plan::CellShape;

/// The rows of one level: cells by position, texts in one buffer; or the rows of a driver that can keep them. Every executor
/// fills it with what its driver gives, and none can read it.
#[derive(Default)]
pub(crate) struct RawRows {
    width: usize,
    cells: Vec<Stored>,
    text: String,
    /// The rows of PostgreSQL; there are no cells then.
    sent: Option<PostgresRows>,
}

/// A cell as it is kept.
#[derive(Clone, Debug, PartialEq)]
enum Stored {
    Null,
    Integer(i64),
    Real(f64),
    Decimal(Decimal),
    Day(NaiveDate),
    /// Microseconds since 1970, in UTC.
    Instant(i64),
    Uuid(Uuid),
    /// Where it is in the buffer.
    Text(u32, u32),
    /// Bytes, text that is not Unicode or holds a NUL, a type that we do not know: nothing that a field may hold.
    Broken,
}

/// A cell as the mask reads it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Cell<'a> {
    Null,
    Integer(i64),
    Real(f64),
    Decimal(Decimal),
    Day(NaiveDate),
    Instant(i64),
    Uuid(Uuid),
    Text(&'a str),
    Broken,
}

/// Adding cells; a row is complete when it has as many as there are columns.
impl RawRows {
    /// No rows yet, of so many columns; about so many are expected.
    pub(crate) fn new(width: usize, rows: usize) -> Self {
        let cells = width.saturating_mul(rows.min(1_024));
        Self {
            width,
            cells: Vec::with_capacity(cells),
            text: String::with_capacity(8 * cells),
            sent: None,
        }
    }

    pub(crate) fn push_null(&mut self) {
        self.cells.push(Stored::Null);
    }

    pub(crate) fn push_integer(&mut self, value: i64) {
        self.cells.push(Stored::Integer(value));
    }

    pub(crate) fn push_real(&mut self, value: f64) {
        self.cells.push(Stored::Real(value));
    }

    pub(crate) fn push_decimal(&mut self, value: Decimal) {
        self.cells.push(Stored::Decimal(value));
    }

    pub(crate) fn push_day(&mut self, value: NaiveDate) {
        self.cells.push(Stored::Day(value));
    }

    /// Microseconds since 1970, in UTC.
    pub(crate) fn push_instant(&mut self, value: i64) {
        self.cells.push(Stored::Instant(value));
    }

    /// The bytes of a UUID; others are nothing that a field may hold.
    pub(crate) fn push_uuid(&mut self, bytes: &[u8]) {
        let uuid = Uuid::from_slice(bytes).map_or(Stored::Broken, Stored::Uuid);
        self.cells.push(uuid);
    }

    pub(crate) fn push_text(&mut self, bytes: &[u8]) {
        match std::str::from_utf8(bytes) {
            Ok(text) if !bytes.contains(&0) => self.push_str(text),
            _ => self.push_broken(),
        }
    }

    /// A text without NULs.
    pub(crate) fn push_str(&mut self, text: &str) {
        let start = self.text.len();
        self.text.push_str(text);
        self.cells
            .push(match (u32::try_from(start), u32::try_from(text.len())) {
                (Ok(start), Ok(length)) => Stored::Text(start, length),
                _ => Stored::Broken,
            });
    }

    pub(crate) fn push_broken(&mut self) {
        self.cells.push(Stored::Broken);
    }
}

/// Rows of PostgreSQL, which are kept as they were sent.
impl RawRows {
    /// No rows yet; about so many are expected. Columns before the first are none of the level's own.
    pub(crate) fn of_postgres(first: usize, rows: usize) -> Self {
        Self {
            sent: Some(PostgresRows::new(first, rows.min(1_024))),
            ..Self::default()
        }
    }

    /// Adds a row; tells how many bytes it holds.
    pub(crate) fn keep(&mut self, row: Row) -> usize {
        let sent = self.sent.get_or_insert_default();
        sent.keep(row)
    }
}

impl RawRows {
    /// How many rows are complete.
    pub(crate) fn len(&self) -> usize {
        match &self.sent {
            Some(sent) => sent.len(),
            None => self.cells.len().checked_div(self.width).unwrap_or(0),
        }
    }

    /// Turns the order of the rows from this one on: a page read from its end.
    pub(crate) fn reverse_from(&mut self, row: usize) {
        if let Some(sent) = &mut self.sent {
            sent.reverse_from(row);
        }
        if let Some(cells) = self.cells.get_mut(row * self.width..) {
            cells.reverse();
            cells
                .chunks_mut(self.width.max(1))
                .for_each(<[Stored]>::reverse);
        }
    }

    /// Bytes that the rows hold.
    pub(crate) fn bytes(&self) -> usize {
        let sent = self.sent.as_ref().map_or(0, PostgresRows::bytes);
        sent + self.text.len() + self.cells.len() * size_of::<Stored>()
    }

    /// About how many bytes of an answer they make, so that its buffer need not grow.
    fn written(&self) -> usize {
        match &self.sent {
            Some(sent) => sent.written(),
            None => self.bytes() + self.bytes() / 4,
        }
    }

    /// The key in a column, to be bound to the statement of a level below; `None` if it is null.
    pub(crate) fn key(&self, row: usize, column: usize) -> Option<ParentKey> {
        match self.cell(row, column) {
            Cell::Integer(value) => Some(ParentKey::integer(value)),
            Cell::Text(text) => Some(ParentKey::text(text)),
            _ => None,
        }
    }

    /// The cell at a place; what is out of range is broken, which no writer shows.
    pub(super) fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        if let Some(sent) = &self.sent {
            return sent.cell(row, column);
        }
        match self.cells.get(row * self.width + column) {
            Some(Stored::Null) => Cell::Null,
            Some(Stored::Integer(value)) => Cell::Integer(*value),
            Some(Stored::Real(value)) => Cell::Real(*value),
            Some(Stored::Decimal(value)) => Cell::Decimal(*value),
            Some(Stored::Day(value)) => Cell::Day(*value),
            Some(Stored::Instant(value)) => Cell::Instant(*value),
            Some(Stored::Uuid(value)) => Cell::Uuid(*value),
            Some(Stored::Text(start, length)) => self
                .text
                .get(range(*start, *length))
                .map_or(Cell::Broken, Cell::Text),
            Some(Stored::Broken) | None => Cell::Broken,
        }
    }

    /// The text at a place; `None` if there is none, or anything else.
    #[inline]
    pub(super) fn text(&self, row: usize, column: usize) -> Option<&str> {
        if let Some(sent) = &self.sent {
            return sent.text(row, column);
        }
        match self.cells.get(row * self.width + column)? {
            Stored::Text(start, length) => self.text.get(range(*start, *length)),
            _ => None,
        }
    }
}

/// Writing a cell in full.
impl RawRows {
    /// Writes the cell at a place in full, without a value between, where the driver's bytes allow it; `None`, and nothing is
    /// written, where they do not.
    pub(super) fn write_full(
        &self,
        out: &mut Vec<u8>,
        shape: &CellShape,
        row: usize,
        column: usize,
    ) -> Option<()> {
        self.sent.as_ref()?.write_full(out, shape, row, column)
    }
}

fn range(start: u32, length: u32) -> Range<usize> {
    let start = start as usize;
    start..start + length as usize
}

impl fmt::Debug for RawRows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawRows({} rows)", self.len())
    }
}

/// What was fetched for a level of the plan.
#[derive(Debug, Default)]
pub(crate) struct Fetched {
    pub(crate) rows: RawRows,
    /// The rows of each parent; one group at the root.
    pub(crate) groups: Vec<Group>,
    /// By child of the plan.
    pub(crate) children: Vec<FetchedChild>,
}

impl Fetched {
    /// Bytes that its rows hold.
    pub(crate) fn bytes(&self) -> usize {
        let below = self.children.iter().map(|child| child.fetched.bytes());
        self.rows.bytes() + below.sum::<usize>()
    }

    /// About how many bytes of an answer they make.
    pub(super) fn written(&self) -> usize {
        let below = self.children.iter().map(|child| child.fetched.written());
        self.rows.written() + below.sum::<usize>()
    }
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

impl Group {
    /// What numbers of all groups tell of this one: how many rows there are, and whether some come before and after the page.
    pub(crate) fn tell(
        &mut self,
        place: usize,
        count: &[Option<i64>],
        before: &[Option<i64>],
        after: &[Option<i64>],
    ) {
        let of = |numbers: &[Option<i64>]| numbers.get(place).copied().flatten();
        self.total = of(count).unwrap_or(0);
        self.before |= of(before).is_some();
        self.after |= of(after).is_some();
    }
}
