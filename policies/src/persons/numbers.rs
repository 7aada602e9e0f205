//! Numbers and addresses that look real, prove themselves, and can belong to nobody.
//!
//! | what | why it is nobody's |
//! |---|---|
//! | telephone, US | 555-0100 to 555-0199 are kept for fiction in every area code |
//! | telephone, GB | 07700 900000 to 900999 are kept by Ofcom for drama |
//! | telephone, CN | 154 is no network in the list of the ministry (MIIT, March 2023) |
//! | telephone, VN | mobile networks have 03, 05, 070, 076 to 079, 08 and 09 (conversion of 2018); no network has 074, and since 2017 all landlines begin with 02 |
//! | telephone, UA | no network and no region has 58: regions have 31 to 38, 41 to 49, 51 to 57, 61 to 65 and 69, networks 39, 50, 63 and up |
//! | national id, US | numbers that begin with 9 are not given; the groups of tax payer numbers are left out too |
//! | national id, GB | neither letter of the prefix is ever D, F, I, Q, U or V |
//! | national id, CN | no place has a code that begins with 99 |
//! | national id, VN | provinces have the codes 001 to 096; 097 to 099 are no province's |
//! | national id, UA | the register keeps no number free; serials are used from 5000 up, twice as many as children were ever born on a day. Likely nobody's, not surely |
//! | card | ranges that card networks and payment services document for tests |
//! | account, UA | bank codes begin with 3, those of the treasury with 8; none with 0 |
//! | account, GB | no bank has a sort code that begins with 00 |
//! | e-mail | domains of RFC 2606 |

use std::fmt::{Arguments, Write};

use chrono::{Datelike, NaiveDate};
use rand::seq::IndexedRandom;
use rand::{Rng, RngExt};

use super::serial::{SERIALS_OF_A_DAY, Serial};
use super::{Country, Gender, Traits};
use crate::checksum::{cn_resident_digit, iban_digits, luhn_digit, ua_rnokpp_digit};

/// Domains that nobody can own (RFC 2606).
pub(super) const DOMAINS: [&str; 3] = ["example.com", "example.net", "example.org"];

/// Crockford's base 32 in small letters: no i, l, o and u, which are misread.
const SYMBOLS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// Symbols of 64 bits, 5 bits each.
const TAIL: u32 = 13;

/// The domain of an e-mail address.
pub(super) fn domain(rng: &mut impl Rng) -> &'static str {
    DOMAINS.choose(rng).copied().unwrap_or("example.com")
}

/// Writes what keeps the mailboxes of persons of one name apart.
///
/// A narrow serial is written in digits, the others in symbols after a mark that stands in no name and in no digits: so two persons
/// never have one mailbox, whatever they are called.
pub(super) fn push_tail(serial: Serial, rng: &mut impl Rng, out: &mut String) {
    let (mark, bits) = match serial {
        Serial::Drawn => return push(out, format_args!("{:02}", rng.random_range(0..100))),
        Serial::Narrow(serial) => return push(out, format_args!("{serial}")),
        Serial::Wide(serial) => ('_', serial),
        Serial::Hashed(hash) => ('-', hash),
    };
    let symbols = (0..TAIL).rev().filter_map(|place| {
        let symbol = usize::try_from((bits >> (5 * place)) & 31).ok()?;
        SYMBOLS.get(symbol).copied().map(char::from)
    });
    out.extend([mark].into_iter().chain(symbols));
}

/// Writes a telephone number; `area` is the area code where numbers have one.
pub(super) fn push_phone(country: Country, area: &str, rng: &mut impl Rng, out: &mut String) {
    // groups of digits, and how many each has
    let groups: &[(&str, u32)] = match country {
        Country::Us => {
            push(out, format_args!("+1 {area}"));
            &[("-555-01", 2)]
        }
        Country::Gb => &[("+44 7700 900", 3)],
        Country::Cn => &[("+86 154", 8)],
        Country::Vn => &[("+84 74", 1), (" ", 3), (" ", 3)],
        Country::Ua => &[("+380 58 ", 3), (" ", 2), (" ", 2)],
    };
    for (before, count) in groups {
        out.push_str(before);
        push_digits(*count, rng, out);
    }
}

/// Writes a number by which the state would know the person.
pub(super) fn push_national_id(
    traits: Traits,
    serial: Serial,
    rng: &mut impl Rng,
    out: &mut String,
) {
    match traits.country {
        Country::Us => {
            let number = serial.spread(100 * 49 * 10_000, rng);
            let (area, group) = (900 + number % 100, 1 + number / 100 % 49);
            push(out, format_args!("{area}-{group:02}-{:04}", number / 4_900));
        }
        Country::Gb => {
            let number = serial.spread(3 * 4 * 1_000_000, rng);
            push_gb_national_id(number, serial, out);
        }
        Country::Cn => push_cn_resident(traits, serial, rng, out),
        Country::Vn => push_vn_cccd(traits, serial, rng, out),
        Country::Ua => push_ua_rnokpp(traits, serial, rng, out),
    }
}

fn push_gb_national_id(number: u64, serial: Serial, out: &mut String) {
    let prefix = match (serial, number / 4_000_000) {
        (Serial::Drawn, _) | (_, 0) => "QQ",
        (_, 1) => "QD",
        _ => "QF",
    };
    let suffix = match number % 4 {
        0 => 'A',
        1 => 'B',
        2 => 'C',
        _ => 'D',
    };
    let six = number / 4 % 1_000_000;
    let (first, second, third) = (six / 10_000, six / 100 % 100, six % 100);
    push(
        out,
        format_args!("{prefix} {first:02} {second:02} {third:02} {suffix}"),
    );
}

/// Place, day, a number of the day that is odd for men, check character (GB 11643).
fn push_cn_resident(traits: Traits, serial: Serial, rng: &mut impl Rng, out: &mut String) {
    let number = serial.spread_in_day(10_000 * 500, rng);
    let order = number % 500 * 2 + u64::from(traits.gender == Gender::Male);
    let (year, month, day) = (
        traits.birth.year(),
        traits.birth.month(),
        traits.birth.day(),
    );
    let place = number / 500;
    push_checked(out, cn_resident_digit, |out| {
        push(
            out,
            format_args!("99{place:04}{year:04}{month:02}{day:02}{order:03}"),
        );
    });
}

/// Province, a digit for century and gender, two digits of the year, a number: which is, for a serial, the day of the year and the place
/// in it.
fn push_vn_cccd(traits: Traits, serial: Serial, rng: &mut impl Rng, out: &mut String) {
    let province = rng.random_range(97..=99);
    let year = traits.birth.year();
    let century = (year.div_euclid(100) - 19).clamp(0, 4) * 2;
    let gender = i32::from(traits.gender == Gender::Female);
    let number = match serial {
        Serial::Narrow(_) => {
            let day = u64::from(traits.birth.ordinal0());
            serial.spread_in_day(SERIALS_OF_A_DAY, rng) * 366 + day
        }
        Serial::Drawn | Serial::Wide(_) | Serial::Hashed(_) => rng.random_range(0..1_000_000),
    };
    let year = year.rem_euclid(100);
    push(
        out,
        format_args!("{province:03}{}{year:02}{number:06}", century + gender),
    );
}

/// Days since the end of 1899, a number that is odd for men, check digit.
fn push_ua_rnokpp(traits: Traits, serial: Serial, rng: &mut impl Rng, out: &mut String) {
    let first = NaiveDate::from_ymd_opt(1899, 12, 31).unwrap_or_default();
    let days = (traits.birth - first).num_days().clamp(0, 99_999);
    let number = serial.spread_in_day(2_500, rng);
    let number = 5_000 + number * 2 + u64::from(traits.gender == Gender::Male);
    push_checked(out, ua_rnokpp_digit, |out| {
        push(out, format_args!("{days:05}{number:04}"));
    });
}

/// Writes a number of a card.
pub(super) fn push_card(country: Country, serial: Serial, rng: &mut impl Rng, out: &mut String) {
    let ranges: &[(&str, u32, u32)] = match country {
        Country::Us => &[
            ("424242", 16, 30),
            ("411111", 16, 20),
            ("555555", 16, 20),
            ("510510", 16, 10),
            ("378282", 15, 12),
            ("601111", 16, 8),
        ],
        Country::Cn => &[("620000", 16, 55), ("620550", 19, 45)],
        Country::Gb | Country::Vn | Country::Ua => &[("424242", 16, 60), ("555555", 16, 40)],
    };
    let range = ranges.choose_weighted(rng, |(_, _, weight)| *weight);
    let (prefix, length) = range.map_or(("424242", 16), |(prefix, length, _)| (*prefix, *length));
    let free = length.saturating_sub(7);
    let number = serial.spread(10_u64.saturating_pow(free), rng);
    push_checked(out, luhn_digit, |out| {
        push(
            out,
            format_args!("{prefix}{number:0width$}", width = free as usize),
        );
    });
}

/// Writes a number of an account. Where a country has none, it is a British one.
pub(super) fn push_iban(country: Country, serial: Serial, rng: &mut impl Rng, out: &mut String) {
    let number = serial.spread(100_000_000, rng);
    let start = out.len();
    let country = match country {
        Country::Ua => {
            let bank = rng.random_range(1..1_000);
            push(out, format_args!("UA000{bank:03}00000"));
            push_digits(1, rng, out);
            push(out, format_args!("26200{number:08}"));
            "UA"
        }
        Country::Us | Country::Gb | Country::Cn | Country::Vn => {
            let branch = rng.random_range(1..10_000);
            push(out, format_args!("GBQQQQ00{branch:04}{number:08}"));
            "GB"
        }
    };
    let account = start + country.len();
    let check = out
        .get(account..)
        .and_then(|account| iban_digits(country, account));
    for digit in check.into_iter().flatten().rev() {
        out.insert(account, digit);
    }
}

/// This many decimal digits.
fn push_digits(count: u32, rng: &mut impl Rng, out: &mut String) {
    let below = 10_u64.saturating_pow(count);
    let number = rng.random_range(0..below);
    push(
        out,
        format_args!("{number:0width$}", width = count as usize),
    );
}

/// Writes a number and the digit that proves it.
fn push_checked(out: &mut String, check: fn(&str) -> Option<char>, body: impl FnOnce(&mut String)) {
    let start = out.len();
    body(out);
    let check = out.get(start..).and_then(check);
    out.extend(check);
}

fn push(out: &mut String, text: Arguments<'_>) {
    // there is always room in a string
    let _ = out.write_fmt(text);
}
