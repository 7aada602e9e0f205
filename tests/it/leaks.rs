//! The attacks by which masked values have leaked elsewhere, tried on this gateway. `docs/leaks.md` says which test stands for which.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value as Json, json};
use sudare::config::Limits;

use crate::harness::{Answer, ROLES, TestGateway, claims, demo, policies, token};
use crate::types::plant;

/// Somebody whose telephone number support sees in part, and the number.
fn victim() -> (i64, String) {
    let raw = demo().raw();
    let who = "department_id = 1 AND owner_id <> 12 AND phone IS NOT NULL";
    let id = raw.one(&format!("SELECT MIN(id) FROM \"customer\" WHERE {who}"));
    let phone = raw.one(&format!("SELECT phone FROM \"customer\" WHERE id = {id}"));
    (id, phone)
}

async fn support(query: &str, variables: Json) -> Answer {
    demo().query_with("support", query, variables).await
}

async fn auditor(query: &str, variables: Json) -> Answer {
    demo().query_with("auditor", query, variables).await
}

/// Filters by a masked field: refused to whoever never sees it in full, and to whoever sees it on some rows the same bytes whether
/// there is such a value on the others or not.
async fn refused_alike(filters: impl Fn(&str) -> Json) {
    let (id, phone) = victim();
    let seen = "query($id: ID!) { customer(id: $id) { phone } }";
    let ask = "query($f: CustomerFilter) { customers(filter: $f) { totalCount pageInfo { hasNextPage } } }";
    for role in ["auditor", "support"] {
        let seen = demo()
            .query_with(role, seen, json!({ "id": id.to_string() }))
            .await;
        assert_ne!(
            seen.data()["customer"]["phone"],
            phone,
            "the number is masked"
        );
        let right = json!({ "f": filters(&phone) });
        let right = demo().query_with(role, ask, right).await;
        let wrong = json!({ "f": filters("+1 999-999-9999") });
        let wrong = demo().query_with(role, ask, wrong).await;
        assert_eq!(
            (right.status, &right.text),
            (wrong.status, &wrong.text),
            "{role}"
        );
        if role == "auditor" {
            assert!(
                right.codes().contains(&"FIELD_NOT_FILTERABLE"),
                "{}",
                right.text
            );
        }
    }
}

#[tokio::test]
async fn f1_equality_with_a_known_value_tells_nothing() {
    refused_alike(|phone| json!({ "phone": { "eq": phone } })).await;
    refused_alike(|phone| json!({ "phone": { "ne": phone } })).await;
}

#[tokio::test]
async fn f2_no_range_halves_a_masked_value() {
    for operator in ["lt", "lte", "gt", "gte"] {
        refused_alike(|phone| json!({ "phone": { operator: phone } })).await;
    }
    let income = "{ customers(filter: { annualIncome: { gt: \"1\" } }) { totalCount } }";
    assert_eq!(
        demo().query("partner", income).await.codes(),
        ["FIELD_NOT_FILTERABLE"]
    );
}

#[tokio::test]
async fn f3_no_part_of_a_masked_text_is_looked_for_nor_ten_at_once() {
    for operator in ["startsWith", "contains", "endsWith"] {
        refused_alike(|phone| json!({ "phone": { operator: phone.get(..4), "ignoreCase": true } }))
            .await;
    }
    let aliases: Vec<String> = (0..10)
        .map(|digit| format!("a{digit}: customers(filter: {{ phone: {{ endsWith: \"{digit}\" }} }}) {{ totalCount }}"))
        .collect();
    let answer = auditor(&format!("{{ {} }}", aliases.join(" ")), Json::Null).await;
    assert!(
        answer
            .codes()
            .iter()
            .all(|code| *code == "FIELD_NOT_FILTERABLE")
    );
}

#[tokio::test]
async fn f4_no_list_of_guesses_finds_one() {
    refused_alike(|phone| {
        let guesses: Vec<String> = (0..500).map(|guess| format!("{phone}{guess}")).collect();
        json!({ "phone": { "in": guesses } })
    })
    .await;
    refused_alike(|phone| json!({ "phone": { "notIn": [phone] } })).await;
}

#[tokio::test]
async fn f5_having_asks_for_nothing_that_a_filter_may_not() {
    for measure in ["min", "max", "countDistinct"] {
        let of = if measure == "countDistinct" {
            "{ gt: 1 }"
        } else {
            "{ gt: \"+1\" }"
        };
        let query = format!(
            "{{ customersAggregate(groupBy: [{{ field: COUNTRY }}], having: {{ {measure}: {{ phone: {of} }} }}) {{ count }} }}"
        );
        let answer = auditor(&query, Json::Null).await;
        assert!(
            answer.codes().contains(&"FIELD_NOT_AGGREGATABLE"),
            "{}",
            answer.text
        );
    }
}

#[tokio::test]
async fn f6_there_are_no_computed_fields_searches_or_paths_into_documents_to_filter_by() {
    for query in [
        "{ customers(search: \"x\") { totalCount } }",
        "{ customers(filter: { preferences: { path: \"contact\" } }) { totalCount } }",
        "{ customers(filter: { lower_phone: { eq: \"x\" } }) { totalCount } }",
        "{ customers(orderBy: [{ lower_phone: ASC }]) { totalCount } }",
    ] {
        let answer = demo().query("admin", query).await;
        assert_eq!(answer.codes(), ["GRAPHQL_VALIDATION_FAILED"], "{query}");
    }
}

#[tokio::test]
async fn f7_presence_is_not_asked_for() {
    refused_alike(|_| json!({ "phone": { "isNull": true } })).await;
    refused_alike(|_| json!({ "not": { "phone": { "isNull": false } } })).await;
    // Where it is seen on some rows, it is null on the others, whatever they hold.
    let (id, _) = victim();
    let absent = "query($id: ID!) { customers(filter: { id: { eq: $id }, phone: { isNull: true } }) { totalCount } }";
    let absent = support(absent, json!({ "id": id.to_string() })).await;
    assert_eq!(absent.data()["customers"]["totalCount"], 1);
}

#[tokio::test]
async fn o1_o2_a_masked_field_gives_no_order_and_no_rank() {
    for query in [
        "{ customers(orderBy: [{ phone: ASC }]) { nodes { id } } }",
        "{ customers(orderBy: [{ phone: DESC }], first: 1, offset: 7) { nodes { id } } }",
        "{ orders(orderBy: [{ customer: { phone: ASC } }], last: 1) { nodes { id } } }",
    ] {
        assert_eq!(
            auditor(query, Json::Null).await.codes(),
            ["FIELD_NOT_SORTABLE"],
            "{query}"
        );
    }
}

#[tokio::test]
async fn a1_extremes_and_sums_of_a_masked_field_are_refused_without_a_grant() {
    for measure in ["sum", "avg", "min", "max", "countDistinct"] {
        let query = format!("{{ customersAggregate {{ {measure} {{ annualIncome }} }} }}");
        let answer = support(&query, Json::Null).await;
        assert_eq!(answer.codes(), ["FIELD_NOT_AGGREGATABLE"], "{measure}");
    }
    // With the grant, what is one person's value stays refused.
    for measure in ["min", "max", "countDistinct"] {
        let query = format!("{{ customersAggregate {{ {measure} {{ annualIncome }} }} }}");
        let answer = demo().query("analyst", &query).await;
        assert_eq!(answer.codes(), ["FIELD_NOT_AGGREGATABLE"], "{measure}");
    }
}

#[tokio::test]
async fn a2_masked_values_make_no_groups() {
    for field in ["PHONE", "FULL_NAME", "NATIONAL_ID"] {
        let query =
            format!("{{ customersAggregate(groupBy: [{{ field: {field} }}]) {{ count }} }}");
        assert_eq!(
            auditor(&query, Json::Null).await.codes(),
            ["FIELD_NOT_GROUPABLE"],
            "{field}"
        );
    }
}

#[tokio::test]
async fn a4_a_group_of_too_few_is_suppressed_and_the_total_does_not_tell_it() {
    let query = "{ customersAggregate(groupBy: [{ field: REGION }]) { key { region } count sum { annualIncome } suppressed } }";
    let answer = demo().query("analyst", query).await;
    let groups = answer.data()["customersAggregate"]
        .as_array()
        .unwrap()
        .clone();
    let k = 10;
    let suppressed: Vec<&Json> = groups
        .iter()
        .filter(|group| group["suppressed"] == true)
        .collect();
    assert!(suppressed.len() > 1, "regions are small: {groups:?}");
    for group in &groups {
        let hidden = group["sum"]["annualIncome"].is_null();
        assert!(group["suppressed"] == false || hidden, "{group}");
        assert!(group["count"].as_i64().unwrap() >= k || hidden, "{group}");
    }
}

/// Incomes by region, of a gateway whose `k` is two; a role that adds them up and sees none. Sums are told in thousands.
fn regions(rows: &[(&str, &str)]) -> TestGateway {
    const RULES: &str = "
p, counter, Customer, row, true, allow
p, counter, key.customer, full, true, allow
p, counter, Customer.region, full, true, allow
p, counter, Customer.annualIncome, aggregate, true, allow
";
    let folder = tempfile::tempdir().unwrap();
    let read = |file: &str| std::fs::read_to_string(policies().join(file)).unwrap();
    for (file, text) in [
        ("model.conf", read("model.conf")),
        ("policy.csv", read("policy.csv") + RULES),
        (
            "masking.toml",
            read("masking.toml").replace("k = 10", "k = 2"),
        ),
    ] {
        std::fs::write(folder.path().join(file), text).unwrap();
    }
    let gateway = TestGateway::start(folder.path(), Limits::default());
    let (regions, incomes): (Vec<&str>, Vec<&str>) = rows.iter().copied().unzip();
    plant(&gateway, "Customer.region", &regions);
    plant(&gateway, "Customer.annualIncome", &incomes);
    gateway
}

/// Region, rows, whether it is suppressed, and the sum, of the groups of the first `count` rows.
async fn by_region(gateway: &TestGateway, count: usize, clauses: &str) -> Json {
    let ids: Vec<String> = (1..=count).map(|id| id.to_string()).collect();
    let query = format!(
        "{{ customersAggregate(filter: {{ id: {{ in: {} }} }} {clauses}) {{ key {{ region }} count suppressed sum {{ annualIncome }} }} }}",
        json!(ids)
    );
    let answer = gateway.query("counter", &query).await;
    let groups = answer.data()["customersAggregate"].as_array().unwrap();
    let told = groups.iter().map(|group| {
        json!([
            group["key"]["region"],
            group["count"],
            group["suppressed"],
            group["sum"]["annualIncome"]
        ])
    });
    told.collect()
}

#[tokio::test]
async fn a4_one_group_of_too_few_takes_the_next_smallest_with_it_to_the_end() {
    let rows = [
        ("a", "500000"),
        ("b", "400000"),
        ("b", "400000"),
        ("c", "20000"),
        ("c", "20000"),
        ("c", "20000"),
        ("d", "10000"),
        ("d", "10000"),
        ("d", "10000"),
        ("d", "10000"),
    ];
    let gateway = regions(&rows);
    let grouped = "groupBy: [{ field: REGION }]";
    let told = json!([["c", 3, false, "60000.00"], ["d", 4, false, "40000.00"]]);
    // By what they hold, `a` and `b` would come first.
    let withheld = json!([["a", 1, true, null], ["b", 2, true, null]]);
    let all = [
        told.as_array().unwrap().clone(),
        withheld.as_array().unwrap().clone(),
    ]
    .concat();
    let ordered = format!(", {grouped}, orderBy: [{{ sum: {{ annualIncome: DESC }} }}]");
    assert_eq!(by_region(&gateway, 10, &ordered).await, Json::from(all));
    for having in [
        "sum: { annualIncome: { gt: \"0\" } }",
        "count: { gte: 1 }",
        "not: { sum: { annualIncome: { gt: \"60000\" } } }",
    ] {
        let clauses =
            format!(", {grouped}, having: {{ {having} }}, orderBy: [{{ key: {{ region: ASC }} }}]");
        assert_eq!(by_region(&gateway, 10, &clauses).await, told, "{having}");
    }
    // Who takes what is told from the total has the sum of two groups, and not that of one person.
    let total =
        "{ customersAggregate(filter: { id: { lte: 10 } }) { suppressed sum { annualIncome } } }";
    let total = gateway.query("counter", total).await;
    let total = total.data()["customersAggregate"][0].clone();
    assert_eq!(
        total,
        json!({ "suppressed": false, "sum": { "annualIncome": "1400000.00" } })
    );
}

#[tokio::test]
async fn a4_a_group_that_one_person_makes_up_by_more_than_a_half_is_suppressed() {
    for (largest, suppressed, sum) in [
        ("20000.00", false, json!("40000.00")),
        ("20000.01", true, Json::Null),
        ("-20000.01", true, Json::Null),
    ] {
        let (one, other) = if largest.starts_with('-') {
            ("-10000", "-10000")
        } else {
            ("10000", "10000")
        };
        let gateway = regions(&[("a", one), ("a", largest), ("a", other)]);
        let told = by_region(&gateway, 3, ", groupBy: [{ field: REGION }]").await;
        assert_eq!(told, json!([["a", 3, suppressed, sum]]), "{largest}");
    }
}

#[tokio::test]
async fn a6_asking_again_gives_the_same_bytes() {
    let query = "{ customersAggregate { sum { annualIncome } avg { annualIncome } } }";
    let first = demo().query("analyst", query).await;
    first.data();
    for _ in 0..5 {
        assert_eq!(demo().query("analyst", query).await.text, first.text);
    }
}

#[tokio::test]
async fn h1_tokens_are_not_hashes_that_anybody_can_make() {
    let raw: Vec<String> = demo().raw().all("SELECT order_no FROM \"order\"");
    let shown = demo()
        .query("partner", "{ orders(first: 1000) { nodes { orderNo } } }")
        .await;
    for order in shown.data()["orders"]["nodes"].as_array().unwrap() {
        let token = order["orderNo"].as_str().unwrap();
        assert!(token.starts_with("o_") && token.len() == 18, "{token}");
        assert!(raw.iter().all(|number| !token.contains(number.as_str())));
    }
}

#[tokio::test]
async fn i2_nobody_is_asked_whether_they_meant_another_name() {
    for query in [
        "{ customer { id } }",
        "{ customers { nodes { fullNam } } }",
        "{ customers(filte: {}) { totalCount } }",
        "{ customers(filter: { fullNam: {} }) { totalCount } }",
        "{ customers @include(iff: true) { totalCount } }",
        "{ customers @includ(if: true) { totalCount } }",
        "query($f: CustomerFilte) { customers { totalCount } }",
        "mutation { createCustome(input: {}) { id } }",
        "mutation { updateCustomer(id: 1, input: { phon: \"x\" }) { id } }",
    ] {
        let answer = support(query, Json::Null).await;
        let text = answer.text.to_lowercase();
        assert!(
            !text.contains("mean") && !text.contains("suggest"),
            "{query}: {text}"
        );
        assert!(!answer.codes().is_empty());
    }
}

#[tokio::test]
async fn c1_what_a_privileged_reader_has_asked_is_not_served_to_the_next() {
    let query = "{ customers(first: 50) { nodes { id phone email nationalId annualIncome } } }";
    for role in ROLES {
        let alone = demo().query(role, query).await.text;
        for other in ROLES {
            demo().query(other, query).await;
            assert_eq!(
                demo().query(role, query).await.text,
                alone,
                "{role} after {other}"
            );
        }
    }
}

#[tokio::test]
async fn c4_readers_at_the_same_time_do_not_share_masks() {
    let query =
        "{ customers(first: 50) { nodes { id phone orders(first: 2) { nodes { orderNo } } } } }";
    let mut alone = Vec::new();
    for role in ROLES {
        alone.push(demo().query(role, query).await.text);
    }
    for _ in 0..5 {
        let together = ROLES.map(|role| demo().query(role, query));
        let together = futures_util::future::join_all(together).await;
        let together: Vec<String> = together.into_iter().map(|answer| answer.text).collect();
        assert_eq!(together, alone);
    }
}

#[tokio::test]
async fn s2_every_way_to_ask_passes_the_same_masks() {
    let query = "{ customers(first: 5) { nodes { id phone email } } }";
    let post = support(query, Json::Null).await;
    let url = reqwest::Url::parse_with_params(&demo().url, [("query", query)]).unwrap();
    let bearer = format!("Bearer {}", token(claims("support")));
    let get = reqwest::Client::new()
        .get(url)
        .header("accept", "application/graphql-response+json")
        .header("authorization", &bearer);
    assert_eq!(get.send().await.unwrap().text().await.unwrap(), post.text);
    let batch = reqwest::Client::new()
        .post(&demo().url)
        .header("content-type", "application/json")
        .header("authorization", &bearer)
        .body(json!([{ "query": query }, { "query": query }]).to_string());
    let batch = batch.send().await.unwrap().text().await.unwrap();
    assert_eq!(batch, format!("[{0},{0}]", post.text));
    for query in [
        "{ customers(first: 5) { nodes { id ... @defer { phone } } } }",
        "{ customers(first: 5) { nodes @stream(initialCount: 1) { phone } } }",
        "subscription { customerChanged { kind } }",
    ] {
        assert_eq!(support(query, Json::Null).await.status, 400, "{query}");
    }
}

#[tokio::test]
async fn x4_no_header_makes_somebody_else_of_a_reader() {
    let query = "{ customers(first: 5) { nodes { id phone } } }";
    let plain = support(query, Json::Null).await.text;
    for header in [
        "x-role",
        "x-hasura-role",
        "x-forwarded-user",
        "x-user",
        "x-impersonate",
        "roles",
    ] {
        let spoofed = reqwest::Client::new()
            .post(&demo().url)
            .header("content-type", "application/json")
            .header("accept", "application/graphql-response+json")
            .header(
                "authorization",
                format!("Bearer {}", token(claims("support"))),
            )
            .header(header, "admin")
            .body(json!({ "query": query }).to_string());
        assert_eq!(
            spoofed.send().await.unwrap().text().await.unwrap(),
            plain,
            "{header}"
        );
    }
}

/// All text of Rust below a folder.
fn sources(folder: &Path, text: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, text);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            *text += &std::fs::read_to_string(&path).unwrap();
        }
    }
}

/// The attacks that the table must have a row for, whatever becomes of the rows.
const ATTACKS: [&str; 50] = [
    "F1", "F2", "F3", "F4", "F5", "F6", "F7", "O1", "O2", "O3", "O4", "O5", "A1", "A2", "A3", "A4",
    "A5", "A6", "H1", "H2", "H3", "H4", "L1", "L2", "L3", "L4", "L5", "L6", "E1", "E2", "E3", "E4",
    "E5", "I1", "I2", "I3", "I4", "C1", "C2", "C3", "C4", "S1", "S2", "T1", "X1", "X2", "X3", "X4",
    "X5", "X6",
];

/// Whether a function of this name is run as a test: its attributes stand right above it.
fn is_a_test(text: &str, name: &str) -> bool {
    text.match_indices(&format!("fn {name}("))
        .any(|(place, _)| {
            let above = text.split_at(place).0.rsplit('\n').skip(1).map(str::trim);
            let mut above =
                above.take_while(|line| line.starts_with("#[") || line.starts_with("//"));
            above.any(|line| line == "#[test]" || line == "#[tokio::test]")
        })
}

#[test]
fn every_test_that_the_table_of_leaks_names_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut text = String::new();
    for folder in ["src", "tests/it", "policies/src", "entities/src"] {
        sources(&root.join(folder), &mut text);
    }
    let table = std::fs::read_to_string(root.join("docs/leaks.md")).unwrap();
    let words = table.split('`').skip(1).step_by(2);
    let named: BTreeSet<&str> = words.filter(|word| word.matches('_').count() > 2).collect();
    assert!(named.len() > 40, "the table names {} tests", named.len());
    for test in named {
        assert!(
            is_a_test(&text, test),
            "`{test}` is not a test that is there"
        );
    }
    assert!(!is_a_test(&text, "is_a_test") && !is_a_test(&text, "nowhere"));
    let attacks = table
        .split("## ")
        .find(|part| part.starts_with("Attacks"))
        .unwrap();
    let rows = attacks
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split(" |").next());
    let rows: BTreeSet<&str> = rows
        .flat_map(|ids| ids.split(", "))
        .filter(|id| *id != "attack")
        .collect();
    assert_eq!(rows, BTreeSet::from(ATTACKS), "each attack has its row");
}
