//! Numbers of a known form, such as ids and account numbers: letters and digits, in groups if somebody wrote them so.

use super::places::Digits;
use super::text::push_ascii;

/// No number is longer: those of accounts have 34 letters and digits at most (ISO 13616).
const LONGEST: usize = 34;

/// The letters and digits of a number, capital.
pub(super) struct Code {
    signs: [u8; LONGEST],
    len: usize,
}

impl Code {
    /// The number as it is written without groups.
    pub(super) fn as_str(&self) -> &str {
        let signs = self.signs.get(..self.len).unwrap_or_default();
        std::str::from_utf8(signs).unwrap_or_default()
    }
}

/// The letters and digits, capital, without single spaces and hyphens between them; none if there is anything else, or more of them
/// than any number has.
pub(super) fn compact(text: &str) -> Option<Code> {
    let mut code = Code {
        signs: [0; LONGEST],
        len: 0,
    };
    let mut after_sign = false;
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => {
                *code.signs.get_mut(code.len)? = byte.to_ascii_uppercase();
                code.len += 1;
                after_sign = true;
            }
            b' ' | b'-' if after_sign => after_sign = false,
            _ => return None,
        }
    }
    after_sign.then_some(code)
}

/// Writes a number in its own grouping, with so many letters and digits kept at either end.
pub(super) fn push(text: &str, (first, last): (usize, usize), out: &mut String) {
    if let Some(digits) = Digits::read(text, |byte| matches!(byte, b' ' | b'-')) {
        digits.push((first, last), out);
        return;
    }
    let count = text.bytes().filter(u8::is_ascii_alphanumeric).count();
    let mut seen = 0;
    let masked = text.bytes().map(|byte| {
        if !byte.is_ascii_alphanumeric() {
            return byte;
        }
        seen += 1;
        if seen <= first || seen + last > count {
            byte.to_ascii_uppercase()
        } else {
            b'*'
        }
    });
    push_ascii(masked, out);
}
