//! One database of each kind, and what each tells of its tables.

use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DbBackend, FromQueryResult, Statement,
};
use sea_orm_migration::MigratorTrait as _;
use sudare_testing::{Kind, Server};

use crate::migration::Migrator;

/// An empty database of each kind.
async fn empty() -> Vec<DatabaseConnection> {
    let urls = [
        "sqlite::memory:".to_owned(),
        Server::shared(Kind::Postgres).create(),
        Server::shared(Kind::MariaDb).create(),
    ];
    let mut databases = Vec::new();
    for url in urls {
        let mut options = ConnectOptions::new(url);
        options.max_connections(1); // each connection of SQLite would have a database of its own
        databases.push(Database::connect(options).await.expect("a database"));
    }
    databases
}

/// A migrated database of each kind.
pub(super) async fn migrated() -> Vec<DatabaseConnection> {
    let databases = empty().await;
    for db in &databases {
        Migrator::up(db, None).await.expect("the schema");
    }
    databases
}

#[derive(Debug, FromQueryResult)]
struct Pair {
    first: String,
    second: String,
}

/// The rows of a statement about a table. SQLite's stands first, then PostgreSQL's, then MariaDB's; each asks for `first` and
/// `second`.
async fn ask(db: &DatabaseConnection, sql: [&str; 3], table: &str) -> Vec<(String, String)> {
    let backend = db.get_database_backend();
    let sql = match backend {
        DbBackend::Postgres => sql[1],
        DbBackend::MySql => sql[2],
        _ => sql[0],
    };
    let statement = Statement::from_sql_and_values(backend, sql, [table.into()]);
    let rows = Pair::find_by_statement(statement).all(db).await;
    let rows = rows.expect("an answer").into_iter();
    rows.map(|row| (row.first, row.second)).collect()
}

/// The columns of a table, and whether each always holds a value.
pub(super) async fn columns(db: &DatabaseConnection, table: &str) -> Vec<(String, bool)> {
    let sql = [
        "SELECT name AS first, iif(\"notnull\", 'NO', 'YES') AS second FROM pragma_table_info(?)",
        "SELECT column_name::text AS first, is_nullable::text AS second FROM information_schema.columns \
            WHERE table_schema = current_schema() AND table_name = $1",
        "SELECT column_name AS first, is_nullable AS second FROM information_schema.columns \
            WHERE table_schema = DATABASE() AND table_name = ?",
    ];
    let found = ask(db, sql, table).await.into_iter();
    found.map(|(name, null)| (name, null == "NO")).collect()
}

/// The foreign keys of a table: the column, and the table that it leads to.
pub(super) async fn references(db: &DatabaseConnection, table: &str) -> Vec<(String, String)> {
    let sql = [
        "SELECT \"from\" AS first, \"table\" AS second FROM pragma_foreign_key_list(?) ORDER BY 1",
        "SELECT a.attname::text AS first, t.relname::text AS second FROM pg_constraint c \
            JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] \
            JOIN pg_class t ON t.oid = c.confrelid \
            WHERE c.contype = 'f' AND c.conrelid = quote_ident($1)::regclass ORDER BY 1",
        "SELECT column_name AS first, referenced_table_name AS second FROM information_schema.key_column_usage \
            WHERE table_schema = DATABASE() AND table_name = ? AND referenced_table_name IS NOT NULL ORDER BY 1",
    ];
    ask(db, sql, table).await
}

/// For each index of the table but the key's: its columns with commas between, and whether it is unique.
pub(super) async fn indexes(db: &DatabaseConnection, table: &str) -> Vec<(String, bool)> {
    let sql = [
        "SELECT group_concat(i.name) AS first, iif(l.\"unique\", 'YES', 'NO') AS second \
            FROM pragma_index_list(?) l JOIN pragma_index_info(l.name) i GROUP BY l.name ORDER BY l.name, i.seqno",
        "SELECT string_agg(a.attname, ',' ORDER BY k.place) AS first, \
            CASE WHEN i.indisunique THEN 'YES' ELSE 'NO' END AS second FROM pg_index i \
            CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(number, place) \
            JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number \
            WHERE NOT i.indisprimary AND i.indrelid = quote_ident($1)::regclass GROUP BY i.indexrelid, i.indisunique",
        "SELECT GROUP_CONCAT(column_name ORDER BY seq_in_index) AS first, IF(non_unique, 'NO', 'YES') AS second \
            FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = ? \
            AND index_name <> 'PRIMARY' GROUP BY index_name, non_unique",
    ];
    let found = ask(db, sql, table).await.into_iter();
    found
        .map(|(columns, unique)| (columns, unique == "YES"))
        .collect()
}

/// The tables that are ours: all but the migrations' own.
pub(super) async fn tables(db: &DatabaseConnection) -> Vec<String> {
    let sql = [
        "SELECT name AS first, type AS second FROM sqlite_schema \
            WHERE name NOT LIKE 'sqlite%' AND name NOT LIKE ? || '%'",
        "SELECT tablename::text AS first, '' AS second FROM pg_tables \
            WHERE schemaname = current_schema() AND tablename NOT LIKE $1 || '%'",
        "SELECT table_name AS first, '' AS second FROM information_schema.tables \
            WHERE table_schema = DATABASE() AND table_name NOT LIKE CONCAT(?, '%')",
    ];
    let found = ask(db, sql, "seaql").await.into_iter();
    found.map(|(name, _)| name).collect()
}
