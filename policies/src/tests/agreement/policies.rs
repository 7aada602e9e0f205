//! Random policies over the shape of the fixture.

use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::decision::Action;
use crate::tests::strategies;

pub(crate) const ROLES: [&str; 7] = ["a", "b", "c", "d", "e", "f", "h"];

/// Tiers more often than the rest: most fields are shown by them.
const ACTIONS: [Action; 16] = [
    Action::Full,
    Action::Full,
    Action::Partial,
    Action::Partial,
    Action::Partial,
    Action::Desensitized,
    Action::Desensitized,
    Action::Desensitized,
    Action::Row,
    Action::Row,
    Action::Aggregate,
    Action::Lookup,
    Action::Create,
    Action::Update,
    Action::Delete,
    Action::Export,
];

/// What a rule may be about, by the entity whose columns its condition may read; the wide ones more often.
const ANYTHING: [&str; 10] = [
    "*",
    "*",
    "*",
    "*",
    "*",
    "public",
    "key",
    "staff",
    "Department",
    "Employee",
];
const CUSTOMERS: [&str; 11] = [
    "pii",
    "pii.contact",
    "behavior",
    "financial.income",
    "Customer",
    "Customer",
    "Customer",
    "Customer.email",
    "Customer:pii",
    "Customer:pii.contact",
    "Customer:key",
];
const ORDERS: [&str; 4] = ["commerce", "Order", "Order.total", "Order:key"];

/// A row of policy.csv about one of these objects.
fn rule(
    objects: &'static [&'static str],
    entity: Option<usize>,
    effects: &'static [&'static str],
) -> impl Strategy<Value = String> {
    let when = prop_oneof![
        1 => Just("true".to_owned()),
        2 => strategies::condition(entity),
    ];
    let parts = (
        select(&ROLES[..]),
        select(objects),
        select(&ACTIONS[..]),
        when,
        select(effects),
    );
    parts.prop_map(|(role, object, action, when, effect)| {
        let whole = matches!(
            object,
            "*" | "Department" | "Employee" | "Customer" | "Order"
        );
        let action = match action {
            Action::Row | Action::Delete if !whole => Action::Full,
            action => action,
        };
        format!("p,{role},{object},{},\"{when}\",{effect}", action.name())
    })
}

/// Rows of policy.csv: rules, then inheritance from earlier to later roles (so that there is no circle).
pub(crate) fn policy(effects: &'static [&'static str]) -> impl Strategy<Value = Vec<String>> {
    let rule = prop_oneof![
        4 => rule(&ANYTHING, None, effects),
        4 => rule(&CUSTOMERS, Some(2), effects),
        1 => rule(&ORDERS, Some(3), effects),
    ];
    let pair = |role: usize, other: usize| format!("g,{},{}", ROLES[role], ROLES[other]);
    let pairs: Vec<String> = (0..ROLES.len())
        .flat_map(|role| (role + 1..ROLES.len()).map(move |other| pair(role, other)))
        .collect();
    let chain: Vec<String> = (1..ROLES.len()).map(|role| pair(role - 1, role)).collect();
    let inherits = prop_oneof![3 => subsequence(pairs, 0..5), 2 => Just(chain)];
    (proptest::collection::btree_set(rule, 1..28), inherits).prop_map(|(rules, pairs)| {
        // every role has a rule, so that inheriting it is never an error; one that was drawn already is not written twice
        let every = ROLES.map(|role| format!("p,{role},*,export,\"false\",allow"));
        let rules = rules.into_iter().filter(|rule| !every.contains(rule));
        let rules = rules.collect();
        [every.to_vec(), rules, pairs].concat()
    })
}
