//! Random policies: the compiled form against casbin's enforcer, and what adding a role may do.

use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::fixture::now;
use super::{Cells, set, shape, strategies};
use crate::decision::{Action, Tier};
use crate::{PolicySet, Principal};

const ROLES: [&str; 4] = ["a", "b", "c", "d"];

/// Rows of policy.csv: rules, then inheritance from earlier to later roles (so that there is no circle).
pub(crate) fn policy(effects: &'static [&'static str]) -> impl Strategy<Value = String> {
    let object = prop_oneof![
        Just(("*", None)),
        Just(("pii", None)),
        Just(("public", None)),
        Just(("key", None)),
        Just(("Department", None)),
        Just(("Customer", Some(2))),
        Just(("Customer.email", Some(2))),
        Just(("Customer:pii", Some(2))),
        Just(("Customer:pii.contact", Some(2))),
        Just(("financial.income", Some(2))),
        Just(("Order", Some(3))),
        Just(("commerce", Some(3))),
    ];
    let rule = (
        select(&ROLES[..]),
        object,
        select(&Action::ALL[..]),
        select(effects),
    )
        .prop_flat_map(|(role, (object, entity), action, effect)| {
            strategies::condition(entity).prop_map(move |when| {
                let whole = matches!(object, "*" | "Department" | "Customer" | "Order");
                let action = match action {
                    Action::Row | Action::Delete if !whole => Action::Full,
                    action => action,
                };
                format!("p,{role},{object},{},\"{when}\",{effect}", action.name())
            })
        });
    let pairs: Vec<String> = (0..ROLES.len())
        .flat_map(|role| {
            (role + 1..ROLES.len()).map(move |other| format!("g,{},{}", ROLES[role], ROLES[other]))
        })
        .collect();
    (
        proptest::collection::btree_set(rule, 1..14),
        subsequence(pairs, 0..3),
    )
        .prop_map(|(rules, pairs)| {
            let known = rules.iter().cloned().collect::<Vec<_>>();
            // every role has a rule, so that inheriting it is never an error
            let every: Vec<String> = ROLES
                .iter()
                .map(|role| format!("p,{role},*,export,user.nobody == 'x',allow"))
                .collect();
            [every, known, pairs].concat().join("\n")
        })
}

pub(crate) fn some_roles() -> impl Strategy<Value = BTreeSet<String>> {
    subsequence(ROLES.to_vec(), 0..=3)
        .prop_map(|roles| roles.into_iter().map(str::to_owned).collect())
}

fn loaded(rules: &str) -> Arc<PolicySet> {
    set(rules).unwrap_or_else(|errors| panic!("{errors}\n{rules}"))
}

fn tiers(set: &Arc<PolicySet>, who: &Principal, row: &Cells) -> Vec<(String, Tier)> {
    let view = set.view(who.clone(), now()).unwrap();
    let tier = |(entity, field)| {
        (
            shape().coordinate(entity, field),
            view.decision(entity, field).tier(row),
        )
    };
    shape().fields().map(tier).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, max_shrink_iters: 400, ..ProptestConfig::default() })]

    #[test]
    fn the_compiled_form_agrees_with_casbin(
        rules in policy(&["allow", "allow", "deny"]),
        roles in some_roles(),
        mut who in strategies::who(),
        row in strategies::row(),
    ) {
        let set = loaded(&rules);
        who.roles = roles;
        let view = set.view(who, now()).unwrap();
        let oracle = set.oracle(view.principal(), now());
        for (entity, field) in shape().fields() {
            let coordinate = shape().coordinate(entity, field);
            let decision = view.decision(entity, field);
            let tier = decision.tier(&row);
            prop_assert_eq!(tier, oracle.tier(&coordinate, &row).unwrap(), "{}\n{}", coordinate, rules);
            for least in [Tier::Full, Tier::Partial, Tier::Desensitized] {
                prop_assert_eq!(decision.guard(least).holds(&row), tier >= least, "{}\n{}", coordinate, rules);
            }
            for action in [Action::Aggregate, Action::Update, Action::Export] {
                let compiled = view.may(entity, field, action).holds(&row);
                let casbin = oracle.enforce(&coordinate, action, &row).unwrap();
                prop_assert_eq!(compiled, casbin, "{} {}\n{}", coordinate, action.name(), rules);
            }
        }
        for (entity, known) in shape().entities.iter().enumerate() {
            for action in [Action::Row, Action::Create, Action::Update, Action::Delete] {
                let compiled = view.may_entity(entity, action).holds(&row);
                let casbin = oracle.enforce(&known.name, action, &row).unwrap();
                prop_assert_eq!(compiled, casbin, "{} {}\n{}", known.name, action.name(), rules);
            }
        }
    }

    #[test]
    fn adding_a_role_without_a_deny_never_shows_less(
        rules in policy(&["allow"]),
        denies in policy(&["deny"]),
        roles in some_roles(),
        more in select(&ROLES[..]),
        mut who in strategies::who(),
        row in strategies::row(),
    ) {
        // the denies belong to a role of their own, which the added one does not inherit
        let denies: Vec<String> = denies
            .lines()
            .filter(|line| line.ends_with("deny"))
            .enumerate()
            .map(|(number, line)| {
                let rest = line.splitn(3, ',').nth(2).unwrap();
                format!("p,strict{number},{rest}")
            })
            .collect();
        let set = loaded(&format!("{rules}\n{}", denies.join("\n")));
        who.roles = roles;
        who.roles.extend((0..denies.len()).map(|number| format!("strict{number}")));
        let before = tiers(&set, &who, &row);
        let rows_before: Vec<bool> = visible(&set, &who, &row);
        who.roles.insert(more.to_owned());
        for ((name, less), (_, now_shown)) in before.into_iter().zip(tiers(&set, &who, &row)) {
            prop_assert!(now_shown >= less, "{} {:?} -> {:?}\n{}", name, less, now_shown, rules);
        }
        for (before, after) in rows_before.into_iter().zip(visible(&set, &who, &row)) {
            prop_assert!(after || !before);
        }
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let files = crate::PolicyFiles::from_memory(bytes.clone(), bytes);
        let errors = PolicySet::from_files(&files, &shape(), &super::key()).unwrap_err();
        let shown = crate::report::Report::new(true, 80).errors(&errors);
        prop_assert!(shown.contains("policies/policy.csv"));
    }
}

fn visible(set: &Arc<PolicySet>, who: &Principal, row: &Cells) -> Vec<bool> {
    let view = set.view(who.clone(), now()).unwrap();
    (0..shape().entities.len())
        .map(|entity| view.row(entity).holds(row))
        .collect()
}
