//! What is measured in a group.

use rust_decimal::{Decimal, RoundingStrategy};
use sudare_entities::catalog::{Field, Kind};
use sudare_policies::value::Value;

use super::eyes::Eyes;
use super::filter::order;

pub(super) const MEASURES: [&str; 5] = ["countDistinct", "sum", "avg", "min", "max"];

/// The type of the fields of a measure.
pub(super) fn measure_type(entity: &str, measure: &str) -> String {
    let word = match measure {
        "countDistinct" => "Distinct",
        "sum" | "avg" => "Number",
        _ => "Value",
    };
    format!("{entity}{word}Measure")
}

/// Whether the fields have such a measure.
pub(crate) fn has(measure: &str, eyes: &Eyes<'_>, entity: usize, field: usize) -> bool {
    let known = eyes.data.field(entity, field);
    let is_key = known.references.is_some() || eyes.data.entity(entity).key == field;
    match (measure, &known.kind) {
        ("countDistinct", kind) => *kind != Kind::Json,
        ("sum" | "avg", kind) => {
            !is_key && matches!(kind, Kind::Int | Kind::BigInt | Kind::Decimal { .. })
        }
        (_, Kind::Json | Kind::Boolean | Kind::Enum { .. } | Kind::Uuid) => false,
        _ => !is_key,
    }
}

/// The kind of a measure.
pub(super) fn kind(measure: &str, field: &Field) -> Kind {
    let scale = match field.kind {
        Kind::Decimal { scale } => scale,
        _ => 0,
    };
    match measure {
        "countDistinct" => Kind::Int,
        "sum" => Kind::Decimal { scale },
        "avg" => Kind::Decimal { scale: scale + 4 },
        _ => field.kind.clone(),
    }
}

/// Whether the measure is taken of what is granted, and not only of what is seen.
pub(super) fn is_withheld(eyes: &Eyes<'_>, entity: usize, field: usize, measure: &str) -> bool {
    matches!(measure, "sum" | "avg")
        && eyes.overall(entity, field) != "FULL"
        && eyes.is_granted_somewhere(entity, field)
}

pub(super) fn number(value: &Value) -> Option<Decimal> {
    match value {
        Value::Int(value) => Some(Decimal::from(*value)),
        Value::Decimal(value) => Some(*value),
        _ => None,
    }
}

/// A measure of the values that the principal may have it of.
pub(super) fn measured(
    eyes: &Eyes<'_>,
    (entity, field): (usize, usize),
    measure: &str,
    rows: &[usize],
) -> Value {
    let withheld = is_withheld(eyes, entity, field, measure);
    let values = rows.iter().map(|row| {
        if withheld && eyes.is_granted(entity, *row, field) {
            eyes.data.value(entity, *row, field).clone()
        } else {
            eyes.clear(entity, *row, field)
        }
    });
    let values: Vec<Value> = values.filter(|value| *value != Value::Null).collect();
    if measure == "countDistinct" {
        let mut distinct: Vec<&Value> = Vec::new();
        for value in &values {
            if !distinct.contains(&value) {
                distinct.push(value);
            }
        }
        return Value::Int(i64::try_from(distinct.len()).unwrap());
    }
    if values.is_empty() {
        return Value::Null;
    }
    let Kind::Decimal { scale } = kind(measure, eyes.data.field(entity, field)) else {
        return extreme(measure, values);
    };
    if matches!(measure, "min" | "max") {
        return extreme(measure, values);
    }
    let sum: Decimal = values.iter().filter_map(number).sum();
    let mut exact = match measure {
        "sum" => sum,
        _ => rounded(sum / Decimal::from(values.len()), scale),
    };
    if withheld && let Some(step) = eyes.set.rounding(entity, field) {
        exact = rounded(rounded(exact / step, 0) * step, scale);
    }
    exact.rescale(scale);
    Value::Decimal(exact)
}

fn rounded(number: Decimal, scale: u32) -> Decimal {
    number.round_dp_with_strategy(scale, RoundingStrategy::MidpointAwayFromZero)
}

fn extreme(measure: &str, values: Vec<Value>) -> Value {
    let values = values.into_iter();
    match measure {
        "min" => values.min_by(order),
        _ => values.max_by(order),
    }
    .unwrap()
}
