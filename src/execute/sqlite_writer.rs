//! Mutations on SQLite: one at a time, which is how many it takes.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use futures_util::FutureExt as _;
use rusqlite::{OpenFlags, TransactionBehavior};
use sudare_policies::value::Value;

use super::sqlite::{Bound, Fetch, database};
use super::sqlite_pool::{Guarded, SqliteReader};
use super::sqlite_values::{plain, push};
use super::write::{self, Session};
use super::{Cause, ExecuteError, RunError, Weight};
use crate::mask::{Fetched, ParentKey, RawRows};
use crate::plan::{Plan, Select, Statement};

/// How the writer opens the file.
const READ_WRITE: OpenFlags =
    OpenFlags::SQLITE_OPEN_READ_WRITE.union(OpenFlags::SQLITE_OPEN_NO_MUTEX);

/// The one connection that writes.
#[derive(Clone, Debug)]
pub(crate) struct SqliteWriter(SqliteReader);

impl SqliteWriter {
    /// Opens the file for writing.
    ///
    /// # Errors
    /// [`ExecuteError::Unavailable`] if it cannot be opened.
    pub(crate) fn open(path: &Path, timeout: Duration) -> Result<Self, ExecuteError> {
        let writer = SqliteReader::of(path, (1, READ_WRITE), timeout, |connection| {
            connection.pragma_update(None, "foreign_keys", true)?;
            // A change that was told is there after a power cut, too.
            connection.pragma_update(None, "synchronous", "FULL")
        });
        writer.map(Self)
    }

    /// Makes the changes of a plan, all or none.
    pub(crate) fn change(
        &self,
        plan: &Plan,
        values: &[Value],
        stop: &Arc<AtomicBool>,
    ) -> Result<Vec<u8>, RunError> {
        let mut guarded = Guarded::take(&self.0, stop)?;
        // From its beginning on nobody else writes: what is looked at before a change stays as it is.
        let transaction = guarded
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(|error| database(&error))?;
        let mut fetch = Fetch {
            connection: &transaction,
            values: values.iter().map(plain).collect(),
            weight: Weight::default(),
        };
        // Nothing here waits: SQLite runs in this thread.
        let changed = write::run(&mut fetch, plan).now_or_never();
        let changed =
            changed.ok_or_else(|| ExecuteError::Broken(Cause::new("a statement waited")))?;
        let changed = changed?;
        // Dropped without a commit, a transaction is taken back.
        transaction.commit().map_err(|error| database(&error))?;
        Ok(changed)
    }
}

impl Session for Fetch<'_> {
    async fn fetch(
        &mut self,
        select: &Select,
        parents: Option<&[ParentKey]>,
    ) -> Result<Fetched, ExecuteError> {
        match parents {
            None => self.level(select, &[None]),
            Some(keys) => {
                let keys: Vec<_> = keys.iter().cloned().map(Some).collect();
                self.level(select, &keys)
            }
        }
    }

    async fn change(&mut self, statement: &Statement) -> Result<Option<ParentKey>, ExecuteError> {
        let mut bound = Bound::prepare(self, statement)?;
        let mut rows = bound.statement.raw_query();
        let mut made = RawRows::new(1, 1);
        while let Some(row) = rows.next().map_err(|error| database(&error))? {
            push(&mut made, row.get_ref(0).map_err(|error| database(&error))?);
        }
        Ok(made.key(0, 0).filter(|_| made.len() == 1))
    }
}
