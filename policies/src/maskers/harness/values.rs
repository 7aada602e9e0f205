//! Values of every kind, and any text.

use chrono::{DateTime, NaiveDate, Utc};
use proptest::prelude::*;
use proptest::sample::Index;
use rust_decimal::Decimal;

use crate::checksum;

/// Days from one end of the calendar to the other.
pub(in super::super) fn dates() -> impl Strategy<Value = NaiveDate> {
    (NaiveDate::MIN.to_epoch_days()..=NaiveDate::MAX.to_epoch_days())
        .prop_map(|day| NaiveDate::from_epoch_days(day).unwrap())
}

/// Instants from one end of the calendar to the other.
pub(in super::super) fn instants() -> impl Strategy<Value = DateTime<Utc>> {
    let (min, max) = (DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC);
    (min.timestamp()..=max.timestamp(), 0u32..1_000_000_000)
        .prop_map(|(second, nano)| DateTime::from_timestamp(second, nano).unwrap())
}

/// Decimals of any size and scale.
pub(in super::super) fn decimals() -> impl Strategy<Value = Decimal> {
    (any::<i64>(), any::<u32>(), 0u32..=28).prop_map(|(high, low, scale)| {
        let mantissa = (i128::from(high) << 32) + i128::from(low);
        Decimal::try_from_i128_with_scale(mantissa, scale).unwrap()
    })
}

/// What breaks naive maskers: characters that cannot be seen or turn the reading order, marks, graphemes of many code points,
/// compatibility forms, the characters that addresses and numbers are split at.
const HOSTILE: &[&str] = &[
    "\u{200B}",
    "\u{200D}",
    "\u{202E}",
    "\u{2066}",
    "\u{FEFF}",
    "\u{0}",
    "\n",
    "\r\n",
    "\u{A0}",
    "\u{3000}",
    "\u{301}",
    "\u{20E3}",
    "\u{FE0F}",
    "\u{E0041}",
    "\u{3164}",
    "\u{600}",
    "\u{FFFF}",
    "\u{10FFFF}",
    "e\u{301}",
    "👨‍👩‍👧",
    "🇺🇦",
    "👍🏽",
    "𠮷",
    "ﷺ",
    "שלום",
    "مرحبا",
    "１３８",
    "٣",
    "क्षि",
    "각",
    "\u{1100}\u{1161}",
    "ß",
    "İ",
    "欧阳",
    "*",
    "@",
    "+",
    "-",
    " ",
    ".",
    "x",
    "0",
];

/// Any text: random, like what maskers are made for, and both with hostile pieces in between; short and up to many kilobytes.
pub(in super::super) fn texts() -> BoxedStrategy<String> {
    let hostile = || prop::sample::select(HOSTILE);
    let piece = prop_oneof![
        4 => lifelike(),
        3 => hostile().prop_map(str::to_owned),
        2 => "\\PC{0,6}",
        1 => any::<String>(),
    ];
    let repeated = prop_oneof![hostile().prop_map(str::to_owned), "\\PC{1,4}"];
    prop_oneof![
        4 => lifelike(),
        3 => (lifelike(), hostile(), any::<Index>())
            .prop_map(|(text, piece, at)| with_inserted(&text, piece, at)),
        3 => prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat()),
        1 => (repeated, 1usize..2500).prop_map(|(piece, times)| piece.repeat(times)),
    ]
    .boxed()
}

/// Numbers, addresses and names as people write them.
fn lifelike() -> BoxedStrategy<String> {
    prop_oneof![
        3 => contacts(),
        2 => ids(),
        2 => places(),
    ]
    .boxed()
}

/// Numbers that prove themselves, with and without the right check digit, bare and in groups.
fn ids() -> impl Strategy<Value = String> {
    let checked = |body: String, digit: fn(&str) -> Option<char>| {
        let digit = digit(&body).unwrap();
        format!("{body}{digit}")
    };
    let account = |(country, bban): (&str, String)| {
        let digits = String::from_iter(checksum::iban_digits(country, &bban).unwrap());
        format!("{country}{digits}{bban}")
    };
    let valid = prop_oneof![
        "[1-9][0-9]{5}19[0-9]{2}(0[1-9]|1[0-2])([01][1-9]|2[0-8])[0-9]{3}"
            .prop_map(move |body| checked(body, checksum::cn_resident_digit)),
        "[0-9]{9}".prop_map(move |body| checked(body, checksum::ua_rnokpp_digit)),
        "[0-9]{8}".prop_map(move |body| checked(body, checksum::luhn_digit)),
        "4[0-9]{14}".prop_map(move |body| checked(body, checksum::luhn_digit)),
        (Just("GB"), "[A-Z]{4}[0-9]{14}").prop_map(account),
        (Just("UA"), "[0-9]{6}[0-9A-Z]{19}").prop_map(account),
        (Just("NO"), "[0-9]{11}").prop_map(account),
    ];
    let grouped = |id: String| {
        let groups: Vec<_> = id
            .as_bytes()
            .chunks(4)
            .map(String::from_utf8_lossy)
            .collect();
        groups.join(" ")
    };
    prop_oneof![
        3 => valid.clone(),
        1 => valid.prop_map(grouped),
        1 => "[0-9]{3}-?[0-9]{2}-?[0-9]{4}",
        1 => "0[0-9]{11}",
        1 => "[1-9][0-9]{5}[0-9]{2}(0[1-9]|1[0-2])([01][1-9]|2[0-8])[0-9]{3}",
        1 => "[A-Z]{2}[0-9]{6}[A-E]",
        1 => "[1-9][0-9]{16}[0-9Xx]",
    ]
}

/// Addresses of houses, networks and pages.
fn places() -> impl Strategy<Value = String> {
    prop_oneof![
        "(中国)?(广东省|北京市|新疆维吾尔自治区|深圳市)?[深圳昆山浦东小路]{1,3}(市|自治州|盟)?[南山朝阳园社小]{1,3}(区|县|市|旗)[高新路道]{0,4}[0-9]{0,3}号?",
        "([0-9]{1,4} )?(Elm St|Main Road|Nguyễn Huệ|вул\\. Хрещатик|Broadway)(, [A-Za-zà-ỹ.' 0-9]{1,12}){0,4}(, (USA|Việt Nam|Ukraine|Springfield|IL 62704))?",
        "(Україна, |01001, )?(м\\. Київ|Київська обл\\.)(, [а-я.]{1,6} [0-9]{0,3}){0,3}",
        "[0-9]{4,6}(-[0-9]{4})?",
        "[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}",
        "[0-9]{1,3}(\\.[0-9]{1,3}){3}(:[0-9]{2,4})?",
        "(2001|2002|fe80|::ffff)(:[0-9a-f]{1,4}){1,7}",
        "(2001|64)::[0-9a-f]{1,4}",
        "::ffff:[0-9]{1,2}\\.[0-9]{1,2}\\.[0-9]{1,2}\\.[0-9]{1,2}",
        "(https?|ftp|mailto)://?([a-z]{1,5}(:[a-z]{0,5})?@)?[a-z0-9.-]{1,12}(:[0-9]{1,5})?(/[a-zA-Z0-9%@._é-]{0,8}){0,3}(\\?[a-z0-9@=&+%]{0,16})?(#[a-z0-9]{0,6})?",
    ]
}

/// How people are reached, called and paid.
fn contacts() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\+?(86|84|380|1|49|999)?[ -]?[0-9]{3}[ -]?[0-9]{3,4}[ -]?[0-9]{2,5}( x[0-9]{1,4})?",
        "(0086|\\+86|86)?1[3-9][0-9]{9}",
        "[a-zA-Z0-9._+張é]{0,12}@[a-z0-9éё-]{1,10}(\\.[a-z]{1,6}){0,3}",
        "[張张欧阳司马光娜王李小龙김남궁]{1,6}",
        "(Nguyễn|Trần|John|Шевченко|O'Brien|J\\.)( [A-ZÀ-Ỹ][a-zà-ỹ]{0,9}){0,4}",
        "[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{0,7}",
        "[a-z]{0,9}",
    ]
}

fn with_inserted(text: &str, piece: &str, at: Index) -> String {
    let ends: Vec<usize> = text
        .char_indices()
        .map(|(i, _)| i)
        .chain([text.len()])
        .collect();
    let (left, right) = text.split_at(*at.get(&ends));
    format!("{left}{piece}{right}")
}

/// Documents with any names and texts, nested and not.
pub(super) fn documents() -> impl Strategy<Value = serde_json::Value> {
    use serde_json::Value;
    // boxed: so many choices within choices are too much for the stack
    let short = texts()
        .prop_filter("a short one", |text| text.len() < 200)
        .boxed();
    let name = prop_oneof![
        3 => prop::sample::select(&["a", "contact", "phone", "tags", "list", "kind", "income"][..]).prop_map(str::to_owned),
        1 => lifelike().boxed(),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        short.prop_map(Value::from),
    ];
    leaf.boxed().prop_recursive(4, 32, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(name.clone(), inner, 0..6)
                .prop_map(|members| members.into_iter().collect::<Value>()),
        ]
    })
}
