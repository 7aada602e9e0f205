//! `after_delimiter`: 4477-A8F3-9911 -> 4477-***.

use std::sync::Arc;

use super::declaration::{Budget, Declaration, Output};
use super::delimiter::{Delimiter, Hidden, MOST_SHOWN, PARAMS};
use super::params::Params;
use super::{Masked, Masker, MaskerError, Subject, Target};
use crate::value::{ValueKind, ValueRef};

pub(super) const DECLARATION: Declaration = Declaration {
    name: "after_delimiter",
    summary: "hides what is after a delimiter",
    kinds: &[ValueKind::Text],
    output: Output::SameKind,
    format_preserving: false,
    deterministic: true,
    joinable: false,
    reversible: false,
    keyed: false,
    max_reveal: "64 graphemes of what is before the delimiter, but at least four and at least a third of the value stay hidden; nothing of a value without the delimiter",
    budget: Budget::Side { most: MOST_SHOWN },
    params: PARAMS,
    examples: &[
        "delimiter = \"@\"",
        "delimiter = \"-\"\nat = \"last\"",
        "delimiter = \" \"",
    ],
    build,
};

#[derive(Debug)]
struct AfterDelimiter(Delimiter);

fn build(params: &Params<'_>, _: &Target<'_>) -> Result<Arc<dyn Masker>, MaskerError> {
    Ok(Arc::new(AfterDelimiter(Delimiter::read(params)?)))
}

impl Masker for AfterDelimiter {
    fn mask(&self, value: ValueRef<'_>, _: &Subject<'_>, out: &mut String) -> Masked {
        match value {
            ValueRef::Text(text) => self.0.mask(text, Hidden::After, out),
            _ => Masked::Null,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::harness::{assert_hidden, assert_table};

    #[test]
    fn what_is_after_the_delimiter_is_hidden() {
        assert_table(
            "after_delimiter",
            "delimiter = \"-\"",
            &[
                ("4477-A8F3-9911", "4477-***"),
                ("abc-defg", "abc-***"),
                ("e\u{301}t\u{E9}-2026-11", "été-***"),
            ],
        );
        assert_table(
            "after_delimiter",
            "delimiter = \"-\"\nat = \"last\"",
            &[("4477-A8F3-9911", "4477-A8F3-***")],
        );
        assert_table(
            "after_delimiter",
            "delimiter = \" \"",
            &[
                ("Aleksander Smith", "Aleksander ***"),
                ("John Smith", "John ***"),
            ],
        );
    }

    #[test]
    fn enough_stays_hidden_when_that_side_is_short() {
        assert_table(
            "after_delimiter",
            "delimiter = \"-\"",
            &[("alice.smith-1", "***ce.smith-***"), ("a-b", "*-***")],
        );
    }

    #[test]
    fn without_a_delimiter_or_anything_after_it_nothing_is_shown() {
        assert_hidden(
            "after_delimiter",
            "delimiter = \"-\"",
            &[
                "",
                "-",
                "alice",
                "alice-",
                "alice- ",
                "alice-\u{200B}",
                "alice\u{2011}smith",
            ],
        );
    }
}
