//! Filters: whether a row fits. Three-valued: `None` is unknown.

use std::cmp::Ordering;

use sudare_entities::catalog::{Cardinality, Kind};
use sudare_policies::value::Value;

use super::cell::seen_key;
use super::eyes::Eyes;
use super::input::Input;

/// What a filter says of a row. Everything in it must hold; an empty one lets everything through.
pub(super) fn fits(eyes: &Eyes<'_>, entity: usize, row: usize, filter: &Input) -> Option<bool> {
    all(filter
        .fields()
        .iter()
        .map(|(name, value)| match name.as_str() {
            "and" => all(value.items().iter().map(|one| fits(eyes, entity, row, one))),
            "or" => any(value.items().iter().map(|one| fits(eyes, entity, row, one))),
            "not" => fits(eyes, entity, row, value).map(|truth| !truth),
            name => member(eyes, (entity, row), name, value),
        }))
}

fn member(
    eyes: &Eyes<'_>,
    (entity, row): (usize, usize),
    name: &str,
    value: &Input,
) -> Option<bool> {
    let known = eyes.data.entity(entity);
    if let Some(field) = known.field(name) {
        let cell = eyes.clear(entity, row, field);
        let seen = if eyes.names_rows(entity, field) {
            seen_key(eyes, entity, row, field)
        } else {
            cell.clone()
        };
        // Keys are equal to what is seen of them; anything else compares what is seen in full.
        return all(value.fields().iter().map(|operator| {
            let named = matches!(operator.0.as_str(), "eq" | "in");
            let cell = if named { &seen } else { &cell };
            let fold = value
                .fields()
                .iter()
                .filter(|(name, _)| name == "ignoreCase");
            let one = fold.chain([operator]).cloned().collect();
            compared(eyes, (entity, field), cell, &Input::Object(one))
        }));
    }
    let relation = known
        .relations
        .iter()
        .find(|relation| relation.name == name);
    let relation = relation.unwrap();
    let there = eyes.related(entity, row, relation);
    let fit = |filter: &Input| {
        let fit = |other: &&usize| fits(eyes, relation.target, **other, filter) == Some(true);
        there.iter().filter(fit).count()
    };
    Some(match relation.cardinality {
        Cardinality::ToOne => fit(value) > 0,
        Cardinality::ToMany => {
            value
                .fields()
                .iter()
                .all(|(quantifier, filter)| match quantifier.as_str() {
                    "some" => fit(filter) > 0,
                    "none" => fit(filter) == 0,
                    _ => fit(filter) == there.len(),
                })
        }
    })
}

/// The operators that stand beside each other, all of which must hold.
fn compared(
    eyes: &Eyes<'_>,
    (entity, field): (usize, usize),
    cell: &Value,
    operators: &Input,
) -> Option<bool> {
    let known = eyes.data.field(entity, field);
    let is_key = known.references.is_some() || eyes.data.entity(entity).key == field;
    operators_hold((&known.kind, is_key), cell, operators)
}

/// The same, of anything that has a kind.
pub(super) fn operators_hold(
    (kind, is_key): (&Kind, bool),
    cell: &Value,
    operators: &Input,
) -> Option<bool> {
    let operators = operators.fields();
    let folds = operators.contains(&("ignoreCase".to_owned(), Input::Boolean(true)));
    let fold = |value: Value| match value {
        Value::Text(text) if folds => Value::Text(caseless::default_case_fold_str(&text)),
        other => other,
    };
    let operand = |input: &Input| fold(input.typed(kind, is_key).unwrap());
    let cell = &fold(cell.clone());
    all(operators
        .iter()
        .map(|(operator, input)| match operator.as_str() {
            "ignoreCase" => Some(true),
            "isNull" => Some((*cell == Value::Null) == (*input == Input::Boolean(true))),
            // even of what is absent it is known that it is not in an empty list; and `notIn` wants something present
            "in" | "notIn" if input.items().is_empty() => {
                Some(operator == "notIn" && *cell != Value::Null)
            }
            _ if *cell == Value::Null => None,
            "in" => Some(input.items().iter().any(|item| operand(item) == *cell)),
            "notIn" => Some(!input.items().iter().any(|item| operand(item) == *cell)),
            operator => Some(holds(operator, cell, &operand(input))),
        }))
}

fn holds(operator: &str, cell: &Value, operand: &Value) -> bool {
    if let (Value::Text(text), Value::Text(part)) = (cell, operand) {
        match operator {
            "contains" => return text.contains(part.as_str()),
            "startsWith" => return text.starts_with(part.as_str()),
            "endsWith" => return text.ends_with(part.as_str()),
            _ => {}
        }
    }
    let order = order(cell, operand);
    match operator {
        "eq" => order == Ordering::Equal,
        "ne" => order != Ordering::Equal,
        "lt" => order == Ordering::Less,
        "lte" => order != Ordering::Greater,
        "gt" => order == Ordering::Greater,
        "gte" => order != Ordering::Less,
        other => panic!("no operator is called `{other}`"),
    }
}

/// The order of two present values of one kind; text by code point.
pub(super) fn order(left: &Value, right: &Value) -> Ordering {
    match (left, right) {
        (Value::Boolean(left), Value::Boolean(right)) => left.cmp(right),
        (Value::Int(left), Value::Int(right)) => left.cmp(right),
        (Value::Float(left), Value::Float(right)) => left.total_cmp(right),
        (Value::Decimal(left), Value::Decimal(right)) => left.cmp(right),
        (Value::Text(left), Value::Text(right)) => left.chars().cmp(right.chars()),
        (Value::Date(left), Value::Date(right)) => left.cmp(right),
        (Value::DateTime(left), Value::DateTime(right)) => left.cmp(right),
        (Value::Uuid(left), Value::Uuid(right)) => left.to_string().cmp(&right.to_string()),
        _ => panic!("values of two kinds have no order"),
    }
}

pub(super) fn all(truths: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let truths: Vec<Option<bool>> = truths.collect();
    if truths.contains(&Some(false)) {
        return Some(false);
    }
    (!truths.contains(&None)).then_some(true)
}

pub(super) fn any(truths: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    all(truths.map(|truth| truth.map(|truth| !truth))).map(|truth| !truth)
}
