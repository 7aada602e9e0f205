//! Rows as PostgreSQL sends them: kept as they came, and read where they are written.

use std::error::Error;
use std::ops::Range;

use ascii::AsciiStr;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use sudare_entities::catalog::Kind;
use tokio_postgres::Row;
use tokio_postgres::types::{FromSql, Type};
use uuid::Uuid;

use super::raw::Cell;
use super::{calendar, json, numeric};
use crate::plan::CellShape;

/// The rows of a level. Those of a level below have the number of their parent before their own columns.
#[derive(Default)]
pub(super) struct PostgresRows {
    rows: Vec<Row>,
    first: usize,
    /// By column, how its cells are sent; known from the first row.
    forms: Vec<Form>,
    /// Bytes that the server sent.
    sent: usize,
}

/// How the cells of a column are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Int8,
    Int4,
    Int2,
    Bool,
    /// The server holds no text with a NUL.
    Text,
    Numeric,
    Date,
    Instant,
    Float8,
    Float4,
    Uuid,
    Jsonb,
    Unknown,
}

impl Form {
    fn of(ty: &Type) -> Self {
        match *ty {
            Type::INT8 => Self::Int8,
            Type::INT4 => Self::Int4,
            Type::INT2 => Self::Int2,
            Type::BOOL => Self::Bool,
            Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::JSON => Self::Text,
            Type::NUMERIC => Self::Numeric,
            Type::DATE => Self::Date,
            Type::TIMESTAMPTZ => Self::Instant,
            Type::FLOAT8 => Self::Float8,
            Type::FLOAT4 => Self::Float4,
            Type::UUID => Self::Uuid,
            Type::JSONB => Self::Jsonb,
            _ => Self::Unknown,
        }
    }
}

/// A cell as the server sent it; `None` is null.
struct Raw<'a>(Option<&'a [u8]>);

impl<'a> FromSql<'a> for Raw<'a> {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(Some(raw)))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(None))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

impl PostgresRows {
    /// No rows yet, whose own columns begin with this one; about so many are expected.
    pub(super) fn new(first: usize, rows: usize) -> Self {
        Self {
            rows: Vec::with_capacity(rows),
            first,
            ..Self::default()
        }
    }

    /// Adds a row; tells how many bytes it holds.
    pub(super) fn keep(&mut self, row: Row) -> usize {
        if self.rows.is_empty() {
            let forms = row.columns().iter().skip(self.first);
            self.forms = forms.map(|column| Form::of(column.type_())).collect();
        }
        let bytes = row.raw_size_bytes();
        self.sent += bytes;
        self.rows.push(row);
        bytes + self.beside()
    }

    /// Bytes that the driver keeps beside what was sent of a row: where each cell begins and ends.
    fn beside(&self) -> usize {
        size_of::<Row>() + (self.first + self.forms.len()) * size_of::<Option<Range<usize>>>()
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Bytes that the rows hold.
    pub(super) fn bytes(&self) -> usize {
        self.sent + self.len() * self.beside()
    }

    /// About how many bytes of an answer they make: a key with its quotes is about as long as a date.
    pub(super) fn written(&self) -> usize {
        self.sent + self.len() * self.forms.len() * 16
    }

    /// Turns the order of the rows from this one on.
    pub(super) fn reverse_from(&mut self, row: usize) {
        if let Some(rows) = self.rows.get_mut(row..) {
            rows.reverse();
        }
    }

    /// The cell at a place; what is out of range is broken.
    pub(super) fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        match self.raw(row, column) {
            Some((form, Some(bytes))) => read(form, bytes).unwrap_or(Cell::Broken),
            Some((_, None)) => Cell::Null,
            None => Cell::Broken,
        }
    }

    /// The text at a place; `None` if there is none, or anything else.
    #[inline]
    pub(super) fn text(&self, row: usize, column: usize) -> Option<&str> {
        match self.raw(row, column)? {
            (Form::Text, Some(bytes)) => text(bytes),
            _ => None,
        }
    }

    /// Writes a cell in full, from the server's bytes to the answer's; `None`, and nothing is written, if this is none of the
    /// common cases.
    pub(super) fn write_full(
        &self,
        out: &mut Vec<u8>,
        shape: &CellShape,
        row: usize,
        column: usize,
    ) -> Option<()> {
        match self.raw(row, column)? {
            (form, Some(bytes)) => write(out, shape, form, bytes),
            (_, None) => {
                out.extend_from_slice(b"null");
                Some(())
            }
        }
    }

    #[inline]
    fn raw(&self, row: usize, column: usize) -> Option<(Form, Option<&[u8]>)> {
        let form = *self.forms.get(column)?;
        let Raw(bytes) = self.rows.get(row)?.try_get(self.first + column).ok()?;
        Some((form, bytes))
    }
}

/// Microseconds from 1970 to 2000, where PostgreSQL begins to count.
const MICROS_TO_2000: i64 = 946_684_800_000_000;

/// A cell from its bytes; `None` if they are not of its form.
fn read(form: Form, bytes: &[u8]) -> Option<Cell<'_>> {
    Some(match form {
        Form::Int8 => Cell::Integer(int8(bytes)?),
        Form::Int4 => Cell::Integer(int4(bytes)?.into()),
        Form::Int2 => Cell::Integer(i16::from_be_bytes(bytes.try_into().ok()?).into()),
        Form::Bool => match bytes {
            [value] => Cell::Integer((*value != 0).into()),
            _ => return None,
        },
        Form::Text => Cell::Text(text(bytes)?),
        Form::Numeric => Cell::Decimal(match numeric::small(bytes) {
            Some(small) => small.decimal(),
            None => Decimal::from_sql(&Type::NUMERIC, bytes).ok()?,
        }),
        Form::Date => Cell::Day(NaiveDate::from_sql(&Type::DATE, bytes).ok()?),
        // Microseconds since 2000; `infinity` is the last of them.
        Form::Instant => Cell::Instant(int8(bytes)?.checked_add(MICROS_TO_2000)?),
        Form::Float8 => Cell::Real(f64::from_be_bytes(bytes.try_into().ok()?)),
        Form::Float4 => Cell::Real(f32::from_be_bytes(bytes.try_into().ok()?).into()),
        Form::Uuid => Cell::Uuid(Uuid::from_slice(bytes).ok()?),
        // The first byte is the version of the format.
        Form::Jsonb => Cell::Text(text(bytes.get(1..).unwrap_or_default())?),
        Form::Unknown => return None,
    })
}

/// Bytes as text; ASCII, as nearly all is, is told in a fraction of the time.
fn text(bytes: &[u8]) -> Option<&str> {
    match AsciiStr::from_ascii(bytes) {
        Ok(ascii) => Some(ascii.as_str()),
        Err(_) => std::str::from_utf8(bytes).ok(),
    }
}

/// Writes what the long way by [`read`] shows of a field that is shown in full.
fn write(out: &mut Vec<u8>, shape: &CellShape, form: Form, bytes: &[u8]) -> Option<()> {
    match (&shape.kind, form) {
        (Kind::Text, Form::Text) => json::utf8(out, bytes)?,
        (Kind::Enum { variants, .. }, Form::Text) => {
            let mut variants = variants.iter();
            // The catalog takes names of GraphQL alone, in which there is nothing to escape.
            json::plain(out, variants.find(|variant| variant.as_bytes() == bytes)?);
        }
        (Kind::BigInt, Form::Int8) => json::quoted_integer(out, int8(bytes)?),
        (Kind::Int, Form::Int4) if !shape.is_key => json::integer(out, int4(bytes)?.into()),
        (Kind::Decimal { scale }, Form::Numeric) => {
            let small = numeric::small(bytes).filter(|small| small.scale == *scale)?;
            small.write(out);
        }
        (Kind::Date, Form::Date) => calendar::day(out, int4(bytes)?)?,
        (Kind::DateTime, Form::Instant) => calendar::instant(out, int8(bytes)?)?,
        _ => return None,
    }
    Some(())
}

fn int8(bytes: &[u8]) -> Option<i64> {
    Some(i64::from_be_bytes(bytes.try_into().ok()?))
}

fn int4(bytes: &[u8]) -> Option<i32> {
    Some(i32::from_be_bytes(bytes.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::cell;
    use super::*;
    use crate::plan::Show;

    const FORMS: [Form; 13] = [
        Form::Int8,
        Form::Int4,
        Form::Int2,
        Form::Bool,
        Form::Text,
        Form::Numeric,
        Form::Date,
        Form::Instant,
        Form::Float8,
        Form::Float4,
        Form::Uuid,
        Form::Jsonb,
        Form::Unknown,
    ];

    fn kinds() -> Vec<Kind> {
        let variants = vec!["ACTIVE".to_owned(), "LOST".to_owned()];
        let name = "Stage".to_owned();
        vec![
            Kind::Boolean,
            Kind::Int,
            Kind::BigInt,
            Kind::Float,
            Kind::Decimal { scale: 0 },
            Kind::Decimal { scale: 2 },
            Kind::Text,
            Kind::Date,
            Kind::DateTime,
            Kind::Json,
            Kind::Uuid,
            Kind::Enum { name, variants },
        ]
    }

    /// Cells that the server sends, and such as it should not.
    fn bytes() -> impl Strategy<Value = Vec<u8>> {
        let ends = [i64::MIN, 0, 7, i64::MAX].map(|end| end.to_be_bytes().to_vec());
        let numeric = (0..3_u8, -1..3_i8, any::<bool>(), 0..5_u8, 0..10_000_u16);
        let numeric = numeric.prop_map(|(count, weight, negative, scale, group)| {
            let mut bytes = vec![0, count, if weight < 0 { 0xff } else { 0 }];
            bytes.push(weight.cast_unsigned());
            bytes.extend([if negative { 0x40 } else { 0 }, 0, 0, scale]);
            bytes.extend(group.to_be_bytes().repeat(count.into()));
            bytes
        });
        prop_oneof![
            any::<Vec<u8>>(),
            any::<i64>().prop_map(|value| value.to_be_bytes().to_vec()),
            any::<i32>().prop_map(|value| value.to_be_bytes().to_vec()),
            (-730_425..2_921_940_i32).prop_map(|day| day.to_be_bytes().to_vec()),
            any::<String>().prop_map(String::into_bytes),
            "[ -~]{0,40}".prop_map(String::into_bytes),
            prop::sample::select(vec![b"ACTIVE".to_vec(), b"LOST".to_vec(), b"GONE".to_vec()]),
            prop::sample::select(ends.to_vec()),
            numeric,
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn the_short_way_of_a_cell_writes_what_the_long_way_does(bytes in bytes(), is_key: bool) {
            for kind in kinds() {
                let shape = CellShape {
                    coordinate: String::new(),
                    kind,
                    is_key,
                    column: None,
                    grants: Vec::new(),
                    subject: None,
                };
                for form in FORMS {
                    let mut short = Vec::new();
                    let done = write(&mut short, &shape, form, &bytes);
                    if done.is_none() {
                        prop_assert!(short.is_empty());
                        continue;
                    }
                    let mut long = Vec::new();
                    let cell = read(form, &bytes).unwrap_or(Cell::Broken);
                    let subject = Default::default();
                    let written = cell::write(&mut long, &mut String::new(), &shape, &Show::Full, (cell, &subject));
                    prop_assert_eq!((written, &short), (Ok(()), &long), "{:?} as {:?}", form, shape.kind);
                }
            }
        }

        #[test]
        fn a_cell_that_is_not_of_its_form_is_none(bytes in bytes()) {
            for form in FORMS {
                match (form, read(form, &bytes)) {
                    (Form::Unknown, read) => prop_assert_eq!(read, None),
                    (Form::Numeric, read) => {
                        let theirs = Decimal::from_sql(&Type::NUMERIC, &bytes).ok();
                        prop_assert_eq!(read, theirs.map(Cell::Decimal));
                    }
                    (Form::Text, read) => {
                        prop_assert_eq!(read, std::str::from_utf8(&bytes).ok().map(Cell::Text));
                    }
                    (Form::Int8, read) => {
                        let theirs = i64::from_sql(&Type::INT8, &bytes).ok();
                        prop_assert_eq!(read, theirs.map(Cell::Integer));
                    }
                    _ => {}
                }
            }
        }
    }
}
