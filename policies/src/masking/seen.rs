//! What an audience may be told of the person behind a row.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::subject::SubjectPaths;
use crate::condition::{Condition, RowPath, Truth};
use crate::decision::Action;
use crate::rules::{Effect, Rule};
use crate::shape::Shape;

/// One field, as (entity, field).
type Field = (usize, usize);

const SHOWN: [Action; 3] = [Action::Full, Action::Partial, Action::Desensitized];

/// Which roles may see what false identities are made to fit: read from the rules once, asked for each audience.
#[derive(Debug)]
pub(super) struct Seen<'a> {
    shape: &'a Shape,
    rules: HashMap<(Field, Action), Saying<'a>>,
}

/// What the rules say about one action on one field, by the role that they are written for.
#[derive(Debug, Default)]
struct Saying<'a> {
    /// On some row.
    allowed: HashSet<&'a str>,
    /// On every row.
    denied: HashSet<&'a str>,
}

impl<'a> Seen<'a> {
    /// Reads the rules about country, gender and birth of the subjects.
    pub(super) fn new(
        subjects: &BTreeMap<usize, SubjectPaths>,
        shape: &'a Shape,
        rules: &'a [Rule],
    ) -> Self {
        let traits = subjects
            .values()
            .flat_map(|paths| [&paths.country, &paths.gender, &paths.birth]);
        let fields: HashSet<Field> = traits
            .flatten()
            .filter_map(|path| field_of(path, shape))
            .collect();
        let mut seen = Self {
            shape,
            rules: HashMap::new(),
        };
        for rule in rules.iter().filter(|rule| SHOWN.contains(&rule.action)) {
            for field in rule.fields.iter().filter(|field| fields.contains(field)) {
                seen.add(rule, *field);
            }
        }
        seen
    }

    fn add(&mut self, rule: &'a Rule, field: Field) {
        let Some(condition) = rule.conditions.get(&field.0) else {
            return;
        };
        let saying = self.rules.entry((field, rule.action)).or_default();
        // what is unknown allows nothing and denies everything
        match (rule.effect, condition) {
            (Effect::Allow, Condition::Constant(Truth::False | Truth::Unknown))
            | (Effect::Deny, Condition::Constant(Truth::False)) => {}
            (Effect::Allow, _) => {
                saying.allowed.insert(&rule.role);
            }
            (Effect::Deny, Condition::Constant(_)) => {
                saying.denied.insert(&rule.role);
            }
            (Effect::Deny, _) => {}
        }
    }

    /// The subjects as an audience is told of them: what none of its roles may see of a person, their false identity does not fit,
    /// or it would tell. Country and gender must be seen in full somewhere, the day of birth at all: only its ten years are told.
    ///
    /// `roles` are those of the audience, each with those that it inherits.
    pub(super) fn told(
        &self,
        subjects: &BTreeMap<usize, SubjectPaths>,
        roles: &[Vec<&str>],
    ) -> BTreeMap<usize, SubjectPaths> {
        let sees = |path: &RowPath, actions: &[Action]| {
            let field = field_of(path, self.shape);
            field.is_some_and(|field| {
                let shows = |role: &Vec<&str>| {
                    let mut actions = actions.iter();
                    actions.any(|action| self.may(role, field, *action))
                };
                roles.iter().any(shows)
            })
        };
        let in_full = |path: &RowPath| sees(path, &[Action::Full]);
        let at_all = |path: &RowPath| sees(path, &SHOWN);
        let told = |paths: &SubjectPaths| SubjectPaths {
            country: paths.country.clone().filter(in_full),
            gender: paths.gender.clone().filter(in_full),
            birth: paths.birth.clone().filter(at_all),
            ..paths.clone()
        };
        subjects
            .iter()
            .map(|(entity, paths)| (*entity, told(paths)))
            .collect()
    }

    /// Whether the rules of a role may allow the action on the field on some row. Who has more roles has more denies with them,
    /// and what else they are allowed another role shows.
    fn may(&self, role: &[&str], field: Field, action: Action) -> bool {
        let Some(saying) = self.rules.get(&(field, action)) else {
            return false;
        };
        let any = |said: &HashSet<&str>| role.iter().any(|name| said.contains(name));
        any(&saying.allowed) && !any(&saying.denied)
    }
}

fn field_of(path: &RowPath, shape: &Shape) -> Option<Field> {
    path.target(shape).map(|entity| (entity, path.field))
}
