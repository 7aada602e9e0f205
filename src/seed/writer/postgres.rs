//! PostgreSQL: `COPY`, in its format of text.

use std::io::Write as _;

use chrono::SecondsFormat;
use sea_orm::sea_query::{OptionEnum, Value};
use sea_orm::{DatabaseConnection, DbErr, EntityTrait, IdenStatic, IntoActiveModel, Iterable};
use sqlx::{AssertSqlSafe, Executor as _, Postgres, Transaction};

use super::{TURN, cells, columns, failed, no_cell, table};

/// Bytes after which rows go to the server.
const CHUNK: usize = 256 * 1024;

pub(crate) struct Writer(Transaction<'static, Postgres>);

impl Writer {
    pub(super) async fn begin(db: &DatabaseConnection) -> Result<Self, DbErr> {
        let pool = db.get_postgres_connection_pool();
        let mut transaction = pool.begin().await.map_err(failed)?;
        transaction.execute(TURN).await.map_err(failed)?;
        Ok(Self(transaction))
    }

    pub(super) async fn insert<E>(&mut self, rows: Vec<E::Model>) -> Result<(), DbErr>
    where
        E: EntityTrait,
        E::Model: IntoActiveModel<E::ActiveModel>,
    {
        let statement = format!("COPY {} ({}) FROM STDIN", table::<E>(), columns::<E>());
        let mut copy = self.0.copy_in_raw(&statement).await.map_err(failed)?;
        let mut text = Vec::with_capacity(CHUNK + 8 * 1024);
        for row in rows {
            for (place, cell) in cells::<E>(row).enumerate() {
                if place > 0 {
                    text.push(b'\t');
                }
                write(&mut text, cell)?;
            }
            text.push(b'\n');
            if text.len() >= CHUNK {
                copy.send(text.as_slice()).await.map_err(failed)?;
                text.clear();
            }
        }
        copy.send(text.as_slice()).await.map_err(failed)?;
        copy.finish().await.map_err(failed)?;
        Ok(())
    }

    /// The sequence never goes back: a key is not used again, also if its row is gone.
    pub(super) async fn advance<E: EntityTrait>(&mut self, free: i64) -> Result<(), DbErr> {
        for key in E::PrimaryKey::iter() {
            let sequence = format!(
                "pg_get_serial_sequence('{}', '{}')",
                table::<E>(),
                key.as_str()
            );
            let statement =
                format!("SELECT setval({sequence}, greatest({free}, nextval({sequence})), false)");
            let done = self.0.execute(AssertSqlSafe(statement)).await;
            done.map_err(failed)?;
        }
        Ok(())
    }

    pub(super) async fn commit(self) -> Result<(), DbErr> {
        self.0.commit().await.map_err(failed)
    }

    pub(super) async fn roll_back(self) -> Result<(), DbErr> {
        self.0.rollback().await.map_err(failed)
    }
}

/// Writes a cell as `COPY` reads it.
fn write(text: &mut Vec<u8>, cell: Value) -> Result<(), DbErr> {
    let written = match cell {
        Value::Bool(Some(true)) => text.write_all(b"t"),
        Value::Bool(Some(false)) => text.write_all(b"f"),
        Value::Int(Some(number)) => text.write_all(itoa::Buffer::new().format(number).as_bytes()),
        Value::BigInt(Some(number)) => {
            text.write_all(itoa::Buffer::new().format(number).as_bytes())
        }
        Value::Decimal(Some(number)) => write!(text, "{number}"),
        Value::ChronoDate(Some(day)) => write!(text, "{day}"),
        Value::ChronoDateTimeUtc(Some(instant)) => {
            let instant = instant.to_rfc3339_opts(SecondsFormat::AutoSi, true);
            text.write_all(instant.as_bytes())
        }
        Value::Uuid(Some(uuid)) => write!(text, "{uuid}"),
        Value::String(Some(string)) => {
            escape(text, string.as_bytes());
            Ok(())
        }
        Value::Enum(OptionEnum::Some(member)) => {
            escape(text, member.value.as_bytes());
            Ok(())
        }
        Value::Json(Some(json)) => {
            escape(text, json.to_string().as_bytes());
            Ok(())
        }
        Value::Bool(None)
        | Value::Int(None)
        | Value::BigInt(None)
        | Value::Decimal(None)
        | Value::ChronoDate(None)
        | Value::ChronoDateTimeUtc(None)
        | Value::String(None)
        | Value::Uuid(None)
        | Value::Enum(OptionEnum::None(_))
        | Value::Json(None) => text.write_all(b"\\N"),
        _ => return Err(no_cell()),
    };
    // Writing to memory does not fail.
    written.map_err(|_| no_cell())
}

/// Columns end with a tab and rows with a line end, so that those of the text itself are written otherwise.
fn escape(text: &mut Vec<u8>, bytes: &[u8]) {
    for byte in bytes {
        match byte {
            b'\\' => text.extend_from_slice(b"\\\\"),
            b'\t' => text.extend_from_slice(b"\\t"),
            b'\n' => text.extend_from_slice(b"\\n"),
            b'\r' => text.extend_from_slice(b"\\r"),
            other => text.push(*other),
        }
    }
}
