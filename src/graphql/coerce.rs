//! Strict coercion of arguments and variables. async-graphql does not check an argument that holds an absent variable and
//! takes strings for enum values, so that every value is checked here, whatever it came by.

use std::collections::HashMap;

use async_graphql::parser::types::{BaseType, OperationDefinition, Type};
use async_graphql_value::Value as Literal;
use serde_json::Value as Json;
use sudare_policies::value::Value;

use super::inputs::{InputObject, InputType, Inputs, Scalar, TypeRef};
use super::raw::{Raw, scalar_value};
use crate::answer::{ErrorCode, RequestError};

/// A coerced value: what an argument means.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Input {
    Null,
    Scalar(Value),
    /// A scalar that a variable holds: which of all such scalars it is. Plans may be made for whatever stands there.
    Given(usize, Value),
    Enum(String),
    List(Vec<Input>),
    Object(Vec<(String, Input)>),
}

impl Input {
    /// Its form: what is asked for by which operators, whatever the values are. Two inputs of one form have the same, and others others.
    pub(crate) fn form(&self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Scalar(_) | Self::Given(..) | Self::Enum(_) => "_".to_owned(),
            Self::List(items) => {
                let mut forms: Vec<String> = items.iter().map(Self::form).collect();
                // however many values are in it
                forms.dedup_by(|one, other| one == "_" && other == "_");
                format!("[{}]", forms.join(","))
            }
            Self::Object(pairs) => {
                let mut forms: Vec<String> = pairs
                    .iter()
                    .map(|(name, value)| format!("{name}:{}", value.form()))
                    .collect();
                forms.sort_unstable();
                format!("{{{}}}", forms.join(","))
            }
        }
    }
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
    let mut scalars = 0;
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
        match value.map(|value| value.map(|value| numbered(value, &mut scalars))) {
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

/// Numbers the scalars of a variable. Booleans are left out: they decide what is asked, not what it is compared with.
fn numbered(input: Input, next: &mut usize) -> Input {
    match input {
        Input::Scalar(value) if !matches!(value, Value::Boolean(_)) => {
            *next += 1;
            Input::Given(*next - 1, value)
        }
        Input::List(items) => {
            Input::List(items.into_iter().map(|item| numbered(item, next)).collect())
        }
        Input::Object(fields) => {
            let fields = fields.into_iter();
            Input::Object(
                fields
                    .map(|(name, value)| (name, numbered(value, next)))
                    .collect(),
            )
        }
        other => other,
    }
}

impl Variable {
    /// Its value; none if it is neither given nor has a default.
    pub(crate) fn value(&self) -> Option<&Input> {
        self.value.as_ref()
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
        Scalar::Uuid => "a UUID such as `01890a5d-ac96-774b-bcce-b302099a8057`",
        Scalar::Json => "JSON without NUL characters, and without variables inside it",
    };
    scalar_value(scalar, raw).ok_or_else(|| bad(place, format!("must be {expected}")))
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
