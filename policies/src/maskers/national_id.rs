//! `national_id`: 123-45-6789 -> ***-**-6789, by region.

use std::sync::Arc;

use super::code::{compact, push};
use super::declaration::{Budget, Declaration, Output, Parameter};
use super::params::Params;
use super::text::{hide, tidy_compatible};
use super::{Masked, Masker, MaskerError, Subject, Target, cn_id};
use crate::checksum;
use crate::value::{ValueKind, ValueRef};

pub(super) const DECLARATION: Declaration = Declaration {
    name: "national_id",
    summary: "shows a little of a national id, by region",
    kinds: &[ValueKind::Text],
    output: Output::SameKind,
    format_preserving: true,
    deterministic: true,
    joinable: false,
    reversible: false,
    keyed: false,
    max_reveal: "US the last 4 of 9 digits, CA none, GB the first 2 letters, CN as `cn_id`, VN the first 3 of 12 digits (the province), UA the last 2 of 10 digits; nothing of what is no id of the region",
    budget: Budget::Code { most: 7, hidden: 5 },
    params: &[Parameter {
        name: "region",
        meaning: "whose ids they are: `US` (SSN), `CA` (SIN), `GB` (NINO), `CN` (resident id), `VN` (CCCD) or `UA` (РНОКПП)",
    }],
    examples: &[
        "region = \"US\"",
        "region = \"CA\"",
        "region = \"GB\"",
        "region = \"CN\"",
        "region = \"VN\"",
        "region = \"UA\"",
    ],
    build,
};

/// How much of a valid id is shown at either end; none if it is not valid. Numbers that nobody is given are taken all the same: a
/// demo has no others.
type Kept = fn(&str) -> Option<(usize, usize)>;

#[derive(Debug)]
struct NationalId {
    kept: Kept,
}

fn build(params: &Params<'_>, _: &Target<'_>) -> Result<Arc<dyn Masker>, MaskerError> {
    let regions: [(&str, Kept); 6] = [
        ("US", |text| valid(text, is_ssn, (0, 4))),
        ("CA", |text| valid(text, is_sin, (0, 0))),
        ("GB", |text| valid(text, is_nino, (2, 0))),
        ("CN", cn_id::kept),
        ("VN", |text| valid(text, checksum::vn_cccd, (3, 0))),
        ("UA", |text| valid(text, checksum::ua_rnokpp, (0, 2))),
    ];
    let kept = params.choice("region", &regions, None)?;
    Ok(Arc::new(NationalId { kept }))
}

impl Masker for NationalId {
    fn mask(&self, value: ValueRef<'_>, _: &Subject<'_>, out: &mut String) -> Masked {
        let ValueRef::Text(text) = value else {
            return Masked::Null;
        };
        let Some(text) = tidy_compatible(text) else {
            return hide(out);
        };
        match (self.kept)(&text) {
            Some(kept) => {
                push(&text, kept, out);
                Masked::Text
            }
            None => hide(out),
        }
    }
}

fn valid(text: &str, is_valid: fn(&str) -> bool, kept: (usize, usize)) -> Option<(usize, usize)> {
    compact(text)
        .filter(|id| is_valid(id.as_str()))
        .map(|_| kept)
}

/// Whether this is the id of one of the states that are known here, in capitals and without what stands between its parts.
pub(crate) fn is_national_id(id: &str) -> bool {
    checksum::cn_resident(id)
        || checksum::ua_rnokpp(id)
        || checksum::vn_cccd(id)
        || is_ssn(id)
        || is_sin(id)
        || is_nino(id)
}

/// A social security number: no part of it is zero.
fn is_ssn(id: &str) -> bool {
    let parts = [id.get(..3), id.get(3..5), id.get(5..)];
    is_digits(id, 9)
        && parts
            .iter()
            .all(|part| part.is_some_and(|part| part.contains(|c| c != '0')))
}

/// A social insurance number.
fn is_sin(id: &str) -> bool {
    is_digits(id, 9) && checksum::luhn(id)
}

/// A national insurance number: two letters, six digits, a letter from A to D.
fn is_nino(id: &str) -> bool {
    let letters = id.get(..2).unwrap_or_default();
    letters.bytes().all(|byte| byte.is_ascii_uppercase())
        && is_digits(id.get(2..8).unwrap_or_default(), 6)
        && matches!(id.get(8..), Some("A" | "B" | "C" | "D"))
}

fn is_digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::super::harness::{assert_hidden, assert_table, error_of};

    #[test]
    fn each_region_shows_its_part() {
        for (region, id, shown) in [
            ("US", "123-45-6789", "***-**-6789"),
            ("US", "123456789", "*****6789"),
            ("US", "１２３\u{2011}４５ ６７８９", "***-** 6789"),
            // nobody has these: they are for demos
            ("US", "900-12-3456", "***-**-3456"),
            ("US", "666-12-3456", "***-**-3456"),
            ("CA", "046 454 286", "*** *** ***"),
            ("CA", "046454286", "*********"),
            ("GB", "QQ 12 34 56 C", "QQ ** ** ** *"),
            ("GB", "qq123456c", "QQ*******"),
            ("CN", "11010519491231002X", "110***********002X"),
            ("CN", "110105491231002", "110*********002"),
            ("VN", "001085012345", "001*********"),
            ("UA", "3304512345", "********45"),
            ("UA", "33045\u{200B}12345", "********45"),
        ] {
            assert_table(
                "national_id",
                &format!("region = \"{region}\""),
                &[(id, shown)],
            );
        }
    }

    #[test]
    fn what_is_no_id_of_the_region_is_hidden_whole() {
        for (region, texts) in [
            (
                "US",
                [
                    "000-45-6789",
                    "123-00-6789",
                    "123-45-0000",
                    "12345678",
                    "123-45-678X",
                ],
            ),
            (
                "CA",
                ["046 454 287", "04645428", "0464542860", "O46454286", ""],
            ),
            (
                "GB",
                [
                    "QQ123456E",
                    "Q1123456C",
                    "QQ12345C",
                    "QQ123456",
                    "QQ1234567C",
                ],
            ),
            (
                "CN",
                ["110105194912310021", "3304512345", "123456789", "", "-"],
            ),
            (
                "VN",
                [
                    "100085012345",
                    "012345678",
                    "0010850123456",
                    "000085012345",
                    "0",
                ],
            ),
            (
                "UA",
                [
                    "3304512346",
                    "330451234",
                    "33045123450",
                    "АА123456",
                    "123-45-6789",
                ],
            ),
        ] {
            assert_hidden("national_id", &format!("region = \"{region}\""), &texts);
        }
    }

    #[test]
    fn the_region_must_be_named() {
        assert_eq!(
            error_of("national_id", ""),
            "masker `national_id` needs the parameter `region`: whose ids they are: `US` (SSN), `CA` (SIN), `GB` (NINO), `CN` (resident id), `VN` (CCCD) or `UA` (РНОКПП)"
        );
        assert_eq!(
            error_of("national_id", "region = \"XX\""),
            "parameter `region` of masker `national_id` must be one of `US`, `CA`, `GB`, `CN`, `VN`, `UA`"
        );
    }
}
