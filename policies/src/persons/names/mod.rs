//! Names that agree with country and gender, and what their bearers call a mailbox.

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
    pub given: String,
    /// What stands beside it: a patronymic, a middle name, nothing.
    pub middle: String,
    /// The family name, in the form of the gender.
    pub family: String,
    /// Given and family name in small Latin letters.
    latin: [String; 2],
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
        self.latin.join(".")
    }

    /// Initial and family name in Latin letters.
    pub(super) fn login(&self) -> String {
        let [given, family] = &self.latin;
        given.chars().take(1).chain(family.chars()).collect()
    }
}

/// One of these, the first ones more often than the last: lists begin with what is common.
fn common<T: Copy + Default>(items: &[T], rng: &mut impl Rng) -> T {
    let place = rng.random_range(0..items.len().max(1));
    let most = rng.random_range(0..=place);
    items.get(most).copied().unwrap_or_default()
}
