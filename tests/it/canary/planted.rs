//! A database in which every cell that can hold a canary holds one.

use std::ops::Range;

use chrono::{DateTime, Utc};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use rust_decimal::Decimal;
use sea_orm::sea_query::{Alias, Query};
use serde_json::json;
use sudare_entities::Catalog;
use sudare_entities::catalog::{Entity, Field, Kind};
use sudare_policies::condition::{Row, RowPath};
use sudare_policies::shape::Shape;
use sudare_policies::value::Value;

use crate::database::Raw;

use super::values::{self, Text};

/// Rows of each entity.
pub(super) const ROWS: usize = 12;

/// Where a cell is: entity, row, field.
pub(super) type Place = (usize, usize, usize);

/// A planted value.
#[derive(Clone, Debug)]
pub(super) struct Canary {
    /// The value as an answer would spell it first, and what else it would be known by.
    pub(super) spellings: Vec<String>,
    /// Characters of the first spelling of which no nine in a row may be shown.
    pub(super) secret: Option<Range<usize>>,
    /// The cells that hold it.
    pub(super) places: Vec<Place>,
    /// A word of a longer text: a mask of the text may leave it, as it names nobody.
    pub(super) word: bool,
    pub(super) coordinate: String,
}

/// What was planted.
pub(super) struct World {
    pub(super) catalog: Catalog,
    pub(super) shape: Shape,
    pub(super) canaries: Vec<Canary>,
    /// By entity, row, field.
    pub(super) cells: Vec<Vec<Vec<Value>>>,
}

/// A row as conditions read it.
pub(super) struct Planted<'a>(pub(super) &'a World, pub(super) usize);

impl Row for Planted<'_> {
    fn value(&self, path: &RowPath) -> Value {
        let (mut entity, mut row) = (path.entity, self.1);
        for hop in &path.hops {
            let way = &self.0.shape.entities[entity].to_one[*hop];
            if self.0.cells[entity][row][way.from] == Value::Null {
                return Value::Null;
            }
            row = target(&self.0.catalog, way.target, (entity, row));
            entity = way.target;
        }
        self.0.cells[entity][row][path.field].clone()
    }
}

/// The row that a foreign key of a row refers to.
fn target(catalog: &Catalog, entity: usize, (from, row): (usize, usize)) -> usize {
    match catalog.entities[entity].name.as_str() {
        "Employee" if from == entity => (row + 1) % 4,
        "Employee" => row % 4,
        "Department" => row / 4 % 2,
        _ => row,
    }
}

/// Who plants: the world so far, and chance.
struct Gardener {
    rng: ChaCha8Rng,
    catalog: Catalog,
    canaries: Vec<Canary>,
    keys: Vec<Vec<usize>>,
}

impl World {
    /// The same world every time.
    pub(super) fn new() -> Self {
        let catalog = Catalog::new().unwrap();
        let mut gardener = Gardener {
            rng: ChaCha8Rng::seed_from_u64(20_260_701),
            catalog: catalog.clone(),
            canaries: Vec::new(),
            keys: Vec::new(),
        };
        gardener.plant_keys();
        let cells = (0..catalog.entities.len())
            .map(|entity| (0..ROWS).map(|row| gardener.row(entity, row)).collect())
            .collect();
        Self {
            shape: sudare::shape::shape(&catalog),
            catalog,
            canaries: gardener.canaries,
            cells,
        }
    }

    /// The number of a row.
    pub(super) fn key(&self, entity: &str, row: usize) -> String {
        let entity = self.catalog.entity(entity).unwrap();
        let key = self.catalog.entities[entity].key;
        match &self.cells[entity][row][key] {
            Value::Int(key) => key.to_string(),
            other => panic!("a key that is no number: {other:?}"),
        }
    }

    /// Writes it all into a migrated database without rows.
    pub(super) fn store(&self, raw: &Raw) {
        raw.forget_references();
        raw.execute("BEGIN");
        for (entity, rows) in self.catalog.entities.iter().zip(&self.cells) {
            let columns = entity.fields.iter().map(|field| Alias::new(&field.column));
            let mut insert = Query::insert();
            insert
                .into_table(Alias::new(&entity.table))
                .columns(columns);
            for row in rows {
                let cells = row.iter().zip(&entity.fields);
                insert.values_panic(
                    cells.map(|(value, field)| raw.stored(value, &field.kind).into()),
                );
            }
            raw.run(&insert);
        }
        raw.execute("COMMIT");
    }
}

impl Gardener {
    /// Keys come first: other rows refer to them.
    fn plant_keys(&mut self) {
        for entity in 0..self.catalog.entities.len() {
            let keys = (0..ROWS).map(|row| {
                let number = self
                    .rng
                    .random_range(1_000_000_000_000_000i64..9_000_000_000_000_000);
                let place = (entity, row, self.catalog.entities[entity].key);
                self.hide((&[number.to_string()], None), place, false)
            });
            let keys = keys.collect();
            self.keys.push(keys);
        }
    }

    fn hide(
        &mut self,
        (spellings, secret): (&[String], Option<Range<usize>>),
        place: Place,
        word: bool,
    ) -> usize {
        let entity = &self.catalog.entities[place.0];
        self.canaries.push(Canary {
            spellings: spellings.to_vec(),
            secret,
            places: vec![place],
            word,
            coordinate: format!("{}.{}", entity.name, entity.fields[place.2].name),
        });
        self.canaries.len() - 1
    }

    fn row(&mut self, entity: usize, row: usize) -> Vec<Value> {
        let known: Entity = self.catalog.entities[entity].clone();
        (0..known.fields.len())
            .map(|field| self.cell(&known, &known.fields[field], (entity, row, field)))
            .collect()
    }

    fn cell(&mut self, entity: &Entity, field: &Field, place: Place) -> Value {
        let (_, row, number) = place;
        let key = |gardener: &Self, canary: usize| {
            Value::Int(gardener.canaries[canary].spellings[0].parse().unwrap())
        };
        if number == entity.key {
            return key(self, self.keys[place.0][row]);
        }
        if let Some((to, _)) = field.references {
            let row = target(&self.catalog, to, (place.0, row));
            let canary = self.keys[to][row];
            self.canaries[canary].places.push(place);
            return key(self, canary);
        }
        match &field.kind {
            // Bits of the number of the row, so that all combinations occur.
            Kind::Boolean => Value::Boolean((row + number) / 2 % 2 == 0),
            Kind::Enum { variants, .. } => Value::Text(variants[row % variants.len()].clone()),
            Kind::DateTime if field.nullable && row % 3 == 0 => Value::Null,
            Kind::Text => Value::Text(self.text(&entity.name, field, place)),
            Kind::Json => self.document(place),
            kind => self.number(kind, place),
        }
    }

    fn number(&mut self, kind: &Kind, place: Place) -> Value {
        let rng = &mut self.rng;
        let (value, spellings) = match kind {
            Kind::Int => {
                let value = rng.random_range(1_000_000_000..i64::from(i32::MAX));
                (Value::Int(value), vec![value.to_string()])
            }
            Kind::BigInt => {
                let value = rng.random_range(1_000_000_000_000_000i64..9_000_000_000_000_000);
                (Value::Int(value), vec![value.to_string()])
            }
            Kind::Decimal { scale } => {
                // odd, so that no band begins with it
                let cents = rng.random_range(100_000_000_000i64..999_999_999_999) | 1;
                let whole = (cents / 100) | 1;
                let cents = whole * 100 + cents % 100;
                let value = Decimal::new(cents, 2);
                let mut shown = value;
                shown.rescale(*scale);
                let spellings = [shown.to_string(), whole.to_string(), cents.to_string()];
                (Value::Decimal(value), spellings.to_vec())
            }
            Kind::Date => {
                let day = values::day(rng, 4000..9000);
                let spellings = [day.to_string(), day.format("%Y%m%d").to_string()];
                (Value::Date(day), spellings.to_vec())
            }
            Kind::DateTime => {
                let (hour, minute) = (rng.random_range(1..24), rng.random_range(1..60));
                let day = values::day(rng, 4000..9000);
                let instant: DateTime<Utc> = day.and_hms_opt(hour, minute, 37).unwrap().and_utc();
                let spellings = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%s"]
                    .map(|form| instant.format(form).to_string());
                (Value::DateTime(instant), spellings.to_vec())
            }
            Kind::Uuid => {
                let uuid = uuid::Uuid::from_u128(rng.random());
                let spellings = [uuid.to_string(), uuid.simple().to_string()];
                (Value::Uuid(uuid), spellings.to_vec())
            }
            _ => {
                let value = f64::from(rng.random_range(1_000_000_000..i32::MAX)) + 0.5;
                (Value::Float(value), vec![value.to_string()])
            }
        };
        self.hide((&spellings, None), place, false);
        value
    }

    fn text(&mut self, entity: &str, field: &Field, place: Place) -> String {
        let rng = &mut self.rng;
        let text = match (entity, field.name.as_str()) {
            ("Customer", "fullName") if place.1 % 4 < 2 => values::person(rng),
            ("Employee", "name") => values::person(rng),
            (_, "email") => values::email(rng),
            (_, "phone") => values::phone(rng),
            (_, "nationalId") => values::national_id(rng),
            (_, "bankCard") => values::card(rng),
            (_, "ip") => values::address(rng),
            (_, "passwordHash") => values::password_hash(rng),
            (_, "notes" | "summary" | "body" | "subject" | "description") => {
                return self.note(place);
            }
            _ => values::token(rng, place.1),
        };
        // A name in a script without capitals may be shown by its first part; there is none that may not.
        let secret = text
            .secret
            .filter(|_| field.name != "fullName" || place.1 % 4 < 2);
        self.hide((std::slice::from_ref(&text.text), secret), place, false);
        text.text
    }

    /// A note that speaks of all that is masked beside it; none of it stands anywhere else.
    fn note(&mut self, place: Place) -> String {
        let rng = &mut self.rng;
        let parts = [
            values::phone(rng),
            values::email(rng),
            values::card(rng),
            values::national_id(rng),
        ];
        let word = values::token(rng, place.1);
        let text = format!(
            "Call {} or write to {}; card {}, id {}. {}",
            parts[0].text, parts[1].text, parts[2].text, parts[3].text, word.text
        );
        self.bury(&parts, &word, place);
        text
    }

    fn document(&mut self, place: Place) -> Value {
        let rng = &mut self.rng;
        let parts = [values::phone(rng), values::email(rng), values::card(rng)];
        let number = Text {
            text: format!("7{}", values::digits(rng, 15)),
            secret: None,
        };
        let word = values::token(rng, place.1);
        let document = json!({
            "mail": parts[1].text,
            "deep": { "list": [parts[0].text, { "card": parts[2].text }], "number": number.text.parse::<i64>().unwrap() },
            "word": word.text,
        });
        self.bury(&parts, &word, place);
        self.bury(&[number], &word, place);
        Value::Json(document)
    }

    fn bury(&mut self, parts: &[Text], word: &Text, place: Place) {
        for part in parts {
            self.hide(
                (std::slice::from_ref(&part.text), part.secret.clone()),
                place,
                false,
            );
        }
        self.hide((std::slice::from_ref(&word.text), None), place, true);
    }
}
