//! The GraphQL side of a request: bounds, parsing, validation, coercion, and the schema that a principal meets.

pub(crate) mod aggregates;
pub(crate) mod coerce;
mod common;
mod guard;
pub(crate) mod inputs;
pub(crate) mod lookups;
mod raw;
pub(crate) mod schema;
mod text;
mod types;
pub(crate) mod validate;
pub(crate) mod visible;
pub(crate) mod writes;

pub(crate) use guard::check_document;
pub(crate) use text::check_text;
pub(crate) use visible::VisibleSchema;
