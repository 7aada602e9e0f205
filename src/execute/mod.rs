//! Running a plan: statements in, raw rows out. One file a driver.

mod idle;
mod mariadb;
mod mariadb_pool;
mod mariadb_values;
mod mariadb_writer;
mod pages;
mod parents;
mod postgres;
mod postgres_pool;
mod postgres_values;
mod postgres_writer;
mod reader;
mod sqlite;
mod sqlite_functions;
mod sqlite_pool;
mod sqlite_values;
mod sqlite_writer;
mod tls;
mod weight;
mod write;
mod writer;

use std::time::Duration;

use thiserror::Error;

use crate::answer::RequestError;
use mariadb::MariaDbReader;
use parents::Parents;
use postgres::PostgresReader;
pub(crate) use reader::Reader;
use sqlite_pool::SqliteReader;
#[cfg(test)]
pub(crate) use sqlite_values::plain as sqlite_value;
use sqlite_writer::SqliteWriter;
use tls::Tls;
use weight::Weight;
pub(crate) use writer::Writer;

/// Bytes of raw rows that one answer may hold.
const MAX_BYTES: usize = 64 * 1024 * 1024;

/// How long it may take to have a statement stopped that nobody waits for: a server that does not answer is not asked for ever.
const STOP_TIMEOUT: Duration = Duration::from_secs(5);

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
    /// The thread that ran the statements ended early.
    #[error("the thread that ran the statements ended early")]
    Broken(#[source] Cause),
    /// What is written clashes with what is there: a value that must be unique, or a key that is referred to.
    #[error("a value is taken, or a key refers to nothing")]
    Conflict,
    /// Another transaction was first; what was done has been taken back, and may be done again.
    #[error("another transaction was first")]
    Again,
    /// The rows outgrew what one answer may hold.
    #[error("the answer outgrew {0} bytes")]
    TooLarge(usize),
}

/// Why there is no answer to a plan.
#[derive(Debug, Error)]
pub(crate) enum RunError {
    #[error(transparent)]
    Execute(#[from] ExecuteError),
    #[error(transparent)]
    Write(crate::mask::WriteError),
    /// A change that is not made, and what is said of it.
    #[error("a change was refused")]
    Refused(Vec<RequestError>),
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
