//! The words that fake data is made of, a file a language.

use fake::Fake;
use fake::faker::name::raw::LastName;
use fake::locales::{EN, ZH_CN};

use super::SeedLocale;
use super::stream::Stream;

mod en;
mod zh_cn;

/// Everything that is said in one language.
#[derive(Debug)]
pub(super) struct Words {
    locale: SeedLocale,
    /// Where people live, each as often as its weight says.
    pub(super) places: &'static [(Place, u32)],
    /// What people do, each as often as its weight says.
    pub(super) occupations: &'static [(Occupation, u32)],
    /// Name and region.
    pub(super) departments: &'static [(&'static str, &'static str)],
    /// The department of the largest customers of all places, by its place in the list.
    pub(super) key_accounts: usize,
    pub(super) shelves: &'static [Shelf],
    /// What a product is good for.
    pub(super) praises: &'static [&'static str],
    /// Name and first day.
    pub(super) campaigns: &'static [(&'static str, (i32, u32, u32))],
    /// Subject and summary.
    pub(super) talks: &'static [(&'static str, &'static str)],
    /// Subject and body.
    pub(super) complaints: &'static [(&'static str, &'static str)],
    /// Subject and body.
    pub(super) requests: &'static [(&'static str, &'static str)],
    pub(super) deals: &'static [&'static str],
    /// Notes that name nobody.
    pub(super) notes: &'static [&'static str],
    /// Notes that mention `{phone}`.
    pub(super) phone_notes: &'static [&'static str],
    /// Full names that are hard to show well: very short, very long, with an emoji, with a combining mark.
    pub(super) odd_names: [&'static str; 4],
    female: &'static [&'static str],
    male: &'static [&'static str],
    streets: &'static [&'static str],
    languages: &'static [(&'static str, u32)],
}

/// Where a person lives.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    pub(super) city: &'static str,
    pub(super) region: &'static str,
    /// The beginning of its postal codes.
    postal: &'static str,
    /// The area code of its telephone numbers, where there are such codes.
    pub(super) area: &'static str,
    pub(super) country: Country,
    /// Which department serves it, by its place in the list.
    pub(super) department: usize,
}

/// Whose numbers and habits a person has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Country {
    #[default]
    Us,
    Gb,
    Cn,
}

/// What a person does for a living.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Occupation {
    pub(super) title: &'static str,
    /// The youngest and the oldest who do it.
    pub(super) ages: (i64, i64),
    /// The least and the most that it earns in a year, in thousands.
    pub(super) income: (i64, i64),
}

/// Products of a kind.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Shelf {
    pub(super) category: &'static str,
    /// How their numbers begin.
    pub(super) code: &'static str,
    /// Name and price, in whole units.
    pub(super) products: &'static [(&'static str, i64)],
}

/// A name, and what its bearer would call a mailbox.
#[derive(Debug)]
pub(super) struct Name {
    pub(super) full: String,
    /// In the order in which a mailbox would have them.
    pub(super) parts: [String; 2],
}

impl Country {
    /// The ISO 3166 code.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Us => "US",
            Self::Gb => "GB",
            Self::Cn => "CN",
        }
    }
}

impl Words {
    /// The words of a language.
    pub(super) fn of(locale: SeedLocale) -> &'static Self {
        match locale {
            SeedLocale::En => &en::WORDS,
            SeedLocale::ZhCn => &zh_cn::WORDS,
        }
    }

    /// A name as it is usual.
    pub(super) fn name(&self, stream: &mut Stream, male: bool) -> Name {
        let given = if male { self.male } else { self.female };
        match self.locale {
            SeedLocale::En => {
                let first = stream.pick(given);
                let last: &str = LastName(EN).fake_with_rng(stream.rng());
                Name {
                    full: format!("{first} {last}"),
                    parts: [first.to_owned(), last.to_owned()],
                }
            }
            SeedLocale::ZhCn => {
                let family = if stream.chance(3) {
                    stream.pick(&["欧阳", "司马", "诸葛", "上官"])
                } else {
                    LastName(ZH_CN).fake_with_rng(stream.rng())
                };
                let mut first = stream.pick(given).to_owned();
                if stream.chance(75) {
                    first += stream.pick(given);
                }
                Name {
                    full: format!("{family}{first}"),
                    parts: [family.to_owned(), first],
                }
            }
        }
    }

    /// Street and house in a place.
    pub(super) fn address_line(&self, stream: &mut Stream, country: Country) -> String {
        let street = stream.pick(self.streets);
        match country {
            Country::Us => {
                let house = stream.between(1, 9_999);
                let name: &str = LastName(EN).fake_with_rng(stream.rng());
                if stream.chance(25) {
                    format!("{house} {name} {street}, Apt {}", stream.between(1, 40))
                } else {
                    format!("{house} {name} {street}")
                }
            }
            Country::Gb => {
                let house = stream.between(1, 220);
                let name: &str = LastName(EN).fake_with_rng(stream.rng());
                format!("{house} {name} {street}")
            }
            Country::Cn => {
                let (house, block) = (stream.between(1, 999), stream.between(1, 30));
                let (floor, door) = (stream.between(1, 28), stream.between(1, 4));
                format!("{street}{house}号{block}栋{floor}{door:02}室")
            }
        }
    }

    /// The language that a person of a country wants to be addressed in.
    pub(super) fn language(&self, stream: &mut Stream, country: Country) -> &'static str {
        match country {
            Country::Gb => "en-GB",
            Country::Us | Country::Cn => stream.weighted(self.languages),
        }
    }
}

impl Place {
    /// A postal code of the place.
    pub(super) fn postal_code(&self, stream: &mut Stream) -> String {
        let prefix = self.postal;
        match self.country {
            Country::Us => format!("{prefix}{}", stream.digits(2)),
            Country::Gb => {
                let unit = stream.text(2, "ABDEFGHJLNPQRSTUWXYZ");
                format!("{prefix} {}{unit}", stream.digits(1))
            }
            Country::Cn => format!("{prefix}{}", stream.digits(6 - prefix.len().min(6))),
        }
    }
}
