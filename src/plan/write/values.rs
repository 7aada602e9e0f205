//! What a mutation writes: values that the database keeps as they are, on each database alike.

use sudare_entities::catalog::{Field, Kind};
use sudare_policies::value::Value;

use super::Mutating;
use crate::answer::{ErrorCode, RequestError};
use crate::graphql::coerce::Input;
use crate::plan::identity::seen_number;
use crate::plan::planner::Planner;
use crate::shape::is_writable;

/// The new value of a field.
#[derive(Clone, Debug)]
pub(super) struct Written {
    pub(super) position: usize,
    /// As the client gave it.
    pub(super) given: Value,
    /// As it is stored.
    pub(super) stored: Value,
    /// The blind index of what is stored, if its field has one; null with null.
    pub(super) index: Option<Value>,
    /// What is wrong with it, if it is not fit for its class.
    pub(super) invalid: Option<RequestError>,
}

impl Planner<'_> {
    /// The values of an input, in the order of the fields. What does not fit its field is refused.
    pub(super) fn written(
        &mut self,
        one: &Mutating<'_>,
        input: &Input,
        place: &str,
    ) -> Vec<Written> {
        let Input::Object(pairs) = input else {
            return Vec::new();
        };
        let mut written: Vec<Written> = Vec::with_capacity(pairs.len());
        for (name, input) in pairs {
            let place = format!("{place}.{name}");
            let position = one.entity.field(name);
            let found = position.and_then(|at| Some((at, one.entity.fields.get(at)?)));
            let Some((position, field)) = found else {
                continue;
            };
            match self.value_of(one, (position, field), input) {
                Ok(given) => written.push(self.checked(one, position, (given, &place))),
                Err(problem) => {
                    let message = format!("`{place}` {problem}");
                    self.refuse(one.field, ErrorCode::BadUserInput, message);
                }
            }
        }
        written.sort_by_key(|value| value.position);
        written
    }

    /// Refuses a new row without what it must have.
    pub(super) fn missing(&mut self, one: &Mutating<'_>, written: &[Written], place: &str) {
        for (position, field) in one.entity.fields.iter().enumerate() {
            let given = written.iter().any(|value| value.position == position);
            if !given && !field.nullable && is_writable(one.entity, position) {
                let message = format!(
                    "`{place}.{}` is required: a `{}` has one",
                    field.name, one.entity.name
                );
                self.refuse(one.field, ErrorCode::BadUserInput, message);
            }
        }
    }

    fn value_of(
        &self,
        one: &Mutating<'_>,
        (position, field): (usize, &Field),
        input: &Input,
    ) -> Result<Value, String> {
        if field.references.is_some() && *input != Input::Null {
            let seen = seen_number(input).map(|(_, seen)| seen);
            let seen = seen.ok_or("must be a whole number: it is the key of a row")?;
            let key = self.sql.key_behind(one.index, position, seen);
            // A number that stands for no key refers to no row.
            let none = if field.kind == Kind::Int {
                i32::MIN.into()
            } else {
                i64::MIN
            };
            return Ok(Value::Int(key.unwrap_or(none)));
        }
        let value = match input {
            Input::Null if field.nullable => Value::Null,
            Input::Null => {
                return Err(format!(
                    "must not be null: `{}` has no empty value",
                    field.name
                ));
            }
            Input::Scalar(value) | Input::Given(_, value) => value.clone(),
            Input::Enum(name) => Value::Text(name.clone()),
            Input::List(_) | Input::Object(_) => return Err("must be a single value".to_owned()),
        };
        fits(field, value)
    }

    fn checked(
        &self,
        one: &Mutating<'_>,
        position: usize,
        (given, place): (Value, &str),
    ) -> Written {
        let check = self.sql.view.check(one.index, position);
        let checked = match check {
            Some(check) if given != Value::Null => check.apply(&given, self.sql.view.now()),
            _ => Ok(given.clone()),
        };
        let (stored, invalid) = match checked {
            Ok(stored) => (stored, None),
            Err(problem) => {
                let message = format!("`{place}` {problem}");
                (
                    Value::Null,
                    Some(one.error(ErrorCode::BadUserInput, message)),
                )
            }
        };
        Written {
            position,
            given,
            index: self.index_of(one, position, &stored),
            stored,
            invalid,
        }
    }
}

impl Planner<'_> {
    fn index_of(&self, one: &Mutating<'_>, position: usize, stored: &Value) -> Option<Value> {
        let field = one.entity.fields.get(position)?;
        let check = self.sql.view.check(one.index, position);
        let index = self.blind.index(one.entity, field, check)?;
        Some(match stored {
            Value::Text(text) => Value::Text(index.of(text)),
            _ => Value::Null,
        })
    }
}

/// The value, if the column holds it without a change.
fn fits(field: &Field, value: Value) -> Result<Value, String> {
    match (&field.kind, value, field.size) {
        (Kind::Text, Value::Text(text), Some(most)) => {
            let length = text.chars().count();
            if length > most as usize {
                return Err(format!("has {length} characters: {most} is the most"));
            }
            Ok(Value::Text(text))
        }
        (Kind::Decimal { scale }, Value::Decimal(mut number), most) => {
            number = number.normalize();
            if number.scale() > *scale {
                return Err(format!("has more than {scale} digits behind the point"));
            }
            let whole = most.map(|most| most.saturating_sub(*scale));
            let digits = number.trunc().abs().to_string();
            match whole {
                Some(whole) if digits.len() > whole as usize && digits != "0" => Err(format!(
                    "has {} digits before the point: {whole} is the most",
                    digits.len()
                )),
                _ => {
                    number.rescale(*scale);
                    Ok(Value::Decimal(number))
                }
            }
        }
        (_, value, _) => Ok(value),
    }
}
