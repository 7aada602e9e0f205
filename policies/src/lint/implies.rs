//! What can be said of conditions whoever asks and whatever the row holds. What is not seen here is not claimed.

use chrono::{DateTime, Utc};

use crate::condition::{Comparison, Condition, InList, Operand, Truth, proof};
use crate::value::Value;

/// How many pairs of parts are looked at before giving up.
const STEPS: u32 = 20_000;

/// Whether `one` being true means that `other` is, and `one` not being false that `other` is not.
///
/// The first is what an allow needs, the second a deny: unknown counts as true there. By their form alone, where
/// [`proof`] would see more: who could see a row of an entity by the one can by the other, so the entity exists as before.
pub(super) fn implies(one: &Condition, other: &Condition) -> bool {
    let mut steps = STEPS;
    follows(one, other, &mut steps)
}

fn follows(one: &Condition, other: &Condition, steps: &mut u32) -> bool {
    *steps = steps.saturating_sub(1);
    if *steps == 0 {
        return false;
    }
    match (one, other) {
        _ if one == other => true,
        (_, Condition::Constant(Truth::True)) | (Condition::Constant(Truth::False), _) => true,
        (_, Condition::And(all)) => all.iter().all(|part| follows(one, part, steps)),
        (Condition::Or(any), _) => any.iter().all(|part| follows(part, other, steps)),
        (Condition::Not(inner), Condition::Not(other)) => follows(other, inner, steps),
        (_, Condition::Or(any)) if any.iter().any(|part| follows(one, part, steps)) => true,
        (Condition::And(all), _) => all.iter().any(|part| follows(part, other, steps)),
        _ => match (choice(one), choice(other)) {
            (Some((operand, few)), Some((other, many))) => {
                operand == other && few.iter().all(|value| many.contains(value))
            }
            _ => false,
        },
    }
}

/// An operand and the values that it must be one of.
fn choice(condition: &Condition) -> Option<(&Operand, &[Value])> {
    match condition {
        Condition::Compare {
            op: Comparison::Eq,
            left,
            right: Operand::Literal(value),
        } => Some((left, std::slice::from_ref(value))),
        Condition::In {
            operand,
            list: InList::Values(values),
        } => Some((operand, values)),
        _ => None,
    }
}

/// The truth of a condition that hangs on no row and no principal, from this time on for good.
pub(super) fn settled(condition: &Condition, now: DateTime<Utc>) -> Option<Truth> {
    let all =
        |parts: &[Condition]| -> Vec<_> { parts.iter().map(|part| settled(part, now)).collect() };
    match condition {
        Condition::Constant(truth) => Some(*truth),
        Condition::Not(inner) => settled(inner, now).map(Truth::negate),
        Condition::And(parts) => match all(parts) {
            truths if truths.contains(&Some(Truth::False)) => Some(Truth::False),
            truths => truths
                .into_iter()
                .try_fold(Truth::True, |sum, truth| Some(sum.and(truth?))),
        },
        Condition::Or(parts) => match all(parts) {
            truths if truths.contains(&Some(Truth::True)) => Some(Truth::True),
            truths => truths
                .into_iter()
                .try_fold(Truth::False, |sum, truth| Some(sum.or(truth?))),
        },
        Condition::Compare {
            op,
            left: Operand::Now,
            right: Operand::Literal(Value::DateTime(then)),
        } if *then < now => Some(match op {
            Comparison::Lt | Comparison::Le | Comparison::Eq => Truth::False,
            Comparison::Gt | Comparison::Ge | Comparison::Ne => Truth::True,
        }),
        _ => None,
    }
}

/// Whether the condition can be true of no row: it asks for two things that exclude each other.
pub(super) fn contradicts_itself(condition: &Condition) -> bool {
    proof::follows(condition, &Condition::Constant(Truth::False))
}
