//! Response keys.

use std::fmt;

/// A response key as it is written: with its quotes and colon, and a comma before it unless it is the first of its object.
#[derive(Debug)]
pub(crate) struct Key(Box<str>);

impl Key {
    /// Renders a response key. GraphQL names need no escapes.
    pub(super) fn new(name: &str) -> Self {
        Self(format!(",\"{name}\":").into())
    }

    /// As the first key of its object.
    pub(crate) fn first(&self) -> &str {
        self.0.strip_prefix(',').unwrap_or(&self.0)
    }

    /// As a key after others.
    pub(crate) fn next(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.first())
    }
}
