//! Random policies: what means the same is no difference, and nobody sees more unless it is told.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::{CLASSES, Change, Diff, MASKING, loaded, told, written};
use crate::decision::{Action, Tier};
use crate::tests::agreement::policies::{ROLES, policy};
use crate::tests::{Cells, now, shape, strategies};
use crate::{PolicySet, Principal};
use std::sync::Arc;

/// What is disclosed but by tiers.
const BESIDES: [Action; 3] = [Action::Aggregate, Action::Lookup, Action::Export];

/// Masks of which the lower one may tell what the other does not, on these fields.
const LOWER: &str = "[class.\"pii.name\"]\ndesensitized = { masker = \"hmac_token\" }\n\
                     [class.\"pii.contact\"]\npartial = { masker = \"email\" }\ndesensitized = { masker = \"hmac_token\" }\n";
const LOWERED: [&str; 2] = ["Customer.fullName", "Customer.email"];

/// The set of these rules, with those masks.
pub(super) fn masked(rules: &[String]) -> Arc<PolicySet> {
    written(CLASSES, &rules.join("\n"), &format!("{MASKING}{LOWER}"))
}

/// How much of each thing somebody gets of a row: 0 is nothing.
fn disclosed(
    set: &Arc<PolicySet>,
    who: &Principal,
    row: &Cells,
) -> Vec<(String, &'static str, u8)> {
    let view = set.view(who.clone(), now()).unwrap();
    let mut disclosed = Vec::new();
    for (entity, known) in shape().entities.iter().enumerate() {
        for action in [Action::Row, Action::Export] {
            let holds = view.may_entity(entity, action).holds(row);
            disclosed.push((known.name.clone(), action.name(), u8::from(holds)));
        }
    }
    for (entity, field) in shape().fields() {
        let name = shape().coordinate(entity, field);
        for action in BESIDES {
            let holds = view.may(entity, field, action).holds(row);
            disclosed.push((name.clone(), action.name(), u8::from(holds)));
        }
        let tier = view.decision(entity, field).tier(row);
        disclosed.push((name, "tier", tier as u8));
    }
    disclosed
}

/// Policies and what became of them: rules gone, come, exchanged, and other effects.
fn edited() -> impl Strategy<Value = (Vec<String>, Vec<String>)> {
    let effects = &["allow", "allow", "deny"];
    (
        policy(effects),
        policy(effects),
        any::<proptest::sample::Index>(),
        0..4u8,
    )
        .prop_map(|(old, other, at, edit)| {
            let rule = |line: &&String| line.starts_with("p,") && !line.contains("\"false\"");
            let at = |lines: &[String]| at.index(lines.len().max(1));
            let mut new = old.clone();
            match edit {
                0 => new
                    .retain(|line| Some(line) != old.iter().filter(rule).nth(at(&old) % old.len())),
                1 => new.extend(other.iter().filter(rule).take(1).cloned()),
                2 => {
                    new.retain(|line| Some(line) != old.iter().find(rule));
                    new.extend(other.iter().filter(rule).take(1).cloned());
                }
                _ => new = other,
            }
            let mut seen = BTreeSet::new();
            new.retain(|line| seen.insert(line.clone()));
            (old, new)
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, max_shrink_iters: 400, ..ProptestConfig::default() })]

    #[test]
    fn the_same_rules_in_another_order_are_no_difference(
        (rules, shuffled) in policy(&["allow", "allow", "deny"])
            .prop_flat_map(|rules| (Just(rules.clone()), Just(rules).prop_shuffle())),
    ) {
        let (one, other) = (loaded(&rules.join("\n")), loaded(&shuffled.join("\n")));
        prop_assert_eq!(told(&one, &one), Vec::<String>::new());
        prop_assert_eq!(told(&one, &other), Vec::<String>::new());
    }

    #[test]
    fn nobody_sees_more_unless_it_is_told(
        (old, new) in edited(),
        roles in subsequence(ROLES.to_vec(), 1..=4),
        who in proptest::collection::vec(strategies::who(), 3),
        rows in proptest::collection::vec(strategies::row(), 4),
        back in select(vec![false, true]),
    ) {
        let (mut old, mut new) = (masked(&old), masked(&new));
        if back {
            std::mem::swap(&mut old, &mut new);
        }
        let diff = Diff::new(&old, &new);
        let told = told(&old, &new).join("\n");
        for mut who in who {
            who.roles = roles.iter().map(|role| (*role).to_owned()).collect();
            for row in &rows {
                let pairs = disclosed(&old, &who, row).into_iter().zip(disclosed(&new, &who, row));
                for ((name, what, before), (_, _, after)) in pairs {
                    let wider = |what: &str| {
                        let of = |change: &Change| change.what.name() == what && change.coordinates.contains(&name);
                        diff.changes.iter().any(|change| of(change) && change.widens())
                    };
                    prop_assert!(before == after || !diff.changes.is_empty(), "{} is not told of", name);
                    prop_assert!(after <= before || wider(what), "{} {}\n{}", name, what, told);
                    // a token in place of a part
                    let token = (before, after) == (Tier::Partial as u8, Tier::Desensitized as u8);
                    let token = token && what == "tier" && LOWERED.contains(&&*name);
                    prop_assert!(!token || wider("tier"), "{} desensitized\n{}", name, told);
                    // what narrows everywhere shows nobody more, and what widens nobody less
                    let less = diff.changes.iter().any(|change| change.direction.name() != "widens");
                    prop_assert!(after >= before || less, "{}\n{}", name, told);
                }
            }
        }
    }
}
