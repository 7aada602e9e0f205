//! `bijective_id`: 1 -> 1302847615, another number for every number, the same for equal ones of one audience and class.

use std::sync::Arc;

use super::bijection::Bijection;
use super::declaration::{Budget, Declaration, Output};
use super::params::Params;
use super::{Masked, Masker, MaskerError, Subject, Target};
use crate::value::{ValueKind, ValueRef};

/// Bits of a whole number without its sign, and of one of 32 bits.
const BITS: u32 = 63;
const NARROW_BITS: u32 = 31;

pub(super) const DECLARATION: Declaration = Declaration {
    name: "bijective_id",
    summary: "shows another whole number of the same size and sign, a different one for every value of an audience and class",
    kinds: &[ValueKind::Int],
    output: Output::SameKind,
    format_preserving: true,
    deterministic: true,
    joinable: true,
    reversible: true,
    keyed: true,
    max_reveal: "which values are equal, and which are negative; nothing else without the key, with which the value comes back",
    budget: Budget::Keyed,
    params: &[],
    examples: &[""],
    build,
};

/// Numbers that are not negative are permuted among themselves, and so are negative ones. Zero is a number like any other: some
/// value has it for a mask, but hardly one that is stored.
#[derive(Debug)]
struct BijectiveId {
    positive: Bijection,
    negative: Bijection,
    bits: u32,
}

fn build(_: &Params<'_>, target: &Target<'_>) -> Result<Arc<dyn Masker>, MaskerError> {
    let bits = if target.narrow { NARROW_BITS } else { BITS };
    let permutation = |sign| {
        Bijection::new(&target.key, &[DECLARATION.name, sign], bits).map_err(|_| {
            MaskerError::BadTarget {
                masker: DECLARATION.name,
                problem: "permutes numbers of 20 to 63 bits alone",
                cure: "take `hmac_token`",
            }
        })
    };
    Ok(Arc::new(BijectiveId {
        positive: permutation("positive")?,
        negative: permutation("negative")?,
        bits,
    }))
}

impl Masker for BijectiveId {
    fn mask(&self, value: ValueRef<'_>, _: &Subject<'_>, _: &mut String) -> Masked {
        let ValueRef::Int(int) = value else {
            return Masked::Null;
        };
        self.permuted(int, Bijection::forward)
            .map_or(Masked::Null, Masked::Int)
    }

    fn has_way_back(&self) -> bool {
        true
    }

    fn value_behind(&self, mask: i64) -> Option<i64> {
        self.permuted(mask, Bijection::backward)
    }
}

impl BijectiveId {
    /// The number at the other end, forward or back; a column of 32 bits has none for what it cannot hold.
    fn permuted(&self, int: i64, way: fn(&Bijection, u64) -> u64) -> Option<i64> {
        // The complement of a negative number counts from zero: -1, -2, ... become 0, 1, ...
        let (permutation, distance) = if int < 0 {
            (&self.negative, !int)
        } else {
            (&self.positive, int)
        };
        let distance = u64::try_from(distance).ok()?;
        if distance >> self.bits != 0 {
            return None;
        }
        let image = i64::try_from(way(permutation, distance)).ok()?;
        Some(if int < 0 { !image } else { image })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::super::harness::target;
    use super::super::{build, declarations};
    use super::*;

    fn id(audience: &str, narrow: bool, value: i64) -> Masked {
        let target = Target {
            narrow,
            ..target(audience, ValueKind::Int)
        };
        let masker = build("bijective_id", &toml::Table::new(), &target).unwrap();
        let subject = Subject::default();
        masker.mask(ValueRef::Int(value), &subject, &mut String::new())
    }

    /// The value behind a mask, for whoever has the key.
    fn opened(narrow: bool, mask: i64) -> Option<i64> {
        let target = Target {
            narrow,
            ..target("internal", ValueKind::Int)
        };
        let masker = build("bijective_id", &toml::Table::new(), &target).unwrap();
        assert!(masker.has_way_back());
        masker.value_behind(mask)
    }

    #[test]
    fn masks_stay_the_same_from_release_to_release() {
        // a changed mask would break every join that a partner has made
        assert_eq!(
            id("internal", false, 42),
            Masked::Int(8_437_265_972_413_203_772)
        );
        assert_eq!(id("internal", true, 42), Masked::Int(469_221_123));
        assert_eq!(id("internal", true, -42), Masked::Int(-1_185_381_093));
    }

    #[test]
    fn two_audiences_cannot_join_their_masks() {
        assert_ne!(id("internal", false, 42), id("partner", false, 42));
        assert_ne!(id("internal", true, 42), id("partner", true, 42));
    }

    #[test]
    fn a_value_that_the_column_cannot_hold_is_null() {
        for value in [1 << 31, i64::MAX, -(1 << 31) - 1, i64::MIN] {
            assert_eq!(id("internal", true, value), Masked::Null, "{value}");
            assert_eq!(opened(true, value), None, "{value}");
        }
        for value in [i64::from(i32::MAX), i64::from(i32::MIN)] {
            let Masked::Int(mask) = id("internal", true, value) else {
                panic!("{value}");
            };
            assert!(i32::try_from(mask).is_ok());
        }
    }

    #[test]
    fn keys_of_a_table_stay_apart() {
        let masks: HashSet<_> = (0..2000)
            .map(|key| format!("{:?}", id("internal", true, key)))
            .collect();
        assert_eq!(masks.len(), 2000);
        assert!(
            declarations()
                .iter()
                .any(|d| d.name == "bijective_id" && d.joinable)
        );
    }

    proptest! {
        #[test]
        fn every_value_comes_back_with_the_key(value in any::<i64>(), narrow in any::<bool>()) {
            let value = if narrow { value >> 32 } else { value };
            let Masked::Int(mask) = id("internal", narrow, value) else {
                return Err(TestCaseError::fail("no mask"));
            };
            prop_assert_eq!(mask < 0, value < 0);
            prop_assert_eq!(opened(narrow, mask), Some(value));
        }
    }
}
