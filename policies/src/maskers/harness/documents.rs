//! What holds for maskers of JSON documents.

use proptest::prelude::*;
use serde_json::Value;

use super::super::declaration::Budget;
use super::super::{Masked, Subject};
use super::properties::{built, is_forbidden};
use super::values::{documents, texts};
use crate::value::{ValueKind, ValueRef};

/// The names of all members, nested ones too.
fn names(document: &Value) -> Vec<&str> {
    match document {
        Value::Object(members) => members
            .iter()
            .flat_map(|(name, member)| [vec![name.as_str()], names(member)].concat())
            .collect(),
        Value::Array(elements) => elements.iter().flat_map(names).collect(),
        _ => Vec::new(),
    }
}

/// The document without its values.
fn shape(document: &Value) -> Value {
    match document {
        Value::Object(members) => members
            .iter()
            .map(|(name, member)| (name.clone(), shape(member)))
            .collect(),
        Value::Array(elements) => elements.iter().map(shape).collect(),
        _ => Value::Null,
    }
}

/// Whether every object has its members in the order of their names.
fn is_sorted(document: &Value) -> bool {
    match document {
        Value::Object(members) => members.keys().is_sorted() && members.values().all(is_sorted),
        Value::Array(elements) => elements.iter().all(is_sorted),
        _ => true,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn documents_stay_documents(document in documents(), pretty in any::<bool>()) {
        let text = if pretty {
            serde_json::to_string_pretty(&document).unwrap()
        } else {
            document.to_string()
        };
        for (declaration, example, masker) in built(ValueKind::Json) {
            let mut out = String::new();
            let masked = masker.mask(ValueRef::Json(&text), &Subject::default(), &mut out);
            if masked == Masked::Null {
                prop_assert_eq!(&out, "");
                continue;
            }
            prop_assert_eq!(masked, Masked::Text);
            let shown: Value = serde_json::from_str(&out).unwrap();
            prop_assert!(is_sorted(&shown));
            prop_assert!(!out.contains(is_forbidden), "{} {example:?}: {out:?}", declaration.name);
            // no name but those that masking.toml itself has
            for name in names(&shown) {
                prop_assert!(example.contains(name), "{} shows the name {name:?}", declaration.name);
            }
        }
    }

    #[test]
    fn the_shape_of_a_document_is_not_told(left in documents(), right in documents()) {
        for (_, example, masker) in built(ValueKind::Json)
            .into_iter()
            .filter(|(declaration, ..)| declaration.budget == Budget::Members)
        {
            let shape = |document: &Value| {
                let mut out = String::new();
                masker.mask(ValueRef::Json(&document.to_string()), &Subject::default(), &mut out);
                shape(&serde_json::from_str(&out).unwrap())
            };
            if !example.contains("lengths = true") {
                prop_assert_eq!(shape(&left), shape(&right), "{:?}", example);
            }
        }
    }

    #[test]
    fn what_is_no_document_shows_nothing_of_itself(text in texts()) {
        for (declaration, example, masker) in built(ValueKind::Json) {
            let mut out = String::new();
            let masked = masker.mask(ValueRef::Json(&text), &Subject::default(), &mut out);
            if serde_json::from_str::<Value>(&text).is_err() && declaration.budget != Budget::Constant {
                prop_assert_eq!(masked, Masked::Null, "{} {:?}", declaration.name, example);
                prop_assert_eq!(out, "");
            }
        }
    }
}
