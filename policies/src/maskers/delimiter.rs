//! What `before_delimiter` and `after_delimiter` share: a text is cut in two at a delimiter, and one side is hidden.

use unicode_segmentation::UnicodeSegmentation;

use super::declaration::Parameter;
use super::graphemes::push_kept;
use super::params::Params;
use super::reveal::shown_at_most;
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
        let graphemes: Vec<&str> = text.graphemes(true).collect();
        let Some((before, after)) = self.cut(&graphemes) else {
            return hide(out);
        };
        let (gone, kept) = match hidden {
            Hidden::Before => (before, after),
            Hidden::After => (after, before),
        };
        if gone.is_empty() {
            return hide(out);
        }
        // Where too little would stay hidden, what lies farthest from the delimiter goes as well.
        let most = shown_at_most(graphemes.len()).min(MOST_SHOWN);
        let shown = kept.len().min(most);
        let more = kept.len() - shown;
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
        Masked::Text
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

fn push_all<'a>(graphemes: impl Iterator<Item = &'a &'a str>, out: &mut String) {
    for grapheme in graphemes {
        push_kept(grapheme, "*", out);
    }
}
