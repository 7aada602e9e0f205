//! Maskers: how a cell is shown below FULL.

use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;

use crate::value::ValueRef;

/// What a masker makes of a cell. The kind is that of the field; text is written to the buffer that the caller lends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Masked {
    /// Nothing is shown.
    Null,
    /// A boolean.
    Boolean(bool),
    /// A whole number.
    Int(i64),
    /// A floating-point number.
    Float(f64),
    /// A decimal number.
    Decimal(Decimal),
    /// The text (or the JSON document, or the enum variant) that was written to the buffer.
    Text,
    /// A day.
    Date(NaiveDate),
    /// An instant.
    DateTime(DateTime<Utc>),
}

/// A masking function: total, type-preserving, fail-safe.
pub trait Masker: fmt::Debug + Send + Sync {
    /// Masks one present value. `out` is empty on entry and holds the text on return when [`Masked::Text`] is given back.
    fn mask(&self, value: ValueRef<'_>, out: &mut String) -> Masked;
}
