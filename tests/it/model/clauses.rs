//! Random arguments of a list: filters, orders, pages.

use sudare_entities::catalog::{Cardinality, Field, Kind, Relation};
use sudare_policies::value::Value;

use super::ask::Arg;
use super::cell::seen_key;
use super::dice::Dice;
use super::eyes::Eyes;
use super::generate::is_sortable;
use super::seals::Seals;

/// Relations in one another that a filter walks.
const DEPTH: usize = 3;

/// Draws clauses for one principal.
pub(super) struct Clauses<'g> {
    pub(super) eyes: &'g Eyes<'g>,
    pub(super) seals: &'g Seals,
    pub(super) dice: &'g mut Dice,
    /// Whether to ask for what will be refused, too.
    pub(super) wild: bool,
}

impl Clauses<'_> {
    /// The arguments of a list.
    pub(super) fn page(&mut self, entity: usize, list: &str) -> Vec<(String, Arg)> {
        let mut args = Vec::new();
        let mut add = |name: &str, value: Arg| args.push((name.to_owned(), value));
        if self.dice.chance(55) {
            add("filter", self.filter(entity, 0));
        }
        if self.dice.chance(55) {
            add("orderBy", self.order(entity));
        }
        let size = |dice: &mut Dice| {
            Arg::Number(dice.pick(&["0", "1", "2", "3", "5", "8", "20"]).to_owned())
        };
        match self.dice.between(0, 99) {
            0..45 => add("first", size(self.dice)),
            45..65 => add("last", size(self.dice)),
            65..75 => {
                add("first", size(self.dice));
                add("offset", size(self.dice));
            }
            75..79 if self.wild => {
                add("last", size(self.dice));
                let other = self.dice.pick(&["first", "offset"]);
                add(other, size(self.dice));
            }
            79..83 if self.wild => add(
                "first",
                Arg::Number(self.dice.pick(&["-1", "1001"]).to_owned()),
            ),
            _ => {}
        }
        let cursors = self.seals.cursors(list);
        for name in ["after", "before"] {
            if self.wild && self.dice.chance(25) {
                let known = !cursors.is_empty() && self.dice.chance(90);
                let cursor = if known {
                    self.dice.pick(&cursors)
                } else {
                    "bm9uZQ"
                };
                add(name, Arg::Text(cursor.to_owned()));
            }
        }
        args
    }

    pub(super) fn filter(&mut self, entity: usize, depth: usize) -> Arg {
        let mut parts: Vec<(String, Arg)> = Vec::new();
        for _ in 0..self.dice.pick(&[0, 1, 1, 1, 1, 2, 2]) {
            let (name, value) = match self.dice.between(0, 99) {
                0..10 => {
                    let name = self.dice.pick(&["and", "or"]);
                    let count = self.dice.between(0, 3);
                    let items = (0..count).map(|_| self.filter(entity, depth + 1)).collect();
                    (name.to_owned(), Arg::List(items))
                }
                10..18 => ("not".to_owned(), self.filter(entity, depth)),
                18..42 if depth < DEPTH => match self.relation(entity, None) {
                    Some(relation) => (relation.name.clone(), self.related(&relation, depth + 1)),
                    None => continue,
                },
                42..44 if self.wild => ("not".to_owned(), Arg::Null),
                _ => match self.compared(entity) {
                    Some(compared) => compared,
                    None => continue,
                },
            };
            if parts.iter().all(|(known, _)| *known != name) {
                parts.push((name, value));
            }
        }
        Arg::Object(parts)
    }

    fn related(&mut self, relation: &Relation, depth: usize) -> Arg {
        if relation.cardinality == Cardinality::ToOne {
            return self.filter(relation.target, depth);
        }
        let mut parts = Vec::new();
        for quantifier in ["some", "none", "every"] {
            if self.dice.chance(40) {
                parts.push((quantifier.to_owned(), self.filter(relation.target, depth)));
            }
        }
        Arg::Object(parts)
    }

    /// A relation of the entity, mostly to one that the principal has.
    pub(super) fn relation(
        &mut self,
        entity: usize,
        cardinality: Option<Cardinality>,
    ) -> Option<Relation> {
        let known = &self.eyes.data.entity(entity).relations;
        let anything = self.wild && self.dice.chance(10);
        let fits = |relation: &&Relation| {
            cardinality.is_none_or(|one| relation.cardinality == one)
                && (anything || self.eyes.exists(relation.target))
        };
        let relations: Vec<Relation> = known.iter().filter(fits).cloned().collect();
        (!relations.is_empty()).then(|| self.dice.pick(&relations))
    }

    /// A field that the principal may use; any, when wild.
    pub(super) fn field(&mut self, entity: usize, fits: impl Fn(&Field) -> bool) -> Option<usize> {
        let known = self.eyes.data.entity(entity);
        let all: Vec<usize> = (0..known.fields.len())
            .filter(|field| fits(&known.fields[*field]))
            .collect();
        let usable = all.iter().copied();
        let usable: Vec<usize> = usable
            .filter(|field| self.eyes.usable(entity, *field))
            .collect();
        let fields = if self.wild && self.dice.chance(20) {
            all
        } else {
            usable
        };
        (!fields.is_empty()).then(|| self.dice.pick(&fields))
    }

    fn compared(&mut self, entity: usize) -> Option<(String, Arg)> {
        let field = match self.masked_key(entity) {
            Some(field) => field,
            None => self.field(entity, |_| true)?,
        };
        let known = self.eyes.data.field(entity, field);
        let is_key = known.references.is_some() || self.eyes.data.entity(entity).key == field;
        let mut operators = vec!["isNull"];
        if !self.wild && !self.eyes.usable(entity, field) {
            operators = vec!["eq", "in"];
        } else if known.kind != Kind::Json {
            operators.extend(["eq", "ne", "in", "notIn", "eq", "in"]);
        }
        if operators.len() > 2 && !matches!(known.kind, Kind::Boolean | Kind::Enum { .. }) {
            operators.extend(["lt", "lte", "gt", "gte"]);
        }
        if known.kind == Kind::Text {
            operators.extend(["contains", "startsWith", "endsWith", "contains"]);
        }
        let mut parts: Vec<(String, Arg)> = Vec::new();
        for _ in 0..self.dice.pick(&[0, 1, 1, 1, 1, 1, 2]) {
            let operator = self.dice.pick(&operators);
            let value = match operator {
                _ if self.wild && self.dice.chance(5) => Arg::Null,
                "isNull" => Arg::Boolean(self.dice.chance(50)),
                "in" | "notIn" => {
                    let count = self.dice.between(0, 4);
                    Arg::List(
                        (0..count)
                            .map(|_| self.operand(entity, field, operator))
                            .collect(),
                    )
                }
                _ if self.wild && is_key && self.dice.chance(10) => Arg::Text("none".to_owned()),
                _ => self.operand(entity, field, operator),
            };
            if parts.iter().all(|(known, _)| known != operator) {
                parts.push((operator.to_owned(), value));
            }
        }
        if known.kind == Kind::Text && self.dice.chance(35) {
            parts.push(("ignoreCase".to_owned(), Arg::Boolean(self.dice.chance(80))));
        }
        Some((known.name.clone(), Arg::Object(parts)))
    }

    /// Now and then a key that is masked on some row, and that rows can be named by all the same.
    fn masked_key(&mut self, entity: usize) -> Option<usize> {
        let fields = 0..self.eyes.data.entity(entity).fields.len();
        let masked = fields.filter(|field| {
            let full = self.eyes.overall(entity, *field) == "FULL";
            !full && self.eyes.names_rows(entity, *field)
        });
        let masked: Vec<usize> = masked.collect();
        (!masked.is_empty() && self.dice.chance(25)).then(|| self.dice.pick(&masked))
    }

    /// What is shown of a key, or the key.
    fn named(&mut self, entity: usize, field: usize, row: usize) -> Value {
        match seen_key(self.eyes, entity, row, field) {
            shown @ Value::Int(_) if self.dice.chance(80) => shown,
            _ => self.eyes.data.value(entity, row, field).clone(),
        }
    }

    /// A value that some row has, or one like it.
    pub(super) fn operand(&mut self, entity: usize, field: usize, operator: &str) -> Arg {
        let kind = &self.eyes.data.field(entity, field).kind;
        let rows: Vec<usize> = (0..self.eyes.data.count(entity)).collect();
        let values = (0..4).filter(|_| !rows.is_empty()).map(|_| {
            let row = self.dice.pick(&rows);
            if self.eyes.names_rows(entity, field) {
                return self.named(entity, field, row);
            }
            self.eyes.data.value(entity, row, field).clone()
        });
        let value = values.into_iter().find(|value| *value != Value::Null);
        match value {
            Some(Value::Boolean(value)) => Arg::Boolean(value),
            Some(Value::Int(value)) if *kind == Kind::Int || self.dice.chance(50) => {
                Arg::Number(value.to_string())
            }
            Some(Value::Int(value)) => Arg::Text(value.to_string()),
            Some(Value::Float(value)) => Arg::Number(format!("{value:?}")),
            Some(Value::Decimal(value)) => Arg::Text(value.to_string()),
            Some(Value::Date(day)) => Arg::Text(day.to_string()),
            Some(Value::DateTime(instant)) => Arg::Text(instant.to_rfc3339()),
            // Both cases are one UUID.
            Some(Value::Uuid(uuid)) => Arg::Text(uuid.to_string().to_uppercase()),
            Some(Value::Text(name)) if matches!(kind, Kind::Enum { .. }) => Arg::Enum(name),
            Some(Value::Text(text)) => Arg::Text(self.part(&text, operator)),
            _ => absent(kind),
        }
    }

    /// A text, in another case now and then; a part of it where parts are looked for.
    fn part(&mut self, text: &str, operator: &str) -> String {
        let letters: Vec<char> = text.chars().collect();
        let length = self.dice.between(0, letters.len().min(4));
        let part: String = match operator {
            "startsWith" => letters[..length].iter().collect(),
            "endsWith" => letters[letters.len() - length..].iter().collect(),
            "contains" => {
                let start = self.dice.between(0, letters.len() - length);
                letters[start..start + length].iter().collect()
            }
            _ => text.to_owned(),
        };
        match self.dice.between(0, 5) {
            0 => part.to_uppercase(),
            1 => part.to_lowercase(),
            _ => part,
        }
    }

    fn order(&mut self, entity: usize) -> Arg {
        let count = self.dice.pick(&[0, 1, 1, 1, 2, 2, 3]);
        let (mut paths, mut keys) = (Vec::new(), Vec::new());
        for _ in 0..count {
            let Some((path, key)) = self.order_key(entity, 0) else {
                continue;
            };
            if !paths.contains(&path) || self.wild {
                paths.push(path);
                keys.push(key);
            }
        }
        Arg::List(keys)
    }

    /// A key of an order, and the path to its field.
    fn order_key(&mut self, entity: usize, depth: usize) -> Option<(String, Arg)> {
        if depth < 2
            && self.dice.chance(25)
            && let Some(relation) = self.relation(entity, Some(Cardinality::ToOne))
        {
            let (path, inner) = self.order_key(relation.target, depth + 1)?;
            let path = format!("{}.{path}", relation.name);
            return Some((path, Arg::Object(vec![(relation.name, inner)])));
        }
        let field = self.field(entity, |field| is_sortable(&field.kind))?;
        let direction = self.dice.pick(&["ASC", "DESC"]);
        let name = self.eyes.data.field(entity, field).name.clone();
        let key = Arg::Object(vec![(name.clone(), Arg::Enum(direction.to_owned()))]);
        Some((name, key))
    }
}

/// A value of the kind that no row needs to have.
fn absent(kind: &Kind) -> Arg {
    match kind {
        Kind::Boolean => Arg::Boolean(true),
        Kind::Int | Kind::BigInt | Kind::Float | Kind::Decimal { .. } => {
            Arg::Number("7".to_owned())
        }
        Kind::Text | Kind::Json => Arg::Text("nothing".to_owned()),
        Kind::Date => Arg::Text("2024-02-29".to_owned()),
        Kind::DateTime => Arg::Text("2024-02-29T12:00:00+02:00".to_owned()),
        Kind::Uuid => Arg::Text("01890a5d-ac96-774b-bcce-b302099a8057".to_owned()),
        Kind::Enum { variants, .. } => Arg::Enum(variants[0].clone()),
    }
}
