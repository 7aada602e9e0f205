//! `iban`: UA21 3223 1300 0002 6007 2335 6600 1 -> UA** **** **** **** ****.

use std::sync::Arc;

use super::code::{compact, push};
use super::declaration::{Budget, Declaration, Output, Parameter};
use super::params::Params;
use super::text::{hide, tidy_compatible};
use super::{Masked, Masker, MaskerError, Subject, Target};
use crate::checksum;
use crate::value::{ValueKind, ValueRef};

pub(super) const DECLARATION: Declaration = Declaration {
    name: "iban",
    summary: "shows the country and the last characters of an account number",
    kinds: &[ValueKind::Text],
    output: Output::SameKind,
    format_preserving: true,
    deterministic: true,
    joinable: false,
    reversible: false,
    keyed: false,
    max_reveal: "the country and the last four of at least 15 characters, never the check digits; the length, which the country tells; nothing of what is no valid account number",
    budget: Budget::Code { most: 6, hidden: 9 },
    params: &[Parameter {
        name: "last",
        meaning: "how many characters are kept at the end, 0 to 4; 4 when left out",
    }],
    examples: &["", "last = 0"],
    build,
};

/// The country, which stands first.
const COUNTRY: usize = 2;

#[derive(Debug)]
struct AccountNumber {
    last: usize,
}

fn build(params: &Params<'_>, _: &Target<'_>) -> Result<Arc<dyn Masker>, MaskerError> {
    Ok(Arc::new(AccountNumber {
        last: params.count("last", 0..=4, 4)?,
    }))
}

impl Masker for AccountNumber {
    fn mask(&self, value: ValueRef<'_>, _: &Subject<'_>, out: &mut String) -> Masked {
        let ValueRef::Text(text) = value else {
            return Masked::Null;
        };
        let Some(text) = tidy_compatible(text) else {
            return hide(out);
        };
        if !compact(&text).is_some_and(|account| checksum::iban(account.as_str())) {
            return hide(out);
        }
        push(&text, (COUNTRY, self.last), out);
        Masked::Text
    }
}

#[cfg(test)]
mod tests {
    use super::super::harness::{assert_hidden, assert_table, error_of};

    #[test]
    fn country_and_end_are_shown() {
        assert_table(
            "iban",
            "",
            &[
                ("GB82WEST12345698765432", "GB****************5432"),
                (
                    "UA213223130000026007233566001",
                    "UA***********************6001",
                ),
                (
                    "UA21 3223 1300 0002 6007 2335 6600 1",
                    "UA** **** **** **** **** **** *600 1",
                ),
                ("gb82 west 1234 5698 7654 32", "GB** **** **** **** **54 32"),
                ("ＧＢ82ＷＥＳＴ12345698765432", "GB****************5432"),
                (
                    "GB82\u{200B}WEST\u{A0}12345698765432",
                    "GB****** **********5432",
                ),
                // the shortest there is
                ("NO9386011117947", "NO*********7947"),
            ],
        );
        assert_table(
            "iban",
            "last = 0",
            &[("NO9386011117947", "NO*************")],
        );
    }

    #[test]
    fn what_is_no_valid_account_number_is_hidden_whole() {
        assert_hidden(
            "iban",
            "",
            &[
                "",
                "GB",
                "GB83WEST12345698765432",
                "GB82WEST1234569876543",
                "XX82WEST12345698765432",
                "GB82  WEST12345698765432",
                "IBAN GB82WEST12345698765432",
                "ＧВ82WEST12345698765432",
                "4111111111111111",
            ],
        );
        assert_eq!(
            error_of("iban", "last = 5"),
            "parameter `last` of masker `iban` must be a whole number from 0 up to 4"
        );
    }
}
