//! Names of persons: tells the two ways of writing them apart. Each masker of names falls back on the other one's rule.

use unicode_segmentation::UnicodeSegmentation;

use super::text::{WIDEST_GRAPHEME, hide, tidy};
use super::{Masked, name_cjk, name_latin};

/// Masks a name by the rule of the script that it is written in; what is no name, or is written in both, is hidden whole.
pub(super) fn mask(text: &str, order: name_latin::Order, out: &mut String) -> Masked {
    let Some(name) = tidy(text) else {
        return hide(out);
    };
    let done = match script(&name) {
        Some(Script::Cjk) => name_cjk::write(&name, out),
        Some(Script::Spaced) => name_latin::write(&name, order, out),
        None => None,
    };
    done.map_or_else(|| hide(out), |()| Masked::Text)
}

/// The letters of a name or of a word of it, each with its marks.
pub(super) fn letters(text: &str) -> impl Iterator<Item = &str> {
    text.graphemes(true)
        .filter(|grapheme| grapheme.starts_with(char::is_alphabetic))
}

/// How a name is written.
#[derive(Clone, Copy, PartialEq)]
enum Script {
    /// Chinese, Japanese, Korean: the surname comes first and nothing separates it.
    Cjk,
    /// Everything else: words.
    Spaced,
}

/// None for what holds anything but letters of one way of writing and the marks that names are joined with.
fn script(name: &str) -> Option<Script> {
    let mut found = None;
    for grapheme in name.graphemes(true) {
        let c = grapheme.chars().next()?;
        if c.is_alphabetic() {
            let script = if is_cjk(c) {
                Script::Cjk
            } else {
                Script::Spaced
            };
            if *found.get_or_insert(script) != script || grapheme.len() > WIDEST_GRAPHEME {
                return None;
            }
        } else if !is_joint(grapheme) {
            return None;
        }
    }
    found
}

/// Spaces, commas, full stops, hyphens, middle dots and the apostrophes that keyboards make (U+02BC is a letter anyway).
fn is_joint(grapheme: &str) -> bool {
    matches!(
        grapheme,
        " " | ","
            | "."
            | "-"
            | "\u{2010}"
            | "\u{2011}"
            | "'"
            | "\u{2018}"
            | "\u{2019}"
            | "·"
            | "•"
            | "・"
    )
}

/// Han, kana, bopomofo and hangul, as the blocks of Unicode have them.
fn is_cjk(c: char) -> bool {
    matches!(
        c,
        '\u{1100}'..='\u{11FF}'
            | '\u{3005}'..='\u{3007}'
            | '\u{3040}'..='\u{31FF}'
            | '\u{3400}'..='\u{4DBF}'
            | '\u{4E00}'..='\u{9FFF}'
            | '\u{A960}'..='\u{A97F}'
            | '\u{AC00}'..='\u{D7FF}'
            | '\u{F900}'..='\u{FAFF}'
            | '\u{FF66}'..='\u{FF9F}'
            | '\u{20000}'..='\u{3FFFF}'
    )
}
