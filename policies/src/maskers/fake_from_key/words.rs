//! The words that substitutes for text are made of.
//!
//! Names, streets and companies come from the `fake` crate. What it gets wrong is made here: its Chinese e-mail addresses are not
//! ASCII and its Chinese telephone numbers are American. Nothing made here can reach anybody: e-mail domains are reserved
//! (RFC 2606), the area code 555 and exchanges that begin with 0 do not exist in North America, nor do Chinese mobile
//! numbers that begin with 154.

use std::fmt::Write;

use fake::Fake;
use fake::faker::address::raw::{CityName, StreetName};
use fake::faker::company::raw::CompanyName;
use fake::faker::job::raw::Title;
use fake::faker::name::raw::{FirstName, LastName, Name};
use fake::locales::{EN, ZH_CN};
use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha12Rng;

/// Domains that nobody can own (RFC 2606).
const DOMAINS: [&str; 3] = ["example.com", "example.net", "example.org"];

/// What a text is about.
#[derive(Clone, Copy, Debug)]
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
}

/// The language of a text.
#[derive(Clone, Copy, Debug)]
pub(super) enum Locale {
    En,
    ZhCn,
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
    ];

    /// Keeps the seeds of different subjects apart.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::FirstName => "first_name",
            Self::LastName => "last_name",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Company => "company",
            Self::Job => "job",
            Self::Street => "street",
            Self::City => "city",
        }
    }
}

impl Locale {
    pub(super) const ALL: &[(&str, Self)] = &[("en", Self::En), ("zh_CN", Self::ZhCn)];

    /// Keeps the seeds of different languages apart.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::ZhCn => "zh_CN",
        }
    }
}

/// Writes a text about a subject, drawn from a generator.
pub(super) fn write(subject: Topic, locale: Locale, rng: &mut ChaCha12Rng, out: &mut String) {
    let text: String = match (subject, locale) {
        (Topic::Email, _) => return write_email(rng, out),
        (Topic::Phone, locale) => return write_phone(locale, rng, out),
        (Topic::Street, Locale::En) => {
            let number = rng.random_range(1..1000);
            format!(
                "{number} {}",
                StreetName(EN).fake_with_rng::<String, _>(rng)
            )
        }
        (Topic::Street, Locale::ZhCn) => {
            let street: String = StreetName(ZH_CN).fake_with_rng(rng);
            format!("{street}{}号", rng.random_range(1..1000))
        }
        (Topic::Job, Locale::ZhCn) => {
            let title: String = Title(ZH_CN).fake_with_rng(rng);
            title.replace(' ', "")
        }
        (Topic::Name, Locale::En) => Name(EN).fake_with_rng(rng),
        (Topic::Name, Locale::ZhCn) => Name(ZH_CN).fake_with_rng(rng),
        (Topic::FirstName, Locale::En) => FirstName(EN).fake_with_rng(rng),
        (Topic::FirstName, Locale::ZhCn) => FirstName(ZH_CN).fake_with_rng(rng),
        (Topic::LastName, Locale::En) => LastName(EN).fake_with_rng(rng),
        (Topic::LastName, Locale::ZhCn) => LastName(ZH_CN).fake_with_rng(rng),
        (Topic::Company, Locale::En) => CompanyName(EN).fake_with_rng(rng),
        (Topic::Company, Locale::ZhCn) => CompanyName(ZH_CN).fake_with_rng(rng),
        (Topic::Job, Locale::En) => Title(EN).fake_with_rng(rng),
        (Topic::City, Locale::En) => CityName(EN).fake_with_rng(rng),
        (Topic::City, Locale::ZhCn) => CityName(ZH_CN).fake_with_rng(rng),
    };
    out.push_str(&text);
}

/// In every language an ASCII address.
fn write_email(rng: &mut ChaCha12Rng, out: &mut String) {
    let first: &str = FirstName(EN).fake_with_rng(rng);
    let last: &str = LastName(EN).fake_with_rng(rng);
    let letters = |name: &'static str| name.chars().filter(char::is_ascii_alphabetic);
    out.extend(letters(first).map(|c| c.to_ascii_lowercase()));
    out.push('.');
    out.extend(letters(last).map(|c| c.to_ascii_lowercase()));
    let domain = DOMAINS.choose(rng).unwrap_or(&"example.com");
    // Writing to a string cannot fail.
    let _ = write!(out, "{}@{domain}", rng.random_range(1..1000));
}

fn write_phone(locale: Locale, rng: &mut ChaCha12Rng, out: &mut String) {
    let _ = match locale {
        Locale::En => {
            let (exchange, line) = (rng.random_range(10..100), rng.random_range(0..10_000));
            write!(out, "+1 555-0{exchange}-{line:04}")
        }
        Locale::ZhCn => write!(out, "+86 154{:08}", rng.random_range(0..100_000_000)),
    };
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use rand::SeedableRng;

    use super::*;

    fn draw(subject: Topic, locale: Locale) -> Vec<String> {
        let mut rng = ChaCha12Rng::seed_from_u64(7);
        (0..2000)
            .map(|_| {
                let mut out = String::new();
                write(subject, locale, &mut rng, &mut out);
                out
            })
            .collect()
    }

    #[test]
    fn every_subject_has_words_in_every_language() {
        for (name, subject) in Topic::ALL {
            assert_eq!(*name, subject.name());
            for (_, locale) in Locale::ALL {
                let drawn = draw(*subject, *locale);
                assert!(
                    drawn
                        .iter()
                        .all(|text| !text.is_empty() && text.len() < 100)
                );
                assert!(
                    drawn
                        .iter()
                        .all(|text| text.trim() == text && !text.contains('{'))
                );
                let distinct: HashSet<_> = drawn.iter().collect();
                assert!(distinct.len() >= 50, "{name}: {}", distinct.len());
            }
        }
    }

    #[test]
    fn chinese_words_are_chinese() {
        use Topic::{City, Company, FirstName, Job, LastName, Name, Street};
        for subject in [Name, FirstName, LastName, Company, Job, Street, City] {
            for text in draw(subject, Locale::ZhCn) {
                let han = |c: char| matches!(c, '\u{4E00}'..='\u{9FFF}');
                assert!(text.chars().all(|c| han(c) || c.is_ascii_digit()), "{text}");
            }
        }
    }

    #[test]
    fn addresses_are_ascii_in_reserved_domains() {
        for (_, locale) in Locale::ALL {
            for address in draw(Topic::Email, *locale) {
                let (local, domain) = address.split_once('@').unwrap();
                assert!(DOMAINS.contains(&domain));
                assert!(
                    local
                        .bytes()
                        .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.'))
                );
                assert!(!local.starts_with('.') && !local.contains(".."));
            }
        }
    }

    #[test]
    fn telephone_numbers_reach_nobody() {
        for (locale, prefix, digits) in
            [(Locale::En, "+1 555-0", 11), (Locale::ZhCn, "+86 154", 13)]
        {
            for number in draw(Topic::Phone, locale) {
                assert!(number.starts_with(prefix), "{number}");
                assert_eq!(number.bytes().filter(u8::is_ascii_digit).count(), digits);
            }
        }
    }
}
