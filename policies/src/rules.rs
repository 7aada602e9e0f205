//! The rules: checked as text on their way into casbin, and built from what casbin holds.

use std::collections::{BTreeMap, BTreeSet};

use crate::classes::Classes;
use crate::condition::Condition;
use crate::condition::source::{self, Source};
use crate::decision::Action;
use crate::error::{Fault, Findings};
use crate::object::Object;
use crate::rows::{ACTION, EFT, OBJECT, RuleRow, WHEN};
use crate::shape::Shape;

/// What a matching rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    Allow,
    Deny,
}

/// A rule whose words have all been checked.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) line: usize,
    pub(crate) role: String,
    /// As it is written: casbin's `covers` reads it anew.
    pub(crate) object: String,
    pub(crate) action: Action,
    pub(crate) effect: Effect,
    /// The entities that it covers as such (rows, creating).
    pub(crate) entities: BTreeSet<usize>,
    /// The fields that it covers.
    pub(crate) fields: Vec<(usize, usize)>,
    /// The condition as it reads on each entity that is covered, wholly or in part.
    pub(crate) conditions: BTreeMap<usize, Condition>,
}

/// Checks every rule, with every error of each.
pub(crate) fn check(
    rows: &[RuleRow],
    shape: &Shape,
    classes: &Classes,
    findings: &mut Findings,
) -> Vec<Rule> {
    let texts: Vec<&str> = rows.iter().map(|row| row.when.as_str()).collect();
    let sources = source::parse_all(&texts);
    let mut rules = Vec::new();
    for (row, source) in rows.iter().zip(sources) {
        let mut note = |column: usize, result: Result<(), Fault>| {
            if let Err(fault) = result {
                findings.add(row.places.of(column, &fault), fault);
            }
        };
        let action = action(&row.action)
            .map_err(|fault| note(ACTION, Err(fault)))
            .ok();
        let effect = effect(&row.eft).map_err(|fault| note(EFT, Err(fault))).ok();
        let object = Object::parse(&row.object, shape, classes)
            .map_err(|fault| note(OBJECT, Err(fault)))
            .ok();
        let source = source.map_err(|fault| note(WHEN, Err(fault))).ok();
        if let (Some(object), Some(action)) = (&object, action) {
            note(ACTION, object.check(action));
        }
        if let (None, Some(source)) = (&object, &source) {
            note(WHEN, fits_anything(source, shape));
        }
        let (Some(object), Some(action), Some(effect), Some(source)) =
            (object, action, effect, source)
        else {
            continue;
        };
        let entities: BTreeSet<usize> = object.entities(shape).into_iter().collect();
        let fields = object.fields(shape, classes);
        match conditions(
            &source,
            shape,
            entities
                .iter()
                .chain(fields.iter().map(|(entity, _)| entity)),
        ) {
            Ok(conditions) => rules.push(Rule {
                line: row.line,
                role: row.role.clone(),
                object: row.object.clone(),
                action,
                effect,
                entities,
                fields,
                conditions,
            }),
            Err(fault) => note(WHEN, Err(fault)),
        }
    }
    rules
}

/// What the rule is about is not known; a condition that fits nothing is wrong all the same.
fn fits_anything(source: &Source, shape: &Shape) -> Result<(), Fault> {
    let mut first = Ok(());
    for entity in 0..shape.entities.len() {
        match source.translate(shape, entity) {
            Ok(_) => return Ok(()),
            Err(fault) if first.is_ok() => first = Err(fault),
            Err(_) => {}
        }
    }
    first
}

/// The condition on each covered entity: a column that one of them lacks is an error that names it.
fn conditions<'a>(
    source: &Source,
    shape: &Shape,
    covered: impl Iterator<Item = &'a usize>,
) -> Result<BTreeMap<usize, Condition>, Fault> {
    let covered: BTreeSet<usize> = covered.copied().collect();
    let mut conditions = BTreeMap::new();
    let mut faults = BTreeMap::new();
    for entity in &covered {
        match source.translate(shape, *entity) {
            Ok(condition) => {
                conditions.insert(*entity, condition);
            }
            Err(fault) => {
                faults.insert(*entity, fault);
            }
        }
    }
    let Some((_, mut fault)) = faults.pop_first() else {
        return Ok(conditions);
    };
    if covered.len() > 1 {
        let others: Vec<String> = faults
            .keys()
            .filter_map(|entity| shape.entity(*entity))
            .map(|entity| format!("`{}`", entity.name))
            .collect();
        if !others.is_empty() {
            fault.message = format!("{}; nor does it fit {}", fault.message, others.join(", "));
        }
        fault.cure = format!(
            "{}; the object covers {} entities, and the condition must fit each: narrow it as `Entity:class`",
            fault.cure,
            covered.len()
        );
    }
    Err(fault)
}

pub(crate) fn action(name: &str) -> Result<Action, Fault> {
    Action::from_name(name).ok_or_else(|| {
        let known = Action::ALL.map(Action::name);
        let cure = format!("the actions are {}", known.join(", "));
        Fault::unknown(format!("unknown action `{name}`"), name, known, &cure)
    })
}

pub(crate) fn effect(name: &str) -> Result<Effect, Fault> {
    match name {
        "allow" => Ok(Effect::Allow),
        "deny" => Ok(Effect::Deny),
        _ => Err(Fault::unknown(
            format!("unknown effect `{name}`"),
            name,
            // what carries a comment is not a misspelling
            ["allow", "deny"]
                .into_iter()
                .filter(|_| !name.contains('#')),
            "write `allow` or `deny` and nothing else; a comment takes a line of its own",
        )),
    }
}
