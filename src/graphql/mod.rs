//! The GraphQL side of a request: bounds, parsing, validation, coercion, and the schema that a principal meets.

pub(crate) mod coerce;
mod common;
mod guard;
pub(crate) mod inputs;
pub(crate) mod schema;
pub(crate) mod validate;
mod visible;

pub(crate) use guard::{check_document, check_text};
pub(crate) use visible::VisibleSchema;
