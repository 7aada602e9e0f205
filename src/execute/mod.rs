//! Running a plan: statements in, raw rows out. One file a driver.

mod parents;
mod sqlite;

use thiserror::Error;

use parents::Parents;
#[cfg(test)]
pub(crate) use sqlite::plain as sqlite_value;
pub(crate) use sqlite::{SqliteReader, run};

/// Bytes of raw rows that one answer may hold.
const MAX_BYTES: usize = 64 * 1024 * 1024;

/// Why a plan could not be run. Nothing in it is for the client; see [`crate::gateway`].
#[derive(Debug, Error)]
pub enum ExecuteError {
    /// The statements took longer than they may.
    #[error("the statements took longer than they may")]
    Timeout,
    /// No connection could be had.
    #[error("no connection to the database")]
    Unavailable(#[source] r2d2::Error),
    /// The database file cannot be looked at.
    #[error("no database file")]
    File(#[source] std::io::Error),
    /// The database refused.
    #[error("the database refused a statement")]
    Database(#[source] rusqlite::Error),
    /// The rows outgrew what one answer may hold.
    #[error("the answer outgrew {0} bytes")]
    TooLarge(usize),
}
