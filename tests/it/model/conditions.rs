//! Random conditions of rules.

use sudare_policies::shape::FieldShape;
use sudare_policies::value::{Value, ValueKind};

use super::data::Data;
use super::dice::Dice;

/// Conditions that read no row.
const ANYWHERE: [&str; 12] = [
    "true",
    "false",
    "user.purpose == 'audit'",
    "user.clearance >= 3",
    "user.department_id == null",
    "user.id != null",
    "'vip' in user.groups",
    "user.purpose in ['audit', 'support']",
    "user.until > now",
    "now < '2020-06-01T00:00:00Z'",
    "user.trusted",
    "user.department_id == 1",
];

/// A random condition, on rows of the entity if there is one.
pub(crate) fn condition(data: &Data, entity: Option<usize>, dice: &mut Dice) -> String {
    if dice.chance(35) {
        return "true".to_owned();
    }
    compound(data, entity, dice, 2)
}

fn compound(data: &Data, entity: Option<usize>, dice: &mut Dice, depth: usize) -> String {
    let joint = if depth == 0 { 9 } else { dice.between(0, 9) };
    let mut part = || compound(data, entity, dice, depth.saturating_sub(1));
    match joint {
        0 => format!("({}) && ({})", part(), part()),
        1 => format!("({}) || ({})", part(), part()),
        2 => format!("!({})", part()),
        _ => match entity {
            Some(entity) if dice.chance(75) => on_row(data, entity, dice),
            _ => dice.pick(&ANYWHERE).to_owned(),
        },
    }
}

/// A comparison with a column of the entity or of a row that it leads to.
fn on_row(data: &Data, from: usize, dice: &mut Dice) -> String {
    let mut path = "row".to_owned();
    let mut at = from;
    for _ in 0..dice.pick(&[0, 0, 0, 1, 1, 2]) {
        let relations = &data.shape.entities[at].to_one;
        if !relations.is_empty() {
            let relation = dice.pick(relations);
            path = format!("{path}.{}", relation.name);
            at = relation.target;
        }
    }
    let field = dice.between(0, data.shape.entities[at].fields.len() - 1);
    let known = &data.shape.entities[at].fields[field];
    let column = format!("{path}.{}", known.column);
    if dice.chance(8) {
        return format!("{column} {} null", dice.pick(&["==", "!="]));
    }
    let rows = data.count(at);
    let stored = |dice: &mut Dice| match rows {
        0 => Value::Null,
        rows => data.value(at, dice.between(0, rows - 1), field).clone(),
    };
    compared(&column, known, &[stored(dice), stored(dice)], dice)
}

fn compared(column: &str, field: &FieldShape, stored: &[Value], dice: &mut Dice) -> String {
    let order = dice.pick(&["<", "<=", ">", ">=", "==", "!="]);
    let same = dice.pick(&["==", "==", "!="]);
    let literals: Vec<String> = stored.iter().filter_map(literal).collect();
    let either = format!("[{}]", literals.join(", "));
    let first = literals.first().cloned();
    match (field.kind, first) {
        (ValueKind::Boolean, _) => dice.pick(&[
            column.to_owned(),
            format!("{column} == false"),
            format!("{column} == user.trusted"),
        ]),
        (ValueKind::Json, _) => format!("{column} != null"),
        (ValueKind::Int, Some(first)) => dice.pick(&[
            format!("{column} == user.id"),
            format!("{column} == user.department_id"),
            format!("{column} in user.departments"),
            format!("{column} in user.keys"),
            format!("{column} {order} {first}"),
            format!("{column} in {either}"),
        ]),
        (ValueKind::Decimal | ValueKind::Float, Some(first)) => dice.pick(&[
            format!("{column} {order} {first}"),
            format!("{column} {order} user.limit"),
        ]),
        (ValueKind::Date, Some(first)) => dice.pick(&[
            format!("{column} {order} {first}"),
            format!("{column} <= now"),
            format!("{column} {order} user.until"),
        ]),
        (ValueKind::DateTime, Some(first)) => dice.pick(&[
            format!("{column} {order} {first}"),
            format!("{column} > now"),
            format!("{column} <= now"),
            format!("{column} {order} user.until"),
        ]),
        (ValueKind::Enum, Some(first)) => dice.pick(&[
            format!("{column} {same} {first}"),
            format!("{column} in {either}"),
            format!("{column} {same} user.stage"),
        ]),
        (ValueKind::Text | ValueKind::Uuid, Some(first)) => dice.pick(&[
            format!("{column} {same} {first}"),
            format!("{column} in {either}"),
            format!("{column} {same} user.name"),
        ]),
        (_, None) => format!("{column} == null"),
    }
}

/// A stored value as a condition writes it; `None` if that would take escapes.
fn literal(value: &Value) -> Option<String> {
    match value {
        Value::Int(value) => Some(value.to_string()),
        Value::Float(value) => Some(format!("{value:?}")),
        Value::Decimal(value) => Some(format!("'{value}'")),
        Value::Date(day) => Some(format!("'{day}'")),
        Value::DateTime(instant) => Some(format!("'{}'", instant.to_rfc3339())),
        Value::Uuid(uuid) => Some(format!("'{uuid}'")),
        Value::Text(text)
            if text
                .chars()
                .all(|c| c.is_alphanumeric() || " _.@-".contains(c)) =>
        {
            Some(format!("'{text}'"))
        }
        _ => None,
    }
}
