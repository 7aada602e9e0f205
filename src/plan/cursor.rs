//! Values of cursors as filters take them. A cursor holds what a value means, not how a database stores it.

use std::str::FromStr as _;

use chrono::DateTime;
use rust_decimal::Decimal;
use sudare_entities::catalog::Kind;
use sudare_policies::value::{Value, uuid};

use crate::seal::{CursorSeal, CursorValue};

/// The values of a cursor that was made for order keys of these kinds.
pub(super) fn open(seal: &CursorSeal, kinds: &[Kind], text: &str) -> Option<Vec<Value>> {
    let values = seal
        .open(text)
        .filter(|values| values.len() == kinds.len())?;
    let values = values.iter().zip(kinds);
    values.map(|(held, kind)| value(held, kind)).collect()
}

/// The value of an order key of this kind; `None` if a cursor of such a key cannot hold it.
fn value(value: &CursorValue, kind: &Kind) -> Option<Value> {
    match (value, kind) {
        (CursorValue::Null, _) => Some(Value::Null),
        (CursorValue::Integer(value), Kind::Boolean) => Some(Value::Boolean(*value != 0)),
        (CursorValue::Integer(value), Kind::Int | Kind::BigInt) => Some(Value::Int(*value)),
        (CursorValue::Real(bits), Kind::Float) => {
            Some(Value::Float(f64::from_bits(bits.cast_unsigned())))
        }
        (CursorValue::Real(bits), Kind::Decimal { .. }) => {
            Some(Value::Float(f64::from_bits(bits.cast_unsigned())))
        }
        (CursorValue::Stored(text), Kind::DateTime) => Some(Value::Text(text.clone())),
        (CursorValue::Text(text), Kind::Decimal { .. }) => {
            Decimal::from_str(text).ok().map(Value::Decimal)
        }
        (CursorValue::Text(text), Kind::Date) => text.parse().ok().map(Value::Date),
        (CursorValue::Text(text), Kind::DateTime) => DateTime::parse_from_rfc3339(text)
            .ok()
            .map(|value| Value::DateTime(value.to_utc())),
        (CursorValue::Text(text), Kind::Uuid) => uuid(text).map(Value::Uuid),
        (CursorValue::Text(text), Kind::Text | Kind::Enum { .. }) => {
            Some(Value::Text(text.clone()))
        }
        _ => None,
    }
}
