//! Random policies over the real catalog, and random principals.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value as Json, json};
use sudare_entities::Catalog;
use sudare_policies::maskers::MaskingKey;
use sudare_policies::shape::{FieldShape, Shape};
use sudare_policies::value::{Value, ValueKind};
use sudare_policies::{PolicyErrors, PolicyFiles, PolicySet, Principal};

use super::data::Data;
use super::dice::Dice;
use crate::harness::policies;

/// What policies may speak of, and which tiers `masking.toml` has masks for.
pub(super) struct Vocabulary {
    shape: Shape,
    masking: String,
    /// The `g2` rows of the reference application.
    classes: String,
    /// By entity and field.
    class_of: BTreeMap<(usize, usize), String>,
    /// Classes of which all fields have a mask at a tier.
    masked: BTreeMap<&'static str, Vec<String>>,
    roles: Vec<String>,
}

const TIERS: [&str; 2] = ["partial", "desensitized"];

/// The policy set of these rules, under the masking of the reference application.
pub(super) fn load(rules: &str, masking: &str) -> Result<PolicySet, PolicyErrors> {
    let shape = sudare::shape::shape(&Catalog::new().unwrap());
    let key = MaskingKey::new(b"a masking key of the tests only!").unwrap();
    PolicySet::from_files(&PolicyFiles::from_memory(rules, masking), &shape, &key)
}

/// A file of the reference application's policies.
pub(super) fn reference(file: &str) -> String {
    std::fs::read_to_string(policies().join(file)).unwrap()
}

impl Vocabulary {
    pub(super) fn new() -> Self {
        let shape = sudare::shape::shape(&Catalog::new().unwrap());
        let masking = reference("masking.toml");
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

    pub(super) fn load(&self, rules: &str) -> Result<PolicySet, PolicyErrors> {
        load(rules, &self.masking)
    }

    /// A random policy: rules of every kind, and inheritance without circles.
    pub(super) fn policy(&self, data: &Data, dice: &mut Dice) -> String {
        let mut rules = Vec::new();
        for action in ["row", "full"] {
            for _ in 0..dice.between(0, 2) {
                let when = self.condition(data, None, dice);
                rules.push(format!(
                    "p,{},*,{action},\"{when}\",allow",
                    dice.pick(&self.roles)
                ));
            }
        }
        for _ in 0..dice.between(15, 50) {
            rules.push(self.rule(data, dice));
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

    /// Whether two roles may not go together: roles of the first kind have audiences of their own.
    fn is_apart(&self, role: &str, other: &str) -> bool {
        let own = |role: &str| !["sales", "support", "analyst", "staff"].contains(&role);
        own(role) && own(other)
    }

    fn rule(&self, data: &Data, dice: &mut Dice) -> String {
        let role = dice.pick(&self.roles);
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
        let when = self.condition(data, entity, dice);
        let effect = if deny { "deny" } else { "allow" };
        format!("p,{role},{object},{action},\"{when}\",{effect}")
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

    fn condition(&self, data: &Data, entity: Option<usize>, dice: &mut Dice) -> String {
        if dice.chance(35) {
            return "true".to_owned();
        }
        self.compound(data, entity, dice, 2)
    }

    fn compound(
        &self,
        data: &Data,
        entity: Option<usize>,
        dice: &mut Dice,
        depth: usize,
    ) -> String {
        let joint = if depth == 0 { 9 } else { dice.between(0, 9) };
        let mut part = || self.compound(data, entity, dice, depth.saturating_sub(1));
        match joint {
            0 => format!("({}) && ({})", part(), part()),
            1 => format!("({}) || ({})", part(), part()),
            2 => format!("!({})", part()),
            _ => match entity {
                Some(entity) if dice.chance(75) => self.on_row(data, entity, dice),
                _ => dice.pick(&ANYWHERE).to_owned(),
            },
        }
    }

    /// A comparison with a column of the entity or of a row that it leads to.
    fn on_row(&self, data: &Data, from: usize, dice: &mut Dice) -> String {
        let mut path = "row".to_owned();
        let mut at = from;
        for _ in 0..dice.pick(&[0, 0, 0, 1, 1, 2]) {
            let relations = &self.shape.entities[at].to_one;
            if !relations.is_empty() {
                let relation = dice.pick(relations);
                path = format!("{path}.{}", relation.name);
                at = relation.target;
            }
        }
        let field = dice.between(0, self.shape.entities[at].fields.len() - 1);
        let known = &self.shape.entities[at].fields[field];
        let column = format!("{path}.{}", known.column);
        if dice.chance(8) {
            return format!("{column} {} null", dice.pick(&["==", "!="]));
        }
        let rows = data.count(at);
        let stored = |dice: &mut Dice| match rows {
            0 => Value::Null,
            rows => data.value(at, dice.between(0, rows - 1), field).clone(),
        };
        compared(&column, known, &[stored(dice), stored(dice)], dice)
    }

    /// Who asks: some roles, and claims that are there or missing, of the right kind or of a wrong one.
    pub(super) fn principal(&self, set: &PolicySet, dice: &mut Dice) -> Principal {
        let known: Vec<&str> = set.roles().collect();
        let mut principal = Principal {
            id: dice
                .pick(&["1", "2", "3", "5", "7", "12", "007", "", "ann"])
                .to_owned(),
            ..Principal::default()
        };
        for _ in 0..dice.pick(&[1, 1, 1, 1, 1, 2, 2, 3, 0]) {
            principal.roles.insert(dice.pick(&known).to_owned());
        }
        if dice.chance(5) {
            principal.roles.insert("unheard-of".to_owned());
        }
        for (name, values) in claims() {
            if dice.chance(70) {
                principal
                    .attributes
                    .insert(name, dice.pick(&values));
            }
        }
        principal
    }
}

/// A foreign key has the class of the key that it refers to.
fn references(shape: &Shape, classes: &str) -> Vec<((usize, usize), String)> {
    let class = |(entity, field)| {
        let start = format!("g2, {},", shape.coordinate(entity, field));
        let line = classes.lines().find_map(|line| line.strip_prefix(&start));
        line.unwrap().trim().to_owned()
    };
    let keys = shape
        .fields()
        .filter(|(entity, field)| shape.field(*entity, *field).unwrap().references.is_some());
    keys.map(|(entity, field)| ((entity, field), class(shape.key_behind(entity, field))))
        .collect()
}

/// Conditions that read no row.
const ANYWHERE: [&str; 12] = [
    "true",
    "false",
    "user.purpose == 'audit'",
    "user.clearance >= 3",
    "user.department_id == null",
    "user.id != null",
    "'vip' in user.groups",
    "user.purpose in ['audit', 'support']",
    "user.until > now",
    "now < '2020-06-01T00:00:00Z'",
    "user.trusted",
    "user.department_id == 1",
];

/// Claims and what they may hold, much of it not of the kind that conditions need.
fn claims() -> Vec<(String, Vec<Json>)> {
    let Json::Object(claims) = json!({
        "department_id": [1, 1, "2", "03", null, [3]],
        "departments": [[1, "2"], [], [null, 3], "3", ["x"], [1, 2, 3]],
        "keys": [[1, 2, 3, 4, 5, 6], [7, null], 7],
        "limit": [50, "100.5", "much", 1.5, 20000],
        "stage": ["ACTIVE", "active", "PAID", 1],
        "name": ["Zoë", 7, ""],
        "purpose": ["audit", "mischief", null],
        "clearance": [2, 3, "4", "high"],
        "groups": [["vip"], ["dull"], [1], []],
        "until": ["2099-01-01T00:00:00Z", "2020-01-01T00:00:00Z", "2024-05-05", "soon"],
        "trusted": [true, false, "true", 1],
    }) else {
        panic!("claims are an object");
    };
    let claims = claims.into_iter();
    let claims = claims.map(|(name, values)| (name, values.as_array().unwrap().clone()));
    claims.collect()
}

fn compared(column: &str, field: &FieldShape, stored: &[Value], dice: &mut Dice) -> String {
    let order = dice.pick(&["<", "<=", ">", ">=", "==", "!="]);
    let same = dice.pick(&["==", "==", "!="]);
    let literals: Vec<String> = stored.iter().filter_map(literal).collect();
    let either = format!("[{}]", literals.join(", "));
    let first = literals.first().cloned();
    match (field.kind, first) {
        (ValueKind::Boolean, _) => dice.pick(&[
            column.to_owned(),
            format!("{column} == false"),
            format!("{column} == user.trusted"),
        ]),
        (ValueKind::Json, _) => format!("{column} != null"),
        (ValueKind::Int, Some(first)) => dice.pick(&[
            format!("{column} == user.id"),
            format!("{column} == user.department_id"),
            format!("{column} in user.departments"),
            format!("{column} in user.keys"),
            format!("{column} {order} {first}"),
            format!("{column} in {either}"),
        ]),
        (ValueKind::Decimal | ValueKind::Float, Some(first)) => dice.pick(&[
            format!("{column} {order} {first}"),
            format!("{column} {order} user.limit"),
        ]),
        (ValueKind::Date, Some(first)) => dice.pick(&[
            format!("{column} {order} {first}"),
            format!("{column} <= now"),
            format!("{column} {order} user.until"),
        ]),
        (ValueKind::DateTime, Some(first)) => dice.pick(&[
            format!("{column} {order} {first}"),
            format!("{column} > now"),
            format!("{column} <= now"),
            format!("{column} {order} user.until"),
        ]),
        (ValueKind::Enum, Some(first)) => dice.pick(&[
            format!("{column} {same} {first}"),
            format!("{column} in {either}"),
            format!("{column} {same} user.stage"),
        ]),
        (ValueKind::Text, Some(first)) => dice.pick(&[
            format!("{column} {same} {first}"),
            format!("{column} in {either}"),
            format!("{column} {same} user.name"),
        ]),
        (_, None) => format!("{column} == null"),
    }
}

/// A stored value as a condition writes it; `None` if that would take escapes.
fn literal(value: &Value) -> Option<String> {
    match value {
        Value::Int(value) => Some(value.to_string()),
        Value::Float(value) => Some(format!("{value:?}")),
        Value::Decimal(value) => Some(format!("'{value}'")),
        Value::Date(day) => Some(format!("'{day}'")),
        Value::DateTime(instant) => Some(format!("'{}'", instant.to_rfc3339())),
        Value::Text(text)
            if text
                .chars()
                .all(|c| c.is_alphanumeric() || " _.@-".contains(c)) =>
        {
            Some(format!("'{text}'"))
        }
        _ => None,
    }
}
