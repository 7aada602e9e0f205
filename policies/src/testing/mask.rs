//! What a masker makes of a cell of a case, as text.

use crate::condition::text::instant;
use crate::condition::{Row, RowPath};
use crate::decision::Tier;
use crate::maskers::{Masked, Subject};
use crate::shape::FieldShape;
use crate::value::{Value, ValueKind, ValueRef};
use crate::view::View;

/// The cell as it is shown at a tier: the text of an answer without its quotes, `null` for nothing.
pub(super) fn shown(view: &View, cell: (usize, usize), tier: Tier, row: &dyn Row) -> String {
    let null = || "null".to_owned();
    let (entity, field) = cell;
    let Some(shape) = view.set().shape().field(entity, field) else {
        return null();
    };
    let value = row.value(&RowPath {
        entity,
        hops: Vec::new(),
        field,
    });
    let json = match &value {
        Value::Json(document) => document.to_string(),
        _ => String::new(),
    };
    let Some(value) = borrowed(&value, shape, &json) else {
        return null();
    };
    if tier == Tier::Full {
        return full(value);
    }
    let Some(masker) = view.masker(entity, field, tier) else {
        return null();
    };
    let mut text = String::new();
    let masked = if masker.needs_subject() {
        let cells = SubjectCells::of(view, entity, row);
        masker.mask(value, &cells.subject(), &mut text)
    } else {
        masker.mask(value, &Subject::default(), &mut text)
    };
    match masked {
        Masked::Null => null(),
        Masked::Text => text,
        Masked::Boolean(value) => value.to_string(),
        Masked::Int(value) => value.to_string(),
        Masked::Float(value) => value.to_string(),
        Masked::Decimal(value) => value.to_string(),
        Masked::Date(value) => value.to_string(),
        Masked::DateTime(value) => instant(&value),
        Masked::Uuid(value) => value.to_string(),
    }
}

fn full(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Boolean(value) => value.to_string(),
        ValueRef::Int(value) => value.to_string(),
        ValueRef::Float(value) => value.to_string(),
        ValueRef::Decimal(value) => value.to_string(),
        ValueRef::Text(text) | ValueRef::Enum(text) | ValueRef::Json(text) => text.to_owned(),
        ValueRef::Date(value) => value.to_string(),
        ValueRef::DateTime(value) => instant(&value),
        ValueRef::Uuid(value) => value.to_string(),
    }
}

fn borrowed<'a>(value: &'a Value, shape: &FieldShape, json: &'a str) -> Option<ValueRef<'a>> {
    Some(match value {
        Value::Null => return None,
        Value::Boolean(value) => ValueRef::Boolean(*value),
        Value::Int(value) => ValueRef::Int(*value),
        Value::Float(value) => ValueRef::Float(*value),
        Value::Decimal(value) => ValueRef::Decimal(*value),
        Value::Text(text) if shape.kind == ValueKind::Enum => ValueRef::Enum(text),
        Value::Text(text) => ValueRef::Text(text),
        Value::Date(value) => ValueRef::Date(*value),
        Value::DateTime(value) => ValueRef::DateTime(*value),
        Value::Json(_) => ValueRef::Json(json),
        Value::Uuid(value) => ValueRef::Uuid(*value),
    })
}

/// What the row tells of the person behind it.
struct SubjectCells {
    key: Value,
    country: Value,
    gender: Value,
    birth: Value,
}

impl SubjectCells {
    fn of(view: &View, entity: usize, row: &dyn Row) -> Self {
        let paths = view.subject(entity);
        let value = |path: Option<&RowPath>| path.map_or(Value::Null, |path| row.value(path));
        Self {
            key: value(paths.map(|paths| &paths.key)),
            country: value(paths.and_then(|paths| paths.country.as_ref())),
            gender: value(paths.and_then(|paths| paths.gender.as_ref())),
            birth: value(paths.and_then(|paths| paths.birth.as_ref())),
        }
    }

    fn subject(&self) -> Subject<'_> {
        fn text(value: &Value) -> Option<&str> {
            match value {
                Value::Text(text) => Some(text),
                _ => None,
            }
        }
        Subject {
            key: match &self.key {
                Value::Int(key) => Some(ValueRef::Int(*key)),
                Value::Text(key) => Some(ValueRef::Text(key)),
                _ => None,
            },
            country: text(&self.country),
            gender: text(&self.gender),
            birth: match &self.birth {
                Value::Date(day) => Some(*day),
                _ => None,
            },
            memo: None,
        }
    }
}
