//! Sums and means that are granted are rounded exactly, to the same bytes on each database; what is seen in full is not.

use serde_json::{Value as Json, json};
use sudare::config::Limits;

use crate::harness::{TestGateway, policies};
use crate::types::plant;

/// A role that may add up what it does not see, of two persons or more.
const RULES: &str = "
p, planner, Customer, row, true, allow
p, planner, key.customer, full, true, allow
p, planner, Customer.annualIncome, aggregate, true, allow
p, planner, Customer.version, aggregate, true, allow
p, seer, Customer, row, true, allow
p, seer, key.customer, full, true, allow
p, seer, Customer.annualIncome, aggregate, true, allow
p, seer, Customer.annualIncome, full, true, allow
";

const ROUNDED: &str = "
[field.\"Customer.version\".aggregate]
round = \"2.5\"
";

/// Each three of them are one question.
const INCOMES: [&str; 15] = [
    "500.00",
    "500.00",
    "500.00",
    "-500.00",
    "-500.00",
    "-500.00",
    "499.99",
    "500.00",
    "500.00",
    "-0.01",
    "-0.01",
    "-0.01",
    "9999999999.99",
    "9999999999.99",
    "9999999999.99",
];

const VERSIONS: [&str; 6] = ["3", "4", "5", "-1", "-1", "-2"];

fn gateway() -> TestGateway {
    let folder = tempfile::tempdir().unwrap();
    let read = |file: &str| std::fs::read_to_string(policies().join(file)).unwrap();
    let masking = read("masking.toml").replace("k = 10", "k = 2");
    for (file, text) in [
        ("model.conf", read("model.conf")),
        ("policy.csv", read("policy.csv") + RULES),
        ("masking.toml", masking + ROUNDED),
    ] {
        std::fs::write(folder.path().join(file), text).unwrap();
    }
    let gateway = TestGateway::start(folder.path(), Limits::default());
    plant(&gateway, "Customer.annualIncome", &INCOMES);
    plant(&gateway, "Customer.version", &VERSIONS);
    gateway
}

/// The sum and the mean over three customers.
async fn measured(gateway: &TestGateway, role: &str, first: usize, field: &str) -> [Json; 2] {
    let ids = [first, first + 1, first + 2].map(|id| id.to_string());
    let query = format!(
        "{{ customersAggregate(filter: {{ id: {{ in: {} }} }}) {{ sum {{ {field} }} avg {{ {field} }} }} }}",
        json!(ids)
    );
    let answer = gateway.query(role, &query).await;
    let group = &answer.data()["customersAggregate"][0];
    [&group["sum"][field], &group["avg"][field]].map(Json::clone)
}

#[tokio::test]
async fn granted_sums_are_rounded_exactly_and_half_away_from_zero() {
    let gateway = gateway();
    for (first, sum, mean) in [
        (1, "2000.00", "1000.000000"),
        (4, "-2000.00", "-1000.000000"),
        (7, "1000.00", "0.000000"),
        (10, "0.00", "0.000000"),
        (13, "30000000000.00", "10000000000.000000"),
    ] {
        let told = measured(&gateway, "planner", first, "annualIncome").await;
        assert_eq!(told, [sum, mean], "from {first}");
    }
    // with as many digits as without a step: 12.5 as 13
    for (first, sum, mean) in [(1, "13", "5.0000"), (4, "-5", "-2.5000")] {
        let told = measured(&gateway, "planner", first, "version").await;
        assert_eq!(told, [sum, mean], "from {first}");
    }
}

#[tokio::test]
async fn clauses_see_what_is_rounded() {
    let gateway = gateway();
    // 1500.00, of which 2000.00 is shown
    for (operators, passes) in [
        (r#"gt: "1999.99""#, true),
        (r#"eq: "2000""#, true),
        (r#"lte: "1500""#, false),
    ] {
        let query = format!(
            "{{ customersAggregate(filter: {{ id: {{ in: [\"1\", \"2\", \"3\"] }} }}, having: {{ sum: {{ annualIncome: {{ {operators} }} }} }}) {{ count }} }}"
        );
        let answer = gateway.query("planner", &query).await;
        let groups = answer.data()["customersAggregate"].as_array().unwrap();
        assert_eq!(groups.len(), usize::from(passes), "{operators}");
    }
}

#[tokio::test]
async fn sums_of_what_is_seen_in_full_are_exact() {
    let gateway = gateway();
    let told = measured(&gateway, "seer", 7, "annualIncome").await;
    assert_eq!(told, ["1499.99", "499.996667"]);
}
