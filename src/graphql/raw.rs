//! A value before coercion, and the scalars that it may be.

use std::str::FromStr as _;

use async_graphql::{Name, Number};
use async_graphql_value::Value as Literal;
use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde_json::Value as Json;
use sudare_policies::value::{Value, uuid};

use super::types::Scalar;

/// A value before coercion, from a document or from JSON.
#[derive(Clone, Copy)]
pub(super) enum Raw<'a> {
    Variable(&'a str),
    Null,
    Boolean(bool),
    Number(&'a Number),
    Text(&'a str),
    /// Text of a JSON document, which may also stand for an enum value.
    JsonText(&'a str),
    /// A name in a document.
    Name(&'a str),
    Literals(&'a [Literal]),
    Jsons(&'a [Json]),
    LiteralObject(&'a async_graphql::indexmap::IndexMap<Name, Literal>),
    JsonObject(&'a serde_json::Map<String, Json>),
    Unknown,
}

impl<'a> Raw<'a> {
    pub(super) fn from_literal(literal: &'a Literal) -> Self {
        match literal {
            Literal::Variable(name) => Self::Variable(name.as_str()),
            Literal::Null => Self::Null,
            Literal::Boolean(value) => Self::Boolean(*value),
            Literal::Number(number) => Self::Number(number),
            Literal::String(text) => Self::Text(text),
            Literal::Enum(name) => Self::Name(name.as_str()),
            Literal::List(items) => Self::Literals(items),
            Literal::Object(fields) => Self::LiteralObject(fields),
            Literal::Binary(_) => Self::Unknown,
        }
    }

    pub(super) fn from_json(json: &'a Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Boolean(*value),
            Json::Number(number) => Self::Number(number),
            Json::String(text) => Self::JsonText(text),
            Json::Array(items) => Self::Jsons(items),
            Json::Object(fields) => Self::JsonObject(fields),
        }
    }

    /// The document that it is; `None` if a part of it is no JSON: a name, say, or a variable.
    fn json(self) -> Option<Json> {
        let literal = |literal: &Literal| Raw::from_literal(literal).json();
        Some(match self {
            Self::Null => Json::Null,
            Self::Boolean(value) => Json::Bool(value),
            Self::Number(number) => Json::Number(number.clone()),
            Self::Text(text) | Self::JsonText(text) => Json::String(text.to_owned()),
            Self::Literals(items) => items.iter().map(literal).collect::<Option<_>>()?,
            Self::Jsons(items) => Json::Array(items.to_vec()),
            Self::LiteralObject(fields) => {
                let fields = fields.iter();
                let fields = fields.map(|(name, value)| Some((name.to_string(), literal(value)?)));
                Json::Object(fields.collect::<Option<_>>()?)
            }
            Self::JsonObject(fields) => Json::Object(fields.clone()),
            Self::Variable(_) | Self::Name(_) | Self::Unknown => return None,
        })
    }

    pub(super) fn items(self) -> Option<Vec<Self>> {
        match self {
            Self::Literals(items) => Some(items.iter().map(Self::from_literal).collect()),
            Self::Jsons(items) => Some(items.iter().map(Self::from_json).collect()),
            _ => None,
        }
    }

    pub(super) fn fields(self) -> Option<Vec<(&'a str, Self)>> {
        match self {
            Self::LiteralObject(fields) => Some(
                fields
                    .iter()
                    .map(|(name, value)| (name.as_str(), Self::from_literal(value)))
                    .collect(),
            ),
            Self::JsonObject(fields) => Some(
                fields
                    .iter()
                    .map(|(name, value)| (name.as_str(), Self::from_json(value)))
                    .collect(),
            ),
            _ => None,
        }
    }
}

/// The value of a scalar type; `None` if it is none.
pub(super) fn scalar_value(scalar: Scalar, raw: Raw<'_>) -> Option<Value> {
    match (scalar, raw) {
        (Scalar::Int, Raw::Number(number)) => number
            .as_i64()
            .filter(|value| i32::try_from(*value).is_ok())
            .map(Value::Int),
        (Scalar::Float, Raw::Number(number)) => number
            .as_f64()
            .filter(|value| value.is_finite())
            .map(Value::Float),
        (Scalar::Boolean, Raw::Boolean(value)) => Some(Value::Boolean(value)),
        (Scalar::String | Scalar::Id, Raw::Text(text) | Raw::JsonText(text))
            if !text.contains('\0') =>
        {
            Some(Value::Text(text.to_owned()))
        }
        (Scalar::Id, Raw::Number(number)) => {
            number.as_i64().map(|value| Value::Text(value.to_string()))
        }
        (Scalar::BigInt, Raw::Number(number)) => number.as_i64().map(Value::Int),
        (Scalar::BigInt, Raw::Text(text) | Raw::JsonText(text)) => {
            text.parse().ok().map(Value::Int)
        }
        (Scalar::Decimal, Raw::Number(number)) => decimal(&number.to_string()),
        (Scalar::Decimal, Raw::Text(text) | Raw::JsonText(text)) => decimal(text),
        (Scalar::Date, Raw::Text(text) | Raw::JsonText(text)) => day(text).map(Value::Date),
        (Scalar::DateTime, Raw::Text(text) | Raw::JsonText(text)) => {
            instant(text).map(Value::DateTime)
        }
        (Scalar::Uuid, Raw::Text(text) | Raw::JsonText(text)) => uuid(text).map(Value::Uuid),
        (Scalar::Json, raw) => raw.json().filter(is_storable).map(Value::Json),
        _ => None,
    }
}

/// The years that every database has.
const YEARS: std::ops::RangeInclusive<i32> = 1..=9999;

fn day(text: &str) -> Option<NaiveDate> {
    // Four digits, two and two: the library would take signs and shorter years.
    let plain = text.len() == 10
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'-');
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .ok()
        .filter(|_| plain)?;
    YEARS.contains(&day.year()).then_some(day)
}

/// To the microsecond, which is what every database keeps; a leap second is the one after it.
fn instant(text: &str) -> Option<DateTime<Utc>> {
    let instant = DateTime::parse_from_rfc3339(text).ok()?.to_utc();
    let instant = DateTime::from_timestamp_micros(instant.timestamp_micros())?;
    YEARS.contains(&instant.year()).then_some(instant)
}

fn decimal(text: &str) -> Option<Value> {
    let value = if text.contains(['e', 'E']) {
        Decimal::from_scientific(text)
    } else {
        Decimal::from_str(text)
    };
    value.ok().map(Value::Decimal)
}

/// Whether every database keeps the document: none of its texts and names has a NUL.
fn is_storable(document: &Json) -> bool {
    match document {
        Json::String(text) => !text.contains('\0'),
        Json::Array(items) => items.iter().all(is_storable),
        Json::Object(fields) => fields
            .iter()
            .all(|(name, value)| !name.contains('\0') && is_storable(value)),
        Json::Null | Json::Bool(_) | Json::Number(_) => true,
    }
}
