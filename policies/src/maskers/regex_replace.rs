//! `regex_replace`: what a pattern matches is replaced; what it does not match at all is hidden whole.
//!
//! A pattern is written by a person who has some values in mind, and meets others. So the result is measured: one that shares
//! more with the value than a positional masker may show is thrown away. What is measured is the whole result and not what the
//! replacement takes over, so that no way of writing a pattern gets round it.

use std::sync::Arc;

use regex::{Regex, RegexBuilder};
use unicode_segmentation::UnicodeSegmentation;

use super::declaration::{Budget, Declaration, Output, Parameter};
use super::params::Params;
use super::replacement::Replacement;
use super::reveal::shown_at_most;
use super::simple::is_plain;
use super::text::{hide, is_mark, tidy_compatible};
use super::{Masked, Masker, MaskerError, Subject, Target};
use crate::value::{ValueKind, ValueRef};

/// The longest pattern, in bytes.
const LONGEST_PATTERN: usize = 512;
/// The largest compiled pattern and the largest cache of a search, in bytes.
const LARGEST: usize = 1 << 18;
/// The most matches: each begins a search of its own.
const MOST_MATCHES: usize = 256;
/// The longest result, in bytes.
const LONGEST_RESULT: usize = 1024;
/// The most that is shown, however long the value.
const MOST_SHOWN: usize = 64;

pub(super) const DECLARATION: Declaration = Declaration {
    name: "regex_replace",
    summary: "replaces every match of a pattern, and hides whole what it does not match",
    kinds: &[ValueKind::Text],
    output: Output::SameKind,
    format_preserving: false,
    deterministic: true,
    joinable: false,
    reversible: false,
    keyed: false,
    max_reveal: "what the pattern leaves or puts back, 64 characters at most; where less than four or less than a third of the characters, or of the letters and digits, would stay hidden, nothing",
    budget: Budget::Rewritten { most: MOST_SHOWN },
    params: &[
        Parameter {
            name: "pattern",
            meaning: "a regular expression, read in NFKC, which matches at least one character",
        },
        Parameter {
            name: "replacement",
            meaning: "what stands in the place of each match; `$1` or `${name}` puts a group back, but not all of the match",
        },
    ],
    examples: &[
        "pattern = '[0-9]'\nreplacement = \"*\"",
        "pattern = '^(\\w)\\w+'\nreplacement = \"$1***\"",
        "pattern = '(?<user>.+)@(?<host>.+)'\nreplacement = \"$host\"",
        "pattern = '(.)(.)(.)'\nreplacement = \"$3$2\"",
        "pattern = '.'\nreplacement = \"\"",
    ],
    build,
};

#[derive(Debug)]
struct RegexReplace {
    pattern: Regex,
    replacement: Replacement,
}

fn build(params: &Params<'_>, _: &Target<'_>) -> Result<Arc<dyn Masker>, MaskerError> {
    let text = params.text("pattern")?;
    let pattern = (text.len() <= LONGEST_PATTERN)
        .then(|| compiled(text))
        .flatten()
        .ok_or_else(|| {
            params.bad(
                "pattern",
                "a regular expression as the crate `regex` reads it, without look-around and references back, of at most 512 bytes and a moderate size",
            )
        })?;
    let replacement = Replacement::read(params, &pattern)?;
    Ok(Arc::new(RegexReplace {
        pattern,
        replacement,
    }))
}

fn compiled(pattern: &str) -> Option<Regex> {
    RegexBuilder::new(pattern)
        .size_limit(LARGEST)
        .dfa_size_limit(LARGEST)
        .nest_limit(32)
        .build()
        .ok()
}

impl Masker for RegexReplace {
    fn mask(&self, value: ValueRef<'_>, _: &Subject<'_>, out: &mut String) -> Masked {
        let ValueRef::Text(text) = value else {
            return Masked::Null;
        };
        // Full-width digits and odd dashes are what patterns miss.
        let Some(text) = tidy_compatible(text) else {
            return hide(out);
        };
        match self.replace(&text, out) {
            Some(()) if !out.trim().is_empty() && is_masked(&text, out) => Masked::Text,
            _ => hide(out),
        }
    }
}

impl RegexReplace {
    /// Writes the text with every match replaced; none without a match, with too many, or if the result is too long.
    fn replace(&self, text: &str, out: &mut String) -> Option<()> {
        let mut end = 0;
        for (i, captures) in self.pattern.captures_iter(text).enumerate() {
            let found = captures.get(0)?;
            out.push_str(text.get(end..found.start())?);
            self.replacement.write(&captures, out);
            end = found.end();
            if i == MOST_MATCHES || out.len() > LONGEST_RESULT {
                return None;
            }
        }
        out.push_str(text.get(end..)?);
        (end > 0 && out.len() <= LONGEST_RESULT).then_some(())
    }
}

/// Whether enough of the value stays hidden, counted in characters and in graphemes: marks that lose their letter, and letters
/// that lose their marks, make other graphemes of the same characters. Letters and digits are counted once more alone: a pattern
/// that takes the separators out of a number has hidden nothing.
fn is_masked(value: &str, shown: &str) -> bool {
    let enough = |len: usize, shared: usize| shared <= shown_at_most(len).min(MOST_SHOWN);
    if is_plain(value) && is_plain(shown) {
        let (all, of_shown) = (sign_bytes(value).count(), sign_bytes(shown));
        return enough(value.len(), shared_bytes(value.bytes(), shown.bytes()))
            && enough(all, shared_bytes(sign_bytes(value), of_shown));
    }
    let (of_value, of_shown) = (signs(value), signs(shown));
    if !enough(of_value.len(), shared(of_value, of_shown)) {
        return false;
    }
    let (of_value, of_shown) = (letters(value), letters(shown));
    let graphemes = |text| UnicodeSegmentation::graphemes(text, true).collect::<Vec<&str>>();
    let (whole_value, whole_shown) = (graphemes(value), graphemes(shown));
    enough(of_value.len(), shared(of_value, of_shown))
        && enough(whole_value.len(), shared(whole_value, whole_shown))
}

/// The characters without the marks on them.
fn letters(text: &str) -> Vec<char> {
    text.chars().filter(|c| !is_mark(*c)).collect()
}

/// The letters and digits.
fn signs(text: &str) -> Vec<char> {
    let letters = text.chars().filter(|c| !is_mark(*c));
    letters.filter(|c| c.is_alphanumeric()).collect()
}

/// The letters and digits of ASCII.
fn sign_bytes(text: &str) -> impl Iterator<Item = u8> {
    text.bytes().filter(u8::is_ascii_alphanumeric)
}

/// How many bytes of ASCII two texts have in common, wherever they stand.
fn shared_bytes(value: impl Iterator<Item = u8>, shown: impl Iterator<Item = u8>) -> usize {
    let mut left = [0_u16; 128];
    for byte in value {
        if let Some(count) = left.get_mut(usize::from(byte)) {
            *count += 1;
        }
    }
    let mut taken = |byte: u8| match left.get_mut(usize::from(byte)) {
        Some(count) if *count > 0 => {
            *count -= 1;
            true
        }
        _ => false,
    };
    shown.filter(|byte| taken(*byte)).count()
}

/// How many elements two lists have in common, whatever their order.
fn shared<T: Ord>(mut left: Vec<T>, mut right: Vec<T>) -> usize {
    left.sort_unstable();
    right.sort_unstable();
    let mut right = right.into_iter().peekable();
    left.into_iter()
        .filter(|one| {
            while right.next_if(|other| other < one).is_some() {}
            right.next_if(|other| other == one).is_some()
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::super::harness::{assert_hidden, assert_table, error_of, masked};

    /// The parameters as they stand in the file.
    fn params(pattern: &str, replacement: &str) -> String {
        format!("pattern = '{pattern}'\nreplacement = '{replacement}'")
    }

    #[test]
    fn every_match_is_replaced() {
        assert_table(
            "regex_replace",
            &params("[0-9]", "#"),
            &[
                ("order 4477 of 2026", "order #### of ####"),
                ("No 12, room 34567", "No ##, room #####"),
            ],
        );
        assert_table(
            "regex_replace",
            &params(r"(?<first>\p{L})\p{L}+", "${first}***"),
            &[("John Smith", "J*** S***"), ("Шевченко Олена", "Ш*** О***")],
        );
        assert_table(
            "regex_replace",
            &params(r"^[^@]+", "$$"),
            &[("alice.smith@b.com", "$@b.com")],
        );
    }

    #[test]
    fn what_does_not_match_is_hidden_whole() {
        assert_hidden(
            "regex_replace",
            &params(r"^\d{3}-\d{2}-", "***-**-"),
            &[
                "",
                " ",
                "123456789",
                "12-345-6789",
                "none of this",
                "123\u{2044}45\u{2044}6789",
            ],
        );
        assert_hidden("regex_replace", &params("x", "y"), &[&"x".repeat(2000)]);
    }

    #[test]
    fn what_hides_people_from_patterns_is_taken_away_first() {
        assert_table(
            "regex_replace",
            &params("^[0-9]{3}-[0-9]{2}-", "***-**-"),
            &[
                ("123-45-6789", "***-**-6789"),
                ("１２３-４５-６７８９", "***-**-6789"),
                ("123\u{2011}45\u{2013}6789", "***-**-6789"),
                ("1\u{200B}23-45\u{202E}-6789", "***-**-6789"),
            ],
        );
    }

    #[test]
    fn a_result_that_shows_too_much_is_hidden_whole() {
        // a pattern for one number, on three of them
        let first = params(r"^\d{11}", "***");
        assert_eq!(masked("regex_replace", &first, "13812341234 12"), "*** 12");
        assert_eq!(
            masked(
                "regex_replace",
                &first,
                "13812341234 13912341234 13712341234"
            ),
            "****"
        );
        // one letter less
        assert_hidden(
            "regex_replace",
            &params("e", "*"),
            &["Pete", "somewhere", "Ernest Hemingway"],
        );
        // turned round, doubled, put into other words: it is all still there
        assert_hidden("regex_replace", &params("(.)(.).", "$2$1"), &["abcdefghi"]);
        assert_hidden("regex_replace", &params("[a-c]", "abc"), &["abcabc"]);
        // separators are taken away, or other ones put in their place
        for replacement in ["", " "] {
            assert_hidden(
                "regex_replace",
                &params("[-.]", replacement),
                &["1-2-3-4-5-6-7-8-9", "a.b.c.d.e.f.g", "第-一-人-民-医-院"],
            );
        }
        // marks are taken away, the letters stay
        assert_hidden(
            "regex_replace",
            &params(r"\p{M}", ""),
            &["x\u{301}y\u{301}z\u{301}q\u{301}p\u{301}"],
        );
        // no more than 64 characters
        let long = format!("1{}", "abcdefgh ".repeat(60));
        assert_hidden("regex_replace", &params("1", ""), &[&long]);
    }

    #[test]
    fn a_result_of_nothing_or_too_much_is_hidden_whole() {
        assert_hidden("regex_replace", &params(".", ""), &["alice"]);
        assert_hidden("regex_replace", &params(".", " "), &["alice"]);
        let (pattern, text) = (params(".", &"#".repeat(100)), "x".repeat(100));
        assert_hidden("regex_replace", &pattern, &[&text]);
        let matches = params("x", "#");
        assert_eq!(
            masked("regex_replace", &matches, &"x".repeat(256)),
            "#".repeat(256)
        );
        assert_hidden("regex_replace", &matches, &[&"x".repeat(257)]);
    }

    #[test]
    fn a_pattern_that_may_match_nothing_is_refused() {
        for pattern in ["", ".*", r"\d*", "a|b?", r"\b", "^", "(x*)(y?)"] {
            assert_eq!(
                error_of("regex_replace", &params(pattern, "*")),
                "parameter `pattern` of masker `regex_replace` must be a regular expression that matches at least one character; write `+` where `*` or `?` leaves nothing",
                "{pattern}"
            );
        }
    }

    #[test]
    fn a_pattern_that_cannot_be_read_or_is_too_large_is_refused() {
        let long = "x".repeat(513);
        for pattern in ["(", "(?=a)b", r"(a)\1", r"(\w{100}){100}", &long] {
            assert_eq!(
                error_of("regex_replace", &params(pattern, "*")),
                "parameter `pattern` of masker `regex_replace` must be a regular expression as the crate `regex` reads it, without look-around and references back, of at most 512 bytes and a moderate size",
                "{pattern}"
            );
        }
    }

    #[test]
    fn a_replacement_that_puts_all_of_a_match_back_is_refused() {
        for (pattern, replacement) in [
            (r"\d+", "$0"),
            (r"\d+", "a${0}b"),
            (r"(\d+)", "$1"),
            (r"(?<all>\d+)", "<$all>"),
            (r"(\d)(\d+)", "$2$1"),
            (r"(a+)|b(c)", "$1"),
            (r"((\d+)-)?(\d+)", "$1$3"),
            (r"(\d)+", "$1"),
        ] {
            assert_eq!(
                error_of("regex_replace", &params(pattern, replacement)),
                "parameter `replacement` of masker `regex_replace` must be a text that leaves a part of every match out: not `$0`, and no groups that make up the whole pattern",
                "{pattern} {replacement}"
            );
        }
    }

    #[test]
    fn a_replacement_with_an_unknown_group_is_refused() {
        for (pattern, replacement) in [
            ("a(b)", "$2"),
            ("a(b)", "$1x"),
            ("a(?<b>c)", "$c"),
            ("a", "$a"),
        ] {
            assert_eq!(
                error_of("regex_replace", &params(pattern, replacement)),
                "parameter `replacement` of masker `regex_replace` must be a text with groups that the pattern has; write `${1}a` where a letter, a digit or `_` follows, and `$$` for a dollar",
                "{pattern} {replacement}"
            );
        }
        assert_eq!(
            masked("regex_replace", &params("a(b)cdef", "${1}x$$"), "abcdef"),
            "bx$"
        );
    }

    #[test]
    fn a_replacement_that_cannot_be_seen_is_refused() {
        let long = "x".repeat(129);
        for replacement in ["\\u200B", "\\u0007", "\\uE000", &long] {
            assert_eq!(
                error_of(
                    "regex_replace",
                    &format!("pattern = 'a'\nreplacement = \"{replacement}\"")
                ),
                "parameter `replacement` of masker `regex_replace` must be a text of at most 128 bytes without characters that cannot be seen"
            );
        }
    }

    #[test]
    fn a_replacement_of_128_bytes_is_one() {
        let pattern = params("a", &"x".repeat(128));
        assert_hidden("regex_replace", &pattern, &["no such letter"]);
    }
}
