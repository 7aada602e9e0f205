//! Values on their way to MariaDB, and cells on their way back, in the driver's own encodings.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sqlx::error::BoxDynError;
use sqlx::mysql::{MySqlArguments, MySqlRow, MySqlValueRef};
use sqlx::{Arguments as _, Decode, MySql, Row as _, Type, TypeInfo as _, ValueRef as _};
use sudare_policies::value::Value;

use crate::mask::RawRows;

/// Binds a value to the next place.
pub(super) fn add(
    arguments: &mut MySqlArguments,
    value: Option<&Value>,
) -> Result<(), BoxDynError> {
    match value {
        None | Some(Value::Null) => arguments.add(None::<String>),
        Some(Value::Boolean(value)) => arguments.add(*value),
        Some(Value::Int(value)) => arguments.add(*value),
        Some(Value::Float(value)) => arguments.add(*value),
        Some(Value::Decimal(value)) => arguments.add(*value),
        Some(Value::Text(value)) => arguments.add(value.as_str()),
        Some(Value::Date(value)) => arguments.add(*value),
        // With its zone it would go as a `timestamp`, which is null from 2038 on; the columns are of UTC.
        Some(Value::DateTime(value)) => arguments.add(value.naive_utc()),
        Some(Value::Json(value)) => arguments.add(value.to_string()),
        Some(Value::Uuid(value)) => arguments.add(value.as_bytes().as_slice()),
    }
}

/// Adds a cell of a row; gives how many bytes it has.
pub(super) fn push(rows: &mut RawRows, row: &MySqlRow, column: usize) -> usize {
    let Ok(value) = row.try_get_raw(column) else {
        rows.push_broken();
        return 0;
    };
    let Ok(bytes) = <&[u8] as Decode<'_, MySql>>::decode(value.clone()) else {
        rows.push_null();
        return 0;
    };
    // The driver takes a day of zeros for null, but it has bytes.
    if value.is_null() || typed(rows, value).is_err() {
        rows.push_broken();
    }
    bytes.len()
}

fn typed(rows: &mut RawRows, value: MySqlValueRef<'_>) -> Result<(), BoxDynError> {
    let ty = value.type_info().into_owned();
    match ty.name() {
        "BOOLEAN" | "TINYINT" | "SMALLINT" | "MEDIUMINT" | "INT" | "BIGINT" => {
            rows.push_integer(<i64 as Decode<'_, MySql>>::decode(value)?);
        }
        "TINYINT UNSIGNED" | "SMALLINT UNSIGNED" | "MEDIUMINT UNSIGNED" | "INT UNSIGNED"
        | "BIGINT UNSIGNED" => {
            let value = <u64 as Decode<'_, MySql>>::decode(value)?;
            rows.push_integer(i64::try_from(value)?);
        }
        "JSON" => rows.push_text(<&[u8] as Decode<'_, MySql>>::decode(value)?),
        // The driver calls a text that is compared by its code points binary; its collation tells it from bytes.
        _ if <str as Type<MySql>>::compatible(&ty) => {
            rows.push_text(<&[u8] as Decode<'_, MySql>>::decode(value)?);
        }
        "BINARY" => rows.push_uuid(<&[u8] as Decode<'_, MySql>>::decode(value)?),
        "DECIMAL" => rows.push_decimal(<Decimal as Decode<'_, MySql>>::decode(value)?),
        "DATE" => rows.push_day(<NaiveDate as Decode<'_, MySql>>::decode(value)?),
        "DATETIME" | "TIMESTAMP" => {
            let value = <DateTime<Utc> as Decode<'_, MySql>>::decode(value)?;
            rows.push_instant(value.timestamp_micros());
        }
        "DOUBLE" => rows.push_real(<f64 as Decode<'_, MySql>>::decode(value)?),
        "FLOAT" => rows.push_real(<f32 as Decode<'_, MySql>>::decode(value)?.into()),
        "NULL" => rows.push_null(),
        _ => rows.push_broken(),
    }
    Ok(())
}

/// A number that is ours and no cell of a field: which parent a row belongs to, a count.
pub(super) fn integer(row: &MySqlRow, column: usize) -> Option<i64> {
    let value = row.try_get_raw(column).ok()?;
    if value.is_null() {
        return None;
    }
    <i64 as Decode<'_, MySql>>::decode(value.clone())
        .ok()
        .or_else(|| i64::try_from(<u64 as Decode<'_, MySql>>::decode(value).ok()?).ok())
}
