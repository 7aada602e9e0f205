//! The mask that does not look at the value: what `constant` and `type_default` have in common.

use super::{Masked, Masker, Subject};
use crate::value::{ValueKind, ValueRef};

/// One mask for every value of a kind.
#[derive(Debug)]
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
