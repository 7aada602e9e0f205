//! The mask that does not look at the value: what `constant` and `type_default` have in common.

use std::fmt;

use super::{Masked, Masker, Subject};
use crate::value::{ValueKind, ValueRef};

/// One mask for every value of a kind.
pub(super) struct Fixed {
    kind: ValueKind,
    shown: Masked,
    text: Box<str>,
}

impl Fixed {
    /// `text` is what stands behind [`Masked::Text`].
    pub(super) fn new(kind: ValueKind, shown: Masked, text: &str) -> Self {
        let text = text.into();
        Self { kind, shown, text }
    }
}

impl Masker for Fixed {
    fn mask(&self, value: ValueRef<'_>, _: &Subject<'_>, out: &mut String) -> Masked {
        if value.kind() != self.kind {
            return Masked::Null;
        }
        out.push_str(&self.text);
        self.shown
    }
}

/// Without what it shows: the UUID of a constant looks like a key, and nobody who reads a log can tell the two apart.
impl fmt::Debug for Fixed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fixed({:?})", self.kind)
    }
}
