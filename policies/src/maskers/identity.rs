//! The false identity of the person behind a cell: the same one in every entity, field, class and row of an audience.
//!
//! It is derived from the person's key, with the key of the audience for such persons ([`super::Target::subject`]), and fits what else
//! the [`Subject`] tells: nothing of the cell goes into it. So a cell that by chance holds what the identity shows is shown as it is, as
//! often as a stranger would be right by guessing, and nobody can tell when: were another word taken there, the name would no longer fit
//! the mailbox, and this would tell that the first one was right.
//!
//! What keeps persons apart is a permutation of their keys (FF1), not a hash:
//!
//! | key of the person | e-mail, login, alias | national id, card, account |
//! |---|---|---|
//! | whole number from 0, below 2^23 (8,388,608) | different for different persons | different for persons of one country |
//! | whole number up to 2^63 - 1 | different for different persons | may coincide |
//! | negative, or a text | coincide with a probability of 2^-64 | may coincide |
//!
//! For a column that is unique, what may coincide is not shown at all. Names, telephone numbers, addresses and birthdays coincide as those
//! of real people do. An e-mail shows by its length whether a key is below 2^23, an alias whether it is below 2^20 or 2^40.

use super::bijection::{BadWidth, Bijection};
use super::key::Prf;
use super::memo::{Domain, Known};
use super::{DomainKey, Subject};
use crate::persons::{Country, Gender, NARROW_BITS, Person, Serial, Told, WIDE_BITS};
use crate::value::ValueRef;

/// Where an identity is to live.
#[derive(Clone, Copy, Debug)]
pub(super) enum Wanted {
    /// Where the subject does.
    Home,
    /// There, or where English is spoken.
    Country(Option<Country>),
}

/// What derives false identities for one audience and one kind of person.
#[derive(Debug)]
pub(super) struct Identities {
    domain: Domain,
    seed: Prf,
    hash: Prf,
    narrow: Bijection,
    wide: Bijection,
}

impl Identities {
    /// Identities under the key of an audience for a kind of person.
    pub(super) fn new(key: &DomainKey) -> Result<Self, BadWidth> {
        Ok(Self {
            domain: Domain(key.prf(&["identity memo"]).of(ValueRef::Boolean(true))),
            seed: key.prf(&["identity"]),
            hash: key.prf(&["identity serial"]),
            narrow: Bijection::new(key, &["identity"], NARROW_BITS)?,
            wide: Bijection::new(key, &["identity"], WIDE_BITS)?,
        })
    }

    /// The false identity of a subject that has a key.
    pub(super) fn person(&self, subject: &Subject<'_>, wanted: Wanted) -> Option<Person> {
        self.known(subject, wanted, true)
    }

    /// The same identity without what keeps it apart from others: right for names, places, telephone and gender alone, and made in a
    /// fraction of the time.
    pub(super) fn likeness(&self, subject: &Subject<'_>, wanted: Wanted) -> Option<Person> {
        self.known(subject, wanted, false)
    }

    /// The identity, kept for the next cell if the person has a number. One that is kept apart from others is right where that does not
    /// matter, too.
    fn known(&self, subject: &Subject<'_>, wanted: Wanted, is_apart: bool) -> Option<Person> {
        let key = subject.key?;
        let told = told(subject, wanted);
        let memo = match key {
            ValueRef::Int(number) => subject.memo.map(|memo| (memo, number)),
            _ => None,
        };
        let known = memo.and_then(|(memo, number)| memo.of(self.domain, number));
        if let Some(known) = known
            && known.told == told
            && (known.is_apart || !is_apart)
        {
            return Some(known.person);
        }
        let seed = known.map_or_else(|| self.seed.of(key), |known| known.person.seed());
        let serial = match is_apart {
            true => self.serial(key),
            false => Serial::Drawn,
        };
        let person = Person::of(told, seed, serial);
        if let Some((memo, key)) = memo {
            memo.keep(Known {
                domain: self.domain,
                key,
                told,
                person,
                is_apart,
            });
        }
        Some(person)
    }

    /// Where the subject lives, if persons can be invented there.
    pub(super) fn home(subject: &Subject<'_>) -> Option<Country> {
        Country::from_name(subject.country?)
    }

    /// Whether nobody else has the same serial, and it is small enough for numbers with little room.
    pub(super) fn is_narrow(subject: &Subject<'_>) -> bool {
        matches!(subject.key, Some(ValueRef::Int(key)) if key >= 0 && key >> NARROW_BITS == 0)
    }

    /// Whether nobody else has the same serial.
    pub(super) fn is_apart(subject: &Subject<'_>) -> bool {
        matches!(subject.key, Some(ValueRef::Int(key)) if key >= 0)
    }

    fn serial(&self, key: ValueRef<'_>) -> Serial {
        let number = match key {
            ValueRef::Int(key) => u64::try_from(key).ok(),
            _ => None,
        };
        let Some(number) = number else {
            return Serial::Hashed(first_word(&self.hash.of(key)));
        };
        if number >> NARROW_BITS > 0 {
            return Serial::Wide(self.wide.forward(number));
        }
        let image = u32::try_from(self.narrow.forward(number));
        image.map_or(Serial::Drawn, Serial::Narrow)
    }
}

fn told(subject: &Subject<'_>, wanted: Wanted) -> Told {
    Told {
        country: match wanted {
            Wanted::Home => Identities::home(subject),
            Wanted::Country(country) => country,
        },
        gender: subject.gender.and_then(Gender::from_name),
        birth: subject.birth,
    }
}

/// The first 64 bits of a keyed function.
pub(super) fn first_word(bytes: &[u8; 32]) -> u64 {
    bytes
        .first_chunk()
        .map_or(0, |bytes| u64::from_be_bytes(*bytes))
}
