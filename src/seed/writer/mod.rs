//! How rows get into a database by the fastest way that it has, all in one transaction.

use sea_orm::sea_query::Value;
use sea_orm::{
    ActiveModelTrait, ActiveValue, DatabaseConnection, DbBackend, DbErr, EntityTrait, IdenStatic,
    IntoActiveModel, Iterable, RuntimeErr,
};

mod mariadb;
mod postgres;
mod sqlite;

/// One at a time may seed: whoever has this row writes, until the end of the transaction.
const TURN: &str = "SELECT version FROM seaql_migrations FOR UPDATE";

/// A transaction that takes rows. Dropped, it leaves the database as it was.
pub(super) enum Writer {
    Sqlite(sqlite::Writer),
    Postgres(postgres::Writer),
    MariaDb(mariadb::Writer),
}

impl Writer {
    /// Waits for its turn to write.
    pub(super) async fn begin(db: &DatabaseConnection) -> Result<Self, DbErr> {
        match db.get_database_backend() {
            DbBackend::Postgres => postgres::Writer::begin(db).await.map(Self::Postgres),
            DbBackend::MySql => mariadb::Writer::begin(db).await.map(Self::MariaDb),
            _ => sqlite::Writer::begin(db).await.map(Self::Sqlite),
        }
    }

    /// Adds rows to a table.
    pub(super) async fn insert<E>(&mut self, rows: Vec<E::Model>) -> Result<(), DbErr>
    where
        E: EntityTrait,
        E::Model: IntoActiveModel<E::ActiveModel>,
    {
        if rows.is_empty() {
            return Ok(());
        }
        match self {
            Self::Sqlite(writer) => writer.insert::<E>(rows).await,
            Self::Postgres(writer) => writer.insert::<E>(rows).await,
            Self::MariaDb(writer) => writer.insert::<E>(rows).await,
        }
    }

    /// Makes keys that the database gives itself go on from this one.
    pub(super) async fn advance<E: EntityTrait>(&mut self, free: i64) -> Result<(), DbErr> {
        match self {
            Self::Postgres(writer) => writer.advance::<E>(free).await,
            // They go on after the largest key by themselves.
            Self::Sqlite(_) | Self::MariaDb(_) => Ok(()),
        }
    }

    /// Makes what was written last.
    pub(super) async fn commit(self) -> Result<(), DbErr> {
        match self {
            Self::Sqlite(writer) => writer.commit().await,
            Self::Postgres(writer) => writer.commit().await,
            Self::MariaDb(writer) => writer.commit().await,
        }
    }

    /// Leaves the database as it was. Dropping would too, a little later.
    pub(super) async fn roll_back(self) -> Result<(), DbErr> {
        match self {
            Self::Sqlite(writer) => writer.roll_back().await,
            Self::Postgres(writer) => writer.roll_back().await,
            Self::MariaDb(writer) => writer.roll_back().await,
        }
    }
}

/// The names of a table's columns, each in quotes, with commas between.
fn columns<E: EntityTrait>() -> String {
    let names: Vec<String> = E::Column::iter()
        .map(|column| format!("\"{}\"", column.as_str()))
        .collect();
    names.join(", ")
}

/// The name of a table, in quotes.
fn table<E: EntityTrait>() -> String {
    format!("\"{}\"", E::default().table_name())
}

/// The cells of a row, in the order of [`columns`].
fn cells<E>(row: E::Model) -> impl Iterator<Item = Value>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
{
    let mut row = row.into_active_model();
    E::Column::iter().map(move |column| match row.take(column) {
        ActiveValue::Set(value) | ActiveValue::Unchanged(value) => value,
        ActiveValue::NotSet => Value::String(None),
    })
}

fn no_cell() -> DbErr {
    DbErr::Type(
        "the seed has no way to write a value of this type: give it one in `seed/writer`"
            .to_owned(),
    )
}

fn failed(error: sqlx::Error) -> DbErr {
    DbErr::Exec(RuntimeErr::SqlxError(error.into()))
}
