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

/// The coerced variables of a request, by name.
pub(crate) type Variables = HashMap<String, Variable>;

/// A coerced variable.
#[derive(Clone, Debug)]
pub(crate) struct Variable {
    /// As declared.
    ty: TypeRef,
    /// A default that is not null stands in where null may not.
    has_default: bool,
    /// `None` if it is neither given nor has a default.
    value: Option<Input>,
}

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
        let none = Variables::new();
        let coercion = Coercion {
            inputs,
            variables: &none,
        };
        // Not `default_value()`: it takes every nullable variable for one whose default is null.
        let default = definition
            .node
            .default_value
            .as_ref()
            .map(|value| value.node.clone());
        let has_default = default
            .as_ref()
            .is_some_and(|value| *value != async_graphql::Value::Null);
        let value = match (given.get(name), default) {
            (Some(json), _) => coercion.value(Raw::from_json(json), &ty, &place).map(Some),
            (None, Some(default)) => {
                let literal = default.into_value();
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
        match value {
            Ok(value) => drop(variables.insert(
                name.to_owned(),
                Variable {
                    ty,
                    has_default,
                    value,
                },
            )),
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
    let coercion = Coercion { inputs, variables };
    if let Literal::Variable(name) = literal {
        return coercion.variable(name, ty, place);
    }
    coercion
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
            return Ok(self.variable(name, ty, place)?.unwrap_or(Input::Null));
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

    /// The value of a variable where a type is asked for; `None` if it has none.
    ///
    /// The rule is `IsVariableUsageAllowed` of the GraphQL specification, section 5.8.5.
    fn variable(
        &self,
        name: &str,
        ty: &TypeRef,
        place: &str,
    ) -> Result<Option<Input>, RequestError> {
        let Some(variable) = self.variables.get(name) else {
            return Err(bad(
                place,
                format!("uses `${name}`, which the operation does not declare"),
            ));
        };
        let declared = if variable.has_default {
            variable.ty.clone().required()
        } else {
            variable.ty.clone()
        };
        if !declared.fits(ty) {
            let message = format!(
                "`{place}` takes `{ty}`, and `${name}` is declared as `{}`",
                variable.ty
            );
            return Err(RequestError::new(
                ErrorCode::GraphqlValidationFailed,
                message,
            ));
        }
        match &variable.value {
            Some(Input::Null) | None if ty.is_required() => Err(bad(
                place,
                format!("needs a value: `${name}` has none and the type is `{ty}`"),
            )),
            value => Ok(value.clone()),
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
            let place = format!("{place}.{key}");
            let value = match raw {
                // A variable that was not given leaves its field out.
                Raw::Variable(variable) => self.variable(variable, &field.ty, &place)?,
                raw => Some(self.value(raw, &field.ty, &place)?),
            };
            values.extend(value.map(|value| (key.to_owned(), value)));
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
