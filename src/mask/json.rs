//! Values as JSON, written into the answer's buffer without an allocation.

use chrono::{DateTime, Datelike as _, NaiveDate, SecondsFormat, Timelike as _, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

/// Text as a JSON string.
pub(super) fn text(out: &mut Vec<u8>, text: &str) {
    if Marks::of(text.as_bytes()).escape == 0 {
        quoted(out, text.as_bytes());
    } else {
        // Writing to memory cannot fail, and text is always a valid JSON string.
        let _ = serde_json::to_writer(out, text);
    }
}

/// Bytes of a text as a JSON string; `None`, and nothing is written, if they are not UTF-8.
pub(super) fn utf8(out: &mut Vec<u8>, bytes: &[u8]) -> Option<()> {
    let marks = Marks::of(bytes);
    if marks.escape == 0 && marks.wide == 0 {
        quoted(out, bytes);
    } else {
        text(out, std::str::from_utf8(bytes).ok()?);
    }
    Some(())
}

/// A text in which there is nothing to escape.
pub(super) fn plain(out: &mut Vec<u8>, text: &str) {
    quoted(out, text.as_bytes());
}

fn quoted(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(b'"');
    out.extend_from_slice(bytes);
    out.push(b'"');
}

/// What a text has besides plain ASCII, looked for in eight bytes at a time: the highest bit of a byte is set where it is found.
#[derive(Default)]
struct Marks {
    /// Bytes that JSON escapes: controls, quotes, backslashes. Bytes after the first may be marked by chance.
    escape: u64,
    /// Bytes beyond ASCII.
    wide: u64,
}

impl Marks {
    const EACH: u64 = u64::MAX / 0xff;
    const HIGHEST: u64 = Self::EACH * 0x80;

    #[inline]
    fn of(bytes: &[u8]) -> Self {
        let mut marks = Self::default();
        let (chunks, rest) = bytes.as_chunks();
        for chunk in chunks {
            marks.add(u64::from_ne_bytes(*chunk));
        }
        match bytes.last_chunk() {
            // Some of it has been seen already.
            Some(last) if !rest.is_empty() => marks.add(u64::from_ne_bytes(*last)),
            Some(_) => {}
            None => {
                let short = rest
                    .iter()
                    .fold(0, |word, byte| word << 8 | u64::from(*byte));
                let blanks = u64::from(b' ') * (Self::EACH << (8 * rest.len()));
                marks.add(short | blanks);
            }
        }
        marks
    }

    #[inline]
    fn add(&mut self, word: u64) {
        let below = |word: u64, limit: u8| word.wrapping_sub(Self::EACH * u64::from(limit)) & !word;
        let is = |byte: u8| below(word ^ (Self::EACH * u64::from(byte)), 1);
        let escape = below(word, b' ') | is(b'"') | is(b'\\');
        self.escape |= escape & Self::HIGHEST;
        self.wide |= word & Self::HIGHEST;
    }
}

/// A whole number.
pub(super) fn integer(out: &mut Vec<u8>, value: i64) {
    out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
}

/// A whole number as text, which no JSON reader rounds.
pub(super) fn quoted_integer(out: &mut Vec<u8>, value: i64) {
    out.push(b'"');
    integer(out, value);
    out.push(b'"');
}

/// An exact number as text, with all digits of its scale.
pub(super) fn decimal(out: &mut Vec<u8>, value: Decimal) {
    let mantissa = value.mantissa();
    let negative = value.is_sign_negative() && !value.is_zero();
    let mut buffer = itoa::Buffer::new();
    // Numbers of 64 bits are written several times faster.
    let digits = match u64::try_from(mantissa.unsigned_abs()) {
        Ok(mantissa) => buffer.format(mantissa),
        Err(_) => buffer.format(mantissa.unsigned_abs()),
    };
    scaled(out, negative, digits.as_bytes(), value.scale() as usize);
}

/// The digits of an exact number as text, so many of them behind the point.
pub(super) fn scaled(out: &mut Vec<u8>, negative: bool, digits: &[u8], scale: usize) {
    out.extend_from_slice(if negative { b"\"-" } else { b"\"" });
    match digits.len().checked_sub(scale) {
        Some(whole) if whole > 0 => {
            let (whole, rest) = digits.split_at(whole);
            out.extend_from_slice(whole);
            fraction(out, 0, rest);
        }
        _ => {
            out.push(b'0');
            fraction(out, scale.saturating_sub(digits.len()), digits);
        }
    }
    out.push(b'"');
}

fn fraction(out: &mut Vec<u8>, zeros: usize, digits: &[u8]) {
    if zeros + digits.len() > 0 {
        out.push(b'.');
        out.extend(std::iter::repeat_n(b'0', zeros));
        out.extend_from_slice(digits);
    }
}

/// A UUID with hyphens and small letters.
pub(super) fn uuid(out: &mut Vec<u8>, value: Uuid) {
    let mut buffer = Uuid::encode_buffer();
    out.push(b'"');
    out.extend_from_slice(value.hyphenated().encode_lower(&mut buffer).as_bytes());
    out.push(b'"');
}

/// A calendar day (ISO 8601).
pub(super) fn day(out: &mut Vec<u8>, value: NaiveDate) {
    out.push(b'"');
    if !bare_day(out, value) {
        put(out, format_args!("{}", value.format("%Y-%m-%d")));
    }
    out.push(b'"');
}

/// An instant in UTC (RFC 3339), its fraction in groups of three digits.
pub(super) fn instant(out: &mut Vec<u8>, value: DateTime<Utc>) {
    out.push(b'"');
    if bare_day(out, value.date_naive()) {
        for (mark, part) in [
            (b'T', value.hour()),
            (b':', value.minute()),
            (b':', value.second()),
        ] {
            out.push(mark);
            padded::<2>(out, part);
        }
        match value.nanosecond() {
            0 => {}
            nanos if nanos % 1_000_000 == 0 => point::<3>(out, nanos / 1_000_000),
            nanos if nanos % 1_000 == 0 => point::<6>(out, nanos / 1_000),
            nanos => point::<9>(out, nanos),
        }
        out.push(b'Z');
    } else {
        let text = value.to_rfc3339_opts(SecondsFormat::AutoSi, true);
        out.extend_from_slice(text.as_bytes());
    }
    out.push(b'"');
}

/// Writes a day of four-digit years; of others it writes nothing and says so.
fn bare_day(out: &mut Vec<u8>, value: NaiveDate) -> bool {
    let Some(year) = u32::try_from(value.year())
        .ok()
        .filter(|year| *year <= 9999)
    else {
        return false;
    };
    padded::<4>(out, year);
    out.push(b'-');
    padded::<2>(out, value.month());
    out.push(b'-');
    padded::<2>(out, value.day());
    true
}

fn point<const DIGITS: usize>(out: &mut Vec<u8>, value: u32) {
    out.push(b'.');
    padded::<DIGITS>(out, value);
}

/// The last digits of a number, with zeros before it.
fn padded<const DIGITS: usize>(out: &mut Vec<u8>, mut value: u32) {
    let mut text = [b'0'; DIGITS];
    for digit in text.iter_mut().rev() {
        // A digit fits a byte.
        *digit += (value % 10) as u8;
        value /= 10;
    }
    out.extend_from_slice(&text);
}

/// Formats into the answer; writing to memory cannot fail.
pub(super) fn put(out: &mut Vec<u8>, arguments: std::fmt::Arguments<'_>) {
    let _ = std::io::Write::write_fmt(out, arguments);
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone as _;
    use proptest::prelude::*;

    use super::*;

    fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    proptest! {
        #[test]
        fn texts_are_as_serde_writes_them(value: String) {
            prop_assert_eq!(written(|out| text(out, &value)), serde_json::to_string(&value).unwrap());
        }

        #[test]
        fn numbers_are_as_they_are_displayed(mantissa: i64, scale in 0..20_u32, whole: i64) {
            let value = Decimal::from_i128_with_scale(mantissa.into(), scale);
            prop_assert_eq!(written(|out| decimal(out, value)), format!("\"{value}\""));
            prop_assert_eq!(written(|out| integer(out, whole)), whole.to_string());
            prop_assert_eq!(written(|out| quoted_integer(out, whole)), format!("\"{whole}\""));
        }

        #[test]
        fn times_are_as_chrono_writes_them(
            seconds in -100_000_000_000_i64..400_000_000_000,
            nanos in prop_oneof![Just(0), Just(5_000_000), Just(7_000), 0..1_000_000_000_u32],
        ) {
            let value = Utc.timestamp_opt(seconds, nanos).unwrap();
            let expected = value.to_rfc3339_opts(SecondsFormat::AutoSi, true);
            prop_assert_eq!(written(|out| instant(out, value)), format!("\"{expected}\""));
            let date = value.date_naive();
            prop_assert_eq!(written(|out| day(out, date)), format!("\"{}\"", date.format("%Y-%m-%d")));
        }
    }
}
