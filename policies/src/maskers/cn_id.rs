//! `cn_id`: 11010519491231002X -> 110***********002X.

use std::sync::Arc;

use super::code::{compact, push};
use super::declaration::{Budget, Declaration, Output};
use super::params::Params;
use super::text::{hide, tidy_compatible};
use super::{Masked, Masker, MaskerError, Subject, Target};
use crate::checksum;
use crate::value::{ValueKind, ValueRef};

pub(super) const DECLARATION: Declaration = Declaration {
    name: "cn_id",
    summary: "shows the province and the last characters of a Chinese resident id",
    kinds: &[ValueKind::Text],
    output: Output::SameKind,
    format_preserving: true,
    deterministic: true,
    joinable: false,
    reversible: false,
    keyed: false,
    max_reveal: "the first three and the last four of 18 characters, the first and last three of 15 digits; nothing of what is no valid id",
    budget: Budget::Code { most: 7, hidden: 9 },
    params: &[],
    examples: &[""],
    build,
};

#[derive(Debug)]
struct CnId;

fn build(_: &Params<'_>, _: &Target<'_>) -> Result<Arc<dyn Masker>, MaskerError> {
    Ok(Arc::new(CnId))
}

impl Masker for CnId {
    fn mask(&self, value: ValueRef<'_>, _: &Subject<'_>, out: &mut String) -> Masked {
        let ValueRef::Text(text) = value else {
            return Masked::Null;
        };
        let Some(text) = tidy_compatible(text) else {
            return hide(out);
        };
        match kept(&text) {
            Some(kept) => {
                push(&text, kept, out);
                Masked::Text
            }
            None => hide(out),
        }
    }
}

/// How much is shown at either end of an id. The check digit comes with eleven hidden digits: it narrows 330,000 candidates down,
/// not a handful.
pub(super) fn kept(text: &str) -> Option<(usize, usize)> {
    let code = compact(text)?;
    let id = code.as_str();
    match id.len() {
        18 if checksum::cn_resident(id) => Some((3, 4)),
        15 if is_legacy(id) => Some((3, 3)),
        _ => None,
    }
}

/// Ids from before 1999: digits, the year of birth in two of them, no check digit.
fn is_legacy(id: &str) -> bool {
    let day = id.get(6..12).unwrap_or_default();
    id.bytes().all(|byte| byte.is_ascii_digit()) && checksum::is_day("19", day)
}

#[cfg(test)]
mod tests {
    use super::super::harness::{assert_hidden, assert_table};

    #[test]
    fn both_ends_are_shown() {
        assert_table(
            "cn_id",
            "",
            &[
                ("11010519491231002X", "110***********002X"),
                ("11010519491231002x", "110***********002X"),
                ("110105 19491231 002X", "110*** ******** 002X"),
                ("１１０１０５１９４９１２３１００２Ｘ", "110***********002X"),
                ("110105\u{200B}19491231\u{202E}002X", "110***********002X"),
                ("110105491231002", "110*********002"),
            ],
        );
    }

    #[test]
    fn what_is_no_valid_id_is_hidden_whole() {
        assert_hidden(
            "cn_id",
            "",
            &[
                "",
                // the check digit is another one
                "110105194912310021",
                // no such day
                "110105194913310020",
                "110105491331002",
                "11010519491231002",
                "1101051949123100X",
                "11010519491231002XX",
                "110105--19491231002X",
                "ID 11010519491231002X",
                "A1010549123100X",
                "13812341234",
            ],
        );
    }
}
