//! What is proved is so, and what is easily seen is proved.

use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::tests::{now, set, shape, strategies};

fn condition(text: &str) -> Condition {
    let rules = format!("p,a,Customer,full,\"{text}\",allow");
    let set = set(&rules).unwrap_or_else(|errors| panic!("{errors}\n{rules}"));
    set.rules()[0].conditions[&2].clone()
}

fn holds(one: &str, other: &str) -> bool {
    follows(&condition(one), &condition(other))
}

#[test]
fn what_means_the_same_follows_both_ways() {
    for (one, other) in [
        ("row.consent && row.id == 1", "row.id == 1 && row.consent"),
        ("!(row.id == 1)", "row.id != 1"),
        ("row.consent == false", "!row.consent"),
        (
            "row.stage in ['ACTIVE', 'LOST']",
            "row.stage == 'LOST' || row.stage == 'ACTIVE'",
        ),
        (
            "row.owner_id == row.department_id",
            "row.department_id == row.owner_id",
        ),
        (
            "(row.id == 1 || row.consent) && row.email != null",
            "(row.id == 1 && row.email != null) || (row.email != null && row.consent)",
        ),
        ("row.id == 1 && (row.id == 1 || row.consent)", "row.id == 1"),
        (
            "!(row.consent && user.trusted)",
            "!row.consent || !user.trusted",
        ),
        ("row.score > 1 && row.score != null", "row.score > 1"),
        (
            "now < '2026-06-01T00:00:00Z' || now >= '2026-06-01T00:00:00Z'",
            "true",
        ),
        ("row.id == 1 && row.id == 2", "false"),
    ] {
        assert!(holds(one, other), "{one} => {other}");
        assert!(holds(other, one), "{other} => {one}");
    }
}

#[test]
fn what_says_more_follows_one_way_only() {
    for (one, other) in [
        ("row.consent && row.id == 1", "row.consent"),
        ("row.income > 100", "row.income >= 5"),
        ("row.income == 7", "row.income in [5, 7]"),
        ("row.income == 7", "row.income < 8 && row.income != 3"),
        (
            "row.owner_id == user.id",
            "row.owner_id != null && user.id != null",
        ),
        ("row.owner_id == user.id", "row.owner_id <= user.id"),
        (
            "row.department_id in user.departments",
            "row.department_id != null",
        ),
        ("row.consent", "row.consent || user.trusted"),
        ("row.consent", "row.consent != null"),
    ] {
        assert!(holds(one, other), "{one} => {other}");
        assert!(!holds(other, one), "{other} => {one}");
    }
}

#[test]
fn what_a_null_or_a_missing_claim_can_keep_from_holding_is_not_taken_for_granted() {
    for (one, other) in [
        ("true", "row.consent || !row.consent"),
        ("true", "row.id == user.id || row.id != user.id"),
        ("user.level == 3", "user.level != '4'"),
        ("row.id in user.departments", "row.id == user.id"),
        ("!(row.id in user.departments)", "row.id != null"),
    ] {
        assert!(!holds(one, other), "{one} => {other}");
    }
}

#[test]
fn a_proof_that_would_take_too_long_is_given_up() {
    // so many pigeons do not fit in fewer holes, and nobody proves it by trying
    let sits = |pigeon: usize, hole: usize| Condition::Compare {
        op: Comparison::Eq,
        left: Operand::User(format!("{pigeon} in {hole}")),
        right: Operand::Literal(Value::Boolean(true)),
    };
    let pigeons = |count: usize| {
        let holes = 0..count - 1;
        let somewhere =
            (0..count).map(|pigeon| Condition::any(holes.clone().map(|hole| sits(pigeon, hole))));
        let pairs = (0..count).flat_map(|one| (0..one).map(move |other| (one, other)));
        let alone = pairs.flat_map(|(one, other)| {
            holes
                .clone()
                .map(move |hole| Condition::all([sits(one, hole), sits(other, hole)]).negate())
        });
        Condition::all(somewhere.chain(alone))
    };
    let nothing = Condition::Constant(Truth::False);
    assert!(follows(&pigeons(4), &nothing));
    assert!(!follows(&pigeons(12), &nothing));
    assert!(follows(&pigeons(12), &pigeons(12)));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn what_is_proved_is_so(
        parts in proptest::collection::vec(strategies::condition(Some(2)), 3),
        forms in (select(&FORMS[..]), select(&FORMS[..])),
        who in proptest::collection::vec(strategies::who(), 4),
        rows in proptest::collection::vec(strategies::row(), 6),
    ) {
        // in one go: what stands for one part may hold the name of another
        let written = |form: &str| -> String {
            let part = |sign: char| match sign {
                'A'..='C' => format!("({})", parts[usize::from(sign as u8 - b'A')]),
                sign => sign.to_string(),
            };
            form.chars().map(part).collect()
        };
        let (one, other) = (condition(&written(forms.0)), condition(&written(forms.1)));
        let proved = follows(&one, &other);
        for who in &who {
            let settled = |condition: &Condition| condition.settle(&shape(), who, now());
            let (one, other) = (settled(&one), settled(&other));
            for row in &rows {
                prop_assert!(!proved || !one.holds(row) || other.holds(row));
            }
        }
    }
}

/// Conditions of three parts, many of which follow from others.
const FORMS: [&str; 9] = [
    "A",
    "A && B",
    "A || B",
    "A && !B",
    "!(A && B) && C",
    "(A || B) && C",
    "(A && C) || (B && C)",
    "!A || B",
    "A || !A",
];
