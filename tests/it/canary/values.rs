//! Canaries: values that cannot be mistaken for anything else, each in the format of the field that it is planted in.

use std::ops::Range;

use chrono::NaiveDate;
use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;

/// A text, and the characters of it that no mask may show together.
#[derive(Clone, Debug)]
pub(super) struct Text {
    pub(super) text: String,
    pub(super) secret: Option<Range<usize>>,
}

fn whole(text: String) -> Text {
    let secret = Some(0..text.chars().count());
    Text { text, secret }
}

/// `count` characters of an alphabet.
pub(super) fn of(rng: &mut ChaCha8Rng, alphabet: &[char], count: usize) -> String {
    (0..count)
        .map(|_| alphabet[rng.random_range(0..alphabet.len())])
        .collect()
}

fn letters(rng: &mut ChaCha8Rng, count: usize) -> String {
    let alphabet: Vec<char> = ('a'..='z').collect();
    of(rng, &alphabet, count)
}

pub(super) fn digits(rng: &mut ChaCha8Rng, count: usize) -> String {
    let alphabet: Vec<char> = ('0'..='9').collect();
    of(rng, &alphabet, count)
}

/// Text of no format, in one of several scripts. Masks may show how it begins.
pub(super) fn token(rng: &mut ChaCha8Rng, script: usize) -> Text {
    let alphabet: Vec<char> = match script % 4 {
        2 => ('\u{4e00}'..='\u{9fa5}').collect(),
        3 => ('\u{410}'..='\u{44f}').collect(),
        _ => ('a'..='z').chain('A'..='Z').chain('0'..='9').collect(),
    };
    Text {
        text: of(rng, &alphabet, 18),
        secret: Some(4..14),
    }
}

/// A mask may show the given name whole.
pub(super) fn person(rng: &mut ChaCha8Rng) -> Text {
    let (given, family) = (letters(rng, 6), letters(rng, 14));
    Text {
        text: format!("Q{given} X{family}"),
        secret: Some(9..23),
    }
}

/// The domain tells no more than that there is one; it may be shown.
pub(super) fn email(rng: &mut ChaCha8Rng) -> Text {
    Text {
        text: format!("{}@{}.example", letters(rng, 16), letters(rng, 5)),
        secret: Some(1..16),
    }
}

pub(super) fn phone(rng: &mut ChaCha8Rng) -> Text {
    Text {
        text: format!("+861{}", digits(rng, 10)),
        secret: Some(4..14),
    }
}

/// Sixteen digits that add up, as Luhn counts.
pub(super) fn card(rng: &mut ChaCha8Rng) -> Text {
    let body = format!("9{}", digits(rng, 14));
    let sum: u32 = body
        .chars()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = digit.to_digit(10).unwrap() * if place % 2 == 0 { 2 } else { 1 };
            digit / 10 + digit % 10
        })
        .sum();
    whole(format!("{body}{}", (10 - sum % 10) % 10))
}

/// An identity number with the checksum of GB 11643, of a region that there is not.
pub(super) fn national_id(rng: &mut ChaCha8Rng) -> Text {
    let day = day(rng, 1930..2005).format("%Y%m%d").to_string();
    let body = format!("90{}{day}{}", digits(rng, 4), digits(rng, 3));
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body
        .chars()
        .zip(weights)
        .map(|(digit, weight)| digit.to_digit(10).unwrap() * weight)
        .sum();
    let check = "10X98765432".chars().nth(sum as usize % 11).unwrap();
    whole(format!("{body}{check}"))
}

/// A mask may show the network.
pub(super) fn address(rng: &mut ChaCha8Rng) -> Text {
    let alphabet: Vec<char> = ('1'..='9').chain('a'..='f').collect();
    let groups: Vec<String> = (0..6).map(|_| of(rng, &alphabet, 4)).collect();
    Text {
        text: format!("2001:db8:{}", groups.join(":")),
        secret: Some(19..38),
    }
}

pub(super) fn password_hash(rng: &mut ChaCha8Rng) -> Text {
    let alphabet: Vec<char> = ('a'..='z').chain('A'..='Z').chain('0'..='9').collect();
    Text {
        text: format!("$argon2id$v=19$m=19456${}", of(rng, &alphabet, 43)),
        secret: Some(23..66),
    }
}

/// A day that is no first of a month or year, so that none is left as it is when days are cut off.
pub(super) fn day(rng: &mut ChaCha8Rng, years: Range<i32>) -> NaiveDate {
    let year = rng.random_range(years);
    NaiveDate::from_ymd_opt(year, rng.random_range(2..=12), rng.random_range(2..=28)).unwrap()
}
