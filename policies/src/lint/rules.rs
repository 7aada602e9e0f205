//! Rules without which every decision would be the same.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::implies::{contradicts_itself, implies, settled};
use super::{Lint, Linting};
use crate::condition::{Condition, Truth};
use crate::decision::Action;
use crate::error::Fault;
use crate::rows::{OBJECT, WHEN};
use crate::rules::{Effect, Rule};

/// What an action is granted or denied on: an entity as such, or one of its fields.
type Cell = (usize, Option<usize>);

/// Which of the rules are left, and which roles bring which.
pub(super) struct Standing<'a> {
    rules: &'a [Rule],
    idle: BTreeSet<usize>,
}

/// Why a rule decides nothing on a cell.
enum Idle<'a> {
    Covered(&'a Rule),
    Beaten(&'a Rule),
}

impl<'a> Standing<'a> {
    /// Looks at every rule, the later ones first: of two that say the same the first is kept.
    ///
    /// A rule is idle for what the rules that are left say, so all that are told can go together.
    pub(super) fn look(linting: &mut Linting<'a>) -> Self {
        let mut standing = Self {
            rules: linting.set.rules(),
            idle: BTreeSet::new(),
        };
        for (number, rule) in standing.rules.iter().enumerate().rev() {
            let never = never_holds(rule, linting.now).map(|told| (told, WHEN));
            let told = never.or_else(|| {
                let told = standing.outweighed(linting, rule)?;
                Some((told, OBJECT))
            });
            if let Some(((lint, fault), column)) = told {
                standing.idle.insert(number);
                linting.rule(lint, rule, column, fault);
            }
        }
        standing
    }

    /// The rules that are left.
    pub(super) fn rules(&self) -> impl Iterator<Item = &'a Rule> {
        let numbered = self.rules.iter().enumerate();
        numbered
            .filter(|(number, _)| !self.idle.contains(number))
            .map(|(_, rule)| rule)
    }

    fn outweighed(&self, linting: &Linting<'_>, rule: &Rule) -> Option<(Lint, Fault)> {
        let roles = linting.with_inherited(&rule.role);
        let others: Vec<&Rule> = self
            .rules()
            .filter(|other| other.line != rule.line && other.action == rule.action)
            .filter(|other| roles.contains(other.role.as_str()))
            .collect();
        let reasons: Option<Vec<Idle<'_>>> = cells(rule)
            .into_iter()
            .map(|cell| idle(rule, cell, &others))
            .collect();
        let reasons = reasons.filter(|reasons| !reasons.is_empty())?;
        let beaten = |reason: &Idle<'_>| matches!(reason, Idle::Beaten(_));
        let lines: BTreeSet<usize> = reasons
            .iter()
            .map(|(Idle::Covered(rule) | Idle::Beaten(rule))| rule.line)
            .collect();
        let one = lines.len() == 1;
        let lines = named(&lines);
        Some(if reasons.iter().all(beaten) {
            let message = format!("the deny of {lines} always wins over this allow");
            let cure = "remove this rule, or narrow the deny: a deny of the same action wins over every allow";
            (Lint::BeatenRule, Fault::new(message, cure))
        } else {
            let decide = if one { "decides" } else { "decide" };
            let message = format!("{lines} {decide} all that this rule is about");
            (Lint::ShadowedRule, Fault::new(message, "remove this rule"))
        })
    }
}

/// Whether no principal on no row is in the condition, now or later.
fn never_holds(rule: &Rule, now: DateTime<Utc>) -> Option<(Lint, Fault)> {
    let all = |never: &dyn Fn(&Condition) -> bool| {
        !rule.conditions.is_empty() && rule.conditions.values().all(never)
    };
    let over = |now| {
        all(&|condition| match settled(condition, now) {
            Some(Truth::False) => true,
            // a deny that is unknown holds
            Some(Truth::Unknown) => rule.effect == Effect::Allow,
            Some(Truth::True) | None => false,
        })
    };
    let cure = "remove this rule, or mend its condition";
    if over(DateTime::<Utc>::MIN_UTC) {
        let message = "the condition can never hold";
        Some((Lint::NeverHolds, Fault::new(message, cure)))
    } else if over(now) {
        let message = "the time in which the condition could hold is over";
        Some((Lint::ExpiredRule, Fault::new(message, cure)))
    } else if rule.effect == Effect::Allow && all(&contradicts_itself) {
        let message = "the condition asks for two things that exclude each other";
        Some((Lint::Contradiction, Fault::new(message, cure)))
    } else {
        None
    }
}

fn idle<'a>(rule: &Rule, cell: Cell, others: &[&'a Rule]) -> Option<Idle<'a>> {
    let condition = rule.conditions.get(&cell.0)?;
    let outweighs = |other: &&&'a Rule| {
        let theirs = other.conditions.get(&cell.0);
        covers(other, cell) && theirs.is_some_and(|theirs| implies(condition, theirs))
    };
    let with = |effect: Effect| others.iter().filter(move |other| other.effect == effect);
    // an entity exists for whoever might see a row of it, so a deny on some rows takes less away than their allow gives
    let exists = matches!(rule.action, Action::Row | Action::Create) && cell.1.is_none();
    let beats = |deny: &&&'a Rule| {
        let theirs = deny.conditions.get(&cell.0);
        outweighs(deny) && (!exists || theirs == Some(&Condition::Constant(Truth::True)))
    };
    if rule.effect == Effect::Allow
        && let Some(deny) = with(Effect::Deny).find(beats)
    {
        return Some(Idle::Beaten(deny));
    }
    let same = with(rule.effect).find(outweighs)?;
    Some(Idle::Covered(same))
}

/// What a rule decides. Rows come and go whole; what is seen of one is a matter of its fields.
pub(super) fn cells(rule: &Rule) -> Vec<Cell> {
    let whole = rule.entities.iter().map(|entity| (*entity, None));
    let fields = rule.fields.iter();
    let fields = fields.map(|(entity, field)| (*entity, Some(*field)));
    match rule.action {
        Action::Row | Action::Delete => whole.collect(),
        Action::Full
        | Action::Partial
        | Action::Desensitized
        | Action::Aggregate
        | Action::Lookup => fields.collect(),
        Action::Create | Action::Update | Action::Export => whole.chain(fields).collect(),
    }
}

pub(super) fn covers(rule: &Rule, (entity, field): Cell) -> bool {
    match field {
        Some(field) => rule.fields.contains(&(entity, field)),
        None => rule.entities.contains(&entity),
    }
}

fn named(lines: &BTreeSet<usize>) -> String {
    let lines: Vec<String> = lines.iter().map(usize::to_string).collect();
    match lines.as_slice() {
        [line] => format!("line {line}"),
        lines => format!("lines {} together", lines.join(", ")),
    }
}
