//! `null = "mask"`: an absent value is shown as a present one would be, so that nobody sees which cells are empty.

use std::sync::Arc;

use super::declaration::{Budget, Declaration, Output};
use super::{Masked, Masker, MaskerError, Subject};
use crate::value::ValueRef;

/// The parameter that every masker has beside its own.
pub(super) const PARAMETER: &str = "null";

/// A mask of present and absent values alike.
#[derive(Debug)]
struct OfAll(Arc<dyn Masker>);

/// The masker as `null` wants it: `keep`, as when it is left out, shows an absent value as null.
///
/// Only what does not depend on the value can hide that there is none: a mask that is always the same, or one that is the person's.
pub(super) fn wanted(
    masker: Arc<dyn Masker>,
    declaration: &Declaration,
    null: Option<&toml::Value>,
) -> Result<Arc<dyn Masker>, MaskerError> {
    match null.map(toml::Value::as_str) {
        None | Some(Some("keep")) => Ok(masker),
        Some(Some("mask")) if depends_on_no_value(masker.as_ref(), declaration) => {
            Ok(Arc::new(OfAll(masker)))
        }
        Some(given) => Err(MaskerError::BadParameter {
            masker: declaration.name,
            parameter: PARAMETER,
            expected: match given {
                Some("mask") => "`keep`: this mask depends on the value, so one of no value would stand out; those that can hide it are `constant`, \
                     `label`, `stars_fixed`, `type_default`, and `alias` and `fake_from_key` of a person"
                    .to_owned(),
                _ => "`keep` or `mask`".to_owned(),
            },
        }),
    }
}

fn depends_on_no_value(masker: &dyn Masker, declaration: &Declaration) -> bool {
    match declaration.budget {
        Budget::Constant | Budget::Nothing => declaration.output == Output::SameKind,
        Budget::Keyed => masker.needs_subject(),
        _ => false,
    }
}

impl Masker for OfAll {
    fn mask(&self, value: ValueRef<'_>, subject: &Subject<'_>, out: &mut String) -> Masked {
        if self.needs_subject() && subject.key.is_none() {
            // what is left would depend on the value
            return Masked::Null;
        }
        self.0.mask(value, subject, out)
    }

    fn needs_subject(&self) -> bool {
        self.0.needs_subject()
    }

    fn hides_absence(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::super::harness::{error_of, try_build};
    use super::*;
    use crate::value::ValueKind;

    #[test]
    fn only_masks_that_depend_on_no_value_hide_that_there_is_none() {
        for (name, params) in [
            ("label", "name = \"PHONE\""),
            ("stars_fixed", ""),
            ("constant", "value = \"hidden\""),
            ("type_default", ""),
            ("fake_from_key", "kind = \"phone\""),
            ("alias", ""),
        ] {
            let built = |null: &str| {
                let params = format!("{params}\n{null}");
                try_build("internal", name, &params, ValueKind::Text).unwrap()
            };
            assert!(built("null = \"mask\"").hides_absence(), "{name}");
            assert!(!built("null = \"keep\"").hides_absence(), "{name}");
            assert!(!built("").hides_absence(), "{name}");
        }
        for (name, params) in [
            ("phone", ""),
            ("hmac_token", ""),
            ("null", ""),
            ("fake_from_key", "kind = \"company\""),
        ] {
            let told = error_of(name, &format!("{params}\nnull = \"mask\""));
            assert!(told.contains("this mask depends on the value"), "{told}");
        }
        assert_eq!(
            error_of("label", "name = \"A\"\nnull = \"hide\""),
            "parameter `null` of masker `label` must be `keep` or `mask`"
        );
    }

    #[test]
    fn a_person_looks_the_same_with_and_without_a_value() {
        let params = "kind = \"phone\"\nnull = \"mask\"";
        let masker = try_build("internal", "fake_from_key", params, ValueKind::Text).unwrap();
        let shown = |value, key| {
            let mut out = String::new();
            let subject = Subject {
                key,
                ..Subject::default()
            };
            (masker.mask(ValueRef::Text(value), &subject, &mut out), out)
        };
        let somebody = Some(ValueRef::Int(7));
        assert_eq!(shown("", somebody), shown("+1 212-555-0100", somebody));
        assert_eq!(shown("", somebody).0, Masked::Text);
        // nobody in particular has nothing to show, with a value or without
        assert_eq!(shown("", None).0, Masked::Null);
        assert_eq!(shown("+1 212-555-0100", None).0, Masked::Null);
    }
}
