//! Random policies: what adding a role may do. Whether they are decided rightly is asked in `agreement`.

use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::agreement::policies::{ROLES, policy};
use super::fixture::now;
use super::{Cells, set, shape, strategies};
use crate::condition::{Condition, Truth};
use crate::decision::{Action, Tier};
use crate::{PolicySet, Principal};

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
    fn what_may_be_and_what_must_be_agree_with_casbin(
        rules in policy(&["allow", "allow", "deny"]),
        roles in some_roles(),
        mut who in strategies::who(),
    ) {
        let rules = rules.join("\n");
        let set = loaded(&rules);
        who.roles = roles;
        let view = set.view(who, now()).unwrap();
        let oracle = set.oracle(view.principal(), now());
        let (always, never) = (Condition::Constant(Truth::True), Condition::Constant(Truth::False));
        let check = |name: &str, entity: usize, action: Action, compiled: Condition| {
            let entity = &shape().entities[entity].name;
            let may = oracle.decide(name, action, &oracle.truths_at_best(entity, action)).unwrap();
            let must = oracle.decide(name, action, &oracle.truths_at_worst(entity, action)).unwrap();
            prop_assert_eq!(compiled != never, may, "{} {}\n{}", name, action.name(), rules);
            prop_assert_eq!(compiled == always, must, "{} {}\n{}", name, action.name(), rules);
            Ok(())
        };
        for (entity, known) in shape().entities.iter().enumerate() {
            for action in [Action::Row, Action::Create] {
                check(&known.name, entity, action, view.may_entity(entity, action))?;
            }
        }
        for (entity, field) in shape().fields() {
            let name = shape().coordinate(entity, field);
            for action in [Action::Full, Action::Partial, Action::Aggregate] {
                check(&name, entity, action, view.may(entity, field, action))?;
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
            .iter()
            .filter(|line| line.ends_with("deny"))
            .enumerate()
            .map(|(number, line)| {
                let rest = line.splitn(3, ',').nth(2).unwrap();
                format!("p,strict{number},{rest}")
            })
            .collect();
        let rules = rules.join("\n");
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
