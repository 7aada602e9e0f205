//! One cell: from what the database stores to what the answer says.

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, SecondsFormat, Utc};
use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive as _, ToPrimitive as _};
use std::str::FromStr as _;
use sudare_entities::catalog::Kind;
use sudare_policies::maskers::{Masked, Masker, Subject};
use sudare_policies::value::ValueRef;

use super::json;
use super::raw::{Cell, RawRows};
use crate::plan::{CellShape, Show, SubjectShape};
use crate::seal::CursorValue;
use crate::shape::value_kind;

/// A stored value is not of the kind of its field.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Broken;

/// Writes a present or absent cell as its grant says. A broken value is an error where it would be shown in full, and
/// nothing where it would be masked: its form, too, is hidden there.
pub(super) fn write(
    out: &mut Vec<u8>,
    scratch: &mut String,
    shape: &CellShape,
    show: &Show,
    (cell, subject): (Cell<'_>, &Subject<'_>),
) -> Result<(), Broken> {
    if cell == Cell::Null {
        match show {
            Show::Masked(masker) if masker.hides_absence() => {
                let any = absent(&shape.kind);
                write_masked(out, scratch, shape, masker.as_ref(), (any, subject));
            }
            Show::Masked(_) | Show::Full => out.extend_from_slice(b"null"),
        }
        return Ok(());
    }
    match show {
        // INVARIANT: a stored value is written in this arm and in no other of this file.
        Show::Full => match (&shape.kind, cell) {
            // the most common kinds, without a detour
            (Kind::Text, Cell::Text(text)) => {
                json::text(out, text);
                Ok(())
            }
            (Kind::BigInt, Cell::Integer(value)) => {
                json::quoted_integer(out, value);
                Ok(())
            }
            (kind, cell) => typed(kind, cell)
                .ok_or(Broken)
                .and_then(|value| write_full(out, shape, value)),
        },
        Show::Masked(masker) => {
            match typed(&shape.kind, cell) {
                Some(value) => write_masked(out, scratch, shape, masker.as_ref(), (value, subject)),
                None => out.extend_from_slice(b"null"),
            }
            Ok(())
        }
    }
}

/// Writes what the masker makes of a text in a field of texts: what most masks are of, and what [`write`] does with it.
pub(super) fn write_masked_text(
    out: &mut Vec<u8>,
    scratch: &mut String,
    masker: &dyn Masker,
    (text, subject): (&str, &Subject<'_>),
) {
    scratch.clear();
    match masker.mask(ValueRef::Text(text), subject, scratch) {
        Masked::Text => json::text(out, scratch),
        _ => out.extend_from_slice(b"null"),
    }
}

/// The person behind a row, as far as the row tells.
pub(super) fn subject<'a>(shape: &SubjectShape, rows: &'a RawRows, row: usize) -> Subject<'a> {
    let text = |column: Option<usize>| rows.text(row, column?);
    Subject {
        key: match rows.cell(row, shape.key) {
            Cell::Integer(key) => Some(ValueRef::Int(key)),
            Cell::Text(key) => Some(ValueRef::Text(key)),
            _ => None,
        },
        country: text(shape.country),
        gender: text(shape.gender),
        birth: shape.birth.and_then(|column| day(rows.cell(row, column))),
        memo: None,
    }
}

/// What stands for a value that is not there: of the kind and scale of its field.
fn absent(kind: &Kind) -> ValueRef<'static> {
    match (value_kind(kind).any(), kind) {
        (ValueRef::Decimal(mut zero), Kind::Decimal { scale }) => {
            zero.rescale(*scale);
            ValueRef::Decimal(zero)
        }
        (any, _) => any,
    }
}

/// The stored cell as a value of its field's kind.
pub(super) fn typed<'a>(kind: &Kind, cell: Cell<'a>) -> Option<ValueRef<'a>> {
    match (kind, cell) {
        (Kind::Boolean, Cell::Integer(value @ (0 | 1))) => Some(ValueRef::Boolean(value == 1)),
        (Kind::Int, Cell::Integer(value)) => i32::try_from(value)
            .ok()
            .map(|value| ValueRef::Int(value.into())),
        (Kind::BigInt, Cell::Integer(value)) => Some(ValueRef::Int(value)),
        (Kind::Float, Cell::Real(value)) => value.is_finite().then_some(ValueRef::Float(value)),
        // SQLite stores a float without a fraction as it likes; every integer of its size is near enough to itself.
        (Kind::Float, Cell::Integer(value)) => i32::try_from(value)
            .ok()
            .map(|value| ValueRef::Float(value.into())),
        (Kind::Decimal { scale }, cell) => decimal(cell, *scale).map(ValueRef::Decimal),
        (Kind::Text, Cell::Text(text)) => Some(ValueRef::Text(text)),
        (Kind::Enum { variants, .. }, Cell::Text(text)) => variants
            .iter()
            .any(|variant| variant == text)
            .then_some(ValueRef::Enum(text)),
        (Kind::Date, cell) => day(cell)
            .filter(|day| has_form(day.year()))
            .map(ValueRef::Date),
        (Kind::DateTime, cell) => instant(cell)
            .filter(|instant| has_form(instant.year()))
            .map(ValueRef::DateTime),
        (Kind::Json, Cell::Text(text)) => serde_json::from_str::<serde::de::IgnoredAny>(text)
            .is_ok()
            .then_some(ValueRef::Json(text)),
        (Kind::Uuid, Cell::Uuid(value)) => Some(ValueRef::Uuid(value)),
        _ => None,
    }
}

/// What a cell means in a cursor: the same on every database, for what was written by way of SeaORM. `None` if it is not of its kind.
pub(super) fn cursor_value(kind: &Kind, cell: Cell<'_>) -> Option<CursorValue> {
    if cell == Cell::Null {
        return Some(CursorValue::Null);
    }
    let value = typed(kind, cell)?;
    // A form that is not ours, in a database that keeps decimals as floats and instants as texts, or digits beyond the scale:
    // the place is where it is stored.
    match (value, cell) {
        (ValueRef::Decimal(value), Cell::Real(stored)) if value.to_f64() != Some(stored) => {
            return Some(CursorValue::Real(stored.to_bits().cast_signed()));
        }
        (ValueRef::Decimal(_), Cell::Decimal(stored)) => {
            return Some(CursorValue::Text(stored.to_string()));
        }
        (ValueRef::DateTime(value), Cell::Text(text))
            if value.to_rfc3339_opts(SecondsFormat::AutoSi, false) != text =>
        {
            return Some(CursorValue::Stored(text.to_owned()));
        }
        _ => {}
    }
    Some(match value {
        ValueRef::Boolean(value) => CursorValue::Integer(value.into()),
        ValueRef::Int(value) => CursorValue::Integer(value),
        ValueRef::Float(value) => CursorValue::Real(value.to_bits().cast_signed()),
        ValueRef::Decimal(value) => CursorValue::Text(value.to_string()),
        ValueRef::Text(text) | ValueRef::Enum(text) | ValueRef::Json(text) => {
            CursorValue::Text(text.to_owned())
        }
        ValueRef::Date(value) => CursorValue::Text(value.to_string()),
        ValueRef::DateTime(value) => {
            CursorValue::Text(value.to_rfc3339_opts(SecondsFormat::AutoSi, true))
        }
        ValueRef::Uuid(value) => CursorValue::Text(value.to_string()),
    })
}

/// A decimal at the scale of its column: SQLite keeps decimals as floats or integers.
fn decimal(cell: Cell<'_>, scale: u32) -> Option<Decimal> {
    let mut value = match cell {
        Cell::Decimal(value) => value,
        Cell::Integer(value) => Decimal::from(value),
        Cell::Real(value) => Decimal::from_f64(value)?,
        Cell::Text(text) => Decimal::from_str(text).ok()?,
        Cell::Null | Cell::Day(_) | Cell::Instant(_) | Cell::Uuid(_) | Cell::Broken => return None,
    };
    value.rescale(scale);
    Some(value)
}

/// Whether a year has the four digits that the form of a day and of an instant has room for (RFC 3339).
fn has_form(year: i32) -> bool {
    (0..=9999).contains(&year)
}

pub(super) fn day(cell: Cell<'_>) -> Option<NaiveDate> {
    match cell {
        Cell::Day(day) => Some(day),
        // `2000-1-5` would be shown as a day by which the database does not find it.
        Cell::Text(text) => text.parse().ok().filter(|_| is_plain_day(text)),
        _ => None,
    }
}

/// Whether a text has the form `YYYY-MM-DD`.
fn is_plain_day(text: &str) -> bool {
    let fits = |(at, byte): (usize, u8)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    text.len() == 10 && text.bytes().enumerate().all(fits)
}

fn instant(cell: Cell<'_>) -> Option<DateTime<Utc>> {
    let text = match cell {
        Cell::Instant(micros) => return DateTime::from_timestamp_micros(micros),
        Cell::Text(text) => text,
        _ => return None,
    };
    if let Ok(value) = DateTime::parse_from_rfc3339(text) {
        return Some(value.with_timezone(&Utc));
    }
    // The form of SQLite's own functions, which is in UTC.
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f")
        .ok()
        .map(|value| value.and_utc())
}

fn write_full(out: &mut Vec<u8>, shape: &CellShape, value: ValueRef<'_>) -> Result<(), Broken> {
    match value {
        ValueRef::Boolean(value) => out.extend_from_slice(if value { b"true" } else { b"false" }),
        ValueRef::Int(value) => integer(out, shape, value),
        ValueRef::Float(value) => return float(out, value),
        ValueRef::Decimal(value) => json::decimal(out, value),
        ValueRef::Text(text) | ValueRef::Enum(text) => json::text(out, text),
        ValueRef::Date(value) => json::day(out, value),
        ValueRef::DateTime(value) => json::instant(out, value),
        ValueRef::Json(text) => out.extend_from_slice(text.as_bytes()),
        ValueRef::Uuid(value) => json::uuid(out, value),
    }
    Ok(())
}

/// What the masker made; a kind that is not the field's own shows nothing.
fn write_masked(
    out: &mut Vec<u8>,
    scratch: &mut String,
    shape: &CellShape,
    masker: &dyn Masker,
    (value, subject): (ValueRef<'_>, &Subject<'_>),
) {
    scratch.clear();
    let masked = masker.mask(value, subject, scratch);
    let written = match (masked, value) {
        (Masked::Boolean(masked), ValueRef::Boolean(_)) => {
            write_full(out, shape, ValueRef::Boolean(masked))
        }
        (Masked::Int(masked), ValueRef::Int(_)) => {
            // A number of 32 bits stays one.
            if shape.kind == Kind::Int && i32::try_from(masked).is_err() {
                Err(Broken)
            } else {
                write_full(out, shape, ValueRef::Int(masked))
            }
        }
        (Masked::Float(masked), ValueRef::Float(_)) => {
            write_full(out, shape, ValueRef::Float(masked))
        }
        (Masked::Decimal(mut masked), ValueRef::Decimal(value)) => {
            masked.rescale(value.scale());
            write_full(out, shape, ValueRef::Decimal(masked))
        }
        (Masked::Date(masked), ValueRef::Date(_)) => write_full(out, shape, ValueRef::Date(masked)),
        (Masked::DateTime(masked), ValueRef::DateTime(_)) => {
            write_full(out, shape, ValueRef::DateTime(masked))
        }
        (Masked::Uuid(masked), ValueRef::Uuid(_)) => write_full(out, shape, ValueRef::Uuid(masked)),
        (Masked::Text, ValueRef::Text(_)) => write_full(out, shape, ValueRef::Text(scratch)),
        (Masked::Text, ValueRef::Enum(_)) => match &shape.kind {
            Kind::Enum { variants, .. } if variants.iter().any(|variant| variant == scratch) => {
                write_full(out, shape, ValueRef::Enum(scratch))
            }
            _ => Err(Broken),
        },
        (Masked::Text, ValueRef::Json(_))
            if serde_json::from_str::<serde::de::IgnoredAny>(scratch).is_ok() =>
        {
            write_full(out, shape, ValueRef::Json(scratch))
        }
        _ => Err(Broken),
    };
    if written.is_err() {
        out.extend_from_slice(b"null");
    }
}

/// A whole number: keys and 64-bit numbers as text, which no JSON reader rounds.
fn integer(out: &mut Vec<u8>, shape: &CellShape, value: i64) {
    if shape.is_key || shape.kind == Kind::BigInt {
        json::quoted_integer(out, value);
    } else {
        json::integer(out, value);
    }
}

fn float(out: &mut Vec<u8>, value: f64) -> Result<(), Broken> {
    if !value.is_finite() {
        return Err(Broken);
    }
    serde_json::to_writer(out, &value).map_err(|_| Broken)
}
