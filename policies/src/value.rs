//! The values that conditions compare and maskers mask.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

/// The kind of a field, as far as policies care: what a condition may compare it with and what a masker must give back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ValueKind {
    /// True or false.
    Boolean,
    /// A whole number of up to 64 bits.
    Int,
    /// A binary floating-point number.
    Float,
    /// An exact decimal number.
    Decimal,
    /// Unicode text.
    Text,
    /// One of a closed set of names ([`crate::shape::FieldShape::variants`]).
    Enum,
    /// A calendar day.
    Date,
    /// An instant, in UTC.
    DateTime,
    /// A JSON document.
    Json,
    /// A UUID: 128 bits, in the order of its digits.
    Uuid,
}

impl ValueKind {
    /// Every kind.
    pub const ALL: [Self; 10] = [
        Self::Boolean,
        Self::Int,
        Self::Float,
        Self::Decimal,
        Self::Text,
        Self::Enum,
        Self::Date,
        Self::DateTime,
        Self::Json,
        Self::Uuid,
    ];

    /// Some value of the kind, where any will do.
    #[must_use]
    pub fn any(self) -> ValueRef<'static> {
        match self {
            Self::Boolean => ValueRef::Boolean(false),
            Self::Int => ValueRef::Int(0),
            Self::Float => ValueRef::Float(0.0),
            Self::Decimal => ValueRef::Decimal(Decimal::ZERO),
            Self::Text => ValueRef::Text(""),
            Self::Enum => ValueRef::Enum(""),
            Self::Date => ValueRef::Date(NaiveDate::MIN),
            Self::DateTime => ValueRef::DateTime(DateTime::<Utc>::MIN_UTC),
            Self::Json => ValueRef::Json("null"),
            Self::Uuid => ValueRef::Uuid(Uuid::nil()),
        }
    }
}

/// An owned value: a literal of a condition, a settled claim, a cell of a row under test.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Absent.
    Null,
    /// See [`ValueKind::Boolean`].
    Boolean(bool),
    /// See [`ValueKind::Int`].
    Int(i64),
    /// See [`ValueKind::Float`].
    Float(f64),
    /// See [`ValueKind::Decimal`].
    Decimal(Decimal),
    /// See [`ValueKind::Text`], and the name of a variant for [`ValueKind::Enum`].
    Text(String),
    /// See [`ValueKind::Date`].
    Date(NaiveDate),
    /// See [`ValueKind::DateTime`].
    DateTime(DateTime<Utc>),
    /// See [`ValueKind::Json`].
    Json(serde_json::Value),
    /// See [`ValueKind::Uuid`].
    Uuid(Uuid),
}

impl std::hash::Hash for Value {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        std::mem::discriminant(self).hash(state);
        match self {
            Self::Null => {}
            Self::Boolean(value) => value.hash(state),
            Self::Int(value) => value.hash(state),
            // 0.0 and -0.0 are equal, so they must hash alike
            Self::Float(value) => (value + 0.0).to_bits().hash(state),
            Self::Decimal(value) => value.hash(state),
            Self::Text(value) => value.hash(state),
            Self::Date(value) => value.hash(state),
            Self::DateTime(value) => value.hash(state),
            Self::Json(value) => value.hash(state),
            Self::Uuid(value) => value.hash(state),
        }
    }
}

/// A borrowed, present cell on its way through a masker.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ValueRef<'a> {
    /// See [`ValueKind::Boolean`].
    Boolean(bool),
    /// See [`ValueKind::Int`].
    Int(i64),
    /// See [`ValueKind::Float`].
    Float(f64),
    /// See [`ValueKind::Decimal`].
    Decimal(Decimal),
    /// See [`ValueKind::Text`].
    Text(&'a str),
    /// The name of a variant, see [`ValueKind::Enum`].
    Enum(&'a str),
    /// See [`ValueKind::Date`].
    Date(NaiveDate),
    /// See [`ValueKind::DateTime`].
    DateTime(DateTime<Utc>),
    /// The JSON document as text.
    Json(&'a str),
    /// See [`ValueKind::Uuid`].
    Uuid(Uuid),
}

impl ValueRef<'_> {
    /// What it is.
    pub fn kind(&self) -> ValueKind {
        match self {
            Self::Boolean(_) => ValueKind::Boolean,
            Self::Int(_) => ValueKind::Int,
            Self::Float(_) => ValueKind::Float,
            Self::Decimal(_) => ValueKind::Decimal,
            Self::Text(_) => ValueKind::Text,
            Self::Enum(_) => ValueKind::Enum,
            Self::Date(_) => ValueKind::Date,
            Self::DateTime(_) => ValueKind::DateTime,
            Self::Json(_) => ValueKind::Json,
            Self::Uuid(_) => ValueKind::Uuid,
        }
    }
}

/// The UUID that a text spells with hyphens, in either case: one form of the many that libraries read.
#[must_use]
pub fn uuid(text: &str) -> Option<Uuid> {
    Uuid::try_parse(text).ok().filter(|_| text.len() == 36)
}
