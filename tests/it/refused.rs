//! What is not seen in full cannot be asked by, on any path.

use std::collections::HashMap;

use serde_json::{Value as Json, json};
use sudare::config::Limits;
use sudare_entities::catalog::{Cardinality, Entity, Field, Kind};

use crate::disclosure::capabilities;
use crate::harness::{ROLES, TestGateway, demo, policies};

#[tokio::test]
async fn filters_and_orders_by_what_is_not_seen_in_full_are_refused_on_every_path() {
    let gateway = demo();
    let mut refused = 0;
    for role in ROLES {
        let mut all = HashMap::new();
        for entity in &gateway.catalog.entities {
            if let Some(found) = capabilities(gateway, role, &entity.name).await {
                all.insert(entity.name.as_str(), found);
            }
        }
        for entity in &gateway.catalog.entities {
            let Some(capabilities) = all.get(entity.name.as_str()) else {
                continue;
            };
            for field in &entity.fields {
                let capability = &capabilities[&field.name];
                let coordinate = format!("{}.{}", entity.name, field.name);
                let may = capability["filter"] == true;
                for (query, variables) in
                    filter_paths(gateway, entity, &field.name, |name| all.contains_key(name))
                {
                    let answer = gateway.query_with(role, &query, variables).await;
                    let place = format!("{role} {coordinate} by {query}");
                    if may {
                        answer.data();
                        continue;
                    }
                    refused += 1;
                    assert_eq!(answer.status, 400, "{place}");
                    assert!(
                        answer.codes().contains(&"FIELD_NOT_FILTERABLE"),
                        "{place}: {}",
                        answer.text
                    );
                    assert_eq!(
                        answer.body["errors"][0]["extensions"]["coordinate"],
                        json!(coordinate),
                        "{place}"
                    );
                }
                if !matches!(field.kind, Kind::Json) {
                    check_order(gateway, role, entity, field, capability["sort"] == true).await;
                }
            }
        }
    }
    assert!(
        refused > 500,
        "only {refused} refusals: are the roles still different?"
    );
}

/// Whether a role may order by a field is as it was told.
async fn check_order(gateway: &TestGateway, role: &str, entity: &Entity, field: &Field, may: bool) {
    let query = format!(
        "{{ {}(orderBy: [{{ {}: DESC }}]) {{ nodes {{ nodeId }} }} }}",
        entity.plural, field.name
    );
    let answer = gateway.query(role, &query).await;
    if may {
        answer.data();
        return;
    }
    let place = format!("{role} {}.{}", entity.name, field.name);
    assert_eq!(answer.codes(), ["FIELD_NOT_SORTABLE"], "{place}");
}

/// All ways in which a filter may reach a field of an entity.
fn filter_paths(
    gateway: &TestGateway,
    entity: &Entity,
    field: &str,
    exists: impl Fn(&str) -> bool,
) -> Vec<(String, Json)> {
    let plural = &entity.plural;
    let leaf = format!("{{ {field}: {{ isNull: true }} }}");
    let select = "{ nodes { nodeId } }";
    let mut paths: Vec<String> = [
        leaf.clone(),
        format!("{{ and: [{leaf}] }}"),
        format!("{{ or: [{{}}, {leaf}] }}"),
        format!("{{ not: {leaf} }}"),
    ]
    .iter()
    .map(|filter| format!("{{ {plural}(filter: {filter}) {select} }}"))
    .collect();
    paths.push(format!(
        "{{ a: {plural} {select} b: {plural}(filter: {leaf}) {{ totalCount }} }}"
    ));
    for (other, relation, list) in gateway.catalog.entities.iter().flat_map(|other| {
        let target = &gateway.catalog;
        other.relations.iter().filter_map(move |relation| {
            let list = relation.cardinality == Cardinality::ToMany;
            (target.entities[relation.target].name == entity.name)
                .then_some((other, relation, list))
        })
    }) {
        if !exists(&other.name) {
            continue;
        }
        let quantified: &[&str] = if list {
            &["some", "every", "none"]
        } else {
            &[""]
        };
        for quantifier in quantified {
            let inner = if list {
                format!("{{ {quantifier}: {leaf} }}")
            } else {
                leaf.clone()
            };
            paths.push(format!(
                "{{ {}(filter: {{ {}: {inner} }}) {select} }}",
                other.plural, relation.name
            ));
        }
        if list {
            paths.push(format!(
                "{{ {} {{ nodes {{ {}(filter: {leaf}) {select} }} }} }}",
                other.plural, relation.name
            ));
        }
    }
    let mut queries: Vec<(String, Json)> =
        paths.into_iter().map(|query| (query, json!({}))).collect();
    let by_variable = format!(
        "query($f: {}Filter) {{ {plural}(filter: $f) {select} }}",
        entity.name
    );
    let mut filter = json!({});
    filter[field] = json!({ "isNull": true });
    queries.push((by_variable.clone(), json!({ "f": filter })));
    queries.push((by_variable, json!({ "f": { "not": { "and": [filter] } } })));
    queries
}

#[tokio::test]
async fn a_key_that_is_not_seen_leads_nowhere_from_either_end() {
    let folder = tempfile::tempdir().unwrap();
    for file in ["model.conf", "masking.toml", "policy.csv"] {
        std::fs::copy(policies().join(file), folder.path().join(file)).unwrap();
    }
    let rules = folder.path().join("policy.csv");
    let text = std::fs::read_to_string(&rules).unwrap();
    std::fs::write(
        &rules,
        text + "\np, marketing, Customer.id, full, true, deny\n",
    )
    .unwrap();
    let gateway = TestGateway::start(folder.path(), Limits::default());
    let query = "{ customers(first: 50) { nodes { id orders { totalCount nodes { id } } } } \
        orders(first: 50) { nodes { id customer { fullName } } } }";
    let before = demo().query("marketing", query).await;
    assert!(
        before.data()["customers"]["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .any(|node| node["orders"]["totalCount"] != 0)
    );
    let after = gateway.query("marketing", query).await;
    for node in after.data()["customers"]["nodes"].as_array().unwrap() {
        assert_eq!(
            *node,
            json!({ "id": null, "orders": { "totalCount": 0, "nodes": [] } })
        );
    }
    for node in after.data()["orders"]["nodes"].as_array().unwrap() {
        assert_eq!(node["customer"], Json::Null);
    }
    let by_relation = "{ orders(filter: { customer: {} }) { totalCount } customers(filter: { orders: { some: {} } }) { totalCount } }";
    let counts = gateway.query("marketing", by_relation).await;
    assert_eq!(
        *counts.data(),
        json!({ "orders": { "totalCount": 0 }, "customers": { "totalCount": 0 } })
    );
}
