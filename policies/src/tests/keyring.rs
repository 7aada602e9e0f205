//! `[keys]` and `[subject]` of masking.toml: who is served under which secret, and whose data the rows are.

use std::fmt::Write as _;

use super::fixture::{CLASSES, MASKING, key, now, principal, shape};
use crate::decision::Tier;
use crate::maskers::{Masked, MaskingKey, MaskingKeys, Subject};
use crate::tests::Cells;
use crate::value::{Value, ValueRef};
use crate::{PolicyErrors, PolicyFiles, PolicySet};

const RULES: &str = "p, us, Customer, row, true, allow\np, us, key, desensitized, true, allow\np, us, pii.birth, partial, true, allow\n\
                     p, them, Customer, row, true, allow\np, them, key, desensitized, true, allow\n";

fn set(masking: &str, keys: MaskingKeys) -> Result<std::sync::Arc<PolicySet>, PolicyErrors> {
    set_of(RULES, masking, keys)
}

fn set_of(
    rules: &str,
    masking: &str,
    keys: MaskingKeys,
) -> Result<std::sync::Arc<PolicySet>, PolicyErrors> {
    let masking = MASKING.replace(
        "[audiences]",
        &format!("[audiences]\nthem = \"them\"\n{masking}"),
    );
    let files = PolicyFiles::from_memory(format!("{rules}{CLASSES}"), masking);
    PolicySet::from_files(&files, &shape(), keys).map(std::sync::Arc::new)
}

/// The token of customer 7 for a role.
fn token(set: &std::sync::Arc<PolicySet>, role: &str) -> Masked {
    let view = set
        .view(principal("1", &[role], serde_json::Value::Null), now())
        .unwrap();
    let masker = view.masker(2, 0, Tier::Desensitized).unwrap();
    masker.mask(ValueRef::Int(7), &Subject::default(), &mut String::new())
}

#[test]
fn an_audience_keeps_its_tokens_while_the_others_move_on() {
    let new = || MaskingKey::new(&[9; 32]).unwrap().with_id("2");
    let before = set("", MaskingKeys::from(&key())).unwrap();
    let both = MaskingKeys::new(new()).with_previous(key());
    let during = set("[keys]\nthem = \"1\"", both).unwrap();
    let after = set("", MaskingKeys::new(new())).unwrap();
    assert_eq!(token(&before, "them"), token(&during, "them"));
    assert_ne!(token(&before, "us"), token(&during, "us"));
    assert_eq!(token(&during, "us"), token(&after, "us"));
    assert_ne!(token(&during, "them"), token(&after, "them"));
}

#[test]
fn keys_and_subjects_that_lead_nowhere_refuse_to_load() {
    let damages = [
        "[keys]\nthem = \"2\"",
        "[keys]\nthen = \"1\"",
        "[keys]\nthem = 2",
        "[subject.\"Custommer\"]\nkey = \"id\"",
        "[subject.\"Customer\"]\nkey = \"idd\"",
        "[subject.\"Customer\"]\nkey = \"income\"",
        "[subject.\"Customer\"]\nkey = \"id\"\nbirth = \"created_at\"",
        "[subject.\"Customer\"]\ncountry = \"full_name\"",
        "[subject.\"Customer\"]\nkey = \"id\"\nage = \"birth\"",
        "[subject.\"Customer\"]\nkey = 7",
        "[subject.\"Customer\"]\nkey = \"id\"\nthrough = \"owner\"",
        "[subject.\"Order\"]\nthrough = \"custommer\"",
        "[subject.\"Order\"]\nthrough = \"customer\"",
        // a way that leads to another way leads to nobody
        "[subject.\"Order\"]\nthrough = \"customer\"\n[subject.\"Customer\"]\nthrough = \"owner\"\n[subject.\"Employee\"]\nkey = \"id\"",
    ];
    let mut told = String::new();
    for damage in damages {
        let errors = set(damage, MaskingKeys::from(&key())).unwrap_err();
        writeln!(told, "{damage}\n{errors}\n").unwrap();
    }
    insta::assert_snapshot!(told);
}

#[test]
fn a_subject_is_found_through_relations() {
    let subjects = "[subject.\"Customer\"]\nkey = \"id\"\nbirth = \"birth\"\n[subject.\"Order\"]\nthrough = \"customer\"";
    let set = set(subjects, MaskingKeys::from(&key())).unwrap();
    let view = set
        .view(principal("1", &["us"], serde_json::Value::Null), now())
        .unwrap();
    let own = view.subject(2).unwrap();
    let through = view.subject(3).unwrap();
    assert_eq!((own.entity, own.key.hops.len(), own.key.field), (2, 0, 0));
    assert_eq!((through.entity, through.key.field), (2, 0));
    assert_eq!(through.key.hops, [0]);
    assert_eq!(through.birth.as_ref().unwrap().hops, [0]);
    assert_eq!(through.country, None);
    assert_eq!(view.subject(0), None);
}

#[test]
fn an_audience_is_told_of_a_person_what_some_role_of_it_may_see() {
    let subjects = "[subject.\"Customer\"]\nkey = \"id\"\nbirth = \"birth\"\ngender = \"stage\"";
    let set = set(subjects, MaskingKeys::from(&key())).unwrap();
    let told = |role| {
        let principal = principal("1", &[role], serde_json::Value::Null);
        let view = set.view(principal, now()).unwrap();
        let subject = view.subject(2).unwrap();
        (subject.birth.is_some(), subject.gender.is_some())
    };
    // a part of the day of birth is seen by us, and nothing of it by them; the column that stands for gender by nobody
    assert_eq!(told("us"), (true, false));
    assert_eq!(told("them"), (false, false));
}

#[test]
fn a_grant_that_nobody_has_tells_an_audience_nothing() {
    let subjects = "[subject.\"Customer\"]\nkey = \"id\"\nbirth = \"birth\"\ngender = \"stage\"";
    let told = |more: &str| {
        let rules = format!("{RULES}p, us, Customer.stage, full, true, allow\n{more}");
        let set = set_of(&rules, subjects, MaskingKeys::from(&key())).unwrap();
        let principal = principal("1", &["us"], serde_json::Value::Null);
        let view = set.view(principal, now()).unwrap();
        let subject = view.subject(2).unwrap();
        (subject.birth.is_some(), subject.gender.is_some())
    };
    assert_eq!(told(""), (true, true));
    for (more, expected) in [
        // denied whoever asks
        ("p, us, Customer.stage, full, true, deny\n", (true, false)),
        ("p, us, *, partial, true, deny\n", (false, true)),
        // denied to some, or at another tier, or by a role that others of the audience do not have
        (
            "p, us, Customer.stage, full, row.id == 7, deny\n",
            (true, true),
        ),
        ("p, us, Customer.stage, partial, true, deny\n", (true, true)),
        (
            "p, more, Customer.stage, full, true, deny\ng, more, us\n",
            (true, true),
        ),
        // and granted never
        (
            "p, us, Customer.stage, full, true, deny\np, new, Customer.stage, full, false, allow\n",
            (true, false),
        ),
    ] {
        assert_eq!(told(more), expected, "{more}");
    }
}

#[test]
fn a_reference_of_another_width_than_its_key_has_no_mask() {
    let mut shape = shape();
    shape.entities[3].fields[1].narrow = true;
    let rules = "p, us, Order.customerId, desensitized, true, allow\n";
    let files = PolicyFiles::from_memory(format!("{rules}{CLASSES}"), MASKING);
    let errors = PolicySet::from_files(&files, &shape, &key())
        .unwrap_err()
        .to_string();
    assert!(
        errors.contains("`Order.customerId` has another width than the key that it refers to"),
        "{errors}"
    );
}

#[test]
fn a_claim_that_is_true_or_false_is_compared_as_such() {
    let rules = format!("{RULES}p, us, Customer.email, full, row.consent == user.agreed, allow\n");
    let set = set_of(&rules, "", MaskingKeys::from(&key())).unwrap();
    let tier = |claims: serde_json::Value, consent: bool| {
        let view = set.view(principal("1", &["us"], claims), now()).unwrap();
        let cells = [("Customer.consent".to_owned(), Value::Boolean(consent))];
        view.decision(2, 2).tier(&Cells(cells.into()))
    };
    let agreed = |agreed: bool| serde_json::json!({ "agreed": agreed });
    assert_eq!(tier(agreed(true), true), Tier::Full);
    assert_eq!(tier(agreed(false), false), Tier::Full);
    assert_eq!(tier(agreed(true), false), Tier::None);
}
