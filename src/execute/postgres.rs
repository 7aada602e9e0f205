//! PostgreSQL: statements of one request go over one connection without waiting for each other where they can.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use deadpool_postgres::{HookError, Object, Pool, PoolError};
use futures_util::future::{try_join_all, try_join4};
use futures_util::{StreamExt as _, pin_mut};
use sudare_policies::value::Value;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Config, RowStream};

use super::pages::Pages;
use super::postgres_pool::{Access, Held, pool};
use super::postgres_values::{Argument, raw_integer};
use super::tls::Tls;
use super::{Cause, ExecuteError, MAX_BYTES, Parents};
use crate::database::PoolSettings;
use crate::mask::{Data, Fetched, FetchedChild, Group, ParentKey, ParentKeys, RawRows};
use crate::plan::{Child, Param, Plan, Select, Statement};

/// Bytes of rows that are weighed at once: levels are read side by side, and count into one sum.
const WEIGHED: usize = 64 * 1024;

/// The read pool.
#[derive(Clone, Debug)]
pub(crate) struct PostgresReader {
    pub(super) pool: Pool,
    /// A connection that no request takes.
    probe: Pool,
    pub(super) tls: Tls,
    pub(super) timeout: Duration,
}

impl PostgresReader {
    /// A pool of connections, which are made when they are needed.
    ///
    /// # Errors
    /// [`ExecuteError::Unavailable`] if the pool cannot be made.
    pub(crate) fn new(
        config: Config,
        tls: Tls,
        settings: &PoolSettings,
        timeout: Duration,
    ) -> Result<Self, ExecuteError> {
        let one = PoolSettings {
            max_connections: 1,
            ..*settings
        };
        let access = (timeout, Access::Read);
        Ok(Self {
            pool: pool(config.clone(), &tls, settings, access)?,
            probe: pool(config, &tls, &one, access)?,
            tls,
            timeout,
        })
    }

    /// Over one pool, which nobody asks whether it is there.
    pub(super) fn of(pool: Pool, tls: Tls, timeout: Duration) -> Self {
        Self {
            probe: pool.clone(),
            pool,
            tls,
            timeout,
        }
    }

    /// Whether the database answers, on a connection of its own: readers that are busy are no reason to be sent away.
    pub(crate) async fn ping(&self) -> bool {
        let ask = async {
            let held = Held::take(&self.probe, &self.tls, ()).await.ok()?;
            held.client()?.simple_query("SELECT 1").await.ok()?;
            held.give_back();
            Some(())
        };
        tokio::time::timeout(self.timeout, ask)
            .await
            .is_ok_and(|answer| answer.is_some())
    }

    /// Runs all roots of a plan. Dropped before it is done, it stops the statements in the server. The turn is over when nothing
    /// runs any more.
    pub(crate) async fn run(
        &self,
        plan: &Plan,
        values: &[Value],
        turn: impl Send + 'static,
    ) -> Result<Vec<Data>, ExecuteError> {
        match tokio::time::timeout(self.timeout, self.read(plan, values, turn)).await {
            Ok(data) => data,
            Err(_) => Err(ExecuteError::Timeout),
        }
    }

    async fn read(
        &self,
        plan: &Plan,
        values: &[Value],
        turn: impl Send + 'static,
    ) -> Result<Vec<Data>, ExecuteError> {
        let held = Held::take(&self.pool, &self.tls, turn)
            .await
            .map_err(unavailable)?;
        let Some(client) = held.client() else {
            return Err(ExecuteError::Unavailable(Cause::new("no client")));
        };
        let fetch = Fetch {
            client,
            values,
            bytes: AtomicUsize::new(0),
        };
        let data = if plan.is_one_statement() {
            fetch.roots(plan).await?
        } else {
            let begin = async {
                let begin = "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY";
                client
                    .batch_execute(begin)
                    .await
                    .map_err(|error| database(&error))
            };
            // The statements follow on the heels of the first, and see the state that it sees.
            let (_, data) = futures_util::try_join!(begin, fetch.roots(plan))?;
            client
                .batch_execute("COMMIT")
                .await
                .map_err(|error| database(&error))?;
            data
        };
        held.give_back();
        Ok(data)
    }
}

type Fetching<'f> = Pin<Box<dyn Future<Output = Result<Fetched, ExecuteError>> + Send + 'f>>;

/// The fetching of a plan's rows.
pub(super) struct Fetch<'f> {
    pub(super) client: &'f Object,
    pub(super) values: &'f [Value],
    /// Bytes of the rows so far.
    pub(super) bytes: AtomicUsize,
}

impl Fetch<'_> {
    async fn roots(&self, plan: &Plan) -> Result<Vec<Data>, ExecuteError> {
        let roots = plan
            .roots
            .iter()
            .map(async |root| match root.value.select() {
                Some(select) => self.level(select, None).await.map(Data::Rows),
                None => Ok(Data::ready(&root.value)),
            });
        try_join_all(roots).await
    }

    /// Fetches a level for all of its parents, then the levels below it, side by side.
    pub(super) fn level<'s>(
        &'s self,
        select: &'s Select,
        parents: Option<&'s [ParentKey]>,
    ) -> Fetching<'s> {
        Box::pin(async move {
            let statements = [&select.count, &select.before, &select.after];
            let [count, before, after] =
                statements.map(|statement| self.numbers(statement.as_ref(), parents));
            let ((rows, mut groups), count, before, after) =
                try_join4(self.rows(select, parents), count, before, after).await?;
            for (number, group) in groups.iter_mut().enumerate() {
                group.tell(number, &count, &before, &after);
            }
            let children = select.children.iter();
            let children = try_join_all(children.map(|child| self.child(child, &rows))).await?;
            Ok(Fetched {
                rows,
                groups,
                children,
            })
        })
    }

    async fn child(&self, child: &Child, rows: &RawRows) -> Result<FetchedChild, ExecuteError> {
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
        &self,
        select: &Select,
        parents: Option<&[ParentKey]>,
    ) -> Result<(RawRows, Vec<Group>), ExecuteError> {
        let first = usize::from(parents.is_some());
        let mut pages = Pages::new(select, parents.map(<[ParentKey]>::len), |rows| {
            RawRows::of_postgres(first, rows)
        });
        if !select.fetches_rows {
            return Ok(pages.end());
        }
        let stream = self.query(&select.rows, parents).await?;
        pin_mut!(stream);
        let mut size = 0;
        while let Some(row) = stream.next().await {
            let row = row.map_err(|error| database(&error))?;
            let number = match parents {
                Some(_) => Some(raw_integer(&row, 0).ok_or_else(malformed)?),
                None => None,
            };
            if pages.begin(number)? {
                size += pages.rows().keep(row);
            }
            if size > WEIGHED {
                self.weigh(std::mem::take(&mut size))?;
            }
        }
        self.weigh(size)?;
        Ok(pages.end())
    }

    /// The number that a statement gives, by parent; none without a statement.
    async fn numbers(
        &self,
        statement: Option<&Statement>,
        parents: Option<&[ParentKey]>,
    ) -> Result<Vec<Option<i64>>, ExecuteError> {
        let Some(statement) = statement else {
            return Ok(Vec::new());
        };
        let stream = self.query(statement, parents).await?;
        pin_mut!(stream);
        let mut numbers = vec![None; parents.map_or(1, <[ParentKey]>::len)];
        while let Some(row) = stream.next().await {
            let row = row.map_err(|error| database(&error))?;
            let (place, column) = match parents {
                Some(_) => (raw_integer(&row, 0).ok_or_else(malformed)?, 1),
                None => (1, 0),
            };
            let place = usize::try_from(place - 1).ok();
            if let Some(number) = place.and_then(|place| numbers.get_mut(place)) {
                *number = raw_integer(&row, column);
            }
        }
        Ok(numbers)
    }

    pub(super) async fn query(
        &self,
        statement: &Statement,
        parents: Option<&[ParentKey]>,
    ) -> Result<RowStream, ExecuteError> {
        let keys = ParentKeys(parents.unwrap_or_default());
        let prepared = self
            .client
            .prepare_cached(&statement.text)
            .await
            .map_err(|error| database(&error))?;
        let arguments: Vec<Argument<'_>> = statement
            .params
            .iter()
            .map(|param| match param {
                Param::Value(place) => self
                    .values
                    .get(*place)
                    .map_or(Argument::Null, Argument::One),
                Param::Parent => Argument::Keys(keys),
            })
            .collect();
        let arguments = arguments
            .iter()
            .map(|argument| argument as &(dyn ToSql + Sync));
        let stream = self.client.query_raw(&prepared, arguments).await;
        stream.map_err(|error| database(&error))
    }

    fn weigh(&self, size: usize) -> Result<(), ExecuteError> {
        let before = self.bytes.fetch_add(size, Ordering::Relaxed);
        if before.saturating_add(size) > MAX_BYTES {
            return Err(ExecuteError::TooLarge(MAX_BYTES));
        }
        Ok(())
    }
}

fn malformed() -> ExecuteError {
    ExecuteError::Database(Cause::new("a row without the number of its parent"))
}

pub(super) fn unavailable(error: PoolError) -> ExecuteError {
    ExecuteError::Unavailable(match error {
        PoolError::Backend(error) | PoolError::PostCreateHook(HookError::Backend(error)) => {
            cause(&error)
        }
        other => Cause::new(other.to_string()),
    })
}

pub(super) fn database(error: &tokio_postgres::Error) -> ExecuteError {
    if error.is_closed() {
        return ExecuteError::Unavailable(cause(error));
    }
    match error.code() {
        Some(&SqlState::QUERY_CANCELED) => ExecuteError::Timeout,
        Some(
            &SqlState::UNIQUE_VIOLATION
            | &SqlState::FOREIGN_KEY_VIOLATION
            | &SqlState::RESTRICT_VIOLATION,
        ) => ExecuteError::Conflict,
        Some(&SqlState::T_R_SERIALIZATION_FAILURE | &SqlState::T_R_DEADLOCK_DETECTED) => {
            ExecuteError::Again
        }
        _ => ExecuteError::Database(cause(error)),
    }
}

/// INVARIANT: the server's own words may quote a value, so that only its code is told.
fn cause(error: &tokio_postgres::Error) -> Cause {
    let io =
        std::error::Error::source(error).and_then(|source| source.downcast_ref::<std::io::Error>());
    Cause::new(match (error.code(), io) {
        (Some(code), _) => format!("SQLSTATE {}", code.code()),
        (None, Some(io)) => io.kind().to_string(),
        (None, None) => match std::error::Error::source(error) {
            Some(source)
                if source
                    .downcast_ref::<tokio_postgres::error::DbError>()
                    .is_none() =>
            {
                source.to_string()
            }
            _ => "the connection failed".to_owned(),
        },
    })
}
