//! Substitutes for text: the person's own false one, or one for the value where no person is known.

use rand::SeedableRng;
use rand_chacha::ChaCha12Rng;

use super::super::identity::{Identities, Wanted};
use super::super::key::Prf;
use super::super::params::Params;
use super::super::{Masked, Masker, MaskerError, Subject, Target};
use super::topic::{Apart, Locale, Topic};
use super::{DECLARATION, identities, words};
use crate::persons::Person;
use crate::value::ValueRef;

/// How often a substitute for a value that happens to be the value itself is drawn again.
const DRAWS: usize = 8;

#[derive(Debug)]
pub(super) struct Text {
    topic: Topic,
    /// The language that is asked for; else that of the person's country.
    locale: Option<Locale>,
    of_value: Prf,
    identities: Option<Identities>,
    unique: bool,
}

impl Text {
    pub(super) fn new(params: &Params<'_>, target: &Target<'_>) -> Result<Self, MaskerError> {
        let topic = params.choice("kind", Topic::ALL, None)?;
        let locale = params
            .get("locale")
            .map(|_| params.choice("locale", Locale::ALL, None))
            .transpose()?;
        let keeps_apart = target.own_person && topic.apart() != Apart::Nobody;
        if target.unique && !keeps_apart {
            return Err(MaskerError::BadTarget {
                masker: DECLARATION.name,
                problem: "cannot show another such text for every row, and the field is unique",
                cure: "take `hmac_token`",
            });
        }
        let spoken = locale.unwrap_or(Locale::En);
        let purpose = [DECLARATION.name, topic.name(), spoken.name()];
        Ok(Self {
            topic,
            locale,
            of_value: target.key.prf(&purpose),
            identities: if topic.is_personal() {
                identities(target)?
            } else {
                None
            },
            unique: target.unique,
        })
    }

    /// The false identity of the subject, as far as the topic needs it.
    fn person(&self, subject: &Subject<'_>) -> Option<Person> {
        let identities = self.identities.as_ref()?;
        let wanted = match self.locale {
            None => Wanted::Home,
            Some(locale) => Wanted::Country(locale.country(Identities::home(subject))),
        };
        match self.topic.apart() {
            Apart::Nobody => identities.likeness(subject, wanted),
            Apart::SmallKeys | Apart::Keys => identities.person(subject, wanted),
        }
    }

    /// Whether nobody else is shown the same.
    fn is_apart(&self, subject: &Subject<'_>) -> bool {
        match self.topic.apart() {
            Apart::Nobody => false,
            Apart::SmallKeys => Identities::is_narrow(subject),
            Apart::Keys => Identities::is_apart(subject),
        }
    }
}

impl Masker for Text {
    fn mask(&self, value: ValueRef<'_>, subject: &Subject<'_>, out: &mut String) -> Masked {
        let ValueRef::Text(text) = value else {
            return Masked::Null;
        };
        if self.unique && !self.is_apart(subject) {
            return Masked::Null;
        }
        if let Some(person) = self.person(subject) {
            self.topic.push(&person, out);
            return Masked::Text;
        }
        let mut rng = ChaCha12Rng::from_seed(self.of_value.of(value));
        let locale = self.locale.unwrap_or(Locale::En);
        for _ in 0..DRAWS {
            out.clear();
            out.push_str(&words::draw(self.topic, locale, &mut rng));
            if out != text {
                return Masked::Text;
            }
        }
        out.clear();
        Masked::Null
    }

    fn needs_subject(&self) -> bool {
        self.identities.is_some()
    }
}
