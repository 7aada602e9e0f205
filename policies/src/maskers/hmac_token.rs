//! `hmac_token`: alice@b.com -> `c_CX3BCJDA67Z2JKGN`, the same for equal values of one audience and class.

use std::sync::Arc;

use uuid::Builder;

use super::declaration::{Budget, Declaration, Output, Parameter};
use super::key::Prf;
use super::params::Params;
use super::text::push_ascii;
use super::{Masked, Masker, MaskerError, Subject, Target};
use crate::value::{ValueKind, ValueRef};

/// Crockford's base 32: no I, L, O and U, which are misread.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Symbols of a token, 5 bits each: 80 bits keep two of 10^9 values apart with a probability of 1 - 10^-6.
const SYMBOLS: u32 = 16;
/// The most that a JSON number holds exactly.
const SAFE_BITS: u32 = 53;
const LONGEST_PREFIX: usize = 16;

pub(super) const DECLARATION: Declaration = Declaration {
    name: "hmac_token",
    summary: "shows a token that is the same for equal values of one audience and class, and different for another audience",
    kinds: &[ValueKind::Text, ValueKind::Int, ValueKind::Uuid],
    output: Output::SameKind,
    format_preserving: false,
    deterministic: true,
    joinable: true,
    reversible: false,
    keyed: true,
    max_reveal: "which values are equal, and so how often each occurs; nothing else without the key",
    budget: Budget::Keyed,
    params: &[
        Parameter {
            name: "prefix",
            meaning: "what text tokens begin with, up to 16 of `A-Z a-z 0-9 _ -`; nothing when left out",
        },
        Parameter {
            name: "key_id",
            meaning: "whether text tokens name the key that they were made with after the prefix, as `2.`; false when left out",
        },
    ],
    examples: &["", "prefix = \"c_\"", "key_id = true"],
    build,
};

#[derive(Debug)]
struct HmacToken {
    prf: Prf,
    prefix: Box<str>,
}

fn build(params: &Params<'_>, target: &Target<'_>) -> Result<Arc<dyn Masker>, MaskerError> {
    if target.kind == ValueKind::Int && target.narrow {
        return Err(MaskerError::BadTarget {
            masker: DECLARATION.name,
            problem: "makes numbers of 53 bits, and the field has 32: fewer would not keep values apart",
            cure: "take `bijective_id`",
        });
    }
    let prefix = match params.get("prefix") {
        None => "",
        Some(_) if target.kind != ValueKind::Text => {
            return Err(params.bad("prefix", "left out where the field is no text"));
        }
        Some(value) => value
            .as_str()
            .filter(|prefix| is_prefix(prefix))
            .ok_or_else(|| params.bad("prefix", "up to 16 of `A-Z a-z 0-9 _ -`"))?,
    };
    let shows_key = match params.get("key_id") {
        None => false,
        Some(toml::Value::Boolean(shows)) if !shows || target.kind == ValueKind::Text => *shows,
        Some(_) => {
            return Err(params.bad(
                "key_id",
                "`true` or `false`, and left out where the field is no text",
            ));
        }
    };
    let prefix = match shows_key {
        true => format!("{prefix}{}.", target.key.id()),
        false => prefix.to_owned(),
    };
    Ok(Arc::new(HmacToken {
        prf: target.key.prf(&[DECLARATION.name]),
        prefix: prefix.into(),
    }))
}

fn is_prefix(prefix: &str) -> bool {
    prefix.len() <= LONGEST_PREFIX
        && prefix
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

impl Masker for HmacToken {
    fn mask(&self, value: ValueRef<'_>, _: &Subject<'_>, out: &mut String) -> Masked {
        match value {
            ValueRef::Text(_) => {
                out.push_str(&self.prefix);
                push_token(self.bits(value), out);
                Masked::Text
            }
            ValueRef::Int(_) => {
                let token = self.bits(value) >> (u128::BITS - SAFE_BITS);
                // Zero is a key that many programs take for none.
                i64::try_from(token.max(1)).map_or(Masked::Null, Masked::Int)
            }
            // Version 8 of RFC 9562 is for bits of one's own: nobody takes the token for a UUID that a clock or dice have made.
            ValueRef::Uuid(_) => {
                let bytes = self.bits(value).to_be_bytes();
                Masked::Uuid(Builder::from_custom_bytes(bytes).into_uuid())
            }
            _ => Masked::Null,
        }
    }
}

impl HmacToken {
    fn bits(&self, value: ValueRef<'_>) -> u128 {
        let hash = self.prf.of(value);
        hash.first_chunk()
            .map_or(0, |bytes| u128::from_be_bytes(*bytes))
    }
}

/// Writes the upper 80 bits.
fn push_token(bits: u128, out: &mut String) {
    let symbols = (1..=SYMBOLS).filter_map(|i| {
        let symbol = (bits >> (u128::BITS - 5 * i)) & 31;
        let symbol = usize::try_from(symbol).ok()?;
        ALPHABET.get(symbol).copied()
    });
    push_ascii(symbols, out);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::build;
    use uuid::{Uuid, Variant};

    use super::super::harness::{
        error_of, error_of_kind, int_for, mask_for, masked, target, try_build,
    };
    use super::*;

    #[test]
    fn tokens_have_80_bits_in_crockfords_alphabet() {
        let token = masked("hmac_token", "prefix = \"c_\"", "alice@b.com");
        let symbols = token.strip_prefix("c_").unwrap();
        assert_eq!(symbols.len(), 16);
        assert!(symbols.bytes().all(|symbol| ALPHABET.contains(&symbol)));
        // the alphabet in order, which the upper 80 of these bits spell
        let mut out = String::new();
        push_token(0x0044_3214_C742_54B6_35CF_0000_0000_0000, &mut out);
        assert_eq!(out, "0123456789ABCDEF");
    }

    #[test]
    fn tokens_stay_the_same_from_release_to_release() {
        // a changed token would break every join that a partner has made
        assert_eq!(masked("hmac_token", "", "alice@b.com"), "CX3BCJDA67Z2JKGN");
        assert_eq!(int_for("internal", 42), 7_973_081_244_604_871);
    }

    #[test]
    fn equal_values_share_a_token_within_a_domain_only() {
        let token = |audience| mask_for(audience, "hmac_token", "", "alice@b.com");
        assert_eq!(token("internal"), token("internal"));
        assert_ne!(token("internal"), token("partner"));
        assert_eq!(int_for("internal", 42), int_for("internal", 42));
        assert_ne!(int_for("internal", 42), int_for("partner", 42));
    }

    #[test]
    fn the_token_of_a_uuid_is_one_of_no_clock_and_no_dice() {
        let token = |audience, uuid| {
            let masker = try_build(audience, "hmac_token", "", ValueKind::Uuid).unwrap();
            let value = ValueRef::Uuid(Uuid::from_u128(uuid));
            match masker.mask(value, &Subject::default(), &mut String::new()) {
                Masked::Uuid(token) => token,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(token("internal", 7), token("internal", 7));
        assert_ne!(token("internal", 7), token("partner", 7));
        assert_ne!(token("internal", 7), token("internal", 8));
        assert_eq!(token("internal", 7).get_version_num(), 8);
        assert_eq!(token("internal", 7).get_variant(), Variant::RFC4122);
    }

    #[test]
    fn a_token_can_name_its_key() {
        let plain = masked("hmac_token", "prefix = \"c_\"", "alice@b.com");
        assert_eq!(
            masked(
                "hmac_token",
                "prefix = \"c_\"\nkey_id = true",
                "alice@b.com"
            ),
            plain.replace("c_", "c_1.")
        );
    }

    #[test]
    fn mistakes_are_named() {
        assert_eq!(
            error_of("hmac_token", "prefix = \"a b\""),
            "parameter `prefix` of masker `hmac_token` must be up to 16 of `A-Z a-z 0-9 _ -`"
        );
        assert_eq!(
            error_of_kind("hmac_token", "prefix = \"c_\"", ValueKind::Int),
            "parameter `prefix` of masker `hmac_token` must be left out where the field is no text"
        );
        let error = error_of_kind("hmac_token", "", ValueKind::Date);
        let takes = "masker `hmac_token` takes Text, Int, Uuid, not Date; for Date there are ";
        let instead = error.strip_prefix(takes).unwrap();
        for name in ["`date_trunc`", "`fake_from_key`", "`null`"] {
            assert!(instead.contains(name), "{error}");
        }
        assert!(!instead.contains("`bucket`"), "{error}");
    }

    #[test]
    fn a_column_of_32_bits_has_no_room_for_tokens() {
        let narrow = Target {
            narrow: true,
            ..target("internal", ValueKind::Int)
        };
        let error = build("hmac_token", &toml::Table::new(), &narrow).unwrap_err();
        assert_eq!(
            error.to_string(),
            "masker `hmac_token` makes numbers of 53 bits, and the field has 32: fewer would not keep values apart; take `bijective_id`"
        );
    }

    proptest! {
        #[test]
        fn tokens_of_numbers_are_positive_and_safe_in_json(value in any::<i64>()) {
            let token = int_for("internal", value);
            prop_assert!((1..1 << 53).contains(&token));
        }

        #[test]
        fn different_values_have_different_tokens(left in ".*", right in ".*") {
            prop_assume!(left != right);
            prop_assert_ne!(masked("hmac_token", "", &left), masked("hmac_token", "", &right));
        }
    }
}
