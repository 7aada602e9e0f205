//! Connections that nobody has used for long are closed, whether or not somebody asks for one.

use std::time::Duration;

use deadpool::managed::{Manager, Pool};

use crate::database::PoolSettings;

/// A pool is not looked at more often than this.
const SELDOM: Duration = Duration::from_millis(500);

/// Looks after a pool for as long as it is there.
pub(super) fn close_idle<M: Manager + 'static>(pool: &Pool<M>, settings: &PoolSettings) {
    let (idle, life) = (settings.idle_timeout, settings.max_lifetime);
    let pause = Ord::max(idle.min(life) / 2, SELDOM);
    let pool = pool.weak();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(pause).await;
            let Some(pool) = pool.upgrade() else {
                return;
            };
            pool.retain(|_, metrics| metrics.last_used() <= idle && metrics.age() <= life);
        }
    });
}
