//! What holds for maskers of numbers, days, enums and documents, by what each declares to show.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use proptest::prelude::*;
use rust_decimal::Decimal;

use super::super::declaration::Budget;
use super::super::{Masked, Masker, Subject};
use super::properties::built;
use super::values::{dates, decimals, instants, texts};
use super::{VARIANTS, variants_for};
use crate::value::{ValueKind, ValueRef};

/// What is seen of a value by somebody without a subject.
fn shown(masker: &dyn Masker, value: ValueRef<'_>) -> (Masked, String) {
    let mut out = String::new();
    (masker.mask(value, &Subject::default(), &mut out), out)
}

/// The mask as a value that can be masked again.
fn as_value(masked: Masked) -> Option<ValueRef<'static>> {
    match masked {
        Masked::Boolean(boolean) => Some(ValueRef::Boolean(boolean)),
        Masked::Int(int) => Some(ValueRef::Int(int)),
        Masked::Float(float) => Some(ValueRef::Float(float)),
        Masked::Decimal(decimal) => Some(ValueRef::Decimal(decimal)),
        Masked::Date(date) => Some(ValueRef::Date(date)),
        Masked::DateTime(instant) => Some(ValueRef::DateTime(instant)),
        Masked::Uuid(uuid) => Some(ValueRef::Uuid(uuid)),
        Masked::Null | Masked::Text => None,
    }
}

fn compare(left: ValueRef<'_>, right: ValueRef<'_>) -> Option<Ordering> {
    match (left, right) {
        (ValueRef::Int(left), ValueRef::Int(right)) => Some(left.cmp(&right)),
        (ValueRef::Float(left), ValueRef::Float(right)) => left.partial_cmp(&right),
        (ValueRef::Decimal(left), ValueRef::Decimal(right)) => Some(left.cmp(&right)),
        (ValueRef::Date(left), ValueRef::Date(right)) => Some(left.cmp(&right)),
        (ValueRef::DateTime(left), ValueRef::DateTime(right)) => Some(left.cmp(&right)),
        (ValueRef::Uuid(left), ValueRef::Uuid(right)) => Some(left.cmp(&right)),
        _ => None,
    }
}

fn uuid(number: u128) -> ValueRef<'static> {
    ValueRef::Uuid(uuid::Uuid::from_u128(number))
}

/// Two values of one kind, often near each other.
fn pairs() -> impl Strategy<Value = (ValueRef<'static>, ValueRef<'static>)> {
    let ints = prop_oneof![any::<i64>(), -300i64..300, Just(i64::MAX), Just(i64::MIN)];
    let floats = prop_oneof![any::<f64>(), -300f64..300f64];
    let decimals = || {
        prop_oneof![
            decimals(),
            (-30_000i64..30_000).prop_map(|n| Decimal::new(n, 2))
        ]
    };
    prop_oneof![
        (ints.clone(), ints).prop_map(|(a, b)| (ValueRef::Int(a), ValueRef::Int(b))),
        (floats.clone(), floats).prop_map(|(a, b)| (ValueRef::Float(a), ValueRef::Float(b))),
        (decimals(), decimals()).prop_map(|(a, b)| (ValueRef::Decimal(a), ValueRef::Decimal(b))),
        (dates(), dates()).prop_map(|(a, b)| (ValueRef::Date(a), ValueRef::Date(b))),
        (instants(), instants()).prop_map(|(a, b)| (ValueRef::DateTime(a), ValueRef::DateTime(b))),
        any::<(bool, bool)>().prop_map(|(a, b)| (ValueRef::Boolean(a), ValueRef::Boolean(b))),
        any::<(u128, u128)>().prop_map(|(a, b)| (uuid(a), uuid(b))),
    ]
}

/// A whole number or a day that an example gives a parameter.
fn bound(example: &str, name: &str) -> Option<ValueRef<'static>> {
    let table: toml::Table = example.parse().unwrap();
    match table.get(name)? {
        toml::Value::Integer(bound) => Some(ValueRef::Int(*bound)),
        toml::Value::Datetime(date) => Some(ValueRef::Date(date.to_string().parse().unwrap())),
        other => panic!("{other}"),
    }
}

/// The groups that an example of a map has, with the one of all other values.
fn groups(example: &str) -> BTreeSet<String> {
    let table: toml::Table = example.parse().unwrap();
    let map = table["map"].as_table().unwrap().values();
    let rest = table.get("otherwise").cloned();
    let rest = rest.unwrap_or_else(|| "****".into());
    map.chain([&rest])
        .map(|group| group.as_str().unwrap().to_owned())
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn bands_keep_the_order_and_are_their_own_masks((left, right) in pairs()) {
        for (declaration, example, masker) in built(left.kind()) {
            if !matches!(declaration.budget, Budget::Band | Budget::Clamped) {
                continue;
            }
            let name = declaration.name;
            let shown = |value| as_value(shown(&*masker, value).0);
            if let Some(mask) = shown(left) {
                // who sees a mask learns nothing by masking it again: it stands for its band
                prop_assert_eq!(shown(mask), Some(mask), "{} {:?}: {:?}", name, example, left);
            }
            if let (Some(order), Some(low), Some(high)) = (compare(left, right), shown(left), shown(right)) {
                let masks = compare(low, high).unwrap();
                prop_assert!(masks == order || masks == Ordering::Equal, "{name} {example:?}: {left:?} and {right:?}");
            }
        }
    }

    #[test]
    fn what_is_beyond_a_bound_is_the_bound((value, _) in pairs()) {
        for (declaration, example, masker) in built(value.kind()) {
            if declaration.budget != Budget::Clamped || !matches!(value, ValueRef::Int(_) | ValueRef::Date(_)) {
                continue;
            }
            let beyond = |name, side| bound(example, name).filter(|bound| compare(value, *bound) == Some(side));
            let expected = beyond("top", Ordering::Greater)
                .or(beyond("bottom", Ordering::Less))
                .unwrap_or(value);
            prop_assert_eq!(as_value(shown(&*masker, value).0), Some(expected), "{} {:?}", declaration.name, example);
        }
    }

    #[test]
    fn constants_do_not_depend_on_the_value((left, right) in pairs(), text in texts(), variant in prop::sample::select(&VARIANTS[..])) {
        let pairs = [
            (left, right),
            (ValueRef::Text(&text), ValueRef::Text("")),
            (ValueRef::Json(&text), ValueRef::Json("{}")),
            (ValueRef::Enum(variant), ValueRef::Enum("ACTIVE")),
        ];
        for (left, right) in pairs {
            for (declaration, _, masker) in built(left.kind()) {
                if matches!(declaration.budget, Budget::Constant | Budget::Nothing) {
                    prop_assert_eq!(shown(&*masker, left), shown(&*masker, right), "{}", declaration.name);
                }
            }
        }
    }

    #[test]
    fn a_category_is_one_of_the_map(text in texts()) {
        for value in [ValueRef::Text(&text), ValueRef::Text(" Flu"), ValueRef::Enum("DORMANT"), ValueRef::Enum(&text)] {
            for (declaration, example, masker) in built(value.kind()) {
                if declaration.budget == Budget::Category {
                    let (masked, out) = shown(&*masker, value);
                    let known = masked == Masked::Text && groups(example).contains(&out);
                    // a value that is no variant may have no group
                    let stranger = matches!(value, ValueRef::Enum(name) if !VARIANTS.contains(&name));
                    prop_assert!(known || stranger && masked == Masked::Null, "{example:?}: {out:?}");
                }
            }
        }
    }

    #[test]
    fn an_enum_is_shown_as_a_variant_or_not_at_all(stranger in ".{0,8}") {
        for name in VARIANTS.into_iter().chain([stranger.as_str()]) {
            for (declaration, example, masker) in built(ValueKind::Enum) {
                let (masked, out) = shown(&*masker, ValueRef::Enum(name));
                let fits = match masked {
                    Masked::Text => variants_for(declaration.name, ValueKind::Enum).contains(&out),
                    Masked::Null => out.is_empty(),
                    _ => false,
                };
                prop_assert!(fits, "{} {example:?}: {name:?} -> {out:?}", declaration.name);
            }
        }
    }
}

/// How far from the value a number may be shown: the percents of an example, or 10, and one unit of the last place.
fn is_near(example: &str, value: ValueRef<'_>, masked: Masked) -> bool {
    let table: toml::Table = example.parse().unwrap();
    let percent = table
        .get("percent")
        .map_or(10, |percent| percent.as_integer().unwrap());
    let share = percent as f64 / 100.0;
    let (value, shown, unit) = match (value, masked) {
        (ValueRef::Int(value), Masked::Int(shown)) => (value as f64, shown as f64, 1.0),
        (ValueRef::Float(value), Masked::Float(shown)) => (value, shown, 0.0),
        (ValueRef::Decimal(value), Masked::Decimal(shown)) => {
            let float = |decimal: Decimal| decimal.to_string().parse::<f64>().unwrap();
            (
                float(value),
                float(shown),
                0.1f64.powi(value.scale().try_into().unwrap()),
            )
        }
        // there may be nothing near enough
        (_, masked) => return masked == Masked::Null,
    };
    (shown - value).abs() <= (value.abs() * share).max(unit) * (1.0 + 1e-9)
}

/// A person with this key.
fn person(key: ValueRef<'_>) -> Subject<'_> {
    Subject {
        key: Some(key),
        ..Subject::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn noise_stays_near_and_never_shows_the_value((value, _) in pairs(), key in any::<Option<i64>>()) {
        for (declaration, example, masker) in built(value.kind()) {
            if declaration.budget != Budget::Noisy {
                continue;
            }
            let subject = key.map_or_else(Subject::default, |key| person(ValueRef::Int(key)));
            let masked = masker.mask(value, &subject, &mut String::new());
            prop_assert!(is_near(example, value, masked), "{example:?}: {value:?} -> {masked:?}");
            let zero = match value {
                ValueRef::Int(int) => int == 0,
                ValueRef::Float(float) => float == 0.0,
                ValueRef::Decimal(decimal) => decimal.is_zero(),
                _ => false,
            };
            let same = as_value(masked).and_then(|mask| compare(mask, value)) == Some(Ordering::Equal);
            prop_assert_eq!(same, zero, "{:?}: {:?} -> {:?}", example, value, masked);
        }
    }

    #[test]
    fn what_a_masker_does_not_ask_for_changes_nothing((value, _) in pairs(), text in texts(), key in any::<i64>()) {
        for value in [value, ValueRef::Text(&text), ValueRef::Enum("ACTIVE"), ValueRef::Json("{\"a\": 1}")] {
            for (declaration, example, masker) in built(value.kind()) {
                let mut out = String::new();
                let masked = masker.mask(value, &person(ValueRef::Int(key)), &mut out);
                if !masker.needs_subject() {
                    prop_assert_eq!((masked, out), shown(&*masker, value), "{} {:?}", declaration.name, example);
                    continue;
                }
                // what hangs on a person hangs on a key
                prop_assert!(declaration.keyed, "{}", declaration.name);
                let mut again = String::new();
                prop_assert_eq!(masker.mask(value, &person(ValueRef::Int(key)), &mut again), masked);
                prop_assert_eq!(again, out);
            }
        }
    }

    #[test]
    fn masks_that_join_or_come_back_are_different_for_different_values((left, right) in pairs(), key in any::<i64>()) {
        prop_assume!(compare(left, right).is_some_and(Ordering::is_ne));
        for (declaration, example, masker) in built(left.kind()) {
            if declaration.joinable || declaration.reversible {
                let subject = person(ValueRef::Int(key));
                let masks = [left, right].map(|value| masker.mask(value, &subject, &mut String::new()));
                prop_assert!(masks[0] != masks[1] || masks[0] == Masked::Null, "{} {example:?}", declaration.name);
            }
        }
    }
}
