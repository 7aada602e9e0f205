//! What `before_delimiter` and `after_delimiter` share: a text is cut in two at a delimiter, and one side is hidden.

use unicode_segmentation::UnicodeSegmentation;

use super::declaration::Parameter;
use super::graphemes::push_kept;
use super::params::Params;
use super::reveal::shown_at_most;
use super::simple::split_at;
use super::text::{hide, is_mark, push_stars, tidy};
use super::{Masked, MaskerError};

/// The most that is shown of the other side, however long it is.
pub(super) const MOST_SHOWN: usize = 64;
/// What stands for the hidden side, however long it is.
const SIDE: &str = "***";

/// The parameters of both.
pub(super) const PARAMS: &[Parameter] = &[
    Parameter {
        name: "delimiter",
        meaning: "the character to cut at, neither a letter nor a digit, such as `@`",
    },
    Parameter {
        name: "at",
        meaning: "`first` or `last`: which delimiter counts when there are several; `first` when left out",
    },
];

/// The side that is hidden.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Hidden {
    Before,
    After,
}

/// Where to cut.
#[derive(Debug)]
pub(super) struct Delimiter {
    grapheme: Box<str>,
    last: bool,
}

impl Delimiter {
    pub(super) fn read(params: &Params<'_>) -> Result<Self, MaskerError> {
        let text = params.text("delimiter")?;
        let one = text.graphemes(true).count() == 1;
        let tidy = text == " " || tidy(text).as_deref() == Some(text);
        if !one || !tidy || text.starts_with(|c: char| c.is_alphanumeric() || is_mark(c)) {
            return Err(params.bad(
                "delimiter",
                "one character that can be seen or a space, neither a letter nor a digit",
            ));
        }
        Ok(Self {
            grapheme: text.into(),
            last: params.choice("at", &[("first", false), ("last", true)], Some(false))?,
        })
    }

    /// Hides one side; everything where there is no delimiter, or nothing to hide on that side.
    pub(super) fn mask(&self, text: &str, hidden: Hidden, out: &mut String) -> Masked {
        let Some(text) = tidy(text) else {
            return hide(out);
        };
        let done = match text.is_simple() {
            true => self.mask_simple(&text, hidden, out),
            false => self.mask_graphemes(&text, hidden, out),
        };
        done.map_or_else(|| hide(out), |()| Masked::Text)
    }

    /// Of a simple text, a character is a grapheme.
    fn mask_simple(&self, text: &str, hidden: Hidden, out: &mut String) -> Option<()> {
        let (before, after) = if self.last {
            text.rsplit_once(&*self.grapheme)
        } else {
            text.split_once(&*self.grapheme)
        }?;
        let (gone, kept) = hidden.sides(before, after);
        if gone.is_empty() {
            return None;
        }
        let (shown, more) = extent(text.chars().count(), kept.chars().count());
        match hidden {
            Hidden::Before => {
                out.push_str(SIDE);
                out.push_str(&self.grapheme);
                out.push_str(split_at(kept, shown).0);
                push_stars(more, "*", out);
            }
            Hidden::After => {
                push_stars(more, "*", out);
                out.push_str(split_at(kept, more).1);
                out.push_str(&self.grapheme);
                out.push_str(SIDE);
            }
        }
        Some(())
    }

    fn mask_graphemes(&self, text: &str, hidden: Hidden, out: &mut String) -> Option<()> {
        let graphemes: Vec<&str> = text.graphemes(true).collect();
        let (before, after) = self.cut(&graphemes)?;
        let (gone, kept) = hidden.sides(before, after);
        if gone.is_empty() {
            return None;
        }
        let (shown, more) = extent(graphemes.len(), kept.len());
        match hidden {
            Hidden::Before => {
                out.push_str(SIDE);
                out.push_str(&self.grapheme);
                push_all(kept.iter().take(shown), out);
                push_stars(more, "*", out);
            }
            Hidden::After => {
                push_stars(more, "*", out);
                push_all(kept.iter().skip(more), out);
                out.push_str(&self.grapheme);
                out.push_str(SIDE);
            }
        }
        Some(())
    }

    fn cut<'a, 'b>(&self, graphemes: &'a [&'b str]) -> Option<(&'a [&'b str], &'a [&'b str])> {
        let is_delimiter = |grapheme: &&str| *grapheme == &*self.grapheme;
        let at = if self.last {
            graphemes.iter().rposition(is_delimiter)
        } else {
            graphemes.iter().position(is_delimiter)
        }?;
        let (before, rest) = graphemes.split_at_checked(at)?;
        Some((before, rest.get(1..)?))
    }
}

impl Hidden {
    /// What is hidden, and what is kept.
    fn sides<T>(self, before: T, after: T) -> (T, T) {
        match self {
            Self::Before => (before, after),
            Self::After => (after, before),
        }
    }
}

/// How many of the kept graphemes are shown, and how many are not. Where too little would stay hidden, what lies farthest from the
/// delimiter goes as well.
fn extent(len: usize, kept: usize) -> (usize, usize) {
    let shown = kept.min(shown_at_most(len).min(MOST_SHOWN));
    (shown, kept - shown)
}

fn push_all<'a>(graphemes: impl Iterator<Item = &'a &'a str>, out: &mut String) {
    for grapheme in graphemes {
        push_kept(grapheme, "*", out);
    }
}
