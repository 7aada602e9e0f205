//! Invented persons whose parts fit each other, and who are nobody.
//!
//! A name fits gender and country, a mailbox fits the name, a national id fits birth, gender and country, telephone, postal code, city and
//! region fit each other. The same person is invented in the demo's data and behind the masks that give a real person a false identity.
//!
//! A [`Person`] is a few bytes: whose traits they are, a seed, and a serial that keeps it apart from others. Every part is worked out
//! when it is asked for, each from a stream of its own, so that no part depends on which others were asked for before.
//!
//! ```
//! use rand::SeedableRng;
//! use sudare_policies::persons::{Country, Gender, Person, Traits};
//!
//! let traits = Traits {
//!     country: Country::Ua,
//!     gender: Gender::Female,
//!     birth: "1990-06-22".parse()?,
//! };
//! let person = Person::draw(traits, &mut rand_chacha::ChaCha12Rng::seed_from_u64(7));
//! assert_eq!(person.full_name().split(' ').count(), 3);
//! assert!(person.phone().starts_with("+380 58"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use chrono::{Datelike, Days, NaiveDate};
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha12Rng;

mod country;
mod names;
mod numbers;
mod places;
mod serial;
mod work;

#[cfg(test)]
mod tests;

pub use country::{Country, Gender};
pub use names::{Name, Word};
pub use places::Place;
pub(crate) use serial::{NARROW_BITS, Serial, WIDE_BITS};

/// What the parts of a person fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Traits {
    /// Where the person lives.
    pub country: Country,
    /// Of which gender the person is.
    pub gender: Gender,
    /// When the person was born.
    pub birth: NaiveDate,
}

/// The decades in which somebody can be born whom a national id is to fit; a birth in another one counts as not told.
const DECADES: std::ops::RangeInclusive<i32> = 1900..=2090;

/// What a false identity must fit; what is not told is up to chance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Told {
    /// Where the person lives: if it is not told, somewhere English is spoken.
    pub(crate) country: Option<Country>,
    pub(crate) gender: Option<Gender>,
    /// The day of birth, of which the decade is kept.
    pub(crate) birth: Option<NaiveDate>,
}

/// A person who does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Person {
    traits: Traits,
    seed: [u8; 32],
    serial: Serial,
}

/// The parts of a person that chance decides, each by a stream of its own. A number that was given once is not given to another part:
/// identities would change from release to release.
#[derive(Clone, Copy, Debug)]
#[repr(u64)]
enum Part {
    Traits = 1,
    Name = 2,
    Place = 3,
    Street = 4,
    Postcode = 5,
    Phone = 6,
    NationalId = 7,
    Card = 8,
    Iban = 9,
    Domain = 10,
    Company = 11,
    Job = 12,
    Tail = 13,
}

impl Person {
    /// A person with these traits, whatever chance makes of the rest; two of them can by chance share a number.
    pub fn draw(traits: Traits, rng: &mut impl Rng) -> Self {
        let mut seed = [0; 32];
        rng.fill_bytes(&mut seed);
        Self {
            traits,
            seed,
            serial: Serial::Drawn,
        }
    }

    /// The false identity of somebody of whom this is told.
    ///
    /// The day of birth lies in the decade of the real one, on a day that the serial tells, so that a national id, which tells the
    /// day too, has more room to be unique. The decade may have days yet to come.
    pub(crate) fn of(told: Told, seed: [u8; 32], serial: Serial) -> Self {
        let decade = told.birth.map(|birth| birth.year().div_euclid(10) * 10);
        let decade = decade.filter(|decade| DECADES.contains(decade));
        let traits = match (told.country, told.gender, decade, serial.own_day()) {
            // nothing is left to chance, which is not asked then
            (Some(country), Some(gender), Some(decade), Some(day)) => Traits {
                country,
                gender,
                birth: day_of(decade, day),
            },
            _ => drawn(told, decade, serial, &mut chance(seed, Part::Traits)),
        };
        Self {
            traits,
            seed,
            serial,
        }
    }

    /// What all the rest comes from.
    pub(crate) fn seed(&self) -> [u8; 32] {
        self.seed
    }

    /// What the parts fit.
    #[must_use]
    pub fn traits(&self) -> Traits {
        self.traits
    }

    /// The name, in its parts.
    #[must_use]
    pub fn name(&self) -> Name {
        let Traits {
            country, gender, ..
        } = self.traits;
        names::draw(country, gender, &mut self.chance(Part::Name))
    }

    /// The given name.
    #[must_use]
    pub fn given_name(&self) -> String {
        self.name().given.to_string()
    }

    /// The family name, in the form of the gender.
    #[must_use]
    pub fn family_name(&self) -> String {
        self.name().family.to_string()
    }

    /// The name as it is written in the country: order, script, all parts.
    #[must_use]
    pub fn full_name(&self) -> String {
        written(|out| self.push_full_name(out))
    }

    /// What the person would call a mailbox: given and family name in Latin letters, `olena.shevchenko`.
    #[must_use]
    pub fn mailbox(&self) -> String {
        written(|out| self.name().push_mailbox(out))
    }

    /// An e-mail address in a domain that nobody can own (RFC 2606).
    #[must_use]
    pub fn email(&self) -> String {
        written(|out| self.push_email(out))
    }

    /// A name to sign in with: initial and family name.
    #[must_use]
    pub fn login(&self) -> String {
        written(|out| self.push_login(out))
    }

    /// A telephone number that nobody has, with its country code.
    #[must_use]
    pub fn phone(&self) -> String {
        written(|out| self.push_phone(out))
    }

    /// A number by which the state would know the person, as it is written in the country.
    #[must_use]
    pub fn national_id(&self) -> String {
        written(|out| self.push_national_id(out))
    }

    /// The number of a card that no bank gives out, valid by Luhn's rule.
    #[must_use]
    pub fn card(&self) -> String {
        written(|out| self.push_card(out))
    }

    /// The number of an account at a bank that does not exist. Where a country has none, it is a British one.
    #[must_use]
    pub fn iban(&self) -> String {
        written(|out| self.push_iban(out))
    }

    /// Where the person lives.
    #[must_use]
    pub fn place(&self) -> Place {
        places::draw(self.traits.country, &mut self.chance(Part::Place))
    }

    /// Street, house and door.
    #[must_use]
    pub fn address_line(&self) -> String {
        places::address_line(self.traits.country, &mut self.chance(Part::Street))
    }

    /// The city, in China with its district.
    #[must_use]
    pub fn city(&self) -> &'static str {
        self.place().city
    }

    /// The state, county, province or oblast of the city.
    #[must_use]
    pub fn region(&self) -> &'static str {
        self.place().region
    }

    /// A postal code of the city.
    #[must_use]
    pub fn postal_code(&self) -> String {
        places::postal_code(&self.place(), &mut self.chance(Part::Postcode))
    }

    /// A company that might be called so.
    #[must_use]
    pub fn company(&self) -> String {
        let family = self.name().family;
        work::company(self.traits.country, family, &mut self.chance(Part::Company))
    }

    /// What the person does for a living.
    #[must_use]
    pub fn job(&self) -> &'static str {
        work::job(self.traits.country, &mut self.chance(Part::Job))
    }

    fn chance(&self, part: Part) -> ChaCha12Rng {
        chance(self.seed, part)
    }
}

/// The parts that masks write into an answer, cell by cell.
impl Person {
    pub(crate) fn push_full_name(&self, out: &mut String) {
        self.name().push_full(self.traits.country, out);
    }

    pub(crate) fn push_email(&self, out: &mut String) {
        self.name().push_mailbox(out);
        self.push_tail(out);
        out.push('@');
        out.push_str(numbers::domain(&mut self.chance(Part::Domain)));
    }

    pub(crate) fn push_login(&self, out: &mut String) {
        self.name().push_login(out);
        self.push_tail(out);
    }

    pub(crate) fn push_phone(&self, out: &mut String) {
        let country = self.traits.country;
        // elsewhere numbers have no area
        let area = match country {
            Country::Us => self.place().area,
            _ => "",
        };
        numbers::push_phone(country, area, &mut self.chance(Part::Phone), out);
    }

    pub(crate) fn push_national_id(&self, out: &mut String) {
        let chance = &mut self.chance(Part::NationalId);
        numbers::push_national_id(self.traits, self.serial, chance, out);
    }

    pub(crate) fn push_card(&self, out: &mut String) {
        let chance = &mut self.chance(Part::Card);
        numbers::push_card(self.traits.country, self.serial, chance, out);
    }

    pub(crate) fn push_iban(&self, out: &mut String) {
        let chance = &mut self.chance(Part::Iban);
        numbers::push_iban(self.traits.country, self.serial, chance, out);
    }

    /// What keeps this mailbox apart from those of the same name.
    fn push_tail(&self, out: &mut String) {
        numbers::push_tail(self.serial, &mut self.chance(Part::Tail), out);
    }
}

fn written(write: impl FnOnce(&mut String)) -> String {
    // enough for any of them
    let mut out = String::with_capacity(64);
    write(&mut out);
    out
}

/// Traits of which chance decides what is not told.
fn drawn(told: Told, decade: Option<i32>, serial: Serial, rng: &mut impl Rng) -> Traits {
    // all are drawn, told or not: what is told of one changes no other
    let country = if rng.random_ratio(7, 10) {
        Country::Us
    } else {
        Country::Gb
    };
    let gender = if rng.random() {
        Gender::Female
    } else {
        Gender::Male
    };
    let any_decade = 1940 + 10 * rng.random_range(0..7);
    let day = serial.day(rng);
    Traits {
        country: told.country.unwrap_or(country),
        gender: told.gender.unwrap_or(gender),
        birth: day_of(decade.unwrap_or(any_decade), day),
    }
}

fn day_of(decade: i32, day: u64) -> NaiveDate {
    let first = NaiveDate::from_ymd_opt(decade, 1, 1).unwrap_or_default();
    first.checked_add_days(Days::new(day)).unwrap_or(first)
}

/// The stream of one part.
fn chance(seed: [u8; 32], part: Part) -> ChaCha12Rng {
    let mut rng = ChaCha12Rng::from_seed(seed);
    rng.set_stream(part as u64);
    rng
}
