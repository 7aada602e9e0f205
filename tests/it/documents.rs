//! Documents: fragments, directives, aliases, variables, operations, `node`, `me`, introspection.

use serde_json::{Value as Json, json};

use sudare::config::Limits;

use crate::database;
use crate::harness::{TestGateway, demo, policies};

async fn data(role: &str, query: &str, variables: Json) -> Json {
    demo()
        .query_with(role, query, variables)
        .await
        .data()
        .clone()
}

#[tokio::test]
async fn fields_are_merged_in_the_order_of_the_document() {
    // Somebody looks after this customer.
    let query = "query($yes: Boolean!, $no: Boolean!) {
        customer(id: 2) { __typename ...a id @include(if: $no) ... on Customer { b: id owner { name } } ... on Node { nodeId @skip(if: $yes) } }
        customer(id: 2) { owner { id } c: createdAt @skip(if: $no) }
    } fragment a on Customer { owner { __typename } id }";
    let customer = demo()
        .query_with("admin", query, json!({ "yes": true, "no": false }))
        .await;
    let keys: Vec<&String> = customer.data()["customer"]
        .as_object()
        .unwrap()
        .keys()
        .collect();
    assert_eq!(keys.len(), 5, "{}", customer.text);
    let place = |key: &str| {
        customer
            .text
            .find(&format!("\"{key}\":"))
            .unwrap_or_else(|| panic!("no {key}"))
    };
    let places = ["__typename", "owner", "b", "c"].map(place);
    assert!(places.is_sorted(), "{}", customer.text);
    let owner: Vec<&String> = customer.data()["customer"]["owner"]
        .as_object()
        .unwrap()
        .keys()
        .collect();
    assert_eq!(owner, ["__typename", "id", "name"], "{}", customer.text);
}

#[tokio::test]
async fn aliases_of_a_field_have_equal_values_and_arguments_of_their_own() {
    let query = "{ a: customer(id: 1) { x: phone y: phone } b: customer(id: 2) { phone }
        few: customers(first: 1) { nodes { id } } more: customers(first: 2) { nodes { id } } }";
    let data = data("admin", query, json!({})).await;
    assert_eq!(data["a"]["x"], data["a"]["y"]);
    assert_ne!(data["a"]["x"], data["b"]["phone"]);
    assert_eq!(data["few"]["nodes"].as_array().unwrap().len(), 1);
    assert_eq!(data["more"]["nodes"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn node_finds_again_what_a_node_id_stands_for() {
    let first = data(
        "admin",
        "{ customers(first: 1) { nodes { nodeId id } } employees(first: 1) { nodes { nodeId } } }",
        json!({}),
    )
    .await;
    let node = &first["customers"]["nodes"][0];
    let query = "query($id: ID!) { node(nodeId: $id) { __typename nodeId ... on Customer { id } ... on Employee { name } } }";
    let again = data("admin", query, json!({ "id": node["nodeId"] })).await;
    assert_eq!(
        again["node"],
        json!({ "__typename": "Customer", "nodeId": node["nodeId"], "id": node["id"] })
    );
    // The operation is prepared now, for customers.
    let employee = &first["employees"]["nodes"][0]["nodeId"];
    let other = data("admin", query, json!({ "id": employee })).await;
    assert_eq!(other["node"]["__typename"], "Employee");
    assert_eq!(other["node"]["nodeId"], *employee);
    let more = "{ customers(first: 3, offset: 1) { nodes { nodeId id } } }";
    let more = data("admin", more, json!({})).await;
    for node in more["customers"]["nodes"].as_array().unwrap() {
        let found = data("admin", query, json!({ "id": node["nodeId"] })).await;
        assert_eq!(found["node"]["id"], node["id"]);
    }
    for id in ["", "x", "AAAA"] {
        assert_eq!(
            data("admin", query, json!({ "id": id })).await,
            json!({ "node": null })
        );
    }
    // The same id under another audience is no id at all.
    let partner = demo().query_with(
        "partner",
        "query($id: ID!) { node(nodeId: $id) { nodeId } }",
        json!({ "id": node["nodeId"] }),
    );
    assert_eq!(*partner.await.data(), json!({ "node": null }));
}

#[tokio::test]
async fn hidden_rows_and_missing_rows_are_the_same_bytes() {
    let raw = demo().raw();
    let hidden: i64 = raw.one("SELECT min(id) FROM customer WHERE department_id <> 1");
    let ask = |id: i64| format!("{{ customer(id: {id}) {{ nodeId fullName }} }}");
    demo().query("admin", &ask(hidden)).await.data();
    let there = demo().query("support", &ask(hidden)).await;
    let missing = demo().query("support", &ask(i64::MAX)).await;
    assert_eq!((there.status, &there.text), (missing.status, &missing.text));
    assert_eq!(there.data()["customer"], Json::Null);
}

#[tokio::test]
async fn a_node_that_is_hidden_deleted_or_of_a_hidden_entity_is_the_same_bytes() {
    // One of its own: a row is deleted here.
    let gateway = TestGateway::start(&policies(), Limits::default());
    let sealed = async |single: &str, key: i64| {
        let query = format!("{{ {single}(id: {key}) {{ nodeId }} }}");
        let answer = gateway.query("admin", &query).await;
        answer.data()[single]["nodeId"].as_str().unwrap().to_owned()
    };
    let raw = gateway.raw();
    let of_others = raw.one("SELECT min(id) FROM customer WHERE department_id <> 1");
    let own = raw.one("SELECT min(id) FROM customer WHERE department_id = 1");
    // Nobody buys from us who has just come.
    let input = "{ fullName: \"Ada Vogel\", country: \"DE\", language: \"de\", lifecycleStage: ACTIVE, preferences: {},
        consentMarketing: true, consentAnalytics: true, departmentId: 1 }";
    let query = format!("mutation {{ createCustomer(input: {input}) {{ id nodeId }} }}");
    let made = gateway.query("admin", &query).await.data()["createCustomer"].clone();
    let (hidden, foreign) = (
        sealed("customer", of_others).await,
        sealed("visit", 1).await,
    );
    let deleted = made["nodeId"].as_str().unwrap().to_owned();
    let query = format!("mutation {{ deleteCustomer(id: {}) {{ id }} }}", made["id"]);
    gateway.query("admin", &query).await.data();
    let shown = sealed("customer", own).await;
    for fields in [
        "__typename nodeId",
        "... on Customer { id lifecycleStage owner { name } orders { totalCount } }",
        "... on Customer { fullName phone } ... on Product { name }",
    ] {
        let ask = async |id: &str| {
            let given = format!("query($id: ID!) {{ node(nodeId: $id) {{ {fields} }} }}");
            let given = gateway.query_with("support", &given, json!({ "id": id }));
            let written = format!("{{ node(nodeId: \"{id}\") {{ {fields} }} }}");
            let (given, written) = (given.await, gateway.query("support", &written).await);
            [(given.status, given.text), (written.status, written.text)]
        };
        let missing = ask(&deleted).await;
        assert_eq!(ask(&hidden).await, missing, "of others: {fields}");
        assert_ne!(ask(&shown).await, missing, "what is seen: {fields}");
        assert_eq!(ask(&foreign).await, missing, "hidden entity: {fields}");
        assert_eq!(ask("AAAA").await, missing, "no id at all: {fields}");
    }
}

#[tokio::test]
async fn an_operation_is_chosen_by_name() {
    let query = "query a { me { id } } query b { me { roles } }";
    let ask = |name: Json| {
        demo().request(
            Some(crate::harness::claims("admin")),
            json!({ "query": query, "operationName": name }),
        )
    };
    assert_eq!(
        *ask(json!("b")).await.data(),
        json!({ "me": { "roles": ["admin"] } })
    );
    assert_eq!(ask(Json::Null).await.codes(), ["BAD_USER_INPUT"]);
    assert_eq!(ask(json!("c")).await.codes(), ["BAD_USER_INPUT"]);
    assert_eq!(demo().query("admin", "mutation { x }").await.status, 400);
    assert_eq!(
        demo().query("admin", "subscription { x }").await.status,
        400
    );
}

#[tokio::test]
async fn introspection_shows_a_role_what_it_may_use() {
    let query = "query($name: String!) { t: __type(name: $name) { name fields { name } inputFields { name } } me { id } __typename }";
    let names = |list: &Json| -> Vec<String> {
        list.as_array()
            .unwrap()
            .iter()
            .map(|field| field["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let admin = data("admin", query, json!({ "name": "CustomerFilter" })).await;
    let support = data("support", query, json!({ "name": "CustomerFilter" })).await;
    assert!(names(&admin["t"]["inputFields"]).contains(&"nationalId".to_owned()));
    assert!(!names(&support["t"]["inputFields"]).contains(&"nationalId".to_owned()));
    assert_eq!(support["me"]["id"], "12");
    assert_eq!(support["__typename"], "Query");
    // Output types are whole, so that one query serves every role.
    let admin = data("admin", query, json!({ "name": "Customer" })).await;
    let support = data("support", query, json!({ "name": "Customer" })).await;
    assert!(names(&support["t"]["fields"]).contains(&"nationalId".to_owned()));
    assert!(names(&admin["t"]["fields"]).len() >= names(&support["t"]["fields"]).len());
}

#[tokio::test]
async fn an_entity_that_a_role_does_not_have_is_an_unknown_name() {
    let anonymous = |query: &str| demo().request(None, json!({ "query": query }));
    let real = anonymous("{ customers { nodes { id } } }").await;
    let made_up = anonymous("{ customerz { nodes { id } } }").await;
    assert_eq!(real.text.replace("customers", "customerz"), made_up.text);
    assert_eq!(real.codes(), ["GRAPHQL_VALIDATION_FAILED"]);
    let real = anonymous("query($f: CustomerFilter) { me { id } }").await;
    let made_up = anonymous("query($f: CustomerFilters) { me { id } }").await;
    assert_eq!(
        real.text.replace("CustomerFilter", "CustomerFilters"),
        made_up.text
    );
    assert_eq!(
        *anonymous("{ __type(name: \"Customer\") { name } }")
            .await
            .data(),
        json!({ "__type": null })
    );
    assert_eq!(
        *anonymous("{ me { id roles } }").await.data(),
        json!({ "me": { "id": "anonymous", "roles": [] } })
    );
}

#[tokio::test]
async fn errors_are_all_listed_with_their_places() {
    let query = "{ customers(filter: { nationalId: { eq: \"1\" }, annualIncome: { gt: \"1\" } }, first: -1) { nodes { id } } }";
    let answer = demo().query("support", query).await;
    assert_eq!(
        answer.codes(),
        [
            "FIELD_NOT_FILTERABLE",
            "FIELD_NOT_FILTERABLE",
            "BAD_USER_INPUT"
        ]
    );
    let parse = demo().query("support", "{ customers(").await;
    assert_eq!(parse.codes(), ["GRAPHQL_PARSE_FAILED"]);
    assert!(
        parse.body["errors"][0]["locations"][0]["line"].is_number(),
        "{}",
        parse.text
    );
    assert!(!parse.text.contains('\n'), "{}", parse.text);
}

#[tokio::test]
async fn a_broken_row_is_named_but_not_shown() {
    let gateway = TestGateway::start(&policies(), Limits::default());
    let raw = gateway.raw();
    let mut broken = vec![("customer", "lifecycle_stage", "lifecycleStage", "LOST")];
    if database::only_on_sqlite("a column of numbers takes a text") {
        broken.push(("product", "price", "price", "5.00"));
    }
    for (table, column, field, whole) in broken {
        let set = |value: &str| {
            let sql = format!("UPDATE {table} SET {column} = '{value}' WHERE id = 60");
            assert_eq!(raw.execute(&sql), 1);
        };
        let ask = |fields: &str| format!("{{ {table}(id: 60) {{ {fields} }} }}");
        set("a lot");
        let answer = gateway.query("admin", &ask(&format!("id {field}"))).await;
        assert_eq!((answer.status, answer.codes()), (500, vec!["INTERNAL"]));
        assert!(
            answer.text.contains(&format!(".{field}`")) && !answer.text.contains("a lot"),
            "{}",
            answer.text
        );
        gateway.query("admin", &ask("id")).await.data();
        set(whole);
        let answer = gateway.query("admin", &ask(field)).await;
        assert_eq!(answer.data()[table][field], whole);
    }
}

#[tokio::test]
async fn a_variable_fits_where_it_is_used_or_is_refused() {
    for (query, variables) in [
        (
            "query($f: OrderFilter) { customers(filter: $f) { totalCount } }",
            json!({ "f": { "orderNo": { "eq": "x" } } }),
        ),
        (
            "query($a: [CustomerFilter]) { customers(filter: { or: $a }) { totalCount } }",
            json!({ "a": [null] }),
        ),
        (
            "query($a: [[CustomerFilter!]!]) { customers(filter: { or: $a }) { totalCount } }",
            json!({ "a": [] }),
        ),
        (
            "query($s: String) { customers(filter: { phone: { isNull: $s } }) { totalCount } }",
            json!({ "s": "true" }),
        ),
        (
            "query($a: [ID]) { customers(filter: { id: { notIn: $a } }) { totalCount } }",
            json!({ "a": [null] }),
        ),
        (
            "query($s: String) { customers(first: $s) { totalCount } }",
            json!({ "s": "1" }),
        ),
        (
            "query($o: OrderOrderBy!) { customers(orderBy: [$o]) { totalCount } }",
            json!({ "o": { "orderNo": "ASC" } }),
        ),
        (
            "query($i: Int!) { customer(id: $i) { nodeId } }",
            json!({ "i": 1 }),
        ),
        (
            "query($s: String!) { me { id @include(if: $s) roles } }",
            json!({ "s": "x" }),
        ),
        (
            "query($i: ID) { customer(id: $i) { nodeId } }",
            json!({ "i": "1" }),
        ),
        (
            "query($f: CustomerFilter!) { customers(filter: { or: $f }) { totalCount } }",
            json!({ "f": {} }),
        ),
    ] {
        let answer = demo().query_with("admin", query, variables).await;
        assert_eq!(
            answer.codes(),
            ["GRAPHQL_VALIDATION_FAILED"],
            "{query}: {}",
            answer.text
        );
    }
}

#[tokio::test]
async fn what_is_not_given_is_left_out() {
    let count = |query: &'static str, variables: Json| async move {
        demo().query_with("admin", query, variables).await.data()["customers"]["totalCount"].clone()
    };
    let by_ids = "query($a: [ID!]) { customers(filter: { id: { in: $a } }) { totalCount } }";
    assert_eq!(count(by_ids, json!({})).await, json!(120));
    assert_eq!(count(by_ids, json!({ "a": ["1", 2] })).await, json!(2));
    let whole = "query($f: CustomerFilter, $o: [CustomerOrderBy!], $n: Int = 3) {
        customers(filter: $f, orderBy: $o, first: $n) { totalCount nodes { id } } }";
    assert_eq!(count(whole, json!({})).await, json!(120));
    assert_eq!(
        count(whole, json!({ "f": null, "o": null })).await,
        json!(120)
    );
    let by_default =
        "query($f: CustomerFilter = { id: { eq: 1 } }) { customers(filter: $f) { totalCount } }";
    assert_eq!(count(by_default, json!({})).await, json!(1));
    let needed = "query($i: ID = \"1\") { customer(id: $i) { id } }";
    assert_eq!(
        demo().query("admin", needed).await.data()["customer"]["id"],
        "1"
    );
}

#[tokio::test]
async fn one_key_cannot_stand_for_two_things() {
    for query in [
        "{ customers(first: 1) { nodes { orders(first: 1) { totalCount } } } customers(first: 1) { nodes { orders(first: 3) { totalCount } } } }",
        "{ customers(first: 1) { nodes { x: id ... on Customer { x: fullName } } } }",
        "{ customers(first: 1) { totalCount } ... on Query { customers(first: 5, orderBy: [{ annualIncome: ASC }]) { totalCount } } }",
    ] {
        let answer = demo().query("support", query).await;
        assert_eq!(answer.codes(), ["GRAPHQL_VALIDATION_FAILED"], "{query}");
    }
    let same = "{ customers(first: 1, offset: 1) { totalCount } customers(offset: 1, first: 1) { nodes { id } } }";
    demo().query("support", same).await.data();
}

#[tokio::test]
async fn sealed_ids_are_of_one_length() {
    let answer = demo()
        .query(
            "partner",
            "{ orders(first: 1000) { edges { cursor node { nodeId } } } }",
        )
        .await;
    let edges = answer.data()["orders"]["edges"].as_array().unwrap();
    assert!(edges.len() > 20);
    let length = |edge: &Json| {
        (
            edge["cursor"].as_str().unwrap().len(),
            edge["node"]["nodeId"].as_str().unwrap().len(),
        )
    };
    assert!(edges.iter().all(|edge| length(edge) == length(&edges[0])));
}
