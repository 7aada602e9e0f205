//! A keyed permutation of numbers: FF1 of NIST SP 800-38G over binary numerals, with AES-256.
//!
//! The crate does the rounds. Its own binary numerals are whole bytes, and those of any radix are big integers; the few bits that
//! are needed here fit a machine word, so that a number takes no allocation.

use std::fmt;

use fpe::ff1::{FF1, NumeralString, Operations};

use super::key::DomainKey;
use super::schedule::Schedule;
use crate::value::ValueRef;

const RADIX: u32 = 2;

/// The widths that are permuted: FF1 wants at least a million numbers, and 63 bits are the whole numbers of one sign.
const FEWEST_BITS: u32 = 20;
const MOST_BITS: u32 = 63;

/// A public word of FF1, of which as much is taken as fills the block: what is missing there FF1 fills up byte by byte.
const TWEAK: &[u8; 15] = b"sudare identity";

/// A permutation of the numbers below `2^bits`, for a key and a purpose; who has the key can undo it.
pub(crate) struct Bijection {
    cipher: FF1<Schedule>,
    bits: u32,
    tweak: &'static [u8],
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
        // beside the tweak stand the number of the round and the bytes of the greater half
        let half = bits.div_ceil(2).div_ceil(8) as usize;
        let tweak = TWEAK.get(half..).unwrap_or_default();
        match FF1::new(&key, RADIX) {
            Ok(cipher) if (FEWEST_BITS..=MOST_BITS).contains(&bits) => Ok(Self {
                cipher,
                bits,
                tweak,
            }),
            _ => Err(BadWidth { bits }),
        }
    }

    /// The number in the place of this one. Only the lower `bits` are looked at: whoever has greater ones must refuse them.
    pub(crate) fn forward(&self, number: u64) -> u64 {
        let numeral = Numeral::new(number, self.bits);
        // A numeral of a width that was checked is always taken; were it refused, zero would tell nothing.
        self.cipher
            .encrypt(self.tweak, &numeral)
            .map_or(0, |numeral| numeral.number)
    }

    /// The number that this one stands for.
    pub(crate) fn backward(&self, number: u64) -> u64 {
        let numeral = Numeral::new(number, self.bits);
        self.cipher
            .decrypt(self.tweak, &numeral)
            .map_or(0, |numeral| numeral.number)
    }
}

/// Neither key nor cipher is printed.
impl fmt::Debug for Bijection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bijection(..)")
    }
}

/// A numeral string of radix 2 and of up to 63 digits, the first one being the most significant.
#[derive(Clone, Copy)]
struct Numeral {
    number: u64,
    bits: u32,
}

impl Numeral {
    /// The lower bits of a number.
    fn new(number: u64, bits: u32) -> Self {
        Self {
            number: number & ((1 << bits) - 1),
            bits,
        }
    }
}

/// The last bytes of a number.
struct Bytes {
    bytes: [u8; 8],
    start: usize,
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        self.bytes.get(self.start..).unwrap_or_default()
    }
}

impl NumeralString for Numeral {
    type Ops = Self;

    fn is_valid(&self, radix: u32) -> bool {
        radix == RADIX
    }

    fn numeral_count(&self) -> usize {
        self.bits as usize
    }

    fn split(&self) -> (Self, Self) {
        let front = self.bits / 2;
        let back = self.bits - front;
        (
            Self::new(self.number >> back, front),
            Self::new(self.number, back),
        )
    }

    fn concat(front: Self, back: Self) -> Self {
        Self::new(
            front.number << back.bits | back.number,
            front.bits + back.bits,
        )
    }
}

impl Operations for Numeral {
    type Bytes = Bytes;

    fn numeral_count(&self) -> usize {
        self.bits as usize
    }

    fn to_be_bytes(&self, _: u32, length: usize) -> Bytes {
        let bytes = self.number.to_be_bytes();
        let start = bytes.len().saturating_sub(length);
        Bytes { bytes, start }
    }

    fn add_mod_exp(self, other: impl Iterator<Item = u8>, _: u32, digits: usize) -> Self {
        Self::new(self.number.wrapping_add(lower_word(other)), width(digits))
    }

    fn sub_mod_exp(self, other: impl Iterator<Item = u8>, _: u32, digits: usize) -> Self {
        Self::new(self.number.wrapping_sub(lower_word(other)), width(digits))
    }
}

/// The last eight bytes of a number: no modulus here needs more.
fn lower_word(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0, |word, byte| word << 8 | u64::from(byte))
}

fn width(digits: usize) -> u32 {
    u32::try_from(digits).map_or(MOST_BITS, |digits| digits.min(MOST_BITS))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use aes::{Aes128, Aes192, Aes256};
    use fpe::ff1::FlexibleNumeralString;
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
        assert_eq!(bijection(31).forward(42), 961_767_350);
        assert_eq!(bijection(63).forward(42), 4_642_549_949_389_129_546);
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
        fn our_numerals_count_like_those_of_the_crate(bits in 20u32..=63, number in any::<u64>(), key in any::<[u8; 32]>()) {
            let digits: Vec<u16> = (0..bits).rev().map(|i| u16::from(number >> i & 1 == 1)).collect();
            let cipher = FF1::<Aes256>::new(&key, RADIX).unwrap();
            let theirs = cipher.encrypt(&[], &FlexibleNumeralString::from(digits)).unwrap();
            let theirs = Vec::<u16>::from(theirs).into_iter().fold(0, |word, digit| word << 1 | u64::from(digit));
            let ours = cipher.encrypt(&[], &Numeral::new(number, bits)).unwrap();
            prop_assert_eq!(ours.number, theirs);
        }
    }
}
