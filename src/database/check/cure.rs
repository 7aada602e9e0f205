//! What cures a column, and the declared types that tell what is wrong with it.

use sea_orm::DbBackend;
use sudare_entities::migration::MARIADB_COLLATIONS;

use super::Column;

/// The most digits that a decimal of ours has.
const MOST_DIGITS: u32 = 28;

/// The statement that makes a column compare text by code point.
pub(super) fn collation(
    backend: DbBackend,
    table: &str,
    column: &Column,
    nullable: bool,
) -> String {
    let (name, declared) = (&column.name, &column.declared);
    if backend == DbBackend::Sqlite {
        let found = column.collation.as_deref().unwrap_or_default();
        return format!(
            r#"CREATE TABLE "{table}_new" (...)` with all that "{table}" has but `COLLATE {found}`, `INSERT INTO "{table}_new" SELECT * FROM "{table}"`, `DROP TABLE "{table}"`, `ALTER TABLE "{table}_new" RENAME TO "{table}""#
        );
    }
    if backend == DbBackend::MySql {
        let collation = MARIADB_COLLATIONS.first().copied().unwrap_or_default();
        if super::is_text_of_mariadb(declared) {
            return format!(
                "ALTER TABLE `{table}` CONVERT TO CHARACTER SET utf8mb4 COLLATE {collation}"
            );
        }
        let null = if nullable { "NULL" } else { "NOT NULL" };
        return format!(
            "ALTER TABLE `{table}` MODIFY `{name}` varchar(255) CHARACTER SET utf8mb4 COLLATE {collation} {null}"
        );
    }
    let varying = declared.starts_with("character varying");
    let target = if varying { declared } else { "text" };
    format!(r#"ALTER TABLE "{table}" ALTER COLUMN "{name}" TYPE {target} COLLATE "C""#)
}

/// The type of UUIDs, and what makes a column of another type one of them.
pub(super) fn uuids(backend: DbBackend, table: &str, column: &Column) -> (&'static str, String) {
    let name = &column.name;
    if backend == DbBackend::MySql {
        let cure = format!("keep UNHEX(REPLACE(`{name}`, '-', '')) in a `binary(16)` in its place");
        return ("binary(16)", cure);
    }
    let digits = match column.declared.as_str() {
        "bytea" => format!(r#"encode("{name}", 'hex')"#),
        _ => format!(r#""{name}""#),
    };
    let statement =
        format!(r#"ALTER TABLE "{table}" ALTER COLUMN "{name}" TYPE uuid USING {digits}::uuid"#);
    ("uuid", format!("cure it by `{statement}`"))
}

/// The statement that leaves so many digits behind the point, and before it as many as there were.
pub(super) fn rounding(
    backend: DbBackend,
    table: &str,
    column: &Column,
    wanted: u32,
    nullable: bool,
) -> String {
    let (name, declared) = (&column.name, &column.declared);
    let before = digits(declared).map(|digits| digits.saturating_sub(scale(declared)));
    let digits = before.map_or(MOST_DIGITS, |before| Ord::max(before + wanted, 1));
    if backend == DbBackend::MySql {
        let null = if nullable { "NULL" } else { "NOT NULL" };
        return format!("ALTER TABLE `{table}` MODIFY `{name}` decimal({digits}, {wanted}) {null}");
    }
    format!(r#"ALTER TABLE "{table}" ALTER COLUMN "{name}" TYPE numeric({digits}, {wanted})"#)
}

/// How many digits a declared type has: 12 in `decimal(12, 2)`.
pub(super) fn digits(declared: &str) -> Option<u32> {
    number(declared, 0)
}

/// How many of them may follow the point: 2 in `decimal(12, 2)`, none in whole numbers, any number in `numeric` of PostgreSQL and in
/// floats.
pub(super) fn scale(declared: &str) -> u32 {
    let is_decimal = declared.starts_with("numeric(") || declared.starts_with("decimal(");
    if is_decimal {
        number(declared, 1).unwrap_or(0)
    } else if declared.contains("int") {
        0
    } else {
        u32::MAX
    }
}

/// The number at a place between the parentheses.
fn number(declared: &str, place: usize) -> Option<u32> {
    let (inside, _) = declared.split_once('(')?.1.split_once(')')?;
    inside.split(',').nth(place)?.trim().parse().ok()
}
