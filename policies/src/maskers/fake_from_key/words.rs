//! The words that substitutes for text are made of, in English and Chinese, where no person is known.
//!
//! Names, streets and companies come from the `fake` crate. What it gets wrong is made here: its Chinese e-mail addresses are not
//! ASCII and its Chinese telephone numbers are American. Nothing made here can reach anybody: e-mail domains are reserved
//! (RFC 2606), the area code 555 and exchanges that begin with 0 do not exist in North America, nor do Chinese mobile
//! numbers that begin with 154.

use fake::Fake;
use fake::faker::address::raw::{CityName, StreetName};
use fake::faker::company::raw::CompanyName;
use fake::faker::job::raw::Title;
use fake::faker::name::raw::{FirstName, LastName, Name};
use fake::locales::{EN, ZH_CN};
use rand::seq::IndexedRandom;
use rand::{Rng, RngExt};
use rand_chacha::ChaCha12Rng;

use super::topic::{Locale, Topic};
use crate::persons::{Person, Serial, Told};

/// Domains that nobody can own (RFC 2606).
const DOMAINS: [&str; 3] = ["example.com", "example.net", "example.org"];

/// A text about a topic, drawn from a generator: what the identity of a stranger would show, where there are no words for it here.
pub(super) fn draw(topic: Topic, locale: Locale, rng: &mut ChaCha12Rng) -> String {
    match (topic, locale) {
        (Topic::Email, Locale::En | Locale::ZhCn) => email(rng),
        (Topic::Phone, Locale::En) => {
            let (exchange, line) = (rng.random_range(10..100), rng.random_range(0..10_000));
            format!("+1 555-0{exchange}-{line:04}")
        }
        (Topic::Phone, Locale::ZhCn) => format!("+86 154{:08}", rng.random_range(0..100_000_000)),
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
        _ => {
            let mut text = String::new();
            topic.push(&stranger(locale, rng), &mut text);
            text
        }
    }
}

/// Somebody who speaks a language.
fn stranger(locale: Locale, rng: &mut ChaCha12Rng) -> Person {
    let told = Told {
        country: locale.country(None),
        ..Told::default()
    };
    let mut seed = [0; 32];
    rng.fill_bytes(&mut seed);
    Person::of(told, seed, Serial::Drawn)
}

/// In both languages an ASCII address.
fn email(rng: &mut ChaCha12Rng) -> String {
    let first: &str = FirstName(EN).fake_with_rng(rng);
    let last: &str = LastName(EN).fake_with_rng(rng);
    let letters = |name: &'static str| name.chars().filter(char::is_ascii_alphabetic);
    let mut address: String = letters(first).chain(['.']).chain(letters(last)).collect();
    address.make_ascii_lowercase();
    let domain = DOMAINS.choose(rng).unwrap_or(&"example.com");
    format!("{address}{}@{domain}", rng.random_range(1..1000))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use rand::SeedableRng;

    use super::*;

    fn draw(topic: Topic, locale: Locale) -> Vec<String> {
        let mut rng = ChaCha12Rng::seed_from_u64(7);
        (0..2000)
            .map(|_| super::draw(topic, locale, &mut rng))
            .collect()
    }

    /// How many different texts there must be: countries have as many regions, cities and family names as they have.
    fn variety(topic: Topic, locale: Locale) -> usize {
        match (topic, locale) {
            (Topic::Region, _) => 20,
            (Topic::City | Topic::Job | Topic::LastName, Locale::Vi | Locale::Uk) => 20,
            _ => 50,
        }
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
                assert!(
                    distinct.len() >= variety(*subject, *locale),
                    "{name}: {}",
                    distinct.len()
                );
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
