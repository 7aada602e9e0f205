//! Strict coercion of arguments and variables. async-graphql does not check an argument that holds an absent variable and
//! takes strings for enum values, so that every value is checked here, whatever it came by.

use std::collections::HashMap;
use std::str::FromStr as _;

use async_graphql::parser::types::{BaseType, OperationDefinition, Type};
use async_graphql::{Name, Number};
use async_graphql_value::Value as Literal;
use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde_json::Value as Json;
use sudare_policies::value::Value;

use super::inputs::{InputObject, InputType, Inputs, Scalar, TypeRef};
use crate::answer::{ErrorCode, RequestError};

/// A coerced value: what an argument means.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Input {
    Null,
    Scalar(Value),
    Enum(String),
    List(Vec<Input>),
    Object(Vec<(String, Input)>),
}

/// The coerced variables of a request; a variable that is neither given nor has a default is not in it.
pub(crate) type Variables = HashMap<String, Input>;

/// Coerces all variables of an operation. Every error is listed.
pub(crate) fn variables(
    inputs: &Inputs,
    operation: &OperationDefinition,
    given: &serde_json::Map<String, Json>,
) -> Result<Variables, Vec<RequestError>> {
    let mut variables = Variables::new();
    let mut errors = Vec::new();
    for definition in &operation.variable_definitions {
        let name = definition.node.name.node.as_str();
        let ty = type_ref(&definition.node.var_type.node);
        let place = format!("${name}");
        let coercion = Coercion {
            inputs,
            variables: &Variables::new(),
        };
        let result = match (given.get(name), definition.node.default_value()) {
            (Some(json), _) => coercion.value(Raw::from_json(json), &ty, &place).map(Some),
            (None, Some(default)) => {
                let literal = default.clone().into_value();
                coercion
                    .value(Raw::from_literal(&literal), &ty, &place)
                    .map(Some)
            }
            (None, None) if ty.is_required() => Err(bad(
                &place,
                format!("is required: give it a value of type `{ty}`"),
            )),
            (None, None) => Ok(None),
        };
        match result {
            Ok(Some(value)) => drop(variables.insert(name.to_owned(), value)),
            Ok(None) => {}
            Err(error) => errors.push(error.at(definition.pos.line, definition.pos.column)),
        }
    }
    if errors.is_empty() {
        Ok(variables)
    } else {
        Err(errors)
    }
}

/// Coerces one argument; `None` if it is absent (a variable that was not given).
pub(crate) fn argument(
    inputs: &Inputs,
    variables: &Variables,
    literal: &Literal,
    ty: &TypeRef,
    place: &str,
) -> Result<Option<Input>, RequestError> {
    if let Literal::Variable(name) = literal
        && !variables.contains_key(name.as_str())
        && !ty.is_required()
    {
        return Ok(None);
    }
    Coercion { inputs, variables }
        .value(Raw::from_literal(literal), ty, place)
        .map(Some)
}

/// A value before coercion, from a document or from JSON.
#[derive(Clone, Copy)]
enum Raw<'a> {
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
    fn from_literal(literal: &'a Literal) -> Self {
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

    fn from_json(json: &'a Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Boolean(*value),
            Json::Number(number) => Self::Number(number),
            Json::String(text) => Self::JsonText(text),
            Json::Array(items) => Self::Jsons(items),
            Json::Object(fields) => Self::JsonObject(fields),
        }
    }

    fn items(self) -> Option<Vec<Self>> {
        match self {
            Self::Literals(items) => Some(items.iter().map(Self::from_literal).collect()),
            Self::Jsons(items) => Some(items.iter().map(Self::from_json).collect()),
            _ => None,
        }
    }

    fn fields(self) -> Option<Vec<(&'a str, Self)>> {
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

struct Coercion<'a> {
    inputs: &'a Inputs,
    variables: &'a Variables,
}

impl Coercion<'_> {
    fn value(&self, raw: Raw<'_>, ty: &TypeRef, place: &str) -> Result<Input, RequestError> {
        if let Raw::Variable(name) = raw {
            return self.variable(name, ty, place);
        }
        if matches!(raw, Raw::Null) {
            return if ty.is_required() {
                Err(bad(place, format!("must not be null: its type is `{ty}`")))
            } else {
                Ok(Input::Null)
            };
        }
        match ty {
            TypeRef::List { of, .. } => match raw.items() {
                Some(items) => items
                    .into_iter()
                    .enumerate()
                    .map(|(index, item)| self.value(item, of, &format!("{place}[{index}]")))
                    .collect::<Result<_, _>>()
                    .map(Input::List),
                None => self
                    .value(raw, of, place)
                    .map(|item| Input::List(vec![item])),
            },
            TypeRef::Named { name, .. } => match self.inputs.get(name) {
                Some(InputType::Scalar(scalar)) => {
                    coerce_scalar(*scalar, raw, place).map(Input::Scalar)
                }
                Some(InputType::Enum(values)) => coerce_enum(values, raw, name, place),
                Some(InputType::Object(object)) => self.object(object, raw, name, place),
                None => Err(bad(place, format!("has the unknown type `{name}`"))),
            },
        }
    }

    fn variable(&self, name: &str, ty: &TypeRef, place: &str) -> Result<Input, RequestError> {
        match self.variables.get(name) {
            Some(Input::Null) | None if ty.is_required() => Err(bad(
                place,
                format!("needs a value: `${name}` has none and the type is `{ty}`"),
            )),
            // A single value stands for a list of one wherever a list is asked for.
            Some(value)
                if matches!(ty, TypeRef::List { .. })
                    && !matches!(value, Input::List(_) | Input::Null) =>
            {
                Ok(Input::List(vec![value.clone()]))
            }
            Some(value) => Ok(value.clone()),
            None => Ok(Input::Null),
        }
    }

    fn object(
        &self,
        object: &InputObject,
        raw: Raw<'_>,
        name: &str,
        place: &str,
    ) -> Result<Input, RequestError> {
        let Some(fields) = raw.fields() else {
            return Err(bad(place, format!("must be an object of type `{name}`")));
        };
        let mut values = Vec::with_capacity(fields.len());
        for (key, raw) in fields {
            let Some(field) = object.fields.iter().find(|field| field.name == key) else {
                return Err(bad(
                    &format!("{place}.{key}"),
                    format!("is not a field of `{name}`"),
                ));
            };
            // A variable that was not given leaves its field out.
            if let Raw::Variable(variable) = raw
                && !self.variables.contains_key(variable)
                && !field.ty.is_required()
                && !object.one_of
            {
                continue;
            }
            values.push((
                key.to_owned(),
                self.value(raw, &field.ty, &format!("{place}.{key}"))?,
            ));
        }
        if object.one_of
            && (values.len() != 1 || values.iter().any(|(_, value)| *value == Input::Null))
        {
            return Err(bad(
                place,
                format!("must have exactly one key, and not null: `{name}` is one of its fields"),
            ));
        }
        Ok(Input::Object(values))
    }
}

fn coerce_enum(
    values: &[String],
    raw: Raw<'_>,
    name: &str,
    place: &str,
) -> Result<Input, RequestError> {
    let text = match raw {
        Raw::Name(text) | Raw::JsonText(text) => Some(text),
        _ => None,
    };
    match text.and_then(|text| values.iter().find(|value| *value == text)) {
        Some(value) => Ok(Input::Enum(value.clone())),
        None => Err(bad(
            place,
            format!("must be one of `{name}`: {}", values.join(", ")),
        )),
    }
}

fn coerce_scalar(scalar: Scalar, raw: Raw<'_>, place: &str) -> Result<Value, RequestError> {
    let expected = match scalar {
        Scalar::Int => "a whole number of 32 bits",
        Scalar::Float => "a finite number",
        Scalar::String => "text without NUL characters",
        Scalar::Boolean => "true or false",
        Scalar::Id => "an id, as text or a whole number",
        Scalar::BigInt => "a whole number of 64 bits, best as text",
        Scalar::Decimal => "a decimal number, best as text",
        Scalar::Date => "a day as `YYYY-MM-DD`",
        Scalar::DateTime => "an instant as in RFC 3339, such as `2026-01-31T09:30:00Z`",
        Scalar::Json => "JSON",
    };
    scalar_value(scalar, raw).ok_or_else(|| bad(place, format!("must be {expected}")))
}

fn scalar_value(scalar: Scalar, raw: Raw<'_>) -> Option<Value> {
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
        (Scalar::Date, Raw::Text(text) | Raw::JsonText(text)) if text.len() == 10 => {
            NaiveDate::parse_from_str(text, "%Y-%m-%d")
                .ok()
                .map(Value::Date)
        }
        (Scalar::DateTime, Raw::Text(text) | Raw::JsonText(text)) => {
            DateTime::parse_from_rfc3339(text)
                .ok()
                .map(|value| Value::DateTime(value.with_timezone(&Utc)))
        }
        _ => None,
    }
}

fn decimal(text: &str) -> Option<Value> {
    let value = if text.contains(['e', 'E']) {
        Decimal::from_scientific(text)
    } else {
        Decimal::from_str(text)
    };
    value.ok().map(Value::Decimal)
}

/// The type that a document names. Names that the schema lacks have been refused by validation.
fn type_ref(ty: &Type) -> TypeRef {
    let inner = match &ty.base {
        BaseType::Named(name) => TypeRef::named(name.as_str()),
        BaseType::List(of) => TypeRef::List {
            of: Box::new(type_ref(of)),
            required: false,
        },
    };
    if ty.nullable { inner } else { inner.required() }
}

fn bad(place: &str, message: impl std::fmt::Display) -> RequestError {
    RequestError::new(ErrorCode::BadUserInput, format!("`{place}` {message}"))
}
