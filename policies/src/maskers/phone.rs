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
use super::places::Digits;
use super::text::{hide, push_ascii, tidy_compatible};
use super::{Masked, Masker, MaskerError, Subject, Target, calling_code};
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
        if let Some((calling, digits)) = plain(text) {
            push_calling_code(calling, out);
            digits.push(kept(calling, digits.count(), digits.text()), out);
            return Masked::Text;
        }
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
                let (calling, national) = calling_code::split(rest)?;
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
        push_calling_code(self.calling, out);
        let (first, last) = kept(self.calling, self.digits, self.national);
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
}

/// A number as nearly all are stored, in plain digits and separators, or none if it must be looked at more closely: its calling code
/// after a plus, and the rest.
fn plain(text: &str) -> Option<(Option<&str>, Digits<'_>)> {
    let (calling, national) = match text.strip_prefix('+') {
        Some(rest) => {
            let (calling, national) = calling_code::split(rest)?;
            let national = national.strip_prefix([' ', '-']).unwrap_or(national);
            (Some(calling), national)
        }
        // these may begin with a calling code
        None if text.starts_with("00") || text.starts_with("86") => return None,
        None => (None, text),
    };
    let digits = Digits::read(national, |byte| is_separator(char::from(byte)))?;
    let total = digits.count() + calling.map_or(0, str::len);
    let is_number = digits.count() >= LEAST_DIGITS
        && total <= MOST_DIGITS
        && national.len() - digits.count() <= MOST_SEPARATORS;
    is_number.then_some((calling, digits))
}

fn push_calling_code(calling: Option<&str>, out: &mut String) {
    if let Some(calling) = calling {
        out.push('+');
        out.push_str(calling);
        out.push(' ');
    }
}

/// How many of the digits after the calling code are shown at the beginning and at the end.
fn kept(calling: Option<&str>, digits: usize, national: &str) -> (usize, usize) {
    match (calling, digits) {
        (None | Some("86"), 11) if is_chinese_mobile(national) => (3, 4),
        (Some("84"), 9) => (2, 3),
        (Some("380"), 9) => (2, 4),
        (Some("1"), 10) => (0, 4),
        _ => (0, 3),
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
    use proptest::prelude::*;

    use super::super::harness::{assert_hidden, assert_table, masked};

    proptest! {
        #[test]
        fn a_plain_number_is_shown_as_if_it_were_looked_at_closely(
            text in "\\+?(0|00|1|7|20|44|84|86|380|999)?[ -]?([0-9]{1,4}[ .()-]{0,2}){1,6}[0-9]{0,3}",
        ) {
            // such a character makes it another spelling of the same number
            let closely = masked("phone", "", &format!("\u{200B}{text}"));
            prop_assert_eq!(masked("phone", "", &text), closely);
        }
    }

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
