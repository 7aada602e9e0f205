//! The database that requests read, whichever it is.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio_postgres_rustls::MakeRustlsConnect;
use tracing::Instrument as _;

use super::{
    Cause, ExecuteError, MariaDbReader, PostgresReader, RunError, SqliteReader, Tls, sqlite,
};
use crate::database::{DatabaseUrl, PoolSettings, Postgres};
use crate::mask::{self, Data};
use crate::plan::prepared::Prepared;
use crate::plan::{Dialect, Plan, RootValue};

/// Connections that read a SQLite file side by side.
const SQLITE_READERS: u32 = 8;

/// Bytes of rows that are written on a thread of their own: the writing of more takes milliseconds, for which nothing else would
/// run on this one.
const LARGE: usize = 1024 * 1024;

/// An answer, and what is to be put on record of it.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(crate) body: Vec<u8>,
    /// Of each lookup, how many rows it found.
    pub(crate) found: Vec<usize>,
}

/// Reads one kind of database.
#[derive(Clone, Debug)]
pub(crate) enum Reader {
    Sqlite(SqliteReader),
    Postgres(PostgresReader),
    MariaDb(MariaDbReader),
}

impl Reader {
    /// Opens a database that is migrated.
    ///
    /// # Errors
    /// [`ExecuteError::Unavailable`] if it cannot be read.
    pub(crate) fn open(
        database: &DatabaseUrl,
        settings: &PoolSettings,
        timeout: Duration,
    ) -> Result<Self, ExecuteError> {
        Ok(match database {
            DatabaseUrl::Sqlite(path) => {
                Self::Sqlite(SqliteReader::open(path, SQLITE_READERS, timeout)?)
            }
            DatabaseUrl::Postgres(server) => {
                let (config, tls) = (server.driver_config(), tls(server)?);
                Self::Postgres(PostgresReader::new(config, tls, settings, timeout)?)
            }
            DatabaseUrl::MariaDb(server) => {
                Self::MariaDb(MariaDbReader::new(server, settings, timeout)?)
            }
        })
    }

    /// What its statements look like.
    pub(crate) fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
            Self::MariaDb(_) => Dialect::MariaDb,
        }
    }

    /// Requests that may read side by side.
    pub(crate) fn connections(&self, settings: &PoolSettings) -> u32 {
        match self {
            Self::Sqlite(_) => SQLITE_READERS,
            Self::Postgres(_) | Self::MariaDb(_) => settings.max_connections,
        }
    }

    /// Whether the database answers.
    pub(crate) async fn ping(&self) -> bool {
        match self {
            Self::Sqlite(reader) => {
                let reader = reader.clone();
                let asked = tokio::task::spawn_blocking(move || reader.ping());
                asked.await.unwrap_or(false)
            }
            Self::Postgres(reader) => reader.ping().await,
            Self::MariaDb(reader) => reader.ping().await,
        }
    }

    /// Fetches the rows of a plan. Dropped before it is done, it stops the statements; the turn lasts until they have stopped.
    pub(crate) async fn fetch(
        &self,
        Prepared { plan, values }: Prepared,
        turn: impl Send + 'static,
    ) -> Result<Vec<Data>, ExecuteError> {
        match self {
            _ if !plan.reads_rows() => Ok(plan
                .roots
                .iter()
                .map(|root| Data::ready(&root.value))
                .collect()),
            Self::Sqlite(reader) => {
                let reader = reader.clone();
                let run = move |stop: &Arc<AtomicBool>| {
                    let _turn = turn;
                    sqlite::run(&reader, &plan, &values, stop)
                };
                blocking(run).await?
            }
            Self::Postgres(reader) => reader.run(&plan, &values, turn).await,
            Self::MariaDb(reader) => reader.run(&plan, &values, turn).await,
        }
    }

    /// Runs a plan and writes the answer. `turn` is held until its statements have ended; where a server runs them, or until they
    /// are told to end because nobody waits for them any more.
    pub(crate) async fn answer(
        &self,
        prepared: Prepared,
        turn: impl Send + 'static,
    ) -> Result<Answered, RunError> {
        let Self::Sqlite(reader) = self else {
            let span = tracing::debug_span!("fetch");
            let plan = Arc::clone(&prepared.plan);
            let data = self.fetch(prepared, turn).instrument(span).await?;
            if data.iter().map(Data::bytes).sum::<usize>() > LARGE {
                return blocking(move |_| write(&plan, &data)).await?;
            }
            return write(&plan, &data);
        };
        let reader = reader.clone();
        let Prepared { plan, values } = prepared;
        let work = move |stop: &Arc<AtomicBool>| {
            let _turn = turn;
            let fetch = tracing::debug_span!("fetch");
            let data = fetch.in_scope(|| sqlite::run(&reader, &plan, &values, stop))?;
            write(&plan, &data)
        };
        blocking(work).await?
    }
}

/// How connections to a server are encrypted.
pub(super) fn tls(server: &Postgres) -> Result<Tls, ExecuteError> {
    let tls = server
        .tls()
        .map_err(|error| ExecuteError::Unavailable(Cause::new(error.to_string())))?;
    Ok(tls.map_or(Tls::None, |config| {
        Tls::Rustls(MakeRustlsConnect::new(config))
    }))
}

pub(super) fn write(plan: &Plan, data: &[Data]) -> Result<Answered, RunError> {
    let span = tracing::debug_span!("write");
    let body = span.in_scope(|| mask::answer(plan, data));
    let roots = plan.roots.iter().zip(data);
    let lookups = roots.filter(|(root, _)| matches!(root.value, RootValue::Lookup { .. }));
    Ok(Answered {
        body: body.map_err(RunError::Write)?,
        found: lookups.map(|(_, data)| data.rows()).collect(),
    })
}

/// Works on a thread that may block.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce(&Arc<AtomicBool>) -> T + Send + 'static,
) -> Result<T, ExecuteError> {
    let stop = Arc::new(AtomicBool::new(false));
    let _when_dropped = StopOnDrop(Arc::clone(&stop));
    let span = tracing::Span::current();
    let work = move || span.in_scope(|| work(&stop));
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| ExecuteError::Broken(Cause::new(error.to_string())))
}

/// Ends the statements of a request whose answer nobody waits for any more.
struct StopOnDrop(Arc<AtomicBool>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
