//! The rules of one set of roles, laid out by cell, so that a request only settles conditions.

use std::collections::{BTreeSet, HashMap};

use crate::decision::Action;
use crate::rules::{Effect, Rule};
use crate::shape::Shape;

/// The rules of one set of roles (with all they inherit), as indices into the rules of the set.
#[derive(Debug, Default)]
pub(crate) struct Compiled {
    pub(crate) entities: Vec<CompiledEntity>,
}

#[derive(Debug, Default)]
pub(crate) struct CompiledEntity {
    /// The rules about the entity as such.
    whole: Rulings,
    /// The different rulings of its fields: fields with the same rules share one, and so one decision.
    kinds: Vec<Rulings>,
    /// The kind of each field.
    kind_of: Vec<usize>,
}

/// Which rules speak about one thing, by action.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Rulings(Vec<(Action, Ruling)>);

/// The rules about one action on one thing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Ruling {
    pub(crate) allow: Vec<usize>,
    pub(crate) deny: Vec<usize>,
}

impl Compiled {
    /// Lays out the rules of these roles.
    pub(crate) fn new(shape: &Shape, rules: &[Rule], roles: &BTreeSet<&str>) -> Self {
        let mut whole: Vec<Rulings> = vec![Rulings::default(); shape.entities.len()];
        let mut cells: Vec<Vec<Rulings>> = shape
            .entities
            .iter()
            .map(|entity| vec![Rulings::default(); entity.fields.len()])
            .collect();
        for (number, rule) in rules.iter().enumerate() {
            if !roles.contains(rule.role.as_str()) {
                continue;
            }
            for entity in &rule.entities {
                if let Some(rulings) = whole.get_mut(*entity) {
                    rulings.add(rule, number);
                }
            }
            for (entity, field) in &rule.fields {
                if let Some(rulings) = cells
                    .get_mut(*entity)
                    .and_then(|fields| fields.get_mut(*field))
                {
                    rulings.add(rule, number);
                }
            }
        }
        let entities = whole.into_iter().zip(cells);
        Self {
            entities: entities
                .map(|(whole, fields)| CompiledEntity::new(whole, fields))
                .collect(),
        }
    }
}

impl CompiledEntity {
    fn new(whole: Rulings, fields: Vec<Rulings>) -> Self {
        let mut kinds = Vec::new();
        let mut known: HashMap<Rulings, usize> = HashMap::new();
        let kind_of = fields
            .into_iter()
            .map(|rulings| {
                *known.entry(rulings).or_insert_with_key(|rulings| {
                    kinds.push(rulings.clone());
                    kinds.len() - 1
                })
            })
            .collect();
        Self {
            whole,
            kinds,
            kind_of,
        }
    }

    /// How many different rulings its fields have.
    pub(crate) fn kinds(&self) -> usize {
        self.kinds.len()
    }

    /// The kind of a field.
    pub(crate) fn kind(&self, field: usize) -> Option<usize> {
        self.kind_of.get(field).copied()
    }

    /// The rules about an action on the entity as such.
    pub(crate) fn whole(&self, action: Action) -> Option<&Ruling> {
        self.whole.get(action)
    }

    /// The rules about an action on fields of this kind.
    pub(crate) fn field(&self, kind: usize, action: Action) -> Option<&Ruling> {
        self.kinds.get(kind)?.get(action)
    }
}

impl Rulings {
    fn get(&self, action: Action) -> Option<&Ruling> {
        self.0
            .iter()
            .find(|(own, _)| *own == action)
            .map(|(_, ruling)| ruling)
    }

    fn add(&mut self, rule: &Rule, number: usize) {
        let position = self.0.iter().position(|(own, _)| *own == rule.action);
        let position = position.unwrap_or_else(|| {
            self.0.push((rule.action, Ruling::default()));
            self.0.len() - 1
        });
        if let Some((_, ruling)) = self.0.get_mut(position) {
            match rule.effect {
                Effect::Allow => ruling.allow.push(number),
                Effect::Deny => ruling.deny.push(number),
            }
        }
    }
}
