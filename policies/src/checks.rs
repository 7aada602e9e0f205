//! What a value must be like before it is stored, by the class of its field.

use std::str::FromStr as _;

use chrono::{DateTime, Utc};
use email_address::{EmailAddress, Options};
use phonenumber::Mode;

use crate::checksum;
use crate::maskers::is_national_id;
use crate::value::{Value, ValueKind};

/// A check that `masking.toml` puts on a class (`check = "phone"`). It gives back what is stored: one value has one form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Check {
    /// A telephone number with its country code, stored as E.164 has it (ITU-T).
    Phone,
    /// An e-mail address (RFC 5321), its domain in small letters.
    Email,
    /// A number by which a state knows a person, of one of the kinds that prove themselves or have a form of their own; without blanks
    /// and hyphens.
    NationalId,
    /// The number of a card, with its check digit (ISO/IEC 7812); without blanks and hyphens.
    BankCard,
    /// An account number (ISO 13616), without blanks.
    Iban,
    /// A day that is not in the future, nor more than 150 years ago.
    BirthDate,
}

/// The oldest person of whom anybody knows had 122 years.
const MOST_YEARS: u32 = 150;

/// Digits of a telephone number, country code included: fewer are service numbers, and E.164 has no more.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// Digits of the number of a card (ISO/IEC 7812).
const CARD_DIGITS: std::ops::RangeInclusive<usize> = 12..=19;

impl Check {
    /// Every check.
    pub const ALL: [Self; 6] = [
        Self::Phone,
        Self::Email,
        Self::NationalId,
        Self::BankCard,
        Self::Iban,
        Self::BirthDate,
    ];

    /// The name in `masking.toml`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Email => "email",
            Self::NationalId => "national_id",
            Self::BankCard => "bank_card",
            Self::Iban => "iban",
            Self::BirthDate => "birth_date",
        }
    }

    /// The check of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|check| check.name() == name)
    }

    /// The kind of field that it can be put on.
    #[must_use]
    pub fn kind(self) -> ValueKind {
        match self {
            Self::BirthDate => ValueKind::Date,
            _ => ValueKind::Text,
        }
    }

    /// The value as it is stored.
    ///
    /// # Errors
    /// What it must be like, to be read after the name of a place; the value is not in it.
    pub fn apply(self, value: &Value, now: DateTime<Utc>) -> Result<Value, &'static str> {
        match (self, value) {
            (Self::BirthDate, Value::Date(day)) => {
                let age = now.date_naive().years_since(*day);
                let is_birth = age.is_some_and(|years| years <= MOST_YEARS);
                is_birth.then(|| value.clone())
            }
            (_, Value::Text(text)) => self.text(text.trim()).map(Value::Text),
            _ => None,
        }
        .ok_or(self.cure())
    }

    fn text(self, text: &str) -> Option<String> {
        match self {
            Self::Phone => phone(text),
            Self::Email => email(text),
            Self::NationalId => Some(compact(text)).filter(|id| is_national_id(id)),
            Self::BankCard => {
                let card = compact(text);
                let digits = card.bytes().all(|byte| byte.is_ascii_digit());
                let is_card = digits && CARD_DIGITS.contains(&card.len()) && checksum::luhn(&card);
                is_card.then_some(card)
            }
            Self::Iban => Some(compact(text)).filter(|account| checksum::iban(account)),
            Self::BirthDate => None,
        }
    }

    fn cure(self) -> &'static str {
        match self {
            Self::Phone => {
                "must be a telephone number with its country code and without an extension, such as `+49 30 123456`"
            }
            Self::Email => "must be an e-mail address, such as `name@example.org`",
            Self::NationalId => {
                "must be a national id, with the right check digit where there is one: of CN, UA, VN, US, CA or GB"
            }
            Self::BankCard => {
                "must be the number of a card, 12 to 19 digits of which the last one is the check digit"
            }
            Self::Iban => {
                "must be an IBAN, with the length of its country and the right check digits"
            }
            Self::BirthDate => "must be a day of birth: not in the future, and not 150 years ago",
        }
    }
}

fn phone(text: &str) -> Option<String> {
    // The library stops at what it does not know, and takes what comes before for the number.
    let is_part = |c: char| c.is_ascii_digit() || "+ -./()".contains(c);
    if !text.chars().all(is_part) {
        return None;
    }
    // Without a plus it would be a number of no country: the library would take one that is given, and none is.
    let number = phonenumber::parse(None, text).ok()?;
    let written = number.format().mode(Mode::E164).to_string();
    let is_whole = text.starts_with('+') && number.extension().is_none();
    let digits = written.strip_prefix('+')?;
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    (is_whole && is_number && PHONE_DIGITS.contains(&digits.len())).then_some(written)
}

fn email(text: &str) -> Option<String> {
    let options = Options::default()
        .with_required_tld()
        .without_display_text()
        .without_domain_literal();
    EmailAddress::parse_with_options(text, options).ok()?;
    let address = EmailAddress::from_str(text).ok()?;
    let domain = address.domain().to_lowercase();
    Some(format!("{}@{domain}", address.local_part()))
}

/// A number without what people put between its parts, in capitals.
fn compact(text: &str) -> String {
    let parts = text.chars().filter(|c| !matches!(c, ' ' | '-'));
    parts.map(|c| c.to_ascii_uppercase()).collect()
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    fn stored(check: Check, text: &str) -> Option<String> {
        let now = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
        match check.apply(&Value::Text(text.to_owned()), now) {
            Ok(Value::Text(text)) => Some(text),
            Ok(other) => panic!("{other:?}"),
            Err(_) => None,
        }
    }

    #[test]
    fn a_telephone_number_is_stored_as_e164() {
        for (text, e164) in [
            ("+86 138 1234 1234", Some("+8613812341234")),
            ("+1 (202) 555-0123", Some("+12025550123")),
            (" +44 7700 900123 ", Some("+447700900123")),
            ("+49 (0) 30 123456", Some("+4930123456")),
            ("+8613812341234", Some("+8613812341234")),
            ("138 1234 1234", None),
            ("+86 138****1234", None),
            ("+1 202 555 0123 ext. 7", None),
            ("+999 1234567", None),
            ("+1 23", None),
            ("+1 234567890123456789", None),
            ("", None),
            ("none", None),
        ] {
            assert_eq!(stored(Check::Phone, text).as_deref(), e164, "{text}");
        }
    }

    #[test]
    fn an_address_has_a_mailbox_and_a_domain() {
        for (text, address) in [
            ("Zoë@Example.ORG", Some("Zoë@example.org")),
            ("a.b+c@mail.example.org", Some("a.b+c@mail.example.org")),
            ("a@localhost", None),
            ("a@[127.0.0.1]", None),
            ("A B <a@example.org>", None),
            ("a@@example.org", None),
            ("example.org", None),
            ("", None),
        ] {
            assert_eq!(stored(Check::Email, text).as_deref(), address, "{text}");
        }
    }

    #[test]
    fn ids_and_cards_prove_themselves() {
        for (check, text, id) in [
            (
                Check::NationalId,
                "11010519491231002x",
                Some("11010519491231002X"),
            ),
            (Check::NationalId, "110105194912310021", None),
            (Check::NationalId, "123-45-6789", Some("123456789")),
            (Check::NationalId, "QQ 12 34 56 C", Some("QQ123456C")),
            (Check::NationalId, "********002X", None),
            (
                Check::BankCard,
                "4111 1111 1111 1111",
                Some("4111111111111111"),
            ),
            (Check::BankCard, "4111 1111 1111 1112", None),
            (Check::BankCard, "0", None),
            (
                Check::Iban,
                "gb82 west 1234 5698 7654 32",
                Some("GB82WEST12345698765432"),
            ),
            (Check::Iban, "GB82 WEST 1234 5698 7654 33", None),
        ] {
            assert_eq!(stored(check, text).as_deref(), id, "{text}");
        }
    }

    #[test]
    fn nobody_is_born_tomorrow() {
        let now = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
        let ok = |year, month, day| {
            let day = NaiveDate::from_ymd_opt(year, month, day).unwrap();
            Check::BirthDate.apply(&Value::Date(day), now).is_ok()
        };
        assert!(ok(1985, 2, 28));
        assert!(ok(2026, 9, 21));
        assert!(!ok(2026, 9, 22));
        assert!(!ok(1875, 1, 1));
        assert!(
            Check::BirthDate
                .apply(&Value::Text("1985".into()), now)
                .is_err()
        );
    }

    #[test]
    fn what_was_stored_is_stored_again_as_it_is() {
        for (check, text) in [
            (Check::Phone, "+49 (0) 30 123456"),
            (Check::Email, "Zoë@Example.ORG"),
            (Check::NationalId, "QQ 12 34 56 C"),
        ] {
            let once = stored(check, text).unwrap();
            assert_eq!(stored(check, &once), Some(once));
        }
    }
}
