//! The connections to PostgreSQL: how they are made, kept, and let go of.

use std::time::{Duration, Instant};

use deadpool_postgres::{
    ClientWrapper, Hook, HookError, Manager, ManagerConfig, Metrics, Object, Pool, PoolError,
    Timeouts,
};
use tokio_postgres::Config;

use super::idle::close_idle;
use super::tls::Tls;
use super::{Cause, ExecuteError, STOP_TIMEOUT};
use crate::database::PoolSettings;

/// Statements that a connection keeps prepared; beyond it all are forgotten and prepared again when they come.
const MAX_PREPARED: usize = 512;

/// After so many takings of a connection its statements are counted, which takes the longer the more they are.
const TAKINGS: usize = 64;

/// What the connections of a pool may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// Read, and nothing else.
    Read,
    /// Write, too.
    Write,
}

impl Access {
    /// What a session is told of it.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Read => "READ ONLY",
            Self::Write => "READ WRITE",
        }
    }
}

/// A pool whose statements end after some time.
pub(super) fn pool(
    config: Config,
    tls: &Tls,
    settings: &PoolSettings,
    (timeout, access): (Duration, Access),
) -> Result<Pool, ExecuteError> {
    let options = ManagerConfig::default();
    let manager = match tls {
        Tls::None => Manager::from_config(config, tokio_postgres::NoTls, options),
        Tls::Rustls(connect) => Manager::from_config(config, connect.clone(), options),
    };
    // The second fence: what the first, our own clock, does not stop, the server does.
    let session = format!(
        "SET SESSION CHARACTERISTICS AS TRANSACTION {}; SET statement_timeout = {}; \
            SET idle_in_transaction_session_timeout = {}; SET TimeZone = 'UTC'; SET jit = off",
        access.words(),
        timeout.as_millis(),
        2 * timeout.as_millis(),
    );
    let prepare = Hook::async_fn(move |client: &mut ClientWrapper, _| {
        let session = session.clone();
        Box::pin(async move {
            let done = client.batch_execute(&session).await;
            done.map_err(HookError::Backend)
        })
    });
    let (idle, life) = (settings.idle_timeout, settings.max_lifetime);
    let fresh = Hook::sync_fn(move |_: &mut ClientWrapper, metrics: &Metrics| {
        let now = Instant::now();
        let since = |then: Instant| now.saturating_duration_since(then);
        let used = metrics.recycled.unwrap_or(metrics.created);
        if since(used) > idle || since(metrics.created) > life {
            return Err(HookError::message("old"));
        }
        Ok(())
    });
    let pool = Pool::builder(manager)
        .max_size(settings.max_connections as usize)
        .timeouts(Timeouts {
            wait: Some(settings.connect_timeout),
            create: Some(settings.connect_timeout),
            ..Timeouts::default()
        })
        .runtime(deadpool_postgres::Runtime::Tokio1)
        .post_create(prepare)
        .pre_recycle(fresh)
        .build()
        .map_err(|error| ExecuteError::Unavailable(Cause::new(error.to_string())))?;
    close_idle(&pool, settings);
    Ok(pool)
}

/// A connection with statements under way, in somebody's turn.
pub(super) struct Held<'t, T: Send + 'static> {
    client: Option<(Object, T)>,
    tls: &'t Tls,
}

impl<'t, T: Send + 'static> Held<'t, T> {
    /// A connection that has to be made is made to the end even if this request has no more time: it serves the next.
    pub(super) async fn take(pool: &Pool, tls: &'t Tls, turn: T) -> Result<Self, PoolError> {
        let status = pool.status();
        let client = if status.available > 0 || status.size == status.max_size {
            pool.get().await
        } else {
            let making = pool.clone();
            let making = tokio::spawn(async move { making.get().await });
            making.await.unwrap_or(Err(PoolError::Closed))
        }?;
        let takings = Object::metrics(&client).recycle_count;
        if takings.is_multiple_of(TAKINGS) && client.statement_cache.size() > MAX_PREPARED {
            client.statement_cache.clear();
        }
        Ok(Self {
            client: Some((client, turn)),
            tls,
        })
    }

    pub(super) fn client(&self) -> Option<&Object> {
        self.client.as_ref().map(|(client, _)| client)
    }

    /// All statements are done: the connection can serve others.
    pub(super) fn give_back(mut self) {
        self.client = None;
    }
}

impl<T: Send + 'static> Drop for Held<'_, T> {
    /// The statements have failed or nobody waits for them: they are stopped, and the connection is closed. Until then it keeps
    /// its place in the pool and the turn lasts, or whoever hangs up again and again would have more statements under way.
    fn drop(&mut self) {
        let Some((client, turn)) = self.client.take() else {
            return;
        };
        let token = client.cancel_token();
        let tls = self.tls.clone();
        tokio::spawn(async move {
            let stop = async {
                match tls {
                    Tls::None => token.cancel_query(tokio_postgres::NoTls).await,
                    Tls::Rustls(connect) => token.cancel_query(connect).await,
                }?;
                // Answered when what came before it is over; that this has failed is no news.
                let _ = client.simple_query("").await;
                Ok::<(), tokio_postgres::Error>(())
            };
            let stopped = tokio::time::timeout(STOP_TIMEOUT, stop).await;
            if !matches!(stopped, Ok(Ok(()))) {
                tracing::debug!("a statement could not be cancelled; its connection is closed");
            }
            drop(Object::take(client));
            drop(turn);
        });
    }
}
