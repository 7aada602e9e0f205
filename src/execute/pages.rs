//! Rows that come for all parents at once, put into pages.

use super::{Cause, ExecuteError};
use crate::mask::{Group, RawRows};
use crate::plan::Select;

/// The pages of a level while its rows come in, those of a parent after those of the one before.
pub(super) struct Pages<'s> {
    select: &'s Select,
    rows: RawRows,
    groups: Vec<Group>,
    /// The group whose rows are coming in, and where they begin.
    current: usize,
    start: usize,
    more: bool,
}

impl<'s> Pages<'s> {
    /// `parents`: how many there are; at the root there is one page. `rows` makes room for about so many rows.
    pub(super) fn new(
        select: &'s Select,
        parents: Option<usize>,
        rows: impl FnOnce(usize) -> RawRows,
    ) -> Self {
        // The children of many parents are fewer than there may be.
        let expected = usize::try_from(select.limit).unwrap_or(usize::MAX);
        let expected = expected.min(4 * parents.unwrap_or(usize::MAX / 4));
        Self {
            select,
            rows: rows(expected),
            groups: vec![Group::default(); parents.unwrap_or(1)],
            current: 0,
            start: 0,
            more: false,
        }
    }

    /// Begins a row of the parent of this number, from 1; tells whether it is one of the page, and not the one too many.
    pub(super) fn begin(&mut self, parent: Option<i64>) -> Result<bool, ExecuteError> {
        let place = match parent {
            Some(number) => usize::try_from(number.saturating_sub(1)).unwrap_or(usize::MAX),
            None => 0,
        };
        if place < self.current || place >= self.groups.len() {
            let cause = "rows that are not in the order of their parents";
            return Err(ExecuteError::Database(Cause::new(cause)));
        }
        if place > self.current {
            self.finish();
            self.current = place;
        }
        let count = self.rows.len() - self.start;
        if u64::try_from(count).is_ok_and(|count| count < self.select.limit) {
            return Ok(true);
        }
        self.more = true;
        Ok(false)
    }

    /// Where the row goes.
    pub(super) fn rows(&mut self) -> &mut RawRows {
        &mut self.rows
    }

    /// Everything has come in.
    pub(super) fn end(mut self) -> (RawRows, Vec<Group>) {
        self.finish();
        (self.rows, self.groups)
    }

    fn finish(&mut self) {
        if self.select.backward {
            self.rows.reverse_from(self.start);
        }
        if let Some(group) = self.groups.get_mut(self.current) {
            // The row too many lies behind a forward page and before a backward one.
            *group = Group {
                rows: self.start..self.rows.len(),
                before: self.more && self.select.backward,
                after: self.more && !self.select.backward,
                total: 0,
            };
        }
        self.start = self.rows.len();
        self.more = false;
    }
}
