//! `landline`: 0755-82661234 -> (0755)8266-****.
//!
//! The other end of a number than `phone` shows: two fields with the same number must not have one each. A number without an area
//! code and a mobile one are hidden whole, so that no two ways of writing a number show different parts of it.

use std::sync::Arc;

use super::declaration::{Budget, Declaration, Output, Parameter};
use super::params::Params;
use super::phone::Number;
use super::text::{hide, push_stars, tidy_compatible};
use super::{Masked, Masker, MaskerError, Subject, Target};
use crate::value::{ValueKind, ValueRef};

/// What stays hidden at the end: one digit more than `phone` shows there of a landline, at least.
const HIDDEN: usize = 4;
/// `phone` shows four digits of a Ukrainian number, whatever it is.
const HIDDEN_UA: usize = 5;

pub(super) const DECLARATION: Declaration = Declaration {
    name: "landline",
    summary: "shows area code and exchange of a landline number of China, Taiwan, Vietnam or Ukraine",
    kinds: &[ValueKind::Text],
    output: Output::SameKind,
    format_preserving: true,
    deterministic: true,
    joinable: false,
    reversible: false,
    keyed: false,
    max_reveal: "the calling code if it is written, the area code and the number but for its last four digits (five in Ukraine); of an extension and of all other numbers nothing. With `phone` on the same number one digit stays hidden",
    budget: Budget::Digits {
        most: 10,
        hidden: HIDDEN,
    },
    params: &[Parameter {
        name: "region",
        meaning: "the country of numbers without a calling code: `CN`, `TW`, `VN` or `UA`; `CN` when left out",
    }],
    examples: &["", "region = \"TW\"", "region = \"VN\"", "region = \"UA\""],
    build,
};

/// A numbering plan, as far as landlines go.
#[derive(Clone, Copy, Debug)]
enum Country {
    China,
    Taiwan,
    Vietnam,
    Ukraine,
}

#[derive(Debug)]
struct Landline {
    home: Country,
}

fn build(params: &Params<'_>, _: &Target<'_>) -> Result<Arc<dyn Masker>, MaskerError> {
    let regions = [
        ("CN", Country::China),
        ("TW", Country::Taiwan),
        ("VN", Country::Vietnam),
        ("UA", Country::Ukraine),
    ];
    let home = params.choice("region", &regions, Some(Country::China))?;
    Ok(Arc::new(Landline { home }))
}

impl Masker for Landline {
    fn mask(&self, value: ValueRef<'_>, _: &Subject<'_>, out: &mut String) -> Masked {
        let ValueRef::Text(text) = value else {
            return Masked::Null;
        };
        let Some(text) = tidy_compatible(text) else {
            return hide(out);
        };
        match Number::read(&text).and_then(|number| self.write(&number, out)) {
            Some(()) => Masked::Text,
            None => hide(out),
        }
    }
}

impl Landline {
    fn write(&self, number: &Number<'_>, out: &mut String) -> Option<()> {
        let digits: String = number
            .national
            .chars()
            .filter(char::is_ascii_digit)
            .collect();
        let country = match number.calling {
            None => self.home,
            Some("86") => Country::China,
            Some("886") => Country::Taiwan,
            Some("84") => Country::Vietnam,
            Some("380") => Country::Ukraine,
            Some(_) => return None,
        };
        // The zero before an area code is dialled within the country; from outside it is written by mistake.
        let (trunk, significant) = match (number.calling, digits.strip_prefix('0')) {
            (None, Some(rest)) => ("0", rest),
            (None, None) => return None,
            (Some(_), Some(rest)) => ("", rest),
            (Some(_), None) => ("", digits.as_str()),
        };
        let (area, own) = country.split(significant)?;
        let hidden = country.hidden();
        let exchange = own.get(..own.len().checked_sub(hidden)?)?;
        if let Some(calling) = number.calling {
            out.push_str(&format!("+{calling} "));
        }
        out.push_str(&format!("({trunk}{area}){exchange}-"));
        push_stars(hidden, "*", out);
        Some(())
    }
}

impl Country {
    /// How many digits stay hidden at the end.
    fn hidden(self) -> usize {
        match self {
            Self::Ukraine => HIDDEN_UA,
            Self::China | Self::Taiwan | Self::Vietnam => HIDDEN,
        }
    }

    /// Area code and subscriber's number; none for a mobile number, or one that is too short or too long.
    fn split(self, significant: &str) -> Option<(&str, &str)> {
        let head = |len| significant.get(..len).unwrap_or_default();
        let (area, own) = match self {
            Self::China => match head(1) {
                "1" if head(2) == "10" => (2, 8..=8),
                "2" => (2, 8..=8),
                "3" | "4" | "5" | "6" | "7" | "8" | "9" => (3, 7..=8),
                _ => return None,
            },
            Self::Taiwan => match head(2) {
                "37" | "49" | "82" | "89" => (2, 6..=7),
                _ if matches!(head(1), "2" | "3" | "4" | "5" | "6" | "7" | "8") => (1, 7..=8),
                _ => return None,
            },
            Self::Vietnam => match head(2) {
                "24" | "28" => (2, 8..=8),
                _ if head(1) == "2" => (3, 7..=7),
                _ => return None,
            },
            Self::Ukraine => match head(2) {
                "39" | "50" | "63" | "66" | "67" | "68" => return None,
                _ if matches!(head(1), "3" | "4" | "5" | "6") => (2, 7..=7),
                _ => return None,
            },
        };
        let (area, number) = significant.split_at_checked(area)?;
        own.contains(&number.len()).then_some((area, number))
    }
}

#[cfg(test)]
mod tests {
    use super::super::harness::{assert_hidden, assert_table, error_of, masked};

    /// For each digit of a number, whether its mask shows it.
    fn shown_digits(mask: &str) -> Vec<bool> {
        let places = mask.chars().filter(|c| c.is_ascii_digit() || *c == '*');
        places.map(|place| place != '*').collect()
    }

    #[test]
    fn area_and_exchange_are_shown() {
        assert_table(
            "landline",
            "",
            &[
                ("0755-82661234", "(0755)8266-****"),
                ("(010) 6552 9988", "(010)6552-****"),
                ("021 6552 9988", "(021)6552-****"),
                ("0311-8266123", "(0311)826-****"),
                ("+86 755 8266 1234", "+86 (755)8266-****"),
                ("0086-0755-82661234", "+86 (755)8266-****"),
                ("0755 82661234转801", "(0755)8266-****"),
                ("０７５５－８２６６１２３４", "(0755)8266-****"),
                ("0755\u{200B}-8266\u{202E}1234", "(0755)8266-****"),
                ("+886 2 2799 3078", "+886 (2)2799-****"),
                ("+84 28 3829 5687", "+84 (28)3829-****"),
                ("+380 44 279 3078", "+380 (44)27-*****"),
            ],
        );
        for (region, number, shown) in [
            ("TW", "0227993078", "(02)2799-****"),
            ("TW", "(037) 321-456", "(037)32-****"),
            ("TW", "+86 755 8266 1234", "+86 (755)8266-****"),
            ("VN", "028 3829 5687", "(028)3829-****"),
            ("VN", "0203 382 5678", "(0203)382-****"),
            ("UA", "(044) 279-30-78 дод. 12", "(044)27-*****"),
        ] {
            assert_table(
                "landline",
                &format!("region = \"{region}\""),
                &[(number, shown)],
            );
        }
    }

    #[test]
    fn with_phone_on_the_same_number_a_digit_stays_hidden() {
        // each as it may be written in one field and in another
        for (region, forms) in [
            ("CN", ["+86 755 8266 1234", "0755-82661234"]),
            ("CN", ["+86 10 6552 9988", "010-65529988"]),
            ("CN", ["+86 311 826 6123", "0311-8266123"]),
            ("TW", ["+886 2 2799 3078", "02-27993078"]),
            ("TW", ["+886 37 321 456", "037-321456"]),
            ("VN", ["+84 28 3829 5687", "028 38295687"]),
            ("VN", ["+84 203 382 5678", "0203 3825678"]),
            ("UA", ["+380 44 279 3078", "044 279 30 78"]),
        ] {
            let region = format!("region = \"{region}\"");
            for (one, other) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
                let landline = shown_digits(&masked("landline", &region, forms[one]));
                let phone = shown_digits(&masked("phone", "", forms[other]));
                let begins = landline.iter().rev().skip_while(|shown| !**shown).count();
                let hidden = landline.len() - begins;
                let ends = phone.iter().rev().take_while(|shown| **shown).count();
                assert!(begins > 0 && ends > 0, "{forms:?}");
                assert!(hidden > ends, "{}, {}", forms[one], forms[other]);
            }
        }
    }

    #[test]
    fn other_numbers_are_hidden_whole() {
        assert_hidden(
            "landline",
            "",
            &[
                "",
                "13812341234",
                "+8613812341234",
                "013812341234",
                // no area: the end of it would be what `phone` shows
                "82661234",
                "+1 555-010-4477",
                "+44 20 7946 0958",
                "0755-826612",
                "0755-826612345",
                "010 1234567",
                "0755-82661234 home",
                "400-800-1234",
            ],
        );
        assert_hidden(
            "landline",
            "region = \"UA\"",
            &["0501234567", "067 123 45 67", "044 27930"],
        );
        assert_hidden(
            "landline",
            "region = \"VN\"",
            &["0912345678", "028 3829 568"],
        );
        assert_hidden("landline", "region = \"TW\"", &["0912345678", "037 32145"]);
        assert_eq!(
            error_of("landline", "region = \"US\""),
            "parameter `region` of masker `landline` must be one of `CN`, `TW`, `VN`, `UA`"
        );
    }

    #[test]
    fn areas_that_do_not_exist_are_hidden() {
        assert_hidden("landline", "region = \"VN\"", &["0312345678", "0112345678"]);
        assert_hidden(
            "landline",
            "region = \"UA\"",
            &["0123456789", "0712345678", "0212345678"],
        );
        assert_hidden("landline", "region = \"TW\"", &["012345678", "112345678"]);
    }
}
