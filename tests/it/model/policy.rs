//! Random policies over the real catalog.

use std::collections::{BTreeMap, BTreeSet};

use sudare_entities::Catalog;
use sudare_policies::maskers::MaskingKey;
use sudare_policies::shape::Shape;
use sudare_policies::value::ValueKind;
use sudare_policies::{PolicyErrors, PolicyFiles, PolicySet};

use super::conditions::condition;
use super::data::Data;
use super::dice::Dice;
use crate::harness::policies;

/// What policies may speak of, and which tiers `masking.toml` has masks for.
pub(crate) struct Vocabulary {
    shape: Shape,
    pub(crate) masking: String,
    /// The `g2` rows of the reference application.
    classes: String,
    /// By entity and field.
    class_of: BTreeMap<(usize, usize), String>,
    /// Classes of which all fields have a mask at a tier.
    masked: BTreeMap<&'static str, Vec<String>>,
    roles: Vec<String>,
}

/// The masks of random policies: more maskers than the reference application has use for.
pub(crate) const MASKING: &str = include_str!("masking.toml");

const TIERS: [&str; 2] = ["partial", "desensitized"];

/// The policy set of these rules and masks.
pub(crate) fn load(rules: &str, masking: &str) -> Result<PolicySet, PolicyErrors> {
    let shape = sudare::shape::shape(&Catalog::new().unwrap());
    PolicySet::from_files(&PolicyFiles::from_memory(rules, masking), &shape, &key())
}

/// The key of the masks.
pub(crate) fn key() -> MaskingKey {
    MaskingKey::new(b"a masking key of the tests only!").unwrap()
}

/// A file of the reference application's policies.
pub(crate) fn reference(file: &str) -> String {
    std::fs::read_to_string(policies().join(file)).unwrap()
}

impl Vocabulary {
    pub(crate) fn new() -> Self {
        Self::of(MASKING.to_owned())
    }

    /// With these masks.
    pub(crate) fn of(masking: String) -> Self {
        let shape = sudare::shape::shape(&Catalog::new().unwrap());
        let rules = reference("policy.csv");
        let lines = rules.lines().filter(|line| line.starts_with("g2,"));
        let classes = lines.fold(String::new(), |text, line| text + line + "\n");
        let class_of = classes.lines().map(|line| {
            let parts: Vec<&str> = line.split(',').map(str::trim).collect();
            (shape.find_field(parts[1]).unwrap(), parts[2].to_owned())
        });
        let class_of: BTreeMap<_, _> = class_of.chain(references(&shape, &classes)).collect();
        let known: toml::Table = masking.parse().unwrap();
        let audiences = known.get("audiences").and_then(toml::Value::as_table);
        let mut roles: Vec<String> = audiences
            .into_iter()
            .flatten()
            .map(|(role, _)| role.clone())
            .collect();
        roles.extend(["sales", "support", "analyst", "staff"].map(str::to_owned));
        let mut vocabulary = Self {
            shape,
            masking,
            classes,
            class_of,
            masked: BTreeMap::new(),
            roles,
        };
        for tier in TIERS {
            let all: BTreeSet<String> = vocabulary.class_of.values().cloned().collect();
            let masked = all.into_iter().filter(|class| {
                let rule = format!("p,staff,{class},{tier},true,allow");
                vocabulary.load(&vocabulary.rules(vec![rule])).is_ok()
            });
            vocabulary.masked.insert(tier, masked.collect());
        }
        vocabulary
    }

    /// The text of a policy with these rules, in which every role has one.
    fn rules(&self, mut rules: Vec<String>) -> String {
        // the same row twice is an error
        let mut told = BTreeSet::new();
        rules.retain(|rule| told.insert(rule.clone()));
        let every = self
            .roles
            .iter()
            .map(|role| format!("p,{role},*,export,user.nobody == 'x',allow"));
        let all: Vec<String> = every.chain(rules).collect();
        format!("{}{}\n", self.classes, all.join("\n"))
    }

    pub(crate) fn roles(&self) -> &[String] {
        &self.roles
    }

    pub(crate) fn load(&self, rules: &str) -> Result<PolicySet, PolicyErrors> {
        load(rules, &self.masking)
    }

    /// A random policy: rules of every kind, and inheritance without circles.
    pub(crate) fn policy(&self, data: &Data, dice: &mut Dice) -> String {
        let mut rules = Vec::new();
        for action in ["row", "full"] {
            for _ in 0..dice.between(0, 2) {
                let when = condition(data, None, dice);
                rules.push(format!(
                    "p,{},*,{action},\"{when}\",allow",
                    dice.pick(&self.roles)
                ));
            }
        }
        for _ in 0..dice.between(15, 50) {
            rules.push(self.rule(data, dice));
        }
        if dice.chance(60) {
            rules.extend(self.measured(data, dice));
        }
        for (place, role) in self.roles.iter().enumerate() {
            for inherited in &self.roles[place + 1..] {
                if dice.chance(10) && !self.is_apart(role, inherited) {
                    rules.push(format!("g,{role},{inherited}"));
                }
            }
        }
        self.rules(rules)
    }

    /// A random policy with which something may be written.
    pub(super) fn writing(&self, data: &Data, dice: &mut Dice) -> String {
        let mut policy = self.policy(data, dice);
        for action in ["create", "update", "update", "delete"] {
            for _ in 0..dice.between(1, 4) {
                let role = dice.pick(&self.roles);
                let entity = dice.between(0, self.shape.entities.len() - 1);
                let name = &self.shape.entities[entity].name;
                let when = match dice.chance(50) {
                    true => "true".to_owned(),
                    false => condition(data, Some(entity), dice),
                };
                let seen = match dice.chance(60) {
                    true => "true".to_owned(),
                    false => condition(data, Some(entity), dice),
                };
                policy += &format!("p,{role},{name},row,\"{seen}\",allow\n");
                let tier = dice.pick(&["full", "full", "desensitized"]);
                policy += &format!("p,{role},{name}:key,{tier},\"true\",allow\n");
                policy += &format!("p,{role},{name},{action},\"{when}\",allow\n");
                if action != "delete" && dice.chance(30) {
                    let fields = &self.shape.entities[entity].fields;
                    let field = dice.pick(fields).name.clone();
                    let when = condition(data, Some(entity), dice);
                    policy += &format!("p,{role},{name}.{field},{action},\"{when}\",deny\n");
                }
            }
        }
        for rule in (0..6).flat_map(|_| self.changing(dice)) {
            policy += &format!("{rule}\n");
        }
        // the same row twice is an error
        let mut told = BTreeSet::new();
        let lines = policy
            .lines()
            .filter(|line| told.insert((*line).to_owned()));
        lines.fold(String::new(), |text, line| text + line + "\n")
    }

    /// Rules by which what is seen masked may be changed, on rows that a change can make such rows, and into others.
    fn changing(&self, dice: &mut Dice) -> Vec<String> {
        let tier = dice.pick(&TIERS);
        let class = dice.pick(&self.masked[tier]);
        let fields = self.class_of.iter().filter(|(_, own)| **own == class);
        let (entity, field) = *dice.pick(&fields.collect::<Vec<_>>()).0;
        let (role, known) = (dice.pick(&self.roles), &self.shape.entities[entity]);
        let states = known
            .fields
            .iter()
            .filter(|field| !field.variants.is_empty());
        let states: Vec<_> = states.collect();
        let mut when = || {
            if states.is_empty() || dice.chance(40) {
                return "true".to_owned();
            }
            let state = dice.pick(&states);
            format!("row.{} == '{}'", state.column, dice.pick(&state.variants))
        };
        let (seen, changed) = (when(), when());
        let (name, coordinate) = (&known.name, self.shape.coordinate(entity, field));
        vec![
            format!("p,{role},{name},row,\"{seen}\",allow"),
            format!("p,{role},{name}:key,full,\"true\",allow"),
            format!("p,{role},{coordinate},{tier},\"true\",allow"),
            format!("p,{role},{name},update,\"{changed}\",allow"),
        ]
    }

    /// A policy by which people write in rows of which they see little: in some entities each field is shown at a tier of its own,
    /// and may be changed or not, whatever is shown of it.
    pub(crate) fn clerks(&self, data: &Data, dice: &mut Dice) -> String {
        let roles = [dice.pick(&self.roles), dice.pick(&self.roles)];
        let mut entities = self.shape.entities.iter();
        let customers = entities.position(|known| known.name == "Customer");
        let mut rules = Vec::new();
        for _ in 0..dice.between(2, 4) {
            let entity = match dice.chance(40) {
                true => customers.unwrap(),
                false => dice.between(0, self.shape.entities.len() - 1),
            };
            let role = dice.pick(&roles);
            rules.extend(self.desk(&role, (data, entity), dice));
        }
        self.rules(rules)
    }

    /// What one role may do with the rows of one entity.
    fn desk(&self, role: &str, (data, entity): (&Data, usize), dice: &mut Dice) -> Vec<String> {
        let (known, name) = (data.entity(entity), &self.shape.entities[entity].name);
        let when = |often: u32, dice: &mut Dice| match dice.chance(often) {
            true => condition(data, Some(entity), dice),
            false => "true".to_owned(),
        };
        let mut rules = vec![("row", name.clone(), when(60, dice))];
        for action in ["create", "update", "delete"] {
            if dice.chance(40) {
                rules.push((action, name.clone(), when(20, dice)));
            }
        }
        for (field, described) in known.fields.iter().enumerate() {
            let place = self.shape.coordinate(entity, field);
            let class = self.class_of.get(&(entity, field));
            let has_mask =
                |tier: &&str| class.is_some_and(|class| self.masked[tier].contains(class));
            let masked: Vec<&str> = TIERS.into_iter().filter(has_mask).collect();
            let tier = match dice.between(0, 9) {
                // without it nothing else can be asked for
                0..6 if known.key == field => Some("full"),
                0 if known.key != field => None,
                1..8 if !masked.is_empty() => Some(dice.pick(&masked)),
                _ => Some("full"),
            };
            rules.extend(tier.map(|tier| (tier, place.clone(), when(10, dice))));
            let writable = known.key != field && described.kept.is_none();
            if writable && dice.chance(40) {
                rules.push(("update", place.clone(), when(10, dice)));
            }
            if described.blind.is_some() && dice.chance(60) {
                rules.push(("lookup", place, when(20, dice)));
            }
        }
        let rules = rules.into_iter();
        let rules = rules
            .map(|(action, object, when)| format!("p,{role},{object},{action},\"{when}\",allow"));
        rules.collect()
    }

    /// Whether two roles may not go together: roles of the first kind have audiences of their own.
    fn is_apart(&self, role: &str, other: &str) -> bool {
        let own = |role: &str| !["sales", "support", "analyst", "staff"].contains(&role);
        own(role) && own(other)
    }

    fn rule(&self, data: &Data, dice: &mut Dice) -> String {
        let role = dice.pick(&self.roles);
        if dice.chance(10) {
            return self.foreign_key(&role, data, dice);
        }
        let deny = dice.chance(20);
        let action = dice.pick(&[
            "row",
            "row",
            "row",
            "full",
            "full",
            "full",
            "partial",
            "partial",
            "desensitized",
            "desensitized",
            "aggregate",
            "create",
            "update",
        ]);
        let (object, entity) = if action == "row" {
            let entity = dice.between(0, self.shape.entities.len() - 1);
            (self.shape.entities[entity].name.clone(), Some(entity))
        } else if TIERS.contains(&action) && !deny {
            self.masked_object(&dice.pick(&self.masked[action]), dice)
        } else {
            let classes: Vec<&String> = self.class_of.values().collect();
            let class = dice.pick(&classes);
            match dice.between(0, 9) {
                0..4 => {
                    let entity = dice.between(0, self.shape.entities.len() - 1);
                    (self.shape.entities[entity].name.clone(), Some(entity))
                }
                4 => ("*".to_owned(), None),
                5 => (class.split('.').next().unwrap().to_owned(), None),
                _ => self.masked_object(class, dice),
            }
        };
        let when = condition(data, entity, dice);
        let effect = if deny { "deny" } else { "allow" };
        format!("p,{role},{object},{action},\"{when}\",{effect}")
    }

    /// A foreign key that is seen in some rows: in the others it must lead nowhere, from either end.
    fn foreign_key(&self, role: &str, data: &Data, dice: &mut Dice) -> String {
        let keys: Vec<(usize, usize)> = foreign_keys(&self.shape).collect();
        let (entity, field) = dice.pick(&keys);
        let key = self.shape.coordinate(entity, field);
        let when = condition(data, Some(entity), dice);
        let effect = dice.pick(&["allow", "deny"]);
        format!("p,{role},{key},full,\"{when}\",{effect}")
    }

    /// An amount that may be added up, in all rows or in some.
    fn measured(&self, data: &Data, dice: &mut Dice) -> [String; 2] {
        let role = dice.pick(&self.roles);
        let amounts = self.shape.fields().filter(|(entity, field)| {
            let field = self.shape.field(*entity, *field).unwrap();
            field.kind == ValueKind::Decimal
        });
        let (entity, field) = dice.pick(&amounts.collect::<Vec<_>>());
        let when = match dice.chance(50) {
            true => "true".to_owned(),
            false => condition(data, Some(entity), dice),
        };
        let amount = self.shape.coordinate(entity, field);
        let entity = &self.shape.entities[entity].name;
        [
            format!("p,{role},{entity},row,\"true\",allow"),
            format!("p,{role},{amount},aggregate,\"{when}\",allow"),
        ]
    }

    /// A class, that of one entity, or one field of it; the entity, if it is only one.
    fn masked_object(&self, class: &str, dice: &mut Dice) -> (String, Option<usize>) {
        let fields: Vec<(usize, usize)> = self
            .class_of
            .iter()
            .filter(|(_, own)| *own == class)
            .map(|(field, _)| *field)
            .collect();
        let (entity, field) = dice.pick(&fields);
        let name = &self.shape.entities[entity].name;
        match dice.between(0, 2) {
            0 => (class.to_owned(), None),
            1 => (format!("{name}:{class}"), Some(entity)),
            _ => (self.shape.coordinate(entity, field), Some(entity)),
        }
    }
}

/// A foreign key has the class of the key that it refers to.
fn references(shape: &Shape, classes: &str) -> Vec<((usize, usize), String)> {
    let class = |(entity, field)| {
        let start = format!("g2, {},", shape.coordinate(entity, field));
        let line = classes.lines().find_map(|line| line.strip_prefix(&start));
        line.unwrap().trim().to_owned()
    };
    foreign_keys(shape)
        .map(|(entity, field)| ((entity, field), class(shape.key_behind(entity, field))))
        .collect()
}

fn foreign_keys(shape: &Shape) -> impl Iterator<Item = (usize, usize)> {
    let fields = shape.fields();
    fields.filter(|(entity, field)| shape.field(*entity, *field).unwrap().references.is_some())
}
