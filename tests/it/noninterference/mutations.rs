//! Random mutations: of rows that are seen, hidden or missing, with values that are stored, shown, new or wrong.

use std::collections::BTreeSet;

use sudare_entities::catalog::Entity;
use sudare_policies::decision::Action;
use sudare_policies::value::Value;

use super::change::Change;
use super::settle::Second;
use crate::model::ask::{Arg, Ask, Field, Node};
use crate::model::cell::seen_key;
use crate::model::dice::Dice;
use crate::model::eyes::Eyes;
use crate::model::generate::{Generator, leaf};
use crate::model::group_keys::shouted;
use crate::model::seals::Seals;

/// A key that no row has.
pub(super) const MISSING: &str = "99999";

/// What a mutation does.
#[derive(Clone, Copy, PartialEq)]
enum Does {
    Create,
    CreateMany,
    Update,
    Delete,
}

/// Writes mutations.
pub(super) struct Writer<'w> {
    pub(super) eyes: &'w Eyes<'w>,
    pub(super) second: &'w Second,
    pub(super) dice: &'w mut Dice,
    /// Whether one of the values is a reference to nothing: then a conflict is certain.
    pub(super) clashes: bool,
}

/// A request with some mutations; `None` if the principal knows of nothing.
pub(super) fn mutation(
    eyes: &Eyes<'_>,
    second: &Second,
    seals: &Seals,
    dice: &mut Dice,
) -> Option<Ask> {
    let mut ask = Ask {
        is_mutation: true,
        ..Ask::default()
    };
    let mut names = 0;
    for _ in 0..dice.pick(&[1, 1, 1, 1, 1, 1, 2, 3]) {
        let mut writer = Writer {
            eyes,
            second,
            dice,
            clashes: false,
        };
        let (entity, does) = writer.what()?;
        let args = writer.arguments(entity, does);
        let mut generator = Generator {
            eyes,
            seals,
            dice,
            wild: false,
            ask,
            names,
        };
        let args = args.into_iter();
        let args = args.map(|(name, ty, value)| {
            // documents are no literals of GraphQL
            let passed = name == "input" || generator.dice.chance(50);
            let value = if passed {
                given(&mut generator, &ty, value)
            } else {
                value
            };
            (name.to_owned(), value)
        });
        let args = args.collect();
        let alias = Some(generator.name("m"));
        let mut nodes = generator.row(entity, 2);
        if nodes.is_empty() {
            nodes.push(leaf("__typename"));
        }
        (ask, names) = (generator.ask, generator.names);
        ask.nodes.push(Node::Field(Field {
            alias,
            name: name(eyes.data.entity(entity), does),
            args,
            nodes: Some(nodes),
            ..Field::default()
        }));
    }
    Some(ask)
}

/// A variable that has the value.
fn given(generator: &mut Generator<'_>, ty: &str, value: Arg) -> Arg {
    let name = generator.name("w");
    generator.ask.variables.push(crate::model::ask::Variable {
        name: name.clone(),
        ty: ty.to_owned(),
        default: None,
        given: Some(value),
    });
    Arg::Variable(name)
}

fn name(entity: &Entity, does: Does) -> String {
    match does {
        Does::Create => format!("create{}", entity.name),
        Does::CreateMany => {
            let (first, rest) = entity.plural.split_at(1);
            format!("create{}{rest}", first.to_uppercase())
        }
        Does::Update => format!("update{}", entity.name),
        Does::Delete => format!("delete{}", entity.name),
    }
}

impl Writer<'_> {
    /// Mostly what the principal may do.
    fn what(&mut self) -> Option<(usize, Does)> {
        let eyes = self.eyes;
        let entities = 0..eyes.data.catalog.entities.len();
        let there: Vec<usize> = entities.filter(|entity| eyes.exists(*entity)).collect();
        if there.is_empty() {
            return None;
        }
        let mut may = Vec::new();
        for entity in &there {
            let entity = *entity;
            // who sees no keys has no way to say which row is meant
            let named = eyes.names_rows(entity, eyes.data.entity(entity).key);
            if named && !self.of(entity, Action::Update).is_empty() {
                may.extend([(entity, Does::Update); 5]);
            }
            if !self.of(entity, Action::Create).is_empty() {
                may.extend([(entity, Does::Create), (entity, Does::CreateMany)]);
            }
            if named && eyes.may_be(entity, None, Action::Delete) {
                may.extend([(entity, Does::Delete); 2]);
            }
        }
        if may.is_empty() || self.dice.chance(5) {
            let does = [Does::Create, Does::CreateMany, Does::Update, Does::Delete];
            return Some((self.dice.pick(&there), self.dice.pick(&does)));
        }
        Some(self.dice.pick(&may))
    }

    /// The fields that may be written in some row.
    fn of(&self, entity: usize, action: Action) -> Vec<usize> {
        let fields = 0..self.eyes.data.entity(entity).fields.len();
        let may = |field: &usize| {
            self.is_writable(entity, *field) && self.eyes.may_be(entity, Some(*field), action)
        };
        fields.filter(may).collect()
    }

    fn is_writable(&self, entity: usize, field: usize) -> bool {
        let known = self.eyes.data.entity(entity);
        // where keys are moved, a number that is written is another row's
        let moved = known.fields[field].references;
        let moved = moved.is_some_and(|(target, _)| self.second.keys.distance(target) != 0);
        known.key != field && known.fields[field].kept.is_none() && !moved
    }

    fn arguments(&mut self, entity: usize, does: Does) -> Vec<(&'static str, String, Arg)> {
        let name = self.eyes.data.entity(entity).name.clone();
        let mut args = Vec::new();
        let row = self.row(entity);
        if matches!(does, Does::Update | Does::Delete) {
            args.push(("id", "ID!".to_owned(), self.id(entity, row)));
            if self.dice.chance(20)
                && let Some(version) = self.version(entity, row)
            {
                args.push(("ifVersion", "BigInt".to_owned(), version));
            }
        }
        match does {
            Does::Create => {
                let input = self.new_row(entity);
                args.push(("input", format!("{name}CreateInput!"), input));
            }
            Does::CreateMany => {
                let rows = self.dice.between(0, 3);
                let rows = (0..rows).map(|_| self.new_row(entity)).collect();
                args.push(("input", format!("[{name}CreateInput!]!"), Arg::List(rows)));
            }
            Does::Update => {
                let input = self.new_values(entity, row);
                if self.dice.chance(25) {
                    let fields = input.iter().map(|(name, _)| Arg::Enum(shouted(name)));
                    let fields = Arg::List(fields.collect());
                    args.push(("confirm", format!("[{name}Field!]"), fields));
                }
                args.push(("input", format!("{name}UpdateInput!"), Arg::Object(input)));
            }
            Does::Delete => {}
        }
        args
    }

    /// A row, mostly one that is seen, and often one that is another in the second database.
    fn row(&mut self, entity: usize) -> Option<usize> {
        let places = self.second.changes.iter().filter_map(Change::cell);
        let of_entity = places.filter(|((other, _), _)| *other == entity);
        let differing: Vec<usize> = of_entity
            .filter_map(|((_, key), _)| self.eyes.data.find(entity, key))
            .filter(|row| self.eyes.visible(entity, *row))
            .collect();
        if !differing.is_empty() && self.dice.chance(50) {
            return Some(self.dice.pick(&differing));
        }
        let gone = self
            .second
            .changes
            .iter()
            .filter_map(|change| match change {
                Change::Gone((other, key)) if *other == entity => self.eyes.data.find(entity, *key),
                _ => None,
            });
        let gone: Vec<usize> = gone.collect();
        if !gone.is_empty() && self.dice.chance(20) {
            return Some(self.dice.pick(&gone));
        }
        let seen = self.eyes.rows(entity);
        let all = self.eyes.data.count(entity);
        match self.dice.between(0, 9) {
            0..7 if !seen.is_empty() => Some(self.dice.pick(&seen)),
            7 => None,
            _ if all > 0 => Some(self.dice.between(0, all - 1)),
            _ => None,
        }
    }

    fn id(&mut self, entity: usize, row: Option<usize>) -> Arg {
        let key = self.eyes.data.entity(entity).key;
        match (row, self.dice.between(0, 19)) {
            (None, _) | (_, 0) => self.nobody(entity),
            (_, 1) => Arg::Text("none".to_owned()),
            (Some(row), _) => match seen_key(self.eyes, entity, row, key) {
                Value::Int(shown) => Arg::Text(shown.to_string()),
                _ => Arg::Text(self.eyes.data.key(entity, row).to_string()),
            },
        }
    }

    /// The key of a row that only the second database has, or of none.
    fn nobody(&mut self, entity: usize) -> Arg {
        let changes = self.second.changes.iter();
        let new = changes.filter(|change| matches!(change, Change::New { .. }));
        let places = new.map(|change| change.place(self.eyes.data));
        let keys: Vec<i64> = places
            .filter(|(other, _)| *other == entity)
            .map(|(_, key)| key)
            .collect();
        match keys.is_empty() || self.dice.chance(20) {
            true => Arg::Text(MISSING.to_owned()),
            false => Arg::Text(self.dice.pick(&keys).to_string()),
        }
    }

    fn version(&mut self, entity: usize, row: Option<usize>) -> Option<Arg> {
        let fields = &self.eyes.data.entity(entity).fields;
        let field = fields.iter().position(|field| field.name == "version")?;
        // without seeing it, nobody can ask for it
        if !self.eyes.usable(entity, field) && self.dice.chance(90) {
            return None;
        }
        let known = row.map(|row| self.eyes.data.value(entity, row, field));
        Some(match known {
            Some(Value::Int(version)) if self.dice.chance(70) => Arg::Text(version.to_string()),
            _ => Arg::Text("77".to_owned()),
        })
    }

    /// All that a new row must have, and some of what it may have.
    fn new_row(&mut self, entity: usize) -> Arg {
        let known = self.eyes.data.entity(entity);
        let mut values = Vec::new();
        for (field, described) in known.fields.iter().enumerate() {
            let needed = !described.nullable && !self.dice.chance(1);
            if self.is_writable(entity, field) && (needed || self.dice.chance(15)) {
                values.push(field);
            }
        }
        Arg::Object(self.values(entity, None, &values))
    }

    fn new_values(&mut self, entity: usize, row: Option<usize>) -> Vec<(String, Arg)> {
        let mut may = self.of(entity, Action::Update);
        let all = 0..self.eyes.data.entity(entity).fields.len();
        if may.is_empty() || self.dice.chance(5) {
            may = all
                .filter(|field| self.is_writable(entity, *field))
                .collect();
        }
        let differs = |field: &usize| self.differs(entity, row, *field);
        let differing: Vec<usize> = may.iter().copied().filter(differs).collect();
        let mut fields = BTreeSet::new();
        if !differing.is_empty() && self.dice.chance(60) {
            fields.insert(self.dice.pick(&differing));
        }
        for _ in 0..self.dice.pick(&[1, 1, 2, 3]) {
            if !may.is_empty() {
                fields.insert(self.dice.pick(&may));
            }
        }
        let fields: Vec<usize> = fields.into_iter().collect();
        self.values(entity, row, &fields)
    }
}
