//! What holds for every invented person, of whom there are enough here to meet what is rare. Numbers are verified by
//! [`crate::checksum`], names against the lists and the endings that grammar asks for.

use std::collections::HashSet;
use std::ops::Range;

use chrono::TimeDelta;
use proptest::prelude::*;
use unicode_normalization::is_nfc;

use super::names::{en, uk, vi, zh_cn};
use super::*;
use crate::checksum;

/// Persons of each language.
const MANY: u32 = 40_000;

/// A person of one of these countries, every other one with a serial; the traits are those that were asked for.
fn person(number: u32, countries: &[Country]) -> Person {
    let gender = if number % 4 < 2 {
        Gender::Female
    } else {
        Gender::Male
    };
    let first = NaiveDate::from_ymd_opt(1925, 1, 1).unwrap();
    let birth = first + TimeDelta::days(i64::from(number) % 30_000);
    let country = countries[number as usize % countries.len()];
    if number.is_multiple_of(2) {
        let traits = Traits {
            country,
            gender,
            birth,
        };
        let person = Person::draw(traits, &mut ChaCha12Rng::seed_from_u64(number.into()));
        assert_eq!(person.traits(), traits);
        return person;
    }
    let told = Told {
        country: Some(country),
        gender: Some(gender),
        birth: Some(birth),
    };
    let mut seed = [0; 32];
    seed[..4].copy_from_slice(&number.to_be_bytes());
    let person = Person::of(told, seed, Serial::Narrow(number * 97));
    let traits = person.traits();
    assert_eq!((traits.country, traits.gender), (country, gender));
    assert_eq!(traits.birth.year() / 10, birth.year() / 10);
    person
}

/// Holds many persons against what is true of all of them and against what is true of the names of a language.
fn hold(countries: &[Country], name_fits: impl Fn(&Name, Gender) -> bool) {
    for number in 0..MANY {
        let person = person(number, countries);
        let (name, traits) = (person.name(), person.traits());
        assert!(name_fits(&name, traits.gender), "{name:?}");
        email_is_nobodys(&person.email(), &name);
        let place = person.place();
        assert!(phone_fits(&person.phone(), &place), "{}", person.phone());
        let id = person.national_id();
        assert!(national_id_fits(&id, traits), "{id} {traits:?}");
        assert!(checksum::luhn(&person.card()));
        assert!(checksum::iban(&person.iban()), "{}", person.iban());
        let code = person.postal_code();
        assert!(code.starts_with(place.postal), "{code}");
        assert!(places::all(traits.country).any(|own| own == place));
    }
}

fn email_is_nobodys(email: &str, name: &Name) {
    let (local, domain) = email.split_once('@').unwrap();
    assert!(["example.com", "example.net", "example.org"].contains(&domain));
    let tail = local
        .strip_prefix(&written(|out| name.push_mailbox(out)))
        .unwrap();
    assert!(!tail.is_empty() && tail.bytes().all(|byte| byte.is_ascii_digit()));
    let (given, family) = local.trim_end_matches(tail).split_once('.').unwrap();
    for part in [given, family] {
        assert!(!part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase()));
    }
}

/// Whether a text is written so, `#` being any digit.
fn is_written(text: &str, form: &str) -> bool {
    let fits = |(c, form): (char, char)| match form {
        '#' => c.is_ascii_digit(),
        other => c == other,
    };
    text.len() == form.len() && text.chars().zip(form.chars()).all(fits)
}

fn phone_fits(phone: &str, place: &Place) -> bool {
    let form = match place.country {
        Country::Us => &format!("+1 {}-555-01##", place.area),
        Country::Gb => "+44 7700 900###",
        Country::Cn => "+86 154########",
        Country::Vn => "+84 74# ### ###",
        Country::Ua => "+380 58 ### ## ##",
    };
    is_written(phone, form)
}

fn national_id_fits(id: &str, traits: Traits) -> bool {
    let (birth, male) = (traits.birth, traits.gender == Gender::Male);
    let part = |range: Range<usize>| id.get(range).unwrap();
    let number = |range| part(range).parse::<i64>().unwrap();
    match traits.country {
        Country::Us => is_written(id, "9##-##-####") && (1..50).contains(&number(4..6)),
        Country::Gb => {
            ["QQ", "QD", "QF"].contains(&part(0..2))
                && is_written(part(2..12), " ## ## ## ")
                && ["A", "B", "C", "D"].contains(&part(12..id.len()))
        }
        Country::Cn => {
            let day = birth.format("%Y%m%d").to_string();
            checksum::cn_resident(id)
                && id.starts_with("99")
                && part(6..14) == day
                && (number(14..17) % 2 == 1) == male
        }
        Country::Vn => {
            let century = i64::from(birth.year() / 100 - 19) * 2 + i64::from(!male);
            checksum::vn_cccd(id)
                && (97..=99).contains(&number(0..3))
                && number(3..4) == century
                && number(4..6) == i64::from(birth.year() % 100)
        }
        Country::Ua => {
            let first = NaiveDate::from_ymd_opt(1899, 12, 31).unwrap();
            checksum::ua_rnokpp(id)
                && first + TimeDelta::days(number(0..5)) == birth
                && number(5..9) >= 5_000
                && (number(8..9) % 2 == 1) == male
        }
    }
}

fn full(name: &Name, country: Country) -> String {
    written(|out| name.push_full(country, out))
}

fn of<'a, T>(gender: Gender, female: &'a [T], male: &'a [T]) -> &'a [T] {
    match gender {
        Gender::Female => female,
        Gender::Male => male,
    }
}

#[test]
fn english_persons_hold_together() {
    hold(&[Country::Us, Country::Gb], |name, gender| {
        let script = |c: char| c.is_ascii_alphabetic() || c == '\'';
        of(gender, en::FEMALE, en::MALE).contains(&&*name.given.to_string())
            && en::FAMILIES.contains(&&*name.family.to_string())
            && name.middle.to_string().is_empty()
            && format!("{}{}", name.given, name.family).chars().all(script)
    });
}

#[test]
fn chinese_persons_hold_together() {
    hold(&[Country::Cn], |name, gender| {
        let characters = of(gender, zh_cn::FEMALE, zh_cn::MALE);
        let known = |c: char| characters.iter().any(|(own, _)| *own == c.to_string());
        let own_family = name.family.to_string();
        let given = name.given.to_string();
        let family = |(own, _): &(&str, &str)| *own == own_family;
        let han = |c: char| matches!(c, '\u{4E00}'..='\u{9FFF}');
        (1..=2).contains(&given.chars().count())
            && given.chars().all(known)
            && (zh_cn::FAMILIES.iter().any(family) || zh_cn::COMPOUNDS.iter().any(family))
            && full(name, Country::Cn).chars().all(han)
    });
}

#[test]
fn vietnamese_persons_hold_together() {
    hold(&[Country::Vn], |name, gender| {
        let full = full(name, Country::Vn);
        let middles = of(gender, vi::FEMALE_MIDDLES, vi::MALE_MIDDLES);
        of(gender, vi::FEMALE, vi::MALE).contains(&&*name.given.to_string())
            && middles.contains(&&*name.middle.to_string())
            && vi::FAMILIES.contains(&&*name.family.to_string())
            && is_nfc(&full)
            && full.chars().all(|c| c.is_alphabetic() || c == ' ')
    });
}

#[test]
fn ukrainian_persons_hold_together() {
    hold(&[Country::Ua], |name, gender| {
        let script = |c: char| "’ ".contains(c) || matches!(c, '\u{400}'..='\u{4FF}');
        let ends = |text: &str, endings: &[&str]| endings.iter().any(|end| text.ends_with(end));
        // grammar, written down apart from the rules that make the forms
        let (father, family) = match gender {
            Gender::Male => (["ович", "іч"], ["ська", "цька", "ова", "єва", "іна", "їна"]),
            Gender::Female => (["івна", "ївна"], ["ський", "цький", "ов", "єв", "ін", "ий"]),
        };
        let own = name.family.to_string();
        // Волошин is a noun, and so is its end
        let family_fits = !ends(&own, &family) || own == "Волошин";
        of(gender, uk::FEMALE, uk::MALE).contains(&&*name.given.to_string())
            && ends(&name.middle.to_string(), &father)
            && family_fits
            && full(name, Country::Ua).chars().all(script)
    });
}

#[test]
fn lists_tell_the_genders_apart() {
    let shared = |female: &[&'static str], male: &[&'static str]| {
        let both: Vec<_> = female
            .iter()
            .copied()
            .filter(|name| male.contains(name))
            .collect();
        let distinct: HashSet<_> = female.iter().chain(male).collect();
        assert_eq!(distinct.len() + both.len(), female.len() + male.len());
        both
    };
    assert_eq!(shared(en::FEMALE, en::MALE), [""; 0]);
    assert_eq!(shared(vi::FEMALE, vi::MALE), [""; 0]);
    assert_eq!(shared(uk::FEMALE, uk::MALE), [""; 0]);
    for (character, _) in zh_cn::FEMALE {
        assert!(zh_cn::MALE.iter().all(|(other, _)| other != character));
    }
}

#[test]
fn a_person_is_the_same_whatever_was_asked_before() {
    let (asked, fresh) = (person(4, &[Country::Cn]), person(4, &[Country::Cn]));
    let _ = (asked.card(), asked.full_name(), asked.job());
    assert_eq!(asked, fresh);
    assert_eq!(asked.email(), fresh.email());
    assert_eq!(asked.company(), fresh.company());
}

#[test]
fn what_is_told_of_a_person_changes_nothing_else() {
    let told = Told {
        birth: NaiveDate::from_ymd_opt(1984, 5, 6),
        gender: None,
        country: None,
    };
    for seed in 0..64 {
        let seed = [seed; 32];
        let known = Person::of(told, seed, Serial::Drawn);
        let unknown = Person::of(Told::default(), seed, Serial::Drawn);
        assert_eq!(known.full_name(), unknown.full_name());
        assert_eq!(known.traits().country, unknown.traits().country);
    }
}

fn apart(serial: u32, traits: (Country, Gender, i32), seed: u8) -> [String; 5] {
    let (country, gender, year) = traits;
    let told = Told {
        country: Some(country),
        gender: Some(gender),
        birth: NaiveDate::from_ymd_opt(year, 1, 1),
    };
    let person = Person::of(told, [seed; 32], Serial::Narrow(serial));
    [
        person.email(),
        person.login(),
        person.national_id(),
        person.card(),
        person.iban(),
    ]
}

fn countries() -> impl Strategy<Value = Country> {
    prop::sample::select(&Country::ALL[..])
}

proptest! {
    /// Whoever they are: nothing but the serial differs, or everything does.
    #[test]
    fn no_two_serials_share_what_is_unique(
        left in 0u32..1 << NARROW_BITS,
        step in prop_oneof![1u32..10, 1u32..1 << NARROW_BITS, (1u32..2_000).prop_map(|times| times * 3652)],
        (country, other) in (countries(), countries()),
        (seed, other_seed) in (any::<u8>(), any::<u8>()),
        (year, other_year) in (1900i32..2100, 1900i32..2100),
    ) {
        let right = (left + step) % (1 << NARROW_BITS);
        prop_assume!(left != right);
        for gender in [Gender::Female, Gender::Male] {
            let here = apart(left, (country, gender, year), seed);
            let pairs = [
                apart(right, (country, gender, year), seed),
                apart(right, (country, Gender::Male, other_year), other_seed),
                apart(right, (other, Gender::Female, other_year), other_seed),
            ];
            for there in pairs {
                for (left, right) in here.iter().zip(there) {
                    prop_assert_ne!(left, &right);
                }
            }
        }
    }
}

#[test]
fn every_bit_of_a_serial_makes_another_mailbox() {
    let mut rng = ChaCha12Rng::seed_from_u64(7);
    let base = 0x0123_4567_89AB_CDEF_u64;
    let mut tail = |serial| written(|out| numbers::push_tail(serial, &mut rng, out));
    let mut seen = HashSet::from([tail(Serial::Wide(base))]);
    for bit in 0..64 {
        let wide = tail(Serial::Wide(base ^ 1 << bit));
        assert_eq!(wide.chars().count(), 14, "{wide}");
        assert!(seen.insert(wide), "{bit}");
        assert!(seen.insert(tail(Serial::Hashed(base ^ 1 << bit))), "{bit}");
    }
}

#[test]
fn what_has_less_room_than_there_are_serials_is_left_to_chance() {
    let mut rng = ChaCha12Rng::seed_from_u64(7);
    for serial in [Serial::Narrow(7), Serial::Narrow(70_000), Serial::Drawn] {
        let drawn: HashSet<u64> = (0..200).map(|_| serial.spread(3, &mut rng)).collect();
        assert_eq!(drawn, HashSet::from([0, 1, 2]));
    }
}

#[test]
fn every_country_writes_streets_with_numbers() {
    for country in Country::ALL {
        let lines: HashSet<String> = (0..50)
            .map(|number| person(number, &[country]).address_line())
            .collect();
        assert!(lines.len() > 40, "{country:?}");
        for line in lines {
            assert!(line.chars().any(|c| c.is_ascii_digit()), "{line}");
            assert!(
                line.chars().filter(|c| c.is_alphabetic()).count() > 2,
                "{line}"
            );
        }
    }
}
