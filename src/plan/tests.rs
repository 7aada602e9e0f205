//! Plans and their statements as snapshots, made without a database.

use std::path::Path;
use std::sync::Arc;

use async_graphql::parser::parse_query;
use chrono::{TimeZone as _, Utc};
use secrecy::SecretBox;
use sudare_entities::Catalog;
use sudare_policies::maskers::MaskingKey;
use sudare_policies::{PolicySet, Principal, View};

use super::prepared::Variant;
use super::{Dialect, Plan, PlanRequest, build};
use crate::answer::RequestError;
use crate::blind::BlindKeys;
use crate::config::Limits;
use crate::graphql::coerce::{self, Variables};
use crate::graphql::inputs::{Everything, Inputs};
use crate::seal::AudienceSeals;

pub(super) fn view(catalog: &Catalog, role: &str) -> View {
    let policies = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    let key = MaskingKey::new(&[7; 32]).unwrap();
    let set = PolicySet::load(&policies, &crate::shape::shape(catalog), &key);
    let set = Arc::new(set.unwrap_or_else(|errors| panic!("{errors}")));
    let attributes = serde_json::json!({ "department_id": 1 });
    let principal = Principal {
        id: "7".to_owned(),
        roles: [role.to_owned()].into(),
        attributes: attributes.as_object().unwrap().clone(),
    };
    set.view(
        principal,
        Utc.with_ymd_and_hms(2026, 7, 1, 12, 0, 0).unwrap(),
    )
    .unwrap()
}

fn plan(role: &str, query: &str) -> Result<Plan, Vec<RequestError>> {
    plan_for(Dialect::Sqlite, role, query)
}

fn plan_for(dialect: Dialect, role: &str, query: &str) -> Result<Plan, Vec<RequestError>> {
    plan_with(dialect, role, query, &Variables::new())
}

fn plan_with(
    dialect: Dialect,
    role: &str,
    query: &str,
    variables: &Variables,
) -> Result<Plan, Vec<RequestError>> {
    let catalog = Catalog::new().unwrap();
    let document = parse_query(query).unwrap();
    let (_, operation) = document.operations.iter().next().unwrap();
    build(&PlanRequest {
        catalog: &catalog,
        dialect,
        view: &view(&catalog, role),
        inputs: &Inputs::new(&catalog, &Everything),
        document: &document,
        operation: &operation.node,
        variables,
        limits: &Limits::default(),
        seals: &seals(),
        blind: &BlindKeys::new([7; 32]),
    })
}

pub(super) fn seals() -> AudienceSeals {
    AudienceSeals::new(&SecretBox::new(Box::new(vec![7; 32])), "internal").unwrap()
}

fn variables(query: &str, given: &serde_json::Value) -> Variables {
    let inputs = Inputs::new(&Catalog::new().unwrap(), &Everything);
    let document = parse_query(query).unwrap();
    let (_, operation) = document.operations.iter().next().unwrap();
    coerce::variables(&inputs, &operation.node, given.as_object().unwrap()).unwrap()
}

/// The plan for one value of `$v`, as it is kept for others.
fn kept(query: &str, value: impl Into<serde_json::Value>) -> Option<Variant> {
    let variables = variables(query, &serde_json::json!({ "v": value.into() }));
    let plan = plan_with(Dialect::Sqlite, "admin", query, &variables).unwrap();
    Variant::new(&Arc::new(plan), &variables)
}

/// Whether it serves another value of `$v`.
fn serves(variant: &Variant, query: &str, value: impl Into<serde_json::Value>) -> bool {
    let variables = variables(query, &serde_json::json!({ "v": value.into() }));
    variant.prepare(&variables).is_some()
}

#[test]
fn a_plan_serves_every_node_id_of_its_entity() {
    let query = "query($v: ID!) { node(nodeId: $v) { nodeId ... on Customer { fullName } } }";
    let id = |entity: &str, key| seals().node(entity).seal(key).unwrap();
    let customer = kept(query, id("Customer", 1)).unwrap();
    assert!(serves(&customer, query, id("Customer", 2)));
    assert!(!serves(&customer, query, id("Employee", 2)));
    assert!(!serves(&customer, query, "no node id"));
    assert!(kept(query, "no node id").is_none());
}

#[test]
fn a_plan_serves_every_offset_but_none() {
    let query =
        "query($v: Int) { customers(offset: $v) { nodes { id } pageInfo { hasPreviousPage } } }";
    let some = kept(query, 7).unwrap();
    assert!(serves(&some, query, 1) && serves(&some, query, i32::MAX));
    assert!(!serves(&some, query, 0) && !serves(&some, query, -1));
    let none = kept(query, 0).unwrap();
    assert!(serves(&none, query, 0) && !serves(&none, query, 1));
}

#[test]
fn plans_and_statements_are_as_reviewed() {
    insta::glob!("../../tests/plans", "*.graphql", |path| {
        let query = std::fs::read_to_string(path).unwrap();
        let role = query.lines().next().unwrap().trim_start_matches("# role: ");
        let plans = [Dialect::Sqlite, Dialect::Postgres, Dialect::MariaDb].map(|dialect| {
            let plan = match plan_for(dialect, role, &query) {
                Ok(plan) => plan.to_string(),
                Err(errors) => errors
                    .iter()
                    .map(|error| format!("{}\n", error.message))
                    .collect(),
            };
            format!("-- {dialect:?}\n{plan}")
        });
        insta::assert_snapshot!(plans.join("\n"));
    });
}

#[test]
fn a_field_that_is_never_shown_is_not_fetched() {
    let plan = plan(
        "support",
        "{ accounts { nodes { passwordHash } } customers { nodes { nationalId } } }",
    );
    let text = match plan {
        Ok(plan) => plan.to_string(),
        Err(errors) => panic!("{errors:?}"),
    };
    assert!(!text.contains("\"password_hash\""), "{text}");
}

#[test]
fn page_sizes_are_multiplied_into_the_cost() {
    let query = "{ customers(first: 1000) { nodes { orders(first: 100) { nodes { id orderNo status } } } } }";
    let errors = plan("admin", query).unwrap_err();
    assert!(
        errors[0].message.contains("301000 cells")
            && errors[0].message.contains("`max_cost` is 200000"),
        "{errors:?}"
    );
}
