//! The SQL function behind `ignoreCase`: Unicode's default case folding, the same on each database.
//!
//! The executor lends SQLite the Rust function. The servers get one of their own that is made from it, because what they have
//! themselves follows their version of Unicode and the language of their collation.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sea_orm::{
    ConnectionTrait as _, DatabaseConnection, DbBackend, DbErr, FromQueryResult, RuntimeErr,
    Statement,
};
use thiserror::Error;

mod mariadb;
mod postgres;
#[cfg(test)]
mod tests;

/// Why there is no function.
#[derive(Debug, Error)]
pub enum FoldError {
    /// The server writes a binary log and wants to be told that functions may be created.
    #[error(
        "the server writes a binary log and refuses functions: let an administrator run `SET GLOBAL log_bin_trust_function_creators = 1` and put the same into the server's configuration"
    )]
    BinaryLog,
    /// The server refused otherwise.
    #[error(
        "the function `sudare_fold` of `ignoreCase` cannot be made: the user needs the right to create functions in the database"
    )]
    Refused(#[source] DbErr),
    /// The server lowers characters in a way that nothing here can mend.
    #[error(
        "the server's LOWER() changes characters that have no case, which `ignoreCase` cannot build on"
    )]
    Lower,
}

/// A character and what becomes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Folding {
    from: char,
    to: String,
}

/// No letter behind it has two cases.
const END: char = '\u{20000}';

/// What becomes of the characters that do not stay as they are, but for those of ASCII.
fn foldings() -> Vec<Folding> {
    ('\u{80}'..END)
        .filter_map(|from| {
            let to = fold(from);
            (to.chars().ne([from])).then_some(Folding { from, to })
        })
        .collect()
}

fn fold(from: char) -> String {
    caseless::default_case_fold_str(from.encode_utf8(&mut [0; 4]))
}

/// Counts the changes of the functions here. Together with the version of Unicode it tells an old function from a new one.
const REVISION: u32 = 1;

#[derive(FromQueryResult)]
struct Stamp {
    stamp: Option<String>,
    /// What the server calls itself: what its own functions do may change with the first two numbers. The rest tells patches and how it is
    /// set up, which a copy of the database need not share.
    version: String,
}

/// Whether the function is there, as this build makes it.
pub(super) async fn is_installed(db: &DatabaseConnection) -> Result<bool, DbErr> {
    let backend = db.get_database_backend();
    let stamp = match backend {
        DbBackend::Postgres => {
            "SELECT obj_description(to_regprocedure('sudare_fold(text)'), 'pg_proc') AS stamp, '' AS version"
        }
        DbBackend::MySql => {
            "SELECT MAX(routine_comment) AS stamp, VERSION() AS version FROM information_schema.routines \
            WHERE routine_schema = DATABASE() AND routine_name = 'sudare_fold'"
        }
        _ => return Ok(true),
    };
    let found = Stamp::find_by_statement(Statement::from_string(backend, stamp));
    let found = found.one(db).await?;
    Ok(found.is_some_and(|found| found.stamp == Some(self::stamp(&found.version))))
}

fn stamp(version: &str) -> String {
    let (major, minor, patch) = caseless::UNICODE_VERSION;
    let version: Vec<&str> = version.split('.').take(2).collect();
    let version = version.join(".");
    let stamp = format!("Unicode {major}.{minor}.{patch}, {REVISION}, {version}");
    // It stands between quotes.
    stamp.replace(['\'', '\\'], " ")
}

/// Makes the function, or makes it anew.
pub(super) async fn install(db: &DatabaseConnection) -> Result<(), FoldError> {
    let statements = match db.get_database_backend() {
        DbBackend::Postgres => postgres::statements(&foldings()),
        DbBackend::MySql => mariadb::statements(db).await?,
        _ => Vec::new(),
    };
    for statement in statements {
        db.execute_unprepared(&statement).await.map_err(refused)?;
    }
    Ok(())
}

/// `ER_BINLOG_CREATE_ROUTINE_NEED_SUPER`
const NEEDS_TRUST: u16 = 1419;

fn refused(error: DbErr) -> FoldError {
    let number = match &error {
        DbErr::Exec(RuntimeErr::SqlxError(error)) => error
            .as_database_error()
            .and_then(|error| error.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>())
            .map(sqlx::mysql::MySqlDatabaseError::number),
        _ => None,
    };
    match number {
        Some(NEEDS_TRUST) => FoldError::BinaryLog,
        _ => FoldError::Refused(error),
    }
}

/// An expression that replaces each of these in `text`, one after the other. What a character becomes stays as it is, so that
/// the order does not matter.
fn replaced(text: &str, foldings: &[Folding]) -> String {
    foldings.iter().fold(text.to_owned(), |text, folding| {
        format!("replace({text}, '{}', '{}')", folding.from, folding.to)
    })
}

/// The foldings by something that they share.
fn grouped<K: Ord>(foldings: &[Folding], key: impl Fn(&Folding) -> K) -> BTreeMap<K, Vec<Folding>> {
    let mut groups: BTreeMap<K, Vec<Folding>> = BTreeMap::new();
    for folding in foldings {
        groups
            .entry(key(folding))
            .or_default()
            .push(folding.clone());
    }
    groups
}

/// A piece of SQL, put together line by line.
#[derive(Default)]
struct Lines(String);

impl Lines {
    fn add(&mut self, line: &str) {
        // Writing to a string does not fail.
        let _ = writeln!(self.0, "{line}");
    }
}
