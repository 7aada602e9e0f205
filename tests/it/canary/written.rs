//! All the ways in which a value may be written so that whoever reads it has it, or can find it by trying.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use md5::Md5;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

/// A way to write, and the bytes that it comes to.
pub(super) type Written = (&'static str, Vec<u8>);

/// How much of a hash is enough to know it again.
const ENOUGH: usize = 16;

/// A value in every way that is told from its letters. Upper and lower case of ASCII are one to the scan.
pub(super) fn plainly(value: &str) -> Vec<Written> {
    let reversed: String = value.chars().rev().collect();
    let mut ways: Vec<Written> = vec![
        ("clear", value.into()),
        ("lower case", value.to_lowercase().into()),
        ("upper case", value.to_uppercase().into()),
        ("reversed", reversed.into()),
        ("hex", hex(value.as_bytes()).into()),
        (
            "URL",
            utf8_percent_encode(value, NON_ALPHANUMERIC)
                .to_string()
                .into(),
        ),
        (
            "URL form",
            value
                .replace('@', "%40")
                .replace('+', "%2B")
                .replace(' ', "+")
                .into(),
        ),
        (
            "JSON",
            escaped(value, |c| c.is_ascii() && !matches!(c, '"' | '\\')).into(),
        ),
        ("JSON, all escaped", escaped(value, |_| false).into()),
        (
            "UTF-16LE",
            value.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        ),
        (
            "UTF-16BE",
            value.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        ),
    ];
    let digits = digits(value);
    if digits.len() > 8 {
        ways.push(("digits", digits.into()));
    }
    ways.extend(base64(value.as_bytes()));
    if let Ok(number) = value.parse::<i64>() {
        for bytes in [number.to_be_bytes(), number.to_le_bytes()] {
            ways.push(("hex of a number", hex(&bytes).into()));
            ways.extend(base64(&bytes));
        }
    }
    ways
}

/// A value as base64 writes it wherever it begins in a longer text: the letters that do not depend on its neighbours.
fn base64(bytes: &[u8]) -> Vec<Written> {
    let mut ways = Vec::new();
    for before in 0..3 {
        let padded = [&vec![0; before][..], bytes].concat();
        let range = (before * 8).div_ceil(6)..padded.len() * 8 / 6;
        for text in [
            STANDARD_NO_PAD.encode(&padded),
            URL_SAFE_NO_PAD.encode(&padded),
        ] {
            ways.push(("base64", text.as_bytes()[range.clone()].into()));
        }
    }
    ways
}

/// The hashes that anybody can compute who guesses the value, of the usual forms of it.
pub(super) fn hashed(value: &str) -> Vec<Written> {
    let forms = [
        value.to_owned(),
        value.trim().to_owned(),
        value.to_lowercase(),
        value.to_uppercase(),
        digits(value),
        value.split_whitespace().collect(),
    ];
    let forms: BTreeSet<&String> = forms.iter().filter(|form| form.len() > 4).collect();
    let mut ways = Vec::new();
    for form in forms {
        let form = form.as_bytes();
        for (name, hash) in [
            ("md5", Md5::digest(form).to_vec()),
            ("sha1", Sha1::digest(form).to_vec()),
            ("sha256", Sha256::digest(form).to_vec()),
            ("sha512", Sha512::digest(form).to_vec()),
        ] {
            ways.extend(shown(&hash).into_iter().map(|text| (name, text)));
        }
    }
    ways
}

/// The beginning of a hash in the ways in which tokens are written.
fn shown(hash: &[u8]) -> Vec<Vec<u8>> {
    let start = hash[..8].try_into().map(u64::from_be_bytes).unwrap();
    [
        hex(hash),
        STANDARD_NO_PAD.encode(hash),
        URL_SAFE_NO_PAD.encode(hash),
        base32(hash, b"0123456789ABCDEFGHJKMNPQRSTVWXYZ"),
        base32(hash, b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"),
        (start >> 1).to_string(),
        (start >> 11).to_string(),
    ]
    .map(|text| text.as_bytes()[..text.len().min(ENOUGH)].to_vec())
    .into()
}

fn base32(hash: &[u8], alphabet: &[u8; 32]) -> String {
    let bits = u128::from_be_bytes(hash[..16].try_into().unwrap());
    (1..=ENOUGH)
        .map(|place| char::from(alphabet[(bits >> (128 - 5 * place) & 31) as usize]))
        .collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn digits(value: &str) -> String {
    value.chars().filter(char::is_ascii_digit).collect()
}

/// As in JSON, with an escape for each character that is not `plain`.
fn escaped(value: &str, plain: impl Fn(char) -> bool) -> String {
    let mut text = String::new();
    for c in value.chars() {
        if plain(c) {
            text.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(text, "\\u{unit:04x}");
            }
        }
    }
    text
}
