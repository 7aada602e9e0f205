//! Every role and every field: what comes back is what `me { capabilities }` and `disclosure` say.

use std::collections::HashMap;

use serde_json::{Value as Json, json};
use sudare_entities::catalog::{Entity, Kind};
use sudare_policies::value::Value;

use crate::harness::{ROLES, TestGateway, demo};

const README_QUERY: &str = "{ customers(first: 2, orderBy: [{ id: ASC }]) { nodes { fullName phone email nationalId \
    annualIncome birthDate owner { name } orders(first: 3) { nodes { orderNo } } } } }";

/// Texts in which only numbers and addresses are hidden below FULL.
const NOTES: [&str; 4] = ["notes", "subject", "summary", "body"];

/// What `capabilities` say of an entity's fields, by name; `None` if the entity does not exist for the role.
pub(crate) async fn capabilities(
    gateway: &TestGateway,
    role: &str,
    entity: &str,
) -> Option<HashMap<String, Json>> {
    let query = "query($entity: String!) { me { capabilities(entity: $entity) { field tier filter sort } } }";
    let answer = gateway
        .query_with(role, query, json!({ "entity": entity }))
        .await;
    if answer.body.get("data").is_none() {
        assert_eq!(answer.codes(), ["BAD_USER_INPUT"]);
        return None;
    }
    let fields = answer.data()["me"]["capabilities"]
        .as_array()
        .unwrap()
        .clone();
    Some(
        fields
            .into_iter()
            .map(|field| (field["field"].as_str().unwrap().to_owned(), field))
            .collect(),
    )
}

/// All cells of the first rows that a role sees, by field; with the tiers that `disclosure` tells for each row.
async fn rows(gateway: &TestGateway, role: &str, entity: &Entity) -> (Vec<Json>, Json) {
    let fields: Vec<&str> = entity
        .fields
        .iter()
        .map(|field| field.name.as_str())
        .collect();
    let query = format!(
        "{{ {}(first: 25) {{ nodes {{ nodeId {} disclosure {{ field tier }} }} }} }}",
        entity.plural,
        fields.join(" ")
    );
    let answer = gateway.query(role, &query).await;
    let nodes = answer.data()[&entity.plural]["nodes"]
        .as_array()
        .unwrap()
        .clone();
    (nodes, answer.body["extensions"]["disclosure"].clone())
}

/// The rows of an entity by their keys.
type Stored = HashMap<String, Vec<Value>>;

/// All that is stored, by entity.
fn stored(gateway: &TestGateway) -> HashMap<String, Stored> {
    let entities = gateway.catalog.entities.iter();
    let tables = entities.map(|entity| {
        let rows = gateway.raw().table(entity, "TRUE").into_iter();
        let by_key = rows.map(|row| (whole(&row[entity.key]).unwrap(), row));
        (entity.name.clone(), by_key.collect())
    });
    tables.collect()
}

#[tokio::test]
async fn every_cell_of_every_role_is_what_its_tier_says() {
    let gateway = demo();
    let stored = stored(gateway);
    let mut seen = HashMap::<&str, usize>::new();
    for role in ROLES {
        for entity in &gateway.catalog.entities {
            let Some(capabilities) = capabilities(gateway, role, &entity.name).await else {
                let answer = gateway
                    .query(
                        role,
                        &format!("{{ {} {{ nodes {{ nodeId }} }} }}", entity.plural),
                    )
                    .await;
                assert_eq!(
                    answer.codes(),
                    ["GRAPHQL_VALIDATION_FAILED"],
                    "{role} {}",
                    entity.name
                );
                continue;
            };
            let (nodes, disclosed) = rows(gateway, role, entity).await;
            let stored = &stored[&entity.name];
            for field in &entity.fields {
                let coordinate = format!("{}.{}", entity.name, field.name);
                let tier = capabilities[&field.name]["tier"].as_str().unwrap();
                let told = disclosed
                    .get(&coordinate)
                    .and_then(Json::as_str)
                    .unwrap_or("FULL");
                assert_eq!(
                    told, tier,
                    "{role} {coordinate}: extensions.disclosure against capabilities"
                );
                for node in &nodes {
                    let cell = check_cell(role, (entity, stored), node, (&field.name, tier));
                    *seen.entry(cell).or_default() += 1;
                }
            }
        }
    }
    for tier in ["FULL", "PARTIAL", "DESENSITIZED", "NONE"] {
        assert!(
            seen.get(tier).copied().unwrap_or(0) > 50,
            "hardly any cell at {tier}: {seen:?}"
        );
    }
}

/// Holds one cell against the stored value; gives its tier.
fn check_cell(
    role: &str,
    (entity, stored): (&Entity, &Stored),
    node: &Json,
    (field, static_tier): (&str, &str),
) -> &'static str {
    let place = || format!("{role} {}.{field} of {node}", entity.name);
    let entries = node["disclosure"].as_array().unwrap();
    let entry = entries.iter().find(|entry| entry["field"] == field);
    let tier = entry.map_or("FULL", |entry| entry["tier"].as_str().unwrap());
    if static_tier != "MIXED" {
        assert_eq!(tier, static_tier, "{}", place());
    }
    let cell = &node[field];
    if tier == "NONE" {
        assert_eq!(*cell, Json::Null, "{}", place());
        return "NONE";
    }
    // The key tells which row it is, for roles that see it.
    let Some(id) = (role != "partner").then(|| node["id"].as_str()).flatten() else {
        return "NONE";
    };
    let position = entity
        .fields
        .iter()
        .position(|known| known.name == field)
        .unwrap();
    let stored = whole(&stored[id][position]);
    match tier {
        "FULL" => {
            assert_eq!(shown(cell), stored, "{}", place());
            "FULL"
        }
        "PARTIAL" | "DESENSITIZED" => {
            let text = matches!(entity.fields[position].kind, Kind::Text);
            if let (true, Some(stored)) = (text, stored) {
                let shown = cell.as_str().unwrap_or_default();
                if NOTES.contains(&field) {
                    let numbers = shown.split(|c: char| c.is_alphabetic());
                    let longest =
                        numbers.map(|run| run.chars().filter(char::is_ascii_digit).count());
                    assert!(
                        !shown.contains('@') && longest.max() < Some(7),
                        "{}",
                        place()
                    );
                } else {
                    assert_ne!(shown, stored, "{}", place());
                }
            }
            if tier == "PARTIAL" {
                "PARTIAL"
            } else {
                "DESENSITIZED"
            }
        }
        other => panic!("no such tier: {other}"),
    }
}

/// A value as both sides can be compared: text, numbers without what is only form.
fn shown(cell: &Json) -> Option<String> {
    match cell {
        Json::Null => None,
        Json::String(text) => Some(normal(text)),
        other => Some(other.to_string()),
    }
}

fn whole(stored: &Value) -> Option<String> {
    match stored {
        Value::Null => None,
        Value::Boolean(value) => Some(value.to_string()),
        Value::Int(value) => Some(value.to_string()),
        Value::Float(value) => Some(value.to_string()),
        Value::Decimal(value) => Some(value.to_string()),
        Value::Text(text) => Some(normal(text)),
        Value::Date(day) => Some(day.to_string()),
        Value::DateTime(instant) => Some(instant.to_rfc3339()),
        Value::Json(document) => Some(document.to_string()),
        Value::Uuid(uuid) => Some(uuid.to_string()),
    }
}

/// Instants are compared as instants.
fn normal(text: &str) -> String {
    chrono::DateTime::parse_from_rfc3339(text)
        .map_or_else(|_| text.to_owned(), |value| value.to_utc().to_rfc3339())
}

#[tokio::test]
async fn the_readme_query_is_answered_by_the_policy_for_each_role() {
    let mut answers = String::new();
    for role in ROLES {
        let answer = demo().query(role, README_QUERY).await;
        if answer.body.get("data").is_none() {
            // Roles that see no key in full may not order by it.
            assert_eq!(answer.codes(), ["FIELD_NOT_SORTABLE"], "{role}");
        }
        answers += &format!(
            "# {role}\n{}\n",
            serde_json::to_string_pretty(&answer.body).unwrap()
        );
    }
    insta::assert_snapshot!(answers);
}
