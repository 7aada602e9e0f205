//! A keyed permutation of numbers: FF1 of NIST SP 800-38G over binary numerals, with AES-256.
//!
//! Numbers of up to 63 bits are two halves that fit a machine word, and all that a round reads fits one block of the cipher: so a number
//! costs ten blocks and nothing else. What is the same for all of them is worked out once. The tests hold it against the crate `fpe`, which
//! gives the samples that NIST publishes.

use std::fmt;

use aes::Aes256;
use aes::cipher::{BlockCipherEncrypt, KeyInit};

use super::key::DomainKey;
use crate::value::ValueRef;

const ROUNDS: u8 = 10;

/// The widths that are permuted: FF1 wants at least a million numbers, and 63 bits are the whole numbers of one sign.
const FEWEST_BITS: u32 = 20;
const MOST_BITS: u32 = 63;

/// A permutation of the numbers below `2^bits`, for a key and a purpose; who has the key can undo it.
pub(crate) struct Bijection {
    cipher: Aes256,
    /// What the cipher makes of the first block, which says what is permuted: the same for each round of each number.
    form: u128,
    bits: u32,
}

/// A width that cannot be permuted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a permutation has {FEWEST_BITS} to {MOST_BITS} bits, not {bits}")]
pub(crate) struct BadWidth {
    /// As asked for.
    pub(crate) bits: u32,
}

impl Bijection {
    /// The permutation for a purpose, of numbers of 20 to 63 bits.
    pub(crate) fn new(key: &DomainKey, purpose: &[&str], bits: u32) -> Result<Self, BadWidth> {
        let words: Vec<&str> = ["bijection"].iter().chain(purpose).copied().collect();
        let key = key.prf(&words).of(ValueRef::Int(bits.into()));
        match (FEWEST_BITS..=MOST_BITS).contains(&bits) {
            true => Ok(Self::with_key(key, bits)),
            false => Err(BadWidth { bits }),
        }
    }

    fn with_key(key: [u8; 32], bits: u32) -> Self {
        let cipher = Aes256::new(&key.into());
        // P of the standard: version, method, addition, radix 2, rounds, the length of the first half and of the whole, no tweak
        let form = 0x0102_0100_0002_u128 << 80
            | u128::from(ROUNDS) << 72
            | u128::from(bits / 2) << 64
            | u128::from(bits) << 32;
        let form = encrypted(&cipher, form);
        Self { cipher, form, bits }
    }

    /// The number in the place of this one. Only the lower `bits` are looked at: whoever has greater ones must refuse them.
    pub(crate) fn forward(&self, number: u64) -> u64 {
        let (front, back) = self.widths();
        let (mut a, mut b) = (lower(number >> back, front), lower(number, back));
        for round in 0..ROUNDS {
            let width = if round % 2 == 0 { front } else { back };
            (a, b) = (b, lower(a.wrapping_add(self.mixed(round, b)), width));
        }
        a << back | b
    }

    /// The number that this one stands for.
    #[cfg(test)]
    pub(crate) fn backward(&self, number: u64) -> u64 {
        let (front, back) = self.widths();
        let (mut a, mut b) = (lower(number >> back, front), lower(number, back));
        for round in (0..ROUNDS).rev() {
            let width = if round % 2 == 0 { front } else { back };
            (a, b) = (lower(b.wrapping_sub(self.mixed(round, a)), width), a);
        }
        a << back | b
    }

    /// How many bits the halves have.
    fn widths(&self) -> (u32, u32) {
        (self.bits / 2, self.bits - self.bits / 2)
    }

    /// What a round adds to one half for the other one.
    ///
    /// The block (Q of the standard) ends with the round and the half, which has as many bytes as the longer one needs. Eight bytes of what
    /// the cipher makes of it are used, as these are four at most.
    fn mixed(&self, round: u8, half: u64) -> u64 {
        let bytes = self.widths().1.div_ceil(8);
        let block = u128::from(round) << (8 * bytes) | u128::from(half);
        (encrypted(&self.cipher, self.form ^ block) >> 64) as u64
    }
}

fn encrypted(cipher: &Aes256, block: u128) -> u128 {
    let mut block = block.to_be_bytes().into();
    cipher.encrypt_block(&mut block);
    u128::from_be_bytes(block.into())
}

/// The lower bits of a number.
fn lower(number: u64, bits: u32) -> u64 {
    number & ((1 << bits) - 1)
}

/// Neither key nor cipher is printed.
impl fmt::Debug for Bijection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bijection(..)")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use aes::{Aes128, Aes192};
    use fpe::ff1::{FF1, FlexibleNumeralString};
    use proptest::prelude::*;

    use super::super::MaskingKey;
    use super::*;

    fn key(class: &str) -> DomainKey {
        MaskingKey::new(b"the secret that the tests share.")
            .unwrap()
            .domain("internal", class)
    }

    fn bijection(bits: u32) -> Bijection {
        Bijection::new(&key("key"), &["test"], bits).unwrap()
    }

    fn digits(text: &str) -> Vec<u16> {
        let digit = |c: char| u16::try_from(c.to_digit(36).unwrap()).unwrap();
        text.chars().map(digit).collect()
    }

    const KEY: [u8; 32] = [
        0x2B, 0x7E, 0x15, 0x16, 0x28, 0xAE, 0xD2, 0xA6, 0xAB, 0xF7, 0x15, 0x88, 0x09, 0xCF, 0x4F,
        0x3C, 0xEF, 0x43, 0x59, 0xD8, 0xD5, 0x80, 0xAA, 0x4F, 0x7F, 0x03, 0x6D, 0x6F, 0x04, 0xFC,
        0x6A, 0x94,
    ];
    const TEN: &[u8] = b"9876543210";
    const ELEVEN: &[u8] = b"7777pqrs777";

    /// The samples that NIST publishes with SP 800-38G: AES key, radix, tweak, plain text, cipher text.
    const NIST: &[(usize, u32, &[u8], &str, &str)] = &[
        (16, 10, b"", "0123456789", "2433477484"),
        (16, 10, TEN, "0123456789", "6124200773"),
        (16, 36, ELEVEN, "0123456789abcdefghi", "a9tv40mll9kdu509eum"),
        (24, 10, b"", "0123456789", "2830668132"),
        (24, 10, TEN, "0123456789", "2496655549"),
        (24, 36, ELEVEN, "0123456789abcdefghi", "xbj3kv35jrawxv32ysr"),
        (32, 10, b"", "0123456789", "6657667009"),
        (32, 10, TEN, "0123456789", "1001623463"),
        (32, 36, ELEVEN, "0123456789abcdefghi", "xs8a0azh2avyalyzuwd"),
    ];

    #[test]
    fn the_crate_gives_the_published_samples() {
        for (length, radix, tweak, plain, sealed) in NIST {
            let key = &KEY[..*length];
            let numeral = FlexibleNumeralString::from(digits(plain));
            let found = match length {
                16 => FF1::<Aes128>::new(key, *radix)
                    .unwrap()
                    .encrypt(tweak, &numeral),
                24 => FF1::<Aes192>::new(key, *radix)
                    .unwrap()
                    .encrypt(tweak, &numeral),
                _ => FF1::<Aes256>::new(key, *radix)
                    .unwrap()
                    .encrypt(tweak, &numeral),
            };
            assert_eq!(
                Vec::<u16>::from(found.unwrap()),
                digits(sealed),
                "{length} {radix}"
            );
        }
    }

    #[test]
    fn no_two_numbers_have_one_image() {
        // of a function that is none, about 128 pairs of this many would meet
        let permutation = bijection(20);
        let images: HashSet<u64> = (0..1 << 14).map(|n| permutation.forward(n)).collect();
        assert_eq!(images.len(), 1 << 14);
        assert!(images.iter().all(|image| *image < 1 << 20));
    }

    #[test]
    fn keys_purposes_and_widths_have_permutations_of_their_own() {
        let image = |class, purpose, bits| {
            Bijection::new(&key(class), &[purpose], bits)
                .unwrap()
                .forward(42)
        };
        let images = [
            image("key", "test", 31),
            image("other", "test", 31),
            image("key", "other", 31),
            image("key", "test", 32),
        ];
        assert_eq!(HashSet::from(images).len(), images.len());
    }

    #[test]
    fn permutations_stay_the_same_from_release_to_release() {
        assert_eq!(bijection(31).forward(42), 1_151_597_164);
        assert_eq!(bijection(63).forward(42), 6_300_623_505_283_461_229);
    }

    #[test]
    fn widths_that_ff1_does_not_serve_are_refused() {
        for bits in [0, 19, 64, u32::MAX] {
            let refused = Bijection::new(&key("key"), &["test"], bits).unwrap_err();
            assert_eq!(refused, BadWidth { bits });
        }
        assert!(Bijection::new(&key("key"), &[], 20).is_ok());
    }

    #[test]
    fn debug_output_has_no_key() {
        assert_eq!(format!("{:?}", bijection(63)), "Bijection(..)");
    }

    proptest! {
        #[test]
        fn the_way_back_leads_to_the_number(bits in 20u32..=63, number in any::<u64>()) {
            let permutation = bijection(bits);
            let number = number & ((1 << bits) - 1);
            let image = permutation.forward(number);
            prop_assert!(image < 1 << bits);
            prop_assert_eq!(permutation.backward(image), number);
        }

        #[test]
        fn our_rounds_are_those_of_the_crate(bits in 20u32..=63, number in any::<u64>(), key in any::<[u8; 32]>()) {
            let digits: Vec<u16> = (0..bits).rev().map(|i| u16::from(number >> i & 1 == 1)).collect();
            let cipher = FF1::<Aes256>::new(&key, 2).unwrap();
            let theirs = cipher.encrypt(&[], &FlexibleNumeralString::from(digits)).unwrap();
            let theirs = Vec::<u16>::from(theirs).into_iter().fold(0, |word, digit| word << 1 | u64::from(digit));
            prop_assert_eq!(Bijection::with_key(key, bits).forward(number), theirs);
        }
    }
}
