//! Cells as PostgreSQL sends them, in its binary form, written as JSON without a value between.

use std::error::Error;
use std::io::Write as _;

use tokio_postgres::Row;
use tokio_postgres::types::{FromSql, Type};

/// What is wrong with a cell.
pub(crate) type Fault = Box<dyn Error + Sync + Send>;

/// How the cells of a column are written.
pub(crate) type Writer = fn(&mut Vec<u8>, &[u8]) -> Option<()>;

/// The bytes of a cell; none is null.
#[derive(Debug)]
pub(crate) struct Raw<'a>(pub(crate) Option<&'a [u8]>);

impl<'a> FromSql<'a> for Raw<'a> {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Fault> {
        Ok(Self(Some(raw)))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Fault> {
        Ok(Self(None))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// Writes consecutive cells of a row, each after the text that goes before it.
pub(crate) fn cells(
    out: &mut Vec<u8>,
    row: &Row,
    first: usize,
    columns: &[(&str, Writer)],
) -> Result<(), Fault> {
    for (index, (before, write)) in columns.iter().enumerate() {
        out.extend_from_slice(before.as_bytes());
        match row.try_get::<_, Raw<'_>>(first + index)? {
            Raw(Some(cell)) => write(out, cell).ok_or("a cell is not of its column's type")?,
            Raw(None) => out.extend_from_slice(b"null"),
        }
    }
    Ok(())
}

/// The key in a cell.
pub(crate) fn key(row: &Row, index: usize) -> Result<i64, Fault> {
    let Raw(cell) = row.try_get(index)?;
    let key = cell.and_then(|cell| cell.try_into().ok());
    Ok(i64::from_be_bytes(key.ok_or("a row has no key")?))
}

/// A 64-bit number, which JSON readers round unless it is text.
pub(crate) fn id(out: &mut Vec<u8>, cell: &[u8]) -> Option<()> {
    out.push(b'"');
    let number = i64::from_be_bytes(cell.try_into().ok()?);
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
    out.push(b'"');
    Some(())
}

/// A 32-bit number.
pub(crate) fn number(out: &mut Vec<u8>, cell: &[u8]) -> Option<()> {
    let number = i32::from_be_bytes(cell.try_into().ok()?);
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
    Some(())
}

/// A text. PostgreSQL has seen to it that it is UTF-8.
pub(crate) fn text(out: &mut Vec<u8>, cell: &[u8]) -> Option<()> {
    out.push(b'"');
    let mut rest = cell;
    while let Some(at) = rest
        .iter()
        .position(|byte| *byte < b' ' || matches!(byte, b'"' | b'\\'))
    {
        let (plain, odd) = rest.split_at(at);
        let (odd, after) = odd.split_first()?;
        out.extend_from_slice(plain);
        escape(out, *odd);
        rest = after;
    }
    out.extend_from_slice(rest);
    out.push(b'"');
    Some(())
}

/// A text that is one of a few names, and so has nothing to escape.
pub(crate) fn name(out: &mut Vec<u8>, cell: &[u8]) -> Option<()> {
    out.push(b'"');
    out.extend_from_slice(cell);
    out.push(b'"');
    Some(())
}

fn escape(out: &mut Vec<u8>, byte: u8) {
    match byte {
        b'"' => out.extend_from_slice(b"\\\""),
        b'\\' => out.extend_from_slice(b"\\\\"),
        b'\n' => out.extend_from_slice(b"\\n"),
        b'\r' => out.extend_from_slice(b"\\r"),
        b'\t' => out.extend_from_slice(b"\\t"),
        0x08 => out.extend_from_slice(b"\\b"),
        0x0c => out.extend_from_slice(b"\\f"),
        // Writing to memory cannot fail.
        _ => drop(write!(out, "\\u{byte:04x}")),
    }
}

/// A day: days since 2000.
pub(crate) fn date(out: &mut Vec<u8>, cell: &[u8]) -> Option<()> {
    out.push(b'"');
    day(out, i64::from(i32::from_be_bytes(cell.try_into().ok()?)));
    out.push(b'"');
    Some(())
}

/// An instant: microseconds since 2000, in UTC.
pub(crate) fn instant(out: &mut Vec<u8>, cell: &[u8]) -> Option<()> {
    let micros = i64::from_be_bytes(cell.try_into().ok()?);
    let (seconds, fraction) = (micros.div_euclid(1_000_000), micros.rem_euclid(1_000_000));
    let clock = seconds.rem_euclid(86_400);
    out.push(b'"');
    day(out, seconds.div_euclid(86_400));
    for (sign, part) in [
        (b'T', clock / 3600),
        (b':', clock / 60 % 60),
        (b':', clock % 60),
    ] {
        out.push(sign);
        two(out, part);
    }
    // As few digits as tell it: none, three or six. Writing to memory cannot fail.
    match (fraction, fraction % 1_000) {
        (0, _) => {}
        (_, 0) => drop(write!(out, ".{:03}", fraction / 1_000)),
        _ => drop(write!(out, ".{fraction:06}")),
    }
    out.extend_from_slice(b"Z\"");
    Some(())
}

/// The day in the calendar, by eras of 400 years that begin in March.
fn day(out: &mut Vec<u8>, since_2000: i64) {
    let days = since_2000 + 730_425;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let march = (5 * of_year + 2) / 153;
    let month = if march < 10 { march + 3 } else { march - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    two(out, year / 100);
    two(out, year % 100);
    out.push(b'-');
    two(out, month);
    out.push(b'-');
    two(out, of_year - (153 * march + 2) / 5 + 1);
}

fn two(out: &mut Vec<u8>, number: i64) {
    let digit = |value: i64| b'0' + u8::try_from(value % 10).unwrap_or_default();
    out.extend_from_slice(&[digit(number / 10), digit(number)]);
}

/// An amount with two digits behind the point, as text. It comes as groups of four digits, those at the end left out if they are zero.
pub(crate) fn amount(out: &mut Vec<u8>, cell: &[u8]) -> Option<()> {
    let (head, groups) = cell.split_first_chunk::<8>()?;
    let [_, _, w0, w1, sign, _, _, _] = *head;
    let weight = i16::from_be_bytes([w0, w1]);
    let (groups, _) = groups.as_chunks::<2>();
    let group = |exponent: i16| {
        let group = groups.get(usize::try_from(weight - exponent).ok()?)?;
        Some(i64::from(u16::from_be_bytes(*group)))
    };
    let group = |exponent| group(exponent).unwrap_or_default();
    let whole = (0..=weight)
        .rev()
        .fold(0, |whole, exponent| whole * 10_000 + group(exponent));
    out.push(b'"');
    if sign & 0x40 != 0 {
        out.push(b'-');
    }
    out.extend_from_slice(itoa::Buffer::new().format(whole).as_bytes());
    out.push(b'.');
    two(out, group(-1) / 100);
    out.push(b'"');
    Some(())
}
