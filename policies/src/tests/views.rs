//! What principals see under small policies.

use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::json;

use super::agreement::policies::policy;
use super::fixture::{CLASSES, MASKING, now};
use super::random::some_roles;
use super::{Cells, key, principal, set, shape, strategies};
use crate::condition::{Condition, Truth};
use crate::decision::{Action, Tier};
use crate::value::Value;
use crate::{PolicyFiles, PolicySet, Principal, View};

const CUSTOMER: usize = 2;
const EMAIL: usize = 2;
const INCOME: usize = 3;

const RULES: &str = "
p, support, Customer, row, row.department_id == user.department_id, allow
p, support, Order, row, row.customer.department_id == user.department_id, allow
p, support, pii.contact, partial, true, allow
p, support, Customer:pii.contact, full, row.owner_id == user.id, allow
p, analyst, Customer, row, true, allow
p, analyst, pii.contact, desensitized, true, allow
p, analyst, financial.income, aggregate, true, allow
p, analyst, financial, full, true, allow
p, intern, financial, full, true, deny
p, suspect, pii, full, row.owner_id == user.rival, deny
p, clerk, Order, create, true, allow
g, manager, support
";

fn view(who: Principal) -> View {
    set(RULES).unwrap().view(who, now()).unwrap()
}

fn support(id: &str) -> Principal {
    principal(id, &["support"], json!({"department_id": 3}))
}

fn owned_by(owner: i64) -> Cells {
    Cells([("Customer.ownerId".to_owned(), Value::Int(owner))].into())
}

#[test]
fn tiers_depend_on_the_row_where_rules_do() {
    let view = view(support("7"));
    let email = view.decision(CUSTOMER, EMAIL);
    assert_eq!(email.constant(), None);
    assert_eq!(email.highest(), Tier::Full);
    assert_eq!(email.tier(&owned_by(7)), Tier::Full);
    assert_eq!(email.tier(&owned_by(8)), Tier::Partial);
    assert_eq!(email.tier(&Cells::default()), Tier::Partial);
    assert_eq!(email.guard(Tier::Partial), Condition::Constant(Truth::True));
    assert_eq!(view.decision(CUSTOMER, INCOME).constant(), Some(Tier::None));
}

#[test]
fn a_decision_names_the_lines_of_its_rules() {
    let lines: Vec<&str> = CLASSES.lines().chain(RULES.lines()).collect();
    let view = view(support("7"));
    let grants = &view.decision(CUSTOMER, EMAIL).grants;
    let named: Vec<&str> = grants
        .iter()
        .flat_map(|grant| &grant.rules)
        .map(|line| lines[line - 1])
        .collect();
    assert_eq!(
        named,
        [
            "p, support, Customer:pii.contact, full, row.owner_id == user.id, allow",
            "p, support, pii.contact, partial, true, allow"
        ]
    );
}

#[test]
fn a_missing_claim_hides_the_entity() {
    let view = view(principal("7", &["support"], json!({})));
    assert!(!view.exists(CUSTOMER));
    assert_eq!(*view.row(CUSTOMER), Condition::Constant(Truth::False));
}

#[test]
fn creating_alone_makes_an_entity_exist() {
    let view = view(principal("7", &["clerk"], json!({})));
    assert!(view.exists(3));
    assert!(!view.exists(CUSTOMER));
    assert_eq!(*view.row(3), Condition::Constant(Truth::False));
    assert!(view.may_entity(3, Action::Create).holds(&Cells::default()));
}

#[test]
fn a_deny_of_any_role_wins() {
    let analyst = view(principal("7", &["analyst"], json!({})));
    assert_eq!(
        analyst.decision(CUSTOMER, INCOME).constant(),
        Some(Tier::Full)
    );
    let both = view(principal("7", &["analyst", "intern"], json!({})));
    assert_eq!(both.decision(CUSTOMER, INCOME).constant(), Some(Tier::None));
    assert_eq!(
        both.may(CUSTOMER, INCOME, Action::Aggregate),
        Condition::Constant(Truth::True)
    );
}

#[test]
fn a_deny_that_is_unknown_denies() {
    let rivals = |claims| principal("7", &["support", "suspect"], claims);
    let known = view(rivals(json!({"department_id": 3, "rival": 9})));
    assert_eq!(
        known.decision(CUSTOMER, EMAIL).tier(&owned_by(7)),
        Tier::Full
    );
    let unknown = view(rivals(json!({"department_id": 3})));
    assert_eq!(
        unknown.decision(CUSTOMER, EMAIL).constant(),
        Some(Tier::Partial)
    );
}

#[test]
fn roles_inherit_and_unknown_ones_are_dropped() {
    let view = view(principal(
        "7",
        &["manager", "wizard"],
        json!({"department_id": "3"}),
    ));
    assert_eq!(view.dropped_roles(), 1);
    assert!(
        view.principal().roles.contains("manager") && !view.principal().roles.contains("support")
    );
    assert!(view.exists(CUSTOMER));
}

#[test]
fn whoever_has_no_role_sees_nothing() {
    let nobody = view(principal("", &[], json!({})));
    assert!((0..5).all(|entity| !nobody.exists(entity)));
    assert_eq!(
        nobody.decision(CUSTOMER, EMAIL).constant(),
        Some(Tier::None)
    );
    assert_eq!(nobody.decision(99, 99).constant(), Some(Tier::None));
    assert_eq!(
        nobody.may(99, 99, Action::Full),
        Condition::Constant(Truth::False)
    );
}

#[test]
fn anonymous_is_a_role_only_where_the_policy_knows_it() {
    let open = set("p, anonymous, Department, row, true, allow").unwrap();
    let anonymous = principal("", &["anonymous"], json!({}));
    assert!(open.view(anonymous.clone(), now()).unwrap().exists(0));
    assert!(!open.view(Principal::default(), now()).unwrap().exists(0));
    assert!(
        !open
            .view(principal("7", &["wizard"], json!({})), now())
            .unwrap()
            .exists(0)
    );
    assert!(!view(anonymous).exists(0));
}

#[test]
fn foreign_keys_have_the_class_of_their_key() {
    let view = view(support("7"));
    assert_eq!(view.class(3, 1), "key.customer");
    assert_eq!(view.class(CUSTOMER, 10), "key.employee");
}

#[test]
fn visibility_is_equal_for_equals_and_differs_where_something_else_exists() {
    let one = view(support("7")).visibility();
    assert_eq!(one, view(support("8")).visibility());
    assert_ne!(
        one,
        view(principal("7", &["support"], json!({}))).visibility()
    );
    assert_ne!(
        one,
        view(principal("7", &["analyst"], json!({}))).visibility()
    );
}

/// All that the schema of a principal reads of its view: of each entity that exists whether its rows may be deleted, and of its fields
/// whether filters may name them, name rows by them, look for them, and whether they may be added up, given and changed.
fn offered(view: &View) -> Vec<Option<(bool, Vec<[bool; 6]>)>> {
    let possible = |condition: &Condition| {
        !matches!(
            condition,
            Condition::Constant(Truth::False | Truth::Unknown)
        )
    };
    let entities = shape().entities.into_iter().enumerate();
    let offered = entities.map(|(entity, known)| {
        let fields = known.fields.iter().enumerate().map(|(field, shape)| {
            let may = |action| possible(&view.may(entity, field, action));
            [
                view.decision(entity, field).highest() == Tier::Full,
                view.has_way_back(entity, field),
                shape.blind && possible(&view.may_look_up(entity, field)),
                view.may_aggregate(entity, field),
                may(Action::Create),
                may(Action::Update),
            ]
        });
        let delete = possible(&view.may_entity(entity, Action::Delete));
        view.exists(entity).then(|| (delete, fields.collect()))
    });
    offered.collect()
}

#[test]
fn each_use_of_an_entity_and_of_a_field_makes_another_visibility() {
    let masking = MASKING.replacen(
        "desensitized = { masker = \"hmac_token\" }",
        "desensitized = { masker = \"bijective_id\" }",
        1,
    );
    let masking = format!("{masking}[subject.\"Customer\"]\nkey = \"id\"\n");
    let visibility = |rule: &str| {
        let rules = format!("{CLASSES}p,a,Customer,row,true,allow\n{rule}\n");
        let files = PolicyFiles::from_memory(rules, masking.clone());
        let set = PolicySet::from_files(&files, &shape(), &key()).unwrap();
        Arc::new(set)
            .view(principal("7", &["a"], json!({})), now())
            .unwrap()
            .visibility()
    };
    let uses = [
        "",
        "p,a,Order,row,true,allow",
        "p,a,Customer,delete,true,allow",
        "p,a,Customer.email,full,true,allow",
        "p,a,Customer.id,desensitized,true,allow",
        "p,a,Customer.email,lookup,true,allow",
        "p,a,Customer.income,aggregate,true,allow",
        "p,a,Customer.email,create,true,allow",
        "p,a,Customer.email,update,true,allow",
    ];
    let visibilities: BTreeSet<u64> = uses.iter().map(|rule| visibility(rule)).collect();
    assert_eq!(visibilities.len(), uses.len());
    // What the schema does not show makes none.
    for rule in [
        "p,a,Customer.email,partial,true,allow",
        "p,a,Customer.fullName,lookup,true,allow",
        "p,a,Customer,export,true,allow",
    ] {
        assert_eq!(visibility(rule), visibility(""), "{rule}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, max_shrink_iters: 400, ..ProptestConfig::default() })]

    #[test]
    fn visibilities_are_equal_where_all_that_a_schema_reads_is_and_nowhere_else(
        rules in policy(&["allow", "allow", "deny"]),
        roles in some_roles(),
        others in some_roles(),
        object in select(vec![
            "*", "Customer", "Order", "Employee", "Customer.email", "pii.contact", "key", "Customer:key", "commerce", "public",
        ]),
        action in select(vec!["row", "full", "partial", "aggregate", "lookup", "create", "update", "delete"]),
        effect in select(vec!["allow", "allow", "deny"]),
        who in strategies::who(),
    ) {
        // `lookup` and the like are of a row or a field; these are of rows alone
        prop_assume!(!matches!(action, "row" | "delete") || matches!(object, "*" | "Customer" | "Order" | "Employee"));
        // there are keys from which a way leads back, and such from which none does
        let masking = MASKING.replacen("partial = { masker = \"hmac_token\" }", "partial = { masker = \"bijective_id\" }", 1);
        let rules = format!("{CLASSES}{}\np,z,{object},{action},true,{effect}\n", rules.join("\n"));
        let files = PolicyFiles::from_memory(rules.clone(), masking);
        let set = Arc::new(PolicySet::from_files(&files, &shape(), &key()).unwrap());
        let view = |roles: &BTreeSet<String>| {
            let who = Principal { roles: roles.clone(), ..who.clone() };
            set.view(who, now()).unwrap()
        };
        let one = view(&roles);
        // somebody else, and somebody who has one rule more
        let mut more = roles;
        more.insert("z".to_owned());
        for other in [view(&others), view(&more)] {
            let alike = offered(&one) == offered(&other);
            prop_assert_eq!(one.visibility() == other.visibility(), alike, "{}", rules);
        }
    }
}

#[test]
fn roles_of_two_audiences_are_refused_and_inheritance_carries_the_audience() {
    let masking = MASKING.replace("[audiences]", "[audiences]\nanalyst = \"partner\"");
    let rules = format!("{CLASSES}{RULES}g, scout, analyst\n");
    let files = PolicyFiles::from_memory(rules, masking);
    let set = std::sync::Arc::new(PolicySet::from_files(&files, &shape(), &key()).unwrap());
    let audience = |roles: &[&str]| {
        set.view(principal("7", roles, json!({})), now())
            .map(|view| view.audience().to_owned())
    };
    assert_eq!(audience(&["support"]).unwrap(), "internal");
    assert_eq!(audience(&["analyst"]).unwrap(), "partner");
    assert_eq!(audience(&["scout"]).unwrap(), "partner");
    let refused = audience(&["scout", "support"]).unwrap_err().to_string();
    assert_eq!(
        refused,
        "the roles `support` and `scout` belong to two audiences, `internal` and `partner`; \
         give the principal roles of one audience"
    );
}

#[test]
fn maskers_are_there_for_every_tier_below_full_that_can_be_reached() {
    let view = view(support("7"));
    assert!(view.masker(CUSTOMER, EMAIL, Tier::Partial).is_some());
    assert!(view.masker(CUSTOMER, EMAIL, Tier::Desensitized).is_some());
    assert!(view.masker(CUSTOMER, INCOME, Tier::Partial).is_none());
    assert!(view.masker(CUSTOMER, EMAIL, Tier::Full).is_none());
}

#[test]
fn the_revision_is_that_of_the_files() {
    let one = set(RULES).unwrap();
    assert_eq!(one.revision(), set(RULES).unwrap().revision());
    assert_ne!(
        one.revision(),
        set(&format!("{RULES}# more\n")).unwrap().revision()
    );
    assert_eq!(one.k(), 5);
}

#[test]
fn what_casbin_cannot_say_goes_past_it_unharmed() {
    // casbin rewrites `p.` and `r.` in literals, and its scripts know no number beyond 32 bits
    let set = set("
p, a, Customer, row, row.full_name == 'p.eft r.roles' && row.owner_id == 9007199254740993, allow
p, a, Customer.email, full,\"row.full_name in ['say \"\"p.when\"\", r.object', 'x']\", allow
")
    .unwrap();
    let who = principal("7", &["a"], json!({}));
    let view = set.view(who.clone(), now()).unwrap();
    let oracle = set.oracle(&who, now());
    for (name, row, full) in [
        ("p.eft r.roles", true, false),
        ("say \"p.when\", r.object", false, true),
        ("p_eft r_roles", false, false),
    ] {
        let cells = Cells(
            [
                ("Customer.fullName".to_owned(), Value::Text(name.to_owned())),
                (
                    "Customer.ownerId".to_owned(),
                    Value::Int(9_007_199_254_740_993),
                ),
            ]
            .into(),
        );
        assert_eq!(view.row(CUSTOMER).holds(&cells), row, "{name}");
        assert_eq!(
            oracle.enforce("Customer", Action::Row, &cells).unwrap(),
            row,
            "{name}"
        );
        assert_eq!(
            view.decision(CUSTOMER, EMAIL).tier(&cells) == Tier::Full,
            full,
            "{name}"
        );
        assert_eq!(
            oracle
                .enforce("Customer.email", Action::Full, &cells)
                .unwrap(),
            full,
            "{name}"
        );
    }
}

#[test]
fn more_sets_of_roles_than_are_kept_change_no_answer() {
    let names: Vec<String> = (0..14).map(|number| format!("r{number}")).collect();
    let rules: Vec<String> = names
        .iter()
        .map(|name| format!("p, {name}, Department, row, true, allow"))
        .collect();
    let set = set(&rules.join("\n")).unwrap();
    for bits in 1u32..1 << names.len() {
        let roles: Vec<&str> = names
            .iter()
            .enumerate()
            .filter(|(n, _)| bits >> n & 1 == 1)
            .map(|(_, name)| name.as_str())
            .collect();
        assert!(
            set.view(principal("7", &roles, json!({})), now())
                .unwrap()
                .exists(0)
        );
    }
}

#[test]
fn only_rules_that_had_a_say_are_named() {
    let rules = "\
p, a, Customer, row, true, allow
p, a, pii, full, true, allow
p, a, pii, full, user.level == 1, allow
p, a, pii, full, user.level == 2, deny
";
    let line = |number: usize| CLASSES.lines().count() + number;
    let named = |claims: serde_json::Value| {
        let who = principal("7", &["a"], claims);
        let view = set(rules).unwrap().view(who, now()).unwrap();
        let grants = &view.decision(CUSTOMER, EMAIL).grants;
        grants
            .iter()
            .flat_map(|grant| grant.rules.clone())
            .collect::<Vec<usize>>()
    };
    assert_eq!(named(json!({"level": 1})), [line(2), line(3)]);
    assert_eq!(named(json!({"level": 3})), [line(2)]);
    // nobody knows: the deny counts, so nothing is granted, and by no rule
    assert_eq!(named(json!({})), [0; 0]);
}
