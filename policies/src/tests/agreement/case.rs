//! A policy with people and rows to ask it about, and its form as a file: a case that failed once is kept.

use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value as Json, json};

use crate::Principal;
use crate::tests::{Cells, principal, shape};
use crate::value::{Value, ValueKind};

/// What is asked.
#[derive(Clone, Debug)]
pub(super) struct Case {
    pub(super) rules: Vec<String>,
    pub(super) now: DateTime<Utc>,
    pub(super) people: Vec<Principal>,
    pub(super) rows: Vec<Cells>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tests/agreement/cases")
}

/// All cases that were kept, by name.
pub(super) fn kept() -> Vec<(String, Case)> {
    let files = std::fs::read_dir(folder()).unwrap();
    let mut cases: Vec<_> = files
        .map(|file| {
            let path = file.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, Case::read(&serde_json::from_str(&text).unwrap()))
        })
        .collect();
    cases.sort_by(|(one, _), (other, _)| one.cmp(other));
    cases
}

impl Case {
    /// Keeps it beside the others, to be given a name that says what it is about.
    pub(super) fn keep(&self) -> String {
        let text = serde_json::to_string_pretty(&self.written()).unwrap() + "\n";
        let file = folder().join("found.json");
        match std::fs::write(&file, &text) {
            Ok(()) => format!("kept as `found.json`; give it a name\n{text}"),
            Err(error) => format!("keep this case: {error}\n{text}"),
        }
    }

    fn written(&self) -> Json {
        let people = self
            .people
            .iter()
            .map(|who| json!({ "id": who.id, "roles": who.roles, "claims": who.attributes }));
        let rows = self.rows.iter().map(|row| {
            let cells = row.0.iter().filter(|(_, value)| **value != Value::Null);
            cells
                .map(|(name, value)| (name.clone(), written(value)))
                .collect::<serde_json::Map<_, _>>()
        });
        json!({
            "rules": self.rules,
            "now": self.now,
            "people": people.collect::<Vec<_>>(),
            "rows": rows.collect::<Vec<_>>(),
        })
    }

    fn read(file: &Json) -> Self {
        let texts = |list: &Json| -> Vec<String> {
            let texts = list.as_array().unwrap().iter();
            texts
                .map(|text| text.as_str().unwrap().to_owned())
                .collect()
        };
        let people = file["people"].as_array().unwrap().iter().map(|who| {
            let roles = texts(&who["roles"]);
            let roles: Vec<&str> = roles.iter().map(String::as_str).collect();
            principal(who["id"].as_str().unwrap(), &roles, who["claims"].clone())
        });
        let rows = file["rows"].as_array().unwrap().iter().map(|row| {
            let cells = row.as_object().unwrap().iter();
            Cells(
                cells
                    .map(|(name, cell)| (name.clone(), read(name, cell)))
                    .collect(),
            )
        });
        Self {
            rules: texts(&file["rules"]),
            now: file["now"].as_str().unwrap().parse().unwrap(),
            people: people.collect(),
            rows: rows.collect(),
        }
    }
}

fn written(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Boolean(value) => json!(value),
        Value::Int(value) => json!(value),
        Value::Float(value) => json!(value.to_string()),
        Value::Decimal(value) => json!(value.to_string()),
        Value::Text(value) => json!(value),
        Value::Date(value) => json!(value),
        Value::DateTime(value) => json!(value),
        Value::Json(value) => value.clone(),
        Value::Uuid(value) => json!(value.to_string()),
    }
}

/// A cell as its field wants it.
fn read(name: &str, cell: &Json) -> Value {
    let shape = shape();
    let (entity, field) = shape.find_field(name.trim_start_matches('>')).unwrap();
    let text = || cell.as_str().unwrap();
    match shape.field(entity, field).unwrap().kind {
        ValueKind::Boolean => Value::Boolean(cell.as_bool().unwrap()),
        ValueKind::Int => Value::Int(cell.as_i64().unwrap()),
        ValueKind::Float => Value::Float(text().parse().unwrap()),
        ValueKind::Decimal => Value::Decimal(text().parse().unwrap()),
        ValueKind::Text | ValueKind::Enum => Value::Text(text().to_owned()),
        ValueKind::Date => Value::Date(text().parse::<NaiveDate>().unwrap()),
        ValueKind::DateTime => Value::DateTime(text().parse().unwrap()),
        ValueKind::Json => Value::Json(cell.clone()),
        ValueKind::Uuid => Value::Uuid(text().parse().unwrap()),
    }
}
