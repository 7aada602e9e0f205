//! Keys of parent rows: they can be compared and bound, not read.

use std::fmt;

use rusqlite::ToSql;
use rusqlite::types::ToSqlOutput;
use tokio_postgres::types::{IsNull, Type, private::BytesMut, to_sql_checked};

/// The key of a parent row.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct ParentKey(Key);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Key {
    /// That of no row.
    None,
    Integer(i64),
    Text(String),
}

impl ParentKey {
    /// The key of a parent that has none, and so no rows.
    pub(crate) fn none() -> Self {
        Self(Key::None)
    }

    pub(super) fn integer(value: i64) -> Self {
        Self(Key::Integer(value))
    }

    /// Whether it is this number.
    pub(crate) fn is(&self, number: i64) -> bool {
        matches!(self.0, Key::Integer(own) if own == number)
    }

    pub(super) fn text(text: &str) -> Self {
        Self(Key::Text(text.to_owned()))
    }
}

impl fmt::Debug for ParentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ParentKey")
    }
}

impl ToSql for ParentKey {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match &self.0 {
            Key::None => rusqlite::types::Null.to_sql(),
            Key::Integer(value) => value.to_sql(),
            Key::Text(text) => text.to_sql(),
        }
    }
}

/// The keys of all parents of a level, for one statement: an array of PostgreSQL, or a JSON array.
#[derive(Clone, Copy)]
pub(crate) struct ParentKeys<'k>(pub(crate) &'k [ParentKey]);

impl fmt::Debug for ParentKeys<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ParentKeys")
    }
}

impl tokio_postgres::types::ToSql for ParentKeys<'_> {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        // A key that is left out would give the rows of all that follow to others.
        let odd = "keys of two kinds";
        if *ty == Type::INT8_ARRAY {
            let integers = self.0.iter().map(|key| match key.0 {
                Key::None => Ok(None),
                Key::Integer(value) => Ok(Some(value)),
                Key::Text(_) => Err(odd),
            });
            integers.collect::<Result<Vec<_>, _>>()?.to_sql(ty, out)
        } else {
            let texts = self.0.iter().map(|key| match &key.0 {
                Key::None => Ok(None),
                Key::Text(text) => Ok(Some(text.as_str())),
                Key::Integer(_) => Err(odd),
            });
            texts.collect::<Result<Vec<_>, _>>()?.to_sql(ty, out)
        }
    }

    fn accepts(ty: &Type) -> bool {
        *ty == Type::INT8_ARRAY || *ty == Type::TEXT_ARRAY
    }

    to_sql_checked!();
}

impl sqlx::Type<sqlx::MySql> for ParentKeys<'_> {
    fn type_info() -> sqlx::mysql::MySqlTypeInfo {
        <String as sqlx::Type<sqlx::MySql>>::type_info()
    }
}

impl<'q> sqlx::Encode<'q, sqlx::MySql> for ParentKeys<'_> {
    fn encode_by_ref(
        &self,
        out: &mut <sqlx::MySql as sqlx::Database>::ArgumentBuffer,
    ) -> Result<sqlx::encode::IsNull, sqlx::error::BoxDynError> {
        let keys = self.0.iter().map(|key| match &key.0 {
            Key::None => serde_json::Value::Null,
            Key::Integer(value) => serde_json::Value::from(*value),
            Key::Text(text) => serde_json::Value::from(text.as_str()),
        });
        let json = serde_json::Value::from_iter(keys).to_string();
        <String as sqlx::Encode<'q, sqlx::MySql>>::encode_by_ref(&json, out)
    }
}
