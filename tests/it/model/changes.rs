//! Mutations, held against a naive interpreter: what is refused, what is stored afterwards, and what is told of it.

use std::sync::Arc;

use chrono::Utc;
use serde_json::Value as Json;
use sudare::gateway::{Gateway, GraphqlRequest};
use sudare_entities::catalog::{Field, Kind};
use sudare_policies::value::Value;
use sudare_policies::{PolicySet, Principal};

use super::cell::{seen_key, shown};
use super::change::{Change, ChangeKind, is_clocked};
use super::check::Refusals;
use super::data::Data;
use super::dice::Dice;
use super::eyes::{Eyes, Said};
use super::foresight::{Expected, Foresight, NEW};
use super::policy::Vocabulary;
use super::principals;
use super::run::{gateway, number, runtime};
use super::session::refusals;
use super::world::World;
use crate::database::Raw;

/// Whether two values are the same once they are stored.
fn same(field: &Field, left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Decimal(left), Value::Decimal(right)) => left == right,
        (Value::Text(left), Value::Text(right)) if field.kind == Kind::Json => {
            let read = |text: &str| serde_json::from_str::<Json>(text).unwrap();
            read(left) == read(right)
        }
        (left, right) => left == right,
    }
}

/// A policy, a principal, and the database that they change.
struct Scene<'s> {
    world: &'s World,
    raw: &'s Raw,
    gateway: Gateway,
    set: Arc<PolicySet>,
    said: Said,
}

impl Scene<'_> {
    /// One change; whether it was made.
    fn play(&self, principal: &Principal, dice: &mut Dice) -> Result<Option<bool>, String> {
        let data = Data::read(self.raw);
        let told = (&self.set, &self.said);
        let Some(eyes) = Eyes::open(&data, told, principal, Utc::now()) else {
            return Ok(None);
        };
        let Some(change) = Change::random(&eyes, dice) else {
            return Ok(None);
        };
        let entity = data.entity(change.entity);
        let request = GraphqlRequest {
            query: change.document(entity),
            variables: change.variables(entity),
            ..GraphqlRequest::default()
        };
        let answer = self.gateway.execute(request, principal.clone().into());
        let answer = self.world.runtime.block_on(answer);
        let text = String::from_utf8(answer.body.to_vec()).unwrap();
        let foresight = Foresight {
            eyes: &eyes,
            change: &change,
            refusals: Refusals::new(),
        };
        let after = Data::read(self.raw);
        let problem = match foresight.expect() {
            Expected::Refused(expected)
                if answer.refused.is_none() || refusals(&text) != expected =>
            {
                Some(format!("should be refused: {expected:?}"))
            }
            Expected::Refused(_) => differs(&data, &after, None),
            Expected::Done(_) if answer.refused.is_some() => Some("should be made".to_owned()),
            Expected::Done(expected) => differs(&expected, &after, Some(change.entity))
                .or_else(|| self.told(principal, (&data, &after), (&change, &text))),
        };
        match problem {
            None => Ok(Some(answer.refused.is_none())),
            Some(problem) => Err(format!(
                "{principal:?}\n{change:#?}\ngateway: {text}\nmodel: {problem}"
            )),
        }
    }

    /// What is wrong with what is told of a change that was made, if anything is.
    fn told(
        &self,
        principal: &Principal,
        (before, after): (&Data, &Data),
        (change, text): (&Change, &str),
    ) -> Option<String> {
        let deleted = change.kind == ChangeKind::Delete;
        let data = if deleted { before } else { after };
        let told = (&self.set, &self.said);
        let eyes = Eyes::open(data, told, principal, Utc::now())?;
        let entity = data.entity(change.entity);
        let rows = 0..data.count(change.entity);
        let keys = |data: &Data| -> Vec<i64> {
            let rows = 0..data.count(change.entity);
            rows.map(|row| data.key(change.entity, row)).collect()
        };
        let (old, new) = (keys(before), keys(after));
        let rows: Vec<usize> = match change.kind {
            ChangeKind::Create | ChangeKind::CreateMany => {
                rows.filter(|row| !old.contains(&new[*row])).collect()
            }
            ChangeKind::Delete => rows.filter(|row| !new.contains(&old[*row])).collect(),
            ChangeKind::Update => {
                let seen = change.id.parse().map(Value::Int).unwrap();
                let told = (&self.set, &self.said);
                let eyes = Eyes::open(before, told, principal, Utc::now())?;
                let named = |row: &usize| seen_key(&eyes, change.entity, *row, entity.key) == seen;
                rows.filter(|row| eyes.visible(change.entity, *row) && named(row))
                    .collect()
            }
        };
        let row = |row: &usize| {
            if !eyes.visible(change.entity, *row) {
                return "null".to_owned();
            }
            let cells = entity.fields.iter().enumerate();
            let cells = cells.filter(|(_, field)| !is_clocked(field.kept));
            let cells: Vec<String> = cells
                .map(|(position, field)| {
                    format!(
                        "\"{}\":{}",
                        field.name,
                        shown(&eyes, change.entity, *row, position)
                    )
                })
                .collect();
            format!("{{{}}}", cells.join(","))
        };
        let rows: Vec<String> = rows.iter().map(row).collect();
        let expected = match change.kind {
            ChangeKind::CreateMany => format!("[{}]", rows.join(",")),
            _ => rows.concat(),
        };
        let expected = format!("{{\"data\":{{\"x\":{expected}}},");
        (!text.starts_with(&expected)).then(|| format!("should tell {expected}"))
    }
}

/// What of the database is not as it should be, the clock and the keys of new rows aside.
fn differs(expected: &Data, found: &Data, changed: Option<usize>) -> Option<String> {
    let entities = expected.catalog.entities.iter().enumerate();
    for (index, entity) in entities {
        if expected.count(index) != found.count(index) {
            return Some(format!("{} rows of {}", expected.count(index), entity.name));
        }
        for row in 0..expected.count(index) {
            for (position, field) in entity.fields.iter().enumerate() {
                let (wanted, is) = (
                    &expected.cells(index, row)[position],
                    &found.cells(index, row)[position],
                );
                let is_new = position == entity.key && matches!(wanted, Value::Int(NEW..));
                let is_now = changed == Some(index) && is_clocked(field.kept);
                if !is_new && !is_now && !same(field, wanted, is) {
                    return Some(format!(
                        "{}.{} should be {wanted:?}, is {is:?}",
                        entity.name, field.name
                    ));
                }
            }
        }
    }
    None
}

/// Changes that are tried, if `SUDARE_MODEL_CHANGES` does not say so.
const CHANGES: usize = 300;

#[test]
fn changes_and_refusals_are_those_of_a_naive_interpreter() {
    let most = number("SUDARE_MODEL_CHANGES").unwrap_or(CHANGES);
    let first = number("SUDARE_MODEL_SEED").unwrap_or(0);
    let runtime = runtime();
    let vocabulary = Vocabulary::new();
    let world = runtime.block_on(World::new(1));
    let raw = Raw::open(&world.url);
    let (mut made, mut refused) = (0, 0);
    for chapter in first.. {
        let mut dice = Dice::new(chapter as u64);
        let rules = vocabulary.writing(&Data::read(&raw), &mut dice);
        let load = || {
            let set = vocabulary.load(&rules);
            set.unwrap_or_else(|errors| panic!("{errors}"))
        };
        let scene = Scene {
            world: &world,
            raw: &raw,
            gateway: gateway(&world, load()),
            set: Arc::new(load()),
            said: Said::default(),
        };
        for _ in 0..4 {
            let principal = principals::random(&scene.set, &mut dice);
            for _ in 0..4 {
                match scene.play(&principal, &mut dice) {
                    Ok(None) => {}
                    Ok(Some(true)) => made += 1,
                    Ok(Some(false)) => refused += 1,
                    Err(problem) => panic!(
                        "chapter {chapter} (SUDARE_MODEL_SEED), after {} changes that agree:\n{rules}\n{problem}",
                        made + refused
                    ),
                }
            }
        }
        if made + refused >= most {
            break;
        }
    }
    assert!(
        made * 3 > refused,
        "too few are made: {made}, and {refused} are refused"
    );
}
