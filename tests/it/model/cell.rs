//! Cells as the answer shows them.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use rust_decimal::Decimal;
use sudare_entities::catalog::Kind;
use sudare_policies::condition::{Row, RowPath};
use sudare_policies::decision::Tier;
use sudare_policies::maskers::{Masked, Subject};
use sudare_policies::value::{Value, ValueRef};

use super::eyes::Eyes;

/// A key as it is shown, if rows are named by what is: null where there is no way back from it.
pub(crate) fn seen_key(eyes: &Eyes<'_>, entity: usize, row: usize, field: usize) -> Value {
    let tier = eyes.tier(entity, row, field);
    let masker = eyes.set.masker(&eyes.audience, (entity, field), tier);
    if tier == Tier::Full || masker.is_some_and(|masker| masker.has_way_back()) {
        seen(eyes, entity, row, field)
    } else {
        Value::Null
    }
}

/// The JSON of a cell, as its tier says.
pub(crate) fn shown(eyes: &Eyes<'_>, entity: usize, row: usize, field: usize) -> String {
    let value = seen(eyes, entity, row, field);
    let known = eyes.data.field(entity, field);
    let is_key = known.references.is_some() || eyes.data.entity(entity).key == field;
    json(&value, &known.kind, is_key)
}

/// What is shown of a cell.
fn seen(eyes: &Eyes<'_>, entity: usize, row: usize, field: usize) -> Value {
    seen_at(eyes, (entity, row, field), eyes.tier(entity, row, field))
}

/// What is shown of a cell at a tier.
pub(crate) fn seen_at(
    eyes: &Eyes<'_>,
    (entity, row, field): (usize, usize, usize),
    tier: Tier,
) -> Value {
    match tier {
        Tier::None => Value::Null,
        Tier::Full => eyes.data.value(entity, row, field).clone(),
        tier => masked(eyes, (entity, row, field), tier),
    }
}

pub(crate) fn json(value: &Value, kind: &Kind, is_key: bool) -> String {
    let text = match value {
        Value::Null => return "null".to_owned(),
        Value::Boolean(value) => return value.to_string(),
        Value::Int(value) if *kind == Kind::Int && !is_key => return value.to_string(),
        Value::Float(value) => return serde_json::to_string(value).unwrap(),
        Value::Text(document) if *kind == Kind::Json => return document.clone(),
        Value::Int(value) => value.to_string(),
        Value::Decimal(value) => value.to_string(),
        Value::Text(text) => text.clone(),
        Value::Date(day) => day.to_string(),
        Value::DateTime(instant) => instant.to_rfc3339_opts(SecondsFormat::AutoSi, true),
        Value::Uuid(uuid) => uuid.to_string(),
        Value::Json(_) => panic!("documents are kept as text"),
    };
    serde_json::to_string(&text).unwrap()
}

fn masked(eyes: &Eyes<'_>, place: (usize, usize, usize), tier: Tier) -> Value {
    let (entity, row, field) = place;
    mask_of(eyes, place, tier, eyes.data.value(entity, row, field))
}

/// What the registered masker makes of a present value, and of an absent one if it hides that; of another kind than the field, nothing.
pub(crate) fn mask_of(
    eyes: &Eyes<'_>,
    (entity, row, field): (usize, usize, usize),
    tier: Tier,
    value: &Value,
) -> Value {
    let kind = &eyes.data.field(entity, field).kind;
    let masker = eyes
        .set
        .masker(&eyes.audience, (entity, field), tier)
        .unwrap();
    if *value == Value::Null && !masker.hides_absence() {
        return Value::Null;
    }
    let stand_in = any(kind);
    let value = if *value == Value::Null {
        &stand_in
    } else {
        value
    };
    let person = Person::of(eyes, entity, row);
    let mut text = String::new();
    let masked = masker.mask(lent(value, kind), &person.subject(), &mut text);
    match (masked, value) {
        (Masked::Boolean(masked), Value::Boolean(_)) => Value::Boolean(masked),
        (Masked::Int(masked), Value::Int(_)) => {
            let fits = *kind != Kind::Int || i32::try_from(masked).is_ok();
            if fits {
                Value::Int(masked)
            } else {
                Value::Null
            }
        }
        (Masked::Float(masked), Value::Float(_)) => Value::Float(masked),
        (Masked::Decimal(mut masked), Value::Decimal(value)) => {
            masked.rescale(value.scale());
            Value::Decimal(masked)
        }
        (Masked::Date(masked), Value::Date(_)) => Value::Date(masked),
        (Masked::DateTime(masked), Value::DateTime(_)) => Value::DateTime(masked),
        (Masked::Uuid(masked), Value::Uuid(_)) => Value::Uuid(masked),
        (Masked::Text, Value::Text(_)) => match kind {
            Kind::Enum { variants, .. } if !variants.contains(&text) => Value::Null,
            _ => Value::Text(text),
        },
        _ => Value::Null,
    }
}

/// Some value of the kind.
fn any(kind: &Kind) -> Value {
    match kind {
        Kind::Boolean => Value::Boolean(true),
        Kind::Int | Kind::BigInt => Value::Int(1),
        Kind::Float => Value::Float(1.0),
        Kind::Decimal { scale } => Value::Decimal(Decimal::new(1, *scale)),
        Kind::Text | Kind::Enum { .. } => Value::Text("x".to_owned()),
        Kind::Json => Value::Text("{}".to_owned()),
        Kind::Date => Value::Date(NaiveDate::MAX),
        Kind::DateTime => Value::DateTime(DateTime::<Utc>::UNIX_EPOCH),
        Kind::Uuid => Value::Uuid(uuid::Uuid::max()),
    }
}

pub(crate) fn lent<'v>(value: &'v Value, kind: &Kind) -> ValueRef<'v> {
    match value {
        Value::Boolean(value) => ValueRef::Boolean(*value),
        Value::Int(value) => ValueRef::Int(*value),
        Value::Float(value) => ValueRef::Float(*value),
        Value::Decimal(value) => ValueRef::Decimal(*value),
        Value::Text(text) => match kind {
            Kind::Enum { .. } => ValueRef::Enum(text),
            Kind::Json => ValueRef::Json(text),
            _ => ValueRef::Text(text),
        },
        Value::Date(day) => ValueRef::Date(*day),
        Value::DateTime(instant) => ValueRef::DateTime(*instant),
        Value::Uuid(uuid) => ValueRef::Uuid(*uuid),
        Value::Null | Value::Json(_) => panic!("nothing to mask"),
    }
}

/// The person that a row speaks of.
#[derive(Default)]
struct Person {
    key: Option<Value>,
    country: Option<Value>,
    gender: Option<Value>,
    birth: Option<Value>,
}

impl Person {
    fn of(eyes: &Eyes<'_>, entity: usize, row: usize) -> Self {
        let Some(paths) = eyes.set.subject(&eyes.audience, entity) else {
            return Self::default();
        };
        let row = eyes.data.row(entity, row);
        let read = |path: &RowPath| row.value(path);
        Self {
            key: Some(read(&paths.key)),
            country: paths.country.as_ref().map(read),
            gender: paths.gender.as_ref().map(read),
            birth: paths.birth.as_ref().map(read),
        }
    }

    fn subject(&self) -> Subject<'_> {
        Subject {
            key: match &self.key {
                Some(Value::Int(key)) => Some(ValueRef::Int(*key)),
                Some(Value::Text(key)) => Some(ValueRef::Text(key)),
                _ => None,
            },
            country: word(self.country.as_ref()),
            gender: word(self.gender.as_ref()),
            birth: match self.birth {
                Some(Value::Date(day)) => Some(day),
                _ => None,
            },
            memo: None,
        }
    }
}

fn word(value: Option<&Value>) -> Option<&str> {
    match value {
        Some(Value::Text(text)) => Some(text),
        _ => None,
    }
}
