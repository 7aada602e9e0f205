//! Names that agree with country and gender, and what their bearers call a mailbox.

use std::fmt;

use rand::{Rng, RngExt};

use super::{Country, Gender};

pub(super) mod en;
mod latin;
pub(super) mod uk;
pub(super) mod vi;
pub(super) mod zh_cn;

/// The name of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name {
    /// The given name.
    pub given: Word,
    /// What stands beside it: a patronymic, a middle name, nothing.
    pub middle: Word,
    /// The family name, in the form of the gender.
    pub family: Word,
    latin: Latin,
}

/// A word of a name: a stem and its ending, or the characters of a Chinese one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    stem: &'static str,
    ending: &'static str,
}

impl Word {
    const fn new(stem: &'static str, ending: &'static str) -> Self {
        Self { stem, ending }
    }

    fn chars(self) -> impl Iterator<Item = char> {
        self.stem.chars().chain(self.ending.chars())
    }

    /// Writes the word.
    pub(crate) fn push(self, out: &mut String) {
        out.push_str(self.stem);
        out.push_str(self.ending);
    }
}

impl From<&'static str> for Word {
    fn from(whole: &'static str) -> Self {
        Self::new(whole, "")
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.stem)?;
        f.write_str(self.ending)
    }
}

/// How given and family name become small Latin letters, which is seldom asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Latin {
    /// They lose their marks.
    Plain,
    /// Letter by letter, as passports have it.
    Ukrainian,
    /// They are read so: the characters of the given name, and the family name.
    Read([&'static str; 2], &'static str),
}

/// A name that is usual in the country.
pub(super) fn draw(country: Country, gender: Gender, rng: &mut impl Rng) -> Name {
    match country {
        Country::Us | Country::Gb => en::draw(gender, rng),
        Country::Cn => zh_cn::draw(gender, rng),
        Country::Vn => vi::draw(gender, rng),
        Country::Ua => uk::draw(gender, rng),
    }
}

impl Name {
    /// Writes the name as it is written in the country.
    pub(super) fn push_full(&self, country: Country, out: &mut String) {
        let Self {
            given,
            middle,
            family,
            ..
        } = *self;
        let (words, space) = match country {
            Country::Us | Country::Gb => (&[given, family][..], " "),
            Country::Cn => (&[family, given][..], ""),
            Country::Vn => (&[family, middle, given][..], " "),
            Country::Ua => (&[family, given, middle][..], " "),
        };
        for (i, word) in words.iter().enumerate() {
            out.push_str(if i > 0 { space } else { "" });
            word.push(out);
        }
    }

    /// Writes given and family name in Latin letters.
    pub(super) fn push_mailbox(&self, out: &mut String) {
        self.push_given(out);
        out.push('.');
        self.push_family(out);
    }

    /// Writes initial and family name in Latin letters.
    pub(super) fn push_login(&self, out: &mut String) {
        let start = out.len();
        self.push_given(out);
        // ASCII letters: each is a byte
        out.truncate(out.len().min(start + 1));
        self.push_family(out);
    }

    fn push_given(&self, out: &mut String) {
        match self.latin {
            Latin::Plain => latin::plain(self.given.chars(), out),
            Latin::Ukrainian => latin::ukrainian(self.given.chars(), out),
            Latin::Read(given, _) => given.iter().for_each(|part| out.push_str(part)),
        }
    }

    fn push_family(&self, out: &mut String) {
        match self.latin {
            Latin::Plain => latin::plain(self.family.chars(), out),
            Latin::Ukrainian => latin::ukrainian(self.family.chars(), out),
            Latin::Read(_, family) => out.push_str(family),
        }
    }
}

/// One of these, the first ones more often than the last: lists begin with what is common.
fn common<T: Copy + Default>(items: &[T], rng: &mut impl Rng) -> T {
    let place = rng.random_range(0..items.len().max(1));
    let most = rng.random_range(0..=place);
    items.get(most).copied().unwrap_or_default()
}
