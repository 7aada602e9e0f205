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

/// What keeps the mailboxes of persons of one name apart.
///
/// A narrow serial is written in digits, the others in symbols after a mark that stands in no name and in no digits: so two persons
/// never have one mailbox, whatever they are called.
pub(super) fn tail(serial: Serial, rng: &mut impl Rng) -> String {
    let (mark, bits) = match serial {
        Serial::Drawn => return format!("{:02}", rng.random_range(0..100)),
        Serial::Narrow(serial) => return serial.to_string(),
        Serial::Wide(serial) => ('_', serial),
        Serial::Hashed(hash) => ('-', hash),
    };
    let symbols = (0..TAIL).rev().filter_map(|place| {
        let symbol = usize::try_from((bits >> (5 * place)) & 31).ok()?;
        SYMBOLS.get(symbol).copied().map(char::from)
    });
    [mark].into_iter().chain(symbols).collect()
}

/// A telephone number; `area` is the area code where numbers have one.
pub(super) fn phone(country: Country, area: &str, rng: &mut impl Rng) -> String {
    match country {
        Country::Us => format!("+1 {area}-555-01{}", digits(2, rng)),
        Country::Gb => format!("+44 7700 900{}", digits(3, rng)),
        Country::Cn => format!("+86 154{}", digits(8, rng)),
        Country::Vn => format!(
            "+84 74{} {} {}",
            digits(1, rng),
            digits(3, rng),
            digits(3, rng)
        ),
        Country::Ua => {
            let parts = [digits(3, rng), digits(2, rng), digits(2, rng)];
            format!("+380 58 {}", parts.join(" "))
        }
    }
}

/// A number by which the state would know the person.
pub(super) fn national_id(traits: Traits, serial: Serial, rng: &mut impl Rng) -> String {
    match traits.country {
        Country::Us => {
            let number = serial.spread(100 * 49 * 10_000, rng);
            let (area, group) = (900 + number % 100, 1 + number / 100 % 49);
            format!("{area}-{group:02}-{:04}", number / 4_900)
        }
        Country::Gb => {
            let number = serial.spread(3 * 4 * 1_000_000, rng);
            gb_national_id(number, serial)
        }
        Country::Cn => cn_resident(traits, serial, rng),
        Country::Vn => vn_cccd(traits, serial, rng),
        Country::Ua => ua_rnokpp(traits, serial, rng),
    }
}

fn gb_national_id(number: u64, serial: Serial) -> String {
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
    format!("{prefix} {first:02} {second:02} {third:02} {suffix}")
}

/// Place, day, a number of the day that is odd for men, check character (GB 11643).
fn cn_resident(traits: Traits, serial: Serial, rng: &mut impl Rng) -> String {
    let number = serial.spread_in_day(10_000 * 500, rng);
    let order = number % 500 * 2 + u64::from(traits.gender == Gender::Male);
    let day = traits.birth.format("%Y%m%d");
    let body = format!("99{:04}{day}{order:03}", number / 500);
    let check = cn_resident_digit(&body).unwrap_or('X');
    format!("{body}{check}")
}

/// Province, a digit for century and gender, two digits of the year, a number: which is, for a serial, the day of the year and the place
/// in it.
fn vn_cccd(traits: Traits, serial: Serial, rng: &mut impl Rng) -> String {
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
    format!("{province:03}{}{year:02}{number:06}", century + gender)
}

/// Days since the end of 1899, a number that is odd for men, check digit.
fn ua_rnokpp(traits: Traits, serial: Serial, rng: &mut impl Rng) -> String {
    let first = NaiveDate::from_ymd_opt(1899, 12, 31).unwrap_or_default();
    let days = (traits.birth - first).num_days().clamp(0, 99_999);
    let number = serial.spread_in_day(2_500, rng);
    let number = 5_000 + number * 2 + u64::from(traits.gender == Gender::Male);
    let body = format!("{days:05}{number:04}");
    let check = ua_rnokpp_digit(&body).unwrap_or('0');
    format!("{body}{check}")
}

/// A number of a card.
pub(super) fn card(country: Country, serial: Serial, rng: &mut impl Rng) -> String {
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
    let body = format!("{prefix}{number:0width$}", width = free as usize);
    let check = luhn_digit(&body).unwrap_or('0');
    format!("{body}{check}")
}

/// A number of an account.
pub(super) fn iban(country: Country, serial: Serial, rng: &mut impl Rng) -> String {
    let number = serial.spread(100_000_000, rng);
    let (country, account) = match country {
        Country::Ua => {
            let bank = rng.random_range(1..1_000);
            (
                "UA",
                format!("000{bank:03}00000{}26200{number:08}", digits(1, rng)),
            )
        }
        Country::Us | Country::Gb | Country::Cn | Country::Vn => {
            let branch = rng.random_range(1..10_000);
            ("GB", format!("QQQQ00{branch:04}{number:08}"))
        }
    };
    let check = iban_digits(country, &account).unwrap_or_default();
    format!("{country}{check}{account}")
}

/// This many decimal digits.
fn digits(count: u32, rng: &mut impl Rng) -> String {
    let below = 10_u64.saturating_pow(count);
    format!(
        "{:0width$}",
        rng.random_range(0..below),
        width = count as usize
    )
}
