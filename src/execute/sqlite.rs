//! SQLite: the statements of a request in one transaction, so that all of its levels see the same state.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use rusqlite::{CachedStatement, Connection, ffi};
use sudare_policies::value::Value;

use super::sqlite_pool::{Guarded, SqliteReader};
use super::sqlite_values::{plain, push};
use super::{Cause, ExecuteError, Parents, Weight};
use crate::mask::{Data, Fetched, FetchedChild, Group, ParentKey, RawRows};
use crate::plan::{Child, Param, Plan, Select, Statement};

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

/// What SQLite says of values that are taken, and of keys that refer to nothing or are referred to.
const CONFLICTS: [i32; 3] = [
    ffi::SQLITE_CONSTRAINT_UNIQUE,
    ffi::SQLITE_CONSTRAINT_PRIMARYKEY,
    ffi::SQLITE_CONSTRAINT_FOREIGNKEY,
];

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
