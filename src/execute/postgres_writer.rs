//! Mutations on PostgreSQL.

use std::sync::atomic::AtomicUsize;
use std::time::Duration;

use futures_util::{StreamExt as _, pin_mut};
use sudare_policies::value::Value;
use tokio_postgres::Config;

use super::postgres::{Fetch, PostgresReader, database, unavailable};
use super::postgres_pool::{Access, Held, pool};
use super::tls::Tls;
use super::write::{self, Session, Teller};
use super::{Cause, ExecuteError, RunError};
use crate::database::PoolSettings;
use crate::mask::{Fetched, ParentKey, RawRows};
use crate::plan::{Plan, Select, Statement};

/// All of a transaction sees one state; where another one has changed a row in the meantime, it is tried again.
const BEGIN: &str = "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ WRITE";

impl PostgresReader {
    /// A pool of connections that write.
    ///
    /// # Errors
    /// [`ExecuteError::Unavailable`] if the pool cannot be made.
    pub(crate) fn writer(
        config: Config,
        tls: Tls,
        settings: &PoolSettings,
        timeout: Duration,
    ) -> Result<Self, ExecuteError> {
        let pool = pool(config, &tls, settings, (timeout, Access::Write))?;
        Ok(Self::of(pool, tls, timeout))
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
        changed.unwrap_or(Err(RunError::Execute(ExecuteError::Timeout)))
    }

    async fn changed(
        &self,
        plan: &Plan,
        values: &[Value],
        turn: impl Send + 'static,
    ) -> Result<Vec<u8>, RunError> {
        let held = Held::take(&self.pool, &self.tls, turn);
        let held = held.await.map_err(unavailable)?;
        let Some(client) = held.client() else {
            return Err(ExecuteError::Unavailable(Cause::new("no client")).into());
        };
        let mut fetch = Fetch {
            client,
            values,
            bytes: AtomicUsize::new(0),
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
        let stream = self.query(statement, None).await?;
        pin_mut!(stream);
        let mut made = RawRows::of_postgres(0, 1);
        while let Some(row) = stream.next().await {
            made.keep(row.map_err(|error| database(&error))?);
        }
        Ok(made.key(0, 0).filter(|_| made.len() == 1))
    }
}

impl Teller for Fetch<'_> {
    async fn tell(&mut self, statement: &'static str) -> Result<(), ExecuteError> {
        let told = self.client.batch_execute(statement).await;
        told.map_err(|error| database(&error))
    }
}
