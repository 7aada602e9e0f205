//! Graphemes: what a reader counts as characters.

use unicode_segmentation::UnicodeSegmentation;

use super::text::{WIDEST_GRAPHEME, is_mark, visible};

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
