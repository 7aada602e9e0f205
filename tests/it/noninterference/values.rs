//! Values that might stand in the place of others.

use chrono::{Days, NaiveDate, TimeDelta};
use rust_decimal::Decimal;
use sudare_entities::catalog::{Field, Kind};
use sudare_policies::value::Value;

use crate::model::data::Data;
use crate::model::dice::Dice;

/// Another value of a field: one that another row has, one nearby, or one that nobody has.
pub(super) fn other(
    data: &Data,
    (entity, field): (usize, usize),
    value: &Value,
    dice: &mut Dice,
) -> Value {
    let known = data.field(entity, field);
    if let Some((target, _)) = known.references {
        return reference(data, target, known, dice);
    }
    match dice.between(0, 9) {
        0 if known.nullable => Value::Null,
        0..3 => fresh(known, dice),
        3..5 => stored(data, (entity, field), dice),
        _ => near(known, value, dice),
    }
}

/// The key of some row, or none.
fn reference(data: &Data, target: usize, known: &Field, dice: &mut Dice) -> Value {
    if known.nullable && dice.chance(15) || data.count(target) == 0 {
        return Value::Null;
    }
    let row = dice.between(0, data.count(target) - 1);
    Value::Int(data.key(target, row))
}

/// What some row has there.
pub(super) fn stored(data: &Data, (entity, field): (usize, usize), dice: &mut Dice) -> Value {
    match data.count(entity) {
        0 => Value::Null,
        rows => data.value(entity, dice.between(0, rows - 1), field).clone(),
    }
}

/// A value that hardly any row has.
pub(super) fn fresh(field: &Field, dice: &mut Dice) -> Value {
    let number = i64::try_from(dice.between(0, 2_000_000_000)).unwrap();
    match &field.kind {
        Kind::Boolean => Value::Boolean(dice.chance(50)),
        Kind::Int | Kind::BigInt => Value::Int(number),
        #[expect(clippy::cast_precision_loss, reason = "any will do")]
        Kind::Float => Value::Float(number as f64 / 8.0),
        Kind::Decimal { scale } => Value::Decimal(Decimal::new(number, *scale)),
        Kind::Text => {
            let words = ["", "Ωmega ", "x", "zz top "];
            let text = format!("{}{number}", dice.pick(&words));
            Value::Text(fitted(text, field))
        }
        Kind::Enum { variants, .. } => Value::Text(dice.pick(variants)),
        Kind::Json => Value::Text(format!("{{\"n\":{number}}}")),
        Kind::Date => Value::Date(day(number)),
        Kind::DateTime => {
            let seconds = TimeDelta::seconds(number % 200_000_000);
            Value::DateTime(super::now() - seconds - TimeDelta::days(1))
        }
        Kind::Uuid => Value::Uuid(uuid::Uuid::from_u128(number.unsigned_abs().into())),
    }
}

fn day(number: i64) -> NaiveDate {
    let first = NaiveDate::from_ymd_opt(1940, 1, 1).unwrap();
    first + Days::new(number.unsigned_abs() % 29_000)
}

fn fitted(text: String, field: &Field) -> String {
    match field.size {
        Some(size) => text.chars().take(size as usize).collect(),
        None => text,
    }
}

/// A value that is nearly this one: most masks leave something of a value, and show nearly equal ones alike.
fn near(field: &Field, value: &Value, dice: &mut Dice) -> Value {
    let step: i64 = dice.pick(&[1, 1, 2, 5, 9, 17, 33]);
    let step = if dice.chance(50) { step } else { -step };
    match value {
        Value::Int(number) => Value::Int(number.saturating_add(step).max(0)),
        Value::Decimal(number) => {
            let step = Decimal::new(step * 10, number.scale());
            let mut near = (*number + step).abs();
            near.rescale(number.scale());
            Value::Decimal(near)
        }
        #[expect(clippy::cast_precision_loss, reason = "steps are small")]
        Value::Float(number) => Value::Float(number + step as f64),
        Value::Boolean(truth) => Value::Boolean(!truth),
        Value::Date(day) => Value::Date(*day + TimeDelta::days(step)),
        Value::DateTime(instant) => Value::DateTime(*instant - TimeDelta::hours(step.abs())),
        Value::Text(text) if field.kind == Kind::Text => {
            Value::Text(fitted(touched(text, dice), field))
        }
        _ => fresh(field, dice),
    }
}

/// A text with one other letter, or with a digit for a digit.
fn touched(text: &str, dice: &mut Dice) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    if letters.is_empty() {
        return "x".to_owned();
    }
    let place = dice.between(0, letters.len() - 1);
    let old = letters[place];
    letters[place] = match old {
        '0'..='9' => dice.pick(&['1', '3', '4', '6', '8']),
        'a'..='z' => dice.pick(&['b', 'e', 'o', 'q', 't']),
        'A'..='Z' => dice.pick(&['D', 'K', 'M', 'S', 'V']),
        '\u{4e00}'..='\u{9fff}' => dice.pick(&['雨', '山', '林', '海']),
        other => other,
    };
    if letters[place] == old && dice.chance(30) {
        letters.push('t');
    }
    letters.into_iter().collect()
}
