//! What people give away in passing: a telephone number, an e-mail address, a card or an id in the middle of a sentence,
//! written as people write them.

use sudare_entities::customer;
use sudare_policies::persons::Country;

use super::stream::Stream;
use super::words::Asides;

/// What a sentence gives away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Thing {
    Phone,
    Mail,
    Card,
    Id,
}

/// A sentence that gives away something of this customer's own, if anything is known of it.
pub(super) fn aside(
    stream: &mut Stream,
    asides: &Asides,
    country: Country,
    row: &customer::Model,
) -> Option<String> {
    let first = stream.one_of(
        Thing::Phone,
        &[
            (Thing::Phone, 48),
            (Thing::Mail, 32),
            (Thing::Card, 10),
            (Thing::Id, 10),
        ],
    );
    [first, Thing::Phone, Thing::Mail]
        .into_iter()
        .find_map(|thing| sentence(stream, asides, country, (thing, row)))
}

fn sentence(
    stream: &mut Stream,
    asides: &Asides,
    country: Country,
    (thing, row): (Thing, &customer::Model),
) -> Option<String> {
    let (sentences, value) = match thing {
        Thing::Phone => (asides.phone, &row.phone),
        Thing::Mail => (asides.mail, &row.email),
        Thing::Card => (asides.card, &row.bank_card),
        Thing::Id => (asides.id, &row.national_id),
    };
    let value = value.as_deref()?;
    if sentences.is_empty() {
        return None;
    }
    let written = match thing {
        Thing::Phone => phone(stream, country, value),
        Thing::Mail => mail(stream, value),
        Thing::Card => card(stream, value),
        Thing::Id => id(stream, value),
    };
    Some(stream.pick(sentences).replace("{}", &written))
}

/// A telephone number as it is stored, without spaces, with dashes, as one dials it at home or from abroad.
fn phone(stream: &mut Stream, country: Country, stored: &str) -> String {
    let (code, rest) = stored.split_once(' ').unwrap_or(("", stored));
    let code = code.trim_start_matches('+');
    let digits = digits(rest);
    let (trunk, sizes): (&str, &[usize]) = match country {
        Country::Us => ("", &[3, 3]),
        Country::Gb => ("0", &[4, 3]),
        Country::Cn => ("", &[3, 4]),
        Country::Vn => ("0", &[2, 3]),
        Country::Ua => ("0", &[2, 3, 2]),
    };
    let home = format!("{trunk}{digits}");
    match stream.between(1, 100) {
        ..23 => stored.to_owned(),
        23..39 => format!("+{code}{digits}"),
        39..55 => home,
        55..71 => format!("{trunk}{}", grouped(&digits, sizes, "-")),
        71..83 => format!("{trunk}{}", grouped(&digits, sizes, " ")),
        83..89 => format!("00{code} {digits}"),
        89..97 => format!("(+{code}) {}", grouped(&digits, sizes, "-")),
        // Digits of an input method that was not switched.
        _ if country == Country::Cn => home.chars().map(full_width).collect(),
        _ => format!("tel:+{code}-{digits}"),
    }
}

fn mail(stream: &mut Stream, stored: &str) -> String {
    match stream.between(1, 100) {
        ..77 => stored.to_owned(),
        77..85 => stored.to_uppercase(),
        85..93 => format!("<{stored}>"),
        _ => format!("mailto:{stored}"),
    }
}

fn card(stream: &mut Stream, stored: &str) -> String {
    match stream.between(1, 3) {
        1 => stored.to_owned(),
        2 => grouped(stored, &[4, 4, 4], " "),
        _ => grouped(stored, &[4, 4, 4], "-"),
    }
}

fn id(stream: &mut Stream, stored: &str) -> String {
    if stream.chance(60) {
        return stored.to_owned();
    }
    stored.chars().filter(|c| !"- ".contains(*c)).collect()
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// The characters in groups of these sizes, and what remains in a last one.
fn grouped(text: &str, sizes: &[usize], gap: &str) -> String {
    let mut characters = text.chars();
    let mut groups: Vec<String> = sizes
        .iter()
        .map(|size| characters.by_ref().take(*size).collect())
        .collect();
    groups.push(characters.collect());
    groups.retain(|group| !group.is_empty());
    groups.join(gap)
}

fn full_width(digit: char) -> char {
    let value = digit.to_digit(10);
    value
        .and_then(|value| char::from_u32(0xff10 + value))
        .unwrap_or(digit)
}
