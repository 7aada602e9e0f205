//! Mutations: what may be written is, what may not be is not, and nobody learns from either what they do not see.

mod conflicts;
mod echoes;

use std::fs;
use std::sync::LazyLock;

use serde_json::{Value as Json, json};
use sudare::config::Limits;

use crate::harness::{Answer, TestGateway, policies};

/// Roles for what the demo has no need of: an agent writes what it sees masked, a scribe what it does not see, a stranger knows keys
/// by other numbers, a guard may change rows into what it does not see, an owner makes tickets of its own, a payer tells the income of
/// its own customers, a faker sees false numbers.
const RULES: &str = "
g, agent, staff
p, agent, Customer, row, row.department_id == user.department_id, allow
p, agent, pii.name, partial, true, allow
p, agent, pii.contact, partial, true, allow
p, agent, pii.birth, partial, true, allow
p, agent, pii.contact, full, row.owner_id == user.id, allow
p, agent, financial.income, desensitized, true, allow
p, agent, Customer, update, true, allow
p, agent, Ticket, row, row.customer.department_id == user.department_id, allow
p, agent, Ticket, create, row.customer.department_id == user.department_id && row.status == 'OPEN', allow
p, agent, Ticket, delete, row.status == 'CLOSED', allow
p, agent, service, full, true, allow
p, agent, notes.service, full, true, allow
p, agent, Product, delete, true, allow
p, agent, Ticket, update, row.customer.department_id == user.department_id, allow

g, owner, everyone
p, owner, Ticket, row, row.customer_id == user.id, allow
p, owner, Ticket, create, row.customer_id == user.id, allow

g, payer, everyone
p, payer, Customer, create, true, allow
p, payer, Customer.annualIncome, create, row.owner_id != user.id, deny

g, faker, everyone
p, faker, Customer, row, true, allow
p, faker, Customer:key, full, true, allow
p, faker, Customer:pii.contact, desensitized, true, allow
p, faker, financial.card, desensitized, true, allow
p, faker, Customer, update, true, allow

g, scribe, everyone
p, scribe, Customer, row, true, allow
p, scribe, Customer:key, full, true, allow
p, scribe, Customer:notes, update, true, allow
p, scribe, Customer:pii.contact, update, row.owner_id == user.id, allow
p, scribe, Order, create, true, allow

g, stranger, everyone
p, stranger, Customer, row, true, allow
p, stranger, Ticket, row, true, allow
p, stranger, key, desensitized, true, allow
p, stranger, service, full, true, allow
p, stranger, Ticket, update, true, allow
p, stranger, Customer:notes, update, true, allow

g, guard, staff
p, guard, Customer, row, row.lifecycle_stage == 'ACTIVE', allow
p, guard, Customer:commerce.stage, update, row.lifecycle_stage == 'ACTIVE' || row.lifecycle_stage == 'LOST', allow
";

/// A gateway that no other test looks at: here things change.
fn gateway() -> &'static TestGateway {
    static GATEWAY: LazyLock<TestGateway> = LazyLock::new(|| {
        let folder = tempfile::tempdir().unwrap();
        for name in ["model.conf", "masking.toml"] {
            fs::copy(policies().join(name), folder.path().join(name)).unwrap();
        }
        let rules = fs::read_to_string(policies().join("policy.csv")).unwrap();
        fs::write(folder.path().join("policy.csv"), format!("{rules}{RULES}")).unwrap();
        TestGateway::start(folder.path(), Limits::default())
    });
    &GATEWAY
}

/// Asks as a role, with the number of an employee.
async fn ask(role: &str, subject: i64, query: &str, variables: Json) -> Answer {
    let claims = json!({ "sub": subject.to_string(), "roles": [role], "department_id": 1 });
    let body = json!({ "query": query, "variables": variables });
    gateway().request(Some(claims), body).await
}

async fn admin(query: &str) -> Json {
    ask("admin", 1, query, Json::Null).await.data().clone()
}

/// A new customer of department 1.
async fn customer(fields: Json) -> String {
    let mut input = json!({
        "fullName": "Ada Vogel", "email": "ada@example.org", "phone": "+49 30 123456", "country": "DE", "language": "de",
        "lifecycleStage": "ACTIVE", "preferences": {}, "consentMarketing": true, "consentAnalytics": true, "departmentId": 1,
        "ownerId": 7, "annualIncome": "51234.00", "birthDate": "1985-02-28",
    });
    for (name, value) in fields.as_object().unwrap() {
        input[name] = value.clone();
    }
    let query = "mutation($input: CustomerCreateInput!) { createCustomer(input: $input) { id } }";
    let answer = ask("admin", 1, query, json!({ "input": input })).await;
    answer.data()["createCustomer"]["id"]
        .as_str()
        .unwrap()
        .to_owned()
}

async fn stored(id: &str, fields: &str) -> Json {
    admin(&format!("{{ customer(id: \"{id}\") {{ {fields} }} }}")).await["customer"].clone()
}

const CHANGE: &str = "mutation($id: ID!, $input: CustomerUpdateInput!, $confirm: [CustomerField!], $version: BigInt) {
    updateCustomer(id: $id, input: $input, confirm: $confirm, ifVersion: $version) {
        fullName email phone annualIncome birthDate notes disclosure { field tier }
    }
}";

fn change(id: &str, input: &Json) -> Json {
    json!({ "id": id, "input": input })
}

#[tokio::test]
async fn a_row_is_made_changed_and_deleted_and_told_as_it_is() {
    let id = customer(json!({ "preferences": { "a": [1, null, "ü"], "b": { "c": 0.5 } } })).await;
    let fields =
        "email phone preferences version annualIncome birthDate owner { id } createdAt updatedAt";
    let made = stored(&id, fields).await;
    assert_eq!(made["phone"], "+4930123456");
    assert_eq!(
        made["preferences"],
        json!({ "a": [1, null, "ü"], "b": { "c": 0.5 } })
    );
    assert_eq!(
        (&made["version"], &made["annualIncome"]),
        (&json!("1"), &json!("51234.00"))
    );
    assert_eq!(
        (&made["owner"]["id"], &made["birthDate"]),
        (&json!("7"), &json!("1985-02-28"))
    );
    let input = json!({ "notes": "喂 \u{1F600}\n\"x\"", "ownerId": null, "annualIncome": "0.5" });
    let answer = ask("admin", 1, CHANGE, change(&id, &input)).await;
    assert_eq!(
        answer.data()["updateCustomer"]["notes"],
        "喂 \u{1F600}\n\"x\""
    );
    let changed = stored(&id, fields).await;
    assert_eq!(
        (&changed["version"], &changed["annualIncome"]),
        (&json!("2"), &json!("0.50"))
    );
    assert_eq!(
        (&changed["owner"], &changed["createdAt"]),
        (&Json::Null, &made["createdAt"])
    );
    assert_ne!(changed["updatedAt"], made["updatedAt"]);
    let gone = admin(&format!(
        "mutation {{ deleteCustomer(id: \"{id}\") {{ phone }} }}"
    ))
    .await;
    assert_eq!(gone["deleteCustomer"]["phone"], "+4930123456");
    assert_eq!(stored(&id, "id").await, Json::Null);
}

#[tokio::test]
async fn a_hidden_row_and_a_missing_one_are_the_same_bytes_to_whoever_writes() {
    // Of another department: hidden from the agent.
    let hidden = customer(json!({ "departmentId": 2 })).await;
    let before = stored(&hidden, "version notes").await;
    let update = |id: &str| {
        format!("mutation {{ updateCustomer(id: \"{id}\", input: {{ notes: \"x\" }}) {{ id }} }}")
    };
    let refused = ask("agent", 7, &update(&hidden), Json::Null).await;
    let missing = ask("agent", 7, &update("99999999"), Json::Null).await;
    assert_eq!(refused.codes(), ["NOT_FOUND"]);
    assert_eq!(
        (refused.status, refused.text),
        (missing.status, missing.text)
    );
    assert_eq!(stored(&hidden, "version notes").await, before);
}

#[tokio::test]
async fn the_payload_is_masked_like_any_answer() {
    let id = customer(json!({ "ownerId": 8 })).await;
    let answer = ask(
        "agent",
        7,
        CHANGE,
        change(&id, &json!({ "phone": "+49 30 987654" })),
    )
    .await;
    let told = &answer.data()["updateCustomer"];
    assert!(!answer.text.contains("987654"), "{}", answer.text);
    assert!(told["phone"].as_str().unwrap().contains('*'));
    assert!(
        told["disclosure"]
            .as_array()
            .unwrap()
            .contains(&json!({ "field": "phone", "tier": "PARTIAL" }))
    );
    assert_eq!(
        answer.body["extensions"]["disclosure"]["Customer.phone"],
        "MIXED"
    );
    assert_eq!(stored(&id, "phone").await["phone"], "+4930987654");
}

#[tokio::test]
async fn what_may_not_be_written_is_refused_by_field_and_by_row() {
    let id = customer(json!({ "ownerId": 8 })).await;
    let query = format!(
        "mutation {{ updateCustomer(id: \"{id}\", input: {{ fullName: \"x\", ownerId: 3, notes: \"y\" }}) {{ id }} }}"
    );
    let answer = ask("scribe", 7, &query, Json::Null).await;
    assert_eq!(answer.codes(), ["FIELD_NOT_WRITABLE", "FIELD_NOT_WRITABLE"]);
    // By the row: the contacts of one's own customers alone.
    let answer = ask(
        "scribe",
        7,
        CHANGE,
        change(&id, &json!({ "phone": "+49 30 1234567" })),
    )
    .await;
    assert_eq!(answer.codes(), ["FIELD_NOT_WRITABLE"]);
    let answer = ask(
        "scribe",
        8,
        CHANGE,
        change(&id, &json!({ "phone": "+49 30 1234567" })),
    )
    .await;
    // A blind write: it is made, and not shown.
    assert_eq!(answer.data()["updateCustomer"]["phone"], Json::Null);
    assert_eq!(stored(&id, "phone").await["phone"], "+49301234567");
    let query = format!("mutation {{ deleteCustomer(id: \"{id}\") {{ id }} }}");
    assert_eq!(
        ask("scribe", 7, &query, Json::Null).await.codes(),
        ["FORBIDDEN"]
    );
}

#[tokio::test]
async fn a_change_holds_for_the_new_row_too_and_one_that_leaves_the_view_is_null() {
    let id = customer(json!({})).await;
    let stage = |to: &str| {
        format!(
            "mutation {{ updateCustomer(id: \"{id}\", input: {{ lifecycleStage: {to} }}) {{ id }} }}"
        )
    };
    let refused = ask("guard", 7, &stage("POTENTIAL"), Json::Null).await;
    assert_eq!(refused.codes(), ["FIELD_NOT_WRITABLE"]);
    assert_eq!(
        stored(&id, "lifecycleStage version").await,
        json!({ "lifecycleStage": "ACTIVE", "version": "1" })
    );
    let left = ask("guard", 7, &stage("LOST"), Json::Null).await;
    assert_eq!(left.data(), &json!({ "updateCustomer": Json::Null }));
    assert_eq!(
        stored(&id, "lifecycleStage").await["lifecycleStage"],
        "LOST"
    );
    let gone = ask("guard", 7, &stage("ACTIVE"), Json::Null).await;
    assert_eq!(gone.codes(), ["NOT_FOUND"]);
}

#[tokio::test]
async fn a_new_row_must_be_one_that_may_be_made() {
    let (own, other) = (
        customer(json!({})).await,
        customer(json!({ "departmentId": 2 })).await,
    );
    let make = "mutation($input: [TicketCreateInput!]!) { createTickets(input: $input) { subject customer { id } } }";
    let ticket = |customer: &str, status: &str, subject: &str| json!({ "customerId": customer, "kind": "SERVICE", "status": status, "subject": subject, "body": "b", "openedAt": "2026-01-02T03:04:05Z" });
    let count = "{ tickets(filter: { subject: { startsWith: \"bulk\" } }) { totalCount } }";
    for wrong in [
        ticket(&other, "OPEN", "bulk 3"),
        ticket(&own, "CLOSED", "bulk 3"),
    ] {
        let input = json!([
            ticket(&own, "OPEN", "bulk 1"),
            ticket(&own, "OPEN", "bulk 2"),
            wrong
        ]);
        let answer = ask("agent", 7, make, json!({ "input": input })).await;
        assert!(
            answer.codes().contains(&"FIELD_NOT_WRITABLE"),
            "{}",
            answer.text
        );
        assert_eq!(
            admin(count).await["tickets"]["totalCount"],
            0,
            "all or none"
        );
    }
    let input = json!([
        ticket(&own, "OPEN", "bulk 1"),
        ticket(&own, "OPEN", "bulk 2")
    ]);
    let answer = ask("agent", 7, make, json!({ "input": input })).await;
    let made = json!([
        { "subject": "bulk 1", "customer": { "id": own } }, { "subject": "bulk 2", "customer": { "id": own } },
    ]);
    assert_eq!(answer.data()["createTickets"], made);
    let none = ask("agent", 7, make, json!({ "input": [] })).await;
    assert_eq!(none.data()["createTickets"], json!([]));
}

#[tokio::test]
async fn a_change_to_the_same_value_is_a_change_like_any_other() {
    // A blind write: whether it was the value already would be told by what stays as it is.
    let id = customer(json!({ "ownerId": 8 })).await;
    for phone in ["+49 30 123456", "+49 30 123456", "+49 30 654321"] {
        let before = stored(&id, "version updatedAt").await;
        let answer = ask("scribe", 8, CHANGE, change(&id, &json!({ "phone": phone }))).await;
        assert_eq!(answer.data()["updateCustomer"]["phone"], Json::Null);
        let after = stored(&id, "version updatedAt").await;
        let number = |row: &Json| row["version"].as_str().unwrap().parse::<i64>().unwrap();
        assert_eq!(number(&after), number(&before) + 1);
        assert_ne!(after["updatedAt"], before["updatedAt"]);
    }
}

#[tokio::test]
async fn whoever_knows_rows_by_other_numbers_writes_by_these() {
    let own = customer(json!({ "fullName": "By Another Number" })).await;
    let ticket = "mutation($input: TicketCreateInput!) { createTicket(input: $input) { id } }";
    let input = json!({ "customerId": own, "kind": "SERVICE", "status": "OPEN", "subject": "numbers", "body": "b", "openedAt": "2026-01-02T03:04:05Z" });
    ask("admin", 1, ticket, json!({ "input": input }))
        .await
        .data();
    let find = "{ tickets(filter: { status: { eq: OPEN } }, first: 1000) { nodes { id customerId openedAt } } }";
    let seen = ask("stranger", 1, find, Json::Null).await;
    let seen = seen.data()["tickets"]["nodes"].as_array().unwrap().clone();
    let mine = seen
        .iter()
        .find(|ticket| ticket["openedAt"] == "2026-01-02T03:04:05Z")
        .unwrap();
    let update = "mutation($id: ID!, $to: ID!) { updateTicket(id: $id, input: { customerId: $to, status: CLOSED }) { id customerId status } }";
    let raw = ask(
        "stranger",
        1,
        update,
        json!({ "id": "1", "to": mine["customerId"] }),
    )
    .await;
    assert_eq!(raw.codes(), ["NOT_FOUND"]);
    let raw = ask(
        "stranger",
        1,
        update,
        json!({ "id": mine["id"], "to": own }),
    )
    .await;
    assert_eq!(
        raw.codes(),
        ["CONFLICT"],
        "the key itself refers to nothing"
    );
    let done = ask(
        "stranger",
        1,
        update,
        json!({ "id": mine["id"], "to": mine["customerId"] }),
    )
    .await;
    assert_eq!(
        done.data()["updateTicket"],
        json!({ "id": mine["id"], "customerId": mine["customerId"], "status": "CLOSED" })
    );
}

#[tokio::test]
async fn input_that_does_not_fit_is_refused_with_its_place_and_nothing_of_it_is_told() {
    let id = customer(json!({})).await;
    let long = "x".repeat(256);
    for (input, place) in [
        (json!({ "fullName": long }), "fullName"),
        (json!({ "fullName": null }), "fullName"),
        (json!({ "annualIncome": "1.234" }), "annualIncome"),
        (json!({ "annualIncome": "12345678901.00" }), "annualIncome"),
        (json!({ "email": "secretly not an address" }), "email"),
        (json!({ "phone": "030 123456" }), "phone"),
        (json!({ "nationalId": "110105194912310021" }), "nationalId"),
        (json!({ "bankCard": "4111111111111112" }), "bankCard"),
        (json!({ "birthDate": "2999-01-01" }), "birthDate"),
        (json!({ "ownerId": "seven" }), "ownerId"),
        (json!({ "notes": "a\u{0}b" }), "notes"),
        (json!({ "preferences": { "a": "\u{0}" } }), "preferences"),
        (json!({ "gender": "OTHER" }), "gender"),
        (json!({}), "input"),
    ] {
        let answer = ask("admin", 1, CHANGE, change(&id, &input)).await;
        assert_eq!(answer.codes(), ["BAD_USER_INPUT"], "{input}");
        assert!(answer.text.contains(place), "{}", answer.text);
        let value = input[place].as_str().filter(|value| value.len() > 3);
        assert!(
            value.is_none_or(|value| !answer.text.contains(value)),
            "{}",
            answer.text
        );
    }
    assert_eq!(stored(&id, "version").await["version"], "1");
}

#[tokio::test]
async fn the_schema_offers_what_may_be_written_and_no_more() {
    let names = "{ __schema { mutationType { fields { name } } } __type(name: \"CustomerUpdateInput\") { inputFields { name } } }";
    let list = |json: &Json| -> Vec<String> {
        let names = json.as_array().unwrap().iter();
        names
            .map(|one| one["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let scribe = ask("scribe", 7, names, Json::Null).await;
    let scribe = scribe.data();
    assert_eq!(
        list(&scribe["__schema"]["mutationType"]["fields"]),
        ["updateCustomer", "createOrder", "createOrders"]
    );
    assert_eq!(
        list(&scribe["__type"]["inputFields"]),
        ["email", "phone", "notes"]
    );
    let auditor = ask("auditor", 7, names, Json::Null).await;
    assert_eq!(auditor.data()["__schema"]["mutationType"], Json::Null);
    // An entity that is not there has no mutations either, in the words for any unknown name.
    let hidden = ask(
        "scribe",
        7,
        "mutation { deleteVisit(id: 1) { id } }",
        Json::Null,
    )
    .await;
    let misspelt = ask(
        "scribe",
        7,
        "mutation { deleteVisot(id: 1) { id } }",
        Json::Null,
    )
    .await;
    assert_eq!(hidden.text.replace("Visit", "Visot"), misspelt.text);
    let capabilities = "{ me { capabilities(entity: \"Customer\") { field create update } } }";
    let capabilities = ask("scribe", 7, capabilities, Json::Null).await;
    let capabilities = capabilities.data()["me"]["capabilities"]
        .as_array()
        .unwrap()
        .clone();
    let updated = capabilities.iter().filter(|one| one["update"] == true);
    assert_eq!(updated.count(), 3);
    let id = capabilities
        .iter()
        .find(|one| one["field"] == "id")
        .unwrap();
    assert_eq!(
        (&id["create"], &id["update"]),
        (&json!(false), &json!(false))
    );
}
