//! Who shares a fingerprint shares all decisions, and who shares what the rules read shares a fingerprint.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Days, TimeDelta, Utc};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value as Json, json};

use super::agreement::policies::policy;
use super::fixture::{CLASSES, MASKING, now};
use super::random::some_roles;
use super::{Cells, key, principal, set, shape, strategies};
use crate::condition::{Condition, Operand};
use crate::value::Value;
use crate::{Fingerprint, MaskingKey, PolicyFiles, PolicySet, Principal, View};

const CUSTOMER: usize = 2;

fn view(rules: &str, who: &Principal) -> View {
    set(rules).unwrap().view(who.clone(), now()).unwrap()
}

fn fingerprint(rules: &str, who: &Principal) -> Option<Fingerprint> {
    view(rules, who).fingerprint()
}

/// Everything that may be seen, as it prints.
fn all(view: &View) -> Vec<String> {
    let shape = shape();
    let fields = shape.fields().map(|(entity, field)| {
        let masked = crate::decision::Tier::ALL.map(|tier| view.masker_name(entity, field, tier));
        let shown = view.decision(entity, field);
        format!("{shown:?} {masked:?}")
    });
    let rows = (0..shape.entities.len()).map(|entity| format!("{:?}", view.row(entity)));
    let whole = format!("{} {}", view.audience(), view.visibility());
    fields.chain(rows).chain([whole]).collect()
}

/// The conditions of all rules of the principal's roles, settled for the principal as a whole.
fn settled(set: &Arc<PolicySet>, who: &Principal, now: DateTime<Utc>) -> Vec<Condition> {
    let graph = set.role_graph();
    let own = who.roles.iter().filter_map(|role| graph.number(role));
    let closed = graph.closure(own);
    let names: BTreeSet<&str> = closed.iter().filter_map(|role| graph.name(*role)).collect();
    let rules = set.rules().iter();
    let rules = rules.filter(|rule| names.contains(rule.role.as_str()));
    rules
        .flat_map(|rule| rule.conditions.values())
        .map(|condition| condition.settle(set.shape(), who, now))
        .collect()
}

/// What conditions say of the claims and the time: asked of their text, not of what collects them.
fn reads(rules: &[String], what: &str) -> bool {
    rules.iter().any(|rule| rule.contains(what))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, max_shrink_iters: 400, ..ProptestConfig::default() })]

    #[test]
    fn equal_fingerprints_are_equal_decisions(
        rules in policy(&["allow", "allow", "deny"]),
        roles in some_roles(),
        mut one in strategies::who(),
        other in strategies::who(),
        taken in proptest::collection::btree_set(select(vec![
            "id", "department_id", "departments", "limit", "born", "flags", "stages", "stage", "name",
            "purpose", "clearance", "groups", "until", "trusted",
        ]), 0..6),
        later in select(vec![TimeDelta::zero(), TimeDelta::hours(3), TimeDelta::days(400)]),
    ) {
        one.roles = roles;
        // somebody who differs in a few claims
        let mut two = one.clone();
        for claim in taken {
            match (claim, other.attributes.get(claim)) {
                ("id", _) => two.id.clone_from(&other.id),
                (_, Some(value)) => { two.attributes.insert(claim.to_owned(), value.clone()); }
                (_, None) => { two.attributes.remove(claim); }
            }
        }
        let text = rules.join("\n");
        // two sets that share nothing but their files: neither answers out of what the other has settled
        let (left, right) = (set(&text).unwrap(), set(&text).unwrap());
        let first = left.view(one.clone(), now()).unwrap();
        let second = right.view(two.clone(), now() + later).unwrap();
        let alike = settled(&left, &one, now()) == settled(&left, &two, now() + later);
        match (first.fingerprint(), second.fingerprint()) {
            (Some(a), Some(b)) if a == b => {
                prop_assert!(alike, "{}", text);
                prop_assert_eq!(all(&first), all(&second));
            }
            // whatever moves with the clock has none
            (a, b) => prop_assert_eq!(a.is_some(), b.is_some()),
        }
        prop_assert!(reads(&rules, "now") || first.fingerprint().is_some());
    }

    #[test]
    fn claims_that_no_rule_reads_change_no_fingerprint(
        rules in policy(&["allow", "deny"]),
        roles in some_roles(),
        mut who in strategies::who(),
        id in select(vec!["7", "8", ""]),
        unread in select(vec![json!("x"), json!(null), json!([1, {"b": 2, "a": 1}]), json!(1.5)]),
    ) {
        let rules: Vec<String> = rules.into_iter().filter(|rule| !rule.contains("now")).collect();
        let text = rules.join("\n");
        who.roles = roles;
        let mut other = who.clone();
        other.attributes.insert("unread".to_owned(), unread);
        if !reads(&rules, "user.id") {
            other.id = id.to_owned();
        }
        for claim in ["department_id", "purpose", "stage"] {
            if !reads(&rules, &format!("user.{claim}")) {
                other.attributes.remove(claim);
            }
        }
        prop_assert!(fingerprint(&text, &who).is_some());
        prop_assert_eq!(fingerprint(&text, &who), fingerprint(&text, &other));
    }
}

const OWN: &str = "p, sales, Customer, row, row.owner_id in user.team || user.x == null, allow\n";

#[test]
fn every_claim_that_is_read_makes_another_fingerprint() {
    let values = [
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(1),
        json!("1"),
        json!(1.0),
        json!(1.5),
        json!(u64::MAX),
        json!(""),
        json!([]),
        json!({}),
        json!([[]]),
        json!([""]),
        json!(["a", "b"]),
        json!(["ab"]),
        json!(["a", "b", ""]),
        json!([["a"], "b"]),
        json!([["a", "b"]]),
        json!(["a\u{0}b"]),
        json!([1, 11]),
        json!([11, 1]),
        json!({"a": "b"}),
        json!({"a": {"b": null}}),
        json!({"ab": ""}),
    ];
    let mut seen = BTreeSet::new();
    let mut add = |claims: Json| {
        let made = fingerprint(OWN, &principal("7", &["sales"], claims.clone()));
        assert!(seen.insert(made.unwrap()), "{claims}");
    };
    add(json!({}));
    for value in &values {
        add(json!({ "team": value }));
        add(json!({ "x": value }));
        add(json!({ "team": value, "x": 1 }));
    }
}

#[test]
fn the_order_of_keys_is_nobodys_business() {
    let claims = |text: &str| serde_json::from_str::<Json>(text).unwrap();
    let of = |text: &str| fingerprint(OWN, &principal("7", &["sales"], claims(text)));
    assert_eq!(
        of(r#"{"team": {"a": 1, "b": [2]}, "x": 1}"#),
        of(r#"{"x": 1, "team": {"b": [2], "a": 1}}"#)
    );
}

#[test]
fn roles_policies_and_keys_make_fingerprints_of_their_own() {
    let rules = "p, a, Department, row, true, allow\np, b, Department, row, true, allow\n";
    let masking = MASKING.replace("[audiences]", "[audiences]\nb = \"partner\"");
    let made = |rules: &str, masking: &str, key: &MaskingKey, roles: &[&str]| {
        let files = PolicyFiles::from_memory(format!("{CLASSES}{rules}"), masking);
        let set = Arc::new(PolicySet::from_files(&files, &shape(), key).unwrap());
        let who = principal("7", roles, json!({}));
        set.view(who, now()).unwrap().fingerprint().unwrap()
    };
    let other_key = MaskingKey::new(&[8; 32]).unwrap();
    let all = [
        made(rules, MASKING, &key(), &["a"]),
        made(rules, MASKING, &key(), &["b"]),
        made(rules, MASKING, &key(), &["a", "b"]),
        made(rules, MASKING, &key(), &[]),
        made(rules, &masking, &key(), &["b"]),
        made(&format!("{rules}# more\n"), MASKING, &key(), &["a"]),
        made(rules, MASKING, &other_key, &["a"]),
        made(rules, MASKING, &key().with_id("2"), &["a"]),
    ];
    assert_eq!(BTreeSet::from(all).len(), all.len());
    // roles that the policies do not know are nobody's
    assert_eq!(all[0], made(rules, MASKING, &key(), &["a", "wizard"]));
}

#[test]
fn a_fingerprint_lasts_as_long_as_what_it_stands_for() {
    let made = |when: &str, at: &str| {
        let set = set(&format!("p, a, Customer, row, {when}, allow\n")).unwrap();
        let who = principal("7", &["a"], json!({"until": "2026-03-01T18:00:00Z"}));
        let view = set.view(who, at.parse().unwrap()).unwrap();
        view.fingerprint()
    };
    let (noon, evening, tomorrow) = (
        "2026-03-01T12:00:00Z",
        "2026-03-01T23:59:59.999Z",
        "2026-03-02T00:00:00Z",
    );
    for always in ["row.birth < '2026-03-01'", "user.until != null"] {
        assert!(made(always, noon).is_some());
        assert_eq!(made(always, noon), made(always, tomorrow));
    }
    // a day is compared with a day
    for day in [
        "row.birth < now",
        "row.owner_id == 7 || !(now == row.birth)",
    ] {
        assert!(made(day, noon).is_some());
        assert_eq!(made(day, noon), made(day, evening), "{day}");
        assert_ne!(made(day, noon), made(day, tomorrow), "{day}");
    }
    for instant in [
        "row.created_at < now",
        "user.until > now",
        "now < '2026-06-01T00:00:00Z'",
        "row.birth < now && row.created_at < now",
    ] {
        assert_eq!(made(instant, noon), None, "{instant}");
    }
}

#[test]
fn who_asks_and_when_is_told_by_the_view_alone() {
    let set = set(
        "p, a, Customer, row, row.birth < now && row.department_id == user.department_id, allow",
    )
    .unwrap();
    let claims = |unread: i32| json!({"department_id": 3, "unread": unread});
    let later = now() + TimeDelta::hours(2);
    let one = set.view(principal("7", &["a"], claims(1)), now()).unwrap();
    let two = set
        .view(principal("8", &["a", "wizard"], claims(2)), later)
        .unwrap();
    assert!(Arc::ptr_eq(one.sight(), two.sight()));
    assert_eq!((one.principal().id.as_str(), one.now()), ("7", now()));
    assert_eq!((two.principal().id.as_str(), two.now()), ("8", later));
    assert_eq!(two.principal().attributes["unread"], json!(2));
    assert_eq!((one.dropped_roles(), two.dropped_roles()), (0, 1));
    // what is shared knows nothing else
    let kept = format!("{:?}", one.sight());
    assert!(!kept.contains("unread"), "{kept}");
}

#[test]
fn principals_of_two_times_never_share_what_moves_with_the_clock() {
    let set = set("p, a, Customer, row, row.created_at < now, allow").unwrap();
    let row = |at: DateTime<Utc>| {
        let view = set.view(principal("7", &["a"], json!({})), at).unwrap();
        view.row(CUSTOMER).clone()
    };
    let (today, later) = (row(now()), row(now() + Days::new(1)));
    let until = |condition: &Condition| match condition {
        Condition::Compare {
            right: Operand::Literal(value),
            ..
        } => value.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(until(&today), Value::DateTime(now()));
    assert_eq!(until(&later), Value::DateTime(now() + Days::new(1)));
}

#[test]
fn a_stream_of_principals_is_answered_rightly_and_not_kept_without_end() {
    let set =
        set("p, a, Customer, row, row.owner_id == user.id || row.full_name == user.name, allow")
            .unwrap();
    let padding = "x".repeat(30_000);
    for number in 0..2_000_i64 {
        let mut claims = Map::new();
        claims.insert("name".to_owned(), format!("{padding}{number}").into());
        let who = principal(&number.to_string(), &["a"], Json::Object(claims));
        let view = set.view(who, now()).unwrap();
        let owned = |owner: i64| Cells([("Customer.ownerId".to_owned(), Value::Int(owner))].into());
        assert!(view.row(CUSTOMER).holds(&owned(number)));
        assert!(!view.row(CUSTOMER).holds(&owned(number + 1)));
    }
    let kept = set.bytes_kept();
    assert!(kept < 64 * 1024 * 1024, "{kept}");
    assert!(kept > 1024 * 1024, "{kept}");
}
