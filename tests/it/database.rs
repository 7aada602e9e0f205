//! The databases of the tests: which kind they are of, where each is, and what is in them behind the gateway's back.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex};

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sea_orm::{
    ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection, DbBackend, DbErr,
    QueryResult, Statement, StatementBuilder, TryGetable,
};
use sudare::seed::{SeedLocale, SeedOptions};
use sudare_entities::Catalog;
use sudare_entities::catalog::{Entity, Field, Kind};
use sudare_policies::value::Value;
use sudare_testing::{Server, wait};
use uuid::Uuid;

use crate::harness::open;

/// The server that `SUDARE_TEST_DATABASE` asks for; none is SQLite, which needs none.
fn server() -> Option<&'static Server> {
    match std::env::var("SUDARE_TEST_DATABASE").as_deref() {
        Ok("postgres") => Some(Server::shared(sudare_testing::Kind::Postgres)),
        Ok("mariadb") => Some(Server::shared(sudare_testing::Kind::MariaDb)),
        Ok("sqlite") | Err(_) => None,
        Ok(other) => {
            panic!("SUDARE_TEST_DATABASE is `{other}`: take sqlite, postgres or mariadb")
        }
    }
}

/// The URL of the database that belongs to a data folder: the file in it, or one of the server's, empty at first.
pub(crate) fn at(folder: &Path) -> String {
    static MADE: LazyLock<Mutex<HashMap<PathBuf, String>>> = LazyLock::new(Mutex::default);
    let Some(server) = server() else {
        return format!("sqlite:{}", folder.join("sudare.db").display());
    };
    let mut made = MADE.lock().unwrap();
    let url = made.entry(folder.to_owned());
    url.or_insert_with(|| server.create()).clone()
}

/// The file of a database of SQLite.
pub(crate) fn file(url: &str) -> Option<PathBuf> {
    url.strip_prefix("sqlite:").map(PathBuf::from)
}

/// Whether a server is asked for, where everything takes longer.
pub(crate) fn is_server() -> bool {
    server().is_some()
}

/// The kind of server that is asked for; tells that a test is about servers if none is.
#[expect(clippy::print_stdout, reason = "what is not tested should be seen")]
pub(crate) fn only_on_servers(why: &str) -> Option<sudare_testing::Kind> {
    let kind = server().map(Server::kind);
    if kind.is_none() {
        println!("only on a server: {why}");
    }
    kind
}

/// Tells that a test, or the rest of it, is about SQLite alone, if this is another database.
#[expect(clippy::print_stdout, reason = "what is not tested should be seen")]
pub(crate) fn only_on_sqlite(why: &str) -> bool {
    let here = server().is_none();
    if !here {
        println!("only on SQLite: {why}");
    }
    here
}

/// The database itself, behind the gateway's back. Statements are those that all three databases read, with names of tables
/// and columns in double quotes.
pub(crate) struct Raw(DatabaseConnection);

impl Raw {
    pub(crate) fn open(url: &str) -> Self {
        Self::try_open(url).unwrap_or_else(|error| panic!("{error}"))
    }

    fn try_open(url: &str) -> Result<Self, DbErr> {
        let mut options = ConnectOptions::new(url);
        // One connection, so that what is set for a session holds for what follows.
        options
            .max_connections(1)
            .sqlx_logging(false)
            .test_before_acquire(false);
        let raw = Self(wait(Database::connect(options))?);
        if raw.backend() == DbBackend::MySql {
            raw.execute("SET SESSION sql_mode = concat(@@sql_mode, ',ANSI_QUOTES')");
        }
        Ok(raw)
    }

    pub(crate) fn backend(&self) -> DbBackend {
        self.0.get_database_backend()
    }

    /// Runs a statement; gives how many rows it changed.
    pub(crate) fn execute(&self, sql: &str) -> u64 {
        let done = wait(self.0.execute_unprepared(sql));
        done.unwrap_or_else(|error| panic!("`{sql}`: {error}"))
            .rows_affected()
    }

    /// Runs a statement with values in it; gives how many rows it changed.
    pub(crate) fn run(&self, statement: &impl StatementBuilder) -> u64 {
        let statement = statement.build(&self.backend());
        let done = wait(self.0.execute_raw(statement.clone()));
        done.unwrap_or_else(|error| panic!("`{statement}`: {error}"))
            .rows_affected()
    }

    /// What is in the first column of the rows that a query finds.
    pub(crate) fn all<T: TryGetable>(&self, sql: &str) -> Vec<T> {
        let rows = self.rows(sql);
        let cells = rows.iter().map(|row| row.try_get_by_index(0));
        cells
            .collect::<Result<_, _>>()
            .unwrap_or_else(|error| panic!("`{sql}`: {error}"))
    }

    /// What is in the first column of the only row that a query finds.
    pub(crate) fn one<T: TryGetable>(&self, sql: &str) -> T {
        let mut all = self.all(sql);
        assert_eq!(all.len(), 1, "`{sql}` finds {} rows", all.len());
        all.remove(0)
    }

    pub(crate) fn rows(&self, sql: &str) -> Vec<QueryResult> {
        self.try_rows(sql)
            .unwrap_or_else(|error| panic!("`{sql}`: {error}"))
    }

    /// The rows, or why there are none: perhaps the table is not there yet.
    pub(crate) fn try_rows(&self, sql: &str) -> Result<Vec<QueryResult>, DbErr> {
        wait(
            self.0
                .query_all_raw(Statement::from_string(self.backend(), sql)),
        )
    }

    /// All rows of an entity in the order of their keys, or those that a condition finds.
    pub(crate) fn table(&self, entity: &Entity, condition: &str) -> Vec<Vec<Value>> {
        let columns: Vec<String> = entity
            .fields
            .iter()
            .map(|field| self.column(field))
            .collect();
        let sql = format!(
            "SELECT {} FROM \"{}\" WHERE {condition} ORDER BY \"{}\"",
            columns.join(", "),
            entity.table,
            entity.fields[entity.key].column
        );
        let row = |row: &QueryResult| {
            let fields = entity.fields.iter().enumerate();
            fields
                .map(|(place, field)| cell(row, place, &field.kind))
                .collect::<Result<_, _>>()
        };
        let rows: Result<_, DbErr> = self.rows(&sql).iter().map(row).collect();
        rows.unwrap_or_else(|error| panic!("`{sql}`: {error}"))
    }

    /// SQLite keeps some decimals as whole numbers.
    fn column(&self, field: &Field) -> String {
        match (&field.kind, self.backend()) {
            (Kind::Decimal { .. } | Kind::Float, DbBackend::Sqlite) => {
                format!("CAST(\"{}\" AS REAL)", field.column)
            }
            _ => format!("\"{}\"", field.column),
        }
    }

    /// A value as SeaORM stores it in a field of this kind.
    pub(crate) fn stored(&self, value: &Value, kind: &Kind) -> sea_orm::Value {
        match (value, kind) {
            (Value::Null, kind) => absent(kind),
            (Value::Boolean(value), _) => (*value).into(),
            (Value::Int(value), Kind::Int) => i32::try_from(*value).unwrap().into(),
            (Value::Int(value), _) => (*value).into(),
            (Value::Float(value), _) => (*value).into(),
            (Value::Decimal(value), _) => (*value).into(),
            (Value::Text(text), _) => text.clone().into(),
            (Value::Date(day), _) => (*day).into(),
            // With its zone it would go there as a `timestamp`, which ends in 2038.
            (Value::DateTime(instant), _) if self.backend() == DbBackend::MySql => {
                instant.naive_utc().into()
            }
            (Value::DateTime(instant), _) => (*instant).into(),
            (Value::Json(document), _) => document.clone().into(),
            (Value::Uuid(uuid), _) => (*uuid).into(),
        }
    }

    /// Closes it, so that nothing is left in the log of a file.
    pub(crate) fn close(self) {
        wait(self.0.close()).unwrap();
    }

    /// From here on rows may refer to rows that are not there.
    pub(crate) fn forget_references(&self) {
        self.execute(match self.backend() {
            DbBackend::Postgres => "SET session_replication_role = replica",
            DbBackend::MySql => "SET SESSION foreign_key_checks = 0",
            _ => "PRAGMA foreign_keys = OFF",
        });
    }
}

/// What a database stores as what it means. A JSON document is its text.
fn cell(row: &QueryResult, place: usize, kind: &Kind) -> Result<Value, DbErr> {
    fn get<T: TryGetable>(
        row: &QueryResult,
        place: usize,
        meant: impl Fn(T) -> Value,
    ) -> Result<Value, DbErr> {
        let stored: Option<T> = row.try_get_by_index(place)?;
        Ok(stored.map_or(Value::Null, meant))
    }
    match kind {
        Kind::Boolean => get(row, place, Value::Boolean),
        Kind::Int => get(row, place, |value: i32| Value::Int(value.into())),
        Kind::BigInt => get(row, place, Value::Int),
        Kind::Float => get(row, place, Value::Float),
        Kind::Decimal { scale } => get(row, place, |mut value: Decimal| {
            value.rescale(*scale);
            Value::Decimal(value)
        }),
        Kind::Text | Kind::Enum { .. } => get(row, place, Value::Text),
        Kind::Json => get(row, place, |document: serde_json::Value| {
            Value::Text(document.to_string())
        }),
        Kind::Date => get::<NaiveDate>(row, place, Value::Date),
        Kind::DateTime => get::<DateTime<Utc>>(row, place, Value::DateTime),
        Kind::Uuid => get::<Uuid>(row, place, Value::Uuid),
    }
}

/// A null of the type of a field.
fn absent(kind: &Kind) -> sea_orm::Value {
    match kind {
        Kind::Boolean => None::<bool>.into(),
        Kind::Int => None::<i32>.into(),
        Kind::BigInt => None::<i64>.into(),
        Kind::Float => None::<f64>.into(),
        Kind::Decimal { .. } => None::<Decimal>.into(),
        Kind::Text | Kind::Enum { .. } => None::<String>.into(),
        Kind::Json => None::<serde_json::Value>.into(),
        Kind::Date => None::<NaiveDate>.into(),
        Kind::DateTime => None::<DateTime<Utc>>.into(),
        Kind::Uuid => None::<Uuid>.into(),
    }
}

#[test]
fn a_seed_gives_every_database_the_same_rows() {
    let folder = tempfile::tempdir().unwrap();
    let file = format!("sqlite:{}", folder.path().join("other.db").display());
    let raws = [at(folder.path()), file].map(|url| {
        wait(async {
            let writer = open(&url).await;
            let options = SeedOptions {
                customers: 60,
                seed: 5,
                locale: SeedLocale::Mix,
                append: false,
                progress: false,
            };
            let never = std::future::pending();
            sudare::seed::seed(&writer, &options, never).await.unwrap();
        });
        Raw::open(&url)
    });
    for entity in Catalog::new().unwrap().entities {
        let [here, there] = raws.each_ref().map(|raw| raw.table(&entity, "TRUE"));
        assert!(!here.is_empty(), "{}", entity.name);
        for (here, there) in here.iter().zip(&there) {
            assert_eq!(here, there, "{}", entity.name);
        }
        assert_eq!(here.len(), there.len(), "{}", entity.name);
    }
}
