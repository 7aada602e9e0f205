//! Small policies, of which everything is tried: all sets of roles, all rows, and all that may be made of a row.

use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::json;

use super::random::masked;
use super::{Change, Diff, told};
use crate::decision::{Action, Tier};
use crate::tests::{Cells, now, principal, shape};
use crate::value::Value;
use crate::{PolicySet, View};

const ROLES: [&str; 4] = ["a", "b", "c", "d"];

/// What rows differ in, and the values that there are.
fn columns() -> [(&'static str, [Value; 3]); 3] {
    let text = |text: &str| Value::Text(text.to_owned());
    [
        (
            "Customer.consent",
            [Value::Null, Value::Boolean(true), Value::Boolean(false)],
        ),
        (
            "Customer.stage",
            [Value::Null, text("ACTIVE"), text("LOST")],
        ),
        (
            "Customer.ownerId",
            [Value::Null, Value::Int(7), Value::Int(8)],
        ),
    ]
}

/// Every row, as the place of each of its values.
fn rows() -> Vec<[usize; 3]> {
    let each = (0..27).map(|number| [number % 3, number / 3 % 3, number / 9]);
    each.collect()
}

fn cells(row: [usize; 3]) -> Cells {
    let columns = columns().into_iter().zip(row);
    let cells = columns.map(|((name, values), place)| (name.to_owned(), values[place].clone()));
    Cells(cells.collect())
}

fn seen_by(set: &Arc<PolicySet>, roles: &[&str]) -> View {
    set.view(principal("7", roles, json!({})), now()).unwrap()
}

fn email() -> (usize, usize) {
    shape().find_field("Customer.email").unwrap()
}

/// Lines about these objects by these actions, for some roles; every role is known.
fn policy(
    objects: &'static [&'static str],
    actions: &'static [&'static str],
) -> impl Strategy<Value = Vec<String>> {
    let whens = select(vec![
        "true",
        "true",
        "row.consent",
        "row.stage == 'LOST'",
        "row.owner_id == user.id",
        "row.consent == null",
        "!(row.owner_id == user.id) && row.consent",
    ]);
    let effects = select(vec!["allow", "allow", "allow", "deny"]);
    let parts = (
        select(&ROLES[..]),
        select(objects),
        select(actions),
        whens,
        effects,
    );
    let rule = parts.prop_map(|(role, object, action, when, effect)| {
        format!("p,{role},{object},{action},{when},{effect}")
    });
    proptest::collection::btree_set(rule, 1..9).prop_map(|rules| {
        let known = ROLES.map(|role| format!("p,{role},Order,row,true,allow"));
        known.into_iter().chain(rules).collect()
    })
}

/// One policy, and the same with one rule gone, one come, or both.
fn edited(
    objects: &'static [&'static str],
    actions: &'static [&'static str],
) -> impl Strategy<Value = (Vec<String>, Vec<String>)> {
    let other = policy(objects, actions);
    let parts = (policy(objects, actions), other, any::<Index>(), 0..3u8);
    parts.prop_map(|(old, other, at, edit)| {
        let mut new = old.clone();
        if edit != 0 {
            new.remove(ROLES.len() + at.index(old.len() - ROLES.len()));
        }
        if edit != 1 {
            new.extend(other.get(ROLES.len()).cloned());
        }
        let mut seen = BTreeSet::new();
        new.retain(|line| seen.insert(line.clone()));
        (old, new)
    })
}

/// The tiers that somebody can have a customer's email at who sees this row: of the row, and of what it may be made.
fn highest(view: &View, row: [usize; 3]) -> Tier {
    let (entity, field) = email();
    let mut known = BTreeSet::from([row]);
    let mut left = vec![row];
    let mut highest = Tier::None;
    while let Some(row) = left.pop() {
        let before = cells(row);
        highest = highest.max(view.decision(entity, field).tier(&before));
        for (column, (name, values)) in columns().iter().enumerate() {
            let (entity, field) = shape().find_field(name).unwrap();
            let may = view.may(entity, field, Action::Update);
            for place in 0..values.len() {
                let mut made = row;
                made[column] = place;
                // it is asked of the row as it was and as it is then
                if may.holds(&before) && may.holds(&cells(made)) && known.insert(made) {
                    left.push(made);
                }
            }
        }
    }
    highest
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn no_set_of_roles_sees_more_of_a_cell_unless_it_is_told(
        (old, new) in edited(&["Customer.email"], &["full", "partial", "partial", "desensitized", "desensitized"]),
    ) {
        let (old, new) = (masked(&old), masked(&new));
        let diff = Diff::new(&old, &new);
        let wider = |change: &Change| change.what.name() == "tier" && change.widens();
        let (entity, field) = email();
        for chosen in 1..1_usize << ROLES.len() {
            let roles = ROLES.iter().enumerate().filter(|(at, _)| chosen >> at & 1 == 1);
            let roles: Vec<&str> = roles.map(|(_, role)| *role).collect();
            let (before, after) = (seen_by(&old, &roles), seen_by(&new, &roles));
            for row in rows() {
                let row = cells(row);
                let tier = |view: &View| view.decision(entity, field).tier(&row);
                let (before, after) = (tier(&before), tier(&after));
                let token = (before, after) == (Tier::Partial, Tier::Desensitized);
                let more = after > before || token;
                prop_assert!(
                    !more || diff.changes.iter().any(wider),
                    "{:?}: {:?} -> {:?}\n{}", roles, before, after, told(&old, &new).join("\n")
                );
            }
        }
    }

    #[test]
    fn nobody_brings_a_row_to_a_higher_tier_unless_it_is_told(
        (old, new) in edited(
            &["Customer.email", "Customer.consent", "Customer.stage", "Customer.ownerId"],
            &["full", "partial", "update", "update", "update"],
        ),
    ) {
        let (old, new) = (masked(&old), masked(&new));
        let diff = Diff::new(&old, &new);
        for role in ROLES {
            let told_of = |change: &Change| change.widens() && change.roles.iter().any(|own| own == role);
            if diff.changes.iter().any(told_of) {
                continue;
            }
            let (before, after) = (seen_by(&old, &[role]), seen_by(&new, &[role]));
            for row in rows() {
                let (before, after) = (highest(&before, row), highest(&after, row));
                prop_assert!(
                    after <= before,
                    "{}: {:?} -> {:?}\n{}", role, before, after, told(&old, &new).join("\n")
                );
            }
        }
    }
}
