//! Explanations say what decisions say, name the comparison that was unknown, and print no hidden value.

use proptest::prelude::*;
use serde_json::json;

use super::{Asked, Explanation, Reveal, TIERS};
use crate::condition::{KnownRow, Row, RowPath};
use crate::decision::{Action, Tier};
use crate::tests::agreement::policies::policy;
use crate::tests::random::some_roles;
use crate::tests::{Cells, now, principal, set, shape, strategies};
use crate::value::Value;
use crate::{Principal, View};

const CUSTOMER: usize = 2;
const EMAIL: usize = 2;
const OWNER: usize = 10;

const RULES: &str = "
p, support, Customer, row, row.department_id == user.department_id, allow
p, support, pii.contact, partial, true, allow
p, support, Customer:pii.contact, full, row.owner_id == user.id && row.consent, allow
p, support, key.department, full, true, allow
p, boss, pii.contact, full, user.clearance >= 3, allow
p, suspect, pii.contact, full, row.owner.name == user.rival, deny
g, lead, support
g, manager, lead
";

fn view(who: Principal) -> View {
    set(RULES).unwrap().view(who, now()).unwrap()
}

fn ask(view: &View, row: Option<&dyn Row>, reveal: Reveal) -> Explanation {
    view.explain(Asked {
        entity: CUSTOMER,
        field: Some(EMAIL),
        actions: &TIERS,
        row,
        reveal,
    })
}

fn cells(owner: i64) -> Cells {
    Cells(
        [
            ("Customer.ownerId".to_owned(), Value::Int(owner)),
            ("Customer.departmentId".to_owned(), Value::Int(3)),
            ("Customer.consent".to_owned(), Value::Boolean(true)),
            (">Employee.name".to_owned(), Value::Text("Ann".to_owned())),
        ]
        .into(),
    )
}

fn whys(explanation: &Explanation) -> Vec<String> {
    let rules = explanation.rows.iter().flat_map(|rows| &rows.rules);
    let mut open: Vec<_> = rules
        .chain(&explanation.rules)
        .map(|rule| &rule.when)
        .collect();
    let mut whys = Vec::new();
    while let Some(trace) = open.pop() {
        whys.push(format!(
            "{} is {}: {}",
            trace.text,
            trace.truth.word(),
            trace.why
        ));
        open.extend(&trace.parts);
    }
    whys
}

fn says(explanation: &Explanation, text: &str) {
    let whys = whys(explanation);
    assert!(
        whys.iter().any(|why| why == text),
        "no `{text}` in {whys:#?}"
    );
}

#[test]
fn each_rule_names_the_role_that_brings_it() {
    let view = view(principal("7", &["manager"], json!({"department_id": 3})));
    let explanation = ask(&view, None, Reveal::WhatIsSeen);
    let through: Vec<_> = explanation
        .rules
        .iter()
        .map(|rule| rule.through.join(" > "))
        .collect();
    assert_eq!(through, ["manager > lead > support"; 2]);
    assert!(explanation.rules.is_sorted_by_key(|rule| rule.line));
}

#[test]
fn without_a_row_it_says_where_each_tier_is() {
    let view = view(principal("7", &["support"], json!({"department_id": 3})));
    let explanation = ask(&view, None, Reveal::WhatIsSeen);
    let tier = explanation.tier.as_ref().unwrap();
    assert_eq!(tier.tier, None);
    let steps: Vec<_> = tier
        .steps
        .iter()
        .map(|step| (step.tier, step.holds_where.as_str(), step.masker.as_deref()))
        .collect();
    assert_eq!(
        steps,
        [
            (Tier::Full, "row.owner_id == 7 && row.consent", None),
            (Tier::Partial, "true", Some("null")),
        ]
    );
    says(
        &explanation,
        "row.owner_id == user.id is depends on the row: holds where row.owner_id == 7",
    );
    assert_eq!(
        explanation.rows.unwrap().verdict.holds_where,
        "row.department_id == 3"
    );
}

#[test]
fn a_claim_that_is_missing_or_does_not_fit_is_named() {
    let missing = ask(
        &view(principal("7", &["support"], json!({}))),
        None,
        Reveal::WhatIsSeen,
    );
    says(
        &missing,
        "row.department_id == user.department_id is unknown: user.department_id: the token has no such claim",
    );
    assert_eq!(missing.rows.unwrap().verdict.allowed, Some(false));
    let odd = principal(
        "ann",
        &["support", "boss"],
        json!({"department_id": null, "clearance": "high"}),
    );
    let odd = ask(&view(odd), None, Reveal::WhatIsSeen);
    says(
        &odd,
        "row.department_id == user.department_id is unknown: user.department_id is null in the token",
    );
    says(
        &odd,
        "user.clearance >= 3 is unknown: user.clearance = \"high\", which is not a whole number",
    );
    says(
        &odd,
        "row.owner_id == user.id is unknown: user.id = \"ann\", which is not a whole number",
    );
}

#[test]
fn the_deciding_lines_are_named() {
    let row = cells(7);
    let line = |text: &str| {
        let all = format!("{}{RULES}", crate::tests::CLASSES);
        1 + all.lines().position(|line| line.contains(text)).unwrap()
    };
    let who = principal("7", &["support"], json!({"department_id": 3}));
    let full = ask(&view(who), Some(&row), Reveal::WhatIsSeen)
        .tier
        .unwrap();
    assert_eq!(
        (full.tier, full.decided_by),
        (Some(Tier::Full), vec![line("user.id && row.consent")])
    );

    // the rival is unknown, and an unknown deny denies
    let who = principal("7", &["support", "suspect"], json!({"department_id": 3}));
    let denied = ask(&view(who), Some(&row), Reveal::WhatIsSeen)
        .tier
        .unwrap();
    assert_eq!(
        (denied.tier, denied.decided_by),
        (
            Some(Tier::Partial),
            vec![line("pii.contact, partial"), line("user.rival")]
        )
    );
}

#[test]
fn values_that_the_principal_does_not_see_are_withheld() {
    let who = principal(
        "7",
        &["support", "suspect"],
        json!({"department_id": 3, "rival": "Bob"}),
    );
    let view = view(who);
    let row = cells(12);
    let careful = ask(&view, Some(&row), Reveal::WhatIsSeen);
    // the department is FULL to support, the owner and its name are not
    says(
        &careful,
        "row.department_id == user.department_id is true: row.department_id = 3",
    );
    says(
        &careful,
        "row.owner_id == user.id is false: row.owner_id is withheld, user.id = \"7\"",
    );
    let text = serde_json::to_string(&careful).unwrap();
    assert!(!text.contains("12") && !text.contains("Ann"), "{text}");

    let all = ask(&view, Some(&row), Reveal::Everything);
    says(
        &all,
        "row.owner_id == user.id is false: row.owner_id = 12, not 7",
    );
    says(
        &all,
        "row.owner.name == user.rival is false: row.owner.name = 'Ann', not 'Bob'",
    );
}

#[test]
fn nothing_of_a_hidden_row_is_printed() {
    let view = view(principal("7", &["support"], json!({"department_id": 4})));
    let careful = ask(&view, Some(&cells(7)), Reveal::WhatIsSeen);
    says(
        &careful,
        "row.department_id == user.department_id is false: row.department_id is withheld, user.department_id = 4",
    );
    assert_eq!(careful.rows.unwrap().verdict.allowed, Some(false));
}

#[test]
fn a_row_is_asked_for_the_same_cells_whatever_it_holds() {
    let view = view(principal(
        "7",
        &["support", "suspect"],
        json!({"department_id": 3, "rival": "Bob"}),
    ));
    let mut known: Vec<(RowPath, Value)> = Vec::new();
    for _ in 0..2 {
        let row = KnownRow::new(known.clone());
        let _ = ask(&view, Some(&row), Reveal::WhatIsSeen);
        let missed = row.missed();
        assert!(known.is_empty() || missed.is_empty(), "{missed:?}");
        known.extend(missed.into_iter().map(|path| (path, Value::Int(3))));
    }
    assert!(known.iter().any(|(path, _)| path.field == OWNER));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, max_shrink_iters: 400, ..ProptestConfig::default() })]

    #[test]
    fn an_explanation_comes_to_what_the_decision_says(
        rules in policy(&["allow", "allow", "deny"]),
        roles in some_roles(),
        mut who in strategies::who(),
        row in strategies::row(),
    ) {
        let rules = rules.join("\n");
        let set = set(&rules).unwrap_or_else(|errors| panic!("{errors}\n{rules}"));
        who.roles = roles;
        let view = set.view(who, now()).unwrap();
        for (entity, field) in shape().fields() {
            let asked = |actions, row| Asked { entity, field: Some(field), actions, row, reveal: Reveal::WhatIsSeen };
            let coordinate = shape().coordinate(entity, field);
            let tier = view.decision(entity, field).tier(&row);
            let told = view.explain(asked(&TIERS, Some(&row))).tier.unwrap();
            prop_assert_eq!(told.tier, Some(tier), "{}\n{}", coordinate, rules);

            // without the row it may say less, never something else
            let open = view.explain(asked(&TIERS, None));
            if let Some(told) = open.tier.unwrap().tier {
                prop_assert_eq!(told, tier, "{}\n{}", coordinate, rules);
            }
            for verdict in view.explain(asked(&Action::ALL, Some(&row))).verdicts {
                let may = view.may(entity, field, verdict.action).holds(&row);
                prop_assert_eq!(verdict.allowed, Some(may), "{} {}\n{}", coordinate, verdict.action.name(), rules);
            }
        }
        for entity in 0..shape().entities.len() {
            let asked = |row| Asked { entity, field: None, actions: &Action::ALL, row, reveal: Reveal::Everything };
            let open = view.explain(asked(None)).verdicts;
            for (verdict, open) in view.explain(asked(Some(&row))).verdicts.iter().zip(open) {
                let may = view.may_entity(entity, verdict.action).holds(&row);
                prop_assert_eq!(verdict.allowed, Some(may), "{} {}\n{}", entity, verdict.action.name(), rules);
                prop_assert!(open.allowed.is_none_or(|allowed| allowed == may), "{} {}\n{}", entity, verdict.action.name(), rules);
            }
        }
    }
}
