//! What holds for every masker that looks at the person behind a cell, whoever that is.

use chrono::NaiveDate;
use proptest::prelude::*;

use super::super::{Masked, Subject, Target, build, declarations};
use super::properties::{KINDS, built, is_forbidden};
use super::values::{dates, texts};
use super::{target, variants_for};
use crate::value::{Value, ValueKind, ValueRef};

/// A person behind a row.
#[derive(Clone, Debug)]
pub(in super::super) struct Someone {
    pub(in super::super) key: Option<Value>,
    pub(in super::super) country: Option<String>,
    pub(in super::super) gender: Option<String>,
    pub(in super::super) birth: Option<NaiveDate>,
}

impl Someone {
    pub(in super::super) fn subject(&self) -> Subject<'_> {
        Subject {
            key: match &self.key {
                Some(Value::Int(key)) => Some(ValueRef::Int(*key)),
                Some(Value::Text(key)) => Some(ValueRef::Text(key)),
                _ => None,
            },
            country: self.country.as_deref(),
            gender: self.gender.as_deref(),
            birth: self.birth,
            memo: None,
        }
    }
}

/// Anybody, as rows may tell of them: keys small and large and none, countries and genders known and unknown, any day of birth.
pub(in super::super) fn someone() -> impl Strategy<Value = Someone> {
    let key = prop_oneof![
        4 => (0i64..100_000).prop_map(Value::Int),
        2 => any::<i64>().prop_map(Value::Int),
        2 => texts().prop_map(Value::Text),
        1 => Just(Value::Null),
    ];
    let country = prop::sample::select(&["US", "GB", "CN", "vn", "Україна", "FR", ""][..]);
    let gender = prop::sample::select(&["MALE", "FEMALE", "DIVERSE", ""][..]);
    let (country, gender) = (prop::option::of(country), prop::option::of(gender));
    (key, country, gender, prop::option::of(dates())).prop_map(|(key, country, gender, birth)| {
        Someone {
            key: Some(key).filter(|key| *key != Value::Null),
            country: country.map(str::to_owned),
            gender: gender.map(str::to_owned),
            birth,
        }
    })
}

fn value_of(kind: ValueKind, text: &str, date: NaiveDate) -> Option<ValueRef<'_>> {
    match kind {
        ValueKind::Text => Some(ValueRef::Text(text)),
        ValueKind::Date => Some(ValueRef::Date(date)),
        ValueKind::DateTime => Some(ValueRef::DateTime(date.and_hms_opt(12, 0, 0)?.and_utc())),
        ValueKind::Enum => Some(ValueRef::Enum("ACTIVE")),
        ValueKind::Int => Some(ValueRef::Int(42)),
        ValueKind::Uuid => Some(ValueRef::Uuid(uuid::Uuid::from_u128(42))),
        _ => None,
    }
}

proptest! {
    #[test]
    fn whoever_the_person_is_a_keyed_mask_keeps_its_kind(someone in someone(), text in texts(), date in dates()) {
        let subject = someone.subject();
        for kind in KINDS {
            let Some(value) = value_of(kind, &text, date) else {
                continue;
            };
            for (declaration, example, masker) in built(kind) {
                if !declaration.keyed {
                    continue;
                }
                let (mut out, mut again) = (String::new(), String::new());
                let masked = masker.mask(value, &subject, &mut out);
                prop_assert!(!out.contains(is_forbidden), "{}: {out:?}", declaration.name);
                prop_assert_eq!(masker.mask(value, &subject, &mut again), masked);
                prop_assert_eq!(&again, &out);
                let kept = matches!(
                    (value, masked),
                    (_, Masked::Null)
                        | (ValueRef::Text(_), Masked::Text)
                        | (ValueRef::Int(_), Masked::Int(_))
                        | (ValueRef::Date(_), Masked::Date(_))
                        | (ValueRef::DateTime(_), Masked::DateTime(_))
                        | (ValueRef::Uuid(_), Masked::Uuid(_))
                ) || (kind == ValueKind::Enum && variants_for(declaration.name, kind).contains(&out));
                prop_assert!(kept, "{} {example:?}: {masked:?} {out:?}", declaration.name);
                // who does not look at the person cannot tell of the person
                let mut alone = String::new();
                let unseen = masker.mask(value, &Subject::default(), &mut alone);
                prop_assert!(masker.needs_subject() || (unseen == masked && alone == out), "{}", declaration.name);
            }
        }
    }
}

#[test]
fn no_mask_asks_for_a_person_that_no_subject_names() {
    for declaration in declarations() {
        for kind in declaration.kinds {
            let bare = Target {
                subject: None,
                ..target("internal", *kind)
            };
            for example in declaration.examples {
                let masker = build(declaration.name, &example.parse().unwrap(), &bare);
                let asks = masker.is_ok_and(|masker| masker.needs_subject());
                assert!(!asks, "{} {example:?}", declaration.name);
            }
        }
    }
}
