//! An index finds every spelling of a value and nothing else, and tells nothing.

use std::collections::BTreeSet;
use std::path::Path;

use proptest::prelude::*;
use sudare_policies::maskers::MaskingKey;

use super::*;

fn indexes(keys: &BlindKeys) -> Vec<BlindIndex> {
    let catalog = Catalog::new().unwrap();
    let policies = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    let key = MaskingKey::new(&[7; 32]).unwrap();
    let policies = PolicySet::load(&policies, &crate::shape::shape(&catalog), &key).unwrap();
    keys.indexes(&catalog, &policies)
}

fn index(keys: &BlindKeys, column: &str) -> BlindIndex {
    let mut indexes = indexes(keys).into_iter();
    indexes.find(|index| index.place.column == column).unwrap()
}

/// The index of a field whose class has no check.
fn unchecked(keys: &BlindKeys) -> BlindIndex {
    let catalog = Catalog::new().unwrap();
    let entity = &catalog.entities[catalog.entity("Customer").unwrap()];
    let field = &entity.fields[entity.field("phone").unwrap()];
    keys.index(entity, field, None).unwrap()
}

fn keys() -> BlindKeys {
    BlindKeys::new([1; 32])
}

#[test]
fn every_spelling_of_a_value_has_its_index_and_no_other_value_does() {
    for (column, spellings, other) in [
        (
            "phone",
            &[
                "+4930123456",
                "+49 (0) 30 123456",
                " +49-30-123456\u{A0}",
                "＋４９ 30 123456",
            ][..],
            "+4930123457",
        ),
        (
            "email",
            &["Ada@Example.org", "ada@example.ORG ", "ａda@example.org"],
            "adb@example.org",
        ),
        (
            "national_id",
            &["11010519491231002X", "110105 19491231 002x"],
            "123-45-6789",
        ),
    ] {
        let index = index(&keys(), column);
        let stored = index.of(spellings[0]);
        for spelling in spellings {
            assert_eq!(index.of(spelling), stored, "{spelling}");
            let wanted = index.wanted(spelling, Made::Now).unwrap();
            assert_eq!(wanted, stored, "{spelling}");
        }
        assert_ne!(index.of(other), stored);
    }
}

#[test]
fn only_a_full_value_is_looked_for() {
    let phone = index(&keys(), "phone");
    for part in ["", "123456", "+49 30 1234*", "%", "+4", "null"] {
        assert!(phone.wanted(part, Made::Now).is_err(), "{part}");
        // What is stored all the same has an index, so that it does not look like one that is missing.
        assert!(!phone.of(part).is_empty());
    }
    let plain = unchecked(&keys());
    assert!(plain.wanted(" abc ", Made::Now).is_err());
    assert_eq!(plain.wanted(" ABCD ", Made::Now), Ok(plain.of("abcd")));
}

#[test]
fn what_was_made_with_the_key_before_is_found_while_it_is_held() {
    let both = BlindKeys::new([2; 32]).with_previous([1; 32]);
    let (old, new) = (index(&keys(), "phone"), index(&both, "phone"));
    let value = "+4930123456";
    assert_ne!(new.of(value), old.of(value));
    assert_eq!(new.wanted(value, Made::Before), Ok(old.of(value)));
    assert_eq!(new.made().collect::<Vec<_>>(), [Made::Now, Made::Before]);
    let within = |index: &BlindIndex, text: &String| {
        let mut ranges = index.ranges().into_iter();
        ranges.any(|(first, behind)| *text >= first && *text < behind)
    };
    for made in [&old, &new] {
        assert!(within(&new, &made.of(value)));
    }
    assert!(
        !within(&old, &new.of(value)),
        "a key that is not held is noticed"
    );
}

#[test]
fn another_field_check_or_key_makes_another_index() {
    let value = "+4930123456";
    let all = [
        index(&keys(), "phone").of(value),
        index(&keys(), "email").of(value),
        index(&keys(), "national_id").of(value),
        unchecked(&keys()).of(value),
        index(&BlindKeys::new([2; 32]), "phone").of(value),
    ];
    let marks = all.iter().map(|index| index.split('.').next().unwrap());
    let hashes = all.iter().map(|index| index.split('.').nth(1).unwrap());
    assert_eq!(marks.collect::<BTreeSet<_>>().len(), all.len());
    assert_eq!(hashes.collect::<BTreeSet<_>>().len(), all.len());
}

#[test]
fn nothing_of_a_key_is_printed() {
    let printed = format!("{:?} {:?}", keys(), index(&keys(), "phone"));
    assert!(printed.starts_with("BlindKeys(..) "), "{printed}");
    assert!(!printed.contains("1, 1, 1"), "{printed}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_index_is_as_long_whatever_the_value(value in any::<String>()) {
        let index = unchecked(&keys()).of(&value);
        prop_assert_eq!(index.len(), 52);
        prop_assert!(index.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b)));
    }

    #[test]
    fn the_form_of_a_form_is_itself(value in any::<String>()) {
        let plain_form = folded(&plain(&value));
        prop_assert_eq!(folded(&plain(&plain_form)), plain_form);
    }
}
