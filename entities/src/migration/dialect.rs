//! What differs from one database to another in the declaration of a table.
//!
//! The same rows must come back from each database as they were written, and texts must compare by code point.

use sea_orm::DbBackend;
use sea_orm_migration::prelude::{ColumnDef, ColumnType, TableCreateStatement};

/// Text on MariaDB and MySQL that is equal if all of its code points are, blanks at the end too. The two have different
/// names for it, and each reads the comment that is written for it.
pub const MARIADB_COLLATION: &str = "/*M! utf8mb4_nopad_bin */ /*!80000 utf8mb4_0900_bin */";

/// The names in [`MARIADB_COLLATION`].
pub const MARIADB_COLLATIONS: [&str; 2] = ["utf8mb4_nopad_bin", "utf8mb4_0900_bin"];

/// Declares a column for this database.
pub(super) fn declare(mut column: ColumnDef, backend: DbBackend) -> ColumnDef {
    match (backend, column.get_column_type()) {
        (DbBackend::Postgres, Some(ColumnType::String(_) | ColumnType::Text)) => {
            column.extra(r#"COLLATE "C""#);
        }
        // Its `text` ends at 64 KB, its `timestamp` in 2038.
        (DbBackend::MySql, Some(ColumnType::Text)) => {
            column.custom("longtext");
        }
        (DbBackend::MySql, Some(ColumnType::TimestampWithTimeZone)) => {
            column.custom("datetime(6)");
        }
        _ => {}
    }
    column
}

/// Declares what holds for the whole table.
pub(super) fn finish(table: &mut TableCreateStatement, backend: DbBackend) {
    if backend == DbBackend::MySql {
        table
            .engine("InnoDB")
            .character_set("utf8mb4")
            .collate(MARIADB_COLLATION);
    }
}
