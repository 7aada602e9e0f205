//! The oracle: what is compiled decides as casbin's own enforcer does, with conditions read naively.

use std::cell::RefCell;

use chrono::Days;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::test_runner::{RngAlgorithm, TestError, TestRng, TestRunner};

use self::case::Case;
use self::tally::Tally;
use super::{now, set, shape, strategies};
use crate::View;
use crate::decision::{Action, Tier};
use crate::oracle::{Naive, Oracle};
use crate::tests::Cells;

mod case;
pub(crate) mod policies;
mod tally;

/// How many decisions are compared, unless `SUDARE_ORACLE_DECISIONS` says otherwise.
const DECISIONS: u64 = 50_000;
/// Actions on fields that are no tier; each cell is asked about one of them.
const BESIDES: [Action; 5] = [
    Action::Aggregate,
    Action::Lookup,
    Action::Create,
    Action::Update,
    Action::Export,
];
/// The actions that show a cell; the last that is allowed is the tier.
const TIERS: [(Action, Tier); 3] = [
    (Action::Desensitized, Tier::Desensitized),
    (Action::Partial, Tier::Partial),
    (Action::Full, Tier::Full),
];
const ON_ENTITIES: [Action; 4] = [Action::Row, Action::Create, Action::Update, Action::Delete];

fn case() -> impl Strategy<Value = Case> {
    let roles = subsequence(policies::ROLES.to_vec(), 0..=4);
    let who = (strategies::who(), roles).prop_map(|(mut who, roles)| {
        who.roles = roles.into_iter().map(str::to_owned).collect();
        who
    });
    let time = select(vec![now(), now() - Days::new(400), now() + Days::new(400)]);
    (
        policies::policy(&["allow", "allow", "allow", "allow", "deny"]),
        time,
        proptest::collection::vec(who, 1..7),
        proptest::collection::vec(strategies::row(), 1..8),
    )
        .prop_map(|(rules, now, people, rows)| Case {
            rules,
            now,
            people,
            rows,
        })
}

#[test]
#[expect(clippy::print_stderr, reason = "what was compared is worth a look")]
fn the_compiled_form_agrees_with_casbin() {
    let longer = std::env::var("SUDARE_ORACLE_DECISIONS").ok();
    let wanted = longer
        .as_ref()
        .map_or(DECISIONS, |text| text.parse().unwrap());
    let config = ProptestConfig {
        max_shrink_iters: 600,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    // The same cases every time, and others where more of them are asked for.
    let mut runner = match longer {
        Some(_) => TestRunner::new(config),
        None => TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha)),
    };
    let tally = RefCell::new(Tally::default());
    let cases = case();
    while tally.borrow().decisions < wanted {
        let tree = cases.new_tree(&mut runner).unwrap();
        let result = runner.run_one(tree, |case| {
            compare(&case, &mut tally.borrow_mut()).map_err(TestCaseError::fail)
        });
        if let Err(TestError::Fail(reason, case)) = result {
            let after = tally.borrow().first_failure.unwrap_or_default();
            panic!("{reason}, after {after} decisions; {}", case.keep());
        }
        result.unwrap();
    }
    let tally = tally.into_inner();
    eprintln!("{tally}");
    tally.check();
}

#[test]
fn what_failed_once_agrees_with_casbin() {
    let cases = case::kept();
    assert!(cases.len() >= 8, "where are the cases?");
    for (name, case) in cases {
        if let Err(reason) = compare(&case, &mut Tally::default()) {
            panic!("{name}: {reason}");
        }
    }
}

/// Every cell, everybody, every row: the two forms of each decision.
fn compare(case: &Case, tally: &mut Tally) -> Result<(), String> {
    let set = set(&case.rules.join("\n")).map_err(|errors| errors.to_string())?;
    for who in &case.people {
        let view = set
            .view(who.clone(), case.now)
            .map_err(|error| error.to_string())?;
        let oracle = set.oracle(view.principal(), case.now);
        let naive = Naive {
            shape: set.shape(),
            principal: view.principal(),
            now: case.now,
        };
        for (number, row) in case.rows.iter().enumerate() {
            for rule in set.rules() {
                for condition in rule.conditions.values() {
                    tally.condition(condition, naive.truth(condition, row));
                }
            }
            cells(&view, &oracle, (row, number), tally)
                .and_then(|()| entities(&view, &oracle, row, tally))
                .inspect_err(|_| tally.fail())?;
        }
    }
    Ok(())
}

fn cells(
    view: &View,
    oracle: &Oracle<'_>,
    (row, number): (&Cells, usize),
    tally: &mut Tally,
) -> Result<(), String> {
    let shape = shape();
    for (entity, field) in shape.fields() {
        let coordinate = shape.coordinate(entity, field);
        let decision = view.decision(entity, field);
        let mut casbin = Tier::None;
        for (action, tier) in TIERS {
            let compiled = view.may(entity, field, action).holds(row);
            if agree(oracle, (&coordinate, action, row), compiled, tally)? {
                casbin = tier;
            }
        }
        tally.tier(casbin);
        let tier = decision.tier(row);
        if tier != casbin {
            return Err(format!(
                "{coordinate}: {tier:?}, and casbin says {casbin:?}"
            ));
        }
        for least in [Tier::Full, Tier::Partial, Tier::Desensitized] {
            if decision.guard(least).holds(row) != (tier >= least) {
                return Err(format!(
                    "{coordinate}: the guard of {least:?} is not that of {tier:?}"
                ));
            }
        }
        let action = BESIDES[(field + number) % BESIDES.len()];
        let compiled = view.may(entity, field, action).holds(row);
        agree(oracle, (&coordinate, action, row), compiled, tally)?;
    }
    Ok(())
}

fn entities(
    view: &View,
    oracle: &Oracle<'_>,
    row: &Cells,
    tally: &mut Tally,
) -> Result<(), String> {
    for (entity, known) in shape().entities.iter().enumerate() {
        for action in ON_ENTITIES {
            let compiled = view.may_entity(entity, action).holds(row);
            agree(oracle, (&known.name, action, row), compiled, tally)?;
        }
    }
    Ok(())
}

fn agree(
    oracle: &Oracle<'_>,
    (coordinate, action, row): (&str, Action, &Cells),
    compiled: bool,
    tally: &mut Tally,
) -> Result<bool, String> {
    let casbin = oracle
        .enforce(coordinate, action, row)
        .map_err(|error| error.to_string())?;
    tally.answer(casbin);
    if compiled == casbin {
        return Ok(casbin);
    }
    Err(format!(
        "{coordinate} {}: {compiled}, and casbin says {casbin}",
        action.name()
    ))
}
