//! Literals and claims, brought to the kind of what they are compared with. What does not fit exactly does not fit.

use cel::common::ast::LiteralValue;
use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde_json::Value as Json;

use crate::shape::FieldShape;
use crate::value::{Value, ValueKind, uuid};

/// What a value has to become.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted<'a> {
    pub(crate) kind: ValueKind,
    /// The names that an [`ValueKind::Enum`] knows.
    pub(crate) variants: &'a [String],
}

impl<'a> Wanted<'a> {
    pub(crate) fn of(field: &'a FieldShape) -> Self {
        Self {
            kind: field.kind,
            variants: &field.variants,
        }
    }

    /// The kind of a literal or of the time of the request.
    pub(crate) fn like(value: &Value) -> Option<Self> {
        let kind = match value {
            Value::Boolean(_) => ValueKind::Boolean,
            Value::Int(_) => ValueKind::Int,
            Value::Float(_) => ValueKind::Float,
            Value::Decimal(_) => ValueKind::Decimal,
            Value::Text(_) => ValueKind::Text,
            Value::Date(_) => ValueKind::Date,
            Value::DateTime(_) => ValueKind::DateTime,
            Value::Uuid(_) => ValueKind::Uuid,
            Value::Null | Value::Json(_) => return None,
        };
        Some(Self {
            kind,
            variants: &[],
        })
    }
}

/// A literal of a rule as `wanted`; `None` if it cannot be that.
pub(crate) fn literal(literal: &LiteralValue, wanted: Wanted<'_>) -> Option<Value> {
    match (wanted.kind, literal) {
        (ValueKind::Boolean, LiteralValue::Boolean(value)) => Some(Value::Boolean(*value.inner())),
        (ValueKind::Int, LiteralValue::Int(value)) => Some(Value::Int(*value.inner())),
        (ValueKind::Float, LiteralValue::Int(value)) => float(&value.inner().to_string()),
        (ValueKind::Float, LiteralValue::Double(value)) => finite(*value.inner()),
        (ValueKind::Decimal, LiteralValue::Int(value)) => {
            Some(Value::Decimal(Decimal::from(*value.inner())))
        }
        (ValueKind::Decimal, LiteralValue::Double(value)) => decimal(&value.inner().to_string()),
        (
            ValueKind::Text
            | ValueKind::Enum
            | ValueKind::Date
            | ValueKind::DateTime
            | ValueKind::Uuid
            | ValueKind::Decimal,
            LiteralValue::String(value),
        ) => text(value.inner(), wanted),
        _ => None,
    }
}

/// A literal that is compared with something that has no kind of its own (a claim).
pub(crate) fn plain_literal(literal: &LiteralValue) -> Option<Value> {
    match literal {
        LiteralValue::Boolean(value) => Some(Value::Boolean(*value.inner())),
        LiteralValue::Int(value) => Some(Value::Int(*value.inner())),
        LiteralValue::Double(value) => finite(*value.inner()),
        LiteralValue::String(value) => Some(Value::Text(value.inner().to_owned())),
        LiteralValue::Bytes(_) | LiteralValue::UInt(_) | LiteralValue::Null => None,
    }
}

/// A claim as `wanted`; `None` if it cannot be that (null never can).
pub(crate) fn claim(claim: &Json, wanted: Wanted<'_>) -> Option<Value> {
    match (wanted.kind, claim) {
        (ValueKind::Boolean, Json::Bool(value)) => Some(Value::Boolean(*value)),
        (ValueKind::Int, Json::Number(value)) => value.as_i64().map(Value::Int),
        (ValueKind::Float, Json::Number(value)) => value.as_f64().and_then(finite),
        (ValueKind::Decimal, Json::Number(value)) => decimal(&value.to_string()),
        (ValueKind::Text, Json::Number(value)) => {
            value.as_i64().map(|value| Value::Text(value.to_string()))
        }
        (_, Json::String(value)) => text(value, wanted),
        _ => None,
    }
}

/// A text as `wanted`, in the one spelling of each value: `007` is not 7, or two subjects would be one.
fn text(text: &str, wanted: Wanted<'_>) -> Option<Value> {
    match wanted.kind {
        ValueKind::Boolean => text.parse().ok().map(Value::Boolean),
        ValueKind::Int => text
            .parse::<i64>()
            .ok()
            .filter(|value| value.to_string() == text)
            .map(Value::Int),
        ValueKind::Float => float(text),
        ValueKind::Decimal => decimal(text),
        ValueKind::Text => Some(Value::Text(text.to_owned())),
        ValueKind::Enum => wanted
            .variants
            .iter()
            .find(|variant| *variant == text)
            .map(|variant| Value::Text(variant.clone())),
        ValueKind::Date => text
            .parse::<NaiveDate>()
            .ok()
            .filter(|value| value.to_string() == text)
            .map(Value::Date),
        ValueKind::DateTime => DateTime::parse_from_rfc3339(text)
            .ok()
            .map(|value| Value::DateTime(value.with_timezone(&Utc))),
        ValueKind::Uuid => uuid(text)
            .filter(|value| value.to_string() == text)
            .map(Value::Uuid),
        ValueKind::Json => None,
    }
}

fn decimal(text: &str) -> Option<Value> {
    Decimal::from_str_exact(text).ok().map(Value::Decimal)
}

fn float(text: &str) -> Option<Value> {
    text.parse().ok().and_then(finite)
}

fn finite(value: f64) -> Option<Value> {
    value.is_finite().then_some(Value::Float(value))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn to(kind: ValueKind, value: impl Into<Json>) -> Option<Value> {
        let variants = ["ACTIVE".to_owned()];
        claim(
            &value.into(),
            Wanted {
                kind,
                variants: &variants,
            },
        )
    }

    #[test]
    fn claims_become_the_kind_of_the_other_side_or_nothing() {
        assert_eq!(to(ValueKind::Int, json!("7")), Some(Value::Int(7)));
        assert_eq!(to(ValueKind::Int, json!(7)), Some(Value::Int(7)));
        assert_eq!(to(ValueKind::Text, json!(7)), Some(Value::Text("7".into())));
        assert_eq!(
            to(ValueKind::Enum, json!("ACTIVE")),
            Some(Value::Text("ACTIVE".into()))
        );
        for odd in [
            "007",
            "+7",
            " 7",
            "7.0",
            "٧",
            "7e0",
            "",
            "9223372036854775808",
        ] {
            assert_eq!(to(ValueKind::Int, json!(odd)), None, "{odd}");
        }
        for odd in [
            json!(7.5),
            json!(null),
            json!([7]),
            json!({"a": 7}),
            json!(true),
        ] {
            assert_eq!(to(ValueKind::Int, odd.clone()), None, "{odd}");
        }
        assert_eq!(to(ValueKind::Enum, json!("active")), None);
        assert_eq!(to(ValueKind::Float, json!("NaN")), None);
        assert_eq!(to(ValueKind::Date, json!("2024-1-5")), None);
        assert_eq!(to(ValueKind::DateTime, json!("2024-01-05")), None);
        assert_eq!(to(ValueKind::Json, json!("{}")), None);
    }
}
