//! What the database refuses, and what is refused before it is asked.

use serde_json::{Value as Json, json};

use super::{CHANGE, admin, ask, change, customer, gateway, stored};

fn ticket(customer: &str) -> Json {
    json!({ "input": {
        "customerId": customer, "kind": "SERVICE", "status": "OPEN", "subject": "s", "body": "b", "openedAt": "2026-01-02T03:04:05Z",
    } })
}

/// Who may not write a value learns nothing of it: not whether it is taken, nor whether there is a row that it refers to.
#[tokio::test]
async fn a_grant_comes_before_what_the_database_says() {
    let hidden = customer(json!({ "departmentId": 2 })).await;
    let own = customer(json!({})).await;
    let make = "mutation($input: TicketCreateInput!) { createTicket(input: $input) { id } }";
    // By a rule on the row that is referred to, and by one on the reference itself.
    for (role, subject) in [("agent", 7), ("owner", own.parse().unwrap())] {
        let there = ask(role, subject, make, ticket(&hidden)).await;
        let missing = ask(role, subject, make, ticket("99999999")).await;
        assert_eq!(there.codes(), ["FIELD_NOT_WRITABLE"; 6], "{role}");
        assert_eq!((there.status, &there.text), (missing.status, &missing.text));
        assert_eq!(ask(role, subject, make, ticket(&own)).await.status, 200);
    }
    let made = ask("agent", 7, make, ticket(&own)).await;
    let id = &made.data()["createTicket"]["id"];
    let turn = "mutation($id: ID!, $input: TicketUpdateInput!) { updateTicket(id: $id, input: $input) { id } }";
    let to = |customer: &str| json!({ "id": id, "input": { "customerId": customer } });
    let there = ask("agent", 7, turn, to(&hidden)).await;
    let missing = ask("agent", 7, turn, to("99999999")).await;
    assert_eq!(there.codes(), ["FIELD_NOT_WRITABLE"]);
    assert_eq!((there.status, &there.text), (missing.status, &missing.text));
    // Who may write any reference is told that there is no such row.
    assert_eq!(
        ask("admin", 1, turn, to("99999999")).await.codes(),
        ["CONFLICT"]
    );
}

#[tokio::test]
async fn a_new_row_is_asked_for_no_more_than_is_given_of_it() {
    let make =
        "mutation($input: [CustomerCreateInput!]!) { createCustomers(input: $input) { id } }";
    let row = |name: &str, more: Json| {
        let mut input = json!({
            "fullName": name, "country": "DE", "language": "de", "lifecycleStage": "ACTIVE", "preferences": {},
            "consentMarketing": true, "consentAnalytics": true, "departmentId": 1,
        });
        for (name, value) in more.as_object().unwrap() {
            input[name] = value.clone();
        }
        input
    };
    let both = |one: Json, other: Json| json!({ "input": [row("Ada", one), row("Bo", other)] });
    // An income only where the row is one's own: the other row has none.
    let fits = both(
        json!({ "ownerId": "7", "annualIncome": "1.00" }),
        json!({ "ownerId": "8" }),
    );
    assert_eq!(ask("payer", 7, make, fits).await.status, 200);
    let wrong = both(
        json!({ "ownerId": "7" }),
        json!({ "ownerId": "8", "annualIncome": "1.00" }),
    );
    let refused = ask("payer", 7, make, wrong).await;
    assert_eq!(refused.codes(), ["FIELD_NOT_WRITABLE"]);
    assert!(
        refused.text.contains("`Customer.annualIncome`"),
        "{}",
        refused.text
    );
}

#[tokio::test]
async fn a_request_makes_so_many_rows_and_no_more() {
    let many = "mutation($input: [DepartmentCreateInput!]!) { a: createDepartments(input: $input) { id } b: createDepartments(input: $input) { id } }";
    let before = admin("{ departments { totalCount } }").await;
    let rows: Vec<Json> = (0..501)
        .map(|_| json!({ "name": "n", "region": "r" }))
        .collect();
    let answer = ask("admin", 1, many, json!({ "input": rows })).await;
    assert_eq!(answer.codes(), ["COST_LIMIT"]);
    assert_eq!(admin("{ departments { totalCount } }").await, before);
}

/// Whoever gets no answer asks again, and would have it twice.
#[tokio::test]
async fn a_change_of_which_nothing_can_be_told_is_not_made() {
    let id = customer(json!({})).await;
    let broken = format!("UPDATE customer SET lifecycle_stage = 'a lot' WHERE id = {id}");
    gateway().raw().execute(&broken);
    let make = "mutation($input: TicketCreateInput!) { createTicket(input: $input) { customer { lifecycleStage } } }";
    let answer = ask("admin", 1, make, ticket(&id)).await;
    assert_eq!(answer.codes(), ["INTERNAL"]);
    let tickets =
        format!("{{ tickets(filter: {{ customerId: {{ eq: \"{id}\" }} }}) {{ totalCount }} }}");
    assert_eq!(admin(&tickets).await["tickets"]["totalCount"], 0);
}

#[tokio::test]
async fn a_request_is_one_transaction() {
    let id = customer(json!({})).await;
    let query = format!(
        "mutation {{
            a: updateCustomer(id: \"{id}\", input: {{ notes: \"first\" }}) {{ notes version }}
            b: updateCustomer(id: \"{id}\", input: {{ occupation: \"second\" }}) {{ notes occupation version }}
            c: updateCustomer(id: \"99999999\", input: {{ notes: \"third\" }}) {{ id }}
        }}"
    );
    assert_eq!(
        ask("admin", 1, &query, Json::Null).await.codes(),
        ["NOT_FOUND"]
    );
    assert_eq!(
        stored(&id, "notes version").await,
        json!({ "notes": null, "version": "1" })
    );
    let query = query.replace("99999999", &id);
    let done = ask("admin", 1, &query, Json::Null).await;
    assert_eq!(
        done.data()["a"],
        json!({ "notes": "first", "version": "2" })
    );
    assert_eq!(
        done.data()["b"],
        json!({ "notes": "first", "occupation": "second", "version": "3" })
    );
}

#[tokio::test]
async fn conflicts_say_so_and_no_more() {
    let conflict =
        "mutation($input: AccountUpdateInput!) { updateAccount(id: 1, input: $input) { id } }";
    let taken = admin("{ account(id: 2) { loginName } }").await["account"]["loginName"].clone();
    let unique = ask(
        "admin",
        1,
        conflict,
        json!({ "input": { "loginName": taken } }),
    )
    .await;
    let reference = ask(
        "admin",
        1,
        conflict,
        json!({ "input": { "customerId": "99999999" } }),
    )
    .await;
    assert_eq!(unique.codes(), ["CONFLICT"]);
    assert_eq!(unique.text, reference.text);
    assert!(!unique.text.contains(taken.as_str().unwrap()));
    // Something hidden hangs on it.
    let depended = ask(
        "agent",
        7,
        "mutation { deleteProduct(id: 1) { id } }",
        Json::Null,
    )
    .await;
    assert_eq!(depended.codes(), ["CONFLICT"]);
}

#[tokio::test]
async fn a_version_that_has_passed_is_a_conflict_and_one_that_is_not_seen_is_not_asked_for() {
    let id = customer(json!({})).await;
    let at = |version: &str| {
        let mut variables = change(&id, &json!({ "notes": "n" }));
        variables["version"] = json!(version);
        variables
    };
    assert_eq!(ask("admin", 1, CHANGE, at("2")).await.codes(), ["CONFLICT"]);
    assert_eq!(ask("admin", 1, CHANGE, at("1")).await.status, 200);
    assert_eq!(ask("admin", 1, CHANGE, at("1")).await.codes(), ["CONFLICT"]);
    assert_eq!(
        ask("scribe", 7, CHANGE, at("2")).await.codes(),
        ["FIELD_NOT_FILTERABLE"]
    );
    let delete = format!("mutation {{ deleteCustomer(id: \"{id}\", ifVersion: \"7\") {{ id }} }}");
    assert_eq!(
        ask("admin", 1, &delete, Json::Null).await.codes(),
        ["CONFLICT"]
    );
}

#[tokio::test]
async fn of_two_who_change_the_same_row_at_once_one_is_first() {
    let id = customer(json!({})).await;
    let mut variables = change(&id, &json!({ "notes": "n" }));
    variables["version"] = json!("1");
    let all = (0..8).map(|_| ask("admin", 1, CHANGE, variables.clone()));
    let answers = futures_util::future::join_all(all).await;
    let done = answers.iter().filter(|answer| answer.status == 200).count();
    let late = answers
        .iter()
        .filter(|answer| answer.text.contains("CONFLICT"))
        .count();
    assert_eq!((done, late), (1, 7), "{answers:?}");
    // Without a version all are made, one after the other.
    let all = (0..8).map(|_| ask("admin", 1, CHANGE, change(&id, &json!({ "notes": "n" }))));
    let answers = futures_util::future::join_all(all).await;
    assert!(
        answers.iter().all(|answer| answer.status == 200),
        "{answers:?}"
    );
    assert_eq!(stored(&id, "version").await["version"], "10");
}
