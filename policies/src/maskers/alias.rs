//! `alias`: 张三 -> `Customer 7F3K`, a name that can be read out on the telephone.
//!
//! Where `[subject]` tells whose data the cell is, the alias is the person's: the same one in all entities, fields and classes. Its symbols
//! are a permutation of the person's key, so that no two persons have one alias:
//!
//! | key of the person | symbols | two persons have the same alias |
//! |---|---|---|
//! | whole number from 0, below 2^20 (1,048,576) | 4: `7F3K` | never |
//! | whole number below 2^40 | 8: `7F3K-9QX2` | never |
//! | whole number up to 2^63 - 1 | 13: `7F3K-9QX2-AB12C` | never |
//! | negative, a text, or not known: then the alias is one of the value | 12: `7F3K-9QX2-AB12` | with a probability of 2^-60 |
//!
//! By its length an alias shows in which of these rows the key is.

use std::sync::Arc;

use super::bijection::Bijection;
use super::declaration::{Budget, Declaration, Output, Parameter};
use super::identity::first_word;
use super::key::Prf;
use super::params::Params;
use super::{DomainKey, Masked, Masker, MaskerError, Subject, Target};
use crate::value::{ValueKind, ValueRef};

/// Crockford's base 32: no I, L, O and U, which are misread.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// The keys that are permuted among themselves: bits, and symbols of 5 bits each.
const SIZES: [(u32, u32); 3] = [(20, 4), (40, 8), (63, 13)];
/// Symbols of a hash.
const HASHED: u32 = 12;
/// The most symbols between two hyphens, but for a last one that would stand alone.
const GROUP: u32 = 4;
const LONGEST_PREFIX: usize = 24;

pub(super) const DECLARATION: Declaration = Declaration {
    name: "alias",
    summary: "shows a short name such as `Customer 7F3K`, the same for all that is of one person",
    kinds: &[ValueKind::Text],
    output: Output::SameKind,
    format_preserving: false,
    deterministic: true,
    // equal aliases mean one person, not equal values: nothing to follow relations by
    joinable: false,
    reversible: false,
    keyed: true,
    max_reveal: "which cells are of one person, and whether that person's key is below 2^20 or 2^40; where no person is known, which values are equal; with the key, whose they are",
    budget: Budget::Keyed,
    params: &[Parameter {
        name: "prefix",
        meaning: "the word before the symbols, up to 24 letters; `Person` when left out",
    }],
    examples: &["", "prefix = \"Customer\"", "prefix = \"客户\""],
    build,
};

#[derive(Debug)]
struct Alias {
    prefix: Box<str>,
    of_value: Prf,
    persons: Option<Persons>,
    unique: bool,
}

/// Aliases of persons.
#[derive(Debug)]
struct Persons {
    hash: Prf,
    permutations: [(Bijection, u32, u32); SIZES.len()],
}

fn build(params: &Params<'_>, target: &Target<'_>) -> Result<Arc<dyn Masker>, MaskerError> {
    let prefix = match params.get("prefix") {
        None => "Person",
        Some(value) => value
            .as_str()
            .filter(|prefix| is_prefix(prefix))
            .ok_or_else(|| params.bad("prefix", "a word of up to 24 letters"))?,
    };
    if target.unique && target.subject.is_some() && !target.own_person {
        return Err(MaskerError::BadTarget {
            masker: DECLARATION.name,
            problem: "shows one name for all rows of a person, and the field is unique",
            cure: "take `hmac_token`",
        });
    }
    let persons = target.subject.as_ref().map(Persons::new);
    Ok(Arc::new(Alias {
        prefix: prefix.into(),
        of_value: target.key.prf(&[DECLARATION.name]),
        persons: persons.transpose()?,
        unique: target.unique,
    }))
}

fn is_prefix(prefix: &str) -> bool {
    !prefix.is_empty()
        && prefix.chars().count() <= LONGEST_PREFIX
        && prefix.chars().all(char::is_alphabetic)
}

impl Persons {
    fn new(key: &DomainKey) -> Result<Self, MaskerError> {
        let [small, middle, large] = SIZES.map(|(bits, symbols)| {
            let permutation = Bijection::new(key, &[DECLARATION.name], bits);
            permutation.map(|permutation| (permutation, bits, symbols))
        });
        let permutations = || Ok([small?, middle?, large?]);
        permutations()
            .map(|permutations| Self {
                hash: key.prf(&[DECLARATION.name]),
                permutations,
            })
            .map_err(|_: super::bijection::BadWidth| MaskerError::BadTarget {
                masker: DECLARATION.name,
                problem: "cannot permute keys of this size",
                cure: "take `hmac_token`",
            })
    }

    /// The number that stands for a person alone, and its symbols.
    fn number(&self, key: ValueRef<'_>) -> Option<(u64, u32)> {
        let ValueRef::Int(key) = key else {
            return None;
        };
        let key = u64::try_from(key).ok()?;
        let mut sizes = self.permutations.iter();
        let (permutation, _, symbols) = sizes.find(|(_, bits, _)| key >> bits == 0)?;
        Some((permutation.forward(key), *symbols))
    }
}

impl Masker for Alias {
    fn mask(&self, value: ValueRef<'_>, subject: &Subject<'_>, out: &mut String) -> Masked {
        if !matches!(value, ValueRef::Text(_)) {
            return Masked::Null;
        }
        let person = self.persons.as_ref().zip(subject.key);
        let number = person.and_then(|(persons, key)| persons.number(key));
        if self.unique && self.persons.is_some() && number.is_none() {
            return Masked::Null;
        }
        let (number, symbols) = number.unwrap_or_else(|| {
            let hash = match person {
                Some((persons, key)) => persons.hash.of(key),
                None => self.of_value.of(value),
            };
            (first_word(&hash) >> (u64::BITS - 5 * HASHED), HASHED)
        });
        out.push_str(&self.prefix);
        out.push(' ');
        push_symbols(number, symbols, out);
        Masked::Text
    }

    fn needs_subject(&self) -> bool {
        self.persons.is_some()
    }
}

/// Writes the symbols of a number, the most significant first, in groups.
fn push_symbols(number: u64, symbols: u32, out: &mut String) {
    for place in 0..symbols {
        let symbol = (number >> (5 * (symbols - 1 - place))) & 31;
        if place > 0 && place % GROUP == 0 && symbols - place > 1 {
            out.push('-');
        }
        let symbol = usize::try_from(symbol).ok();
        let symbol = symbol.and_then(|symbol| ALPHABET.get(symbol));
        out.extend(symbol.copied().map(char::from));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::super::harness::{error_of, masked, target};
    use super::super::{build, declarations};
    use super::*;

    fn alias(target: &Target<'_>, key: Option<ValueRef<'_>>, text: &str) -> Option<String> {
        let params = "prefix = \"Customer\"".parse().unwrap();
        let masker = build("alias", &params, target).unwrap();
        let subject = Subject {
            key,
            ..Subject::default()
        };
        let mut out = String::new();
        match masker.mask(ValueRef::Text(text), &subject, &mut out) {
            Masked::Text => Some(out),
            _ => None,
        }
    }

    fn of_key(audience: &str, key: i64) -> String {
        let target = target(audience, ValueKind::Text);
        alias(&target, Some(ValueRef::Int(key)), "a value").unwrap()
    }

    #[test]
    fn an_alias_is_a_word_and_a_few_symbols() {
        // a changed alias would be another person to whoever wrote one down
        assert_eq!(of_key("internal", 42), "Customer FS3R");
        assert_eq!(
            of_key("internal", 1 << 20).len(),
            "Customer 7F3K-9QX2".len()
        );
        assert_eq!(
            of_key("internal", i64::MAX).len(),
            "Customer 7F3K-9QX2-AB12C".len()
        );
        assert_eq!(
            masked("alias", "", "张三").len(),
            "Person 7F3K-9QX2-AB12".len()
        );
        let mut out = String::new();
        push_symbols(0x0044_3214_C742_54B6 >> 4, 12, &mut out);
        assert_eq!(out, "0123-4567-89AB");
    }

    #[test]
    fn persons_have_one_alias_and_audiences_another() {
        let target = target("internal", ValueKind::Text);
        let name = alias(&target, Some(ValueRef::Int(7)), "Anna").unwrap();
        assert_eq!(
            alias(&target, Some(ValueRef::Int(7)), "a note"),
            Some(name.clone())
        );
        assert_ne!(of_key("partner", 7), name);
        assert_ne!(
            alias(&target, None, "Anna"),
            alias(&target, None, "Boris"),
            "without a person, values have aliases"
        );
    }

    #[test]
    fn a_unique_field_has_no_alias_that_could_be_shown_twice() {
        let unique = Target {
            unique: true,
            ..target("internal", ValueKind::Text)
        };
        assert!(alias(&unique, Some(ValueRef::Int(7)), "a").is_some());
        assert_eq!(alias(&unique, Some(ValueRef::Text("k")), "a"), None);
        assert_eq!(alias(&unique, Some(ValueRef::Int(-7)), "a"), None);
        let shared = Target {
            own_person: false,
            ..unique
        };
        let error = build("alias", &toml::Table::new(), &shared).unwrap_err();
        assert_eq!(
            error.to_string(),
            "masker `alias` shows one name for all rows of a person, and the field is unique; take `hmac_token`"
        );
        assert!(
            declarations()
                .iter()
                .any(|d| d.name == "alias" && !d.joinable)
        );
    }

    #[test]
    fn mistakes_are_named() {
        for prefix in ["", "a b", "1", "\u{202E}"] {
            assert_eq!(
                error_of(
                    "alias",
                    &format!("prefix = {prefix:?}").replace("\\u{202e}", "\u{202E}")
                ),
                "parameter `prefix` of masker `alias` must be a word of up to 24 letters"
            );
        }
    }

    #[test]
    fn the_persons_of_a_table_stay_apart() {
        let aliases: HashSet<_> = (0..2000).map(|key| of_key("internal", key)).collect();
        assert_eq!(aliases.len(), 2000);
    }

    proptest! {
        #[test]
        fn no_two_persons_share_an_alias(left in 0..=i64::MAX, right in 0..=i64::MAX, bits in 0u32..63) {
            let (left, right) = (left >> bits, right >> bits);
            prop_assert_eq!(left == right, of_key("internal", left) == of_key("internal", right));
        }
    }
}
