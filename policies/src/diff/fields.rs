//! What `masking.toml` says of single fields besides their masks: to what their sums are rounded, and what may be written.

use rust_decimal::Decimal;

use super::change::{Change, Direction, Shown, What};
use super::grants::{Comparing, name};
use super::masking::{of_role, text};
use super::standing::Both;
use crate::decision::Action;
use crate::set::PolicySet;

const WRITING: [Action; 2] = [Action::Create, Action::Update];

pub(super) fn changes(sets: Both<&PolicySet>, comparing: &mut Comparing<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    for (entity, field) in comparing.shape.fields() {
        let steps = sets.of(|set| set.masks().roundings.of(entity, field));
        if let Some(direction) = rounded(steps.old, steps.new) {
            let told = |step: Option<Decimal>| shown(step.map(|step| step.to_string()));
            let change = (
                What::Rounding,
                direction,
                (told(steps.old), told(steps.new)),
            );
            changes.extend(told_of(
                comparing,
                (entity, field),
                &[Action::Aggregate],
                &change,
            ));
        }
        let checks = sets.of(|set| set.masks().check(entity, field));
        if checks.old != checks.new {
            let told = |check: Option<crate::checks::Check>| {
                shown(check.map(|check| check.name().to_owned()))
            };
            let direction = Direction::of(checks.old.is_some(), checks.new.is_some());
            let direction = direction.unwrap_or(Direction::Changed);
            let change = (What::Check, direction, (told(checks.old), told(checks.new)));
            changes.extend(told_of(comparing, (entity, field), &WRITING, &change));
        }
    }
    changes
}

/// Whether sums and means tell more or less that are rounded to other steps.
pub(super) fn rounded(old: Option<Decimal>, new: Option<Decimal>) -> Option<Direction> {
    let (old, new) = match (old, new) {
        (None, None) => return None,
        (None, Some(_)) => return Some(Direction::Narrows),
        (Some(_), None) => return Some(Direction::Widens),
        (Some(old), Some(new)) => (old, new),
    };
    if old == new {
        None
    } else if tells(old, new) {
        Some(Direction::Narrows)
    } else if tells(new, old) {
        Some(Direction::Widens)
    } else {
        Some(Direction::Changed)
    }
}

/// Whether whoever knows the multiple of one step that is nearest to something knows that of the other, too. What is rounded
/// alike ends half a step beside a multiple: it ends where the finer does at odd times the finer step, and at even times in the
/// midst of what the finer does not tell apart.
fn tells(fine: Decimal, coarse: Decimal) -> bool {
    let whole = coarse.checked_rem(fine) == Some(Decimal::ZERO);
    let times = coarse.checked_div(fine);
    let odd = times.and_then(|times| times.checked_rem(Decimal::TWO)) == Some(Decimal::ONE);
    whole && odd
}

fn shown(words: Option<String>) -> Shown {
    words.map_or(Shown::Nothing, |words| text(&words))
}

/// The change for each role that was there before and may do one of these with the field.
fn told_of(
    comparing: &mut Comparing<'_>,
    field: (usize, usize),
    actions: &[Action],
    (what, direction, shown): &(What, Direction, (Shown, Shown)),
) -> Vec<Change> {
    let mut changes = Vec::new();
    for role in &comparing.standings.roles {
        let standing = comparing.standings.of(role, (field.0, Some(field.1)));
        let mut actions = actions.iter();
        let may = actions.any(|action| comparing.reaches(standing.new, *action));
        if may && role.audience.old.is_some() {
            let mut change = of_role(role, *what, *direction, shown.clone());
            let coordinate = name(comparing.shape, (field.0, Some(field.1)));
            change.coordinates.push(coordinate);
            changes.push(change);
        }
    }
    changes
}
