//! What the rows of an answer weigh.

use super::{ExecuteError, MAX_BYTES};

/// What comes on top of each cell: PostgreSQL sends so much before it, and weighs its rows by itself.
const CELL: usize = 4;

/// Bytes of the rows of an answer so far, as their driver has them: the same rows weigh about the same on each database.
#[derive(Debug, Default)]
pub(super) struct Weight(usize);

impl Weight {
    /// Adds a cell that has so many bytes, none if it is null.
    pub(super) fn add(&mut self, bytes: usize) {
        self.0 = self.0.saturating_add(CELL).saturating_add(bytes);
    }

    /// # Errors
    /// [`ExecuteError::TooLarge`] if they are more than one answer may hold.
    pub(super) fn check(&self) -> Result<(), ExecuteError> {
        if self.0 > MAX_BYTES {
            return Err(ExecuteError::TooLarge(MAX_BYTES));
        }
        Ok(())
    }
}
