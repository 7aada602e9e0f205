//! `mask_first_last`: 123456 -> **34**, counted in graphemes; the other way round than `keep_first_last`.

use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;

use super::declaration::{Budget, Declaration, Output, Parameter};
use super::graphemes::{push_kept, seen};
use super::params::Params;
use super::reveal::shown_at_most;
use super::simple::{is_simple, split_at};
use super::text::{LONGEST, push_stars};
use super::{Masked, Masker, MaskerError, Subject, Target};
use crate::value::{ValueKind, ValueRef};

/// The most that may be asked to be hidden at one end.
const MOST: i64 = 16;
/// The most that is shown, however long the value.
const MOST_SHOWN: usize = 32;

pub(super) const DECLARATION: Declaration = Declaration {
    name: "mask_first_last",
    summary: "hides the first and last characters and shows what is between them",
    kinds: &[ValueKind::Text],
    output: Output::SameKind,
    format_preserving: true,
    deterministic: true,
    joinable: false,
    reversible: false,
    keyed: false,
    max_reveal: "32 graphemes of the middle, but at least four and at least a third stay hidden; the length up to 96",
    budget: Budget::Middle { most: MOST_SHOWN },
    params: &[
        Parameter {
            name: "first",
            meaning: "how many graphemes are hidden at the beginning, 0 to 16; 2 when left out",
        },
        Parameter {
            name: "last",
            meaning: "how many graphemes are hidden at the end, 0 to 16, not 0 with `first`; 2 when left out",
        },
        Parameter {
            name: "char",
            meaning: "what a hidden grapheme is shown as, neither a letter nor a digit; `*` when left out",
        },
    ],
    examples: &[
        "",
        "first = 0\nlast = 4",
        "first = 1\nlast = 0\nchar = \"•\"",
    ],
    build,
};

#[derive(Debug)]
struct MaskFirstLast {
    first: usize,
    last: usize,
    star: Box<str>,
}

fn build(params: &Params<'_>, _: &Target<'_>) -> Result<Arc<dyn Masker>, MaskerError> {
    let first = params.count("first", 0..=MOST, 2)?;
    let last = params.count("last", 0..=MOST, 2)?;
    if first + last == 0 {
        return Err(params.bad("last", "at least 1 when `first` is 0"));
    }
    Ok(Arc::new(MaskFirstLast {
        first,
        last,
        star: params.mask_char("char")?,
    }))
}

impl Masker for MaskFirstLast {
    fn mask(&self, value: ValueRef<'_>, _: &Subject<'_>, out: &mut String) -> Masked {
        let ValueRef::Text(text) = value else {
            return Masked::Null;
        };
        if text.len() > LONGEST {
            push_stars(4, &self.star, out);
        } else if is_simple(text) {
            self.mask_simple(text.trim(), out);
        } else {
            self.mask_graphemes(text, out);
        }
        Masked::Text
    }
}

impl MaskFirstLast {
    /// Of a simple text, a character is a grapheme.
    fn mask_simple(&self, text: &str, out: &mut String) {
        let len = text.chars().count();
        let (before, shown) = self.parts(len);
        self.push_hidden(before, shown, out);
        let (_, rest) = split_at(text, before);
        out.push_str(split_at(rest, shown).0);
        push_stars(len - before - shown, &self.star, out);
    }

    fn mask_graphemes(&self, text: &str, out: &mut String) {
        let normal: String = text.nfc().collect();
        let graphemes = seen(&normal);
        let (before, shown) = self.parts(graphemes.len());
        self.push_hidden(before, shown, out);
        for grapheme in graphemes.iter().skip(before).take(shown) {
            push_kept(grapheme, &self.star, out);
        }
        push_stars(graphemes.len() - before - shown, &self.star, out);
    }

    /// How many graphemes are hidden at the beginning and how many are shown then. Where too few would stay hidden, the ends that
    /// are hidden grow.
    fn parts(&self, len: usize) -> (usize, usize) {
        let wanted = len.saturating_sub(self.first + self.last);
        let shown = wanted.min(shown_at_most(len)).min(MOST_SHOWN);
        if shown == 0 {
            return (len, 0);
        }
        let more = wanted - shown;
        let before = match (self.first, self.last) {
            (0, _) => 0,
            (first, 0) => first + more,
            (first, _) => first + more.div_ceil(2),
        };
        (before, shown)
    }

    /// The mask before what is shown; where nothing is, it does not tell how short the value is.
    fn push_hidden(&self, before: usize, shown: usize, out: &mut String) {
        let stars = if shown == 0 { before.max(4) } else { before };
        push_stars(stars, &self.star, out);
    }
}

#[cfg(test)]
mod tests {
    use super::super::harness::{assert_hidden, assert_table, error_of, masked};

    #[test]
    fn the_ends_are_hidden_and_the_middle_is_shown() {
        assert_table(
            "mask_first_last",
            "",
            &[
                ("123456", "**34**"),
                ("1234567", "**345**"),
                // a third of it stays hidden
                ("13812341234567890", "***12341234567***"),
                ("Nguyễn Thị Ánh", "***yễn Thị Á**"),
                // NFD counts like NFC
                (
                    "Nguye\u{302}\u{303}n Th\u{1ECB} A\u{301}nh",
                    "***yễn Thị Á**",
                ),
            ],
        );
        assert_table(
            "mask_first_last",
            "first = 0\nlast = 4",
            &[("1381234", "138****"), ("13812", "1****")],
        );
        assert_table(
            "mask_first_last",
            "first = 4\nlast = 0",
            &[("1381234", "****234"), ("123456789012", "****56789012")],
        );
    }

    #[test]
    fn short_values_reveal_nothing() {
        let short = [
            "",
            " ",
            "a",
            "ab",
            "abcd",
            "张三",
            "\u{200B}",
            "𠮷田",
            "👨‍👩‍👧",
            "a\u{200B}\u{200B}\u{200B}\u{200B}b",
        ];
        assert_hidden("mask_first_last", "first = 1\nlast = 0", &short);
        assert_hidden("mask_first_last", "", &short);
    }

    #[test]
    fn long_values_show_their_middle_only() {
        let shown = masked("mask_first_last", "first = 1\nlast = 0", &"x".repeat(1000));
        assert_eq!(shown, format!("{}{}", "*".repeat(32), "x".repeat(32)));
        assert_eq!(
            masked("mask_first_last", "", &"x".repeat(1_000_000)),
            "****"
        );
    }

    #[test]
    fn a_mask_that_hides_nothing_is_refused() {
        assert_eq!(
            error_of("mask_first_last", "first = 0\nlast = 0"),
            "parameter `last` of masker `mask_first_last` must be at least 1 when `first` is 0"
        );
    }
}
