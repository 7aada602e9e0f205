//! Lookups: a customer is found by an exact value that is masked, by whoever may, so often and no oftener; and nobody else learns of it.

mod index;

use std::fs;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};
use sudare::blind::{BlindIndex, BlindKeys, fill};
use sudare::config::Limits;
use sudare_entities::Catalog;
use sudare_policies::PolicySet;
use sudare_policies::maskers::MaskingKey;

use crate::harness::{Answer, TestGateway, open, policies};

/// A finder looks by phone in every row of the department, and by e-mail in those of its own customers; an agent sees as much, and
/// looks for nothing.
const RULES: &str = "
g, agent, staff
p, agent, Customer, row, row.department_id == user.department_id, allow
p, agent, pii.name, partial, true, allow
p, agent, pii.contact, partial, true, allow

g, finder, agent
p, finder, Customer:pii.contact.phone, lookup, true, allow
p, finder, Customer:pii.contact.email, lookup, row.owner_id == user.id, allow
";

const BY_PHONE: &str =
    "query($v: String!) { customerLookup(by: { phone: $v }) { fullName phone ownerId } }";
const BY_EMAIL: &str = "query($v: String!) { customerLookup(by: { email: $v }) { id } }";

/// A gateway of its own, with the roles of this file.
fn start(limits: Limits, clock: sudare::gateway::Clock) -> TestGateway {
    let folder = tempfile::tempdir().unwrap();
    for name in ["model.conf", "masking.toml"] {
        fs::copy(policies().join(name), folder.path().join(name)).unwrap();
    }
    let rules = fs::read_to_string(policies().join("policy.csv")).unwrap();
    fs::write(folder.path().join("policy.csv"), format!("{rules}{RULES}")).unwrap();
    TestGateway::start_at(folder.path(), limits, clock)
}

/// One that nobody runs out of lookups on.
fn gateway() -> &'static TestGateway {
    static GATEWAY: LazyLock<TestGateway> = LazyLock::new(|| {
        let limits = Limits {
            lookups_per_hour: 100_000,
            ..Limits::default()
        };
        start(limits, Arc::new(Instant::now))
    });
    &GATEWAY
}

async fn ask_at(at: &TestGateway, who: (&str, i64), query: &str, value: &str) -> Answer {
    let (role, subject) = who;
    let claims = json!({ "sub": subject.to_string(), "roles": [role], "department_id": 1 });
    let body = json!({ "query": query, "variables": { "v": value } });
    at.request(Some(claims), body).await
}

async fn ask(who: (&str, i64), query: &str, value: &str) -> Answer {
    ask_at(gateway(), who, query, value).await
}

/// A new customer, of department 1 unless it is said otherwise; its id.
async fn customer(fields: Json) -> String {
    let mut input = json!({
        "fullName": "Ada Vogel", "country": "DE", "language": "de", "lifecycleStage": "ACTIVE", "preferences": {},
        "consentMarketing": true, "consentAnalytics": true, "departmentId": 1, "ownerId": 7,
    });
    for (name, value) in fields.as_object().unwrap() {
        input[name] = value.clone();
    }
    let query = "mutation($input: CustomerCreateInput!) { createCustomer(input: $input) { id } }";
    let made = admin(query, json!({ "input": input })).await;
    made["createCustomer"]["id"].as_str().unwrap().to_owned()
}

async fn admin(query: &str, variables: Json) -> Json {
    let answer = gateway().query_with("admin", query, variables).await;
    answer.data().clone()
}

fn found(answer: &Answer) -> usize {
    answer.data()["customerLookup"].as_array().unwrap().len()
}

fn indexes(keys: &BlindKeys) -> Vec<BlindIndex> {
    let catalog = Catalog::new().unwrap();
    let key = MaskingKey::new(&[7; 32]).unwrap();
    let set = PolicySet::load(&policies(), &sudare::shape::shape(&catalog), &key);
    keys.indexes(&catalog, &set.unwrap_or_else(|errors| panic!("{errors}")))
}

#[tokio::test]
async fn a_customer_is_found_by_any_spelling_of_a_number_that_stays_masked() {
    customer(json!({ "phone": "+49 30 5550001", "ownerId": 8 })).await;
    for spelling in ["+49305550001", "+49 (0) 30 555-00 01", " ＋49 30 5550001 "] {
        let answer = ask(("finder", 7), BY_PHONE, spelling).await;
        let rows = &answer.data()["customerLookup"];
        assert_eq!(rows.as_array().unwrap().len(), 1, "{spelling}");
        assert_eq!(rows[0]["fullName"], "Ada V.");
        assert_eq!(rows[0]["ownerId"], "8");
        assert!(rows[0]["phone"].as_str().unwrap().contains('*'));
        assert!(!answer.text.contains("5550001"), "{}", answer.text);
        let tiers = &answer.body["extensions"]["disclosure"];
        assert_eq!(tiers["Customer.phone"], "PARTIAL");
    }
    // Whoever sees it in full finds it, too, and a literal is what a variable is.
    let query =
        "{ customerLookup(by: { phone: \"+49 30 5550001\" }) { phone orders { totalCount } } }";
    let rows = admin(query, Json::Null).await;
    assert_eq!(
        rows["customerLookup"],
        json!([{ "phone": "+49305550001", "orders": { "totalCount": 0 } }])
    );
}

#[tokio::test]
async fn hidden_and_missing_are_the_same_bytes_whatever_is_looked_by() {
    customer(json!({ "phone": "+49 30 5550002", "email": "two@example.org", "departmentId": 2 }))
        .await;
    customer(json!({ "email": "colleague@example.org", "ownerId": 8 })).await;
    for (query, hidden, missing) in [
        (BY_PHONE, "+49 30 5550002", "+49 30 5550099"),
        (BY_EMAIL, "two@example.org", "nobody@example.org"),
        // A row that is seen, and in which this may not be looked for.
        (BY_EMAIL, "colleague@example.org", "nobody@example.org"),
    ] {
        let hidden = ask(("finder", 7), query, hidden).await;
        let missing = ask(("finder", 7), query, missing).await;
        assert_eq!(hidden.data(), &json!({ "customerLookup": [] }));
        assert_eq!((hidden.status, hidden.text), (missing.status, missing.text));
    }
    let own = ask(("finder", 8), BY_EMAIL, "Colleague@Example.org").await;
    assert_eq!(found(&own), 1, "in the rows of the condition it is found");
}

#[tokio::test]
async fn whoever_may_not_look_is_refused_with_the_coordinate() {
    for (role, query) in [
        ("agent", BY_PHONE),
        ("agent", BY_EMAIL),
        (
            "finder",
            "query($v: String!) { customerLookup(by: { nationalId: $v }) { id } }",
        ),
        ("analyst", BY_PHONE),
    ] {
        let answer = ask((role, 7), query, "+49 30 5550003").await;
        assert_eq!(answer.codes(), ["FIELD_NOT_FILTERABLE"], "{role} {query}");
        let coordinate = &answer.body["errors"][0]["extensions"]["coordinate"];
        assert!(coordinate.as_str().unwrap().starts_with("Customer."));
        assert!(!answer.text.contains("5550003"));
    }
    // Refusals of what is selected are listed beside it.
    let both = "query($v: String!) { customerLookup(by: { phone: $v }) { owner { customers(orderBy: [{ phone: ASC }]) { totalCount } } } }";
    let answer = ask(("agent", 7), both, "+49 30 5550003").await;
    let codes = answer.codes();
    assert!(codes.contains(&"FIELD_NOT_FILTERABLE") && codes.contains(&"FIELD_NOT_SORTABLE"));
}

#[tokio::test]
async fn only_a_whole_value_of_one_field_is_looked_for() {
    for part in ["", "5550001", "+49 30 ***0001", "%", "*", "+1"] {
        let answer = ask(("finder", 7), BY_PHONE, part).await;
        assert_eq!(answer.codes(), ["BAD_USER_INPUT"], "{part}");
        let message = answer.body["errors"][0]["message"].as_str().unwrap();
        assert!(message.contains("country code"), "{message}");
        assert!(part.len() < 4 || !message.contains(part), "{message}");
    }
    for by in [
        "{}",
        "{ phone: \"+49305550001\", email: \"a@example.org\" }",
        "{ phone: null }",
        "{ fullName: \"Ada Vogel\" }",
        "{ phoneBlind: \"x\" }",
    ] {
        let query = format!("{{ customerLookup(by: {by}) {{ id }} }}");
        assert_eq!(ask(("finder", 7), &query, "").await.status, 400, "{by}");
    }
    for query in [
        "{ customers { nodes { phoneBlind } } }",
        "{ customers(filter: { phoneBlind: { eq: \"x\" } }) { totalCount } }",
        "{ customers(orderBy: [{ phoneBlind: ASC }]) { totalCount } }",
        "mutation { updateCustomer(id: 1, input: { phoneBlind: \"x\" }) { id } }",
    ] {
        let codes = gateway().query("admin", query).await;
        assert_ne!(codes.status, 200, "the index is no field: {query}");
    }
}

#[tokio::test]
async fn what_is_written_is_found_and_what_was_there_before_is_not() {
    let id = customer(json!({ "phone": "+49 30 5550010" })).await;
    let change = "mutation($id: ID!, $phone: String) { updateCustomer(id: $id, input: { phone: $phone }) { id } }";
    let at = async |phone: &str| found(&ask(("finder", 7), BY_PHONE, phone).await);
    assert_eq!(at("+49 30 5550010").await, 1);
    admin(change, json!({ "id": id, "phone": "+49 30 555 00 11" })).await;
    assert_eq!((at("+49305550010").await, at("+49305550011").await), (0, 1));
    let renamed = "mutation($id: ID!) { updateCustomer(id: $id, input: { notes: \"n\" }) { id } }";
    admin(renamed, json!({ "id": id })).await;
    assert_eq!(at("+49305550011").await, 1, "another change leaves it");
    let refused = "mutation($id: ID!) { a: updateCustomer(id: $id, input: { phone: \"+49 30 5550012\" }) { id } b: updateCustomer(id: 99999999, input: { notes: \"\" }) { id } }";
    let answer = gateway()
        .query_with("admin", refused, json!({ "id": id }))
        .await;
    assert_eq!(answer.codes(), ["NOT_FOUND"]);
    assert_eq!((at("+49305550011").await, at("+49305550012").await), (1, 0));
    admin(change, json!({ "id": id, "phone": null })).await;
    assert_eq!(at("+49305550011").await, 0);
    let blind = format!("SELECT phone_blind FROM customer WHERE id = {id}");
    assert_eq!(gateway().raw().one::<Option<String>>(&blind), None);
    admin(change, json!({ "id": id, "phone": "+49 30 5550011" })).await;
    admin(
        "mutation($id: ID!) { deleteCustomer(id: $id) { id } }",
        json!({ "id": id }),
    )
    .await;
    assert_eq!(at("+49305550011").await, 0);
}

#[tokio::test]
async fn of_many_with_one_number_the_first_ten_are_told() {
    let mut ids = Vec::new();
    for _ in 0..12 {
        ids.push(customer(json!({ "phone": "+49 30 5550020" })).await);
    }
    let answer = ask(
        ("finder", 7),
        "query($v: String!) { customerLookup(by: { phone: $v }) { id } }",
        "+49 30 5550020",
    )
    .await;
    let told: Vec<Json> = ids.iter().take(10).map(|id| json!({ "id": id })).collect();
    assert_eq!(answer.data()["customerLookup"], Json::from(told));
}

#[tokio::test]
async fn the_schema_offers_what_may_be_looked_by_and_no_more() {
    let query = "{ __type(name: \"Query\") { fields { name } } by: __type(name: \"CustomerLookup\") { isOneOf inputFields { name } } }";
    for (role, fields) in [
        ("admin", &["email", "phone", "nationalId"][..]),
        ("support", &["email", "phone"]),
        ("finder", &["email", "phone"]),
        // In full those of their own customers.
        ("sales", &["email", "phone", "nationalId"]),
        ("agent", &[]),
        ("analyst", &[]),
        ("partner", &[]),
    ] {
        let answer = ask((role, 7), query, "").await;
        let names = |json: &Json| -> Vec<String> {
            let names = json.as_array().into_iter().flatten();
            names
                .map(|one| one["name"].as_str().unwrap().to_owned())
                .collect()
        };
        let data = answer.data();
        let offered = names(&data["__type"]["fields"]).contains(&"customerLookup".to_owned());
        assert_eq!(offered, !fields.is_empty(), "{role}");
        assert_eq!(names(&data["by"]["inputFields"]), fields, "{role}");
        assert_eq!(data["by"]["isOneOf"] == true, offered, "{role}");
    }
}

/// A clock that a test sets.
fn clock() -> (sudare::gateway::Clock, Arc<AtomicU64>) {
    let (start, minutes) = (Instant::now(), Arc::new(AtomicU64::new(0)));
    let passed = Arc::clone(&minutes);
    let clock = move || start + Duration::from_secs(60 * passed.load(Ordering::Relaxed));
    (Arc::new(clock), minutes)
}

#[tokio::test]
async fn an_hour_has_so_many_lookups_of_one_principal_and_no_more() {
    let (clock, minutes) = clock();
    let limits = Limits {
        lookups_per_hour: 4,
        ..Limits::default()
    };
    let at = start(limits, clock);
    let known: String = at.raw().one(
        "SELECT phone FROM customer WHERE phone IS NOT NULL AND department_id = 1 ORDER BY id LIMIT 1",
    );
    let by = async |who, phone: &str| ask_at(&at, who, BY_PHONE, phone).await;
    // One request with two, found or not, and what is refused for another reason is not one.
    let two = "query($v: String!) { a: customerLookup(by: { phone: $v }) { id } b: customerLookup(by: { phone: \"+49 30 5550099\" }) { id } c: __typename }";
    assert_eq!(ask_at(&at, ("finder", 7), two, &known).await.status, 200);
    assert_eq!(by(("finder", 7), "123").await.codes(), ["BAD_USER_INPUT"]);
    assert_eq!(by(("finder", 7), &known).await.status, 200);
    // Two more would be one too many: none is made.
    let refused = ask_at(&at, ("finder", 7), two, &known).await;
    assert_eq!(
        (refused.status, refused.codes()),
        (429, vec!["RATE_LIMITED"])
    );
    assert_eq!(found(&by(("finder", 7), "+49 30 5550099").await), 0);
    let (found_one, none) = (
        by(("finder", 7), &known).await,
        by(("finder", 7), "+49 30 5550099").await,
    );
    assert_eq!(found_one.codes(), ["RATE_LIMITED"]);
    assert!(found_one.text.contains("`lookups_per_hour` is 4"));
    assert_eq!((found_one.status, found_one.text), (none.status, none.text));
    // Not another one's, nor what is no lookup; nor does another role of the same audience help.
    assert_eq!(by(("finder", 8), &known).await.status, 200);
    assert_eq!(by(("admin", 7), &known).await.codes(), ["RATE_LIMITED"]);
    let list = "{ customers(first: 1) { nodes { phone } } }";
    assert_eq!(ask_at(&at, ("finder", 7), list, "").await.status, 200);
    minutes.store(59, Ordering::Relaxed);
    assert_eq!(by(("finder", 7), &known).await.codes(), ["RATE_LIMITED"]);
    minutes.store(61, Ordering::Relaxed);
    assert_eq!(found(&by(("finder", 7), &known).await), 1);
}

#[tokio::test]
async fn a_lookup_that_might_miss_a_row_is_refused_until_the_index_is_whole() {
    let own = indexes(&BlindKeys::new([7; 32]));
    let foreign = indexes(&BlindKeys::new([9; 32]))[0].of("x");
    for broken in ["NULL".to_owned(), format!("'{foreign}'")] {
        let at = start(Limits::default(), Arc::new(Instant::now));
        let one = "SELECT min(id) FROM customer WHERE phone IS NOT NULL";
        let id: i64 = at.raw().one(one);
        let sql = format!("UPDATE customer SET phone_blind = {broken} WHERE id = {id}");
        assert_eq!(at.raw().execute(&sql), 1);
        for phone in ["+49 30 5550099", "+49 30 5550098"] {
            let answer = ask_at(&at, ("finder", 7), BY_PHONE, phone).await;
            assert_eq!(answer.codes(), ["SERVICE_UNAVAILABLE"]);
            assert_eq!(answer.status, 503);
            assert!(answer.text.contains("`sudare index`"), "{}", answer.text);
        }
        // Another field has an index of its own.
        let by_email = ask_at(&at, ("finder", 7), BY_EMAIL, "a@example.org").await;
        assert_eq!(found(&by_email), 0);
        let database = open(&at.database).await;
        let filled = fill(&database, &own, false, std::future::pending()).await;
        assert_eq!(filled.unwrap().changed, 1);
        let phone = ask_at(&at, ("finder", 7), BY_PHONE, "+49 30 5550099").await;
        assert_eq!(found(&phone), 0);
    }
}
