//! Random requests of every kind: those of the model and the same again, mutations, cursors and ids that are none, names that may not be
//! known, introspection, and what is no request at all.

use serde_json::{Map, Value as Json, json};

use sudare_entities::catalog::{Field as Column, Kind};
use sudare_policies::value::Value;

use super::change::Change;
use super::lookups::{Blind, lookup};
use super::mutations::mutation;
use super::settle::Second;
use super::side::Sent;
use super::view::View;
use crate::model::ask::{Arg, Ask, Node};
use crate::model::cell;
use crate::model::dice::Dice;
use crate::model::eyes::Eyes;
use crate::model::generate;
use crate::model::group_keys::shouted;
use crate::model::seals::{Mark, Seals};

const ACCEPT: [&str; 2] = [
    "application/graphql-response+json, application/json;q=0.9",
    "application/json",
];

/// A request and what it is.
#[derive(Clone, Debug)]
pub(super) struct Operation {
    pub(super) sent: Sent,
    pub(super) writes: bool,
    /// Whether it looks for values that are masked.
    pub(super) looks: bool,
    ask: Option<Ask>,
}

impl Operation {
    pub(super) fn ask(&self) -> Option<&Ask> {
        self.ask.as_ref()
    }
}

/// Asks as one principal.
pub(super) struct Asker<'a> {
    pub(super) eyes: &'a Eyes<'a>,
    pub(super) view: &'a View,
    pub(super) blind: &'a Blind,
    pub(super) second: &'a Second,
    /// Whether it changes anything.
    pub(super) writes: bool,
    pub(super) seals: Seals,
    /// Cursors that an answer had.
    pub(super) cursors: Vec<String>,
    pub(super) last: Option<Operation>,
}

impl Asker<'_> {
    pub(super) fn next(&mut self, dice: &mut Dice) -> Operation {
        let last = self.last.take();
        let again = last.as_ref().and_then(|last| last.ask.as_ref());
        let operation = match (dice.between(0, 99), again) {
            (0..8, Some(_)) if !self.writes => last.unwrap(),
            (8..24, Some(ask)) if !ask.is_mutation && !self.cursors.is_empty() => {
                let ask = from_a_cursor(ask, &self.cursors, dice);
                self.asked(ask, dice)
            }
            (24..28, _) => posted(&introspection(self.eyes, dice), &Map::new(), dice),
            (28..32, _) => posted(&misspelt(self.eyes, dice), &Map::new(), dice),
            (32..34, _) => malformed(dice),
            (34..42, _) => match forbidden(self.eyes, self.second, dice) {
                Some(document) => posted(&document, &Map::new(), dice),
                None => malformed(dice),
            },
            (42..54, _) if let Some(operation) = self.lookup(dice) => operation,
            (54..88, _) if self.writes => {
                match mutation(self.eyes, self.second, &self.seals, dice) {
                    Some(ask) => self.asked(ask, dice),
                    None => malformed(dice),
                }
            }
            _ => {
                let seals = self.seals.clone();
                let ask = generate::query(self.eyes, &seals, dice);
                self.asked(ask, dice)
            }
        };
        self.last = Some(operation.clone());
        operation
    }

    fn lookup(&self, dice: &mut Dice) -> Option<Operation> {
        let document = lookup((self.eyes, self.view), self.second, self.blind, dice)?;
        Some(Operation {
            looks: true,
            ..posted(&document, &Map::new(), dice)
        })
    }

    fn asked(&self, mut ask: Ask, dice: &mut Dice) -> Operation {
        if dice.chance(4) {
            tamper(&mut ask, dice);
        }
        let (document, given) = (ask.document(), ask.given());
        let mut operation = match dice.between(0, 99) {
            0..6 if !ask.is_mutation => by_get(&document, &given),
            6..10 => batch(&document, &given),
            _ => posted(&document, &given, dice),
        };
        operation.writes = ask.is_mutation;
        operation.ask = Some(ask);
        operation
    }

    /// Keeps what an answer had of sealed texts.
    pub(super) fn hear(&mut self, answer: &str) {
        let parts: Vec<&str> = answer.split('"').collect();
        self.cursors = parts
            .windows(3)
            .filter(|part| ["cursor", "startCursor", "endCursor"].contains(&part[0]))
            .map(|part| part[2].to_owned())
            .filter(|text| text.len() > 16)
            .collect();
    }
}

fn request(document: &str, given: &Map<String, Json>) -> Json {
    match given.is_empty() {
        true => json!({ "query": document }),
        false => json!({ "query": document, "variables": given }),
    }
}

fn operation(
    method: &'static str,
    uri: String,
    (body, accept): (String, &'static str),
) -> Operation {
    Operation {
        sent: Sent {
            method,
            uri,
            accept,
            body,
        },
        writes: false,
        looks: false,
        ask: None,
    }
}

fn posted(document: &str, given: &Map<String, Json>, dice: &mut Dice) -> Operation {
    let body = request(document, given).to_string();
    operation("POST", "/graphql".to_owned(), (body, dice.pick(&ACCEPT)))
}

/// One document as `POST` by itself.
pub(super) fn plain(document: &str) -> Operation {
    let body = request(document, &Map::new()).to_string();
    operation("POST", "/graphql".to_owned(), (body, ACCEPT[0]))
}

/// A query as `POST` by itself.
pub(super) fn asks(ask: &Ask) -> Operation {
    let body = request(&ask.document(), &ask.given()).to_string();
    operation("POST", "/graphql".to_owned(), (body, ACCEPT[0]))
}

fn by_get(document: &str, given: &Map<String, Json>) -> Operation {
    let form = |text: &str| {
        percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC)
            .to_string()
            // not a part of any escape
            .replace("%2D", "-")
            .replace("%5F", "_")
    };
    let variables = form(&Json::Object(given.clone()).to_string());
    let uri = format!("/graphql?query={}&variables={variables}", form(document));
    operation("GET", uri, (String::new(), ACCEPT[0]))
}

fn batch(document: &str, given: &Map<String, Json>) -> Operation {
    let one = request(document, given);
    let body = json!([one, { "query": "{ me { id roles } }" }, one]).to_string();
    operation("POST", "/graphql".to_owned(), (body, ACCEPT[1]))
}

/// The query again, with one of its lists from a cursor on: its own, or that of another list.
fn from_a_cursor(ask: &Ask, cursors: &[String], dice: &mut Dice) -> Ask {
    let (cursor, mut ask) = (dice.pick(cursors), ask.clone());
    let (there, size) = dice.pick(&[
        ("after", "first"),
        ("before", "last"),
        ("after", "last"),
        ("before", "first"),
    ]);
    let count = dice.pick(&["1", "2", "3", "7"]).to_owned();
    let lists = ["edges", "pageInfo", "totalCount"];
    ask.each_field(&mut |field| {
        let nodes = field.nodes.iter().flatten();
        let mut names = nodes.filter_map(|node| match node {
            Node::Field(field) => Some(field.name.as_str()),
            _ => None,
        });
        if names.any(|name| lists.contains(&name)) {
            let kept = ["filter", "orderBy"];
            field.args.retain(|(name, _)| kept.contains(&name.as_str()));
            let place = (there.to_owned(), Arg::Text(cursor.clone()));
            let size = (size.to_owned(), Arg::Number(count.clone()));
            field.args.extend([place, size]);
        }
    });
    ask
}

/// Changes a letter of every sealed text.
fn tamper(ask: &mut Ask, dice: &mut Dice) {
    let spoil = |value: &mut Arg, dice: &mut Dice| {
        if let Arg::Text(text) = value
            && text.len() > 16
        {
            let place = dice.between(0, text.len() - 1);
            let mut letters: Vec<char> = text.chars().collect();
            if let Some(letter) = letters.get_mut(place) {
                *letter = if *letter == 'A' { 'B' } else { 'A' };
            }
            *text = letters.into_iter().collect();
        }
    };
    ask.each_field(&mut |field| {
        for (name, value) in &mut field.args {
            if ["after", "before", "nodeId"].contains(&name.as_str()) {
                spoil(value, dice);
            }
        }
    });
}

fn introspection(eyes: &Eyes<'_>, dice: &mut Dice) -> String {
    let entities = &eyes.data.catalog.entities;
    let name = &dice.pick(entities).name;
    let suffix = dice.pick(&[
        "",
        "",
        "Filter",
        "OrderBy",
        "Connection",
        "CreateInput",
        "Fieldd",
    ]);
    let ty = format!("{name}{suffix}");
    match dice.between(0, 9) {
        0 => "{ __schema { queryType { fields { name } } mutationType { fields { name args { name } } } types { name } } }".to_owned(),
        _ => format!(
            "{{ __type(name: \"{ty}\") {{ name kind fields {{ name type {{ name kind ofType {{ name }} }} }} inputFields {{ name }} enumValues {{ name }} }} }}"
        ),
    }
}

/// Names that the principal may not know, or nobody does.
fn misspelt(eyes: &Eyes<'_>, dice: &mut Dice) -> String {
    let entities = &eyes.data.catalog.entities;
    let known = dice.pick(entities);
    let (single, plural, name) = (&known.single, &known.plural, &known.name);
    match dice.between(0, 7) {
        0 => format!("{{ {plural} {{ totalCount }} }}"),
        1 => format!("{{ {plural}s {{ totalCount }} }}"),
        2 => format!("{{ {single}(id: \"1\") {{ id }} }}"),
        3 => format!("{{ {plural}Aggregate {{ count }} }}"),
        4 => format!("mutation {{ delete{name}(id: \"99999\") {{ id }} }}"),
        5 => format!("{{ me {{ capabilities(entity: \"{name}\") {{ field tier filter }} }} }}"),
        6 => format!("{{ {plural}(filter: {{ nothing: {{ eq: 1 }} }}) {{ totalCount }} }}"),
        _ => format!("{{ node(nodeId: \"AAAA\") {{ ... on {name} {{ id }} }} }}"),
    }
}

/// A clause on what is another value in the second database, whether the principal may name it or not.
fn forbidden(eyes: &Eyes<'_>, second: &Second, dice: &mut Dice) -> Option<String> {
    let cells = second.changes.iter().filter_map(Change::cell);
    let cells: Vec<_> = cells
        .filter(|((entity, _), _)| eyes.exists(*entity))
        .collect();
    if cells.is_empty() {
        return None;
    }
    let ((entity, key), field) = dice.pick(&cells);
    let known = eyes.data.entity(entity);
    let described = &known.fields[field];
    let (plural, name) = (&known.plural, &described.name);
    let row = eyes.data.find(entity, key)?;
    let value = literal(eyes.data.value(entity, row, field), described);
    let operators = ["eq", "ne", "in", "lt", "gte", "startsWith"];
    let operator = dice.pick(&operators);
    let filter = format!("{{ {name}: {{ {operator}: {value} }} }}");
    let direction = dice.pick(&["ASC", "DESC"]);
    Some(match dice.between(0, 7) {
        0..3 => format!("{{ {plural}(filter: {filter}) {{ totalCount nodes {{ nodeId }} }} }}"),
        3 => format!("{{ {plural}Aggregate(filter: {filter}) {{ count }} }}"),
        4 | 5 => format!(
            "{{ {plural}(orderBy: [{{ {name}: {direction} }}], first: 7) {{ edges {{ cursor node {{ nodeId }} }} }} }}"
        ),
        6 => format!(
            "{{ {plural}Aggregate(groupBy: [{{ field: {} }}]) {{ count key {{ {name} }} }} }}",
            shouted(name)
        ),
        _ => {
            let measure = dice.pick(&["min", "max", "countDistinct", "sum", "avg"]);
            format!("{{ {plural}Aggregate {{ count {measure} {{ {name} }} }} }}")
        }
    })
}

/// A value as a document has it.
fn literal(value: &Value, known: &Column) -> String {
    match (value, &known.kind) {
        (Value::Text(name), Kind::Enum { .. }) => name.clone(),
        (Value::Int(number), _) => number.to_string(),
        (value, kind) => cell::json(value, kind, false),
    }
}

/// What is no request, or one of nothing.
fn malformed(dice: &mut Dice) -> Operation {
    let bodies = [
        "",
        "{",
        "[]",
        "{\"query\":7}",
        "{\"query\":\"{ me { id \"}",
        "{\"query\":\"{ me { id } } query Two { me { id } }\"}",
        "{\"query\":\"query($x: Int!) { me { id } }\",\"variables\":{\"x\":\"y\"}}",
        "{\"query\":\"subscription { me { id } }\"}",
    ];
    let body = dice.pick(&bodies).to_owned();
    operation("POST", "/graphql".to_owned(), (body, dice.pick(&ACCEPT)))
}

/// The rows of every list, by themselves: what is asked first, so that there are sealed texts to ask with.
pub(super) fn first_look(eyes: &Eyes<'_>) -> Operation {
    let lists = lists(eyes).map(|(entity, plural)| {
        format!("e{entity}: {plural}(first: 4) {{ edges {{ cursor node {{ nodeId }} }} }}")
    });
    plain(&format!(
        "{{ __typename {} }}",
        lists.collect::<Vec<_>>().join(" ")
    ))
}

/// Everything that is seen, asked for as plainly as can be.
pub(super) fn whole_view(eyes: &Eyes<'_>) -> Operation {
    let lists = lists(eyes).map(|(entity, plural)| {
        let fields = eyes.data.entity(entity).fields.iter();
        let fields: Vec<&str> = fields.map(|field| field.name.as_str()).collect();
        let fields = fields.join(" ");
        format!(
            "e{entity}: {plural}(first: 1000) {{ totalCount nodes {{ nodeId {fields} disclosure {{ field tier }} }} }}"
        )
    });
    plain(&format!(
        "{{ __typename {} }}",
        lists.collect::<Vec<_>>().join(" ")
    ))
}

fn lists<'e>(eyes: &'e Eyes<'_>) -> impl Iterator<Item = (usize, &'e str)> {
    let entities = eyes.data.catalog.entities.iter().enumerate();
    let there = entities.filter(|(entity, _)| eyes.exists(*entity));
    there.map(|(entity, known)| (entity, known.plural.as_str()))
}

/// The sealed texts of the answer to [`first_look`], and what they stand for.
pub(super) fn marks(eyes: &Eyes<'_>, answer: &str) -> Seals {
    let mut seals = Seals::default();
    let answer: Json = serde_json::from_str(answer).unwrap_or_default();
    for (entity, plural) in lists(eyes) {
        let edges = answer["data"][format!("e{entity}")]["edges"].as_array();
        for (place, edge) in edges.into_iter().flatten().enumerate() {
            // which row it is makes no difference here
            let key = i64::try_from(place).unwrap();
            let list = format!("Query.{plural}");
            let cursor = Mark::Cursor {
                list,
                filter: String::new(),
                order: String::new(),
                key,
            };
            for (mark, text) in [
                (cursor, &edge["cursor"]),
                (Mark::Node { entity, key }, &edge["node"]["nodeId"]),
            ] {
                if let Some(text) = text.as_str() {
                    seals.note(mark, text);
                }
            }
        }
    }
    seals
}
