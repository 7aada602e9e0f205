//! What the tests of each masker share; beside it, every registered masker is held against its declaration, on any text,
//! number and date.

use std::sync::{Arc, LazyLock};

use super::{DomainKey, Masked, Masker, MaskerError, MaskingKey, Subject, Target, build};
use crate::value::{ValueKind, ValueRef};

mod budget;
mod budget_forms;
mod documents;
mod kinds;
mod properties;
mod spellings;
mod subjects;
mod traps;
mod values;

pub(super) use spellings::simple_texts;
pub(super) use subjects::{Someone, someone};
pub(super) use values::{dates, decimals, instants, texts};

const SECRET: &[u8] = b"the secret that the tests share.";

/// The key of an audience.
pub(super) fn domain_key(audience: &str) -> DomainKey {
    MaskingKey::new(SECRET).unwrap().domain(audience, "pii")
}

/// The variants of the enum that the tests mask.
pub(super) const VARIANTS: [&str; 3] = ["ACTIVE", "DORMANT", "CLOSED"];

fn variants(kind: ValueKind) -> &'static [String] {
    static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| VARIANTS.map(str::to_owned).to_vec());
    if kind == ValueKind::Enum { &NAMES } else { &[] }
}

/// The variants of an enum that this masker can be put on: only one of genders has a false gender.
fn variants_for(masker: &str, kind: ValueKind) -> &'static [String] {
    static GENDERS: LazyLock<[String; 3]> =
        LazyLock::new(|| ["DIVERSE", "FEMALE", "MALE"].map(str::to_owned));
    match (masker, kind) {
        ("fake_from_key", ValueKind::Enum) => &*GENDERS,
        _ => variants(kind),
    }
}

/// A field of a kind, for an audience.
pub(super) fn target(audience: &str, kind: ValueKind) -> Target<'static> {
    let secret = MaskingKey::new(SECRET).unwrap();
    Target {
        kind,
        variants: variants(kind),
        nullable: true,
        key: domain_key(audience),
        subject: Some(secret.domain(audience, "subject Customer")),
        own_person: true,
        unique: false,
        narrow: false,
    }
}

/// The masker of this name for a kind and an audience.
pub(super) fn try_build(
    audience: &str,
    name: &str,
    params: &str,
    kind: ValueKind,
) -> Result<Arc<dyn Masker>, MaskerError> {
    let target = Target {
        variants: variants_for(name, kind),
        ..target(audience, kind)
    };
    build(name, &params.parse().unwrap(), &target)
}

/// What the masker makes of a value, with the text if it gives one.
pub(super) fn mask_value(name: &str, params: &str, value: ValueRef<'_>) -> (Masked, String) {
    let masker = try_build("internal", name, params, value.kind()).unwrap();
    let mut out = String::new();
    (masker.mask(value, &Subject::default(), &mut out), out)
}

/// What an audience sees of a text.
pub(super) fn mask_for(audience: &str, name: &str, params: &str, text: &str) -> String {
    let masker = try_build(audience, name, params, ValueKind::Text).unwrap();
    let mut out = String::new();
    assert_eq!(
        masker.mask(ValueRef::Text(text), &Subject::default(), &mut out),
        Masked::Text
    );
    out
}

/// What is seen of a text.
pub(super) fn masked(name: &str, params: &str, text: &str) -> String {
    mask_for("internal", name, params, text)
}

/// The token of a number for an audience.
pub(super) fn int_for(audience: &str, value: i64) -> i64 {
    let masker = try_build(audience, "hmac_token", "", ValueKind::Int).unwrap();
    match masker.mask(
        ValueRef::Int(value),
        &Subject::default(),
        &mut String::new(),
    ) {
        Masked::Int(token) => token,
        other => panic!("{other:?}"),
    }
}

/// Each text is shown as the one beside it.
pub(super) fn assert_table(name: &str, params: &str, table: &[(&str, &str)]) {
    for (text, shown) in table {
        assert_eq!(masked(name, params, text), *shown, "{text:?}");
    }
}

/// Nothing is shown of any of these, not even the length.
pub(super) fn assert_hidden(name: &str, params: &str, texts: &[&str]) {
    for text in texts {
        assert_eq!(masked(name, params, text), "****", "{text:?}");
    }
}

/// What is wrong with these parameters, for a text.
pub(super) fn error_of(name: &str, params: &str) -> String {
    error_of_kind(name, params, ValueKind::Text)
}

/// What is wrong with these parameters, for a kind.
pub(super) fn error_of_kind(name: &str, params: &str, kind: ValueKind) -> String {
    try_build("internal", name, params, kind)
        .unwrap_err()
        .to_string()
}
