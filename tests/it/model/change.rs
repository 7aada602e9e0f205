//! A random change, and how it is asked for.

use chrono::SecondsFormat;
use serde_json::{Map, Value as Json, json};
use sudare_entities::catalog::{Entity, Kept, Kind};
use sudare_policies::decision::Action;
use sudare_policies::value::Value;

use super::cell::{seen_key, shown};
use super::dice::Dice;
use super::eyes::Eyes;

/// What is done to the rows of an entity.
#[derive(Clone, Debug)]
pub(super) struct Change {
    pub(super) entity: usize,
    pub(super) kind: ChangeKind,
    /// The row that is meant, as it is named.
    pub(super) id: String,
    /// By row that is made, or one: fields and what is given for them.
    pub(super) inputs: Vec<Map<String, Json>>,
    pub(super) if_version: Option<i64>,
    /// Names of fields.
    pub(super) confirm: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ChangeKind {
    Create,
    CreateMany,
    Update,
    Delete,
}

/// Texts of which some are too long.
const TEXTS: [&str; 5] = ["", "plain", "Zoë Straße", "\u{1F600} \"x\" \\", " padded "];

impl Change {
    pub(super) fn random(eyes: &Eyes<'_>, dice: &mut Dice) -> Option<Self> {
        let entities = 0..eyes.data.catalog.entities.len();
        let there: Vec<usize> = entities.filter(|entity| eyes.exists(*entity)).collect();
        if there.is_empty() {
            return None;
        }
        let kind = match dice.between(0, 9) {
            0..2 => ChangeKind::Create,
            2 => ChangeKind::CreateMany,
            3..9 => ChangeKind::Update,
            _ => ChangeKind::Delete,
        };
        let likely = Self::likely(eyes, &there, kind, dice);
        let entity = dice.pick(&likely);
        let known = eyes.data.entity(entity);
        let target = dice.between(0, eyes.data.count(entity).max(1) - 1);
        let mut change = Self {
            entity,
            kind,
            id: name_of(eyes, (entity, target), dice),
            inputs: Vec::new(),
            if_version: None,
            confirm: Vec::new(),
        };
        let rows = match kind {
            ChangeKind::CreateMany => dice.between(0, 3),
            _ => 1,
        };
        let wild = dice.chance(35);
        for _ in 0..rows {
            let input = change.input(eyes, (target, wild), dice);
            change.inputs.push(input);
        }
        let version = known
            .fields
            .iter()
            .position(|field| field.kept == Some(Kept::Version));
        let changes = matches!(kind, ChangeKind::Update | ChangeKind::Delete);
        let version = version.filter(|_| changes && target < eyes.data.count(entity));
        if let Some(version) = version.filter(|_| dice.chance(30))
            && let Value::Int(now) = eyes.data.value(entity, target, version)
        {
            change.if_version = Some(now + i64::from(dice.chance(30)));
        }
        if kind == ChangeKind::Update && dice.chance(30) {
            let names = change.inputs[0].keys().cloned();
            change.confirm = names.filter(|_| dice.chance(60)).collect();
        }
        Some(change)
    }

    /// Mostly entities of which something may be written.
    fn likely(eyes: &Eyes<'_>, there: &[usize], kind: ChangeKind, dice: &mut Dice) -> Vec<usize> {
        let may = |entity: &usize| match kind {
            ChangeKind::Delete => eyes.may_be(*entity, None, Action::Delete),
            ChangeKind::Update => eyes.may_be(*entity, None, Action::Update),
            _ => eyes.may_be(*entity, None, Action::Create),
        };
        let likely: Vec<usize> = there.iter().copied().filter(may).collect();
        if likely.is_empty() || dice.chance(10) {
            there.to_vec()
        } else {
            likely
        }
    }

    fn input(
        &self,
        eyes: &Eyes<'_>,
        (target, wild): (usize, bool),
        dice: &mut Dice,
    ) -> Map<String, Json> {
        let known = eyes.data.entity(self.entity);
        let action = match self.kind {
            ChangeKind::Update => Action::Update,
            _ => Action::Create,
        };
        let mut input = Map::new();
        for (position, field) in known.fields.iter().enumerate() {
            let wanted = match self.kind {
                ChangeKind::Delete => false,
                ChangeKind::Update if matches!(field.kind, Kind::Enum { .. }) => dice.chance(50),
                ChangeKind::Update => dice.chance(20),
                _ if field.nullable => dice.chance(30),
                _ => !wild || dice.chance(98),
            };
            let may = eyes.may_be(self.entity, Some(position), action)
                || (wild
                    && dice.chance(if self.kind == ChangeKind::Update {
                        8
                    } else {
                        70
                    }));
            if wanted && may && is_written(known, position) {
                let given = if wild {
                    self.wild(eyes, (position, target), dice)
                } else {
                    self.tame(eyes, position, dice)
                };
                input.insert(field.name.clone(), given);
            }
        }
        input
    }

    /// What fits a field: what some row has, or a text of its own; at times what clashes with other rows, of which only those may be
    /// told who may write it.
    fn tame(&self, eyes: &Eyes<'_>, field: usize, dice: &mut Dice) -> Json {
        let known = eyes.data.field(self.entity, field);
        let rows = eyes.data.count(self.entity);
        match known.kind {
            _ if known.references.is_some() && dice.chance(12) => json!("99999"),
            Kind::Text if known.unique && dice.chance(75) => {
                json!(format!("new-{}", dice.between(0, 1 << 40)))
            }
            Kind::Text if !known.unique && dice.chance(40) => json!(dice.pick(&TEXTS)),
            _ if rows > 0 => {
                let row = dice.between(0, rows - 1);
                given(eyes, (self.entity, row, field))
            }
            _ => Json::Null,
        }
    }

    /// What is given for a field: what some row has, what is shown in its place, or something new.
    fn wild(&self, eyes: &Eyes<'_>, (field, target): (usize, usize), dice: &mut Dice) -> Json {
        let known = eyes.data.field(self.entity, field);
        let rows = eyes.data.count(self.entity);
        match dice.between(0, 19) {
            0 => Json::Null,
            1..8 if rows > 0 && known.kind != Kind::Json => {
                serde_json::from_str(&shown(eyes, self.entity, target, field)).unwrap()
            }
            8..10 if known.kind == Kind::Text && dice.chance(80) => json!(dice.pick(&TEXTS)),
            8..10 if known.kind == Kind::Text && known.size.is_some() => json!("x".repeat(256)),
            9 if matches!(known.kind, Kind::Decimal { .. }) => {
                json!(dice.pick(&["1.005", "99999999999", "7.5", "-3", "0"]))
            }
            _ if rows > 0 => {
                let row = dice.between(0, rows - 1);
                given(eyes, (self.entity, row, field))
            }
            _ => Json::Null,
        }
    }

    /// The mutation, which asks for all cells of the row that nobody but the gateway's clock knows.
    pub(super) fn document(&self, entity: &Entity) -> String {
        let cells = entity.fields.iter().filter(|field| !is_clocked(field.kept));
        let cells: Vec<&str> = cells.map(|field| field.name.as_str()).collect();
        let (name, cells) = (&entity.name, cells.join(" "));
        let versioned = entity
            .fields
            .iter()
            .any(|field| field.kept == Some(Kept::Version));
        let (version, if_version) = if versioned {
            ("$version: BigInt", ", ifVersion: $version")
        } else {
            ("", "")
        };
        match self.kind {
            ChangeKind::Create => format!(
                "mutation($input: {name}CreateInput!) {{ x: create{name}(input: $input) {{ {cells} }} }}"
            ),
            ChangeKind::CreateMany => format!(
                "mutation($input: [{name}CreateInput!]!) {{ x: create{}(input: $input) {{ {cells} }} }}",
                heck::ToUpperCamelCase::to_upper_camel_case(entity.plural.as_str())
            ),
            ChangeKind::Update => format!(
                "mutation($id: ID!, $input: {name}UpdateInput!, $confirm: [{name}Field!] {version}) {{
                    x: update{name}(id: $id, input: $input, confirm: $confirm {if_version}) {{ {cells} }}
                }}"
            ),
            ChangeKind::Delete => format!(
                "mutation($id: ID! {version}) {{ x: delete{name}(id: $id {if_version}) {{ {cells} }} }}"
            ),
        }
    }

    pub(super) fn variables(&self, entity: &Entity) -> Map<String, Json> {
        let mut variables = Map::new();
        let mut add = |name: &str, value: Json| variables.insert(name.to_owned(), value);
        match self.kind {
            ChangeKind::Create => drop(add("input", json!(self.inputs[0]))),
            ChangeKind::CreateMany => drop(add("input", json!(self.inputs))),
            ChangeKind::Update => {
                add("id", json!(self.id));
                add("input", json!(self.inputs[0]));
                let names = self.confirm.iter();
                let names =
                    names.map(|name| heck::ToShoutySnakeCase::to_shouty_snake_case(name.as_str()));
                add("confirm", names.collect());
            }
            ChangeKind::Delete => drop(add("id", json!(self.id))),
        }
        let versioned = entity
            .fields
            .iter()
            .any(|field| field.kept == Some(Kept::Version));
        if let Some(version) = self.if_version.filter(|_| versioned) {
            variables.insert("version".to_owned(), json!(version.to_string()));
        }
        variables
    }
}

/// Whether clients write the field.
pub(super) fn is_written(entity: &Entity, position: usize) -> bool {
    entity.key != position && entity.fields[position].kept.is_none()
}

/// Whether the gateway's clock alone knows what it is.
pub(super) fn is_clocked(kept: Option<Kept>) -> bool {
    matches!(kept, Some(Kept::CreatedAt | Kept::UpdatedAt))
}

fn name_of(eyes: &Eyes<'_>, (entity, row): (usize, usize), dice: &mut Dice) -> String {
    if eyes.data.count(entity) == 0 || dice.chance(5) {
        return dice.pick(&["99999", "none"]).to_owned();
    }
    match seen_key(eyes, entity, row, eyes.data.entity(entity).key) {
        Value::Int(shown) if dice.chance(90) => shown.to_string(),
        _ => eyes.data.key(entity, row).to_string(),
    }
}

/// What a row has, as it is given to a mutation: keys as they are seen.
fn given(eyes: &Eyes<'_>, (entity, row, field): (usize, usize, usize)) -> Json {
    let known = eyes.data.field(entity, field);
    if known.references.is_some()
        && let Value::Int(shown) = seen_key(eyes, entity, row, field)
    {
        return json!(shown.to_string());
    }
    match eyes.data.value(entity, row, field) {
        Value::Null => Json::Null,
        Value::Boolean(value) => json!(value),
        Value::Int(value) if known.kind == Kind::Int && known.references.is_none() => json!(value),
        Value::Int(value) => json!(value.to_string()),
        Value::Float(value) => json!(value),
        Value::Decimal(value) => json!(value.to_string()),
        Value::Text(document) if known.kind == Kind::Json => {
            serde_json::from_str(document).unwrap()
        }
        Value::Text(text) => json!(text),
        Value::Date(day) => json!(day.to_string()),
        Value::DateTime(instant) => json!(instant.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
        Value::Uuid(uuid) => json!(uuid.to_string()),
        Value::Json(_) => panic!("documents are kept as text"),
    }
}
