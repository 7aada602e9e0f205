//! Graphemes: what a reader counts as characters.

use std::str::Chars;

use unicode_segmentation::UnicodeSegmentation;

use super::simple::is_simple;
use super::text::{Tidy, WIDEST_GRAPHEME, is_mark, visible};

/// The graphemes of a text; of a simple one they are its characters.
pub(super) enum Graphemes<'a> {
    Simple(Chars<'a>),
    Any(unicode_segmentation::Graphemes<'a>),
}

impl<'a> Graphemes<'a> {
    /// The graphemes of a part of a text of which it is known whether it is simple.
    pub(super) fn of(text: &'a str, is_simple: bool) -> Self {
        if is_simple {
            Self::Simple(text.chars())
        } else {
            Self::Any(text.graphemes(true))
        }
    }
}

impl<'a> Iterator for Graphemes<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        match self {
            Self::Simple(chars) => {
                let text = chars.as_str();
                text.get(..chars.next()?.len_utf8())
            }
            Self::Any(graphemes) => graphemes.next(),
        }
    }
}

impl Tidy<'_> {
    /// What a reader counts.
    pub(super) fn graphemes(&self) -> Graphemes<'_> {
        Graphemes::of(self, self.is_simple())
    }
}

/// Those of a normalised text of which something can be seen: a run of the others would pass for hidden text.
pub(super) fn seen(normal: &str) -> Vec<&str> {
    normal
        .trim()
        .graphemes(true)
        .filter(|grapheme| grapheme.chars().any(|c| visible(c).is_some()))
        .collect()
}

/// Whether a grapheme is a letter or a digit.
pub(super) fn is_sign(grapheme: &str) -> bool {
    grapheme.starts_with(|c: char| c.is_alphanumeric() && !is_mark(c))
}

/// Shows one grapheme, or a star when it cannot be shown as one: it falls apart without its invisible characters (a family
/// emoji), would merge with what stands before it (a lone mark), or is wider than any letter.
pub(super) fn push_kept(grapheme: &str, star: &str, out: &mut String) {
    if is_simple(grapheme) {
        out.push_str(grapheme);
        return;
    }
    let start = out.len();
    out.extend(grapheme.chars().filter_map(visible));
    let shown = out.get(start..).unwrap_or_default();
    let whole = shown.graphemes(true).count() == 1
        && shown.len() <= WIDEST_GRAPHEME
        && !shown.starts_with(is_mark);
    if !whole {
        out.truncate(start);
        out.push_str(star);
    }
}
