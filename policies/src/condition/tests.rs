//! Conditions: what may be written, and that settling and evaluating mean the same as reading naively.

use proptest::prelude::*;
use serde_json::json;

use super::source::parse_all;
use super::*;
use crate::oracle::Naive;
use crate::tests::{Cells, now, principal, shape, strategies};

fn read(entity: usize, text: &str) -> Result<Condition, String> {
    let source = parse_all(&[text])
        .remove(0)
        .map_err(|fault| fault.message)?;
    source
        .translate(&shape(), entity)
        .map_err(|fault| format!("{}; {}", fault.message, fault.cure))
}

fn truth(of: Option<bool>) -> Truth {
    of.map_or(Truth::Unknown, Truth::from)
}

const WRONG: &[&str] = &[
    "1",
    "'text'",
    "row",
    "user",
    "now",
    "row.income",
    "row.nope == 1",
    "row.emial == 'x'",
    "row.ownr.name == 'x'",
    "row.orders.total == 1",
    "owner_id == 1",
    "user.a.b == 1",
    "user.a == user.b",
    "1 == 1",
    "row.owner_id == '7'",
    "row.owner_id == 7.5",
    "row.owner_id == 7u",
    "row.owner_id == true",
    "row.owner_id == row.email",
    "row.owner_id < null",
    "now == null",
    "row.email < 'x'",
    "row.stage > 'ACTIVE'",
    "row.stage == 'Active'",
    "row.stage == row.email",
    "row.consent < true",
    "row.birth == '2024-1-5'",
    "row.birth == '2024-02-30'",
    "row.created_at == '2024-01-05'",
    "row.preferences == 'x'",
    "row.preferences in user.things",
    "row.owner_id in []",
    "row.owner_id in [1, 'x']",
    "row.owner_id in [null]",
    "row.owner_id in [row.id]",
    "row.owner_id in row.id",
    "user.x in [1, 'x']",
    "user.x in user.y",
    "now in user.times",
    "row.owner_id + 1 == 2",
    "-row.owner_id == 2",
    "row.consent ? true : false",
    "size(row.email) == 3",
    "row.email.startsWith('x')",
    "row.email.matches('x')",
    "has(row.email)",
    "[1].exists(x, x == 1)",
    "row['email'] == 'x'",
    "{'a': 1}",
    "(row.owner_id == 1) == true",
    "!row.owner_id == 1",
    "row.owner_id = 1",
    "row.owner_id == 1 and true",
    "row.owner_id == 1;",
    "",
];

#[test]
fn what_is_not_a_condition_is_refused_with_a_cure() {
    let listed: Vec<String> = WRONG
        .iter()
        .map(|text| format!("{text}\n    {}", read(2, text).expect_err(text)))
        .collect();
    insta::assert_snapshot!("refused_conditions", listed.join("\n"));
}

#[test]
fn a_column_is_on_the_left_of_every_settled_comparison() {
    let who = principal("7", &[], json!({}));
    let one = read(2, "user.id == row.owner_id && 5 < row.owner_id").unwrap();
    let other = read(2, "row.owner_id == user.id && row.owner_id > 5").unwrap();
    assert_eq!(
        one.settle(&shape(), &who, now()),
        other.settle(&shape(), &who, now())
    );
}

#[test]
fn what_only_the_user_decides_is_settled_to_a_constant() {
    let who = principal(
        "7",
        &[],
        json!({"department_id": 3, "purpose": null, "rate": 1.5}),
    );
    for (text, expected) in [
        ("user.department_id == 3", Truth::True),
        ("user.department_id != 3", Truth::False),
        ("user.rate == 1.5", Truth::True),
        ("user.rate > 1.5", Truth::False),
        ("user.purpose == 'audit'", Truth::Unknown),
        ("user.missing != 'audit'", Truth::Unknown),
        ("user.missing == null && user.purpose == null", Truth::True),
        ("row.department_id == user.missing", Truth::Unknown),
        ("row.department_id in user.department_id", Truth::Unknown),
        ("now > '2026-02-01T00:00:00Z'", Truth::True),
        ("row.consent || user.id == '7'", Truth::True),
        ("row.consent && user.id == 'x'", Truth::False),
    ] {
        let settled = read(2, text).unwrap().settle(&shape(), &who, now());
        assert_eq!(settled, Condition::Constant(expected), "{text}");
    }
}

#[test]
fn an_empty_subject_equals_nothing() {
    let nobody = principal("", &[], json!({}));
    let settled = read(2, "row.full_name == user.id")
        .unwrap()
        .settle(&shape(), &nobody, now());
    assert_eq!(settled, Condition::Constant(Truth::Unknown));
}

fn any_truth() -> impl Strategy<Value = Truth> {
    prop_oneof![Just(Truth::True), Just(Truth::False), Just(Truth::Unknown)]
}

proptest! {
    #[test]
    fn three_valued_logic_keeps_its_laws(a in any_truth(), b in any_truth(), c in any_truth()) {
        prop_assert_eq!(a.and(b), b.and(a));
        prop_assert_eq!(a.or(b), b.or(a));
        prop_assert_eq!(a.and(b.and(c)), a.and(b).and(c));
        prop_assert_eq!(a.and(b.or(c)), a.and(b).or(a.and(c)));
        prop_assert_eq!(a.and(b).negate(), a.negate().or(b.negate()));
        prop_assert_eq!(a.negate().negate(), a);
        prop_assert_eq!(a.and(Truth::True), a);
        prop_assert_eq!(a.or(Truth::False), a);
        prop_assert_eq!(a.and(Truth::False), Truth::False);
    }

    #[test]
    fn a_settled_condition_means_what_was_written(
        text in strategies::condition(Some(2)),
        row in strategies::row(),
        who in strategies::who(),
    ) {
        let condition = read(2, &text).unwrap();
        let naive = Naive { shape: &shape(), principal: &who, now: now() };
        let expected = truth(naive.truth(&condition, &row));
        let settled = condition.settle(&shape(), &who, now());
        prop_assert_eq!(settled.evaluate(&row), expected, "{}", text);
        let holding = settled.holding();
        prop_assert_eq!(holding.holds(&row), expected == Truth::True, "{}", text);
        let shown = format!("{holding:?}");
        prop_assert!(!shown.contains("Unknown") && !shown.contains("Null,") && !shown.contains("Null]"), "{}", shown);
    }

    #[test]
    fn what_is_known_of_a_row_decides_as_much_as_it_did(
        text in strategies::condition(Some(2)),
        row in strategies::row(),
        who in strategies::who(),
        known in any::<u8>(),
    ) {
        let settled = read(2, &text).unwrap().settle(&shape(), &who, now());
        let is_known = |path: &RowPath| known >> ((path.hops.len() + path.field) % 8) & 1 == 1;
        let given = settled.given(&|path| is_known(path).then(|| row.value(path)));
        prop_assert_eq!(given.evaluate(&row), settled.evaluate(&row), "{}", text);
        prop_assert!(given.paths().into_iter().all(|path| !is_known(path)), "{:?}", given);
        let decided = settled.given(&|path| Some(row.value(path)));
        prop_assert_eq!(decided, Condition::Constant(settled.evaluate(&row)), "{}", text);
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "[ -~]{0,60}") {
        let _ = read(2, &text);
    }

    #[test]
    fn near_conditions_do_not_make_the_reader_panic(
        text in strategies::condition(Some(2)),
        cut in 0usize..40,
        noise in "[().\\[\\]&|!=<>' a-z0-9]{0,4}",
    ) {
        let (head, tail) = text.split_at(cut.min(text.len()));
        let _ = read(2, &format!("{head}{noise}{tail}"));
    }
}

#[test]
fn nothing_is_a_member_of_an_empty_claim() {
    let who = principal("7", &[], json!({"departments": []}));
    let settled = read(2, "row.department_id in user.departments")
        .unwrap()
        .settle(&shape(), &who, now());
    assert_eq!(settled, Condition::Constant(Truth::False));
    assert!(!settled.holds(&Cells::default()));
}

#[test]
fn what_is_too_large_is_refused_and_what_just_fits_is_not() {
    let nested = |depth: usize| format!("{}row.consent{}", "(".repeat(depth), ")".repeat(depth));
    assert!(read(2, &nested(16)).is_ok());
    assert!(read(2, &nested(17)).unwrap_err().contains("deeper than 16"));
    // each `row.consent` has a dot, each `||` two characters that count
    let long =
        |parts: usize, end: &str| format!("{}{end}", ["row.consent"].repeat(parts).join("||"));
    assert!(read(2, &long(171, "&&!row.consent")).is_err());
    assert!(read(2, &long(171, "")).is_ok());
    assert!(long(171, "").matches(['.', '|']).count() <= 512);
    let exactly = format!("!{}", long(171, ""));
    assert_eq!(exactly.matches(['.', '|', '!']).count(), 512);
    assert!(read(2, &exactly).is_ok());
    assert!(
        read(2, &format!("!{exactly}"))
            .unwrap_err()
            .contains("more than 512 operators")
    );
    let wide = |bytes: usize| format!("row.consent{}", " ".repeat(bytes - 11));
    assert!(read(2, &wide(4096)).is_ok());
    assert!(
        read(2, &wide(4097))
            .unwrap_err()
            .contains("longer than 4096")
    );
}

#[test]
fn a_path_walks_eight_relations_and_no_more() {
    let walk = |hops: usize| format!("row.{}name == 'x'", "owner.".repeat(hops));
    // the length is looked at first: a way that is short enough fails at its first wrong name
    for (hops, told) in [
        (8, "no to-one relation"),
        (9, "more than 8 relations"),
        (10, "more than 8"),
    ] {
        let error = read(1, &walk(hops)).unwrap_err();
        assert!(error.contains(told), "{hops}: {error}");
    }
}

#[test]
fn a_known_row_tells_what_it_holds_and_what_it_was_asked_for_in_vain() {
    let path = |field| RowPath {
        hops: Vec::new(),
        entity: 2,
        field,
    };
    let row = KnownRow::new([(path(10), crate::value::Value::Int(7))]);
    assert_eq!(row.known(&path(10)), Some(&crate::value::Value::Int(7)));
    assert_eq!(row.known(&path(2)), None);
    assert_eq!(row.value(&path(2)), crate::value::Value::Null);
    assert_eq!(row.value(&path(10)), crate::value::Value::Int(7));
    assert_eq!(row.missed(), [path(2)]);
}

#[test]
fn thousands_of_parts_stay_in_their_order_each_once() {
    let part = |number: usize| Condition::Compare {
        op: Comparison::Eq,
        left: Operand::Row(RowPath {
            entity: 2,
            hops: Vec::new(),
            field: 0,
        }),
        right: Operand::Literal(Value::Int(number as i64)),
    };
    for count in [1, 2, 15, 16, 17, 18, 40, 3_000] {
        let once: Vec<Condition> = (0..count).map(part).collect();
        let again = [once.clone(), once.iter().rev().cloned().collect()].concat();
        let joined = |condition| match condition {
            Condition::Or(parts) | Condition::And(parts) => parts,
            other => vec![other],
        };
        assert_eq!(joined(Condition::any(again.clone())), once);
        assert_eq!(joined(Condition::all(again)), once);
    }
}
