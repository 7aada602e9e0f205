//! `bank_card`: 4111-1111-1111-1234 -> ****-****-****-1234.

use std::sync::Arc;

use super::declaration::{Budget, Declaration, Output};
use super::params::Params;
use super::places::Digits;
use super::text::{hide, push_ascii, tidy_compatible};
use super::{Masked, Masker, MaskerError, Subject, Target};
use crate::value::{ValueKind, ValueRef};

/// What is shown.
const LAST: usize = 4;
/// Card numbers have 12 to 19 digits (ISO/IEC 7812).
const LENGTHS: std::ops::RangeInclusive<usize> = 12..=19;

pub(super) const DECLARATION: Declaration = Declaration {
    name: "bank_card",
    summary: "shows the last four digits of a card number in its own grouping",
    kinds: &[ValueKind::Text],
    output: Output::SameKind,
    format_preserving: true,
    deterministic: true,
    joinable: false,
    reversible: false,
    keyed: false,
    max_reveal: "the last four digits, the number of digits and their grouping; nothing of what is not 12 to 19 digits",
    budget: Budget::Digits {
        most: LAST,
        hidden: *LENGTHS.start() - LAST,
    },
    params: &[],
    examples: &[""],
    build,
};

#[derive(Debug)]
struct BankCard;

fn build(_: &Params<'_>, _: &Target<'_>) -> Result<Arc<dyn Masker>, MaskerError> {
    Ok(Arc::new(BankCard))
}

impl Masker for BankCard {
    fn mask(&self, value: ValueRef<'_>, _: &Subject<'_>, out: &mut String) -> Masked {
        let ValueRef::Text(text) = value else {
            return Masked::Null;
        };
        let plain = Digits::read(text, |byte| matches!(byte, b' ' | b'-'));
        if let Some(card) = plain.filter(|card| !card.has_wide_gap()) {
            if !LENGTHS.contains(&card.count()) {
                return hide(out);
            }
            card.push((0, LAST), out);
            return Masked::Text;
        }
        let Some(card) = tidy_compatible(text) else {
            return hide(out);
        };
        match digits(&card) {
            Some(count) if LENGTHS.contains(&count) => {
                let mut left = count;
                let masked = card.bytes().map(|byte| {
                    if !byte.is_ascii_digit() {
                        return byte;
                    }
                    left -= 1;
                    if left < LAST { byte } else { b'*' }
                });
                push_ascii(masked, out);
                Masked::Text
            }
            _ => hide(out),
        }
    }
}

/// The number of digits; none if there is anything but digits and single separators between them.
fn digits(card: &str) -> Option<usize> {
    let mut count = 0;
    let mut after_digit = false;
    for byte in card.bytes() {
        match byte {
            b'0'..=b'9' => count += 1,
            b' ' | b'-' if after_digit => {}
            _ => return None,
        }
        after_digit = byte.is_ascii_digit();
    }
    after_digit.then_some(count)
}

#[cfg(test)]
mod tests {
    use super::super::harness::{assert_hidden, assert_table};

    #[test]
    fn the_last_four_digits_are_shown_in_shape() {
        assert_table(
            "bank_card",
            "",
            &[
                ("4111-1111-1111-1234", "****-****-****-1234"),
                ("4111111111111111", "************1111"),
                ("378282246310005", "***********0005"),
                ("3782 822463 10005", "**** ****** *0005"),
                ("6222020200001234123", "***************4123"),
                ("４１１１ １１１１ １１１１ １２３４", "**** **** **** 1234"),
                (
                    "4111\u{A0}1111\u{2011}1111\u{200B} 1234",
                    "**** ****-**** 1234",
                ),
            ],
        );
    }

    #[test]
    fn what_is_no_card_number_is_hidden_whole() {
        assert_hidden(
            "bank_card",
            "",
            &[
                "",
                "1234",
                "12345678901",
                "12345678901234567890",
                "4111-1111-1111-123X",
                "4111--1111-1111-1234",
                "4111-1111-1111-1234-",
                "٤١١١١١١١١١١١١٢٣٤",
                "Visa 4111111111111111",
            ],
        );
    }
}
