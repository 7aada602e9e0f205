//! Why a masker cannot be built.

use crate::value::ValueKind;

/// A mistake in `masking.toml`, with its cure. Never says anything about data.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MaskerError {
    /// No masker has this name.
    #[error("there is no masker `{name}`; {cure}")]
    UnknownMasker {
        /// As written.
        name: String,
        /// The nearest name, or all of them.
        cure: String,
    },
    /// The masker cannot be put on this field.
    #[error("masker `{masker}` takes {takes}, not {kind:?}; for {kind:?} there are {instead}")]
    WrongKind {
        /// Its name.
        masker: &'static str,
        /// The kind of the field.
        kind: ValueKind,
        /// The kinds that it takes.
        takes: String,
        /// The maskers for the kind of the field.
        instead: String,
    },
    /// The masker has no such parameter.
    #[error("masker `{masker}` has no parameter `{parameter}`; {cure}")]
    UnknownParameter {
        /// Its name.
        masker: &'static str,
        /// As written.
        parameter: String,
        /// The parameters that it has.
        cure: String,
    },
    /// A parameter without a default was left out.
    #[error("masker `{masker}` needs the parameter `{parameter}`: {meaning}")]
    MissingParameter {
        /// Its name.
        masker: &'static str,
        /// The parameter.
        parameter: &'static str,
        /// What to give.
        meaning: String,
    },
    /// A parameter has a value that it cannot have.
    #[error("parameter `{parameter}` of masker `{masker}` must be {expected}")]
    BadParameter {
        /// The masker.
        masker: &'static str,
        /// The parameter.
        parameter: &'static str,
        /// What to give instead.
        expected: String,
    },
    /// The masker fits the kind of the field, but not this field.
    #[error("masker `{masker}` {problem}; {cure}")]
    BadTarget {
        /// Its name.
        masker: &'static str,
        /// What stands in its way.
        problem: &'static str,
        /// What to do instead.
        cure: &'static str,
    },
    /// What stands for a part of the field names no masker.
    #[error("`{place}` of masker `{masker}` must be {expected}")]
    BadPart {
        /// The masker of the whole.
        masker: &'static str,
        /// Which part.
        place: String,
        /// What to give instead.
        expected: &'static str,
    },
    /// The masker of a part of the field cannot be built.
    #[error("`{place}` of masker `{masker}`: {error}")]
    Part {
        /// The masker of the whole.
        masker: &'static str,
        /// Which part.
        place: String,
        /// What is wrong with it.
        error: Box<MaskerError>,
    },
}
