//! What a masker promises, as data that documentation prints and property tests check.

use std::sync::Arc;

use super::params::Params;
use super::{Masker, MaskerError, Target};
use crate::value::ValueKind;

/// What one masker takes, gives and promises.
#[derive(Clone, Copy, Debug)]
pub struct Declaration {
    /// The name in `masking.toml`.
    pub name: &'static str,
    /// What it does, in a sentence.
    pub summary: &'static str,
    /// The kinds of field that it can be put on.
    pub kinds: &'static [ValueKind],
    /// What it gives back.
    pub output: Output,
    /// Whether the output looks like a value of the same sort.
    pub format_preserving: bool,
    /// Whether equal values always give equal outputs (within a domain, if `keyed`).
    pub deterministic: bool,
    /// Whether equal outputs mean, but for rare collisions, equal values.
    pub joinable: bool,
    /// Whether somebody who has the key can get the value back.
    pub reversible: bool,
    /// Whether it depends on the key of audience and class.
    pub keyed: bool,
    /// The most that it ever shows, in a sentence.
    pub max_reveal: &'static str,
    /// The most that it ever shows, as a bound that is tested.
    pub budget: Budget,
    /// Its parameters.
    pub params: &'static [Parameter],
    /// Parameters as they stand in `masking.toml`, at least one set for each kind; the property tests run with them.
    pub examples: &'static [&'static str],
    /// Makes one; kind and parameter names are checked already.
    pub(super) build: Build,
}

/// Makes a masker from its parameters for a field.
pub(super) type Build = fn(&Params<'_>, &Target<'_>) -> Result<Arc<dyn Masker>, MaskerError>;

/// What a masker gives back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// A value of the field's kind, or null where there is none to give.
    SameKind,
    /// Always null.
    Null,
}

/// A parameter of a masker.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// The name in `masking.toml`.
    pub name: &'static str,
    /// What it is for, which values it takes and which it has when left out, in a sentence.
    pub meaning: &'static str,
}

/// The most that a masker shows of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Budget {
    /// Nothing: the output does not depend on the value.
    Nothing,
    /// Nothing without the key: the output depends on the value only through a keyed function.
    Keyed,
    /// The two ends, `most` graphemes in all, and never more than `len - max(4, ceil(len / 3))`.
    Ends {
        /// Shown graphemes.
        most: usize,
    },
    /// Digits, calling code included.
    Digits {
        /// Shown digits.
        most: usize,
        /// Digits that stay hidden whatever the length.
        hidden: usize,
    },
    /// The domain of an e-mail address and the beginning of its local part.
    Address {
        /// Shown graphemes of the local part.
        local: usize,
    },
    /// One word of a name, or a surname, and initials; at least one letter stays hidden.
    Name {
        /// Shown initials.
        initials: usize,
    },
    /// The band of numbers or the period of time that the value lies in.
    Band,
    /// The time between the days of one person; a day itself without the key only to within some days.
    Shifted,
    /// The number to within some percents; what was added or taken away depends on the key.
    Noisy,
    /// Everything but what is recognised in the text: no address with an `@`, no seven digits without a letter in between.
    Spans,
    /// Of a document the members that `masking.toml` names, each as its masker shows it; no other names, no lengths.
    Members,
    /// That there is a value: the same output for all of them.
    Constant,
    /// The value itself, but for those beyond a bound.
    Clamped,
    /// Which group of a map the value belongs to.
    Category,
}
