//! Who sees which rows, and what is seen of them by all.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::implies::{implies, settled};
use super::rules::{Standing, covers};
use super::{Lint, Linting};
use crate::classes::within;
use crate::condition::{Condition, Truth};
use crate::decision::Action;
use crate::error::Fault;
use crate::rows::{OBJECT, ROLE, TO};
use crate::rules::{Effect, Rule};

/// What may be known by anybody has this class, or one below it.
const PUBLIC: &str = "public";

/// The entities of which each role, with all that it inherits, may see or create some row.
pub(super) struct Seen<'a>(BTreeMap<&'a str, BTreeSet<usize>>);

impl<'a> Seen<'a> {
    pub(super) fn new(linting: &Linting<'a>, standing: &Standing<'a>) -> Self {
        let roles = linting.set.roles().map(|role| {
            let own = linting.with_inherited(role);
            let rules: Vec<&Rule> = standing
                .rules()
                .filter(|rule| own.contains(rule.role.as_str()))
                .collect();
            let entities = 0..linting.set.shape().entities.len();
            let seen = entities.filter(|entity| {
                let mut actions = [Action::Row, Action::Create].into_iter();
                actions.any(|action| granted(&rules, *entity, action))
            });
            (role, seen.collect())
        });
        Self(roles.collect())
    }

    /// Whether the role may see or create some row of the entity.
    pub(super) fn sees(&self, role: &str, entity: usize) -> bool {
        self.by(role).any(|known| known == entity)
    }

    fn by(&self, role: &str) -> impl Iterator<Item = usize> {
        self.0.get(role).into_iter().flatten().copied()
    }
}

fn granted(rules: &[&Rule], entity: usize, action: Action) -> bool {
    let about = |effect: Effect| {
        rules.iter().filter(move |rule| {
            rule.action == action && rule.effect == effect && covers(rule, (entity, None))
        })
    };
    let condition = |rule: &Rule| rule.conditions.get(&entity).cloned();
    about(Effect::Allow)
        .filter_map(|rule| condition(rule))
        .any(|allow| {
            let mut denies = about(Effect::Deny).filter_map(|rule| condition(rule));
            !denies.any(|deny| implies(&allow, &deny))
        })
}

/// Roles that are granted something and have no rows to find it in, and rules about rows that nobody who has them sees.
pub(super) fn unseen(linting: &mut Linting<'_>, standing: &Standing<'_>, seen: &Seen<'_>) {
    let mut blind = BTreeSet::new();
    for rule in standing.rules().filter(|rule| rule.effect == Effect::Allow) {
        let heirs = linting.with_heirs(&rule.role);
        let rows: BTreeSet<usize> = heirs.iter().flat_map(|role| seen.by(role)).collect();
        if rows.is_empty() {
            if blind.insert(rule.role.as_str()) {
                let message = format!("no rule lets `{}` see a row", rule.role);
                let cure = "add a `row` rule for the role, or for one that inherits it";
                linting.rule(Lint::NoRows, rule, ROLE, Fault::new(message, cure));
            }
            continue;
        }
        let needs_rows = !matches!(rule.action, Action::Row | Action::Create | Action::Lookup);
        let about: BTreeSet<usize> = rule.fields.iter().map(|(entity, _)| *entity).collect();
        if needs_rows && about.is_disjoint(&rows) {
            let names: Vec<String> = about
                .iter()
                .filter_map(|entity| linting.set.shape().entity(*entity))
                .map(|entity| format!("`{}`", entity.name))
                .collect();
            let message = format!(
                "no role that has this rule sees a row of {}",
                names.join(", ")
            );
            let cure = "add a `row` rule, or remove this one";
            linting.rule(Lint::UnseenRows, rule, OBJECT, Fault::new(message, cure));
        }
    }
}

/// The rules by which each role, with all that it inherits, sees values in full.
pub(super) struct InFull<'a> {
    rules: BTreeMap<&'a str, Vec<&'a Rule>>,
    now: DateTime<Utc>,
}

impl<'a> InFull<'a> {
    pub(super) fn new(linting: &Linting<'a>, standing: &Standing<'a>) -> Self {
        let full = standing.rules().filter(|rule| rule.action == Action::Full);
        let full: Vec<&Rule> = full.collect();
        let rules = linting.set.roles().map(|role| {
            let own = linting.with_inherited(role);
            let rules = full.iter().copied();
            let rules = rules.filter(|rule| own.contains(rule.role.as_str()));
            (role, rules.collect())
        });
        Self {
            rules: rules.collect(),
            now: linting.now,
        }
    }

    /// Whether the role sees the field in full wherever it sees the row.
    pub(super) fn by(&self, role: &str, (entity, field): (usize, usize)) -> bool {
        let rules = self.rules.get(role).into_iter().flatten();
        let mut about = rules.filter(|rule| covers(rule, (entity, Some(field))));
        let truth = |rule: &Rule| {
            let condition = rule.conditions.get(&entity);
            condition.and_then(|condition: &Condition| settled(condition, self.now))
        };
        let always =
            |rule: &&Rule| rule.effect == Effect::Allow && truth(rule) == Some(Truth::True);
        about.clone().any(always) && about.all(|rule| rule.effect == Effect::Allow)
    }
}

/// Fields of no public class that each and every role sees in full, wherever it sees the row.
pub(super) fn seen_by_all(linting: &mut Linting<'_>, standing: &Standing<'_>, seen: &Seen<'_>) {
    let set = linting.set;
    let roles: Vec<&str> = set.roles().collect();
    let in_full = InFull::new(linting, standing);
    for row in &set.parts().rows.classes {
        let Some((entity, field)) = set.shape().find_field(&row.from) else {
            continue;
        };
        let sees = |role: &&str| seen.sees(role, entity) && in_full.by(role, (entity, field));
        if within(&row.to, PUBLIC) || roles.is_empty() || !roles.iter().all(sees) {
            continue;
        }
        let message = format!("every role sees `{}` in full", row.from);
        let cure =
            format!("give it a class below `{PUBLIC}` if that is meant, or narrow the rules");
        linting.pair(Lint::SeenByAll, row, TO, Fault::new(message, cure));
    }
}
