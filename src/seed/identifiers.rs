//! Numbers and addresses that look real and can belong to nobody.
//!
//! | what | why it is nobody's |
//! |---|---|
//! | telephone, US | 555-0100 to 555-0199 are kept for fiction in every area code |
//! | telephone, GB | 07700 900000 to 900999 are kept by Ofcom for drama |
//! | telephone, CN | 154 is no network in the list of the ministry (MIIT, March 2023) |
//! | national id, US | numbers that begin with 9 are not given; the groups of tax payer numbers are left out too |
//! | national id, GB | no number begins with QQ |
//! | national id, CN | no place has a code that begins with 99 |
//! | card | ranges that card networks and payment services document for tests |
//! | e-mail, network | domains of RFC 2606, addresses of RFC 5737 |

use chrono::{Datelike, NaiveDate};
use deunicode::deunicode;

use super::stream::Stream;
use super::words::Country;

const DIGIT: u32 = 10;

/// A telephone number with its country code; `area` is the area code where numbers have one.
pub(super) fn phone(stream: &mut Stream, country: Country, area: &str) -> String {
    match country {
        Country::Us => format!("+1 {area}-555-01{}", stream.digits(2)),
        Country::Gb => format!("+44 7700 900{}", stream.digits(3)),
        Country::Cn => format!("+86 154{}", stream.digits(8)),
    }
}

/// A number by which the state would know the person.
pub(super) fn national_id(
    stream: &mut Stream,
    country: Country,
    birth: NaiveDate,
    male: bool,
) -> String {
    match country {
        Country::Us => {
            let group = stream.between(1, 49);
            format!("9{}-{group:02}-{}", stream.digits(2), stream.digits(4))
        }
        Country::Gb => {
            let suffix = stream.text(1, "ABCD");
            let pairs = [stream.digits(2), stream.digits(2), stream.digits(2)];
            format!("QQ {} {suffix}", pairs.join(" "))
        }
        Country::Cn => {
            let order = stream.between(0, 499) * 2 + i64::from(male);
            let body = format!(
                "99{}{:04}{:02}{:02}{order:03}",
                stream.digits(4),
                birth.year(),
                birth.month(),
                birth.day()
            );
            let check = resident_check(&body);
            format!("{body}{check}")
        }
    }
}

/// A number of a card.
pub(super) fn card(stream: &mut Stream, country: Country) -> String {
    let (prefix, length) = match country {
        Country::Us => stream.weighted(&[
            (("424242", 16), 30),
            (("411111", 16), 20),
            (("555555", 16), 20),
            (("510510", 16), 10),
            (("378282", 15), 12),
            (("601111", 16), 8),
        ]),
        Country::Gb => stream.weighted(&[(("424242", 16), 60), (("555555", 16), 40)]),
        Country::Cn => stream.weighted(&[(("620000", 16), 55), (("620550", 19), 45)]),
    };
    let mut number = prefix.to_owned();
    number += &stream.digits(usize::saturating_sub(length, prefix.len() + 1));
    let check = luhn_check(&number);
    format!("{number}{check}")
}

/// The part of an e-mail address before the `@`: ASCII whatever the name is written in.
pub(super) fn local_part(names: &[String; 2]) -> String {
    let words = names.iter().flat_map(|name| {
        let letters: String = deunicode(name)
            .chars()
            .filter(char::is_ascii_alphabetic)
            .collect();
        Some(letters.to_ascii_lowercase()).filter(|letters| !letters.is_empty())
    });
    words.collect::<Vec<_>>().join(".")
}

/// The domain of a private e-mail address.
pub(super) fn domain(stream: &mut Stream) -> &'static str {
    stream.weighted(&[
        ("example.com", 50),
        ("example.net", 30),
        ("example.org", 20),
    ])
}

/// The network address of a visitor.
pub(super) fn ip(stream: &mut Stream) -> String {
    let network = stream.pick(&["192.0.2", "198.51.100", "203.0.113"]);
    format!("{network}.{}", stream.between(1, 254))
}

/// The digit that makes a number valid by Luhn.
fn luhn_check(number: &str) -> u32 {
    let digits = number.chars().rev().filter_map(|c| c.to_digit(DIGIT));
    let sum: u32 = digits
        .enumerate()
        .map(|(place, digit)| match (place % 2, digit * 2) {
            (0, double) if double > 9 => double - 9,
            (0, double) => double,
            _ => digit,
        })
        .sum();
    (DIGIT - sum % DIGIT) % DIGIT
}

/// The character that makes a number valid by GB 11643.
fn resident_check(body: &str) -> char {
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let digits = body.chars().filter_map(|c| c.to_digit(DIGIT));
    let sum: u32 = digits
        .zip(weights)
        .map(|(digit, weight)| digit * weight)
        .sum();
    match (12 - sum % 11) % 11 {
        10 => 'X',
        digit => char::from_digit(digit, DIGIT).unwrap_or('X'),
    }
}

/// Whether a card number is valid by Luhn.
#[cfg(test)]
pub(super) fn is_luhn(number: &str) -> bool {
    let (body, check) = number.split_at(number.len() - 1);
    luhn_check(body).to_string() == check
}

/// Whether the number of a resident is valid by GB 11643.
#[cfg(test)]
pub(super) fn is_resident(number: &str) -> bool {
    let (body, check) = number.split_at(number.len() - 1);
    body.len() == 17 && resident_check(body).to_string() == check
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_agree_with_published_numbers() {
        for card in ["4111111111111111", "378282246310005", "6200000000000005"] {
            assert!(is_luhn(card), "{card}");
        }
        assert!(!is_luhn("4111111111111112"));
        assert!(is_resident("11010519491231002X"));
        assert!(!is_resident("110105194912310021"));
    }

    #[test]
    fn local_parts_are_ascii_words() {
        let local_part = |first: &str, last: &str| local_part(&[first.into(), last.into()]);
        assert_eq!(local_part("José", "Núñez"), "jose.nunez");
        assert_eq!(local_part("欧阳", "伟"), "ouyang.wei");
        assert_eq!(local_part("Bo", "O'Hara"), "bo.ohara");
    }

    #[test]
    fn numbers_stay_in_space_that_is_nobodys() {
        let birth = NaiveDate::from_ymd_opt(1990, 2, 28).unwrap();
        for key in 0..500 {
            let stream = &mut Stream::of(1, "t", key);
            let us = phone(stream, Country::Us, "212");
            assert!(us.starts_with("+1 212-555-01") && us.len() == 15, "{us}");
            let cn = phone(stream, Country::Cn, "");
            assert!(cn.starts_with("+86 154") && cn.len() == 15, "{cn}");
            let id = national_id(stream, Country::Us, birth, true);
            let group: u32 = id.get(4..6).unwrap().parse().unwrap();
            assert!(id.starts_with('9') && (1..50).contains(&group), "{id}");
            let male = key % 2 == 0;
            let id = national_id(stream, Country::Cn, birth, male);
            assert!(id.starts_with("99") && is_resident(&id), "{id}");
            assert_eq!(id.get(6..14), Some("19900228"));
            let order: u32 = id.get(14..17).unwrap().parse().unwrap();
            assert_eq!(order % 2 == 1, male);
            for country in [Country::Us, Country::Gb, Country::Cn] {
                let card = card(stream, country);
                assert!(is_luhn(&card), "{card}");
            }
        }
    }
}
