//! Connections to the file of SQLite that SeaORM writes: readers, and the one that writes.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use r2d2::{Pool, PooledConnection};
use r2d2_sqlite::SqliteConnectionManager;
use rusqlite::{Connection, OpenFlags};

use super::sqlite::database;
use super::{Cause, ExecuteError, sqlite_functions};

/// How long the first connection may take when the server starts.
const OPEN_TIMEOUT: Duration = Duration::from_secs(10);

/// Virtual-machine steps between two looks at the clock.
const STEPS: i32 = 2_000;

/// The read pool.
#[derive(Clone, Debug)]
pub(crate) struct SqliteReader {
    pool: Pool<SqliteConnectionManager>,
    file: Arc<File>,
    timeout: Duration,
}

impl SqliteReader {
    /// Opens the file for reading.
    ///
    /// # Errors
    /// [`ExecuteError::Unavailable`] if it cannot be opened.
    pub(crate) fn open(
        path: &Path,
        connections: u32,
        timeout: Duration,
    ) -> Result<Self, ExecuteError> {
        Self::of(path, (connections, READ_ONLY), timeout, |connection| {
            connection.pragma_update(None, "query_only", true)
        })
    }

    /// The file with so many connections, opened and made ready in this way.
    pub(super) fn of(
        path: &Path,
        (connections, flags): (u32, OpenFlags),
        timeout: Duration,
        ready: fn(&Connection) -> rusqlite::Result<()>,
    ) -> Result<Self, ExecuteError> {
        let file = Arc::new(File::new(path)?);
        let opened = Arc::clone(&file);
        let manager = SqliteConnectionManager::file(path)
            .with_flags(flags)
            .with_init(move |connection| {
                opened.prepare(connection)?;
                ready(connection)
            });
        let pool = Pool::builder()
            .max_size(connections)
            .min_idle(Some(1))
            .test_on_check_out(false)
            .connection_timeout(OPEN_TIMEOUT)
            .build(manager)
            .map_err(|error| unavailable(&error))?;
        Ok(Self {
            pool,
            file,
            timeout,
        })
    }

    /// Whether the database answers, on a connection of its own: readers that are busy are no reason to be sent away.
    pub(crate) fn ping(&self) -> bool {
        let ask = || {
            let mut connection = Connection::open_with_flags(&self.file.path, READ_ONLY)?;
            self.file.prepare(&mut connection)?;
            connection.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))
        };
        ask().is_ok()
    }
}

/// How readers open the file.
const READ_ONLY: OpenFlags =
    OpenFlags::SQLITE_OPEN_READ_ONLY.union(OpenFlags::SQLITE_OPEN_NO_MUTEX);

/// The file as it was when the reader was made: readers on two files would give answers from two databases.
#[derive(Debug)]
struct File {
    path: PathBuf,
    identity: (u64, u64),
}

impl File {
    fn new(path: &Path) -> Result<Self, ExecuteError> {
        let identity = Self::identity(path)
            .map_err(|error| ExecuteError::Unavailable(Cause::new(format!("its file: {error}"))))?;
        Ok(Self {
            path: path.to_owned(),
            identity,
        })
    }

    fn identity(path: &Path) -> std::io::Result<(u64, u64)> {
        std::fs::metadata(path).map(|file| (file.dev(), file.ino()))
    }

    fn prepare(&self, connection: &mut Connection) -> rusqlite::Result<()> {
        if Self::identity(&self.path).ok() != Some(self.identity) {
            return Err(rusqlite::Error::InvalidPath(self.path.clone()));
        }
        prepare_connection(connection)
    }
}

fn prepare_connection(connection: &mut Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(Duration::from_secs(2))?;
    connection.set_prepared_statement_cache_capacity(256);
    sqlite_functions::register(connection)
}

/// A connection whose statements end when their time is up or nobody waits for them any more.
pub(super) struct Guarded {
    pub(super) connection: PooledConnection<SqliteConnectionManager>,
}

impl Guarded {
    pub(super) fn take(
        reader: &SqliteReader,
        stop: &Arc<AtomicBool>,
    ) -> Result<Self, ExecuteError> {
        let deadline = Instant::now() + reader.timeout;
        let connection = reader
            .pool
            .get_timeout(reader.timeout)
            .map_err(|error| unavailable(&error))?;
        let stop = Arc::clone(stop);
        let expired = move || stop.load(Ordering::Relaxed) || Instant::now() >= deadline;
        connection
            .progress_handler(STEPS, Some(expired))
            .map_err(|error| database(&error))?;
        Ok(Self { connection })
    }
}

impl Drop for Guarded {
    /// A connection that keeps the handler of a past request would stop the next one: let go of it, whatever happened.
    fn drop(&mut self) {
        let cleared = self.connection.progress_handler(0, None::<fn() -> bool>);
        if cleared.is_err() {
            tracing::error!("a connection to SQLite may stop the next statements");
        }
    }
}

/// Connections are made before any statement of a plan: what is said of them tells of the file alone.
fn unavailable(error: &r2d2::Error) -> ExecuteError {
    ExecuteError::Unavailable(Cause::new(error.to_string()))
}
