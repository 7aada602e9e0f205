//! Plans and their statements as snapshots, made without a database.

use std::path::Path;
use std::sync::Arc;

use async_graphql::parser::parse_query;
use chrono::{TimeZone as _, Utc};
use secrecy::SecretBox;
use sudare_entities::Catalog;
use sudare_policies::maskers::MaskingKey;
use sudare_policies::{PolicySet, Principal, View};

use super::{Dialect, Plan, PlanRequest, build};
use crate::answer::RequestError;
use crate::config::Limits;
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
        variables: &crate::graphql::coerce::Variables::new(),
        limits: &Limits::default(),
        seals: &AudienceSeals::new(&SecretBox::new(Box::new(vec![7; 32])), "internal").unwrap(),
    })
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
