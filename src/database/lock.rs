//! One at a time may change the schema.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::{Duration, Instant};

use sea_orm::{DbErr, RuntimeErr};
use sqlx::{ConnectOptions as _, Connection as _, Executor as _, MySqlConnection, PgConnection};

use super::DatabaseUrl;

/// The turn of whoever holds it. A server gives it on when the connection ends, however that ends.
pub(super) enum Lock {
    /// SQLite locks for a statement or a transaction, and a schema is changed in several.
    Sqlite(File),
    Postgres(PgConnection),
    MariaDb(MySqlConnection),
}

/// How long to wait for the turn; the servers are told in their own statements.
const LONGEST: Duration = Duration::from_secs(600);

/// Waits for its turn, for ten minutes at most. The number is the first bytes of SHA-256 of `sudare`.
const POSTGRES: &str =
    "SET lock_timeout = '10min'; SELECT pg_advisory_lock(x'90a946b998daf93d'::bit(64)::bigint)";

/// As [`POSTGRES`]. The lock is the server's, so that it is named after the database.
const MARIADB: &str = "SELECT GET_LOCK(CONCAT('sudare ', MD5(DATABASE())), 600)";

/// Waits for the turn to change the schema of this database.
pub(super) async fn take(database: &DatabaseUrl) -> Result<Lock, DbErr> {
    match database {
        DatabaseUrl::Sqlite(path) => sqlite(path).await.map(Lock::Sqlite),
        DatabaseUrl::Postgres(server) => {
            let mut connection = server.sqlx_options().connect().await.map_err(failed)?;
            connection.execute(POSTGRES).await.map_err(failed)?;
            Ok(Lock::Postgres(connection))
        }
        DatabaseUrl::MariaDb(server) => {
            let mut connection = server.sqlx_options().connect().await.map_err(failed)?;
            let turn: Option<i64> = sqlx::query_scalar(MARIADB)
                .fetch_one(&mut connection)
                .await
                .map_err(failed)?;
            if turn != Some(1) {
                return Err(taken());
            }
            Ok(Lock::MariaDb(connection))
        }
    }
}

/// A file beside the database, which stays: the system gives the lock on it back when its holder ends.
async fn sqlite(database: &Path) -> Result<File, DbErr> {
    let mut path = database.as_os_str().to_owned();
    path.push(".lock");
    let unusable =
        |error: std::io::Error| DbErr::Custom(format!("`{}`: {error}", Path::new(&path).display()));
    let mut options = File::options();
    options.create(true).truncate(false).write(true);
    let file = options.open(&path).map_err(unusable)?;
    let end = Instant::now() + LONGEST;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if Instant::now() < end => {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            Err(TryLockError::WouldBlock) => return Err(taken()),
            Err(TryLockError::Error(error)) => return Err(unusable(error)),
        }
    }
}

fn taken() -> DbErr {
    DbErr::Custom("another server has been changing the schema for ten minutes".to_owned())
}

impl Lock {
    /// Gives the turn on. A connection that cannot be closed in order is gone, and the turn with it.
    pub(super) async fn release(self) {
        let closed = match self {
            Self::Sqlite(file) => {
                drop(file);
                Ok(())
            }
            Self::Postgres(connection) => connection.close().await,
            Self::MariaDb(connection) => connection.close().await,
        };
        drop(closed);
    }
}

fn failed(error: sqlx::Error) -> DbErr {
    DbErr::Conn(RuntimeErr::SqlxError(error.into()))
}
