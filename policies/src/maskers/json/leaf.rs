//! What becomes of one text, number or boolean of a document.

use std::sync::Arc;

use serde_json::{Number, Value};

use super::DECLARATION;
use crate::maskers::nested::build_part;
use crate::maskers::text::visible;
use crate::maskers::{Masked, Masker, MaskerError, Subject, Target};
use crate::value::{ValueKind, ValueRef};

/// How a leaf is shown.
#[derive(Clone, Debug)]
pub(super) enum Leaf {
    /// As it is, but for what cannot be seen.
    Kept,
    /// By its masker.
    Masked(Parts),
}

/// One masker, for the kinds that it takes. At least one is there.
#[derive(Clone, Debug)]
pub(super) struct Parts {
    text: Option<Arc<dyn Masker>>,
    int: Option<Arc<dyn Masker>>,
    float: Option<Arc<dyn Masker>>,
    boolean: Option<Arc<dyn Masker>>,
}

impl Parts {
    /// The masker that `given` asks for.
    pub(super) fn build(
        place: &str,
        given: &toml::Value,
        target: &Target<'_>,
    ) -> Result<Self, MaskerError> {
        let kinds = [
            ValueKind::Text,
            ValueKind::Float,
            ValueKind::Int,
            ValueKind::Boolean,
        ];
        let built = kinds.map(|kind| build_part(DECLARATION.name, place, given, target, kind));
        if built.iter().all(Result::is_err) {
            let mut errors: Vec<_> = built
                .iter()
                .filter_map(|part| part.as_ref().err())
                .collect();
            // What is wrong with a parameter says more than that the masker is not for text.
            errors.sort_by_key(|error| is_wrong_kind(error));
            if let Some(error) = errors.first() {
                return Err((*error).clone());
            }
        }
        let [text, float, int, boolean] = built.map(Result::ok);
        Ok(Self {
            text,
            int,
            float,
            boolean,
        })
    }

    fn needs_subject(&self) -> bool {
        [&self.text, &self.int, &self.float, &self.boolean]
            .into_iter()
            .flatten()
            .any(|masker| masker.needs_subject())
    }
}

fn is_wrong_kind(error: &MaskerError) -> bool {
    matches!(error, MaskerError::Part { error, .. } if matches!(**error, MaskerError::WrongKind { .. }))
}

impl Leaf {
    /// What is shown; null for an object or an array, whose insides nobody has spoken of.
    pub(super) fn show(&self, value: &Value, subject: &Subject<'_>) -> Value {
        match (self, value) {
            (Self::Kept, Value::Bool(_) | Value::Number(_)) => value.clone(),
            (Self::Kept, Value::String(text)) => {
                Value::String(text.chars().filter_map(visible).collect())
            }
            (Self::Masked(parts), value) => parts.show(value, subject),
            (Self::Kept, _) => Value::Null,
        }
    }

    pub(super) fn needs_subject(&self) -> bool {
        match self {
            Self::Kept => false,
            Self::Masked(parts) => parts.needs_subject(),
        }
    }
}

impl Parts {
    fn show(&self, value: &Value, subject: &Subject<'_>) -> Value {
        match value {
            Value::String(text) => show(self.text.as_ref(), ValueRef::Text(text), subject),
            Value::Bool(boolean) => {
                show(self.boolean.as_ref(), ValueRef::Boolean(*boolean), subject)
            }
            Value::Number(number) => self.show_number(number, subject),
            Value::Null | Value::Array(_) | Value::Object(_) => Value::Null,
        }
    }

    fn show_number(&self, number: &Number, subject: &Subject<'_>) -> Value {
        if let (Some(_), Some(int)) = (&self.int, number.as_i64()) {
            return show(self.int.as_ref(), ValueRef::Int(int), subject);
        }
        if let (Some(_), Some(float)) = (&self.float, number.as_f64()) {
            return show(self.float.as_ref(), ValueRef::Float(float), subject);
        }
        let text = number.to_string();
        show(self.text.as_ref(), ValueRef::Text(&text), subject)
    }
}

fn show(masker: Option<&Arc<dyn Masker>>, value: ValueRef<'_>, subject: &Subject<'_>) -> Value {
    let Some(masker) = masker else {
        return Value::Null;
    };
    let mut text = String::new();
    match masker.mask(value, subject, &mut text) {
        Masked::Text => Value::String(text),
        Masked::Boolean(boolean) => Value::Bool(boolean),
        Masked::Int(int) => Value::Number(int.into()),
        Masked::Float(float) => Number::from_f64(float).map_or(Value::Null, Value::Number),
        // None of these is what a document holds.
        Masked::Null
        | Masked::Decimal(_)
        | Masked::Date(_)
        | Masked::DateTime(_)
        | Masked::Uuid(_) => Value::Null,
    }
}
