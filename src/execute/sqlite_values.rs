//! Values of SQLite: cells that it sends, and parameters.

use chrono::SecondsFormat;
use rusqlite::types::ValueRef;
use rust_decimal::prelude::ToPrimitive as _;
use sudare_policies::value::Value;

use crate::mask::RawRows;

/// Adds a cell of a row; gives how many bytes it has.
pub(super) fn push(rows: &mut RawRows, value: ValueRef<'_>) -> usize {
    match value {
        ValueRef::Null => {
            rows.push_null();
            0
        }
        ValueRef::Integer(value) => {
            rows.push_integer(value);
            size_of_val(&value)
        }
        ValueRef::Real(value) => {
            rows.push_real(value);
            size_of_val(&value)
        }
        ValueRef::Text(bytes) => {
            rows.push_text(bytes);
            bytes.len()
        }
        ValueRef::Blob(bytes) => {
            rows.push_uuid(bytes);
            bytes.len()
        }
    }
}

/// A value in the form in which SeaORM stores it.
pub(crate) fn plain(value: &Value) -> rusqlite::types::Value {
    use rusqlite::types::Value as Plain;
    match value {
        Value::Null => Plain::Null,
        Value::Boolean(value) => Plain::Integer(i64::from(*value)),
        Value::Int(value) => Plain::Integer(*value),
        Value::Float(value) => Plain::Real(*value),
        // SQLite stores decimals as floats; the nearest float of both sides is the same.
        Value::Decimal(value) => value.to_f64().map_or(Plain::Null, Plain::Real),
        Value::Text(text) => Plain::Text(text.clone()),
        Value::Date(value) => Plain::Text(value.format("%Y-%m-%d").to_string()),
        // The order of these texts is the order of the instants.
        Value::DateTime(value) => Plain::Text(value.to_rfc3339_opts(SecondsFormat::AutoSi, false)),
        Value::Json(value) => Plain::Text(value.to_string()),
        // The order of the bytes is that of the digits, here and in the others.
        Value::Uuid(value) => Plain::Blob(value.as_bytes().to_vec()),
    }
}
