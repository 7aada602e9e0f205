//! SQLite: a connection of its own, beside SeaORM's on the same file, and a prepared statement for each table.

use std::time::Duration;

use chrono::SecondsFormat;
use rusqlite::Connection;
use rusqlite::types::Value as Plain;
use sea_orm::sea_query::{OptionEnum, Value};
use sea_orm::{
    ConnectionTrait as _, DatabaseConnection, DbBackend, DbErr, EntityTrait, IntoActiveModel,
    Iterable, RuntimeErr, Statement,
};

use super::{cells, columns, no_cell, table};

/// How the connection is set up: as SeaORM's, and with room for the pages of all indexes that grow.
const SETTINGS: &str =
    "PRAGMA foreign_keys = ON; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16384";

pub(crate) struct Writer {
    /// None while a statement runs.
    connection: Option<Connection>,
}

impl Writer {
    pub(super) async fn begin(db: &DatabaseConnection) -> Result<Self, DbErr> {
        let sql = "SELECT file FROM pragma_database_list WHERE name = 'main'";
        let row = db.query_one_raw(Statement::from_string(DbBackend::Sqlite, sql));
        let row = row.await?.ok_or_else(gone)?;
        let file: String = row.try_get("", "file")?;
        let mut writer = Self {
            connection: Some(Connection::open(file).map_err(|error| failed(&error))?),
        };
        writer
            .run(|connection| {
                connection.busy_timeout(Duration::from_secs(5))?;
                connection.execute_batch(SETTINGS)?;
                connection.set_prepared_statement_cache_capacity(64);
                // A transaction that only becomes a writer later can lose that race at once, without waiting for its turn.
                connection.execute_batch("BEGIN IMMEDIATE")
            })
            .await?;
        Ok(writer)
    }

    pub(super) async fn insert<E>(&mut self, rows: Vec<E::Model>) -> Result<(), DbErr>
    where
        E: EntityTrait,
        E::Model: IntoActiveModel<E::ActiveModel>,
    {
        let values = vec!["?"; E::Column::iter().count()].join(", ");
        let (table, columns) = (table::<E>(), columns::<E>());
        let statement = format!("INSERT INTO {table} ({columns}) VALUES ({values})");
        self.run(move |connection| {
            let mut statement = connection.prepare_cached(&statement)?;
            for row in rows {
                for (place, cell) in (1..).zip(cells::<E>(row)) {
                    statement.raw_bind_parameter(place, plain(cell)?)?;
                }
                statement.raw_execute()?;
            }
            Ok(())
        })
        .await
    }

    pub(super) async fn commit(mut self) -> Result<(), DbErr> {
        self.run(|connection| connection.execute_batch("COMMIT"))
            .await
    }

    pub(super) async fn roll_back(mut self) -> Result<(), DbErr> {
        self.run(|connection| connection.execute_batch("ROLLBACK"))
            .await
    }

    /// Runs statements on a thread that may wait.
    async fn run(
        &mut self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<()> + Send + 'static,
    ) -> Result<(), DbErr> {
        let connection = self.connection.take().ok_or_else(gone)?;
        let work = tokio::task::spawn_blocking(move || {
            let done = work(&connection);
            (connection, done)
        });
        let (connection, done) = work.await.map_err(|_| gone())?;
        self.connection = Some(connection);
        done.map_err(|error| failed(&error))
    }
}

/// A cell as SeaORM would write it.
fn plain(cell: Value) -> rusqlite::Result<Plain> {
    let plain = match cell {
        Value::Bool(value) => value.map(|value| Plain::Integer(value.into())),
        Value::Int(value) => value.map(|value| Plain::Integer(value.into())),
        Value::BigInt(value) => value.map(Plain::Integer),
        // The type of the column makes a number of it.
        Value::Decimal(value) => value.map(|value| Plain::Text(value.to_string())),
        Value::ChronoDate(value) => value.map(|value| Plain::Text(value.to_string())),
        Value::ChronoDateTimeUtc(value) => {
            value.map(|value| Plain::Text(value.to_rfc3339_opts(SecondsFormat::AutoSi, false)))
        }
        Value::String(value) => value.map(Plain::Text),
        Value::Uuid(value) => value.map(|value| Plain::Blob(value.as_bytes().to_vec())),
        Value::Enum(OptionEnum::Some(member)) => Some(Plain::Text(member.value.into_owned())),
        Value::Enum(OptionEnum::None(_)) => None,
        Value::Json(value) => value.map(|value| Plain::Text(value.to_string())),
        _ => return Err(rusqlite::Error::ToSqlConversionFailure(no_cell().into())),
    };
    Ok(plain.unwrap_or(Plain::Null))
}

fn gone() -> DbErr {
    DbErr::Conn(RuntimeErr::Internal(
        "the connection to the file is gone".to_owned(),
    ))
}

fn failed(error: &rusqlite::Error) -> DbErr {
    DbErr::Exec(RuntimeErr::Internal(error.to_string()))
}
