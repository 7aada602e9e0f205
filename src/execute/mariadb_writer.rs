//! Mutations on MariaDB.

use std::time::Duration;

use futures_util::TryStreamExt as _;
use sudare_policies::value::Value;

use super::mariadb::{Fetch, MariaDbReader, database, unavailable};
use super::mariadb_pool::{Held, pool};
use super::mariadb_values::push;
use super::postgres_pool::Access;
use super::write::{self, Session};
use super::{Cause, ExecuteError, RunError, Weight};
use crate::database::{MariaDb, PoolSettings};
use crate::mask::{Fetched, ParentKey, RawRows};
use crate::plan::{Plan, Select, Statement};

/// What a transaction reads is what it locks first, and whatever was there then.
const BEGIN: &str = "START TRANSACTION READ WRITE";

impl MariaDbReader {
    /// A pool of connections that write.
    ///
    /// # Errors
    /// [`ExecuteError::Unavailable`] if the pool cannot be made.
    pub(crate) fn writer(
        server: &MariaDb,
        settings: &PoolSettings,
        timeout: Duration,
    ) -> Result<Self, ExecuteError> {
        let pool = pool(server, settings, (timeout, Access::Write))?;
        Ok(Self::of(pool, timeout))
    }

    /// Makes the changes of a plan, all or none.
    pub(crate) async fn change(
        &self,
        plan: &Plan,
        values: &[Value],
        turn: impl Send + 'static,
    ) -> Result<Vec<u8>, RunError> {
        let change = self.changed(plan, values, turn);
        let changed = tokio::time::timeout(self.timeout, change).await;
        let changed = changed.unwrap_or(Err(RunError::Execute(ExecuteError::Timeout)));
        if let Err(RunError::Execute(ExecuteError::Unavailable(_))) = changed {
            self.forget();
        }
        changed
    }

    async fn changed(
        &self,
        plan: &Plan,
        values: &[Value],
        turn: impl Send + 'static,
    ) -> Result<Vec<u8>, RunError> {
        let mut held = Held::take(&self.pool, turn).await.map_err(unavailable)?;
        let Some(connection) = held.connection() else {
            return Err(ExecuteError::Unavailable(Cause::new("no connection")).into());
        };
        let mut fetch = Fetch {
            connection,
            values,
            weight: Weight::default(),
        };
        let (is_over, done) = write::transact(&mut fetch, BEGIN, plan).await;
        if is_over {
            held.give_back();
        }
        done
    }
}

impl Session for Fetch<'_> {
    async fn fetch(
        &mut self,
        select: &Select,
        parents: Option<&[ParentKey]>,
    ) -> Result<Fetched, ExecuteError> {
        self.level(select, parents).await
    }

    async fn change(&mut self, statement: &Statement) -> Result<Option<ParentKey>, ExecuteError> {
        let arguments = self.arguments(statement, None)?;
        let query = sqlx::query_with(sqlx::AssertSqlSafe(statement.text.as_str()), arguments);
        let mut stream = query.fetch(&mut *self.connection);
        let mut made = RawRows::new(1, 1);
        while let Some(row) = stream.try_next().await.map_err(|error| database(&error))? {
            push(&mut made, &row, 0);
        }
        Ok(made.key(0, 0).filter(|_| made.len() == 1))
    }
}
