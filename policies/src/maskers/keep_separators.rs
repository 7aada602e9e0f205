//! `keep_separators`: 4111-1111-1111-1234 -> ****-****-****-1234, whatever the value is.

use std::sync::Arc;

use super::declaration::{Budget, Declaration, Output, Parameter};
use super::graphemes::{is_sign, push_kept};
use super::params::Params;
use super::reveal::kept;
use super::simple::is_plain;
use super::text::{Tidy, hide, tidy};
use super::{Masked, Masker, MaskerError, Subject, Target};
use crate::value::{ValueKind, ValueRef};

/// The most that may be kept.
const MOST: usize = 16;
/// More graphemes than this are no number in groups.
const LONGEST: usize = 64;

pub(super) const DECLARATION: Declaration = Declaration {
    name: "keep_separators",
    summary: "hides letters and digits but for the last ones, and leaves spaces and punctuation where they are",
    kinds: &[ValueKind::Text],
    output: Output::SameKind,
    format_preserving: true,
    deterministic: true,
    joinable: false,
    reversible: false,
    keyed: false,
    max_reveal: "the last letters and digits asked for, but at least four and at least a third of them stay hidden; the length and the grouping of what has up to 64 characters",
    budget: Budget::Signs { most: MOST },
    params: &[
        Parameter {
            name: "last",
            meaning: "how many letters and digits are kept at the end, 0 to 16; 4 when left out",
        },
        Parameter {
            name: "char",
            meaning: "what a hidden letter or digit is shown as, neither a letter nor a digit; `*` when left out",
        },
    ],
    examples: &["", "last = 16\nchar = \"#\"", "last = 0"],
    build,
};

#[derive(Debug)]
struct KeepSeparators {
    last: usize,
    star: Box<str>,
}

fn build(params: &Params<'_>, _: &Target<'_>) -> Result<Arc<dyn Masker>, MaskerError> {
    Ok(Arc::new(KeepSeparators {
        last: params.count("last", 0..=MOST as i64, 4)?,
        star: params.mask_char("char")?,
    }))
}

impl Masker for KeepSeparators {
    fn mask(&self, value: ValueRef<'_>, _: &Subject<'_>, out: &mut String) -> Masked {
        let ValueRef::Text(text) = value else {
            return Masked::Null;
        };
        match tidy(text) {
            Some(text) if is_plain(&text) => self.mask_plain(&text, out),
            Some(text) => self.mask_graphemes(&text, out),
            None => hide(out),
        }
    }
}

impl KeepSeparators {
    /// Of ASCII that can be seen, a byte is a grapheme.
    fn mask_plain(&self, text: &str, out: &mut String) -> Masked {
        let signs = text.bytes().filter(u8::is_ascii_alphanumeric).count();
        if signs == 0 || text.len() > LONGEST {
            return hide(out);
        }
        let mut left = signs - self.kept(signs);
        for c in text.chars() {
            if !c.is_ascii_alphanumeric() || left == 0 {
                out.push(c);
            } else {
                left -= 1;
                out.push_str(&self.star);
            }
        }
        Masked::Text
    }

    fn mask_graphemes(&self, text: &Tidy<'_>, out: &mut String) -> Masked {
        let signs = text.graphemes().filter(|g| is_sign(g)).count();
        if signs == 0 || text.graphemes().count() > LONGEST {
            return hide(out);
        }
        let mut left = signs - self.kept(signs);
        for grapheme in text.graphemes() {
            match is_sign(grapheme) {
                true if left > 0 => {
                    left -= 1;
                    out.push_str(&self.star);
                }
                true => push_kept(grapheme, &self.star, out),
                false if is_separator(grapheme) => out.push_str(grapheme),
                // a picture or a lone mark may tell as much as a letter
                false => out.push_str(&self.star),
            }
        }
        Masked::Text
    }

    fn kept(&self, signs: usize) -> usize {
        kept(signs, 0, self.last).1
    }
}

/// Spaces, ASCII punctuation, and the dashes and dots that stand between groups elsewhere.
fn is_separator(grapheme: &str) -> bool {
    let mut chars = grapheme.chars();
    let one = chars.next().filter(|_| chars.next().is_none());
    one.is_some_and(|c| {
        c == ' ' || c.is_ascii_punctuation() || matches!(c, '\u{2010}'..='\u{2015}' | '·' | '・')
    })
}

#[cfg(test)]
mod tests {
    use super::super::harness::{assert_hidden, assert_table};

    #[test]
    fn the_last_letters_and_digits_are_shown_in_their_grouping() {
        assert_table(
            "keep_separators",
            "",
            &[
                ("4111-1111-1111-1234", "****-****-****-1234"),
                ("AB 12/345-678.9Z", "** **/***-*78.9Z"),
                ("(02) 2799-3078", "(**) ****-3078"),
                ("+86 138-1234-1234", "+** ***-****-1234"),
                ("京A·12345", "**·**345"),
                ("１２３４—５６７８", "****—５６７８"),
                ("12\u{200B}34\u{202E}-5678", "****-5678"),
            ],
        );
        assert_table(
            "keep_separators",
            "last = 0\nchar = \"#\"",
            &[("12-34-56", "##-##-##")],
        );
    }

    #[test]
    fn kept_parts_shrink_on_short_values() {
        assert_table(
            "keep_separators",
            "last = 16",
            &[
                ("1234-5678", "****-5678"),
                ("12-34-5", "**-**-5"),
                ("12-34", "**-**"),
                // twelve digits keep eight at most
                ("1234-5678-9012", "****-5678-9012"),
            ],
        );
    }

    #[test]
    fn pictures_and_lone_marks_are_no_separators() {
        assert_table(
            "keep_separators",
            "",
            &[
                ("👨‍👩‍👧12345678", "*******5678"),
                ("\u{301}12345678", "*****5678"),
            ],
        );
    }

    #[test]
    fn what_is_not_in_groups_is_hidden_whole() {
        let long = "1-".repeat(40);
        assert_hidden("keep_separators", "", &["", "---", "@", "👨‍👩‍👧", &long]);
    }

    #[test]
    fn other_scripts_keep_their_spaces_and_dashes_too() {
        assert_table(
            "keep_separators",
            "",
            &[("京A 12345", "** **345"), ("京A-12345", "**-**345")],
        );
    }
}
