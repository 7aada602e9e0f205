//! Text on its way into a masker: bounded, normalised, without anything that cannot be seen.

use std::borrow::Cow;
use std::ops::Deref;

use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

use super::Masked;
use super::simple::is_simple;

/// The longest text that a masker reads, in bytes; of a longer one nothing is shown.
pub(super) const LONGEST: usize = 1024;

/// The widest grapheme that is shown, in bytes: a letter may carry a few marks, not a thousand.
pub(super) const WIDEST_GRAPHEME: usize = 32;

/// The most stars in a row, however much they hide.
pub(super) const MOST_STARS: usize = 32;

/// As many as there may be.
const STARS: &str = "********************************";

/// What stands for a value that is hidden whole, whatever its length.
pub(super) const HIDDEN: &str = "****";

/// Shows nothing of the value, not even its length.
pub(super) fn hide(out: &mut String) -> Masked {
    out.clear();
    out.push_str(HIDDEN);
    Masked::Text
}

/// Writes a mask in the place of `hidden` graphemes.
pub(super) fn push_stars(hidden: usize, star: &str, out: &mut String) {
    let hidden = hidden.min(MOST_STARS);
    match (star, STARS.get(..hidden)) {
        ("*", Some(stars)) => out.push_str(stars),
        _ => (0..hidden).for_each(|_| out.push_str(star)),
    }
}

/// Writes ASCII that is worked out byte by byte: in one piece, as pushing characters takes several times as long.
pub(super) fn push_ascii(bytes: impl Iterator<Item = u8>, out: &mut String) {
    let mut buffer = std::mem::take(out).into_bytes();
    buffer.extend(bytes);
    // were it not ASCII after all, nothing would be shown
    *out = String::from_utf8(buffer).unwrap_or_default();
}

/// A text that [`tidy`] or [`tidy_compatible`] went through.
pub(super) struct Tidy<'a> {
    text: Cow<'a, str>,
    is_simple: bool,
}

impl Tidy<'_> {
    /// Whether each of its characters is a grapheme: see [`super::simple`].
    pub(super) fn is_simple(&self) -> bool {
        self.is_simple
    }
}

impl Deref for Tidy<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

/// The text in NFC, trimmed, every white space a plain one, without invisible characters.
///
/// None if it is too long to be looked at or nothing is left.
pub(super) fn tidy(text: &str) -> Option<Tidy<'_>> {
    tidied(text, |text| text.nfc().filter_map(visible).collect())
}

/// Like [`tidy`], in NFKC and with every dash a hyphen: full-width digits become digits, a no-break space a space.
pub(super) fn tidy_compatible(text: &str) -> Option<Tidy<'_>> {
    tidied(text, |text| {
        text.nfkc()
            .filter_map(visible)
            .map(|c| if is_dash(c) { '-' } else { c })
            .collect()
    })
}

/// Whether a character cannot be seen, or changes how its neighbours are seen: controls, format characters (bidirectional,
/// zero-width, tags), separators of lines, variation selectors and fillers, and what Unicode has not assigned.
pub(super) fn is_invisible(c: char) -> bool {
    use GeneralCategory as G;
    if matches!(c, ' '..='~') {
        return false;
    }
    matches!(
        c.general_category(),
        G::Control
            | G::Format
            | G::LineSeparator
            | G::ParagraphSeparator
            | G::Surrogate
            | G::PrivateUse
            | G::Unassigned
    ) || matches!(
        c,
        // marks and letters that are ignored by default
        '\u{34F}'
            | '\u{115F}'..='\u{1160}'
            | '\u{17B4}'..='\u{17B5}'
            | '\u{180B}'..='\u{180F}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FFA0}'
            | '\u{E0100}'..='\u{E01EF}'
    )
}

/// Whether a character only ever stands on another one.
pub(super) fn is_mark(c: char) -> bool {
    use GeneralCategory as G;
    !c.is_ascii()
        && matches!(
            c.general_category(),
            G::NonspacingMark | G::SpacingMark | G::EnclosingMark
        )
}

/// The character as it may be looked at: white space is one plain space, the invisible is nothing.
pub(super) fn visible(c: char) -> Option<char> {
    if c.is_whitespace() {
        Some(' ')
    } else if is_invisible(c) {
        None
    } else {
        Some(c)
    }
}

fn tidied(text: &str, normalised: impl Fn(&str) -> String) -> Option<Tidy<'_>> {
    if text.len() > LONGEST {
        return None;
    }
    let is_simple = is_simple(text);
    let text = if is_simple {
        // it has no other white space
        Cow::Borrowed(text.trim_matches(' '))
    } else {
        let normalised = normalised(text);
        Cow::Owned(normalised.trim().to_owned())
    };
    (!text.is_empty()).then_some(Tidy { text, is_simple })
}

fn is_dash(c: char) -> bool {
    c == '\u{2212}' || c.general_category() == GeneralCategory::DashPunctuation
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invisible_characters_go() {
        assert_eq!(
            tidy("\u{FEFF}a\u{200B}b\u{202E}c\u{2066}\u{0}").as_deref(),
            Some("abc")
        );
        assert!(tidy("\u{200B}\u{3164} \u{2060}").is_none());
        assert!(tidy("").is_none());
    }

    #[test]
    fn equal_texts_become_equal() {
        assert_eq!(
            tidy("Nguye\u{302}\u{303}n\u{A0}A").as_deref(),
            Some("Nguyễn A")
        );
        assert_eq!(
            tidy_compatible("（１３８）‑１２—３４").as_deref(),
            Some("(138)-12-34")
        );
    }

    #[test]
    fn stars_are_counted_up_to_the_most() {
        for (hidden, star, width) in [(0, "*", 0), (5, "*", 5), (40, "*", 32), (40, "•", 96)] {
            let mut out = "a".to_owned();
            push_stars(hidden, star, &mut out);
            assert_eq!(out.len(), 1 + width);
        }
        assert_eq!(STARS.len(), MOST_STARS);
    }

    #[test]
    fn long_text_is_not_looked_at() {
        assert!(tidy(&"a".repeat(LONGEST)).is_some());
        assert!(tidy(&"a".repeat(LONGEST + 1)).is_none());
        assert!(tidy_compatible(&"字".repeat(LONGEST)).is_none());
    }
}
