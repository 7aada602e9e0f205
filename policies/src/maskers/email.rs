//! `email`: alice@b.com -> a***@b.com.

use std::sync::Arc;

use super::declaration::{Budget, Declaration, Output, Parameter};
use super::graphemes::Graphemes;
use super::params::Params;
use super::text::{WIDEST_GRAPHEME, hide, is_mark, tidy_compatible};
use super::{Masked, Masker, MaskerError, Subject, Target};
use crate::value::{ValueKind, ValueRef};

/// The longest domain (RFC 1035) and local part (RFC 5321), in bytes.
const LONGEST_DOMAIN: usize = 253;
const LONGEST_LOCAL: usize = 256;

pub(super) const DECLARATION: Declaration = Declaration {
    name: "email",
    summary: "shows the first character and the domain of an e-mail address",
    kinds: &[ValueKind::Text],
    output: Output::SameKind,
    format_preserving: true,
    deterministic: true,
    joinable: false,
    reversible: false,
    keyed: false,
    max_reveal: "the first grapheme of the local part and the domain, which alone names the owner of a personal domain (`domain = \"hide\"` hides it)",
    budget: Budget::Address { local: 1 },
    params: &[Parameter {
        name: "domain",
        meaning: "`keep` shows the domain, `hide` does not; `keep` when left out",
    }],
    examples: &["", "domain = \"hide\""],
    build,
};

#[derive(Debug)]
struct Email {
    show_domain: bool,
}

fn build(params: &Params<'_>, _: &Target<'_>) -> Result<Arc<dyn Masker>, MaskerError> {
    let show_domain = params.choice("domain", &[("keep", true), ("hide", false)], Some(true))?;
    Ok(Arc::new(Email { show_domain }))
}

impl Masker for Email {
    fn mask(&self, value: ValueRef<'_>, _: &Subject<'_>, out: &mut String) -> Masked {
        let ValueRef::Text(text) = value else {
            return Masked::Null;
        };
        if let Some((local, domain)) = plain(text) {
            self.push(local.get(..1).unwrap_or_default(), local, domain, out);
            return Masked::Text;
        }
        let Some(address) = tidy_compatible(text) else {
            return hide(out);
        };
        match address.split_once('@') {
            Some((local, domain)) if is_local(local) && is_domain(domain) => {
                let mut graphemes = Graphemes::of(local, address.is_simple());
                let first = graphemes.next().unwrap_or_default();
                self.push(first, local, domain, out);
                Masked::Text
            }
            _ => hide(out),
        }
    }
}

impl Email {
    fn push(&self, first: &str, local: &str, domain: &str, out: &mut String) {
        if first.len() < local.len() && first.len() <= WIDEST_GRAPHEME {
            out.push_str(first);
            out.push_str("***@");
        } else {
            out.push_str("*@");
        }
        out.push_str(if self.show_domain { domain } else { "***" });
    }
}

/// The local part and the domain of an address as nearly all are stored, in ASCII; none if it must be looked at more closely.
fn plain(text: &str) -> Option<(&str, &str)> {
    let ends_local = |byte: &u8| sort(*byte) & LOCAL == 0;
    let at = text.as_bytes().iter().position(ends_local)?;
    let (local, rest) = text.split_at_checked(at)?;
    let domain = rest.strip_prefix('@')?;
    let fits = (1..=LONGEST_LOCAL).contains(&local.len()) && is_plain_domain(domain);
    fits.then_some((local, domain))
}

/// [`is_domain`] for ASCII: every byte goes the same way.
fn is_plain_domain(domain: &str) -> bool {
    let (mut all, mut of_label, mut is_bad) = (0, 0, 0);
    let mut before = DOT;
    for byte in domain.bytes() {
        let sort = sort(byte) & !LOCAL;
        // after a dot stands no dot and no hyphen, after a hyphen no dot
        let misplaced = before & DOT | (before & DOT) << 1 | (before & HYPHEN) >> 1;
        is_bad |= sort & (OTHER | misplaced);
        of_label = if sort == DOT { 0 } else { of_label | sort };
        all |= sort;
        before = sort;
    }
    let is_whole = of_label & LETTER != 0 && before != HYPHEN && all & DOT != 0;
    is_bad == 0 && is_whole && domain.len() <= LONGEST_DOMAIN
}

/// What a byte of an address in ASCII is: a letter, a digit, a dot, a hyphen or something else, and whether local parts may have it.
fn sort(byte: u8) -> u8 {
    SORTS.get(usize::from(byte)).copied().unwrap_or(OTHER)
}

#[expect(
    clippy::indexing_slicing,
    reason = "of a constant: the compiler would notice"
)]
static SORTS: [u8; 256] = {
    let mut sorts = [OTHER; 256];
    let mut byte = b'!';
    while byte <= b'~' {
        let sort = match byte {
            b'a'..=b'z' | b'A'..=b'Z' => LETTER,
            b'0'..=b'9' => DIGIT,
            b'.' => DOT,
            b'-' => HYPHEN,
            _ => OTHER,
        };
        let is_local = byte != b'@' && fits_local(byte as char);
        sorts[byte as usize] = if is_local { sort | LOCAL } else { sort };
        byte += 1;
    }
    sorts
};

const LETTER: u8 = 1;
const DIGIT: u8 = 2;
const DOT: u8 = 4;
const HYPHEN: u8 = 8;
const OTHER: u8 = 16;
const LOCAL: u8 = 32;

/// Refuses what is no local part, and one that was masked before.
fn is_local(local: &str) -> bool {
    !local.is_empty()
        && local.len() <= LONGEST_LOCAL
        && !local.starts_with(is_mark)
        && local.chars().all(|c| fits_local(c) && !c.is_whitespace())
}

const fn fits_local(c: char) -> bool {
    !matches!(
        c,
        '*' | '"' | '(' | ')' | ',' | ':' | ';' | '<' | '>' | '[' | ']' | '\\'
    )
}

/// At least two labels of letters, digits, marks and inner hyphens, the last one no number.
fn is_domain(domain: &str) -> bool {
    let mut before = '.';
    let (mut labels, mut has_letters) = (1, false);
    for c in domain.chars() {
        match c {
            'a'..='z' | 'A'..='Z' => has_letters = true,
            '0'..='9' => {}
            '.' if matches!(before, '.' | '-') => return false,
            '.' => (labels, has_letters) = (labels + 1, false),
            '-' if before == '.' => return false,
            '-' => {}
            _ if c.is_alphanumeric() => has_letters |= c.is_alphabetic(),
            _ if before != '.' && is_mark(c) => {}
            _ => return false,
        }
        before = c;
    }
    domain.len() <= LONGEST_DOMAIN && labels > 1 && has_letters && before != '-'
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::harness::{assert_hidden, assert_table, error_of};
    use super::*;

    proptest! {
        #[test]
        fn a_plain_address_is_one(text in "[!-~]{0,12}@([a-z0-9.-]{0,9}|[!-~]{0,6})(\\.[a-z0-9-]{1,3})?") {
            let parts = text.split_once('@');
            let is_one = parts.is_some_and(|(local, domain)| is_local(local) && is_domain(domain));
            prop_assert_eq!(plain(&text), parts.filter(|_| is_one));
        }
    }

    #[test]
    fn the_first_character_and_the_domain_are_shown() {
        assert_table(
            "email",
            "",
            &[
                ("alice@b.com", "a***@b.com"),
                ("ab@b.com", "a***@b.com"),
                ("a@b.com", "*@b.com"),
                ("alice+news@mail.example.org", "a***@mail.example.org"),
                ("张伟@例子.中国", "张***@例子.中国"),
                ("张@例子.中国", "*@例子.中国"),
                (
                    "o'brien@xn--bcher-kva.example",
                    "o***@xn--bcher-kva.example",
                ),
                ("e\u{301}ric@b.com", "é***@b.com"),
                ("a\u{200B}lice\u{202E}@b.com", "a***@b.com"),
                ("ａｌｉｃｅ＠ｂ．ｃｏｍ", "a***@b.com"),
                ("x@zhangsan.name", "*@zhangsan.name"),
            ],
        );
    }

    #[test]
    fn a_personal_domain_can_be_hidden() {
        assert_table(
            "email",
            "domain = \"hide\"",
            &[
                ("info@zhangsan.name", "i***@***"),
                ("x@zhangsan.name", "*@***"),
            ],
        );
        assert_eq!(
            error_of("email", "domain = \"tld\""),
            "parameter `domain` of masker `email` must be one of `keep`, `hide`"
        );
    }

    #[test]
    fn what_is_no_address_is_hidden_whole() {
        assert_hidden(
            "email",
            "",
            &[
                "",
                "@",
                "13812345678",
                "alice",
                "alice.b.com",
                "alice@",
                "@b.com",
                "alice@@b.com",
                "alice@b@c.com",
                "alice@b",
                "alice@b..com",
                "alice@.com",
                "alice@b.com.",
                "alice@-b.com",
                "alice@1.2.3.4",
                "alice smith@b.com",
                "Alice <alice@b.com>",
                "alice@b.com, bob@b.com",
                "mailto:alice@b.com",
                "a***@b.com",
            ],
        );
    }
}
