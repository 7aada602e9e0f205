//! `before_delimiter`: a.b@c.d -> ***@c.d.

use std::sync::Arc;

use super::declaration::{Budget, Declaration, Output};
use super::delimiter::{Delimiter, Hidden, MOST_SHOWN, PARAMS};
use super::params::Params;
use super::{Masked, Masker, MaskerError, Subject, Target};
use crate::value::{ValueKind, ValueRef};

pub(super) const DECLARATION: Declaration = Declaration {
    name: "before_delimiter",
    summary: "hides what is before a delimiter",
    kinds: &[ValueKind::Text],
    output: Output::SameKind,
    format_preserving: false,
    deterministic: true,
    joinable: false,
    reversible: false,
    keyed: false,
    max_reveal: "64 graphemes of what follows the delimiter, but at least four and at least a third of the value stay hidden; nothing of a value without the delimiter",
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
struct BeforeDelimiter(Delimiter);

fn build(params: &Params<'_>, _: &Target<'_>) -> Result<Arc<dyn Masker>, MaskerError> {
    Ok(Arc::new(BeforeDelimiter(Delimiter::read(params)?)))
}

impl Masker for BeforeDelimiter {
    fn mask(&self, value: ValueRef<'_>, _: &Subject<'_>, out: &mut String) -> Masked {
        match value {
            ValueRef::Text(text) => self.0.mask(text, Hidden::Before, out),
            _ => Masked::Null,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::harness::{assert_hidden, assert_table, error_of, masked};

    #[test]
    fn what_is_before_the_delimiter_is_hidden() {
        assert_table(
            "before_delimiter",
            "delimiter = \"@\"",
            &[
                ("a.b@c.d", "***@c.d"),
                ("alice@b.com", "***@b.com"),
                ("somebody@example@b.com", "***@example@b.com"),
                ("some\u{200B}body\u{202E}@b.com", "***@b.com"),
                ("张三张三@例子.中国", "***@例子.中国"),
            ],
        );
        assert_table(
            "before_delimiter",
            "delimiter = \"@\"\nat = \"last\"",
            &[("somebody@example@b.com", "***@b.com")],
        );
        assert_table(
            "before_delimiter",
            "delimiter = \" \"",
            &[("Aleksander Smith", "*** Smith")],
        );
    }

    #[test]
    fn enough_stays_hidden_when_that_side_is_short() {
        assert_table(
            "before_delimiter",
            "delimiter = \"@\"",
            &[
                ("ab@example.com", "***@example.c**"),
                ("a@b", "***@*"),
                ("x@y.zz", "***@y.**"),
            ],
        );
        let long = format!("{}@{}", "x".repeat(400), "y".repeat(400));
        assert_eq!(
            masked("before_delimiter", "delimiter = \"@\"", &long),
            format!("***@{}{}", "y".repeat(64), "*".repeat(32))
        );
    }

    #[test]
    fn without_a_delimiter_or_anything_before_it_nothing_is_shown() {
        assert_hidden(
            "before_delimiter",
            "delimiter = \"@\"",
            &[
                "",
                "@",
                "13812345678",
                "alice.b.com",
                "@example.com",
                " @example.com",
                // another character, though it looks alike
                "alice＠example.com",
                // the delimiter carries a mark
                "alice@\u{301}example.com",
            ],
        );
    }

    #[test]
    fn the_delimiter_is_one_character() {
        for bad in ["", "ab", "@@", "a", "7", "\u{301}", "\u{200B}", "  "] {
            assert_eq!(
                error_of("before_delimiter", &format!("delimiter = \"{bad}\"")),
                "parameter `delimiter` of masker `before_delimiter` must be one character that can be seen or a space, neither a letter nor a digit"
            );
        }
        assert_eq!(
            error_of("before_delimiter", ""),
            "masker `before_delimiter` needs the parameter `delimiter`: the character to cut at, neither a letter nor a digit, such as `@`"
        );
        assert_eq!(
            error_of("before_delimiter", "delimiter = 3"),
            "parameter `delimiter` of masker `before_delimiter` must be a text in quotes"
        );
        assert_eq!(
            error_of("before_delimiter", "delimiter = \"@\"\nat = \"middle\""),
            "parameter `at` of masker `before_delimiter` must be one of `first`, `last`"
        );
    }
}
