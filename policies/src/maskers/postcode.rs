//! `postcode`: 518000 -> 518***; SW1A 1AA -> SW1A.

use std::sync::Arc;

use super::code::{compact, push};
use super::declaration::{Budget, Declaration, Output};
use super::params::Params;
use super::text::{hide, tidy_compatible};
use super::{Masked, Masker, MaskerError, Subject, Target};
use crate::value::{ValueKind, ValueRef};

pub(super) const DECLARATION: Declaration = Declaration {
    name: "postcode",
    summary: "shows the area that a postcode lies in",
    kinds: &[ValueKind::Text],
    output: Output::SameKind,
    format_preserving: false,
    deterministic: true,
    joinable: false,
    reversible: false,
    keyed: false,
    max_reveal: "the first 3 of 5, 6, 7 or 9 digits, the first of 4, of a British or Canadian postcode the part before the space; nothing of any other form",
    budget: Budget::Code { most: 4, hidden: 2 },
    params: &[],
    examples: &[""],
    build,
};

#[derive(Debug)]
struct Postcode;

fn build(_: &Params<'_>, _: &Target<'_>) -> Result<Arc<dyn Masker>, MaskerError> {
    Ok(Arc::new(Postcode))
}

impl Masker for Postcode {
    fn mask(&self, value: ValueRef<'_>, _: &Subject<'_>, out: &mut String) -> Masked {
        let ValueRef::Text(text) = value else {
            return Masked::Null;
        };
        let Some(text) = tidy_compatible(text) else {
            return hide(out);
        };
        let Some(code) = compact(&text) else {
            return hide(out);
        };
        if let Some(kept) = kept_digits(code.as_str()) {
            push(&text, (kept, 0), out);
        } else if let Some(area) = area(code.as_str()) {
            out.push_str(area);
        } else {
            return hide(out);
        }
        Masked::Text
    }
}

/// How many digits are kept of a postcode of digits.
fn kept_digits(code: &str) -> Option<usize> {
    if !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    match code.len() {
        4 => Some(1),
        // nine are five and four more that name a block
        5..=7 | 9 => Some(3),
        _ => None,
    }
}

/// The first part of a British or Canadian postcode, which is written alone as well.
fn area(code: &str) -> Option<&str> {
    let (area, rest) = code.split_at_checked(code.len().checked_sub(3)?)?;
    let known = match &shape(rest) {
        b"9AA " => matches!(
            &shape(area),
            b"A9  " | b"A99 " | b"A9A " | b"AA9 " | b"AA99" | b"AA9A"
        ),
        b"9A9 " => &shape(area) == b"A9A ",
        _ => false,
    };
    known.then_some(area)
}

/// `A` for a letter, `9` for a digit, spaces after them; of what is too long, nothing that is known.
fn shape(text: &str) -> [u8; 4] {
    let mut shape = [b' '; 4];
    if text.len() > shape.len() {
        return [b'?'; 4];
    }
    for (place, byte) in shape.iter_mut().zip(text.bytes()) {
        *place = if byte.is_ascii_digit() { b'9' } else { b'A' };
    }
    shape
}

#[cfg(test)]
mod tests {
    use super::super::harness::{assert_hidden, assert_table};

    #[test]
    fn the_area_is_shown() {
        assert_table(
            "postcode",
            "",
            &[
                ("518000", "518***"),
                ("90210", "902**"),
                ("90210-1234", "902**-****"),
                ("902101234", "902******"),
                ("100-0001", "100-****"),
                ("1010", "1***"),
                ("5１8０00", "518***"),
                ("SW1A 1AA", "SW1A"),
                ("sw1a1aa", "SW1A"),
                ("M1 1AE", "M1"),
                ("EC1A 1BB", "EC1A"),
                ("K1A 0B1", "K1A"),
                ("SW1A\u{A0}\u{200B}1AA", "SW1A"),
            ],
        );
    }

    #[test]
    fn what_is_no_postcode_is_hidden_whole() {
        assert_hidden(
            "postcode",
            "",
            &[
                "",
                "1",
                "123",
                "12345678",
                "SW1A",
                "SW1A 1A",
                "1AA",
                "AAA 1AA",
                "1234 AB",
                "London SW1A 1AA",
                "90210 US",
                "13812341234",
            ],
        );
    }
}
