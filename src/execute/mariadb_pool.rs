//! The connections to MariaDB: how they are made, kept, and let go of.

use std::time::Duration;

use deadpool::Runtime;
use deadpool::managed::{
    Manager, Metrics, Object, Pool, PoolError, RecycleError, RecycleResult, Timeouts,
};
use sqlx::mysql::MySqlConnection;
use sqlx::{ConnectOptions as _, Connection as _, Executor as _};

use super::idle::close_idle;
use super::postgres_pool::Access;
use super::{Cause, ExecuteError, STOP_TIMEOUT};
use crate::database::{MariaDb, PoolSettings};

/// A pool whose statements end after some time.
pub(super) fn pool(
    server: &MariaDb,
    settings: &PoolSettings,
    (timeout, access): (Duration, Access),
) -> Result<Pool<Connections>, ExecuteError> {
    let connections = Connections {
        server: server.clone(),
        idle_timeout: settings.idle_timeout,
        max_lifetime: settings.max_lifetime,
        milliseconds: timeout.as_millis(),
        access,
    };
    let pool = Pool::builder(connections)
        .max_size(settings.max_connections as usize)
        .timeouts(Timeouts {
            wait: Some(settings.connect_timeout),
            create: Some(settings.connect_timeout),
            recycle: Some(settings.connect_timeout),
        })
        .runtime(Runtime::Tokio1)
        .build()
        .map_err(|error| ExecuteError::Unavailable(Cause::new(error.to_string())))?;
    close_idle(&pool, settings);
    Ok(pool)
}

/// Statements that a connection keeps prepared, but for those of one more request. Servers allow some ten thousand in all.
const MAX_PREPARED: usize = 256;

/// After so long without work a connection is asked whether it is still there: the server, or what stands before it, may have
/// closed it in the meantime.
const TRUSTED: Duration = Duration::from_secs(1);

/// Where a connection has come out: behind one name there may be several servers.
const SERVER: &str = "CONCAT(@@hostname, ' ', @@port, ' ', @@server_id)";

/// Makes the connections of a pool. The driver's own pool tries again and again where a server is not there, rather than say so.
#[derive(Debug)]
pub(super) struct Connections {
    server: MariaDb,
    idle_timeout: Duration,
    max_lifetime: Duration,
    /// That a statement may take.
    milliseconds: u128,
    access: Access,
}

/// A connection, and what the server calls it.
#[derive(Debug)]
pub(super) struct Numbered {
    connection: MySqlConnection,
    id: u64,
    /// See [`SERVER`].
    server: String,
}

impl Manager for Connections {
    type Type = Numbered;
    type Error = sqlx::Error;

    async fn create(&self) -> Result<Numbered, sqlx::Error> {
        let options = self.server.sqlx_options();
        let options = options.statement_cache_capacity(2 * MAX_PREPARED);
        let mut connection = options.connect().await?;
        prepare(&mut connection, self.milliseconds, self.access).await?;
        let idle = self.idle_timeout.as_secs().saturating_add(60);
        let idle = format!("SET SESSION wait_timeout = {}", idle.min(LONGEST_WAIT));
        connection.execute(sqlx::AssertSqlSafe(idle)).await?;
        let who = format!("SELECT CONNECTION_ID(), {SERVER}");
        let (id, server) = sqlx::query_as(sqlx::AssertSqlSafe(who))
            .fetch_one(&mut connection)
            .await?;
        Ok(Numbered {
            connection,
            id,
            server,
        })
    }

    async fn recycle(
        &self,
        numbered: &mut Numbered,
        metrics: &Metrics,
    ) -> RecycleResult<sqlx::Error> {
        let idle = metrics.last_used() > self.idle_timeout;
        if idle || metrics.created.elapsed() > self.max_lifetime {
            return Err(RecycleError::message("old"));
        }
        // The driver would let go of one for each that comes: a message without an answer, after which the next waits for the
        // server's acknowledgement of it, 40 milliseconds later. So it happens to all of them at once, and seldom.
        if numbered.connection.cached_statements_size() >= MAX_PREPARED {
            numbered.connection.clear_cached_statements().await?;
            numbered.connection.ping().await?;
        } else if metrics.last_used() > TRUSTED {
            numbered.connection.ping().await?;
        }
        Ok(())
    }
}

/// Seconds; the most that MariaDB takes.
const LONGEST_WAIT: u64 = 31_536_000;

/// Long texts are sorted by as much of them as the server looks at, and found behind a cursor by the whole. This is the most that its
/// usual buffer allows, which must have room for some fifteen rows: 30,000 characters of each.
const SORTED: &str = "SET SESSION max_sort_length = 131072, SESSION sort_buffer_size = 2097152";

async fn prepare(
    connection: &mut MySqlConnection,
    milliseconds: u128,
    access: Access,
) -> sqlx::Result<()> {
    connection.execute(crate::database::SQL_MODE).await?;
    connection.execute(SORTED).await?;
    let may = format!("SET SESSION TRANSACTION {}", access.words());
    connection.execute(sqlx::AssertSqlSafe(may)).await?;
    connection
        .execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        .await?;
    // The second fence: what the first, our own clock, does not stop, the server does. MySQL has another name for it.
    let seconds = format!(
        "SET SESSION max_statement_time = {}.{:03}",
        milliseconds / 1000,
        milliseconds % 1000
    );
    if connection
        .execute(sqlx::AssertSqlSafe(seconds))
        .await
        .is_err()
    {
        let mysql = format!("SET SESSION max_execution_time = {milliseconds}");
        connection.execute(sqlx::AssertSqlSafe(mysql)).await?;
    }
    Ok(())
}

/// A connection with a statement under way, in somebody's turn.
pub(super) struct Held<T: Send + 'static> {
    connection: Option<(Object<Connections>, T)>,
    server: MariaDb,
}

impl<T: Send + 'static> Held<T> {
    /// A connection that has to be made is made to the end even if this request has no more time: it serves the next.
    pub(super) async fn take(
        pool: &Pool<Connections>,
        turn: T,
    ) -> Result<Self, PoolError<sqlx::Error>> {
        let connection = if pool.status().available > 0 {
            pool.get().await
        } else {
            let making = pool.clone();
            let making = tokio::spawn(async move { making.get().await });
            making.await.unwrap_or(Err(PoolError::Closed))
        };
        Ok(Self {
            connection: Some((connection?, turn)),
            server: pool.manager().server.clone(),
        })
    }

    pub(super) fn connection(&mut self) -> Option<&mut MySqlConnection> {
        let (held, _) = self.connection.as_mut()?;
        Some(&mut held.connection)
    }

    /// All statements are done: the connection can serve others.
    pub(super) fn give_back(mut self) {
        self.connection = None;
    }
}

impl<T: Send + 'static> Drop for Held<T> {
    /// A statement has failed or nobody waits for it: it is stopped, and the connection is closed. Until then it keeps its place
    /// in the pool and the turn lasts, or whoever hangs up again and again would have more statements under way.
    fn drop(&mut self) {
        let Some((mut held, turn)) = self.connection.take() else {
            return;
        };
        let (id, place) = (held.id, held.server.clone());
        let server = self.server.clone();
        tokio::spawn(async move {
            // Over a connection of its own: those of the pool may all be waiting for what this one holds up.
            let stop = async {
                let mut other = server.sqlx_options().connect().await?;
                let who = sqlx::AssertSqlSafe(format!("SELECT {SERVER}"));
                let found: String = sqlx::query_scalar(who).fetch_one(&mut other).await?;
                if found != place {
                    // The same number there is somebody else's statement. Ours ends when its time is up.
                    return Ok(());
                }
                let kill = sqlx::AssertSqlSafe(format!("KILL QUERY {id}"));
                other.execute(kill).await?;
                other.close().await?;
                // Answered when the statement is over; that it has failed is no news.
                let _ = held.connection.ping().await;
                Ok::<(), sqlx::Error>(())
            };
            let stopped = tokio::time::timeout(STOP_TIMEOUT, stop).await;
            if !matches!(stopped, Ok(Ok(()))) {
                tracing::debug!("a statement could not be stopped; its connection is closed");
            }
            drop(Object::take(held));
            drop(turn);
        });
    }
}
