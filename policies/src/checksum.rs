//! Numbers that prove themselves: whether a text is a valid card number, account number or national id, and the check digits that
//! make one.
//!
//! Everything here takes bare ASCII text: whoever reads what people wrote takes separators out first. No register is asked: a number
//! whose district or issuer does not exist is valid, or no invented number could ever be.

use chrono::NaiveDate;
use iban::{Iban, IbanLike};

/// Weights of the Chinese resident id: powers of two modulo 11 (GB 11643, ISO 7064 mod 11-2).
const CN_WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// Check digits of the Chinese resident id, by the remainder.
const CN_DIGITS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];
/// Weights of the Ukrainian taxpayer number.
const UA_WEIGHTS: [i32; 9] = [-1, 5, 7, 9, 4, 6, 10, 5, 7];

/// Whether the last of these digits is the check digit of the others by Luhn's rule (ISO/IEC 7812).
pub fn luhn(digits: &str) -> bool {
    ends_with_digit(digits, luhn_digit)
}

/// The digit that makes a number valid by Luhn's rule when it is written after these digits.
pub fn luhn_digit(body: &str) -> Option<char> {
    let digits = numbers(body).rev().enumerate();
    let sum: Option<u32> = digits
        .map(|(i, digit)| match i % 2 {
            0 => digit.map(|digit| digit * 2 / 10 + digit * 2 % 10),
            _ => digit,
        })
        .sum();
    let sum = sum?;
    (!body.is_empty())
        .then(|| char::from_digit((10 - sum % 10) % 10, 10))
        .flatten()
}

/// Whether this is an account number of its country's length and form with the right check digits (ISO 13616), written without
/// spaces.
pub fn iban(text: &str) -> bool {
    // The library reads the form with spaces too, and takes small letters after the country; one number has one form here.
    text.parse::<Iban>()
        .is_ok_and(|iban| iban.electronic_str() == text)
}

/// The two check digits of an account number of this country.
pub fn iban_digits(country: &str, bban: &str) -> Option<[char; 2]> {
    let is_country = country.len() == 2 && country.bytes().all(|b| b.is_ascii_uppercase());
    let is_account = !bban.is_empty()
        && bban
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    if !is_country || !is_account {
        return None;
    }
    let remainder = [bban, country, "00"]
        .iter()
        .flat_map(|part| part.chars())
        .filter_map(|c| c.to_digit(36))
        .fold(0, |rest, value| {
            (rest * if value < 10 { 10 } else { 100 } + value) % 97
        });
    let check = 98 - remainder;
    Some([
        char::from_digit(check / 10, 10)?,
        char::from_digit(check % 10, 10)?,
    ])
}

/// Whether this is a Chinese resident id of 18 places: a day of birth in the middle and the right check digit, `X` for ten.
pub fn cn_resident(text: &str) -> bool {
    ends_with_digit(text, cn_resident_digit) && text.get(6..14).is_some_and(|day| is_day("", day))
}

/// The check digit of the first 17 digits of a Chinese resident id.
pub fn cn_resident_digit(body17: &str) -> Option<char> {
    let weighted = numbers(body17).zip(CN_WEIGHTS);
    let sum: Option<u32> = weighted.map(|(digit, weight)| Some(digit? * weight)).sum();
    let sum = sum.filter(|_| body17.len() == CN_WEIGHTS.len())?;
    CN_DIGITS.get(sum as usize % CN_DIGITS.len()).copied()
}

/// Whether this is a Ukrainian taxpayer number (РНОКПП): ten digits, the last one the check digit.
pub fn ua_rnokpp(text: &str) -> bool {
    ends_with_digit(text, ua_rnokpp_digit)
}

/// The check digit of the first nine digits of a Ukrainian taxpayer number.
pub fn ua_rnokpp_digit(body9: &str) -> Option<char> {
    let weighted = numbers(body9).zip(UA_WEIGHTS);
    let sum: Option<i32> = weighted
        .map(|(digit, weight)| Some(i32::try_from(digit?).ok()? * weight))
        .sum();
    let sum = sum.filter(|_| body9.len() == UA_WEIGHTS.len())?;
    let check = u32::try_from(sum.rem_euclid(11) % 10).ok()?;
    char::from_digit(check, 10)
}

/// Whether this has the structure of a Vietnamese citizen id (CCCD), which has no check digit: twelve digits, of which the first
/// three stand for a province (001 to 099, assigned or not), the fourth for century and gender, two more for the year of birth.
pub fn vn_cccd(text: &str) -> bool {
    text.len() == 12
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && text.starts_with('0')
        && !text.starts_with("000")
}

/// Whether the last character is the one that belongs to what is before it.
fn ends_with_digit(text: &str, digit: fn(&str) -> Option<char>) -> bool {
    let mut body = text.chars();
    let last = body.next_back();
    last.is_some() && digit(body.as_str()) == last
}

/// Whether this is a day of the calendar in eight digits, of which the first may stand apart: a century.
pub(crate) fn is_day(century: &str, rest: &str) -> bool {
    let mut count = 0;
    let day = numbers(century)
        .chain(numbers(rest))
        .try_fold(0_u32, |day, digit| {
            count += 1;
            day.checked_mul(10)?.checked_add(digit?)
        });
    let (year, day) = day.map_or((0, 0), |day| (day / 10_000, day % 10_000));
    let date = i32::try_from(year).map(|year| NaiveDate::from_ymd_opt(year, day / 100, day % 100));
    count == 8 && matches!(date, Ok(Some(_)))
}

/// The values of ASCII digits; none in the place of anything else.
fn numbers(text: &str) -> impl DoubleEndedIterator<Item = Option<u32>> + Clone {
    text.chars().map(|c| c.to_digit(10))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn published_card_numbers_are_valid() {
        for card in [
            "4111111111111111",
            "378282246310005",
            "5555555555554444",
            "79927398713",
        ] {
            assert!(luhn(card), "{card}");
        }
        for wrong in [
            "4111111111111112",
            "378282246310006",
            "4111 1111 1111 1111",
            "４１１１１１１１１１１１１１１１",
            "0",
            "",
        ] {
            assert!(!luhn(wrong), "{wrong}");
        }
        assert_eq!(luhn_digit("7992739871"), Some('3'));
        assert_eq!(luhn_digit("37828224631000"), Some('5'));
        assert_eq!(luhn_digit(""), None);
        assert_eq!(luhn_digit("12a"), None);
    }

    #[test]
    fn published_account_numbers_are_valid() {
        for account in [
            "GB82WEST12345698765432",
            "UA213223130000026007233566001",
            "DE89370400440532013000",
            "FR1420041010050500013M02606",
            "NO9386011117947",
        ] {
            assert!(iban(account), "{account}");
            let (country, rest) = account.split_at(2);
            let (digits, bban) = rest.split_at(2);
            assert_eq!(
                iban_digits(country, bban).map(String::from_iter).as_deref(),
                Some(digits)
            );
        }
        for wrong in [
            "GB83WEST12345698765432",
            "gb82west12345698765432",
            "GB82 WEST 1234 5698 7654 32",
            "GB82WEST1234569876543",
            "UA21322313000002600723356600",
            "XX82WEST12345698765432",
            "",
            "GB",
        ] {
            assert!(!iban(wrong), "{wrong}");
        }
        assert_eq!(iban_digits("GB", "WEST 1234"), None);
        assert_eq!(iban_digits("gb", "WEST1234"), None);
        assert_eq!(iban_digits("GB", ""), None);
    }

    #[test]
    fn published_chinese_ids_are_valid() {
        assert!(cn_resident("11010519491231002X"));
        assert!(cn_resident("440524188001010014"));
        assert_eq!(cn_resident_digit("11010519491231002"), Some('X'));
        for wrong in [
            "110105194912310021",
            "11010519491231002x",
            "11010519491231002",
            "110105491231002",
            "11010519490231002X",
            "1101051949123100２X",
            "",
        ] {
            assert!(!cn_resident(wrong), "{wrong}");
        }
        // the right check digit, but no day of birth
        let dayless = "11010519491331002";
        let digit = cn_resident_digit(dayless).unwrap();
        assert!(!cn_resident(&format!("{dayless}{digit}")));
        assert_eq!(cn_resident_digit("1101051949123100"), None);
        assert_eq!(cn_resident_digit("110105194912310020"), None);
    }

    #[test]
    fn published_ukrainian_numbers_are_valid() {
        assert!(ua_rnokpp("3304512345"));
        assert_eq!(ua_rnokpp_digit("330451234"), Some('5'));
        // a remainder of ten counts as nothing
        assert_eq!(ua_rnokpp_digit("000000020"), Some('0'));
        // the first weight is below nothing
        assert_eq!(ua_rnokpp_digit("100000000"), Some('0'));
        assert_eq!(ua_rnokpp_digit("200000000"), Some('9'));
        for wrong in ["3304512346", "330451234", "33045123450", "330451234x", ""] {
            assert!(!ua_rnokpp(wrong), "{wrong}");
        }
    }

    #[test]
    fn vietnamese_ids_have_their_structure() {
        for id in ["001085012345", "079203001234", "099300000001"] {
            assert!(vn_cccd(id), "{id}");
        }
        for wrong in [
            "000085012345",
            "100085012345",
            "00108501234",
            "0010850123456",
            "00108501234x",
            "",
        ] {
            assert!(!vn_cccd(wrong), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn what_is_given_a_check_digit_is_valid_and_a_changed_digit_is_not(
            body in "[1-9][0-9]{11,17}", at in 0usize..11, by in 1u32..10
        ) {
            let digit = luhn_digit(&body).unwrap();
            let whole = format!("{body}{digit}");
            prop_assert!(luhn(&whole));
            let changed: String = whole
                .chars()
                .enumerate()
                .map(|(i, c)| match i == at {
                    true => char::from_digit((c.to_digit(10).unwrap() + by) % 10, 10).unwrap(),
                    false => c,
                })
                .collect();
            prop_assert!(!luhn(&changed));
        }

        #[test]
        fn made_account_numbers_are_valid(bank in "[0-9]{6}", account in "[0-9]{19}") {
            let bban = format!("{bank}{account}");
            let digits = String::from_iter(iban_digits("UA", &bban).unwrap());
            let whole = format!("UA{digits}{bban}");
            prop_assert!(iban(&whole));
        }

        #[test]
        fn any_text_is_looked_at_without_harm(text in any::<String>()) {
            let known = [luhn, iban, cn_resident, ua_rnokpp, vn_cccd];
            if !text.is_ascii() {
                prop_assert!(known.iter().all(|check| !check(&text)));
            }
            for check in known {
                check(&text);
            }
            iban_digits(&text, &text);
        }
    }
}
