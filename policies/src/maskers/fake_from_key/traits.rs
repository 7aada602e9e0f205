//! Substitutes for what the identity of a person rests on: day of birth and gender.

use super::super::identity::{Identities, Wanted};
use super::super::key::Prf;
use super::super::{Masked, Masker, MaskerError, Subject, Target};
use super::{DECLARATION, identities};
use crate::persons::{Gender, Person, Serial, Told, Traits};
use crate::value::ValueRef;

/// What of a person is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trait {
    /// Another day of the same decade.
    Birth,
    /// The same gender, if it is one of the two that names have.
    Gender,
}

#[derive(Debug)]
pub(super) struct OfPerson {
    shown: Trait,
    of_value: Prf,
    identities: Option<Identities>,
}

impl OfPerson {
    pub(super) fn new(shown: Trait, target: &Target<'_>) -> Result<Self, MaskerError> {
        let has = |gender: Gender| target.variants.iter().any(|name| name == gender.name());
        if shown == Trait::Gender && !(has(Gender::Female) && has(Gender::Male)) {
            return Err(MaskerError::BadTarget {
                masker: DECLARATION.name,
                problem: "shows `FEMALE` or `MALE`, which the field cannot hold",
                cure: "take `null`",
            });
        }
        let topic = match shown {
            Trait::Birth => "birth_date",
            Trait::Gender => "gender",
        };
        Ok(Self {
            shown,
            of_value: target.key.prf(&[DECLARATION.name, topic]),
            identities: identities(target)?,
        })
    }

    fn traits(&self, value: ValueRef<'_>, subject: &Subject<'_>) -> Traits {
        let identities = self.identities.as_ref();
        let person = identities.and_then(|all| all.person(subject, Wanted::Home));
        let of_value = || {
            let told = Told {
                birth: match value {
                    ValueRef::Date(birth) => Some(birth),
                    _ => None,
                },
                ..Told::default()
            };
            Person::of(told, self.of_value.of(value), Serial::Drawn)
        };
        person.unwrap_or_else(of_value).traits()
    }
}

impl Masker for OfPerson {
    fn mask(&self, value: ValueRef<'_>, subject: &Subject<'_>, out: &mut String) -> Masked {
        match (self.shown, value) {
            (Trait::Birth, ValueRef::Date(_)) => Masked::Date(self.traits(value, subject).birth),
            (Trait::Gender, ValueRef::Enum(_)) => {
                out.push_str(self.traits(value, subject).gender.name());
                Masked::Text
            }
            _ => Masked::Null,
        }
    }

    fn needs_subject(&self) -> bool {
        self.identities.is_some()
    }
}
