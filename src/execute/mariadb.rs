//! MariaDB: the statements of a request one after the other over one connection.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use deadpool::managed::{Pool, PoolError};
use futures_util::TryStreamExt as _;
use sqlx::mysql::{MySqlArguments, MySqlConnection, MySqlRow};
use sqlx::{Arguments as _, Connection as _, Executor as _};
use sudare_policies::value::Value;

use super::mariadb_pool::{Connections, Held, pool};
use super::mariadb_values::{add, integer, push};
use super::pages::Pages;
use super::postgres_pool::Access;
use super::write::Teller;
use super::{Cause, ExecuteError, Parents, Weight};
use crate::database::{MariaDb, PoolSettings};
use crate::mask::{Data, Fetched, FetchedChild, Group, ParentKey, ParentKeys, RawRows};
use crate::plan::{Child, Param, Plan, Select, Statement};

/// The read pool.
#[derive(Clone, Debug)]
pub(crate) struct MariaDbReader {
    pub(super) pool: Pool<Connections>,
    /// A connection that no request takes.
    probe: Pool<Connections>,
    pub(super) timeout: Duration,
}

impl MariaDbReader {
    /// A pool of connections, which are made when they are needed.
    ///
    /// # Errors
    /// [`ExecuteError::Unavailable`] if the pool cannot be made.
    pub(crate) fn new(
        server: &MariaDb,
        settings: &PoolSettings,
        timeout: Duration,
    ) -> Result<Self, ExecuteError> {
        let one = PoolSettings {
            max_connections: 1,
            ..*settings
        };
        Ok(Self {
            pool: pool(server, settings, (timeout, Access::Read))?,
            probe: pool(server, &one, (timeout, Access::Read))?,
            timeout,
        })
    }

    /// Over one pool, which nobody asks whether it is there.
    pub(super) fn of(pool: Pool<Connections>, timeout: Duration) -> Self {
        Self {
            probe: pool.clone(),
            pool,
            timeout,
        }
    }

    /// What has cut one connection has cut those that are idle: the next requests get new ones.
    pub(super) fn forget(&self) {
        self.pool.retain(|_, _| false);
    }

    /// Whether the database answers, on a connection of its own: readers that are busy are no reason to be sent away.
    pub(crate) async fn ping(&self) -> bool {
        let ask = async {
            // A connection that has been idle may be gone: a new one is not.
            for _ in 0..2 {
                let mut held = Held::take(&self.probe, ()).await.ok()?;
                if held.connection()?.ping().await.is_ok() {
                    held.give_back();
                    return Some(());
                }
            }
            None
        };
        tokio::time::timeout(self.timeout, ask)
            .await
            .is_ok_and(|answer| answer.is_some())
    }

    /// Runs all roots of a plan. Dropped before it is done, it stops the statement in the server. The turn is over when nothing
    /// runs any more.
    pub(crate) async fn run(
        &self,
        plan: &Plan,
        values: &[Value],
        turn: impl Send + 'static,
    ) -> Result<Vec<Data>, ExecuteError> {
        let data = tokio::time::timeout(self.timeout, self.read(plan, values, turn))
            .await
            .unwrap_or(Err(ExecuteError::Timeout));
        if let Err(ExecuteError::Unavailable(_)) = data {
            self.forget();
        }
        data
    }

    async fn read(
        &self,
        plan: &Plan,
        values: &[Value],
        turn: impl Send + 'static,
    ) -> Result<Vec<Data>, ExecuteError> {
        let mut held = Held::take(&self.pool, turn).await.map_err(unavailable)?;
        let Some(connection) = held.connection() else {
            return Err(ExecuteError::Unavailable(Cause::new("no connection")));
        };
        let mut fetch = Fetch {
            connection,
            values,
            weight: Weight::default(),
        };
        let alone = plan.is_one_statement();
        if !alone {
            let begin = "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY";
            fetch.tell(begin).await?;
        }
        let data = fetch.roots(plan).await?;
        if !alone {
            fetch.tell("COMMIT").await?;
        }
        held.give_back();
        Ok(data)
    }
}

type Fetching<'f> = Pin<Box<dyn Future<Output = Result<Fetched, ExecuteError>> + Send + 'f>>;

/// The fetching of a plan's rows.
pub(super) struct Fetch<'f> {
    pub(super) connection: &'f mut MySqlConnection,
    pub(super) values: &'f [Value],
    pub(super) weight: Weight,
}

impl Teller for Fetch<'_> {
    async fn tell(&mut self, statement: &'static str) -> Result<(), ExecuteError> {
        let done = self.connection.execute(statement).await;
        done.map(|_| ()).map_err(|error| database(&error))
    }
}

impl Fetch<'_> {
    async fn roots(&mut self, plan: &Plan) -> Result<Vec<Data>, ExecuteError> {
        let mut data = Vec::with_capacity(plan.roots.len());
        for root in &plan.roots {
            data.push(match root.value.select() {
                Some(select) => Data::Rows(self.level(select, None).await?),
                None => Data::ready(&root.value),
            });
        }
        Ok(data)
    }

    /// Fetches a level for all of its parents, then the levels below it.
    pub(super) fn level<'s>(
        &'s mut self,
        select: &'s Select,
        parents: Option<&'s [ParentKey]>,
    ) -> Fetching<'s> {
        Box::pin(async move {
            let (rows, mut groups) = self.rows(select, parents).await?;
            let count = self.numbers(select.count.as_ref(), parents).await?;
            let before = self.numbers(select.before.as_ref(), parents).await?;
            let after = self.numbers(select.after.as_ref(), parents).await?;
            for (number, group) in groups.iter_mut().enumerate() {
                group.tell(number, &count, &before, &after);
            }
            let mut children = Vec::with_capacity(select.children.len());
            for child in &select.children {
                children.push(self.child(child, &rows).await?);
            }
            Ok(Fetched {
                rows,
                groups,
                children,
            })
        })
    }

    async fn child(&mut self, child: &Child, rows: &RawRows) -> Result<FetchedChild, ExecuteError> {
        let Parents { keys, links } = Parents::of(rows, child);
        let fetched = if keys.is_empty() {
            Fetched::default()
        } else {
            self.level(&child.select, Some(&keys)).await?
        };
        Ok(FetchedChild { fetched, links })
    }

    /// The rows of a level, by parent.
    async fn rows(
        &mut self,
        select: &Select,
        parents: Option<&[ParentKey]>,
    ) -> Result<(RawRows, Vec<Group>), ExecuteError> {
        let mut pages = Pages::new(select, parents.map(<[ParentKey]>::len), |rows| {
            RawRows::new(select.columns, rows)
        });
        if !select.fetches_rows {
            return Ok(pages.end());
        }
        let arguments = self.arguments(&select.rows, parents)?;
        let query = sqlx::query_with(sqlx::AssertSqlSafe(select.rows.text.as_str()), arguments);
        let mut stream = query.fetch(&mut *self.connection);
        while let Some(row) = stream.try_next().await.map_err(|error| database(&error))? {
            let number = parents.map(|_| integer(&row, 0).ok_or_else(malformed));
            let number = number.transpose()?;
            if pages.begin(number)? {
                let first = usize::from(number.is_some());
                for column in first..first + select.columns {
                    self.weight.add(push(pages.rows(), &row, column));
                }
                self.weight.check()?;
            }
        }
        Ok(pages.end())
    }

    /// The number that a statement gives, by parent; none without a statement.
    async fn numbers(
        &mut self,
        statement: Option<&Statement>,
        parents: Option<&[ParentKey]>,
    ) -> Result<Vec<Option<i64>>, ExecuteError> {
        let Some(statement) = statement else {
            return Ok(Vec::new());
        };
        let arguments = self.arguments(statement, parents)?;
        let query = sqlx::query_with(sqlx::AssertSqlSafe(statement.text.as_str()), arguments);
        let rows: Vec<MySqlRow> = query
            .fetch_all(&mut *self.connection)
            .await
            .map_err(|error| database(&error))?;
        let mut numbers = vec![None; parents.map_or(1, <[ParentKey]>::len)];
        for row in &rows {
            let (place, column) = match parents {
                Some(_) => (integer(row, 0).ok_or_else(malformed)?, 1),
                None => (1, 0),
            };
            let place = usize::try_from(place - 1).ok();
            if let Some(number) = place.and_then(|place| numbers.get_mut(place)) {
                *number = integer(row, column);
            }
        }
        Ok(numbers)
    }

    pub(super) fn arguments(
        &self,
        statement: &Statement,
        parents: Option<&[ParentKey]>,
    ) -> Result<MySqlArguments, ExecuteError> {
        let mut arguments = MySqlArguments::default();
        for param in &statement.params {
            let added = match param {
                Param::Value(place) => add(&mut arguments, self.values.get(*place)),
                Param::Parent => arguments.add(ParentKeys(parents.unwrap_or_default())),
            };
            added.map_err(|_| ExecuteError::Database(Cause::new("a value cannot be bound")))?;
        }
        Ok(arguments)
    }
}

fn malformed() -> ExecuteError {
    ExecuteError::Database(Cause::new("a row without the number of its parent"))
}

/// Errors by which the server says that a statement was stopped: by its clock (MariaDB, MySQL) or by `KILL QUERY`.
const STOPPED: [u16; 3] = [1969, 3024, 1317];

/// Errors by which it says that a value is taken, that a row is referred to, and that what is referred to is not there.
const CONFLICTS: [u16; 3] = [1062, 1451, 1452];

/// Errors by which it says that another transaction was first: a deadlock, a row that has changed.
const OTHERS_FIRST: [u16; 2] = [1213, 1020];

pub(super) fn unavailable(error: PoolError<sqlx::Error>) -> ExecuteError {
    ExecuteError::Unavailable(match error {
        PoolError::Backend(error) => cause(&error),
        other => Cause::new(other.to_string()),
    })
}

pub(super) fn database(error: &sqlx::Error) -> ExecuteError {
    let told = |numbers: &[u16]| number(error).is_some_and(|number| numbers.contains(&number));
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) => ExecuteError::Unavailable(cause(error)),
        _ if told(&STOPPED) => ExecuteError::Timeout,
        _ if told(&CONFLICTS) => ExecuteError::Conflict,
        _ if told(&OTHERS_FIRST) => ExecuteError::Again,
        _ => ExecuteError::Database(cause(error)),
    }
}

/// What the server numbers an error as.
fn number(error: &sqlx::Error) -> Option<u16> {
    let fault = error.as_database_error()?;
    let fault = fault.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>()?;
    Some(fault.number())
}

/// INVARIANT: the server's own words may quote a value, so that only its number is told.
fn cause(error: &sqlx::Error) -> Cause {
    Cause::new(match (number(error), error) {
        (Some(number), _) => format!("error {number}"),
        (None, sqlx::Error::Io(error)) => error.kind().to_string(),
        (None, sqlx::Error::Tls(_)) => "TLS could not be agreed on".to_owned(),
        _ => "the driver could not make sense of an answer".to_owned(),
    })
}
