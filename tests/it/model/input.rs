//! Arguments as they are meant: variables put in, absent ones left out.

use std::collections::{BTreeMap, HashMap};

use async_graphql::Positioned;
use async_graphql::parser::types::{Directive, Field, OperationDefinition};
use async_graphql_value::Value as Literal;
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value as Json;
use sudare_entities::catalog::Kind;
use sudare_policies::value::Value;

/// An argument, before anybody asks for its type.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Input {
    Null,
    Boolean(bool),
    /// As it is written.
    Number(String),
    /// Text, or the name of an enum value.
    Text(String),
    List(Vec<Input>),
    Object(Vec<(String, Input)>),
}

impl Input {
    /// Which fields are compared how, and with none of the values: of cursors, which fit no other.
    pub(super) fn form(&self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Boolean(_) | Self::Number(_) | Self::Text(_) => "value".to_owned(),
            Self::List(items) => {
                let forms: Vec<String> = items.iter().map(Self::form).collect();
                match forms.iter().all(|form| form == "value") {
                    true => format!("some {}", forms.len().min(1)),
                    false => format!("[{}]", forms.join(" ")),
                }
            }
            Self::Object(fields) => {
                // one of a list stands for a list of one
                let lists = ["in", "notIn", "and", "or"];
                let form = |name: &String, value: &Self| match value {
                    Self::List(_) | Self::Null => value.form(),
                    one if lists.contains(&name.as_str()) => Self::List(vec![one.clone()]).form(),
                    one => one.form(),
                };
                let forms = fields.iter().map(|(name, value)| (name, form(name, value)));
                let forms: BTreeMap<&String, String> = forms.collect();
                format!("{forms:?}")
            }
        }
    }
}

/// The variables that have a value.
pub(super) type Variables = HashMap<String, Input>;

/// The variables of an operation: as given, else as the document has them by default.
pub(super) fn variables(
    operation: &OperationDefinition,
    given: &serde_json::Map<String, Json>,
) -> Variables {
    let definitions = operation.variable_definitions.iter();
    let values = definitions.filter_map(|definition| {
        let name = definition.node.name.node.to_string();
        let default = definition.node.default_value.as_ref();
        let default = default.map(|value| Input::of_json(&value.node.clone().into_json().unwrap()));
        Some((
            name.clone(),
            given.get(&name).map(Input::of_json).or(default)?,
        ))
    });
    values.collect()
}

/// The argument of a field; absent and null are alike.
pub(super) fn argument(field: &Field, name: &str, variables: &Variables) -> Option<Input> {
    let literal = &field.get_argument(name)?.node;
    Input::of_literal(literal, variables).filter(|value| *value != Input::Null)
}

/// Whether `@skip` and `@include` let a selection through.
pub(super) fn included(directives: &[Positioned<Directive>], variables: &Variables) -> bool {
    directives.iter().all(|directive| {
        let wanted = directive.node.name.node == "include";
        let condition = &directive.node.get_argument("if").unwrap().node;
        Input::of_literal(condition, variables) == Some(Input::Boolean(wanted))
    })
}

impl Input {
    /// A value without variables.
    pub(super) fn of_constant(literal: &Literal) -> Self {
        Self::of_literal(literal, &Variables::new()).unwrap_or(Self::Null)
    }

    fn of_literal(literal: &Literal, variables: &Variables) -> Option<Self> {
        Some(match literal {
            Literal::Variable(name) => return variables.get(name.as_str()).cloned(),
            Literal::Null => Self::Null,
            Literal::Boolean(value) => Self::Boolean(*value),
            Literal::Number(number) => Self::Number(number.to_string()),
            Literal::String(text) => Self::Text(text.clone()),
            Literal::Enum(name) => Self::Text(name.to_string()),
            Literal::Binary(_) => return None,
            Literal::List(items) => {
                let items = items.iter();
                let items =
                    items.map(|item| Self::of_literal(item, variables).unwrap_or(Self::Null));
                Self::List(items.collect())
            }
            Literal::Object(fields) => {
                let fields = fields.iter().filter_map(|(name, value)| {
                    Some((name.to_string(), Self::of_literal(value, variables)?))
                });
                Self::Object(fields.collect())
            }
        })
    }

    pub(super) fn of_json(json: &Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Boolean(*value),
            Json::Number(number) => Self::Number(number.to_string()),
            Json::String(text) => Self::Text(text.clone()),
            Json::Array(items) => Self::List(items.iter().map(Self::of_json).collect()),
            Json::Object(fields) => {
                let fields = fields.iter();
                Self::Object(
                    fields
                        .map(|(name, value)| (name.clone(), Self::of_json(value)))
                        .collect(),
                )
            }
        }
    }

    /// Its fields; of anything else none.
    pub(super) fn fields(&self) -> &[(String, Self)] {
        match self {
            Self::Object(fields) => fields,
            _ => &[],
        }
    }

    /// Its items; what is not a list is one of itself.
    pub(super) fn items(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            one => std::slice::from_ref(one),
        }
    }

    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Number(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn whole_number(&self) -> Option<i64> {
        self.text()?.parse().ok()
    }

    /// The value of a field's kind that it stands for; `None` if it is none.
    pub(super) fn typed(&self, kind: &Kind, is_key: bool) -> Option<Value> {
        match kind {
            _ if is_key => self.whole_number().map(Value::Int),
            Kind::Boolean => match self {
                Self::Boolean(value) => Some(Value::Boolean(*value)),
                _ => None,
            },
            Kind::Int | Kind::BigInt => self.whole_number().map(Value::Int),
            Kind::Float => self.text()?.parse().ok().map(Value::Float),
            Kind::Decimal { .. } => self.text()?.parse().ok().map(Value::Decimal),
            Kind::Text | Kind::Json | Kind::Enum { .. } => {
                Some(Value::Text(self.text()?.to_owned()))
            }
            Kind::Date => self.text()?.parse::<NaiveDate>().ok().map(Value::Date),
            Kind::DateTime => {
                let instant = DateTime::parse_from_rfc3339(self.text()?).ok()?;
                Some(Value::DateTime(instant.with_timezone(&Utc)))
            }
            Kind::Uuid => self.text()?.parse().ok().map(Value::Uuid),
        }
    }
}
