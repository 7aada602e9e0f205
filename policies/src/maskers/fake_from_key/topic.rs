//! What a substitute for text is about, and in which language.

use crate::persons::{Country, Person};

/// What a text is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Topic {
    Name,
    FirstName,
    LastName,
    Email,
    Phone,
    Company,
    Job,
    Street,
    City,
    Region,
    PostalCode,
    NationalId,
    Card,
    Iban,
    Login,
}

/// The language of a text, and so the country of the person that it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Locale {
    En,
    ZhCn,
    Vi,
    Uk,
}

/// For which persons a text is another one than for everybody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Apart {
    /// For none: there are fewer such texts than persons, or people share them.
    Nobody,
    /// For those with a small key, as the scheme has no room for more.
    SmallKeys,
    /// For those with a key that can be permuted.
    Keys,
}

impl Topic {
    pub(super) const ALL: &[(&str, Self)] = &[
        ("name", Self::Name),
        ("first_name", Self::FirstName),
        ("last_name", Self::LastName),
        ("email", Self::Email),
        ("phone", Self::Phone),
        ("company", Self::Company),
        ("job", Self::Job),
        ("street", Self::Street),
        ("city", Self::City),
        ("region", Self::Region),
        ("postal_code", Self::PostalCode),
        ("national_id", Self::NationalId),
        ("card", Self::Card),
        ("iban", Self::Iban),
        ("login", Self::Login),
    ];

    /// Keeps the seeds of different topics apart.
    pub(super) fn name(self) -> &'static str {
        let own = Self::ALL.iter().find(|(_, topic)| *topic == self);
        own.map_or("", |(name, _)| name)
    }

    /// Whether it is about the person behind the row, and not about whom they work for.
    pub(super) fn is_personal(self) -> bool {
        !matches!(self, Self::Company | Self::Job)
    }

    /// For whom it is unique.
    pub(super) fn apart(self) -> Apart {
        match self {
            Self::Email | Self::Login => Apart::Keys,
            Self::NationalId | Self::Card | Self::Iban => Apart::SmallKeys,
            _ => Apart::Nobody,
        }
    }

    /// Writes what it is for a person.
    pub(super) fn push(self, person: &Person, out: &mut String) {
        match self {
            Self::Name => person.push_full_name(out),
            Self::FirstName => person.name().given.push(out),
            Self::LastName => person.name().family.push(out),
            Self::Email => person.push_email(out),
            Self::Phone => person.push_phone(out),
            Self::Company => out.push_str(&person.company()),
            Self::Job => out.push_str(person.job()),
            Self::Street => out.push_str(&person.address_line()),
            Self::City => out.push_str(person.city()),
            Self::Region => out.push_str(person.region()),
            Self::PostalCode => out.push_str(&person.postal_code()),
            Self::NationalId => person.push_national_id(out),
            Self::Card => person.push_card(out),
            Self::Iban => person.push_iban(out),
            Self::Login => person.push_login(out),
        }
    }
}

impl Locale {
    pub(super) const ALL: &[(&str, Self)] = &[
        ("en", Self::En),
        ("zh_CN", Self::ZhCn),
        ("vi", Self::Vi),
        ("uk", Self::Uk),
    ];

    /// Keeps the seeds of different languages apart.
    pub(super) fn name(self) -> &'static str {
        let own = Self::ALL.iter().find(|(_, locale)| *locale == self);
        own.map_or("", |(name, _)| name)
    }

    /// The country of this language for somebody who lives in `home`; none if it does not matter in which English is spoken.
    pub(super) fn country(self, home: Option<Country>) -> Option<Country> {
        match self {
            Self::En => home.filter(|country| matches!(country, Country::Us | Country::Gb)),
            Self::ZhCn => Some(Country::Cn),
            Self::Vi => Some(Country::Vn),
            Self::Uk => Some(Country::Ua),
        }
    }
}
