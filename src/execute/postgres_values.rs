//! Values on their way to PostgreSQL, and our own numbers on their way back, in the driver's own encodings.

use std::error::Error;

use sudare_policies::value::Value;
use tokio_postgres::Row;
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use crate::mask::ParentKeys;

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

/// A number that is ours and no cell of a field: which parent a row belongs to, a count.
pub(super) fn raw_integer(row: &Row, column: usize) -> Option<i64> {
    match row.columns().get(column)?.type_() {
        &Type::INT4 => row.try_get::<_, Option<i32>>(column).ok()?.map(i64::from),
        _ => row.try_get(column).ok()?,
    }
}
