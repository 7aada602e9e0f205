//! What conditions read of a row, for the steward's explanations. It goes into the evaluation of conditions; an explanation
//! prints of it what `sudare_policies::explain` lets through.

use sudare_entities::catalog::Kind;
use sudare_policies::value::{Value, ValueRef};

use super::cell::typed;
use super::write::Data;

/// The first cells of the first row, each as a value of its kind; `None` if there is no row.
///
/// A stored value that is not of its kind is null here: a condition on it is unknown, and less is shown.
pub(crate) fn stored(data: &Data, kinds: &[&Kind]) -> Option<Vec<Value>> {
    let Data::Rows(fetched) = data else {
        return None;
    };
    let row = fetched.groups.first()?.rows.clone().next()?;
    let values = kinds.iter().enumerate().map(|(column, kind)| {
        let cell = fetched.rows.cell(row, column);
        typed(kind, cell).map_or(Value::Null, owned)
    });
    Some(values.collect())
}

fn owned(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Boolean(value) => Value::Boolean(value),
        ValueRef::Int(value) => Value::Int(value),
        ValueRef::Float(value) => Value::Float(value),
        ValueRef::Decimal(value) => Value::Decimal(value),
        ValueRef::Text(text) | ValueRef::Enum(text) => Value::Text(text.to_owned()),
        ValueRef::Date(value) => Value::Date(value),
        ValueRef::DateTime(value) => Value::DateTime(value),
        ValueRef::Uuid(value) => Value::Uuid(value),
        ValueRef::Json(text) => serde_json::from_str(text).map_or(Value::Null, Value::Json),
    }
}
