//! The rules of one set of roles, laid out by cell, so that a request only settles conditions.

use std::collections::HashMap;

use crate::decision::Action;
use crate::rules::{Effect, Rule};
use crate::shape::Shape;

/// The rules of one set of roles (with all they inherit), as indices into the rules of the set.
#[derive(Debug, Default)]
pub(crate) struct Compiled {
    pub(crate) entities: Vec<CompiledEntity>,
    /// How often a rule stands somewhere in it: what it costs to keep, and what is kept of it once it is settled.
    pub(crate) mentions: usize,
}

#[derive(Debug, Default)]
pub(crate) struct CompiledEntity {
    /// The rules about the entity or one of its fields, in the order of the file.
    rules: Vec<usize>,
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
    /// Lays out these rules, which come in the order of the file.
    pub(crate) fn new<'a>(
        shape: &Shape,
        rules: impl IntoIterator<Item = (usize, &'a Rule)>,
    ) -> Self {
        let entities = shape.entities.iter();
        let mut drafts: Vec<Draft> = entities
            .map(|entity| Draft {
                fields: vec![Rulings::default(); entity.fields.len()],
                ..Draft::default()
            })
            .collect();
        for (number, rule) in rules {
            for entity in &rule.entities {
                if let Some(draft) = drafts.get_mut(*entity) {
                    draft.add(rule, number, None);
                }
            }
            for (entity, field) in &rule.fields {
                if let Some(draft) = drafts.get_mut(*entity) {
                    draft.add(rule, number, Some(*field));
                }
            }
        }
        let entities: Vec<CompiledEntity> = drafts.into_iter().map(CompiledEntity::new).collect();
        Self {
            mentions: entities.iter().map(CompiledEntity::mentions).sum(),
            entities,
        }
    }
}

impl Compiled {
    /// About how many bytes it is.
    pub(crate) fn weight(&self) -> usize {
        let fields: usize = self
            .entities
            .iter()
            .map(|entity| entity.kind_of.len())
            .sum();
        let (entity, number) = (size_of::<CompiledEntity>(), size_of::<usize>());
        self.entities.len() * entity + (fields + self.mentions) * number
    }
}

/// What is known of an entity while rules are still being laid out.
#[derive(Default)]
struct Draft {
    rules: Vec<usize>,
    whole: Rulings,
    fields: Vec<Rulings>,
}

impl Draft {
    fn add(&mut self, rule: &Rule, number: usize, field: Option<usize>) {
        let place = match field {
            Some(field) => self.fields.get_mut(field),
            None => Some(&mut self.whole),
        };
        if let Some(rulings) = place {
            rulings.add(rule, number);
            // they come in the order of the file
            if self.rules.last() != Some(&number) {
                self.rules.push(number);
            }
        }
    }
}

impl CompiledEntity {
    fn new(draft: Draft) -> Self {
        let mut kinds = Vec::new();
        let mut known: HashMap<Rulings, usize> = HashMap::new();
        let fields = draft.fields.into_iter();
        let kind_of = fields
            .map(|rulings| {
                *known.entry(rulings).or_insert_with_key(|rulings| {
                    kinds.push(rulings.clone());
                    kinds.len() - 1
                })
            })
            .collect();
        Self {
            rules: draft.rules,
            whole: draft.whole,
            kinds,
            kind_of,
        }
    }

    fn mentions(&self) -> usize {
        let rulings = self.kinds.iter().chain([&self.whole]);
        self.rules.len() + rulings.map(Rulings::mentions).sum::<usize>()
    }

    /// How many rules speak about the entity or one of its fields.
    pub(crate) fn rules(&self) -> usize {
        self.rules.len()
    }

    /// The place of a rule among those.
    pub(crate) fn place(&self, rule: usize) -> Option<usize> {
        self.rules.binary_search(&rule).ok()
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

    fn mentions(&self) -> usize {
        let each = self.0.iter();
        each.map(|(_, ruling)| ruling.allow.len() + ruling.deny.len())
            .sum()
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
