//! Exact numbers as PostgreSQL sends them: digits in groups of four.

use rust_decimal::Decimal;

use super::json;

/// A number of so few digits that it is read without a detour. Others are rare, and left to `rust_decimal`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Small {
    pub(super) negative: bool,
    pub(super) mantissa: u64,
    pub(super) scale: u32,
}

impl Small {
    pub(super) fn decimal(self) -> Decimal {
        let mantissa = i128::from(self.mantissa);
        let mantissa = if self.negative { -mantissa } else { mantissa };
        Decimal::from_i128_with_scale(mantissa, self.scale)
    }

    /// Writes it with all digits of its scale.
    pub(super) fn write(self, out: &mut Vec<u8>) {
        let mut buffer = itoa::Buffer::new();
        let digits = buffer.format(self.mantissa).as_bytes();
        json::scaled(out, self.negative, digits, self.scale as usize);
    }
}

/// The groups of a small number: sixteen digits, which 64 bits hold.
const GROUPS: i32 = 4;

/// Reads a number; `None` if it is not small, not a number at all, or not written as the server writes it.
pub(super) fn small(bytes: &[u8]) -> Option<Small> {
    let ([c0, c1, w0, w1, s0, s1, d0, d1], groups) = bytes.split_first_chunk()?;
    let (groups, rest) = groups.as_chunks();
    let negative = match u16::from_be_bytes([*s0, *s1]) {
        0 => false,
        0x4000 => true,
        _ => return None,
    };
    let scale = u32::from(u16::from_be_bytes([*d0, *d1]));
    // The weight is the power of the first group; groups of zeros at the end are left out.
    let before = i32::from(i16::from_be_bytes([*w0, *w1])) + 1;
    let behind = i32::try_from(scale.div_ceil(4)).ok()?;
    let all = usize::try_from(before + behind).ok()?;
    let whole = rest.is_empty() && groups.len() == usize::from(u16::from_be_bytes([*c0, *c1]));
    if !whole || behind > GROUPS || before + behind > GROUPS || groups.len() > all {
        return None;
    }
    let mut mantissa = 0;
    for place in 0..all {
        let group = groups
            .get(place)
            .map_or(0, |group| u16::from_be_bytes(*group));
        if group > 9_999 {
            return None;
        }
        mantissa = mantissa * 10_000 + u64::from(group);
    }
    // The last group has digits behind those of the scale; they are zeros.
    let unit = match scale % 4 {
        0 => 1,
        1 => 1_000,
        2 => 100,
        _ => 10,
    };
    let plain = mantissa % unit == 0 && (mantissa > 0 || !negative);
    plain.then_some(Small {
        negative,
        mantissa: mantissa / unit,
        scale,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tokio_postgres::types::private::BytesMut;
    use tokio_postgres::types::{FromSql as _, ToSql as _, Type};

    use super::*;

    fn sent(count: u16, weight: i16, sign: u16, scale: u16, groups: &[u16]) -> Vec<u8> {
        let head = [count, weight.cast_unsigned(), sign, scale];
        let all = head.iter().chain(groups);
        all.flat_map(|half| half.to_be_bytes()).collect()
    }

    /// What is small is what `rust_decimal` reads, digit by digit and with the same scale.
    fn check(bytes: &[u8]) {
        if let Some(small) = small(bytes) {
            let theirs = Decimal::from_sql(&Type::NUMERIC, bytes).unwrap();
            let ours = small.decimal();
            assert_eq!(
                (ours.mantissa(), ours.scale()),
                (theirs.mantissa(), theirs.scale())
            );
            assert_eq!(ours.is_sign_negative(), theirs.is_sign_negative());
        }
    }

    proptest! {
        #[test]
        fn a_number_is_the_one_that_was_sent(mantissa in -1_000_000_000_000_i64..1_000_000_000_000, scale in 0..5_u32) {
            let value = Decimal::new(mantissa, scale);
            let mut bytes = BytesMut::new();
            value.to_sql(&Type::NUMERIC, &mut bytes).unwrap();
            let read = small(&bytes).unwrap().decimal();
            prop_assert_eq!(read, value);
            check(&bytes);
        }

        #[test]
        fn any_digits_are_as_the_driver_reads_them(
            weight in -6..7_i16,
            negative: bool,
            scale in 0..32_u16,
            groups in prop::collection::vec(prop_oneof![Just(0), 0..10_000_u16], 0..7),
        ) {
            let count = u16::try_from(groups.len()).unwrap();
            let sign = if negative { 0x4000 } else { 0 };
            check(&sent(count, weight, sign, scale, &groups));
        }

        #[test]
        fn any_bytes_are_read_without_harm(bytes: Vec<u8>) {
            if let Some(small) = small(&bytes) {
                prop_assert!(small.scale <= 16);
            }
        }
    }

    #[test]
    fn what_is_no_small_number_is_left_to_the_driver() {
        for (why, bytes) in [
            ("not a number", sent(0, 0, 0xC000, 0, &[])),
            ("infinite", sent(0, 0, 0xD000, 0, &[])),
            ("cut off", sent(2, 0, 0, 0, &[1])),
            ("too long", sent(1, 0, 0, 0, &[1, 2])),
            ("a group of five digits", sent(1, 0, 0, 0, &[10_000])),
            ("digits beyond its scale", sent(2, 0, 0, 2, &[1, 1])),
            ("many digits", sent(5, 4, 0, 0, &[1, 2, 3, 4, 5])),
            ("far behind the point", sent(1, -6, 0, 24, &[1])),
            ("less than nothing", sent(0, 0, 0x4000, 0, &[])),
        ] {
            assert_eq!(small(&bytes), None, "{why}");
        }
        let zero = small(&sent(0, 0, 0, 2, &[])).unwrap();
        assert_eq!((zero.mantissa, zero.scale), (0, 2));
    }
}
