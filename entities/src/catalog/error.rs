//! Why entities do not make a catalog.

use thiserror::Error;

/// What an entity has that the gateway cannot serve, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CatalogError {
    /// No primary key, or one of several columns.
    #[error(
        "table `{table}` has a primary key of {columns} columns: give it one column of 64 bits"
    )]
    Key {
        /// Where.
        table: String,
        /// How many columns the key has.
        columns: usize,
    },
    /// A primary key that is not a whole number.
    #[error(
        "primary key `{table}.{column}` is not a whole number that is always there: make it an `i64`"
    )]
    KeyKind {
        /// Where.
        table: String,
        /// The column of the key.
        column: String,
    },
    /// A column type that the API has no scalar for.
    #[error("column `{table}.{column}` has the type {found}, which is not supported: {cure}")]
    ColumnType {
        /// Where.
        table: String,
        /// The column.
        column: String,
        /// Its type, as SeaORM names it.
        found: String,
        /// What to use instead.
        cure: &'static str,
    },
    /// A blind index that is none.
    #[error(
        "column `{table}.{index}` is named as the blind index of `{column}`: both must hold text, and the index may be null; make it an `Option<String>`, or rename it"
    )]
    Blind {
        /// Where.
        table: String,
        /// The column that it would index.
        column: String,
        /// The column.
        index: String,
    },
    /// A relation that leads out of the catalog.
    #[error(
        "relation `{table}.{relation}` leads to `{target}`, which is not in the catalog: add it to the list in `lib.rs`"
    )]
    Target {
        /// Where.
        table: String,
        /// The relation.
        relation: String,
        /// The table that it leads to.
        target: String,
    },
    /// A relation that is more than one equal column.
    #[error(
        "relation `{table}.{relation}` is not one equal column on each side: relate a key and a foreign key, without a condition"
    )]
    Relation {
        /// Where.
        table: String,
        /// The relation.
        relation: String,
    },
    /// A name that is no name in GraphQL.
    #[error(
        "{what} `{name}` of `{table}` is not a name in GraphQL: use letters, digits and underscores, a letter first, and none of `nodeId`, `disclosure`, `true`, `false`, `null`"
    )]
    Name {
        /// Where.
        table: String,
        /// What bears the name.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// Two things of one entity with one name.
    #[error("`{table}` has two fields or relations named `{name}`: rename one of them")]
    Twice {
        /// Where.
        table: String,
        /// The name, as the API shows it.
        name: String,
    },
    /// Two entities or enums with one name, or an entity whose singular is its plural.
    #[error(
        "`{first}` and `{second}` would both be called `{name}` in the API: rename one of them"
    )]
    Clash {
        /// The name, as the API shows it.
        name: String,
        /// Who has it.
        first: String,
        /// Who wants it too.
        second: String,
    },
}
