//! The database behind the gateway: opened and migrated through SeaORM.

use std::path::Path;
use std::time::Duration;

use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbErr};
use sea_orm_migration::MigratorTrait as _;
use sudare_entities::migration::Migrator;

/// Opens the SQLite file for writing, makes it if it is not there, and brings its schema up to date.
///
/// # Errors
/// [`DbErr`] if the file cannot be opened or a migration fails.
pub async fn open(path: &Path) -> Result<DatabaseConnection, DbErr> {
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
    let database = Database::connect(options).await?;
    Migrator::up(&database, None).await?;
    Ok(database)
}
