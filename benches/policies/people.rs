//! The masks of the demo on a thousand invented people of its five countries, one after the other: a table of single values is kinder to the
//! processor, which guesses right what it met before.

use std::hint::black_box;
use std::io::Write;

use chrono::{Days, NaiveDate};
use rand::SeedableRng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha12Rng;
use sudare_policies::maskers::{Masker, MaskingKey, Subject, build};
use sudare_policies::persons::{Country, Gender, Person, Traits};
use sudare_policies::value::{ValueKind, ValueRef};

use super::maskers::target;
use super::{Outcome, VALUES, nanoseconds};

const PEOPLE: usize = VALUES as usize / 2;

/// What is masked, how, and of which part of a person.
type Field = (&'static str, &'static str, fn(&Person) -> String);

/// As `policies/masking.toml` has them.
const FIELDS: [Field; 7] = [
    ("name_latin", "", Person::full_name),
    ("email", "", Person::email),
    ("phone", "", Person::phone),
    (
        "keep_first_last",
        "first = 0\nlast = 4",
        Person::national_id,
    ),
    (
        "keep_first_last",
        "first = 4\nlast = 0",
        Person::address_line,
    ),
    ("keep_first_last", "first = 1\nlast = 0", |person| {
        person.city().to_owned()
    }),
    ("postcode", "", Person::postal_code),
];

/// False ones, each alone: nothing is kept from one cell for the next.
const FALSE: [&str; 7] = [
    "name",
    "email",
    "phone",
    "national_id",
    "card",
    "iban",
    "login",
];

/// Each mask on everybody.
pub(crate) fn measure(out: &mut impl Write) -> Outcome<()> {
    let people = people();
    let target = target(&MaskingKey::new(&[7; 32])?, ValueKind::Text);
    writeln!(out, "\nnanoseconds a cell of people of five countries\n")?;
    for (name, params, part) in FIELDS {
        let masker = build(name, &params.parse()?, &target)?;
        let texts: Vec<String> = people.iter().map(part).collect();
        let cost = cost(masker.as_ref(), &people, &texts);
        let params = params.replace('\n', ", ");
        writeln!(out, "{name:<18} {cost:>7.1}  {params}")?;
    }
    for kind in FALSE {
        let masker = build(
            "fake_from_key",
            &format!("kind = \"{kind}\"").parse()?,
            &target,
        )?;
        let texts = vec!["-".to_owned(); PEOPLE];
        let cost = cost(masker.as_ref(), &people, &texts);
        writeln!(out, "{:<18} {cost:>7.1}  {kind}", "fake_from_key")?;
    }
    Ok(())
}

fn people() -> Vec<Person> {
    let mut rng = ChaCha12Rng::seed_from_u64(4);
    (0..PEOPLE as u64)
        .map(|number| {
            // in no order that could be learnt
            let country = Country::ALL.choose(&mut rng).copied();
            let gender = [Gender::Female, Gender::Male].choose(&mut rng).copied();
            let first = NaiveDate::from_ymd_opt(1950, 1, 1).unwrap_or_default();
            let traits = Traits {
                country: country.unwrap_or_default(),
                gender: gender.unwrap_or(Gender::Female),
                birth: first + Days::new(number * 19),
            };
            Person::draw(traits, &mut rng)
        })
        .collect()
}

fn cost(masker: &dyn Masker, people: &[Person], texts: &[String]) -> f64 {
    let mut cells = people.iter().zip(texts).zip(0..).cycle();
    let mut shown = String::new();
    nanoseconds(|| {
        let Some(((person, text), key)) = cells.next() else {
            return;
        };
        let Traits {
            country,
            gender,
            birth,
        } = person.traits();
        let subject = Subject {
            key: Some(ValueRef::Int(key)),
            country: Some(country.code()),
            gender: Some(gender.name()),
            birth: Some(birth),
            memo: None,
        };
        shown.clear();
        black_box(masker.mask(black_box(ValueRef::Text(text)), &subject, &mut shown));
    })
}
