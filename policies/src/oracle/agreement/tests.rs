//! That the check agrees with what is sound, and finds what is not.

use super::*;
use crate::condition::Truth;
use crate::tests::{now, set};

const RULES: &str = "\
p, clerk, Customer, row, row.department_id == user.department_id || row.owner_id == user.id, allow
p, clerk, Customer:pii, full, row.income < 100 && !(row.stage == 'LOST'), allow
p, clerk, Customer.email, full,\"row.owner_id in [1, 2]\", deny
p, clerk, pii, partial, user.purpose == 'audit', allow
p, clerk, public, full, true, allow
p, boss, Order, update, row.customer.owner.department_id in user.departments, allow
p, boss, Customer, export, row.birth < now && row.email == null, allow
g, boss, clerk
";

#[test]
fn a_sound_set_agrees_on_all_that_it_decides() {
    let set = set(RULES).unwrap();
    let mut last = (0, 0);
    let agreement = set.agree(now(), |done, all| last = (done, all)).unwrap();
    // two roles, three principals, ten actions, four entities with 21 fields, on one row at the least
    assert!(agreement.decisions >= 2 * 3 * 10 * 25, "{agreement:?}");
    assert!(agreement.asked < agreement.decisions, "{agreement:?}");
    assert_eq!(last, (8, 8));
}

#[test]
fn every_condition_is_tried_true_false_and_unknown() {
    let set = set(RULES).unwrap();
    let rows = Rows::new(&set, now());
    for rule in set.rules() {
        for (entity, condition) in &rule.conditions {
            if matches!(condition, Condition::Constant(_)) {
                continue;
            }
            let mut seen = Vec::new();
            for principal in &rows.principals {
                let settled = condition.settle(set.shape(), principal, now());
                seen.extend(rows.of(*entity).iter().map(|row| settled.evaluate(row)));
            }
            for truth in [Truth::True, Truth::False, Truth::Unknown] {
                assert!(
                    seen.contains(&truth),
                    "line {} is never {truth:?}",
                    rule.line
                );
            }
            let about_a_row = !rows.of(*entity).is_empty() && rule.object != "pii";
            assert!(
                !about_a_row || seen.contains(&Truth::False),
                "line {}",
                rule.line
            );
        }
    }
}

/// What the check says of a gateway that goes by other rules than casbin.
fn compared(compiled: &str) -> Result<(), Disagreement> {
    let (right, wrong) = (set(RULES).unwrap(), set(compiled).unwrap());
    let rows = Rows::new(&right, now());
    let mut comparing = Comparing {
        set: &right,
        stores: stores(&right).unwrap(),
        answers: HashMap::new(),
    };
    for principal in &rows.principals {
        let mut principal = principal.clone();
        principal.roles.insert("boss".to_owned());
        let view = wrong.view(principal, now())?;
        for entity in 0..right.shape().entities.len() {
            let told = Told::new(&right, view.principal(), now(), rows.of(entity), entity);
            comparing.entity("boss", &view, entity, &told)?;
        }
    }
    Ok(())
}

#[test]
fn a_gateway_that_decides_otherwise_is_found_out() {
    compared(RULES).unwrap();
    let damages = [
        ("row.owner_id == user.id", "row.owner_id != user.id"),
        (
            "p, clerk, Customer.email, full,\"row.owner_id in [1, 2]\", deny\n",
            "",
        ),
        ("!(row.stage", "(row.stage"),
        ("row.income < 100", "row.income <= 100"),
        ("pii, partial", "pii, desensitized"),
        ("user.purpose == 'audit'", "user.purpose != 'mischief'"),
        ("row.birth < now", "row.birth <= now"),
        ("public, full, true", "Customer.stage, full, true"),
        ("g, boss, clerk", "g, clerk, boss"),
    ];
    for (right, wrong) in damages {
        assert!(RULES.contains(right), "{right}");
        let found = compared(&RULES.replace(right, wrong));
        assert!(found.is_err(), "`{wrong}` for `{right}` is not found out");
    }
}
