//! Running a plan: statements in, raw rows out. One file a driver.

mod pages;
mod parents;
mod postgres;
mod postgres_values;
mod sqlite;
mod tls;

use thiserror::Error;

use parents::Parents;
pub(crate) use postgres::PostgresReader;
#[cfg(test)]
pub(crate) use sqlite::plain as sqlite_value;
pub(crate) use sqlite::{SqliteReader, run};
pub(crate) use tls::Tls;

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
    Unavailable(#[source] Cause),
    /// The database refused.
    #[error("the database refused a statement")]
    Database(#[source] Cause),
    /// The rows outgrew what one answer may hold.
    #[error("the answer outgrew {0} bytes")]
    TooLarge(usize),
}

/// What a driver says, without a value in it.
#[derive(Debug, Error)]
#[error("{0}")]
pub struct Cause(String);

impl Cause {
    fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}
