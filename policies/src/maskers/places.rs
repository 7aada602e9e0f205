//! Short numbers in one look: where their digits stand, as bits, and the mask that covers some of them.

/// As many as there are bits.
const STARS: &str = "****************************************************************";

/// The digits of a number, the first one in the lowest bit.
#[derive(Clone, Copy)]
pub(super) struct Digits<'a> {
    text: &'a str,
    places: u64,
}

impl<'a> Digits<'a> {
    /// None if there is anything but digits and separators, the first or the last is a separator, or the text is longer than there
    /// are bits.
    pub(super) fn read(text: &'a str, is_separator: impl Fn(u8) -> bool) -> Option<Self> {
        let length = u32::try_from(text.len()).ok()?;
        let last = 1_u64.checked_shl(length.checked_sub(1)?)?;
        let places = digits(text.as_bytes());
        if places & 1 == 0 || places & last == 0 {
            return None;
        }
        let mut others = !places & (last - 1);
        while others != 0 {
            let byte = text.as_bytes().get(others.trailing_zeros() as usize)?;
            if !is_separator(*byte) {
                return None;
            }
            others &= others - 1;
        }
        Some(Self { text, places })
    }

    /// The number as it is written.
    pub(super) fn text(self) -> &'a str {
        self.text
    }

    /// How many there are.
    pub(super) fn count(self) -> usize {
        self.places.count_ones() as usize
    }

    /// Whether two separators stand side by side.
    pub(super) fn has_wide_gap(self) -> bool {
        let length = u32::try_from(self.text.len()).unwrap_or(0);
        let gaps = !self.places & !u64::MAX.checked_shl(length).unwrap_or(0);
        gaps & gaps >> 1 != 0
    }

    /// Writes the number with all digits hidden but so many at either end.
    pub(super) fn push(self, (first, last): (usize, usize), out: &mut String) {
        let mut hidden = self.places;
        for _ in 0..first {
            hidden &= hidden.wrapping_sub(1);
        }
        for _ in 0..last {
            hidden &= (u64::MAX >> 1)
                .checked_shr(hidden.leading_zeros())
                .unwrap_or(0);
        }
        push_covered(self.text, hidden, out);
    }
}

/// Where the digits of up to 64 bytes are, eight bytes at once; beside bytes that are not ASCII some may be wrong.
fn digits(bytes: &[u8]) -> u64 {
    let Some(last) = bytes.last_chunk() else {
        let each = bytes.iter().zip(0..);
        return each.fold(0, |places, (byte, at)| {
            places | u64::from(byte.is_ascii_digit()) << at
        });
    };
    let (words, _) = bytes.as_chunks();
    // the last eight bytes may be in two words
    let end = digits_of_word(*last) << (bytes.len() - 8);
    let words = words.iter().zip((0..).step_by(8));
    words.fold(end, |places, (word, at)| {
        places | digits_of_word(*word) << at
    })
}

/// A bit for each of eight bytes: whether it is a digit.
fn digits_of_word(word: [u8; 8]) -> u64 {
    const EACH: u64 = 0x0101_0101_0101_0101;
    // brings the lowest bit of each byte into the uppermost byte
    const TOGETHER: u64 = 0x0102_0408_1020_4080;
    let word = u64::from_le_bytes(word);
    // a digit becomes its number, and what is greater gets the uppermost bit of its byte
    let numbers = word ^ (EACH * u64::from(b'0'));
    let greater = numbers.wrapping_add(EACH * (0x80 - 10)) | word;
    (!greater >> 7 & EACH).wrapping_mul(TOGETHER) >> 56
}

/// Writes a text of ASCII with a star in each of these places, a run at a time.
fn push_covered(text: &str, mut hidden: u64, out: &mut String) {
    out.reserve(text.len());
    let mut shown = 0;
    while hidden != 0 {
        let start = hidden.trailing_zeros() as usize;
        let stars = (hidden >> start).trailing_ones();
        out.push_str(text.get(shown..start).unwrap_or_default());
        out.push_str(STARS.get(..stars as usize).unwrap_or_default());
        shown = start + stars as usize;
        hidden &= hidden.wrapping_add(1 << start);
    }
    out.push_str(text.get(shown..).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn is_separator(byte: u8) -> bool {
        matches!(byte, b' ' | b'-')
    }

    proptest! {
        #[test]
        fn the_digits_between_the_ends_are_covered(text in "[0-9][0-9 -]{0,62}[0-9]|[0-9]", first in 0usize..8, last in 0usize..8) {
            let digits = Digits::read(&text, is_separator).unwrap();
            let count = text.bytes().filter(u8::is_ascii_digit).count();
            prop_assert_eq!(digits.count(), count);
            prop_assert_eq!(digits.has_wide_gap(), text.split(|c: char| c.is_ascii_digit()).any(|gap| gap.len() > 1));
            let mut seen = 0;
            let covered = text.chars().map(|c| {
                seen += usize::from(c.is_ascii_digit());
                let is_shown = !c.is_ascii_digit() || seen <= first || seen + last > count;
                if is_shown { c } else { '*' }
            });
            let mut out = String::new();
            digits.push((first, last), &mut out);
            prop_assert_eq!(out, covered.collect::<String>());
        }

        #[test]
        fn nothing_else_is_read(text in any::<String>()) {
            let fits = text.bytes().all(|byte| byte.is_ascii_digit() || is_separator(byte))
                && text.starts_with(|c: char| c.is_ascii_digit())
                && text.ends_with(|c: char| c.is_ascii_digit());
            prop_assert_eq!(Digits::read(&text, is_separator).is_some(), fits && text.len() <= 64);
        }
    }

    #[test]
    fn what_is_too_long_is_not_read() {
        assert!(Digits::read(&"1".repeat(64), is_separator).is_some());
        assert!(Digits::read(&"1".repeat(65), is_separator).is_none());
        assert!(Digits::read("", is_separator).is_none());
    }
}
