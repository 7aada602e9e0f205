//! Values of cursors as the database takes them back.

use sea_orm::sea_query::{Expr, Value as SqlValue};

use crate::seal::CursorValue;

/// The value, of the storage class that it had when the cursor was made.
pub(super) fn value(value: &CursorValue) -> Expr {
    Expr::value(match value {
        CursorValue::Null => SqlValue::BigInt(None),
        CursorValue::Integer(value) => SqlValue::BigInt(Some(*value)),
        CursorValue::Real(bits) => SqlValue::Double(Some(f64::from_bits(bits.cast_unsigned()))),
        CursorValue::Text(text) => SqlValue::String(Some(text.clone())),
    })
}
