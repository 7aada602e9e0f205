//! The database that mutations write, whichever it is. It is another one than is read where a copy is read.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use tracing::Instrument as _;

use super::reader::{blocking, tls};
use super::{ExecuteError, MariaDbReader, PostgresReader, RunError, SqliteWriter};
use crate::database::{DatabaseUrl, PoolSettings, WRITERS};
use crate::plan::prepared::Prepared;

/// Times that a transaction is tried to which another one was in the way. Each waits for the other one's locks, so that all who
/// change the same row get it in turn; there are no more of them at a time than connections of all gateways.
const TRIES: usize = 32;

/// Writes one kind of database.
#[derive(Clone, Debug)]
pub(crate) enum Writer {
    Sqlite(SqliteWriter),
    Postgres(PostgresReader),
    MariaDb(MariaDbReader),
}

impl Writer {
    /// Opens a database that is migrated.
    ///
    /// # Errors
    /// [`ExecuteError::Unavailable`] if it cannot be written.
    pub(crate) fn open(
        database: &DatabaseUrl,
        settings: &PoolSettings,
        timeout: Duration,
    ) -> Result<Self, ExecuteError> {
        let settings = &PoolSettings {
            max_connections: few(settings),
            ..*settings
        };
        Ok(match database {
            DatabaseUrl::Sqlite(path) => Self::Sqlite(SqliteWriter::open(path, timeout)?),
            DatabaseUrl::Postgres(server) => {
                let config = server.driver_config();
                let writer = PostgresReader::writer(config, tls(server)?, settings, timeout)?;
                Self::Postgres(writer)
            }
            DatabaseUrl::MariaDb(server) => {
                Self::MariaDb(MariaDbReader::writer(server, settings, timeout)?)
            }
        })
    }

    /// Connections at the most; SQLite takes one change at a time.
    pub(crate) fn connections(&self, settings: &PoolSettings) -> u32 {
        match self {
            Self::Sqlite(_) => 1,
            Self::Postgres(_) | Self::MariaDb(_) => few(settings),
        }
    }

    /// Makes the changes of a plan and writes the answer. Dropped before it is done, it changes nothing, unless the database is just
    /// being told to keep it; the turn lasts until that is certain.
    pub(crate) async fn answer(
        &self,
        prepared: Prepared,
        turn: impl Send + Sync + 'static,
    ) -> Result<Vec<u8>, RunError> {
        let turn = Arc::new(turn);
        let span = tracing::debug_span!("change");
        let change = async {
            for _ in 1..TRIES {
                match self.change(&prepared, Arc::clone(&turn)).await {
                    Err(RunError::Execute(ExecuteError::Again)) => {}
                    done => return done,
                }
            }
            self.change(&prepared, turn).await
        };
        change.instrument(span).await
    }

    async fn change(
        &self,
        Prepared { plan, values }: &Prepared,
        turn: Arc<impl Send + Sync + 'static>,
    ) -> Result<Vec<u8>, RunError> {
        match self {
            Self::Sqlite(writer) => {
                let (writer, plan) = (writer.clone(), Arc::clone(plan));
                let values = values.clone();
                let run = move |stop: &Arc<AtomicBool>| {
                    let _turn = turn;
                    writer.change(&plan, &values, stop)
                };
                blocking(run).await?
            }
            Self::Postgres(writer) => writer.change(plan, values, turn).await,
            Self::MariaDb(writer) => writer.change(plan, values, turn).await,
        }
    }
}

/// They wait for each other's rows, so that more of them would make nothing faster.
fn few(settings: &PoolSettings) -> u32 {
    settings.max_connections.min(WRITERS)
}
