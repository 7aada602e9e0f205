//! Values on their way to PostgreSQL, and cells on their way back, in the driver's own encodings.

use std::error::Error;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use sudare_policies::value::Value;
use tokio_postgres::Row;
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

use crate::mask::{ParentKeys, RawRows};

/// What is bound to a place of a statement. The statement names its type.
#[derive(Debug)]
pub(super) enum Argument<'a> {
    Null,
    One(&'a Value),
    Keys(ParentKeys<'a>),
}

impl ToSql for Argument<'_> {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Null | Self::One(Value::Null) => Ok(IsNull::Yes),
            Self::Keys(keys) => keys.to_sql(ty, out),
            Self::One(Value::Boolean(value)) => value.to_sql(ty, out),
            Self::One(Value::Int(value)) => value.to_sql(ty, out),
            Self::One(Value::Float(value)) => value.to_sql(ty, out),
            Self::One(Value::Decimal(value)) => value.to_sql(ty, out),
            Self::One(Value::Text(value)) => value.to_sql(ty, out),
            Self::One(Value::Date(value)) => value.to_sql(ty, out),
            Self::One(Value::DateTime(value)) => value.to_sql(ty, out),
            Self::One(Value::Json(value)) => value.to_string().to_sql(ty, out),
            Self::One(Value::Uuid(value)) => {
                out.extend_from_slice(value.as_bytes());
                Ok(IsNull::No)
            }
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// A cell as the server sent it.
struct Raw<'a>(&'a [u8]);

impl<'a> FromSql<'a> for Raw<'a> {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(raw))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// Adds a cell of a row.
pub(super) fn push(rows: &mut RawRows, row: &Row, column: usize) {
    let ty = row.columns().get(column).map(tokio_postgres::Column::type_);
    match (ty, row.try_get::<_, Option<Raw<'_>>>(column)) {
        (Some(ty), Ok(Some(Raw(bytes)))) => {
            if typed(rows, ty, bytes).is_err() {
                rows.push_broken();
            }
        }
        (_, Ok(None)) => rows.push_null(),
        _ => rows.push_broken(),
    }
}

fn typed(rows: &mut RawRows, ty: &Type, raw: &[u8]) -> Result<(), Box<dyn Error + Sync + Send>> {
    match *ty {
        Type::INT8 => rows.push_integer(i64::from_sql(ty, raw)?),
        Type::INT4 => rows.push_integer(i32::from_sql(ty, raw)?.into()),
        Type::INT2 => rows.push_integer(i16::from_sql(ty, raw)?.into()),
        Type::BOOL => rows.push_integer(bool::from_sql(ty, raw)?.into()),
        // The server holds no text with a NUL.
        Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::JSON => {
            rows.push_str(<&str>::from_sql(ty, raw)?)
        }
        Type::NUMERIC => rows.push_decimal(Decimal::from_sql(ty, raw)?),
        Type::DATE => rows.push_day(NaiveDate::from_sql(ty, raw)?),
        Type::TIMESTAMPTZ => {
            // Microseconds since 2000; `infinity` is the last of them.
            let since = i64::from_sql(&Type::INT8, raw)?;
            rows.push_instant(since.checked_add(MICROS_TO_2000).ok_or("infinity")?);
        }
        Type::FLOAT8 => rows.push_real(f64::from_sql(ty, raw)?),
        Type::FLOAT4 => rows.push_real(f32::from_sql(ty, raw)?.into()),
        Type::UUID => rows.push_uuid(raw),
        // The first byte is the version of the format.
        Type::JSONB => rows.push_text(raw.get(1..).unwrap_or_default()),
        _ => rows.push_broken(),
    }
    Ok(())
}

/// Microseconds from 1970 to 2000, where PostgreSQL begins to count.
const MICROS_TO_2000: i64 = 946_684_800_000_000;

/// A number that is ours and no cell of a field: which parent a row belongs to, a count.
pub(super) fn raw_integer(row: &Row, column: usize) -> Option<i64> {
    match row.columns().get(column)?.type_() {
        &Type::INT4 => row.try_get::<_, Option<i32>>(column).ok()?.map(i64::from),
        _ => row.try_get(column).ok()?,
    }
}
