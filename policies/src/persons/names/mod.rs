//! Names that agree with country and gender, and what their bearers call a mailbox.

use std::borrow::Cow;

use rand::{Rng, RngExt};

use super::{Country, Gender};

pub(super) mod en;
mod latin;
pub(super) mod uk;
pub(super) mod vi;
pub(super) mod zh_cn;

/// The name of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The given name.
    pub given: Cow<'static, str>,
    /// What stands beside it: a patronymic, a middle name, nothing.
    pub middle: Cow<'static, str>,
    /// The family name, in the form of the gender.
    pub family: Cow<'static, str>,
    latin: Latin,
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
    /// The name as it is written in the country.
    pub(super) fn full(&self, country: Country) -> String {
        let Self {
            given,
            middle,
            family,
            ..
        } = self;
        match country {
            Country::Us | Country::Gb => format!("{given} {family}"),
            Country::Cn => format!("{family}{given}"),
            Country::Vn => format!("{family} {middle} {given}"),
            Country::Ua => format!("{family} {given} {middle}"),
        }
    }

    /// Given and family name in Latin letters.
    pub(super) fn mailbox(&self) -> String {
        // room for what makes an address of it, too
        let mut mailbox = String::with_capacity(64);
        self.push_given(&mut mailbox);
        mailbox.push('.');
        self.push_family(&mut mailbox);
        mailbox
    }

    /// Initial and family name in Latin letters.
    pub(super) fn login(&self) -> String {
        let mut login = String::with_capacity(32);
        self.push_given(&mut login);
        let initial = login.chars().next();
        login.clear();
        login.extend(initial);
        self.push_family(&mut login);
        login
    }

    fn push_given(&self, out: &mut String) {
        match self.latin {
            Latin::Plain => latin::plain(&self.given, out),
            Latin::Ukrainian => latin::ukrainian(&self.given, out),
            Latin::Read(given, _) => given.iter().for_each(|part| out.push_str(part)),
        }
    }

    fn push_family(&self, out: &mut String) {
        match self.latin {
            Latin::Plain => latin::plain(&self.family, out),
            Latin::Ukrainian => latin::ukrainian(&self.family, out),
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
