//! `keep_first_last`: 13812341234 -> 138****1234, counted in graphemes.

use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;

use super::declaration::{Budget, Declaration, Output, Parameter};
use super::graphemes::{push_kept, seen};
use super::params::Params;
use super::reveal::kept;
use super::simple::{last, simple_len, split_at};
use super::text::{LONGEST, push_stars};
use super::{Masked, Masker, MaskerError, Subject, Target};
use crate::value::{ValueKind, ValueRef};

/// The most that may be kept at one end.
const MOST: usize = 16;

pub(super) const DECLARATION: Declaration = Declaration {
    name: "keep_first_last",
    summary: "keeps the first and last characters and hides what is between them",
    kinds: &[ValueKind::Text],
    output: Output::SameKind,
    format_preserving: true,
    deterministic: true,
    joinable: false,
    reversible: false,
    keyed: false,
    max_reveal: "the first and last graphemes asked for, but at least four and at least a third stay hidden; the length up to 32",
    budget: Budget::Ends { most: 2 * MOST },
    params: &[
        Parameter {
            name: "first",
            meaning: "how many graphemes are kept at the beginning, 0 to 16; 1 when left out",
        },
        Parameter {
            name: "last",
            meaning: "how many graphemes are kept at the end, 0 to 16; 0 when left out",
        },
        Parameter {
            name: "char",
            meaning: "what a hidden grapheme is shown as, neither a letter nor a digit; `*` when left out",
        },
    ],
    examples: &[
        "",
        "first = 3\nlast = 4",
        "first = 16\nlast = 16\nchar = \"•\"",
        "first = 0",
    ],
    build,
};

#[derive(Debug)]
struct KeepFirstLast {
    first: usize,
    last: usize,
    star: Box<str>,
}

fn build(params: &Params<'_>, _: &Target<'_>) -> Result<Arc<dyn Masker>, MaskerError> {
    let count = |parameter, default| {
        params
            .integer(parameter, 0..=MOST as i64, Some(default))
            .map(|count| usize::try_from(count).unwrap_or(0))
    };
    Ok(Arc::new(KeepFirstLast {
        first: count("first", 1)?,
        last: count("last", 0)?,
        star: params.mask_char("char")?,
    }))
}

impl Masker for KeepFirstLast {
    fn mask(&self, value: ValueRef<'_>, _: &Subject<'_>, out: &mut String) -> Masked {
        let ValueRef::Text(text) = value else {
            return Masked::Null;
        };
        if text.len() > LONGEST {
            push_stars(4, &self.star, out);
            return Masked::Text;
        }
        // a simple text has no other white space
        let trimmed = text.trim_matches(' ');
        match simple_len(trimmed) {
            Some(len) => self.mask_simple(trimmed, len, out),
            None => self.mask_graphemes(text, out),
        }
        Masked::Text
    }
}

impl KeepFirstLast {
    /// Of a simple text, a character is a grapheme.
    fn mask_simple(&self, text: &str, len: usize, out: &mut String) {
        let (first, kept_last) = kept(len, self.first, self.last);
        out.push_str(split_at(text, first).0);
        push_stars((len - first - kept_last).max(4), &self.star, out);
        out.push_str(last(text, kept_last));
    }

    fn mask_graphemes(&self, text: &str, out: &mut String) {
        let normal: String = text.nfc().collect();
        let graphemes = seen(&normal);
        let len = graphemes.len();
        let (first, last) = kept(len, self.first, self.last);
        for grapheme in graphemes.iter().take(first) {
            push_kept(grapheme, &self.star, out);
        }
        push_stars((len - first - last).max(4), &self.star, out);
        for grapheme in graphemes.iter().skip(len - last) {
            push_kept(grapheme, &self.star, out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::harness::{assert_table, error_of, masked};

    #[test]
    fn ends_are_kept_and_the_middle_is_hidden() {
        assert_table(
            "keep_first_last",
            "first = 3\nlast = 4",
            &[
                ("13812341234", "138****1234"),
                // shrinks to 2 + 2
                ("12345678", "12****78"),
                ("13812", "1****"),
                (" 13812341234 ", "138****1234"),
                ("Nguyễn Thị Ánh", "Ngu******* Ánh"),
            ],
        );
    }

    #[test]
    fn short_values_reveal_nothing() {
        for text in [
            "",
            " ",
            "a",
            "ab",
            "abc",
            "abcd",
            "张三",
            "\u{200B}",
            "𠮷田",
            "👨‍👩‍👧",
        ] {
            assert_eq!(
                masked("keep_first_last", "first = 3\nlast = 4", text),
                "****",
                "{text:?}"
            );
        }
    }

    #[test]
    fn what_is_counted_are_graphemes() {
        assert_table(
            "keep_first_last",
            "first = 2\nlast = 1",
            &[
                ("𠮷田太郎一二三", "𠮷田****三"),
                // NFD counts like NFC
                (
                    "Nguye\u{302}\u{303}n Th\u{1ECB} A\u{301}nh",
                    "Ng***********h",
                ),
                // one grapheme, but it cannot be shown without its joiners
                ("👨‍👩‍👧bcdefgh", "*b*****h"),
                ("e\u{301}abcdef", "éa****f"),
            ],
        );
    }

    #[test]
    fn invisible_characters_neither_count_nor_pass() {
        assert_table(
            "keep_first_last",
            "first = 3\nlast = 4",
            &[
                ("\u{202E}138\u{200B}1234\u{2060}1234\u{2066}", "138****1234"),
                ("1\u{200D}3\u{200D}8\u{200D}12341234", "138****1234"),
                // nothing but padding around two letters
                ("a\u{200B}\u{200B}\u{200B}\u{200B}\u{200B}\u{200B}b", "****"),
                // a mark without its letter would stick to the star before it
                ("abcdefgh\u{200B}\u{301}xyz", "abc*****\u{2a}xyz"),
            ],
        );
    }

    #[test]
    fn the_mask_hides_lengths_beyond_32() {
        assert_eq!(
            masked("keep_first_last", "", &"x".repeat(300)),
            format!("x{}", "*".repeat(32))
        );
        assert_eq!(
            masked("keep_first_last", "", &"x".repeat(1_000_000)),
            "****"
        );
        // a letter under a heap of marks
        let heap = format!("a{}bcdefg", "\u{301}".repeat(200));
        assert_eq!(
            masked("keep_first_last", "", &heap),
            "******g".replace('g', "*")
        );
    }

    #[test]
    fn the_mask_character_is_one_that_cannot_be_mistaken() {
        assert_eq!(
            masked("keep_first_last", "char = \"#\"", "abcdef"),
            "a#####"
        );
        for bad in [
            "\"x\"",
            "\"7\"",
            "\"**\"",
            "\"\"",
            "\" \"",
            "\"\\u200B\"",
            "3",
        ] {
            let error = error_of("keep_first_last", &format!("char = {bad}"));
            assert_eq!(
                error,
                "parameter `char` of masker `keep_first_last` must be one visible character that is neither a letter nor a digit"
            );
        }
        assert_eq!(
            error_of("keep_first_last", "first = 17"),
            "parameter `first` of masker `keep_first_last` must be a whole number from 0 up to 16"
        );
    }
}
