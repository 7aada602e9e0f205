//! Whether the tables keep and compare values as the gateway takes them to.
//!
//! Migrations make them so; somebody else's tables, or a restored copy, may be otherwise. A text column that finds `ANNA`
//! where `Anna` was asked for would answer filters wrongly, and conditions of policies with them.

use std::fmt;

use sea_orm::{
    ConnectionTrait as _, DatabaseConnection, DbBackend, DbErr, FromQueryResult, Statement,
};
use sudare_entities::Catalog;
use sudare_entities::catalog::{Entity, Field, Kind};
use sudare_entities::migration::MARIADB_COLLATIONS;
use thiserror::Error;

use super::OpenError;
use cure::{digits, scale};

mod cure;

/// The most digits that a floating-point number keeps.
const EXACT_DIGITS: u32 = 15;

/// Everything that is wrong with the tables, one line each.
#[derive(Debug, Error)]
pub struct TableErrors(pub Vec<TableError>);

impl fmt::Display for TableErrors {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("its tables would not keep or compare values exactly")?;
        for error in &self.0 {
            write!(out, "\n  - {error}")?;
        }
        Ok(())
    }
}

/// One thing that is wrong with a table.
#[derive(Debug, PartialEq, Eq, Error)]
pub enum TableError {
    /// The database of PostgreSQL keeps texts in other than UTF-8.
    #[error(
        "the database keeps texts as {0}, which has not every character and sorts by other numbers: make one by `CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0`"
    )]
    Encoding(String),
    /// A column is not there.
    #[error(
        "table `{table}` has no column `{column}`: the entity has one, so a migration is missing"
    )]
    Missing {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// A text column takes different texts for the same, or sorts by another order than that of code points.
    #[error(
        "table `{table}`, column `{column}`: {found} does not compare text by code point; cure it by `{cure}`"
    )]
    Collation {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// What it has.
        found: String,
        /// The statement that cures it.
        cure: String,
    },
    /// A column of UUIDs holds something else, with which a UUID does not compare.
    #[error("table `{table}`, column `{column}`: `{found}` holds no UUIDs; {cure}")]
    Uuid {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// How it is declared.
        found: String,
        /// What cures it.
        cure: String,
    },
    /// A column of decimals keeps more of them than is shown: a filter for what is shown would not find it.
    #[error(
        "table `{table}`, column `{column}`: `{found}` keeps more than the {scale} digits behind the point that the entity has; round them by `{cure}`, or give the entity more"
    )]
    Scale {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// How it is declared.
        found: String,
        /// Digits behind the point that the entity has.
        scale: u32,
        /// The statement that rounds them.
        cure: String,
    },
    /// SQLite keeps numbers with a point as floats.
    #[error(
        "table `{table}`, column `{column}`: SQLite keeps `{found}` as a float, which holds {EXACT_DIGITS} digits: declare it with at most {EXACT_DIGITS} digits, for example `decimal(15, 2)`, or take PostgreSQL or MariaDB"
    )]
    Digits {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// How it is declared.
        found: String,
    },
}

/// A column as the database describes it.
#[derive(Debug, FromQueryResult)]
struct Column {
    name: String,
    /// Its type, as it would be declared.
    declared: String,
    /// How it compares; none where that is no matter, or where there is but one way.
    collation: Option<String>,
}

/// Looks whether the database takes every character.
pub(super) async fn encoding(db: &DatabaseConnection) -> Result<(), OpenError> {
    if db.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    let sql = "SELECT current_setting('server_encoding') AS encoding";
    let row = db.query_one_raw(Statement::from_string(DbBackend::Postgres, sql));
    let row = row.await.map_err(OpenError::Look)?;
    let found = row.map_or(Ok(String::new()), |row| row.try_get("", "encoding"));
    match found.map_err(OpenError::Look)? {
        utf8 if utf8 == "UTF8" => Ok(()),
        other => Err(TableErrors(vec![TableError::Encoding(other)]).into()),
    }
}

/// Looks at the tables that the catalog names.
pub(super) async fn tables(db: &DatabaseConnection, catalog: &Catalog) -> Result<(), OpenError> {
    let mut errors = Vec::new();
    for entity in &catalog.entities {
        let mut columns = columns(db, &entity.table).await.map_err(OpenError::Look)?;
        if db.get_database_backend() == DbBackend::Sqlite {
            sqlite_collations(db, &entity.table, &mut columns)
                .await
                .map_err(OpenError::Look)?;
        }
        for field in &entity.fields {
            let backend = db.get_database_backend();
            errors.extend(fault(backend, entity, field, &columns));
            if let Some(blind) = &field.blind {
                errors.extend(text_fault(backend, (&entity.table, blind), true, &columns));
            }
        }
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(TableErrors(errors).into())
    }
}

/// A PostgreSQL column without a collation of its own has one called `default`: the database's, whatever that is.
const POSTGRES: &str = "SELECT a.attname::text AS name, format_type(a.atttypid, a.atttypmod) AS declared, \
    l.collname::text AS collation FROM pg_attribute a LEFT JOIN pg_collation l ON l.oid = a.attcollation \
    WHERE a.attrelid = to_regclass(quote_ident($1)) AND a.attnum > 0 AND NOT a.attisdropped";

const MARIADB: &str = "SELECT column_name AS name, column_type AS declared, collation_name AS collation \
    FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ?";

const SQLITE: &str = "SELECT name, type AS declared, NULL AS collation FROM pragma_table_info(?)";

async fn columns(db: &DatabaseConnection, table: &str) -> Result<Vec<Column>, DbErr> {
    let backend = db.get_database_backend();
    let sql = match backend {
        DbBackend::Postgres => POSTGRES,
        DbBackend::MySql => MARIADB,
        _ => SQLITE,
    };
    let statement = Statement::from_sql_and_values(backend, sql, [table.into()]);
    Column::find_by_statement(statement).all(db).await
}

/// SQLite does not list how its columns compare, but has it do so.
async fn sqlite_collations(
    db: &DatabaseConnection,
    table: &str,
    columns: &mut [Column],
) -> Result<(), DbErr> {
    for column in columns {
        let equal = |one: &str, other: &str| {
            let name = &column.name;
            format!(
                r#"EXISTS (SELECT 1 FROM (SELECT "{name}" AS v FROM "{table}" WHERE 0 UNION ALL SELECT '{one}') WHERE v = '{other}')"#
            )
        };
        let sql = format!(
            "SELECT CASE WHEN {} THEN 'NOCASE' WHEN {} THEN 'RTRIM' END AS collation",
            equal("x", "X"),
            equal("x", "x ")
        );
        let statement = Statement::from_string(DbBackend::Sqlite, sql);
        if let Some(row) = db.query_one_raw(statement).await? {
            column.collation = row.try_get("", "collation")?;
        }
    }
    Ok(())
}

fn fault(
    backend: DbBackend,
    entity: &Entity,
    field: &Field,
    columns: &[Column],
) -> Option<TableError> {
    let (table, column) = (entity.table.clone(), field.column.clone());
    let Some(found) = columns.iter().find(|found| found.name == column) else {
        return Some(TableError::Missing { table, column });
    };
    match (&field.kind, backend) {
        (Kind::Text | Kind::Enum { .. }, _) => {
            text_fault(backend, (&table, &column), field.nullable, columns)
        }
        (Kind::Uuid, DbBackend::Postgres | DbBackend::MySql) => {
            let (ty, cure) = cure::uuids(backend, &table, found);
            (found.declared != ty).then(|| TableError::Uuid {
                found: found.declared.clone(),
                table,
                column,
                cure,
            })
        }
        (Kind::Decimal { scale: wanted }, DbBackend::Postgres | DbBackend::MySql) => {
            (scale(&found.declared) > *wanted).then(|| TableError::Scale {
                cure: cure::rounding(backend, &table, found, *wanted, field.nullable),
                found: found.declared.clone(),
                scale: *wanted,
                table,
                column,
            })
        }
        (Kind::Decimal { .. }, DbBackend::Sqlite) => {
            let exact = digits(&found.declared).is_some_and(|digits| digits <= EXACT_DIGITS);
            (!exact).then(|| TableError::Digits {
                table,
                column,
                found: found.declared.clone(),
            })
        }
        _ => None,
    }
}

/// What is wrong with a column that is compared as text. A blind index is: what has another case is another one.
fn text_fault(
    backend: DbBackend,
    (table, column): (&str, &str),
    nullable: bool,
    columns: &[Column],
) -> Option<TableError> {
    let (table, column) = (table.to_owned(), column.to_owned());
    let Some(found) = columns.iter().find(|found| found.name == column) else {
        return Some(TableError::Missing { table, column });
    };
    (!by_code_point(backend, found)).then(|| TableError::Collation {
        cure: cure::collation(backend, &table, found, nullable),
        found: description(found),
        table,
        column,
    })
}

/// Whether two texts are equal only if all of their code points are, and are sorted by them.
fn by_code_point(backend: DbBackend, column: &Column) -> bool {
    let collation = column.collation.as_deref().unwrap_or_default();
    match backend {
        DbBackend::Sqlite => return collation.is_empty(),
        DbBackend::MySql => {
            return is_text_of_mariadb(&column.declared) && MARIADB_COLLATIONS.contains(&collation);
        }
        _ => {}
    }
    // `character(n)` takes no notice of blanks at the end, and `citext` of case, whatever their collation.
    let is_text = column.declared == "text" || column.declared.starts_with("character varying");
    is_text && matches!(collation, "C" | "POSIX" | "ucs_basic")
}

/// An `enum(...)` has a collation, too, but is sorted by the place of its variants.
fn is_text_of_mariadb(declared: &str) -> bool {
    let starts = ["char(", "varchar("];
    starts.iter().any(|start| declared.starts_with(start)) || declared.ends_with("text")
}

fn description(column: &Column) -> String {
    match &column.collation {
        Some(collation) => format!("`{}` with the collation `{collation}`", column.declared),
        None => format!("`{}`", column.declared),
    }
}

#[cfg(test)]
mod tests;
