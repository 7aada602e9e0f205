//! Keys that are masked: whoever sees other numbers in their place names rows by these, and by nothing else.

use std::fs;

use serde_json::{Value as Json, json};

use sudare::config::Limits;

use crate::harness::{TestGateway, demo, policies};

/// What the partner sees as keys of the first customers.
async fn keys(gateway: &TestGateway, role: &str) -> Vec<String> {
    let answer = gateway
        .query(role, "{ customers(first: 3) { nodes { id } } }")
        .await;
    let nodes = answer.data()["customers"]["nodes"].as_array().unwrap();
    nodes
        .iter()
        .map(|node| node["id"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_masked_key_finds_its_own_row_by_argument_filter_and_reference() {
    let gateway = demo();
    for key in keys(gateway, "partner").await {
        let query = "query($id: ID!, $ids: [ID!]!) {
            customer(id: $id) { id fullName }
            customers(filter: { id: { eq: $id } }) { nodes { id fullName } }
            several: customers(filter: { id: { in: $ids } }) { nodes { id fullName } }
            orders(filter: { customerId: { eq: $id } }) { nodes { customerId } }
        }";
        let answer = gateway
            .query_with("partner", query, json!({ "id": key, "ids": [key, "1"] }))
            .await;
        let data = answer.data();
        assert_eq!(data["customer"]["id"], key);
        assert_eq!(data["customers"]["nodes"], json!([data["customer"]]));
        assert_eq!(data["several"]["nodes"], json!([data["customer"]]));
        for order in data["orders"]["nodes"].as_array().unwrap() {
            assert_eq!(order["customerId"], key);
        }
    }
}

#[tokio::test]
async fn the_key_itself_finds_nothing_for_whoever_sees_another_in_its_place() {
    let gateway = demo();
    let ask = "query($id: ID!) { customer(id: $id) { id } customers(filter: { id: { eq: $id } }) { totalCount } }";
    let nothing = json!({ "customer": Json::Null, "customers": { "totalCount": 0 } });
    for key in 1..=120 {
        let answer = gateway
            .query_with("partner", ask, json!({ "id": key.to_string() }))
            .await;
        assert_eq!(answer.data(), &nothing, "{key}");
    }
}

#[tokio::test]
async fn a_masked_key_means_nothing_to_another_audience() {
    let gateway = demo();
    for key in keys(gateway, "partner").await {
        let ask = "query($id: ID!) { customer(id: $id) { id } }";
        let answer = gateway.query_with("admin", ask, json!({ "id": key })).await;
        assert_eq!(answer.data(), &json!({ "customer": Json::Null }));
    }
}

#[tokio::test]
async fn a_masked_key_is_compared_by_equality_alone() {
    let gateway = demo();
    for operator in [
        "ne: \"1\"",
        "notIn: [\"1\"]",
        "lt: \"1\"",
        "lte: \"1\"",
        "gt: \"1\"",
        "gte: \"1\"",
        "isNull: true",
        "eq: \"1\", gt: \"1\"",
    ] {
        for filter in [
            format!("{{ id: {{ {operator} }} }}"),
            format!("{{ not: {{ id: {{ {operator} }} }} }}"),
            format!("{{ orders: {{ some: {{ customerId: {{ {operator} }} }} }} }}"),
        ] {
            let query = format!("{{ customers(filter: {filter}) {{ totalCount }} }}");
            let answer = gateway.query("partner", &query).await;
            assert_eq!(answer.codes(), ["FIELD_NOT_FILTERABLE"], "{filter}");
        }
    }
    let answer = gateway
        .query(
            "partner",
            "{ customers(orderBy: [{ id: ASC }]) { totalCount } }",
        )
        .await;
    assert_eq!(answer.codes(), ["FIELD_NOT_SORTABLE"]);
}

#[tokio::test]
async fn introspection_offers_what_a_masked_key_can_be_compared_by() {
    let gateway = demo();
    let ask = "{ filter: __type(name: \"CustomerFilter\") { inputFields { name } }
        operators: __type(name: \"IDFilter\") { inputFields { name } } }";
    let names = |data: &Json, key: &str| -> Vec<String> {
        let fields = data[key]["inputFields"].as_array().unwrap();
        let names = fields.iter().map(|field| field["name"].as_str().unwrap());
        names.map(str::to_owned).collect()
    };
    let answer = gateway.query("partner", ask).await;
    assert!(names(answer.data(), "filter").contains(&"id".to_owned()));
    assert_eq!(names(answer.data(), "operators"), ["eq", "in"]);
    let answer = gateway.query("admin", ask).await;
    assert!(names(answer.data(), "operators").contains(&"gt".to_owned()));
}

#[tokio::test]
async fn what_is_no_number_is_told_and_what_is_no_key_is_not_there() {
    let gateway = demo();
    for (id, codes) in [
        ("x", vec!["BAD_USER_INPUT"]),
        ("9223372036854775808", vec!["BAD_USER_INPUT"]),
    ] {
        let query = format!("{{ customer(id: \"{id}\") {{ id }} }}");
        assert_eq!(gateway.query("partner", &query).await.codes(), codes);
    }
    for id in ["-1", "0", "9223372036854775807", "-9223372036854775808"] {
        let query = format!("{{ customer(id: \"{id}\") {{ id }} }}");
        let answer = gateway.query("partner", &query).await;
        assert_eq!(answer.data(), &json!({ "customer": Json::Null }), "{id}");
    }
}

/// Keys of one's own customers as they are, of others by other numbers: a number that is none of a row's is not its own, whichever way
/// it is shown.
#[tokio::test]
async fn a_key_that_is_shown_in_two_ways_is_compared_in_each() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["model.conf", "masking.toml"] {
        fs::copy(policies().join(name), folder.path().join(name)).unwrap();
    }
    let rules = fs::read_to_string(policies().join("policy.csv")).unwrap();
    let own = "
g, clerk, everyone
p, clerk, Customer, row, true, allow
p, clerk, Customer:key, full, row.owner_id == user.id, allow
p, clerk, Customer:key, desensitized, true, allow
";
    fs::write(folder.path().join("policy.csv"), format!("{rules}{own}")).unwrap();
    let gateway = TestGateway::start(folder.path(), Limits::default());
    let owner = "{ customers(first: 1, filter: { owner: { id: { isNull: false } } }) { nodes { owner { id } } } }";
    let owner = gateway.query("admin", owner).await;
    let owner = &owner.data()["customers"]["nodes"][0]["owner"]["id"];
    let claims = json!({ "sub": owner, "roles": ["clerk"] });
    let ask = async |query: &str, id: &str| {
        let body = json!({ "query": query, "variables": { "id": id } });
        gateway
            .request(Some(claims.clone()), body)
            .await
            .data()
            .clone()
    };
    let all = ask(
        "{ customers(first: 200) { totalCount nodes { id disclosure { field tier } } } }",
        "",
    )
    .await;
    let all = &all["customers"];
    let mut met = [0, 0];
    for node in all["nodes"].as_array().unwrap() {
        let is_full = node["disclosure"]
            .as_array()
            .unwrap()
            .iter()
            .all(|field| field["field"] != "id");
        met[usize::from(is_full)] += 1;
        let counts = ask(
            "query($id: ID!) { is: customers(filter: { id: { eq: $id } }) { totalCount } not: customers(filter: { not: { id: { eq: $id } } }) { totalCount } }",
            node["id"].as_str().unwrap(),
        )
        .await;
        assert_eq!(counts["is"]["totalCount"], 1);
        assert_eq!(
            counts["not"]["totalCount"],
            all["totalCount"].as_i64().unwrap() - 1
        );
    }
    assert!(met[0] > 1 && met[1] > 0, "both ways: {met:?}");
}
