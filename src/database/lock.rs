//! One at a time may change the schema.

use sea_orm::{DbErr, RuntimeErr};
use sqlx::{ConnectOptions as _, Connection as _, Executor as _, MySqlConnection, PgConnection};

use super::DatabaseUrl;

/// The turn of whoever holds it. A server gives it on when the connection ends, however that ends.
pub(super) enum Lock {
    /// SQLite has one writer in any case.
    Sqlite,
    Postgres(PgConnection),
    MariaDb(MySqlConnection),
}

/// Waits for its turn, for ten minutes at most. The number is the first bytes of SHA-256 of `sudare`.
const POSTGRES: &str =
    "SET lock_timeout = '10min'; SELECT pg_advisory_lock(x'90a946b998daf93d'::bit(64)::bigint)";

/// As [`POSTGRES`]. The lock is the server's, so that it is named after the database.
const MARIADB: &str = "SELECT GET_LOCK(CONCAT('sudare ', MD5(DATABASE())), 600)";

/// Waits for the turn to change the schema of this database.
pub(super) async fn take(database: &DatabaseUrl) -> Result<Lock, DbErr> {
    match database {
        DatabaseUrl::Sqlite(_) => Ok(Lock::Sqlite),
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
                let message = "another server has been changing the schema for ten minutes";
                return Err(DbErr::Custom(message.to_owned()));
            }
            Ok(Lock::MariaDb(connection))
        }
    }
}

impl Lock {
    /// Gives the turn on. A connection that cannot be closed in order is gone, and the turn with it.
    pub(super) async fn release(self) {
        let closed = match self {
            Self::Sqlite => Ok(()),
            Self::Postgres(connection) => connection.close().await,
            Self::MariaDb(connection) => connection.close().await,
        };
        drop(closed);
    }
}

fn failed(error: sqlx::Error) -> DbErr {
    DbErr::Conn(RuntimeErr::SqlxError(error.into()))
}
