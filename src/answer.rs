//! What a request comes back as: bytes with data, or a refusal. Every error that a client meets is made here.

use bytes::Bytes;
use serde::Serialize;

/// Errors that one answer lists: a long list helps nobody.
pub(crate) const MAX_ERRORS: usize = 50;

/// The stable code of an error, `extensions.code` on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ErrorCode {
    /// The token is missing where one is needed, or not valid.
    Unauthenticated,
    /// The principal may not do this.
    Forbidden,
    /// An argument, a variable or the request itself is not of its type or form.
    BadUserInput,
    /// The document is not GraphQL.
    GraphqlParseFailed,
    /// The document does not fit the schema.
    GraphqlValidationFailed,
    /// A filter uses a field that the principal sees below FULL.
    FieldNotFilterable,
    /// An order uses a field that the principal sees below FULL.
    FieldNotSortable,
    /// A group is made by a field that the principal sees below FULL.
    FieldNotGroupable,
    /// A measure is taken of a field that the principal sees below FULL, without a grant for it.
    FieldNotAggregatable,
    /// A field is written that the principal may not write, or not in this row.
    FieldNotWritable,
    /// What is written is the mask that the principal is shown, and not said to be meant.
    MaskedValueEcho,
    /// What is written clashes with what is there.
    Conflict,
    /// The document, the body or the answer would pass a limit.
    CostLimit,
    /// The principal has made as many lookups in the last hour as it may.
    RateLimited,
    /// The answer took too long.
    Timeout,
    /// The database cannot be reached or refuses.
    ServiceUnavailable,
    /// A fault of ours; the log has it under the request id.
    Internal,
    /// What was asked for does not exist, or not for this principal.
    NotFound,
    /// An operation that is not a query came by GET, which runs queries only. On the wire it is bad input like any other;
    /// it is told apart here because HTTP has a status of its own for it.
    #[serde(rename = "BAD_USER_INPUT")]
    NotByGet,
}

/// A line and a column of the document, both from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Location {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// One entry of `errors`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RequestError {
    /// What is wrong and how to mend it; never a stored value, SQL or an internal name.
    pub message: String,
    /// Where in the document.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub locations: Vec<Location>,
    /// The code and what else a program may use.
    pub extensions: ErrorExtensions,
}

/// The machine-readable part of an error.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ErrorExtensions {
    /// The stable code.
    pub code: ErrorCode,
    /// The schema coordinate that the error is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coordinate: Option<String>,
}

impl RequestError {
    /// An error without a place.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            locations: Vec::new(),
            extensions: ErrorExtensions {
                code,
                coordinate: None,
            },
        }
    }

    /// Adds the place in the document.
    #[must_use]
    pub fn at(mut self, line: usize, column: usize) -> Self {
        self.locations.push(Location { line, column });
        self
    }

    /// Adds the schema coordinate.
    #[must_use]
    pub fn about(mut self, coordinate: impl Into<String>) -> Self {
        self.extensions.coordinate = Some(coordinate.into());
        self
    }
}

/// A finished answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The whole JSON document.
    pub body: Bytes,
    /// `None` if the answer holds data; else the code that decides the HTTP status.
    pub refused: Option<ErrorCode>,
}

impl Answer {
    /// An answer with data.
    pub fn data(body: Bytes) -> Self {
        Self {
            body,
            refused: None,
        }
    }

    /// A refusal: all errors, no `data`. The first error's code decides the HTTP status.
    pub fn refuse(errors: &[RequestError]) -> Self {
        #[derive(Serialize)]
        struct Body<'a> {
            errors: &'a [RequestError],
        }
        let body = serde_json::to_vec(&Body { errors }).unwrap_or_else(|_| b"{}".to_vec());
        let code = errors
            .first()
            .map_or(ErrorCode::Internal, |error| error.extensions.code);
        Self {
            body: body.into(),
            refused: Some(code),
        }
    }
}
