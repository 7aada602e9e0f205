//! The database behind the gateway: opened, migrated and checked through SeaORM.

use std::path::Path;
use std::time::Duration;

use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DbErr, SqlxMySqlConnector, SqlxPostgresConnector,
};
use sea_orm_migration::MigratorTrait as _;
use sudare_entities::migration::Migrator;
use sudare_entities::{Catalog, CatalogError};
use thiserror::Error;

mod check;
mod fold;
mod lock;
mod server;
mod tls;
mod url;

pub use check::{TableError, TableErrors};
pub use fold::FoldError;
pub(crate) use server::SQL_MODE;
pub use server::{MariaDb, Postgres, Server};
pub use tls::TlsError;
pub use url::{DatabaseUrl, UrlError};

/// How many connections there are to a server, and for how long.
#[derive(Clone, Copy, Debug)]
pub struct PoolSettings {
    /// At most this many.
    pub max_connections: u32,
    /// How long somebody waits for one.
    pub connect_timeout: Duration,
    /// After how long without work one is closed.
    pub idle_timeout: Duration,
    /// After how long one is closed in any case, so that a change of servers behind a name is noticed.
    pub max_lifetime: Duration,
}

impl Default for PoolSettings {
    fn default() -> Self {
        Self {
            max_connections: 12,
            connect_timeout: Duration::from_secs(5),
            idle_timeout: Duration::from_secs(10 * 60),
            max_lifetime: Duration::from_secs(30 * 60),
        }
    }
}

/// Why a database cannot be opened. None of these tells a password.
#[derive(Debug, Error)]
pub enum OpenError {
    /// It cannot be reached.
    #[error("it cannot be reached")]
    Connect(#[source] DbErr),
    /// There is nobody to trust.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// Its schema cannot be brought up to date.
    #[error("its schema cannot be brought up to date")]
    Migrate(#[source] DbErr),
    /// A copy has not come as far as this program.
    #[error(
        "it is not up to date: it follows too far behind, follows another database than `database.url`, or is of another version of the server"
    )]
    Behind,
    /// Its tables cannot be looked at.
    #[error("its tables cannot be looked at")]
    Look(#[source] DbErr),
    /// Its tables would not keep or compare values as they must.
    #[error(transparent)]
    Tables(#[from] TableErrors),
    /// It does not fold case as it must.
    #[error(transparent)]
    Fold(#[from] FoldError),
    /// There is no catalog to compare it with.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
}

/// Opens a database for writing, brings its schema up to date, and looks whether its tables keep and compare values as the
/// gateway takes them to. A SQLite file is made if it is not there.
///
/// # Errors
/// [`OpenError`] says what is wrong.
pub async fn open(database: impl Into<DatabaseUrl>) -> Result<DatabaseConnection, OpenError> {
    open_with(&database.into(), &PoolSettings::default()).await
}

/// Like [`open`], with other than the usual settings.
///
/// # Errors
/// [`OpenError`] says what is wrong.
pub async fn open_with(
    database: &DatabaseUrl,
    settings: &PoolSettings,
) -> Result<DatabaseConnection, OpenError> {
    let connection = connect(database, settings).await?;
    check::encoding(&connection).await?;
    prepare(database, &connection).await?;
    check::tables(&connection, &Catalog::new()?).await?;
    Ok(connection)
}

/// Looks whether a copy that follows the database can be read in its place. Changes nothing.
///
/// # Errors
/// [`OpenError`] says what is wrong.
pub async fn check_replica(
    replica: &DatabaseUrl,
    settings: &PoolSettings,
) -> Result<(), OpenError> {
    let connection = connect(replica, settings).await?;
    check::encoding(&connection).await?;
    if !is_ready(&connection).await.map_err(OpenError::Look)? {
        return Err(OpenError::Behind);
    }
    check::tables(&connection, &Catalog::new()?).await?;
    connection.close().await.map_err(OpenError::Look)
}

/// Connections that write at the same time: they are few, since they wait for each other's rows.
pub(crate) const WRITERS: u32 = 4;

async fn connect(
    database: &DatabaseUrl,
    settings: &PoolSettings,
) -> Result<DatabaseConnection, OpenError> {
    let settings = PoolSettings {
        max_connections: WRITERS,
        ..*settings
    };
    let failed = |error: sqlx::Error| {
        OpenError::Connect(DbErr::Conn(sea_orm::RuntimeErr::SqlxError(error.into())))
    };
    match database {
        DatabaseUrl::Sqlite(path) => sqlite(path).await.map_err(OpenError::Connect),
        DatabaseUrl::Postgres(server) => {
            // The driver would say that there is no such file, and not which.
            server.tls()?;
            let pool = server.pool(&settings).await.map_err(failed)?;
            Ok(SqlxPostgresConnector::from_sqlx_postgres_pool(pool))
        }
        DatabaseUrl::MariaDb(server) => {
            server.tls()?;
            let pool = server.pool(&settings).await.map_err(failed)?;
            Ok(SqlxMySqlConnector::from_sqlx_mysql_pool(pool))
        }
    }
}

async fn sqlite(path: &Path) -> Result<DatabaseConnection, DbErr> {
    let path = path.to_owned();
    let mut options = ConnectOptions::new("sqlite://sudare.db");
    // One writer: more would only wait for each other. It stays open, and with it the shared memory of the WAL that the
    // read-only connections need.
    options
        .max_connections(1)
        .min_connections(1)
        .idle_timeout(None::<Duration>)
        .max_lifetime(None::<Duration>)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |options| {
            // The path goes in as it is: in a URL it would have to be escaped.
            options
                .filename(&path)
                .create_if_missing(true)
                .pragma("journal_mode", "WAL")
                .pragma("synchronous", "NORMAL")
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(5))
        });
    Database::connect(options).await
}

/// A database that is up to date is only looked at: whoever serves needs no right to change tables.
async fn prepare(database: &DatabaseUrl, connection: &DatabaseConnection) -> Result<(), OpenError> {
    if is_ready(connection).await.map_err(OpenError::Look)? {
        return Ok(());
    }
    // Servers that start together bring it up to date one after the other; the second one finds nothing left to do.
    let lock = lock::take(database).await.map_err(OpenError::Migrate)?;
    let done = bring_up_to_date(connection).await;
    lock.release().await;
    done
}

async fn bring_up_to_date(connection: &DatabaseConnection) -> Result<(), OpenError> {
    // Looked at once more: another one may have had its turn before, and whoever has only the function to make needs no more rights.
    if !up_to_date(connection).await.map_err(OpenError::Look)? {
        Migrator::up(connection, None)
            .await
            .map_err(OpenError::Migrate)?;
    }
    if !fold::is_installed(connection)
        .await
        .map_err(OpenError::Look)?
    {
        fold::install(connection).await?;
    }
    Ok(())
}

async fn is_ready(connection: &DatabaseConnection) -> Result<bool, DbErr> {
    Ok(up_to_date(connection).await? && fold::is_installed(connection).await?)
}

async fn up_to_date(connection: &DatabaseConnection) -> Result<bool, DbErr> {
    let status = Migrator::get_migration_with_status_read_only(connection).await?;
    let applied = |migration: &sea_orm_migration::Migration| {
        migration.status() == sea_orm_migration::MigrationStatus::Applied
    };
    Ok(status.iter().all(applied))
}

#[cfg(test)]
mod tests;
