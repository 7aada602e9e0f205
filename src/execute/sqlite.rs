//! SQLite: a pool of read-only connections on the file that SeaORM writes. A request reads in one transaction, so that all
//! of its levels see the same state.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use chrono::SecondsFormat;
use r2d2::{Pool, PooledConnection};
use r2d2_sqlite::SqliteConnectionManager;
use rusqlite::types::ValueRef;
use rusqlite::{CachedStatement, Connection, OpenFlags, ffi};
use rust_decimal::prelude::ToPrimitive as _;
use sudare_policies::value::Value;

use super::{Cause, ExecuteError, Parents, Weight, sqlite_functions};
use crate::mask::{Data, Fetched, FetchedChild, Group, ParentKey, RawRows};
use crate::plan::{Child, Param, Plan, Select, Statement};

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

/// Runs all roots of a plan; `stop` ends it early when nobody waits for the answer any more.
pub(crate) fn run(
    reader: &SqliteReader,
    plan: &Plan,
    values: &[Value],
    stop: &Arc<AtomicBool>,
) -> Result<Vec<Data>, ExecuteError> {
    let mut guarded = Guarded::take(reader, stop)?;
    read(&mut guarded.connection, plan, values)
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

fn read(
    connection: &mut Connection,
    plan: &Plan,
    values: &[Value],
) -> Result<Vec<Data>, ExecuteError> {
    let transaction = connection.transaction().map_err(|error| database(&error))?;
    let mut fetch = Fetch {
        connection: &transaction,
        values: values.iter().map(plain).collect(),
        weight: Weight::default(),
    };
    plan.roots
        .iter()
        .map(|root| match root.value.select() {
            None => Ok(Data::ready(&root.value)),
            Some(select) => fetch.level(select, &[None]).map(Data::Rows),
        })
        .collect()
}

/// The fetching of a plan's rows.
pub(super) struct Fetch<'c> {
    pub(super) connection: &'c Connection,
    pub(super) values: Vec<rusqlite::types::Value>,
    pub(super) weight: Weight,
}

impl Fetch<'_> {
    /// Fetches a level for each of its parents, then the levels below it.
    pub(super) fn level(
        &mut self,
        select: &Select,
        parents: &[Option<ParentKey>],
    ) -> Result<Fetched, ExecuteError> {
        let rows = RawRows::new(select.columns, usize::try_from(select.limit).unwrap_or(0));
        let mut statements = Statements::prepare(self, select)?;
        let mut sink = Sink {
            rows,
            weight: &mut self.weight,
        };
        let mut groups = Vec::with_capacity(parents.len());
        for parent in parents {
            groups.push(statements.group(select, parent.as_ref(), &mut sink)?);
        }
        let rows = sink.rows;
        let children = select.children.iter();
        let children = children
            .map(|child| self.child(child, &rows))
            .collect::<Result<_, _>>()?;
        Ok(Fetched {
            rows,
            groups,
            children,
        })
    }

    fn child(&mut self, child: &Child, rows: &RawRows) -> Result<FetchedChild, ExecuteError> {
        let parents = Parents::of(rows, child);
        let keys: Vec<Option<ParentKey>> = parents.keys.into_iter().map(Some).collect();
        Ok(FetchedChild {
            fetched: self.level(&child.select, &keys)?,
            links: parents.links,
        })
    }
}

/// Where the rows of a level go.
struct Sink<'f> {
    rows: RawRows,
    weight: &'f mut Weight,
}

/// The statements of a level, prepared and bound but for the parent's key.
struct Statements<'c> {
    rows: Option<Bound<'c>>,
    count: Option<Bound<'c>>,
    before: Option<Bound<'c>>,
    after: Option<Bound<'c>>,
}

impl<'c> Statements<'c> {
    fn prepare(fetch: &Fetch<'c>, select: &Select) -> Result<Self, ExecuteError> {
        let optional = |statement: &Option<Statement>| {
            statement
                .as_ref()
                .map(|statement| Bound::prepare(fetch, statement))
                .transpose()
        };
        let rows = select
            .fetches_rows
            .then(|| Bound::prepare(fetch, &select.rows));
        Ok(Self {
            rows: rows.transpose()?,
            count: optional(&select.count)?,
            before: optional(&select.before)?,
            after: optional(&select.after)?,
        })
    }

    fn group(
        &mut self,
        select: &Select,
        parent: Option<&ParentKey>,
        sink: &mut Sink<'_>,
    ) -> Result<Group, ExecuteError> {
        let start = sink.rows.len();
        let more = match &mut self.rows {
            Some(rows) => rows.fetch(parent, select, sink)?,
            None => false,
        };
        let found = Group {
            rows: start..sink.rows.len(),
            before: false,
            after: false,
            total: 0,
        };
        let total = match &mut self.count {
            Some(count) => count.number(parent)?.unwrap_or(0),
            None => 0,
        };
        let any = |probe: &mut Option<Bound<'_>>| match probe {
            Some(probe) => probe.number(parent).map(|found| found.is_some()),
            None => Ok(false),
        };
        let (before, after) = (any(&mut self.before)?, any(&mut self.after)?);
        // The row too many lies behind a forward page and before a backward one.
        Ok(Group {
            before: before || (more && select.backward),
            after: after || (more && !select.backward),
            total,
            ..found
        })
    }
}

/// A prepared statement with its values bound.
pub(super) struct Bound<'c> {
    pub(super) statement: CachedStatement<'c>,
    parent: Option<usize>,
}

impl<'c> Bound<'c> {
    pub(super) fn prepare(fetch: &Fetch<'c>, statement: &Statement) -> Result<Self, ExecuteError> {
        let mut prepared = fetch
            .connection
            .prepare_cached(&statement.text)
            .map_err(|error| database(&error))?;
        let mut parent = None;
        for (place, param) in (1..).zip(&statement.params) {
            match param {
                Param::Parent => parent = Some(place),
                Param::Value(value) => {
                    let value = fetch.values.get(*value);
                    prepared
                        .raw_bind_parameter(place, value)
                        .map_err(|error| database(&error))?;
                }
            }
        }
        Ok(Self {
            statement: prepared,
            parent,
        })
    }

    fn bind(&mut self, parent: Option<&ParentKey>) -> Result<(), ExecuteError> {
        match (self.parent, parent) {
            (Some(place), Some(key)) => self
                .statement
                .raw_bind_parameter(place, key)
                .map_err(|error| database(&error)),
            _ => Ok(()),
        }
    }

    /// Fetches the rows of a page, in their order; tells whether there was one more.
    fn fetch(
        &mut self,
        parent: Option<&ParentKey>,
        select: &Select,
        sink: &mut Sink<'_>,
    ) -> Result<bool, ExecuteError> {
        self.bind(parent)?;
        let start = sink.rows.len();
        let mut rows = self.statement.raw_query();
        let mut count = 0;
        while let Some(row) = rows.next().map_err(|error| database(&error))? {
            if count == select.limit {
                return Ok(finish(select, &mut sink.rows, start, true));
            }
            count += 1;
            for column in 0..select.columns {
                let cell = row.get_ref(column).map_err(|error| database(&error))?;
                sink.weight.add(push(&mut sink.rows, cell));
            }
            sink.weight.check()?;
        }
        Ok(finish(select, &mut sink.rows, start, false))
    }

    /// The first column of the first row, if there is one.
    fn number(&mut self, parent: Option<&ParentKey>) -> Result<Option<i64>, ExecuteError> {
        self.bind(parent)?;
        let mut rows = self.statement.raw_query();
        match rows.next().map_err(|error| database(&error))? {
            Some(row) => row.get(0).map(Some).map_err(|error| database(&error)),
            None => Ok(None),
        }
    }
}

fn finish(select: &Select, rows: &mut RawRows, start: usize, more: bool) -> bool {
    if select.backward {
        rows.reverse_from(start);
    }
    more
}

/// Adds a cell of a row; gives how many bytes it has.
pub(super) fn push(rows: &mut RawRows, value: ValueRef<'_>) -> usize {
    match value {
        ValueRef::Null => {
            rows.push_null();
            0
        }
        ValueRef::Integer(value) => {
            rows.push_integer(value);
            size_of_val(&value)
        }
        ValueRef::Real(value) => {
            rows.push_real(value);
            size_of_val(&value)
        }
        ValueRef::Text(bytes) => {
            rows.push_text(bytes);
            bytes.len()
        }
        ValueRef::Blob(bytes) => {
            rows.push_uuid(bytes);
            bytes.len()
        }
    }
}

/// A value in the form in which SeaORM stores it.
pub(crate) fn plain(value: &Value) -> rusqlite::types::Value {
    use rusqlite::types::Value as Plain;
    match value {
        Value::Null => Plain::Null,
        Value::Boolean(value) => Plain::Integer(i64::from(*value)),
        Value::Int(value) => Plain::Integer(*value),
        Value::Float(value) => Plain::Real(*value),
        // SQLite stores decimals as floats; the nearest float of both sides is the same.
        Value::Decimal(value) => value.to_f64().map_or(Plain::Null, Plain::Real),
        Value::Text(text) => Plain::Text(text.clone()),
        Value::Date(value) => Plain::Text(value.format("%Y-%m-%d").to_string()),
        // The order of these texts is the order of the instants.
        Value::DateTime(value) => Plain::Text(value.to_rfc3339_opts(SecondsFormat::AutoSi, false)),
        Value::Json(value) => Plain::Text(value.to_string()),
        // The order of the bytes is that of the digits, here and in the others.
        Value::Uuid(value) => Plain::Blob(value.as_bytes().to_vec()),
    }
}

/// What SQLite says of values that are taken, and of keys that refer to nothing or are referred to.
const CONFLICTS: [i32; 3] = [
    ffi::SQLITE_CONSTRAINT_UNIQUE,
    ffi::SQLITE_CONSTRAINT_PRIMARYKEY,
    ffi::SQLITE_CONSTRAINT_FOREIGNKEY,
];

/// Connections are made before any statement of a plan: what is said of them tells of the file alone.
fn unavailable(error: &r2d2::Error) -> ExecuteError {
    ExecuteError::Unavailable(Cause::new(error.to_string()))
}

pub(super) fn database(error: &rusqlite::Error) -> ExecuteError {
    match (error.sqlite_error_code(), error.sqlite_error()) {
        (Some(rusqlite::ErrorCode::OperationInterrupted), _) => ExecuteError::Timeout,
        _ if is_restricted(error) => ExecuteError::Conflict,
        (_, Some(error)) if CONFLICTS.contains(&error.extended_code) => ExecuteError::Conflict,
        _ => ExecuteError::Database(cause(error)),
    }
}

/// `ON DELETE RESTRICT` is said in the way of a trigger, with the words of a foreign key.
fn is_restricted(error: &rusqlite::Error) -> bool {
    match error {
        rusqlite::Error::SqliteFailure(failure, Some(said)) => {
            failure.extended_code == ffi::SQLITE_CONSTRAINT_TRIGGER
                && said.starts_with("FOREIGN KEY")
        }
        _ => false,
    }
}

/// INVARIANT: the driver's own words may quote a statement, so that only the code is told.
fn cause(error: &rusqlite::Error) -> Cause {
    Cause::new(match error.sqlite_error() {
        Some(error) => error.to_string(),
        None => "the driver could not make sense of a statement or an answer".to_owned(),
    })
}
