//! The scanner finds what it is there to find.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use sha1::Sha1;
use sha2::{Digest as _, Sha256, Sha512};

use super::planted::Canary;
use super::scan::{Scanner, Sight};

const VALUE: &str = "Zoë>Qvorx 7431-906258?";

fn scanner() -> Scanner {
    let canary = Canary {
        spellings: vec![VALUE.to_owned()],
        secret: Some(0..VALUE.chars().count()),
        places: Vec::new(),
        word: false,
        coordinate: "Customer.fullName".to_owned(),
    };
    Scanner::new(&[canary])
}

fn finds(bytes: impl AsRef<[u8]>) -> bool {
    let padded = [b"{\"a\":\"", bytes.as_ref(), b"\"}"].concat();
    !scanner().leaks(&padded, &Sight::default()).is_empty()
}

#[test]
fn a_value_is_found_however_it_is_written() {
    assert!(finds(VALUE) && finds(VALUE.to_uppercase()) && finds(VALUE.to_lowercase()));
    assert!(finds(VALUE.chars().rev().collect::<String>()));
    assert!(finds("5a6fc3ab3e51766f727820373433312d3930363235383f"));
    assert!(finds("5A6FC3AB3E51766F727820373433312D3930363235383F"));
    assert!(
        finds("Zo%C3%AB%3EQvorx%207431%2D906258%3F")
            && finds("Zo%c3%ab%3eQvorx%207431%2d906258%3f")
    );
    assert!(finds("\\u005a\\u006f\\u00eb\\u003e\\u0051\\u0076\\u006f\\u0072\\u0078\\u0020\\u0037\\u0034\\u0033\\u0031"
        .to_owned() + "\\u002d\\u0039\\u0030\\u0036\\u0032\\u0035\\u0038\\u003f"));
    assert!(finds("Zo\\u00EB>Qvorx 7431-906258?"));
    let wide = |swap: fn(u16) -> [u8; 2]| VALUE.encode_utf16().flat_map(swap).collect::<Vec<u8>>();
    assert!(finds(wide(u16::to_le_bytes)) && finds(wide(u16::to_be_bytes)));
    assert!(finds("7431906258"));
    assert!(!finds("Somebody else, 7431-806259"));
}

#[test]
fn base64_is_found_at_every_alignment() {
    for before in ["", "x", "xy", "xyz"] {
        let text = format!("{before}{VALUE}{before} and on");
        assert!(
            finds(STANDARD.encode(&text)) && finds(URL_SAFE.encode(&text)),
            "after {before:?}"
        );
    }
}

#[test]
fn hashes_without_a_key_are_found_whatever_form_was_hashed() {
    for form in [
        VALUE.to_owned(),
        VALUE.to_lowercase(),
        "7431906258".to_owned(),
    ] {
        let hashes = [
            md5::Md5::digest(&form).to_vec(),
            Sha1::digest(&form).to_vec(),
            Sha256::digest(&form).to_vec(),
            Sha512::digest(&form).to_vec(),
        ];
        for hash in hashes {
            let hex: String = hash.iter().map(|byte| format!("{byte:02X}")).collect();
            assert!(finds(&hex) && finds(hex.to_lowercase()) && finds(hex.split_at(20).0));
            assert!(finds(STANDARD.encode(&hash)) && finds(URL_SAFE.encode(&hash)));
        }
    }
    assert!(!finds(
        Sha256::digest("with a key, as it were")
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    ));
}

#[test]
fn a_short_part_is_let_through_and_a_long_one_is_not() {
    assert!(!finds("Zoë>Qvor"));
    assert!(finds("Zoë>Qvorx") && finds("-906258?\u{200b}".replace('\u{200b}', "") + " 7431-9062"));
}

#[test]
fn what_is_in_sight_is_no_leak_and_a_leak_is_named_without_its_value() {
    let full = Sight {
        full: BTreeSet::from([0]),
        words: BTreeSet::new(),
    };
    assert!(scanner().leaks(VALUE.as_bytes(), &full).is_empty());
    let leaks = scanner().leaks(VALUE.as_bytes(), &Sight::default());
    assert!(
        leaks.iter().any(|leak| leak == "Customer.fullName (clear)"),
        "{leaks:?}"
    );
    assert!(leaks.iter().all(|leak| !leak.contains("Qvorx")));
}
