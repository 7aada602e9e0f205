//! What holds for every registered masker.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use chrono::{DateTime, Utc};
use proptest::prelude::*;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::super::declaration::{Budget, Declaration, Output};
use super::super::{Masked, Masker, MaskerError, Subject, declarations};
use super::budget::{is_telling, within};
use super::values::{dates, decimals, instants, texts};
use super::{error_of, try_build};
use crate::value::{ValueKind, ValueRef};

pub(super) const KINDS: [ValueKind; 10] = [
    ValueKind::Boolean,
    ValueKind::Int,
    ValueKind::Float,
    ValueKind::Decimal,
    ValueKind::Text,
    ValueKind::Enum,
    ValueKind::Date,
    ValueKind::DateTime,
    ValueKind::Json,
    ValueKind::Uuid,
];
/// No mask is longer, however long the value.
const LONGEST_OUTPUT: usize = 2048;

/// A note stays a note: as long as it may be, with labels that are longer than what they hide.
const LONGEST_NOTE: usize = 128 * 1024;

fn longest(declaration: &Declaration) -> usize {
    match declaration.budget {
        Budget::Spans => LONGEST_NOTE,
        _ => LONGEST_OUTPUT,
    }
}

type Built = Vec<(&'static Declaration, &'static str, Arc<dyn Masker>)>;

/// Every masker with every example, for every kind that it can be built for.
pub(super) fn built(kind: ValueKind) -> Built {
    built_for("internal", kind)
}

/// Built once for all cases of all properties.
fn built_for(audience: &'static str, kind: ValueKind) -> Built {
    static ALL: LazyLock<Mutex<HashMap<(&str, ValueKind), Built>>> = LazyLock::new(Mutex::default);
    let mut all = ALL.lock().unwrap();
    let built = all.entry((audience, kind)).or_insert_with(|| {
        let examples = declarations().iter().flat_map(|declaration| {
            let examples = declaration.examples.iter();
            examples.map(move |example| (declaration, *example))
        });
        examples
            .filter_map(|(declaration, example)| {
                let masker = try_build(audience, declaration.name, example, kind).ok()?;
                Some((declaration, example, masker))
            })
            .collect()
    });
    built.clone()
}

/// What must never come out, written down apart from the code under test: controls, bidirectional and zero-width characters,
/// variation selectors, tags, fillers.
pub(super) fn is_forbidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{AD}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
                | '\u{E0000}'..='\u{E0FFF}'
        )
}

#[test]
fn declarations_hold_together() {
    for declaration in declarations() {
        let named = declarations()
            .iter()
            .filter(|other| other.name == declaration.name);
        assert_eq!(named.count(), 1, "{} is registered twice", declaration.name);
        assert!(declaration.max_reveal.len() > 10 && declaration.summary.len() > 10);
        assert!(declaration.deterministic, "masks must not wander");
        assert!(!declaration.reversible || declaration.keyed);
        let by_key = matches!(
            declaration.budget,
            Budget::Keyed | Budget::Shifted | Budget::Noisy
        );
        assert_eq!(declaration.keyed, by_key);
        for kind in KINDS {
            let example = built(kind)
                .iter()
                .any(|(other, ..)| other.name == declaration.name);
            assert_eq!(
                example,
                declaration.kinds.contains(&kind),
                "{}: an example for {kind:?}, exactly if it takes it",
                declaration.name
            );
        }
    }
    assert!(declarations().is_sorted_by_key(|declaration| declaration.name));
}

#[test]
fn the_wrong_kind_is_refused_whatever_the_parameters() {
    for declaration in declarations() {
        for kind in KINDS
            .iter()
            .filter(|kind| !declaration.kinds.contains(kind))
        {
            for example in declaration.examples {
                let error = try_build("internal", declaration.name, example, *kind).unwrap_err();
                assert!(matches!(error, MaskerError::WrongKind { .. }), "{error}");
            }
        }
    }
}

#[test]
fn an_unknown_parameter_is_refused_by_every_masker() {
    for declaration in declarations() {
        let kind = declaration.kinds[0];
        let error = try_build("internal", declaration.name, "frist = 3", kind).unwrap_err();
        assert!(
            matches!(error, MaskerError::UnknownParameter { .. }),
            "{error}"
        );
    }
    assert_eq!(
        error_of("keep_first_last", "frist = 3"),
        "masker `keep_first_last` has no parameter `frist`; it takes `first`, `last`, `char`"
    );
    assert_eq!(
        error_of("phone", "first = 3"),
        "masker `phone` has no parameter `first`; it takes none"
    );
}

#[test]
fn an_unknown_masker_is_refused_with_the_nearest_name() {
    assert_eq!(
        error_of("phonne", ""),
        "there is no masker `phonne`; did you mean `phone`?"
    );
    let error = error_of("sha256", "");
    let names: Vec<_> = declarations()
        .iter()
        .map(|declaration| format!("`{}`", declaration.name))
        .collect();
    let all = names.join(", ");
    assert_eq!(
        error,
        format!("there is no masker `sha256`; there are {all}")
    );
}

#[test]
fn a_value_of_another_kind_is_null() {
    let instant = DateTime::<Utc>::UNIX_EPOCH;
    let values = [
        ValueRef::Boolean(true),
        ValueRef::Int(1),
        ValueRef::Float(1.0),
        ValueRef::Decimal(Decimal::ONE),
        ValueRef::Text("13812341234"),
        ValueRef::Enum("ACTIVE"),
        ValueRef::Date(instant.date_naive()),
        ValueRef::DateTime(instant),
        ValueRef::Json("{}"),
        ValueRef::Uuid(Uuid::max()),
    ];
    for kind in KINDS {
        for (declaration, _, masker) in built(kind) {
            for value in values
                .into_iter()
                .filter(|value| !declaration.kinds.contains(&value.kind()))
            {
                let mut out = String::new();
                assert_eq!(
                    masker.mask(value, &Subject::default(), &mut out),
                    Masked::Null,
                    "{}",
                    declaration.name
                );
                assert_eq!(out, "");
            }
        }
    }
}

#[test]
fn a_megabyte_is_masked_like_anything_else() {
    for piece in ["1", "a ", "张", "a@b.", "\u{301}", "\u{200B}", "👨‍👩‍👧", "ﷺ"] {
        let text = piece.repeat(1_000_000 / piece.len());
        for (declaration, _, masker) in built(ValueKind::Text) {
            let mut out = String::new();
            masker.mask(ValueRef::Text(&text), &Subject::default(), &mut out);
            assert!(out.len() <= LONGEST_OUTPUT, "{}", declaration.name);
        }
    }
}

#[test]
fn debug_output_has_no_key() {
    for kind in KINDS {
        for (declaration, _, masker) in built(kind) {
            let printed = format!("{masker:?}");
            let digits = printed.bytes().filter(u8::is_ascii_digit).count();
            assert!(digits < 16, "{}: {printed}", declaration.name);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn any_text_is_masked_within_the_budget(text in texts()) {
        for ((declaration, example, masker), (.., other)) in built(ValueKind::Text).into_iter().zip(built_for("partner", ValueKind::Text)) {
            let name = declaration.name;
            let mut out = String::new();
            let masked = masker.mask(ValueRef::Text(&text), &Subject::default(), &mut out);
            match declaration.output {
                Output::Null => prop_assert_eq!(masked, Masked::Null),
                Output::SameKind => prop_assert!(masked == Masked::Text && !out.is_empty(), "{}", name),
            }
            prop_assert!(within(declaration.budget, &text, &out), "{name} {example:?}: {text:?} -> {out:?}");
            // a note, or the address of a page, may have nothing in it to hide
            let may_be_bare = matches!(declaration.budget, Budget::Spans | Budget::Web);
            let echoes = !may_be_bare && is_telling(&text) && out == text;
            prop_assert!(!echoes, "{name} {example:?} echoes {text:?}");
            prop_assert!(!out.contains(is_forbidden), "{name}: {text:?} -> {out:?}");
            prop_assert!(out.len() <= longest(declaration));

            let mut again = String::new();
            prop_assert_eq!(masker.mask(ValueRef::Text(&text), &Subject::default(), &mut again), masked);
            prop_assert_eq!(&again, &out);

            // another audience sees the same, unless a key is in it
            let mut other_out = String::new();
            other.mask(ValueRef::Text(&text), &Subject::default(), &mut other_out);
            if !declaration.keyed {
                prop_assert_eq!(&other_out, &out);
            } else if declaration.joinable {
                prop_assert_ne!(&other_out, &out);
            }
        }
    }

    #[test]
    fn any_number_and_date_keeps_its_kind(int in any::<i64>(), float in any::<f64>(), decimal in decimals(), date in dates(), instant in instants()) {
        let values = [
            ValueRef::Int(int),
            ValueRef::Float(float),
            ValueRef::Decimal(decimal),
            ValueRef::Date(date),
            ValueRef::DateTime(instant),
            ValueRef::Boolean(int > 0),
            ValueRef::Enum("ACTIVE"),
            ValueRef::Json("{\"a\": 1}"),
            ValueRef::Uuid(Uuid::from_u64_pair(int.cast_unsigned(), float.to_bits())),
        ];
        for value in values {
            for (declaration, example, masker) in built(value.kind()) {
                let mut out = String::new();
                let masked = masker.mask(value, &Subject::default(), &mut out);
                // enums and documents are written, and held to their form below
                prop_assert_eq!(masked == Masked::Text, !out.is_empty());
                let kept = matches!(
                    (value, masked),
                    (_, Masked::Null)
                        | (ValueRef::Int(_), Masked::Int(_))
                        | (ValueRef::Float(_), Masked::Float(_))
                        | (ValueRef::Decimal(_), Masked::Decimal(_))
                        | (ValueRef::Date(_), Masked::Date(_))
                        | (ValueRef::DateTime(_), Masked::DateTime(_))
                        | (ValueRef::Boolean(_), Masked::Boolean(_))
                        | (ValueRef::Uuid(_), Masked::Uuid(_))
                        | (ValueRef::Enum(_) | ValueRef::Json(_), Masked::Text)
                );
                prop_assert!(kept, "{} {example:?}: {value:?} -> {masked:?}", declaration.name);
                if declaration.output == Output::Null {
                    prop_assert_eq!(masked, Masked::Null);
                }
                prop_assert!(!matches!(masked, Masked::Float(float) if !float.is_finite()));
                let mut again = String::new();
                prop_assert_eq!(masker.mask(value, &Subject::default(), &mut again), masked);
                prop_assert_eq!(again, out);
            }
        }
    }
}
