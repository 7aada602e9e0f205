//! `phone`: +8613812341234 -> +86 138****1234.
//!
//! A number is taken apart only as far as the mask needs: calling code, digits, separators. A library that validates numbers country
//! by country would refuse the reserved ones that demo data is made of, and costs a regular expression for every cell.
//!
//! A number whose country is not known shows its last three digits, which every known country shows as well: two ways of writing
//! one number never show more together than the better known one does alone.

use std::sync::Arc;

use super::declaration::{Budget, Declaration, Output};
use super::params::Params;
use super::text::{hide, push_ascii, tidy_compatible};
use super::{Masked, Masker, MaskerError, Subject, Target};
use crate::value::{ValueKind, ValueRef};

/// The most digits, calling code included (ITU-T E.164).
const MOST_DIGITS: usize = 15;
/// With fewer digits after the calling code it is a service number or none at all.
const LEAST_DIGITS: usize = 7;
/// More separators than this are not the shape of a number.
const MOST_SEPARATORS: usize = 12;
const LONGEST_EXTENSION: usize = 7;

pub(super) const DECLARATION: Declaration = Declaration {
    name: "phone",
    summary: "shows a few digits of a telephone number, by country, in its own grouping",
    kinds: &[ValueKind::Text],
    output: Output::SameKind,
    format_preserving: true,
    deterministic: true,
    joinable: false,
    reversible: false,
    keyed: false,
    max_reveal: "the calling code and, for China 3 + 4 digits, Vietnam 2 + 3, Ukraine 2 + 4, North America the last 4, elsewhere the last 3; how many digits there are; of an extension nothing",
    budget: Budget::Digits {
        most: 10,
        hidden: 3,
    },
    params: &[],
    examples: &[""],
    build,
};

#[derive(Debug)]
struct Phone;

fn build(_: &Params<'_>, _: &Target<'_>) -> Result<Arc<dyn Masker>, MaskerError> {
    Ok(Arc::new(Phone))
}

impl Masker for Phone {
    fn mask(&self, value: ValueRef<'_>, _: &Subject<'_>, out: &mut String) -> Masked {
        let ValueRef::Text(text) = value else {
            return Masked::Null;
        };
        let Some(text) = tidy_compatible(text) else {
            return hide(out);
        };
        match Number::read(&text) {
            Some(number) => {
                number.write(out);
                Masked::Text
            }
            None => hide(out),
        }
    }
}

/// A number as far as it must be understood.
pub(super) struct Number<'a> {
    /// The calling code, if the number is written internationally.
    pub(super) calling: Option<&'a str>,
    /// The rest: digits and separators.
    pub(super) national: &'a str,
    /// How many digits the rest has.
    digits: usize,
}

impl<'a> Number<'a> {
    pub(super) fn read(text: &'a str) -> Option<Self> {
        let text = without_extension(text)?;
        let (calling, national) = match international(text) {
            Some(rest) => {
                let (calling, national) = split_calling_code(rest)?;
                (
                    Some(calling),
                    national.trim_start_matches([' ', '-', '.', ')']),
                )
            }
            None => domestic(text),
        };
        let national = national.trim_end_matches([' ', '-', '.', '(']);
        let digits = count_digits(national);
        let separators = national.len() - digits;
        let total = digits + calling.map_or(0, str::len);
        (digits >= LEAST_DIGITS
            && total <= MOST_DIGITS
            && separators <= MOST_SEPARATORS
            && national.bytes().all(is_part))
        .then_some(Self {
            calling,
            national,
            digits,
        })
    }

    fn write(&self, out: &mut String) {
        if let Some(calling) = self.calling {
            out.push('+');
            out.push_str(calling);
            out.push(' ');
        }
        let (first, last) = self.kept();
        let mut seen = 0;
        let masked = self.national.bytes().map(|byte| {
            if !byte.is_ascii_digit() {
                return byte;
            }
            seen += 1;
            if seen <= first || seen > self.digits - last {
                byte
            } else {
                b'*'
            }
        });
        push_ascii(masked, out);
    }

    /// How many digits are shown at the beginning and at the end.
    fn kept(&self) -> (usize, usize) {
        match (self.calling, self.digits) {
            (None | Some("86"), 11) if is_chinese_mobile(self.national) => (3, 4),
            (Some("84"), 9) => (2, 3),
            (Some("380"), 9) => (2, 4),
            (Some("1"), 10) => (0, 4),
            _ => (0, 3),
        }
    }
}

/// Cuts an extension off; none if what follows the number is no extension.
fn without_extension(text: &str) -> Option<&str> {
    let Some(end) = text
        .bytes()
        .position(|byte| !(is_part(byte) || byte == b'+'))
    else {
        return Some(text);
    };
    let (number, rest) = text.split_at_checked(end)?;
    let digits = rest.trim_start_matches(|c: char| !c.is_ascii_digit());
    let word = rest.strip_suffix(digits)?.trim().to_lowercase();
    let is_extension = matches!(
        word.trim_end_matches(['.', ':', ' ']),
        "x" | "ext" | "extn" | "extension" | ";ext=" | "#" | "," | "转" | "轉" | "分机" | "дод"
    );
    (is_extension
        && (1..=LONGEST_EXTENSION).contains(&digits.len())
        && count_digits(digits) == digits.len())
    .then_some(number)
}

/// What follows the international prefix, `+` or `00`.
fn international(text: &str) -> Option<&str> {
    let text = text.trim_start_matches(['(', ' ']);
    text.strip_prefix('+')
        .or_else(|| text.strip_prefix("00"))
        .map(|rest| rest.trim_start_matches(is_separator))
}

/// A number without the prefix: no calling code, but for a Chinese mobile number with nothing but the plus missing.
fn domestic(text: &str) -> (Option<&str>, &str) {
    match text.strip_prefix("86") {
        Some(rest) if count_digits(rest) == 11 && is_chinese_mobile(rest) => {
            (Some("86"), rest.trim_start_matches([' ', '-', '.']))
        }
        _ => (None, text),
    }
}

/// Whether 11 digits are a mobile number of mainland China: 13 to 19 and nine more.
fn is_chinese_mobile(national: &str) -> bool {
    let mut digits = national.chars().filter(char::is_ascii_digit);
    digits.next() == Some('1') && matches!(digits.next(), Some('3'..='9'))
}

/// Splits off the calling code: no code is the beginning of another one.
fn split_calling_code(rest: &str) -> Option<(&str, &str)> {
    (1..=3)
        .filter_map(|len| rest.split_at_checked(len))
        .find(|(code, _)| is_calling_code(code))
}

/// Whether a calling code is assigned (ITU-T E.164, list of codes).
fn is_calling_code(code: &str) -> bool {
    let Ok(number) = code.parse::<u16>() else {
        return false;
    };
    match code.len() {
        1 => matches!(number, 1 | 7),
        2 => matches!(
            number,
            20 | 27 | 30..=34 | 36 | 39 | 40 | 41 | 43..=49 | 51..=58 | 60..=66 | 81 | 82 | 84 | 86 | 90..=95 | 98
        ),
        _ => matches!(
            number,
            211..=213 | 216 | 218 | 220..=258 | 260..=269 | 290 | 291 | 297..=299 | 350..=359 | 370..=383
                | 385..=387 | 389 | 420 | 421 | 423 | 500..=509 | 590..=599 | 670 | 672..=683 | 685..=692
                | 800 | 808 | 850 | 852 | 853 | 855 | 856 | 870 | 878 | 880..=883 | 886 | 888 | 960..=968
                | 970..=977 | 979 | 992..=996 | 998
        ),
    }
}

fn is_part(byte: u8) -> bool {
    byte.is_ascii_digit() || is_separator(char::from(byte))
}

fn is_separator(c: char) -> bool {
    matches!(c, ' ' | '-' | '.' | '(' | ')')
}

fn count_digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

#[cfg(test)]
mod tests {
    use super::super::harness::{assert_hidden, assert_table};

    #[test]
    fn countries_keep_what_their_plan_allows() {
        assert_table(
            "phone",
            "",
            &[
                ("+8613812341234", "+86 138****1234"),
                ("13812341234", "138****1234"),
                ("+84912345678", "+84 91****678"),
                ("+380501234567", "+380 50***4567"),
                ("+1 555-010-4477", "+1 ***-***-4477"),
                ("+15550104477", "+1 ******4477"),
                ("+1 (555) 010-4477", "+1 (***) ***-4477"),
                ("+49 30 901820", "+49 ** ***820"),
                ("+44 (0)20 7946 0958", "+44 (*)** **** *958"),
                ("+85291234567", "+852 *****567"),
            ],
        );
    }

    #[test]
    fn the_many_ways_to_write_one_number_are_read_alike() {
        assert_table(
            "phone",
            "",
            &[
                ("+86 138-1234-1234", "+86 138-****-1234"),
                ("+86-138-1234-1234", "+86 138-****-1234"),
                ("(+86) 138 1234 1234", "+86 138 **** 1234"),
                ("+(86) 13812341234", "+86 138****1234"),
                ("008613812341234", "+86 138****1234"),
                ("0086 138 1234 1234", "+86 138 **** 1234"),
                ("8613812341234", "+86 138****1234"),
                ("86 138 1234 1234", "+86 138 **** 1234"),
                ("１３８１２３４１２３４", "138****1234"),
                ("＋８６１３８１２３４１２３４", "+86 138****1234"),
                ("+86\u{A0}138\u{2011}1234\u{2014}1234", "+86 138-****-1234"),
                (
                    "\u{202D}+86138\u{200B}1234\u{2060}1234\u{202C}",
                    "+86 138****1234",
                ),
            ],
        );
    }

    #[test]
    fn numbers_of_an_unknown_country_show_three_digits() {
        assert_table(
            "phone",
            "",
            &[
                ("555-010-4477", "***-***-*477"),
                ("0912345678", "*******678"),
                ("0501234567", "*******567"),
                ("(02) 2799-3078", "(**) ****-*078"),
                ("+8675512345678", "+86 ********678"),
                ("5550104", "****104"),
            ],
        );
    }

    #[test]
    fn extensions_are_dropped() {
        assert_table(
            "phone",
            "",
            &[
                ("663-546-3256 x9705", "***-***-*256"),
                ("+1 663-546-3256 ext. 9705", "+1 ***-***-3256"),
                ("+16635463256;ext=9705", "+1 ******3256"),
                ("13812341234#12", "138****1234"),
                ("0755 12345678转801", "**** *****678"),
            ],
        );
    }

    #[test]
    fn what_is_no_number_is_hidden_whole() {
        assert_hidden(
            "phone",
            "",
            &[
                "",
                "+",
                "110",
                "10086",
                "555010",
                "+86",
                "+86 10086",
                "1234567890123456",
                "+8613812341234123",
                "+999 1234567890",
                "+0 1234567890",
                "+8 613812341234",
                "138+12341234",
                "++8613812341234",
                "1- - - - - - - - 3812341234",
                "13812341234/13912341234",
                "13812341234, 13912341234",
                "call 13812341234",
                "13812341234 home",
                "13812341234 x",
                "13812341234 x12345678",
                "13812341234 x12a",
                "١٣٨١٢٣٤١٢٣٤",
                "alice@b.com",
                "张三13812341234",
                "110105194912310021",
            ],
        );
    }
}
