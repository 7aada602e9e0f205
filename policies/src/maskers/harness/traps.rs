//! The traps that maskers of text have fallen into elsewhere, each with its vectors, across all maskers that it concerns.
//!
//! A masker's own file says what it makes of its values; this one says that a trap is closed wherever it is open. A row is
//! masker, parameters, text and what is shown of it.

use std::sync::LazyLock;

use super::super::{Budget, declarations};
use super::{error_of, masked, try_build};
use crate::checksum;
use crate::value::ValueKind;

/// Masker, parameters, text, what is shown.
type Row = (&'static str, &'static str, &'static str, &'static str);

#[track_caller]
fn assert_rows(rows: &[Row]) {
    for (masker, params, text, shown) in rows {
        assert_eq!(
            masked(masker, params, text),
            *shown,
            "{masker} ({params}) of {text:?}"
        );
    }
}

/// Every masker that takes text, with each of its examples.
static ALL: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
    let of_text = declarations()
        .iter()
        .filter(|declaration| declaration.kinds.contains(&ValueKind::Text));
    of_text
        .flat_map(|declaration| declaration.examples.iter().map(|e| (declaration.name, *e)))
        .filter(|(name, example)| try_build("internal", name, example, ValueKind::Text).is_ok())
        .filter(|(name, _)| *name != "null")
        .collect()
});

/// The maskers that show a value in its own order, by position and not by meaning.
const POSITIONAL: &[(&str, &str)] = &[
    ("keep_first_last", "first = 3\nlast = 4"),
    ("keep_first_last", "first = 16\nlast = 16"),
    ("mask_first_last", "first = 1\nlast = 0"),
    ("mask_first_last", "first = 0\nlast = 1"),
    ("keep_separators", "last = 16"),
    ("per_word", "keep = 4"),
    ("regex_replace", "pattern = '^(.)'\nreplacement = \"*\""),
];

#[test]
fn values_shorter_than_what_is_kept_are_not_echoed() {
    for text in ["1", "13", "138", "1381", "ab", "张三", "王", "𠮷田", "x@y"] {
        for (masker, params) in POSITIONAL {
            if *masker == "regex_replace" {
                continue;
            }
            let shown = masked(masker, params, text);
            assert!(
                !shown.contains(char::is_alphanumeric),
                "{masker} of {text}: {shown}"
            );
        }
    }
    assert_rows(&[
        ("keep_first_last", "first = 3\nlast = 4", "13812", "1****"),
        (
            "keep_first_last",
            "first = 3\nlast = 4",
            "12345678",
            "12****78",
        ),
        (
            "keep_first_last",
            "first = 3\nlast = 4",
            "13812341234",
            "138****1234",
        ),
        ("mask_first_last", "first = 1\nlast = 0", "13812", "****2"),
        ("mask_first_last", "first = 1\nlast = 1", "123456", "**34**"),
        ("keep_separators", "last = 16", "1-3-8-1-2", "*-*-*-*-2"),
        ("per_word", "keep = 4", "Li Wu", "****"),
        (
            "before_delimiter",
            "delimiter = \"@\"",
            "a@bcdefgh",
            "***@bcdef**",
        ),
        (
            "after_delimiter",
            "delimiter = \"@\"",
            "abcdefgh@i",
            "**cdefgh@***",
        ),
        (
            "regex_replace",
            "pattern = '^1'\nreplacement = \"*\"",
            "13812",
            "****",
        ),
    ]);
}

#[test]
fn four_and_a_third_stay_hidden_at_every_length() {
    let letters: Vec<char> = ('a'..='z').chain('A'..='Z').collect();
    for len in 1..=letters.len() {
        let text: String = letters[..len].iter().collect();
        let hidden = len.min(usize::max(4, len.div_ceil(3)));
        for (masker, params) in POSITIONAL {
            let shown = masked(masker, params, &text);
            let letters = shown.chars().filter(|c| c.is_alphanumeric()).count();
            assert!(letters <= len - hidden, "{masker} of {text}: {shown}");
        }
    }
}

#[test]
fn graphemes_are_counted_and_never_cut() {
    assert_rows(&[
        // five code points, eight UTF-16 units, eighteen bytes, one grapheme
        ("keep_first_last", "first = 2", "👨‍👩‍👧bcdefgh", "*b******"),
        (
            "mask_first_last",
            "first = 1\nlast = 0",
            "👨‍👩‍👧bcdefg",
            "****efg",
        ),
        ("keep_separators", "last = 2", "👨‍👩‍👧bcdefg", "*******fg"),
        // two characters of three UTF-16 units
        ("keep_first_last", "first = 1", "𠮷田太郎一", "𠮷****"),
        ("name_cjk", "", "𠮷田", "𠮷*"),
        (
            "before_delimiter",
            "delimiter = \"@\"",
            "田太郎@𠮷田一",
            "***@𠮷田一",
        ),
    ]);
}

#[test]
fn both_normal_forms_look_alike() {
    let composed = "Nguyễn Thị Ánh";
    let apart = "Nguye\u{302}\u{303}n Thi\u{323} A\u{301}nh";
    assert_eq!((composed.chars().count(), apart.chars().count()), (14, 18));
    for (masker, params) in ALL.iter().filter(|(masker, _)| !is_keyed(masker)) {
        assert_eq!(
            masked(masker, params, composed),
            masked(masker, params, apart),
            "{masker}"
        );
    }
}

fn is_keyed(masker: &str) -> bool {
    declarations().iter().any(|d| d.name == masker && d.keyed)
}

/// Whether all that it can show is written in masking.toml.
fn says_its_own(masker: &str) -> bool {
    let own = [Budget::Constant, Budget::Category];
    declarations()
        .iter()
        .any(|d| d.name == masker && own.contains(&d.budget))
}

#[test]
fn what_cannot_be_seen_hides_nothing_from_a_masker() {
    assert_rows(UNSEEN);
}

/// Values with characters in them that cannot be seen.
const UNSEEN: &[Row] = &[
    (
        "phone",
        "",
        "\u{202D}+86138\u{200B}1234\u{2060}1234\u{202C}",
        "+86 138****1234",
    ),
    (
        "landline",
        "",
        "0755\u{200B}-8266\u{2060}1234",
        "(0755)8266-****",
    ),
    (
        "bank_card",
        "",
        "4111\u{200B}1111\u{2060}11111111",
        "************1111",
    ),
    ("email", "", "a\u{200B}lice\u{202E}@b.com", "a***@b.com"),
    (
        "cn_id",
        "",
        "110105\u{200B}19491231\u{202E}002X",
        "110***********002X",
    ),
    (
        "national_id",
        "region = \"UA\"",
        "33045\u{FEFF}12345",
        "********45",
    ),
    (
        "iban",
        "",
        "GB82\u{200B}WEST12345698765432",
        "GB****************5432",
    ),
    ("ip", "", "203.0.113\u{200B}.9", "203.0.113.0/24"),
    (
        "url",
        "",
        "https://exa\u{200B}mple.com/\u{202E}a",
        "https://example.com/a",
    ),
    ("postcode", "", "518\u{200B}000", "518***"),
    (
        "address",
        "",
        "广东省\u{200B}深圳市南山区",
        "广东省深圳市****",
    ),
    ("name_cjk", "", "张\u{200B}三", "张*"),
    ("per_word", "", "Jo\u{200B}hn Smith", "J*** S****"),
    ("keep_separators", "", "12\u{200B}34-5678", "****-5678"),
    (
        "regex_replace",
        "pattern = '^[0-9]{3}-[0-9]{2}'\nreplacement = \"***-**\"",
        "1\u{200B}23-45-6789",
        "***-**-6789",
    ),
];

#[test]
fn full_width_digits_and_odd_spaces_are_read() {
    assert_rows(&[
        ("phone", "", "１３８１２３４１２３４", "138****1234"),
        (
            "phone",
            "",
            "+86\u{A0}138\u{2011}1234\u{2014}1234",
            "+86 138-****-1234",
        ),
        ("phone", "", "+86 138-1234-1234", "+86 138-****-1234"),
        ("phone", "", "008613812341234", "+86 138****1234"),
        (
            "landline",
            "",
            "０７５５－８２６６１２３４",
            "(0755)8266-****",
        ),
        ("landline", "", "0086 755 8266 1234", "+86 (755)8266-****"),
        (
            "bank_card",
            "",
            "４１１１ １１１１ １１１１ １２３４",
            "**** **** **** 1234",
        ),
        (
            "cn_id",
            "",
            "１１０１０５１９４９１２３１００２Ｘ",
            "110***********002X",
        ),
        (
            "national_id",
            "region = \"US\"",
            "１２３－４５－６７８９",
            "***-**-6789",
        ),
        (
            "iban",
            "",
            "ＧＢ82ＷＥＳＴ12345698765432",
            "GB****************5432",
        ),
        ("ip", "", "２０３．０．１１３．９", "203.0.113.0/24"),
        ("postcode", "", "５１８０００", "518***"),
        (
            "regex_replace",
            "pattern = '^[0-9]{3}-[0-9]{2}'\nreplacement = \"***-**\"",
            "１２３\u{2011}４５\u{2011}６７８９",
            "***-**-6789",
        ),
    ]);
}

#[test]
fn extensions_are_never_shown() {
    assert_rows(&[
        ("phone", "", "663-546-3256 x9705", "***-***-*256"),
        ("phone", "", "+1 663-546-3256 ext. 9705", "+1 ***-***-3256"),
        ("landline", "", "0755 82661234转801", "(0755)8266-****"),
        (
            "landline",
            "region = \"UA\"",
            "(044) 279-30-78 x9705",
            "(044)27-*****",
        ),
    ]);
}

#[test]
fn the_three_apostrophes_are_alike() {
    for apostrophe in ["\u{2019}", "\u{2BC}", "'"] {
        let name = format!("Мар{apostrophe}яна Дем{apostrophe}янюк");
        assert_eq!(
            masked("name_latin", "", &name),
            format!("Мар{apostrophe}яна Д.")
        );
        assert_eq!(masked("per_word", "", &name), "М****** Д*******");
    }
}

#[test]
fn addresses_of_mail_are_cut_at_the_sign_and_not_by_counting() {
    assert_rows(&[
        ("email", "", "alice@b.com", "a***@b.com"),
        ("email", "", "a@b.com", "*@b.com"),
        ("email", "", "ab@b.com", "a***@b.com"),
        ("email", "", "alice+news@b.com", "a***@b.com"),
        ("email", "", "张伟@例子.中国", "张***@例子.中国"),
        ("email", "domain = \"hide\"", "x@zhangsan.name", "*@***"),
        ("email", "", "13812345678", "****"),
        (
            "before_delimiter",
            "delimiter = \"@\"",
            "alice@b.com",
            "***@b.com",
        ),
        (
            "before_delimiter",
            "delimiter = \"@\"",
            "13812345678",
            "****",
        ),
        ("before_delimiter", "delimiter = \"@\"", "@b.com", "****"),
        (
            "after_delimiter",
            "delimiter = \"@\"",
            "13812345678",
            "****",
        ),
        (
            "regex_replace",
            "pattern = '^[^@]+@'\nreplacement = \"***@\"",
            "13812345678",
            "****",
        ),
        ("url", "", "mailto:alice@b.com", "****"),
        ("url", "", "https://alice@b.com/", "https://b.com/"),
    ]);
}

#[test]
fn names_keep_something_hidden() {
    assert_rows(&[
        ("name_cjk", "", "王", "*"),
        ("name_cjk", "", "张三", "张*"),
        ("name_cjk", "", "欧阳娜娜", "欧阳**"),
        ("name_cjk", "", "司马光", "司马*"),
        ("name_cjk", "", "诸葛亮", "诸葛*"),
        // two characters are a surname and a given name, whatever they look like
        ("name_cjk", "", "欧阳", "欧*"),
        ("name_cjk", "", "John Smith", "John S."),
        ("name_latin", "", "Nguyễn Thị Ánh", "Ánh N.T."),
        (
            "name_latin",
            "",
            "Шевченко Олена Іванівна",
            "Шевченко О. І.",
        ),
        ("name_latin", "", "X", "****"),
        ("per_word", "", "X", "****"),
    ]);
}

#[test]
fn published_vectors_are_valid_and_masked_as_such() {
    assert!(checksum::cn_resident("11010519491231002X"));
    assert!(checksum::iban("GB82WEST12345698765432"));
    assert!(checksum::iban("UA213223130000026007233566001"));
    assert!(checksum::ua_rnokpp("3304512345"));
    assert!(checksum::luhn("4111111111111111") && checksum::luhn("378282246310005"));
    assert_rows(&[
        ("cn_id", "", "11010519491231002X", "110***********002X"),
        (
            "national_id",
            "region = \"CN\"",
            "11010519491231002X",
            "110***********002X",
        ),
        ("national_id", "region = \"UA\"", "3304512345", "********45"),
        (
            "iban",
            "",
            "GB82WEST12345698765432",
            "GB****************5432",
        ),
        (
            "iban",
            "",
            "UA213223130000026007233566001",
            "UA***********************6001",
        ),
        ("bank_card", "", "4111111111111111", "************1111"),
        ("bank_card", "", "378282246310005", "***********0005"),
    ]);
}

/// A check digit rules out ten or more of eleven candidates: it must not stand beside all digits but a few.
#[test]
fn a_check_digit_is_never_shown_beside_most_of_its_number() {
    for (masker, params, id) in [
        ("cn_id", "", "11010519491231002X"),
        ("national_id", "region = \"US\"", "123-45-6789"),
        ("national_id", "region = \"CA\"", "046 454 286"),
        ("national_id", "region = \"UA\"", "3304512345"),
        ("iban", "", "NO9386011117947"),
        ("bank_card", "", "378282246310005"),
    ] {
        let hidden = masked(masker, params, id).matches('*').count();
        assert!(hidden >= 5, "{masker} leaves {hidden}");
    }
    // those of an account number stand in front
    assert!(!masked("iban", "", "GB82WEST12345698765432").contains("82"));
}

#[test]
fn what_a_masker_does_not_understand_is_hidden_whole() {
    let strange = [
        "n/a",
        "see note",
        "138 1234 or 139",
        "😀😀😀😀😀😀",
        "ask Alice",
    ];
    let semantic = [
        ("bank_card", ""),
        ("cn_id", ""),
        ("national_id", "region = \"US\""),
        ("iban", ""),
        ("ip", ""),
        ("url", ""),
        ("postcode", ""),
        ("landline", ""),
        ("phone", ""),
        ("email", ""),
        ("address", ""),
        (
            "regex_replace",
            "pattern = '^\\d{11}$'\nreplacement = \"*\"",
        ),
        ("before_delimiter", "delimiter = \"@\""),
    ];
    for text in strange {
        for (masker, params) in semantic {
            assert_eq!(masked(masker, params, text), "****", "{masker} of {text}");
        }
    }
}

#[test]
fn nothing_and_blanks_show_no_more_than_stars() {
    for text in ["", " ", "\u{3000}", "\u{200B}", "\n\t", "\u{3164}"] {
        let derived = |(masker, _): &&(&str, &str)| !is_keyed(masker) && !says_its_own(masker);
        for (masker, params) in ALL.iter().filter(derived) {
            let shown = masked(masker, params, text);
            let telling = |c: char| !matches!(c, '*' | '•' | '#');
            assert!(
                !shown.is_empty() && !shown.contains(telling),
                "{masker} of {text:?}: {shown}"
            );
        }
    }
}

#[test]
fn a_hash_without_a_key_is_no_masker() {
    for name in ["md5", "sha256", "hash", "hash_unkeyed"] {
        assert!(error_of(name, "").starts_with(&format!("there is no masker `{name}`")));
    }
}
